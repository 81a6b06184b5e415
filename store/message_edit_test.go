package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// edited returns an edit of a message to a text, with these mentions.
func edited(m store.Message, text string, mentions ...string) store.Edit {
	return store.Edit{
		Room: m.Room, Seq: m.Seq, Author: m.Author.ID, Number: m.Edits, Source: text,
		Rendered: store.Rendered{HTML: "<p>" + text + "</p>", Text: text, Mentions: mentions},
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	first := storetest.MustPost(t, s, ada, "a fig")
	storetest.MustPost(t, s, ada, "something else")
	changed, err := s.EditMessage(t.Context(), edited(first, "two figs"))
	if err != nil || changed.At != 3 || changed.Last != 3 {
		t.Fatalf("the edit is change %d of %d, %v", changed.At, changed.Last, err)
	}
	m := changed.Message
	if m.Source != "two figs" || m.HTML != "<p>two figs</p>" || m.Edits != 1 || m.EditedAt.Before(first.PostedAt) {
		t.Errorf("the message is %+v", m)
	}
	if m.Seq != first.Seq || m.Version != 3 || m.PostedAt != first.PostedAt || m.Continues != first.Continues || m.Nonce != first.Nonce {
		t.Errorf("the edit has moved the message: %+v", m)
	}
	again, err := s.EditMessage(t.Context(), edited(m, "two figs"))
	if err != nil || again.At != 0 || again.Message != m {
		t.Errorf("the same text makes change %d, %+v, %v", again.At, again.Message, err)
	}
	if _, err := s.EditMessage(t.Context(), edited(m, "three figs")); err != nil {
		t.Fatal(err)
	}
	_, _, texts, err := s.EarlierTexts(t.Context(), ada, m.Room, m.Seq)
	if err != nil || len(texts) != 2 || texts[0].Source != "a fig" || texts[1].Source != "two figs" ||
		texts[0].SavedAt != first.PostedAt || texts[1].SavedAt != m.EditedAt || texts[1].Number != 1 {
		t.Errorf("the earlier texts are %+v, %v", texts, err)
	}
	changes, err := s.Changes(t.Context(), store.PublicRoom, 0, 10)
	if err != nil || len(changes) != 2 || changes[1].Source != "three figs" || changes[1].Version != 4 {
		t.Errorf("a reader gets %+v, %v", changes, err)
	}
	// The next message of the same author continues the group of the newest, not of the edited message.
	if next := storetest.MustPost(t, s, ada, "and so on"); !next.Continues {
		t.Error("an edit ends a group")
	}
}

func TestWhoMayEdit(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	owner := storetest.MustUser(t, s, "olga")
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	public := storetest.MustPost(t, s, ada, "for all")
	room, err := s.OpenPrivateRoom(t.Context(), ada, bob)
	if err != nil {
		t.Fatal(err)
	}
	private := storetest.New(ada, "for bob")
	private.Room = room.ID
	posted, err := s.Post(t.Context(), private)
	if err != nil {
		t.Fatal(err)
	}
	by := func(m store.Message, user store.User, change func(*store.Edit)) store.Edit {
		e := edited(m, "changed")
		e.Author = user.ID
		if change != nil {
			change(&e)
		}
		return e
	}
	same := by(public, ada, nil)
	if _, err := s.EditMessage(t.Context(), same); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		edit store.Edit
		want store.Kind
	}{
		"another's":               {by(public, bob, nil), store.Forbidden},
		"another's in private":    {by(posted.Message, bob, nil), store.Forbidden},
		"a stranger's in private": {by(posted.Message, eve, nil), store.NotFound},
		"no message":              {by(public, ada, func(e *store.Edit) { e.Seq = 99 }), store.NotFound},
		"no room":                 {by(public, ada, func(e *store.Edit) { e.Room = 99 }), store.NotFound},
		"saved meanwhile":         {by(public, ada, func(e *store.Edit) { e.Source = "third" }), store.Conflict},
		"empty":                   {by(public, ada, func(e *store.Edit) { e.Source = " \n" }), store.Invalid},
		"long":                    {by(public, ada, func(e *store.Edit) { e.Source = strings.Repeat("x", store.MaxMessageLength+1) }), store.Invalid},
	} {
		if _, err := s.EditMessage(t.Context(), test.edit); store.KindOf(err) != test.want {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	for name, call := range map[string]func(user store.User, room, seq int64) error{
		"delete": func(u store.User, room, seq int64) error {
			_, err := s.DeleteMessage(t.Context(), u.ID, room, seq)
			return err
		},
		"restore": func(u store.User, room, seq int64) error {
			_, err := s.RestoreMessage(t.Context(), u.ID, room, seq)
			return err
		},
		"earlier": func(u store.User, room, seq int64) error {
			_, _, _, err := s.EarlierTexts(t.Context(), u, room, seq)
			return err
		},
	} {
		if err := call(bob, public.Room, public.Seq); store.KindOf(err) != store.Forbidden {
			t.Errorf("%s another's: %v", name, err)
		}
		if err := call(eve, room.ID, posted.Seq); store.KindOf(err) != store.NotFound {
			t.Errorf("%s a stranger's: %v", name, err)
		}
		if err := call(ada, public.Room, 99); store.KindOf(err) != store.NotFound {
			t.Errorf("%s nothing: %v", name, err)
		}
	}
	// An owner reads earlier texts, where owners may read at all, and changes nothing.
	if _, _, texts, err := s.EarlierTexts(t.Context(), owner, public.Room, public.Seq); err != nil || len(texts) != 1 {
		t.Errorf("an owner reads %+v, %v", texts, err)
	}
	if _, _, _, err := s.EarlierTexts(t.Context(), owner, room.ID, posted.Seq); store.KindOf(err) != store.NotFound {
		t.Errorf("an owner reads in private: %v", err)
	}
	if _, err := s.EditMessage(t.Context(), by(public, owner, func(e *store.Edit) { e.Number = 1 })); store.KindOf(err) != store.Forbidden {
		t.Errorf("an owner edits: %v", err)
	}
	if err := s.Block(t.Context(), bob, ada); err != nil {
		t.Fatal(err)
	}
	if _, err := s.EditMessage(t.Context(), by(posted.Message, ada, nil)); store.KindOf(err) != store.Invalid {
		t.Errorf("an edit in a closed room: %v", err)
	}
	if _, err := s.DeleteMessage(t.Context(), ada.ID, room.ID, posted.Seq); err != nil {
		t.Errorf("a deletion in a closed room: %v", err)
	}
}

// Those who read a message in the commit of an edit are not asked again: the condition is in the transaction.
func TestEditNeedsItsSession(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "a fig")
	ended := store.WithSession(t.Context(), store.Session{Hash: store.HashToken("no session's"), User: ada})
	if _, err := s.EditMessage(ended, edited(m, "changed")); !errors.Is(err, store.ErrSignedOut) {
		t.Errorf("an edit after the session: %v", err)
	}
	if _, err := s.DeleteMessage(ended, ada.ID, m.Room, m.Seq); !errors.Is(err, store.ErrSignedOut) {
		t.Errorf("a deletion after the session: %v", err)
	}
}

// TestEditsAtOnce has many pages of one author edit, delete and restore a message while others post. One edit of each
// text wins, and all versions are taken once.
func TestEditsAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	m := storetest.MustPost(t, s, ada, "first")
	var together sync.WaitGroup
	var mu sync.Mutex
	var at []int64
	note := func(changed store.Changed, err error) {
		if err != nil && store.KindOf(err) != store.Conflict {
			t.Errorf("%v", err)
		}
		mu.Lock()
		defer mu.Unlock()
		if err == nil && changed.At > 0 {
			at = append(at, changed.At)
		}
	}
	for i := range 20 {
		together.Go(func() { note(s.EditMessage(context.Background(), edited(m, fmt.Sprint("text ", i)))) })
		together.Go(func() { storetest.MustPost(t, s, bob, fmt.Sprint("message ", i)) })
		if i%4 == 0 {
			together.Go(func() { note(s.DeleteMessage(context.Background(), ada.ID, m.Room, m.Seq)) })
			together.Go(func() { note(s.RestoreMessage(context.Background(), ada.ID, m.Room, m.Seq)) })
		}
	}
	together.Wait()
	room, now, err := s.Message(t.Context(), ada.ID, m.Room, m.Seq)
	if err != nil || now.Edits > 1 || int(room.Version) != 21+len(at) {
		t.Errorf("%+v at version %d after %d changes, %v", now, room.Version, len(at), err)
	}
	slices.Sort(at)
	if len(slices.Compact(at)) != len(at) {
		t.Errorf("a version is taken twice: %v", at)
	}
}

// A page that sends a post again after a lost answer must not be told that its text differs.
func TestRepeatAfterAnEdit(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "a fig")
	if _, err := s.EditMessage(t.Context(), edited(m, "two figs")); err != nil {
		t.Fatal(err)
	}
	if again := storetest.MustPost(t, s, ada, "a fig"); again.Seq != m.Seq {
		t.Errorf("the repeat is message %d", again.Seq)
	}
	if _, err := s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq); err != nil {
		t.Fatal(err)
	}
	if again := storetest.MustPost(t, s, ada, "a fig"); again.Seq != m.Seq {
		t.Errorf("the repeat after the deletion is message %d", again.Seq)
	}
}

func TestEditsTellNewlyMentioned(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	n := storetest.New(ada, "@bob")
	n.Mentions = []string{"bob"}
	posted, err := s.Post(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	storetest.MustPost(t, s, ada, "later")
	told := func(user store.User) (seqs []int64, count int) {
		found, _, err := s.Notifications(t.Context(), user, store.NewestPoint(), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range found {
			seqs = append(seqs, n.Seq)
			count += n.Count
		}
		return seqs, count
	}
	m := posted.Message
	for _, names := range [][]string{{"bob", "mei"}, {}, {"bob", "mei"}} {
		changed, err := s.EditMessage(t.Context(), edited(m, fmt.Sprint(m.Edits, names), names...))
		if err != nil {
			t.Fatal(err)
		}
		if told := slices.Equal(changed.InboxChanged, []int64{mei.ID}); told != (m.Edits == 0) {
			t.Errorf("edit %d changes the inboxes of %v", m.Edits, changed.InboxChanged)
		}
		m = changed.Message
	}
	for _, user := range []store.User{bob, mei} {
		if seqs, count := told(user); count != 1 || seqs[0] != posted.Seq {
			t.Errorf("%s is told %d times, of %v", user.Username, count, seqs)
		}
	}
}

// Rendering again reads a text, and writes what it was rendered to later. An edit between the two stays.
func TestRenderAgainKeepsEdits(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "old")
	err := s.RenderAgain(t.Context(), 7, func(_ context.Context, source string) (store.Rendered, error) {
		if source == "old" {
			if _, err := s.EditMessage(t.Context(), edited(m, "new")); err != nil {
				t.Error(err)
			}
		}
		return store.Rendered{HTML: "<b>" + source + "</b>", Renderer: 7}, nil
	})
	if _, now, _ := s.Message(t.Context(), ada.ID, m.Room, m.Seq); err != nil || now.HTML != "<b>new</b>" {
		t.Errorf("the message is %q, %v", now.HTML, err)
	}
}
