package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"plaza/store"
)

// log is the expected content of a room.
type log struct {
	version  int64
	messages []store.Message           // in their final state, ordered by seq
	states   map[int64][]store.Message // all states of each message, oldest first
}

// by returns an author's message with a nonce.
func (l *log) by(author store.User, nonce int) (store.Message, bool) {
	for _, m := range l.messages {
		if m.Author.ID == author.ID && m.Nonce == fmt.Sprint(nonce) {
			return m, true
		}
	}
	return store.Message{}, false
}

// explains checks that the answers to an author match the room.
func (l *log) explains(t *rapid.T, author store.User, outcomes []outcome) {
	for i, o := range outcomes {
		m, found := l.by(author, o.Nonce)
		switch kind := store.KindOf(o.err); {
		case o.err == nil && !o.Nowhere:
			// After an edit the site takes another text for a repeat too.
			if !found || !l.was(m, o.message) || l.posted(m) != text(o.Nonce, o.Text) && o.message.Edits == 0 && !o.message.Deleted {
				t.Fatalf("%s got %+v at attempt %d, the room has %+v", author.Username, o.message, i, m)
			}
		case kind == store.NotFound && o.Nowhere:
		case kind == store.Conflict && !o.Nowhere:
			if !found || l.posted(m) == text(o.Nonce, o.Text) {
				t.Fatalf("%s got a conflict at attempt %d, the room has %+v", author.Username, i, m)
			}
		case errors.Is(o.err, context.Canceled) && o.Cancel != never:
		default:
			t.Fatalf("%s got %v at attempt %d: %+v", author.Username, o.err, i, o.attempt)
		}
	}
	// An author's messages are in the order of their first attempts. A cancelled post may be
	// missing.
	next := 0
	for _, m := range l.messages {
		if m.Author.ID != author.ID {
			continue
		}
		for ; next < len(outcomes); next++ {
			if o := outcomes[next]; !o.Nowhere && fmt.Sprint(o.Nonce) == m.Nonce && text(o.Nonce, o.Text) == l.posted(m) {
				break
			}
		}
		if next == len(outcomes) {
			t.Fatalf("%s did not post message %d, or not after those before it: %+v", author.Username, m.Seq, m)
		}
		next++
	}
}

// was tells whether a message had this state at some version.
func (l *log) was(now, then store.Message) bool { return slices.Contains(l.states[now.Seq], then) }

// posted returns the source of a message as its author posted it.
func (l *log) posted(m store.Message) string { return l.states[m.Seq][0].Source }

// keepsTime checks that a message confirmed before another post began comes before it.
func (l *log) keepsTime(t *rapid.T, outcomes []outcome) {
	for _, earlier := range outcomes {
		for _, later := range outcomes {
			if earlier.err == nil && later.err == nil && later.first &&
				earlier.ended < later.began && earlier.message.Seq >= later.message.Seq {
				t.Fatalf("message %d was confirmed before %d was posted", earlier.message.Seq, later.message.Seq)
			}
		}
	}
}

// groups checks which messages continue a group.
func (l *log) groups(t *rapid.T) {
	var began time.Time // of the group
	size := 0
	for i, m := range l.messages {
		want := false
		if i > 0 {
			last := l.messages[i-1]
			gap := m.PostedAt.Sub(last.PostedAt)
			want = last.Author.ID == m.Author.ID && gap >= 0 && m.PostedAt.Sub(began) <= store.GroupWindow &&
				size < store.MaxGroup && last.PostedAt.Truncate(24*time.Hour).Equal(m.PostedAt.Truncate(24*time.Hour))
		}
		if m.Continues != want {
			t.Fatalf("message %d continues the one before: %t", m.Seq, m.Continues)
		}
		if !want {
			began, size = m.PostedAt, 0
		}
		size++
	}
}

// after returns the final state of the messages that changed after a version and up to another.
func (l *log) after(after, upTo int64) []store.Message {
	var changed []store.Message
	for _, m := range l.messages {
		if m.Version > after && m.Version <= upTo {
			changed = append(changed, m)
		}
	}
	slices.SortFunc(changed, func(a, b store.Message) int { return int(a.Version - b.Version) })
	return changed
}

// before returns a page of the messages before a seq, and whether there are more.
func (l *log) before(seq int64, limit int) ([]store.Message, bool) {
	end := 0
	for end < len(l.messages) && l.messages[end].Seq < seq {
		end++
	}
	begin := max(0, end-limit)
	return l.messages[begin:end], begin > 0
}

// unread returns how many messages of others a reader has after a version, and the seq of the first.
func (l *log) unread(reader store.User, readTo int64) (count int, first int64) {
	for _, m := range l.messages {
		if m.Seq <= readTo || m.Author.ID == reader.ID {
			continue
		}
		if count++; count == 1 {
			first = m.Seq
		}
	}
	return count, first
}

// differs says how a copy of the room differs from the room.
func (l *log) differs(copied map[int64]store.Message) string {
	if len(copied) != len(l.messages) {
		return fmt.Sprintf("it has %d messages of %d", len(copied), len(l.messages))
	}
	for _, m := range l.messages {
		if copied[m.Seq] != m {
			return fmt.Sprintf("it has %+v for %+v", copied[m.Seq], m)
		}
	}
	return ""
}
