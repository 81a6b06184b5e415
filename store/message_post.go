package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"plaza/store/database"
)

// NewMessage is a message to post.
type NewMessage struct {
	Room    int64
	Author  int64
	Session TokenHash // the author's session, which must not have ended; zero if there is none
	ReplyTo int64     // the seq of the message that it answers; 0 if it answers none
	Nonce   string    // chosen by the client; posting it again adds no second message
	Source  string
	Rendered
	KeepsDraft bool          // the message was not the author's draft in the room
	Announced  *Announcement // nil if the post was not announced
}

// CheckMessage returns an Invalid error if a message's source or nonce breaks a rule. It is cheap,
// so call it before rendering.
func CheckMessage(source, nonce string) error {
	if err := CheckText(source); err != nil {
		return err
	}
	if nonce == "" || len(nonce) > 64 || !utf8.ValidString(nonce) || strings.ContainsFunc(nonce, unicode.IsControl) {
		return InvalidField("nonce", CodeMessageNonce)
	}
	return nil
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || isInvisible(r) }

// Posted is the result of Post.
type Posted struct {
	Message
	Last         int64 // the room's version after the commit; 0 if the post is a repeat
	InboxChanged []int64
}

// Post adds a message to its room, and returns when it is on disk. If the author posts the same
// nonce again, Post returns the first message and adds none; with a different text, the error's
// kind is Conflict. The kind is NotFound if the room does not exist for the author, or if the
// author's account was deleted. It is Invalid if the room has no message that the post could answer, and Conflict if
// that message was deleted. It is ErrSignedOut if the session has ended.
//
// Posts waiting at the same time share one commit. If ctx ends after the writer has taken the post,
// the post is still made, but the caller does not learn the result. The caller may post it again.
func (s *Store) Post(ctx context.Context, n NewMessage) (Posted, error) {
	if err := CheckMessage(n.Source, n.Nonce); err != nil {
		return Posted{}, err
	}
	post := &pendingPost{input: n, message: n.now()}
	c := &change{
		room: n.Room, author: n.Author, at: post.message.PostedAt, mentioned: n.Mentions, post: post,
		startsGroup: n.ReplyTo != 0,
		refusal:     func(ctx context.Context) error { return s.postRefusal(ctx, n) },
	}
	c.write = func(at place) []*database.Statement { return post.write(at, &c.recipients) }
	if err := s.commit(ctx, c); err != nil {
		return Posted{}, err
	}
	if post.first != nil {
		if post.first.Room != n.Room || !post.first.mayBe(n.Source) {
			return Posted{}, errRepeatedNonce
		}
		if !n.KeepsDraft {
			if err := s.deleteRepeatedDraft(ctx, n); err != nil {
				return Posted{}, err
			}
		}
		return Posted{Message: *post.first}, nil
	}
	post.message.Seq, post.message.Version, post.message.History = c.version, c.version, c.history
	if n.Session != (TokenHash{}) {
		s.recordUse(ctx, n.Session, n.Author, post.sessionUsed)
	}
	return Posted{post.message, c.last, c.recipients}, nil
}

// mayBe tells whether a message can be the post of a source. After an edit or a deletion, the text as posted is
// no longer in its row.
func (m Message) mayBe(source string) bool { return m.Source == source || m.Edits > 0 || m.Deleted }

var (
	errClosing       = &Error{Kind: Unavailable, Code: CodeRestarting}
	errChanged       = &Error{Kind: Unavailable, Code: CodeMessageRefused}
	errRepeatedNonce = &Error{Kind: Conflict, Code: CodeMessageRepeat}
)
