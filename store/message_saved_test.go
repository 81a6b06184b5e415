package store_test

import (
	"fmt"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// saved returns the sources of the messages that a user has saved, the latest saved first.
func saved(t *testing.T, s *store.Store, user store.User) (sources []string) {
	t.Helper()
	found, _, err := s.SavedMessages(t.Context(), user, store.NewestPoint(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range found {
		sources = append(sources, m.Message.Source)
	}
	return sources
}

func TestSavedMessages(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	bob, ada := storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "ada")
	fig, date := storetest.MustPost(t, s, bob, "a fig"), storetest.MustPost(t, s, bob, "a date")
	for _, m := range []store.Message{fig, date, fig} {
		if err := s.SaveMessage(t.Context(), ada, m.Room, m.Seq); err != nil {
			t.Fatal(err)
		}
	}
	if got := saved(t, s, ada); len(got) != 2 {
		t.Errorf("ada has saved %q", got)
	}
	if got := saved(t, s, bob); len(got) != 0 {
		t.Errorf("bob has saved %q", got)
	}
	// The list shows a message as it is now.
	if _, err := s.EditMessage(t.Context(), edited(fig, "two figs")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteMessage(t.Context(), bob.ID, date.Room, date.Seq); err != nil {
		t.Fatal(err)
	}
	for _, text := range saved(t, s, ada) {
		if text != "two figs" && text != "" {
			t.Errorf("the list shows %q", text)
		}
	}
	for range 2 {
		if err := s.UnsaveMessage(t.Context(), ada, date.Room, date.Seq); err != nil {
			t.Fatal(err)
		}
	}
	if got := saved(t, s, ada); len(got) != 1 {
		t.Errorf("after the removal, ada has saved %q", got)
	}
	for _, seq := range []int64{0, 99} {
		if err := s.SaveMessage(t.Context(), ada, store.PublicRoom, seq); store.KindOf(err) != store.NotFound {
			t.Errorf("message %d: %v", seq, err)
		}
	}
	if _, err := s.DeleteAccount(t.Context(), ada, false); err != nil {
		t.Fatal(err)
	}
	if got := saved(t, s, ada); len(got) != 0 {
		t.Errorf("a deleted account has saved %q", got)
	}
}

// A list shows nothing of a room that the viewer may not read, or may no longer read.
func TestSavedMessagesOfOthersRooms(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	group, err := s.CreateGroup(t.Context(), ada, "figs", []string{"bob"})
	if err != nil {
		t.Fatal(err)
	}
	n := storetest.New(ada, "a secret")
	n.Room = group.ID
	posted, err := s.Post(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveMessage(t.Context(), eve, group.ID, posted.Seq); store.KindOf(err) != store.NotFound {
		t.Errorf("a stranger saves it: %v", err)
	}
	if err := s.SaveMessage(t.Context(), bob, group.ID, posted.Seq); err != nil {
		t.Fatal(err)
	}
	if got := saved(t, s, bob); len(got) != 1 {
		t.Errorf("bob has saved %q", got)
	}
	if _, err := s.LeaveGroup(t.Context(), bob, group.ID); err != nil {
		t.Fatal(err)
	}
	if got := saved(t, s, bob); len(got) != 0 {
		t.Errorf("after he left, bob has saved %q", got)
	}
	if err := s.UnsaveMessage(t.Context(), bob, group.ID, posted.Seq); err != nil {
		t.Errorf("removing it after he left: %v", err)
	}
}

// A list is bounded, and paged by the time of saving.
func TestSavedMessagesAreBounded(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	for i := range 7 {
		m := storetest.MustPost(t, s, ada, fmt.Sprint("message ", i))
		if err := s.SaveMessage(t.Context(), ada, m.Room, m.Seq); err != nil {
			t.Fatal(err)
		}
	}
	seen, after := map[int64]bool{}, store.NewestPoint()
	for more := true; more; {
		var page []store.SavedMessage
		var err error
		if page, more, err = s.SavedMessages(t.Context(), ada, after, 3); err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			if seen[m.ID] {
				t.Errorf("message %d is on two pages", m.Message.Seq)
			}
			seen[m.ID] = true
			after = m.Point()
		}
	}
	if len(seen) != 7 {
		t.Errorf("the pages have %d messages, want 7", len(seen))
	}
	last := storetest.MustPost(t, s, ada, "one too many")
	execute(t, address, `INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		SELECT 1, 100 + i, 100 + i, $2, 'nonce ' || i, '', '', '', '', 0, FALSE, 0 FROM n`, store.MaxSaved-7, ada.ID)
	execute(t, address, `INSERT INTO saved_messages (user_id, message_id, saved_at) SELECT $1, id, 1 FROM messages WHERE seq > 100`, ada.ID)
	if err := s.SaveMessage(t.Context(), ada, last.Room, last.Seq); store.KindOf(err) != store.Invalid {
		t.Errorf("a message more than the list holds: %v", err)
	}
	if err := s.SaveMessage(t.Context(), ada, last.Room, 1); err != nil {
		t.Errorf("a message that is in the full list: %v", err)
	}
}
