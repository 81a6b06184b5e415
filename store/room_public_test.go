package store_test

import (
	"fmt"
	"slices"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// mustInbox returns a user's inbox, which must be the same by the user's session.
func mustInbox(t *testing.T, s *store.Store, user store.User) store.Inbox {
	t.Helper()
	inboxes, err := s.Inboxes(t.Context(), []int64{user.ID})
	mustDo(t, err)
	proven, err := s.Authenticate(t.Context(), user.Username, storetest.Password)
	mustDo(t, err)
	token, err := s.CreateSession(t.Context(), proven, "a browser", "a browser's token")
	mustDo(t, err)
	session, err := s.SessionByToken(t.Context(), token)
	if mustDo(t, err); session.Inbox.Public != inboxes[user.ID].Public || session.Inbox.Mark() != inboxes[user.ID].Mark() {
		t.Errorf("the session has %+v of the public chat, the inbox %+v", session.Inbox.Public, inboxes[user.ID].Public)
	}
	return inboxes[user.ID]
}

func TestPublicUnread(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	for i := range 3 {
		storetest.MustPost(t, s, ada, fmt.Sprint("before eve ", i))
	}
	eve := storetest.MustUser(t, s, "eve")
	mustDo(t, s.Block(t.Context(), eve, bob))
	expect := func(who store.User, count int, readTo, leftAt int64) {
		t.Helper()
		inbox := mustInbox(t, s, who)
		room, err := s.RoomFor(t.Context(), who.ID, store.PublicRoom)
		mustDo(t, err)
		if want := (store.PublicUnread{Count: count, ReadTo: readTo, Newest: room.Version}); inbox.Public != want ||
			room.ReadTo != readTo || room.PublicLeftAt != leftAt {
			t.Errorf("%s has %+v, and the room %d and %d, want %+v, %d", who.Username, inbox.Public, room.ReadTo, room.PublicLeftAt, want, leftAt)
		}
	}
	read := func(seq int64, further bool) {
		t.Helper()
		reading, err := s.ReadRoom(t.Context(), eve, store.PublicRoom, seq)
		if err != nil || reading.InboxChanged != further || reading.State != 0 {
			t.Errorf("read up to %d: %+v, %v", seq, reading, err)
		}
	}
	expect(ada, 0, 0, 0) // her own
	expect(bob, 3, 0, 1)
	expect(eve, 0, 3, 0) // a new account has nothing unread
	before := mustInbox(t, s, eve).Mark()
	storetest.MustPost(t, s, eve, "my own")
	storetest.MustPost(t, s, bob, "by somebody blocked")
	storetest.MustPost(t, s, ada, "by another")
	expect(eve, 2, 3, 5)
	if after := mustInbox(t, s, eve).Mark(); after != before {
		t.Errorf("messages in the public chat change the mark of an inbox from %s to %s", before, after)
	}
	read(5, true)
	expect(eve, 1, 5, 6)
	if after := mustInbox(t, s, eve).Mark(); after == before {
		t.Error("reading the public chat does not change the mark of an inbox")
	}
	read(5, false)
	read(4, false) // by another device, later
	read(99, true)
	expect(eve, 0, 6, 0)
	posts, err := s.PublicPosts(t.Context(), 3)
	if want := []store.PublicPost{{6, ada.ID}, {5, bob.ID}, {4, eve.ID}}; err != nil || !slices.Equal(posts, want) {
		t.Errorf("the newest messages are %v, %v", posts, err)
	}
	visited, err := s.RoomFor(t.Context(), 0, store.PublicRoom)
	if err != nil || visited.ReadTo != 0 || visited.PublicLeftAt != 0 {
		t.Errorf("a visitor has read up to %d and left off at %d, %v", visited.ReadTo, visited.PublicLeftAt, err)
	}
}

// The count stops at what pages show, and neither it nor its cost grows with what somebody writes without reading.
func TestPublicUnreadIsBounded(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 2)
	ada, bob := people[0], people[1]
	add := func(author store.User, first, last int) {
		t.Helper()
		execute(t, address, `WITH RECURSIVE numbers (n) AS (SELECT CAST($2 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < CAST($3 AS BIGINT))
			INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
			SELECT 1, n, n, $1, CAST(n AS TEXT), '', '', '', '', 1, FALSE, 1 FROM numbers`, author.ID, int64(first), int64(last))
	}
	expect := func(who store.User, count int, leftAt int64) {
		t.Helper()
		inboxes, err := s.Inboxes(t.Context(), []int64{who.ID})
		mustDo(t, err)
		room, err := s.RoomFor(t.Context(), who.ID, store.PublicRoom)
		if mustDo(t, err); inboxes[who.ID].Public.Count != count || room.PublicLeftAt != leftAt {
			t.Errorf("%s has %d unread from %d on, want %d and %d", who.Username, inboxes[who.ID].Public.Count, room.PublicLeftAt, count, leftAt)
		}
	}
	add(bob, 1, 150)
	expect(ada, 101, 1)
	expect(bob, 0, 0)
	add(ada, 151, 320)
	expect(ada, 30, 1)
	expect(bob, 101, 151)
	add(ada, 321, 600)
	expect(ada, 0, 1)
	execute(t, address, `UPDATE users SET public_read_to = $2 WHERE id = $1`, ada.ID, int64(150))
	expect(ada, 0, 0)
}
