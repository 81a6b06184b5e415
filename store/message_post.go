package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NewMessage is what is posted.
type NewMessage struct {
	Room   int64
	Author Person
	Nonce  string // made by the client; a repeat makes no second message
	Source string
	Rendered
	Announced *Announcement // nil: the post was not announced
}

// CheckMessage returns an Invalid error where a message's source or nonce breaks a rule.
// It costs little, and so comes before rendering.
func CheckMessage(source, nonce string) error {
	switch {
	case !utf8.ValidString(source):
		return invalid("body", "The message is not valid text (UTF-8). Please type it again.")
	case strings.ContainsRune(source, 0):
		return invalid("body", "The message has a character in it that cannot be shown. Please remove it.")
	case strings.TrimFunc(source, isBlank) == "":
		return invalid("body", "There is nothing in the message yet: write something first.")
	case utf8.RuneCountInString(source) > MaxMessageLength:
		return invalid("body", "A message has at most 4,000 characters: please make it shorter, or two.")
	case nonce == "" || len(nonce) > 64 || !utf8.ValidString(nonce) || strings.ContainsFunc(nonce, unicode.IsControl):
		return invalid("nonce", "The message came without its number (nonce). Please reload the page and send it again.")
	}
	return nil
}

// isBlank tells characters that leave nothing to see: white space and format controls.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// Posted is a message that was posted, and the people for whom something else waits by that; nobody
// where it was posted before.
type Posted struct {
	Message
	Last         int64 // the room's version after the commit; 0 if it was posted before
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
	post := &pendingPost{asked: n, message: n.now()}
	c := &change{
		room: n.Room, author: n.Author.ID, at: post.message.PostedAt, post: post, write: post.write,
		refusal: func(ctx context.Context) error { return s.mayPost(ctx, n) },
	}
	if err := s.commit(ctx, c); err != nil {
		return Posted{}, err
	}
	if post.first != nil {
		if post.first.Room != n.Room || post.first.Source != n.Source {
			return Posted{}, errRepeatedNonce
		}
		return Posted{Message: *post.first}, nil
	}
	post.message.Seq, post.message.Version = c.version, c.version
	return Posted{post.message, c.last, post.inboxChanged}, nil
}

var (
	errClosing       = &Error{Kind: Unavailable, Message: "The site is restarting. Please try again in a moment."}
	errChanged       = &Error{Kind: Unavailable, Message: "This conversation changed just now. Please send the message again."}
	errRepeatedNonce = &Error{Kind: Conflict, Message: "This message was sent before with another text; the first one stands. Please send the new text as a new message."}
)
