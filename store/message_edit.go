package store

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plaza/store/database"
)

// Edit is a new text for a message.
type Edit struct {
	Room   int64
	Seq    int64
	Author int64
	Number int // the number of the text that it replaces
	Source string
	Rendered
}

// EditMessage replaces the text of a message that the author wrote. It keeps the earlier text. If the source is the
// same, nothing changes. Users are notified of a mention if no earlier text mentions them. The kind is NotFound if
// the author may not read the room or if there is no such message, Forbidden if another user wrote it, Invalid if the
// text breaks a rule or the author may not write in the room, and Conflict if the message was deleted or its text was
// replaced meanwhile.
func (s *Store) EditMessage(ctx context.Context, e Edit) (Changed, error) {
	if err := CheckText(e.Source); err != nil {
		return Changed{}, err
	}
	message, err := s.editable(ctx, e)
	if err != nil || message.Source == e.Source {
		return Changed{Message: message}, err
	}
	earlier, err := s.mentionedEarlier(ctx, message)
	if err != nil {
		return Changed{}, err
	}
	at := now()
	return s.changeMessage(ctx, messageChange{
		room: e.Room, seq: e.Seq, user: e.Author, at: at,
		mentioned: slices.DeleteFunc(slices.Clone(e.Mentions), func(name string) bool { return slices.Contains(earlier, name) }),
		allowed:   `m.author_id = $3 AND NOT ` + isDeleted + ` AND m.edits = $4 AND ` + writableBy("m.author_id"),
		limits:    []any{e.Number},
		before:    []*database.Statement{{Query: keepText, Arguments: []any{e.Room, e.Seq}}},
		set:       `edits = m.edits + 1, edited_at = $4, source = $5, html = $6, text = $7, mentions = $8, renderer = $9`,
		values:    []any{at.UnixMilli(), e.Source, e.HTML, e.Text, e.mentionsColumn(), e.Renderer},
		refusal:   func(ctx context.Context) error { _, err := s.editable(ctx, e); return err },
	})
}

// keepText keeps the text of a message that an edit replaces.
const keepText = `INSERT INTO earlier_texts (message_id, number, source, mentions, saved_at)
	SELECT m.id, m.edits, m.source, m.mentions, CASE WHEN m.edits > 0 THEN m.edited_at ELSE m.posted_at END
	FROM messages m WHERE m.room_id = $1 AND m.seq = $2`

// editable returns the message that an edit changes, or the reason why its author may not do so.
func (s *Store) editable(ctx context.Context, e Edit) (Message, error) {
	room, message, err := s.ownMessage(ctx, e.Author, e.Room, e.Seq)
	switch {
	case err != nil:
	case message.Deleted:
		err = errMessageDeleted
	case !room.Access.Write:
		err = room.closedError()
	case message.Edits != e.Number:
		err = &Error{Kind: Conflict, Code: CodeMessageEdited}
	}
	return message, err
}

// mentionedEarlier returns the usernames that a message or its earlier texts mention.
func (s *Store) mentionedEarlier(ctx context.Context, m Message) ([]string, error) {
	names := strings.Fields(m.Mentions)
	if m.Edits == 0 {
		return names, nil
	}
	err := s.each(ctx, func(row database.Row) error {
		var mentions string
		err := row.Scan(&mentions)
		names = append(names, strings.Fields(mentions)...)
		return err
	}, `SELECT t.mentions FROM earlier_texts t JOIN messages m ON m.id = t.message_id
		WHERE m.room_id = $1 AND m.seq = $2`, m.Room, m.Seq)
	return names, err
}

// CheckText returns an Invalid error if a message's source breaks a rule. It is cheap, so call it before rendering.
func CheckText(source string) error {
	if strings.TrimFunc(source, isBlank) == "" {
		return InvalidField("body", CodeMessageEmpty)
	}
	return checkCharacters(source)
}

// checkCharacters returns an Invalid error if a text is too long, or if databases cannot store it.
func checkCharacters(text string) error {
	switch {
	case !utf8.ValidString(text):
		return InvalidField("body", CodeMessageEncoding)
	case strings.ContainsRune(text, 0):
		return InvalidField("body", CodeMessageCharacters)
	case utf8.RuneCountInString(text) > MaxMessageLength:
		return InvalidField("body", CodeMessageLong)
	}
	return nil
}

// EarlierText is a text that a message had before it was edited.
type EarlierText struct {
	Number  int // 0 is the text as posted
	Source  string
	SavedAt time.Time
}

// EarlierTexts returns the texts that a message had, oldest first. Its author and owners of the site may read them. The
// kind is NotFound if the viewer may not read the room or the message is gone, and Forbidden if it is another user's.
func (s *Store) EarlierTexts(ctx context.Context, viewer User, room, seq int64) (Room, Message, []EarlierText, error) {
	found, message, err := s.Message(ctx, viewer.ID, room, seq)
	switch {
	case err != nil:
	case message.Author.ID != viewer.ID && viewer.Role != Owner:
		err = errOfAnother
	case message.Deleted:
		err = errNoMessage
	}
	if err != nil {
		return Room{}, Message{}, nil, err
	}
	var texts []EarlierText
	err = s.each(ctx, func(row database.Row) error {
		var text EarlierText
		var at int64
		err := row.Scan(&text.Number, &text.Source, &at)
		text.SavedAt = time.UnixMilli(at).UTC()
		texts = append(texts, text)
		return err
	}, `SELECT t.number, t.source, t.saved_at FROM earlier_texts t JOIN messages m ON m.id = t.message_id
		WHERE m.room_id = $1 AND m.seq = $2 AND NOT `+isDeleted+` ORDER BY t.number`, room, seq)
	return found, message, texts, err
}
