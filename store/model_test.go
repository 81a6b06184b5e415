package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"plaza/store"
	"plaza/store/storetest"
)

// plan is a set of concurrent actions on the public chat. Each author, and the editor, does one
// action after the other.
type plan struct {
	Authors [][]attempt
	Edits   []edit
}

// attempt is a post, which may repeat an earlier one.
type attempt struct {
	Nonce   int
	Text    int
	Nowhere bool // the room does not exist
	Cancel  cancel
}

type cancel int

const (
	never cancel = iota
	before
	meanwhile
)

// edit is what the author of a message does with it, or how someone reacts to it.
type edit struct {
	Which int
	What  editKind
	Who   int // reacts
}

type editKind int

const (
	newText editKind = iota
	sameText
	deletion
	restoration
	reaction
	removal
)

func drawAttempt(t *rapid.T) attempt {
	return attempt{
		Nonce:   rapid.IntRange(0, 8).Draw(t, "nonce"),
		Text:    rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "text"),
		Nowhere: rapid.SampledFrom([]bool{false, false, false, false, true}).Draw(t, "nowhere"),
		Cancel:  rapid.SampledFrom([]cancel{never, never, never, before, meanwhile}).Draw(t, "cancel"),
	}
}

func drawEdit(t *rapid.T) edit {
	return edit{
		Which: rapid.IntRange(0, 9).Draw(t, "which"),
		Who:   rapid.IntRange(0, 3).Draw(t, "who"),
		What:  rapid.SampledFrom([]editKind{newText, sameText, deletion, restoration, reaction, removal}).Draw(t, "what"),
	}
}

func drawPlan(t *rapid.T) plan {
	return plan{
		Authors: rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawAttempt), 0, 8), 1, 4).Draw(t, "authors"),
		Edits:   rapid.SliceOfN(rapid.Custom(drawEdit), 0, 8).Draw(t, "edits"),
	}
}

// outcome is the result of an attempt, with its times on one clock for all.
type outcome struct {
	attempt
	first        bool // the author had not posted it before
	began, ended int64
	message      store.Message
	err          error
}

// change is the message before an edit and after it.
type change struct{ before, after store.Message }

// stage is a store on which plans run one after the other.
type stage struct {
	store   *store.Store
	authors []store.User
	another *sql.DB
	clock   atomic.Int64
}

func TestPostsKeepToTheModel(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := &stage{store: storetest.MustOpenAt(t, address), another: storetest.Beside(t, address)}
	for i := range 4 {
		author := storetest.MustUser(t, s.store, fmt.Sprint("author", i))
		s.authors = append(s.authors, store.User{Person: store.Person{ID: author.ID, Username: author.Username}}) // all that messages show
	}
	rapid.Check(t, func(t *rapid.T) {
		s.clear(t)
		p := drawPlan(t)
		outcomes, changes, copied := s.play(t, p)
		l := s.log(t, changes)
		for i, outcomes := range outcomes {
			l.explains(t, s.authors[i], outcomes)
		}
		l.keepsTime(t, slices.Concat(outcomes...))
		l.groups(t)
		s.reads(t, l)
		if diff := l.differs(copied); diff != "" {
			t.Fatalf("a reader who followed the room: %s", diff)
		}
	})
}

// clear resets the public chat to that of a new site.
func (s *stage) clear(t *rapid.T) {
	for _, statement := range []string{
		`DELETE FROM earlier_texts`,
		`DELETE FROM reactions`,
		`DELETE FROM reaction_kinds`,
		`DELETE FROM messages`,
		`UPDATE rooms SET version = 0, last_author_id = 0, last_posted_at = 0`,
	} {
		if _, err := s.another.ExecContext(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// play runs a plan. It returns the outcomes, and the room as a reader sees it who follows it during
// the plan.
func (s *stage) play(t *rapid.T, p plan) ([][]outcome, []change, map[int64]store.Message) {
	outcomes := make([][]outcome, len(p.Authors))
	var changes []change
	var playing, following sync.WaitGroup
	for i, attempts := range p.Authors {
		playing.Go(func() {
			for _, a := range attempts {
				o := s.attempt(s.authors[i], a)
				o.first = !slices.ContainsFunc(outcomes[i], func(e outcome) bool { return e.Nonce == a.Nonce && !e.Nowhere })
				outcomes[i] = append(outcomes[i], o)
			}
		})
	}
	playing.Go(func() {
		for _, e := range p.Edits {
			c, changed, err := s.edit(e)
			if err != nil {
				t.Errorf("edit: %v", err)
			}
			if changed {
				changes = append(changes, c)
			}
		}
	})
	over := make(chan struct{})
	copied, cursor := map[int64]store.Message{}, int64(0)
	following.Go(func() {
		for last := false; !last; {
			select {
			case <-over:
				last = true // after all actions
			default:
			}
			newest, err := s.store.NewestMessages(context.Background(), store.PublicRoom, 5)
			if err != nil {
				t.Errorf("follow the room: %v", err)
			}
			for _, m := range newest.Messages {
				if m.Version > newest.Version {
					t.Errorf("the newest page, of version %d, has %+v", newest.Version, m)
				}
			}
			changed, err := s.store.Changes(context.Background(), store.PublicRoom, cursor, newest.Version)
			if err != nil {
				t.Errorf("follow the room: %v", err)
			}
			for _, m := range changed {
				copied[m.Seq] = m
			}
			cursor = newest.Version
		}
	})
	playing.Wait()
	// A cancelled post may be committed later. This post comes after all of them.
	if o := s.attempt(s.authors[0], attempt{Nowhere: true}); store.KindOf(o.err) != store.NotFound {
		t.Errorf("a post to nowhere: %v", o.err)
	}
	close(over)
	following.Wait()
	return outcomes, changes, copied
}

func text(nonce, text int) string { return fmt.Sprintf("text %d of nonce %d", text, nonce) }

func (s *stage) attempt(author store.User, a attempt) outcome {
	n := storetest.New(author, text(a.Nonce, a.Text))
	n.Nonce = fmt.Sprint(a.Nonce)
	if a.Nowhere {
		n.Room = 99
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	switch a.Cancel {
	case before:
		stop()
	case meanwhile:
		go stop()
	case never:
	}
	o := outcome{attempt: a, began: s.clock.Add(1)}
	posted, err := s.store.Post(ctx, n)
	for a.Cancel == never && store.KindOf(err) == store.Unavailable { // on a busy machine; a page tries again too
		posted, err = s.store.Post(ctx, n)
	}
	o.message, o.err = posted.Message, err
	o.ended = s.clock.Add(1)
	return o
}

// edit changes a message as its author does. changed is false if nothing had to change, or if there is no message.
func (s *stage) edit(e edit) (c change, changed bool, err error) {
	ctx := context.Background()
	messages, err := s.store.Changes(ctx, store.PublicRoom, 0, math.MaxInt64)
	if err != nil || len(messages) == 0 {
		return c, false, err
	}
	slices.SortFunc(messages, func(a, b store.Message) int { return int(a.Seq - b.Seq) })
	c.before = messages[e.Which%len(messages)]
	author, seq := c.before.Author.ID, c.before.Seq
	var done store.Changed
	switch e.What {
	case deletion:
		done, err = s.store.DeleteMessage(ctx, author, store.PublicRoom, seq)
	case restoration:
		done, err = s.store.RestoreMessage(ctx, author, store.PublicRoom, seq)
	case reaction, removal:
		change := s.store.React
		if e.What == removal {
			change = s.store.RemoveReaction
		}
		done, err = change(ctx, s.authors[e.Who].ID, store.PublicRoom, seq, []string{"🎉", "👍"}[e.Which%2])
		if c.before.Deleted && store.KindOf(err) == store.Conflict {
			return c, false, nil
		}
	default:
		source := c.before.Source
		if e.What == newText {
			source += ", and more"
		}
		done, err = s.store.EditMessage(ctx, store.Edit{
			Room: store.PublicRoom, Seq: seq, Author: author, Number: c.before.Edits,
			Source: source, Rendered: store.Rendered{HTML: "<p>" + source + "</p>"},
		})
		if c.before.Deleted && store.KindOf(err) != store.Unavailable {
			if kind := store.KindOf(err); kind != store.Conflict && source != "" {
				return c, false, fmt.Errorf("an edit of a deleted message: %w", err)
			}
			return c, false, nil
		}
	}
	c.after = done.Message
	return c, done.At > 0, err
}

// log reads the room's messages, and computes the expected log with the edits.
func (s *stage) log(t *rapid.T, changes []change) *log {
	l := &log{states: map[int64][]store.Message{}}
	err := s.another.QueryRowContext(context.Background(), `SELECT version FROM rooms WHERE id = $1`,
		store.PublicRoom).Scan(&l.version)
	if err != nil {
		t.Fatal(err)
	}
	l.messages, err = s.store.Changes(context.Background(), store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(l.messages, func(a, b store.Message) int { return int(a.Seq - b.Seq) })
	for _, c := range changes {
		if l.states[c.before.Seq] == nil {
			l.states[c.before.Seq] = []store.Message{c.before}
		}
		l.states[c.before.Seq] = append(l.states[c.before.Seq], c.after)
	}
	taken, reactions := map[int64]bool{}, recount(t, s.another)
	for _, m := range l.messages {
		if !m.Deleted && m.Reactions != reactions[m.Seq] {
			t.Fatalf("message %d shows the reactions %q, and has %q", m.Seq, m.Reactions, reactions[m.Seq])
		}
		if l.states[m.Seq] == nil {
			l.states[m.Seq] = []store.Message{m}
		}
		states := l.states[m.Seq]
		if first := states[0]; first.Version != m.Seq || first.HTML != "<p>"+first.Source+"</p>" || first.Edits > 0 || first.Deleted || first.Reactions != "" {
			t.Fatalf("message %d was posted as %+v", m.Seq, first)
		}
		if last := states[len(states)-1]; m != last {
			t.Fatalf("message %d is %+v, want %+v", m.Seq, m, last)
		}
	}
	for _, state := range slices.Concat(slices.Collect(maps.Values(l.states))...) {
		if taken[state.Version] || state.Version < 1 || state.Version > l.version {
			t.Fatalf("version %d is taken twice, or past the room's %d", state.Version, l.version)
		}
		taken[state.Version] = true
	}
	if len(taken) != int(l.version) {
		t.Fatalf("the room is at version %d after %d changes", l.version, len(taken))
	}
	said := map[string]bool{}
	for _, m := range l.messages {
		key := fmt.Sprintf("%d %s", m.Author.ID, m.Nonce)
		if said[key] {
			t.Fatalf("%s posted twice under the nonce %s", m.Author.Username, m.Nonce)
		}
		said[key] = true
	}
	return l
}

// reads checks all reads of the room, from all positions.
func (s *stage) reads(t *rapid.T, l *log) {
	ctx := context.Background()
	limit := rapid.IntRange(1, 12).Draw(t, "limit")
	short := rapid.Int64Range(0, l.version).Draw(t, "short of the newest")
	for cursor := int64(-1); cursor <= l.version+2; cursor++ {
		for _, upTo := range []int64{l.version, l.version - short} {
			changed, err := s.store.Changes(ctx, store.PublicRoom, cursor, upTo)
			if err != nil || !slices.Equal(changed, l.after(cursor, upTo)) {
				t.Fatalf("changes after %d up to %d: %+v, %v", cursor, upTo, changed, err)
			}
		}
		page, older, err := s.store.MessagesBefore(ctx, store.PublicRoom, cursor, limit)
		if want, more := l.before(cursor, limit); err != nil || !slices.Equal(page, want) || older != more {
			t.Fatalf("%d messages before %d: %+v, older %t, %v", limit, cursor, page, older, err)
		}
	}
	s.counts(t, l, rapid.Int64Range(0, l.version+1).Draw(t, "read up to"))
	newest, err := s.store.NewestMessages(ctx, store.PublicRoom, limit)
	want, more := l.before(l.version+1, limit)
	if err != nil || newest.Version != l.version || !slices.Equal(newest.Messages, want) || newest.Older != more {
		t.Fatalf("the newest %d messages: %+v, %v", limit, newest, err)
	}
}

// counts checks what is unread for authors who have read up to a version.
func (s *stage) counts(t *rapid.T, l *log, readTo int64) {
	ctx := context.Background()
	if _, err := s.another.ExecContext(ctx, `UPDATE users SET public_read_to = $1`, readTo); err != nil {
		t.Fatal(err)
	}
	ids := make([]int64, len(s.authors))
	for i, author := range s.authors {
		ids[i] = author.ID
	}
	inboxes, err := s.store.Inboxes(ctx, ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, author := range s.authors {
		unread, leftAt := l.unread(author, readTo)
		room, err := s.store.RoomFor(ctx, author.ID, store.PublicRoom)
		if got := inboxes[author.ID].Public.Count; err != nil || got != unread || room.PublicLeftAt != leftAt {
			t.Fatalf("%s, who has read up to %d, has %d unread from %d on, want %d from %d on, %v",
				author.Username, readTo, got, room.PublicLeftAt, unread, leftAt, err)
		}
	}
}
