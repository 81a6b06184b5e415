package store

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"plaza/store/database"
)

// NewMessage is what is posted.
type NewMessage struct {
	Room   int64
	Author Person
	Nonce  string // made by the client; a repeat makes no second message
	Source string
	Rendered
}

// CheckMessage returns an Invalid error where a message's source or nonce breaks a rule.
// It costs little, and so comes before rendering.
func CheckMessage(source, nonce string) error {
	switch {
	case !utf8.ValidString(source):
		return InvalidField("body", CodeMessageEncoding)
	case strings.ContainsRune(source, 0):
		return InvalidField("body", CodeMessageCharacters)
	case strings.TrimFunc(source, isBlank) == "":
		return InvalidField("body", CodeMessageEmpty)
	case utf8.RuneCountInString(source) > MaxMessageLength:
		return InvalidField("body", CodeMessageLong)
	case nonce == "" || len(nonce) > 64 || !utf8.ValidString(nonce) || strings.ContainsFunc(nonce, unicode.IsControl):
		return InvalidField("nonce", CodeMessageNonce)
	}
	return nil
}

// isBlank tells characters that leave nothing to see: white space and format controls.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// pendingPost is a post that waits for its commit.
type pendingPost struct {
	asked        NewMessage
	message      Message // what came of it
	inboxChanged []int64
	err          error
	done         chan struct{}
}

// readRecipient notes somebody whom the post concerns.
func (p *pendingPost) readRecipient(row database.Row) error {
	var person int64
	err := row.Scan(&person)
	if err == nil && !slices.Contains(p.inboxChanged, person) {
		p.inboxChanged = append(p.inboxChanged, person)
	}
	return err
}

// Posted is a message that was posted, and the people for whom something else waits by that; nobody
// where it was posted before.
type Posted struct {
	Message
	InboxChanged []int64
}

// Post adds a message to its room and returns it once it is on disk. A repeated nonce of
// the same author returns the first message, and makes no second; with another text it is
// a Conflict. NotFound where there is no such room, or where the author's account was deleted.
//
// Posts that wait at the same time share one commit. Once taken up, a post is finished
// even where ctx ends: the caller then does not learn how, and may repeat it.
func (s *Store) Post(ctx context.Context, n NewMessage) (Posted, error) {
	if err := CheckMessage(n.Source, n.Nonce); err != nil {
		return Posted{}, err
	}
	post := &pendingPost{asked: n, done: make(chan struct{})}
	select {
	case s.posts <- post:
	case <-s.closing:
		return Posted{}, errClosing
	case <-ctx.Done():
		return Posted{}, ctx.Err()
	}
	select {
	case <-post.done:
	case <-s.written:
		select {
		case <-post.done:
		default: // it came too late to be taken up
			return Posted{}, errClosing
		}
	case <-ctx.Done():
		return Posted{}, ctx.Err()
	}
	if post.err == nil && (post.message.Room != n.Room || post.message.Source != n.Source) {
		return Posted{}, errRepeatedNonce
	}
	return Posted{post.message, post.inboxChanged}, post.err
}

var (
	errClosing       = &Error{Kind: Unavailable, Code: CodeRestarting}
	errChanged       = &Error{Kind: Unavailable, Code: CodeMessageRefused}
	errRepeatedNonce = &Error{Kind: Conflict, Code: CodeMessageRepeat}
)
