package store_test

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// mustRoom returns the room of two users.
func mustRoom(t *testing.T, s *store.Store, viewer, other store.User) store.Room {
	t.Helper()
	room, err := s.OpenPrivateRoom(t.Context(), viewer, other)
	if err != nil || room.ID == 0 {
		t.Fatalf("the room of %s and %s: %+v, %v", viewer.Username, other.Username, room, err)
	}
	return room
}

// mustWrite posts a message to a room.
func mustWrite(t *testing.T, s *store.Store, author store.User, room int64, text string) {
	t.Helper()
	if _, err := s.Post(t.Context(), writing(author, room, text)); err != nil {
		t.Fatalf("%s writes %q: %v", author.Username, text, err)
	}
}

func writing(author store.User, room int64, text string) store.NewMessage {
	message := storetest.New(author, text)
	message.Room = room
	return message
}

func mustDo(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestPrivateRoomIsOpenedOnce(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	s := both[0]
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	var rooms [20]store.Room
	var together sync.WaitGroup
	for i := range rooms {
		together.Go(func() {
			one, other := ada, bob
			if i%2 == 1 {
				one, other = bob, ada
			}
			var err error
			if rooms[i], err = both[i/2%2].OpenPrivateRoom(t.Context(), one, other); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	for i, room := range rooms {
		want := bob
		if i%2 == 1 {
			want = ada
		}
		if room.ID != rooms[0].ID || room.Kind != store.Pair || room.Other.Username != want.Username || room.Closed != "" {
			t.Errorf("room %d is %+v", i, room)
		}
	}
	notebook := mustRoom(t, s, ada, ada)
	if notebook.ID == rooms[0].ID || notebook.Other.ID != ada.ID || notebook.Closed != "" {
		t.Errorf("ada's notebook is %+v", notebook)
	}
	mustWrite(t, s, ada, notebook.ID, "a note")
}

// Ada may write to bob depending on their relation and on bob's settings.
func TestWhoMayWriteInPrivate(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	from := func(writers store.Writers) func() error {
		return func() error {
			_, err := s.ChangePrivacy(t.Context(), bob, store.Privacy{From: writers, Receipts: true})
			return err
		}
	}
	relate := func(do func() error) func() error { return do }
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob)
	mustWrite(t, s, bob, room.ID, "what was said stays readable")
	const friends, blocked, nobody = store.ClosedToOthers, store.ClosedByBlock, store.ClosedToAll
	told := func(do func() error) bool { // whether the room's state changed
		t.Helper()
		before := mustRoom(t, s, ada, bob).State
		mustDo(t, do())
		return mustRoom(t, s, ada, bob).State > before
	}
	for i, step := range []struct {
		what string
		do   func() error
		why  store.ClosedReason // why ada may not write
	}{
		{"friends", from(store.Friends), ""},
		{"nobody", from(store.Nobody), nobody},
		{"anyone", from(store.Anyone), ""},
		{"unfriended", relate(func() error { return s.RemoveFriend(t.Context(), bob, ada) }), ""},
		{"unfriended, from friends", from(store.Friends), friends},
		{"blocked by bob", relate(func() error { return s.Block(t.Context(), bob, ada) }), friends},
		{"blocked by bob, from anyone", from(store.Anyone), friends},
		{"not blocked any more", relate(func() error { return s.Unblock(t.Context(), bob, ada) }), ""},
		{"blocked by ada", relate(func() error { return s.Block(t.Context(), ada, bob) }), blocked},
		{"not blocked by ada", relate(func() error { return s.Unblock(t.Context(), ada, bob) }), ""},
		{"an unknown choice", relate(func() error {
			if err := from("everybody")(); store.KindOf(err) != store.Invalid {
				return fmt.Errorf("the answer is %w", err)
			}
			return nil
		}), ""},
	} {
		before := mustRoom(t, s, ada, bob).Closed
		changed := told(step.do)
		if now := mustRoom(t, s, ada, bob).Closed; now != step.why || (now == "") != (before == "") && !changed {
			t.Errorf("%s: closed %q after %q, and the state changed: %v", step.what, now, before, changed)
		}
		_, err := s.Post(t.Context(), writing(ada, room.ID, fmt.Sprint("message ", i)))
		var refused *store.Error
		if ok := errors.As(err, &refused); ok != (step.why != "") || ok && (refused.Kind != store.Invalid || refused.Problem() != (store.Problem{Code: store.CodeRoomClosed, Args: store.Args{Closed: step.why, Name: "bob"}})) {
			t.Errorf("%s: the answer to a message is %v", step.what, err)
		}
		if may, err := s.MayWrite(t.Context(), ada.ID, room.ID); err != nil || may != (step.why == "") {
			t.Errorf("%s: may write %v, %v", step.what, may, err)
		}
	}
	_, err := s.ChangePrivacy(t.Context(), ada, store.Privacy{From: store.Nobody})
	mustDo(t, err, from(store.Nobody)())
	if told(func() error { return s.Block(t.Context(), bob, ada) }) {
		t.Error("the room's state tells bob of a block")
	}
	repeat := writing(ada, room.ID, "message 0")
	repeat.Nonce = "the first of all"
	if _, err := s.Post(t.Context(), repeat); store.KindOf(err) != store.Invalid {
		t.Errorf("a message is answered with %v", err)
	}
}

// A message stays after the room is closed. Posting it again returns it.
func TestRepeatInClosedRoom(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	message := writing(ada, mustRoom(t, s, ada, bob).ID, "hello")
	first, err := s.Post(t.Context(), message)
	mustDo(t, err, s.RemoveFriend(t.Context(), bob, ada))
	if again, err := s.Post(t.Context(), message); err != nil || again.Seq != first.Seq {
		t.Errorf("the answer to a repeat is %+v, %v", again, err)
	}
	other := writing(ada, message.Room, "another")
	other.Nonce = message.Nonce
	if _, err := s.Post(t.Context(), other); store.KindOf(err) != store.Conflict {
		t.Errorf("the answer to another text is %v", err)
	}
}

// Users who take no private messages cannot be added to groups.
func TestNobodyIsPutIntoGroups(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	storetest.MustBefriend(t, s, ada, bob)
	storetest.MustBefriend(t, s, ada, mei)
	_, err := s.ChangePrivacy(t.Context(), bob, store.Privacy{From: store.Nobody})
	mustDo(t, err)
	group, err := s.CreateGroup(t.Context(), ada, "without bob", []string{"mei"})
	mustDo(t, err)
	_, creating := s.CreateGroup(t.Context(), ada, "with bob", []string{"mei", "bob"})
	_, adding := s.AddMembers(t.Context(), ada, group.ID, []string{"bob"})
	for _, err := range []error{creating, adding} {
		var refused *store.Error
		want := store.Problem{Code: store.CodeRoomClosed, Args: store.Args{Closed: store.ClosedToAll, Name: "bob"}}
		if !errors.As(err, &refused) || refused.Fields["people"] != want {
			t.Errorf("the answer is %v", err)
		}
	}
}

// The messages of a pair are deleted with the second of its accounts.
func TestLastOfPairIsDeleted(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	storetest.MustUser(t, s, "owner")
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	mustWrite(t, s, ada, mustRoom(t, s, ada, bob).ID, "for bob")
	mustWrite(t, s, ada, mustRoom(t, s, ada, ada).ID, "a note")
	for _, step := range []struct {
		who  store.User
		left int
	}{{ada, 1}, {bob, 0}} {
		_, err := s.DeleteAccount(t.Context(), step.who, false)
		mustDo(t, err)
		finishDeletions(t, s)
		var rooms, messages int
		query(t, address, `SELECT count(*) FROM rooms WHERE kind = 'pair'`, &rooms)
		query(t, address, `SELECT count(*) FROM messages`, &messages)
		if rooms != step.left || messages != step.left {
			t.Errorf("without %s there are %d rooms and %d messages", step.who.Username, rooms, messages)
		}
	}
}

// Transactions that lock users lock rooms first, as posts do. Otherwise they could wait for each
// other.
func TestServersLockRoomsFirst(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	mustWrite(t, s, ada, mustRoom(t, s, ada, bob).ID, "for bob")
	beside := storetest.Beside(t, address)
	for _, test := range []struct {
		name string
		do   func() error
	}{
		{"privacy", func() error {
			_, err := s.ChangePrivacy(t.Context(), bob, store.Privacy{From: store.Anyone})
			return err
		}},
		{"block", func() error { return s.Block(t.Context(), bob, ada) }},
		{"deletion", func() error { _, err := s.DeleteAccount(t.Context(), bob, false); return err }},
	} {
		t.Run(test.name, func(t *testing.T) {
			tx, err := beside.BeginTx(t.Context(), nil)
			mustDo(t, err)
			_, err = tx.ExecContext(t.Context(), `UPDATE rooms SET state = state WHERE kind = 'pair'`)
			mustDo(t, err)
			done := make(chan error, 1)
			go func() { done <- test.do() }()
			if !awaitLocks(t, beside, 1) {
				t.Fatal("it does not wait")
			}
			for _, table := range []string{"users", "notifications", "friends", "members"} {
				if _, err := tx.ExecContext(t.Context(), `SELECT 1 FROM `+table+` FOR UPDATE NOWAIT`); err != nil {
					t.Fatalf("it holds a lock of %s while it waits for the room: %v", table, err)
				}
			}
			mustDo(t, tx.Rollback(), <-done)
		})
	}
}

// A transaction that changes an account locks its row before that of the waiting email.
func TestServersLockAccountsBeforeEmails(t *testing.T) {
	t.Parallel()
	s := openEmailSite(t)
	token := s.ask("ada@example.net")
	beside := storetest.Beside(t, s.address)
	tx, err := beside.BeginTx(t.Context(), nil)
	mustDo(t, err)
	_, err = tx.ExecContext(t.Context(), `UPDATE users SET theme = theme`)
	mustDo(t, err)
	done := make(chan error, 1)
	go func() { done <- s.confirm(token) }()
	if !awaitLocks(t, beside, 1) {
		t.Fatal("it does not wait")
	}
	if _, err := tx.ExecContext(t.Context(), `SELECT 1 FROM email_changes FOR UPDATE NOWAIT`); err != nil {
		t.Errorf("it holds a lock of the email while it waits for the account: %v", err)
	}
	mustDo(t, tx.Rollback(), <-done)
}

// A deleted user does not become a member of a group.
func TestServersGroupHasNoDeadMembers(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	storetest.MustBefriend(t, s, ada, bob)
	storetest.MustBefriend(t, s, ada, mei)
	group, err := s.CreateGroup(t.Context(), ada, "Market", []string{"mei"})
	mustDo(t, err)
	beside := storetest.Beside(t, address)
	tx, err := beside.BeginTx(t.Context(), nil)
	mustDo(t, err)
	_, err = tx.ExecContext(t.Context(), `SELECT 1 FROM friends WHERE user_id = $1 FOR UPDATE`, bob.ID)
	mustDo(t, err)
	deleted, added := make(chan error, 1), make(chan error, 1)
	go func() { _, err := s.DeleteAccount(t.Context(), bob, false); deleted <- err }()
	awaitLocks(t, beside, 1)
	go func() { _, err := s.AddMembers(t.Context(), ada, group.ID, []string{"bob"}); added <- err }()
	awaitLocks(t, beside, 2)
	mustDo(t, tx.Rollback(), <-deleted)
	if err := <-added; store.KindOf(err) != store.Invalid {
		t.Errorf("bob is added: %v", err)
	}
	if members, err := s.Members(t.Context(), ada, group.ID); err != nil || len(members) != 2 {
		t.Errorf("the members are %v, %v", members, err)
	}
}

func TestStrangersHaveNoRoom(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	room, err := s.OpenPrivateRoom(t.Context(), eve, ada)
	if err != nil || room.ID != 0 || room.Closed == "" || room.Other.ID != ada.ID {
		t.Errorf("a stranger's room is %+v, %v", room, err)
	}
	storetest.MustBefriend(t, s, ada, bob)
	theirs := mustRoom(t, s, ada, bob)
	mustWrite(t, s, ada, theirs.ID, "for bob")
	for _, id := range []int64{theirs.ID, theirs.ID + 1, 0, -1, math.MaxInt64} {
		if _, err := s.RoomFor(t.Context(), eve.ID, id); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve gets room %d: %v", id, err)
		}
		if _, err := s.Post(t.Context(), writing(eve, id, fmt.Sprint("to ", id))); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve writes in room %d: %v", id, err)
		}
		if _, err := s.ReadRoom(t.Context(), eve, id, 1); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve reads room %d: %v", id, err)
		}
		if _, err := s.LeaveGroup(t.Context(), eve, id); !errors.Is(err, store.ErrNoRoom) {
			t.Errorf("eve leaves room %d: %v", id, err)
		}
	}
	if outsiders, err := s.Outsiders(t.Context(), theirs.ID, []int64{ada.ID, eve.ID, bob.ID}); err != nil || len(outsiders) != 1 || outsiders[0] != eve.ID {
		t.Errorf("outsiders are %v, %v", outsiders, err)
	}
	if found, _, err := s.Conversations(t.Context(), eve, store.NewestPoint(), 10); err != nil || len(found) != 0 {
		t.Errorf("eve's conversations are %v, %v", found, err)
	}
	// A refused post takes no version, and does not stop other posts.
	if room := mustRoom(t, s, bob, ada); room.Version != 1 {
		t.Errorf("the room is at version %d", room.Version)
	}
}

func TestUnreadAndRead(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob)
	for i := range 5 {
		mustWrite(t, s, ada, room.ID, fmt.Sprint("message ", i))
	}
	expect := func(who, other store.User, unread int, readTo int64) {
		t.Helper()
		if room := mustRoom(t, s, who, other); room.Unread != unread || room.ReadTo != readTo {
			t.Errorf("%s has %d unread, and read up to %d, want %d and %d", who.Username, room.Unread, room.ReadTo, unread, readTo)
		}
	}
	read := func(seq int64, noted bool) {
		t.Helper()
		state, err := s.ReadRoom(t.Context(), bob, room.ID, seq)
		if err != nil || (state != 0) != noted {
			t.Errorf("read up to %d: state %d, %v", seq, state, err)
		}
	}
	expect(ada, bob, 0, 5)
	expect(bob, ada, 5, 0)
	read(3, true)
	expect(bob, ada, 2, 3)
	read(2, false) // by another device, later
	expect(bob, ada, 2, 3)
	read(99, true)
	expect(bob, ada, 0, 5)
	read(5, false)
	mustWrite(t, s, bob, room.ID, "an answer")
	expect(bob, ada, 0, 6)
	expect(ada, bob, 1, 5)
	mustWrite(t, s, ada, room.ID, "an answer to that") // the author has read the room
	expect(ada, bob, 0, 7)
	state, err := s.State(t.Context(), room.ID)
	if err != nil || len(state.Members) != 2 || state.Members[0].ReadTo != 7 || state.Members[1].ReadTo != 6 || !state.Members[0].MayWrite || !state.Members[1].Receipts {
		t.Errorf("the state is %+v, %v", state, err)
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	storetest.MustBefriend(t, s, bob, eve)
	for name, people := range map[string][]string{"": {"bob"}, "market": nil, "a stranger in it": {"bob", "eve"}} {
		if _, err := s.CreateGroup(t.Context(), ada, name, people); store.KindOf(err) != store.Invalid {
			t.Errorf("a group %q of %q: %v", name, people, err)
		}
	}
	room, err := s.CreateGroup(t.Context(), ada, "  Market   day ", []string{"BOB", "bob"})
	if err != nil || room.Name != "Market day" || room.Kind != store.Group {
		t.Fatalf("the group is %+v, %v", room, err)
	}
	mustWrite(t, s, ada, room.ID, "before eve")
	if _, err := s.AddMembers(t.Context(), ada, room.ID, []string{"eve"}); store.KindOf(err) != store.Invalid {
		t.Errorf("ada adds a stranger: %v", err)
	}
	joined, err := s.AddMembers(t.Context(), bob, room.ID, []string{"eve", "ada"})
	if err != nil || len(joined) != 1 || joined[0].Event != store.Joined || joined[0].Author.Username != "eve" || joined[0].Version != 2 {
		t.Fatalf("bob adds eve: %+v, %v", joined, err)
	}
	mustWrite(t, s, eve, room.ID, "thanks")
	left, err := s.LeaveGroup(t.Context(), eve, room.ID)
	if err != nil || left.Event != store.Left || left.Version != 4 {
		t.Fatalf("eve leaves: %+v, %v", left, err)
	}
	mustWrite(t, s, ada, room.ID, "after eve")
	if _, err := s.RoomFor(t.Context(), eve.ID, room.ID); !errors.Is(err, store.ErrNoRoom) {
		t.Errorf("eve still reads: %v", err)
	}
	if _, err := s.Post(t.Context(), writing(eve, room.ID, "still here")); !errors.Is(err, store.ErrNoRoom) {
		t.Errorf("eve still writes: %v", err)
	}
	if named, err := s.NameGroup(t.Context(), ada, room.ID, "Honey"); err != nil || named.Event != store.Named || named.Source != "Honey" {
		t.Errorf("named: %+v, %v", named, err)
	}
	mustDo(t, second(s.LeaveGroup(t.Context(), bob, room.ID)), second(s.LeaveGroup(t.Context(), ada, room.ID)))
	finishDeletions(t, s)
	if messages, err := s.Changes(t.Context(), room.ID, 0, 99); err != nil || len(messages) != 0 {
		t.Errorf("a group without members has the messages %v, %v", messages, err)
	}
}

// All friends are added at once, up to a full group.
func TestGroupIsBounded(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	var names []string
	for i := range store.MaxMembers {
		friend := storetest.MustUser(t, s, fmt.Sprint("friend", i))
		storetest.MustBefriend(t, s, ada, friend)
		names = append(names, friend.Username)
	}
	if _, err := s.CreateGroup(t.Context(), ada, "All", names); store.KindOf(err) != store.Invalid {
		t.Errorf("a group of %d and ada: %v", len(names), err)
	}
	room, err := s.CreateGroup(t.Context(), ada, "Most", names[1:])
	mustDo(t, err)
	if _, err := s.AddMembers(t.Context(), ada, room.ID, names[:1]); store.KindOf(err) != store.Invalid {
		t.Errorf("one more in a full group: %v", err)
	}
	if members, err := s.MemberIDs(t.Context(), room.ID); err != nil || len(members) != store.MaxMembers {
		t.Errorf("%d members, %v", len(members), err)
	}
}

func second[T any](_ T, err error) error { return err }

// A block ends a conversation at once, even for concurrent posts.
func TestNoMessageAfterABlock(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	s := both[0]
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	for round := range 10 {
		storetest.MustBefriend(t, s, ada, bob)
		room := mustRoom(t, s, ada, bob)
		blocked := make(chan int64, 1)
		var together sync.WaitGroup
		var last int64
		together.Go(func() {
			for i := 0; ; i++ {
				message, err := s.Post(t.Context(), writing(ada, room.ID, fmt.Sprint("message ", round, " ", i)))
				if err != nil {
					return
				}
				last = message.Version
			}
		})
		together.Go(func() {
			if err := both[1].Block(t.Context(), bob, ada); err != nil {
				t.Error(err)
			}
			after, err := both[1].RoomFor(t.Context(), bob.ID, room.ID)
			if err != nil {
				t.Error(err)
			}
			blocked <- after.Version
		})
		together.Wait()
		if version := <-blocked; last > version {
			t.Errorf("a message was posted as version %d after the block at %d", last, version)
		}
		mustDo(t, s.Unblock(t.Context(), bob, ada))
	}
}

func TestConversations(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	storetest.MustBefriend(t, s, ada, bob)
	storetest.MustBefriend(t, s, ada, mei)
	withBob, withMei := mustRoom(t, s, ada, bob), mustRoom(t, s, ada, mei)
	mustWrite(t, s, bob, withBob.ID, "from bob")
	group, err := s.CreateGroup(t.Context(), mei, "Market", []string{"ada"})
	mustDo(t, err)
	found, more, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 10)
	// The room with mei has no message yet.
	if err != nil || more || len(found) != 2 || found[0].ID != group.ID || found[1].ID != withBob.ID ||
		found[1].Unread != 1 || found[1].Last.Excerpt != "from bob" || found[1].Last.Author.Username != "bob" || found[0].Last.Seq != 0 {
		t.Fatalf("%+v, %v, %v", found, more, err)
	}
	// Conversations with the same time are all there, page by page.
	execute(t, address, `UPDATE rooms SET last_posted_at = 1 WHERE last_posted_at > 0`)
	first, more, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 1)
	mustDo(t, err)
	second, _, err := s.Conversations(t.Context(), ada, store.Point{At: first[0].LastAt, Room: first[0].ID}, 1)
	if err != nil || !more || len(second) != 1 || second[0].ID == first[0].ID {
		t.Errorf("after %+v comes %+v, %v", first, second, err)
	}
	mustDo(t, s.Block(t.Context(), ada, bob))
	if found, _, err := s.Conversations(t.Context(), ada, store.NewestPoint(), 10); err != nil || found[0].Last.Blocked == found[1].Last.Blocked {
		t.Errorf("a blocked user's message is shown: %+v, %v", found, err)
	}
	mustWrite(t, s, ada, withMei.ID, "to mei")
	found, more, err = s.Conversations(t.Context(), ada, store.NewestPoint(), 1)
	if err != nil || !more || len(found) != 1 || found[0].ID != withMei.ID || found[0].Other.Username != "mei" {
		t.Fatalf("%+v, %v, %v", found, more, err)
	}
	// A deleted user leaves messages behind, and is in no group.
	deletion, err := s.DeleteAccount(t.Context(), mei, true)
	if err != nil || deletion.States[withMei.ID] == 0 || deletion.Versions[group.ID] != 1 {
		t.Fatalf("%+v, %v", deletion, err)
	}
	finishDeletions(t, s)
	room, err := s.RoomFor(t.Context(), ada.ID, withMei.ID)
	if err != nil || !room.Other.Deleted || room.Closed == "" || room.Version != 1 {
		t.Errorf("the room with mei is %+v, %v", room, err)
	}
	if members, err := s.Members(t.Context(), ada, group.ID); err != nil || len(members) != 1 {
		t.Errorf("the group's members are %v, %v", members, err)
	}
}
