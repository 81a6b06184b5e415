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
		refusal: func(ctx context.Context) error { return s.postRefusal(ctx, n) },
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
	errClosing       = &Error{Kind: Unavailable, Code: CodeRestarting}
	errChanged       = &Error{Kind: Unavailable, Code: CodeMessageRefused}
	errRepeatedNonce = &Error{Kind: Conflict, Code: CodeMessageRepeat}
)
