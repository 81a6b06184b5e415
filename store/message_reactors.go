package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"plaza/store/database"
)

// ReactionsShown are the reactions to a message, with people.
type ReactionsShown struct {
	Room    Room
	Message Message
	People  map[int64]Person // the users who are the Newest of the reactions; those of a deleted account go soon
	Own     []string         // the emoji with which the viewer reacted
}

// Reactions returns the reactions to a message. The kind is NotFound if the viewer may not read the room or if there is
// no such message, and Conflict if it was deleted.
func (s *Store) Reactions(ctx context.Context, viewer User, room, seq int64) (ReactionsShown, error) {
	found, message, err := s.Message(ctx, viewer.ID, room, seq)
	if err == nil && message.Deleted {
		err = errMessageDeleted
	}
	shown := ReactionsShown{Room: found, Message: message, People: map[int64]Person{}}
	if err != nil || message.Reactions == "" {
		return shown, err
	}
	var ids []int64
	for reaction := range message.Reactions.All() {
		ids = append(ids, reaction.newest()...)
	}
	in := database.Arguments(unique(ids))
	people, err := s.people(ctx, `SELECT `+personColumns+` FROM users u WHERE u.deleted_at = 0 AND u.id IN (`+database.Placeholders(len(in))+`)`, in...)
	if err != nil {
		return shown, err
	}
	for _, person := range people {
		shown.People[person.ID] = person
	}
	own, err := s.OwnReactions(ctx, viewer, room, seq)
	shown.Own = own[seq]
	return shown, err
}

// newest returns the ids in Newest.
func (r Reaction) newest() []int64 {
	var ids []int64
	for word := range strings.FieldsSeq(r.Newest) {
		if id, err := strconv.ParseInt(word, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// Newest returns the people with a reaction who are named, the latest first.
func (r ReactionsShown) Newest(reaction Reaction) []Person {
	var people []Person
	for _, id := range reaction.newest() {
		if person, ok := r.People[id]; ok {
			people = append(people, person)
		}
	}
	return people
}

// IsOwn tells whether the viewer reacted with an emoji.
func (r ReactionsShown) IsOwn(emoji string) bool { return slices.Contains(r.Own, emoji) }

// Reactor is a user who reacted to a message.
type Reactor struct {
	Person
	At time.Time
}

// Point returns the position of a user in the list.
func (r Reactor) Point() Point { return Point{r.At, r.ID} }

// Reactors returns up to limit of the users who reacted to a message with an emoji, after a point, the latest first,
// and whether there are more. There are none if the message was deleted. The caller must know that the viewer may read it.
func (s *Store) Reactors(ctx context.Context, message Message, emoji string, after Point, limit int) (found []Reactor, more bool, err error) {
	err = s.each(ctx, func(row database.Row) error {
		var at int64
		person, err := scanPerson(row, &at)
		found = append(found, Reactor{person, time.UnixMilli(at).UTC()})
		return err
	}, `SELECT `+personColumns+`, a.at FROM messages m JOIN reactions a ON a.message_id = m.id JOIN users u ON u.id = a.user_id
		WHERE m.room_id = $1 AND m.seq = $2 AND NOT `+isDeleted+` AND u.deleted_at = 0 AND a.emoji = $3 AND (a.at, a.user_id) < ($4, $5)
		ORDER BY a.at DESC, a.user_id DESC LIMIT $6`,
		message.Room, message.Seq, emoji, after.At.UnixMilli(), after.ID, limit+1)
	return found[:min(limit, len(found))], len(found) > limit, err
}

// OwnReactions returns the emoji with which a viewer reacted to messages of a room, by their seqs. There must be at least
// one. The kind is NotFound if the viewer may not read the room.
func (s *Store) OwnReactions(ctx context.Context, viewer User, room int64, seqs ...int64) (map[int64][]string, error) {
	if _, err := s.RoomFor(ctx, viewer.ID, room); err != nil {
		return nil, err
	}
	own := map[int64][]string{}
	in := database.Arguments(seqs)
	placeholders := strings.TrimPrefix(database.Placeholders(2+len(in)), "$1, $2, ")
	err := s.each(ctx, func(row database.Row) error {
		var seq int64
		var emoji string
		err := row.Scan(&seq, &emoji)
		own[seq] = append(own[seq], emoji)
		return err
	}, `SELECT m.seq, a.emoji FROM messages m JOIN reactions a ON a.user_id = $1 AND a.message_id = m.id
		WHERE m.room_id = $2 AND m.seq IN (`+placeholders+`) AND NOT `+isDeleted+` ORDER BY m.seq, a.at`,
		slices.Concat([]any{viewer.ID, room}, in)...)
	return own, err
}

// OwnReaction is a reaction in its user's export.
type OwnReaction struct {
	MessageID int64
	Room      RoomSummary
	To        Person // the author of the message
	Emoji     string
	At        time.Time
}

// ReactionsBy returns the reactions of a user to up to limit messages, after the message with the id after. Its cost does
// not grow with the number of earlier ones.
func (s *Store) ReactionsBy(ctx context.Context, user User, after int64, limit int) ([]OwnReaction, error) {
	var reactions []OwnReaction
	err := s.each(ctx, func(row database.Row) error {
		var r OwnReaction
		var at int64
		columns := append([]any{&r.MessageID, &r.Emoji, &at, &r.Room.ID, &r.Room.Kind, &r.Room.Name, &r.Room.Notebook}, r.Room.Other.columns()...)
		err := row.Scan(append(columns, r.To.columns()...)...)
		r.At = time.UnixMilli(at).UTC()
		reactions = append(reactions, r)
		return err
	}, `SELECT a.message_id, a.emoji, a.at, r.id, r.kind, r.name, coalesce(r.low_id = r.high_id, FALSE),
			`+personColumnsIfAny("other")+`, `+personColumnsOf("author")+`
		FROM (SELECT DISTINCT message_id FROM reactions WHERE user_id = $1 AND message_id > $2 ORDER BY message_id LIMIT $3) AS picked
			JOIN reactions a ON a.user_id = $1 AND a.message_id = picked.message_id
			JOIN messages m ON m.id = a.message_id JOIN rooms r ON r.id = m.room_id JOIN users author ON author.id = m.author_id
			LEFT JOIN users other ON r.kind = 'pair' AND other.id = r.low_id + r.high_id - a.user_id
		ORDER BY a.message_id, a.at`, user.ID, after, limit)
	return reactions, err
}
