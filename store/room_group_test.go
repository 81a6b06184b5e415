package store_test

import (
	"errors"
	"fmt"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Users who take no private messages cannot be added to groups.
func TestGroupNeedsOpenUsers(t *testing.T) {
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

// Who ends a friendship, or blocks, is put into no group any more.
func TestGroupNeedsFriends(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	storetest.MustBefriend(t, s, ada, mei)
	group, err := s.CreateGroup(t.Context(), ada, "without bob", []string{"mei"})
	mustDo(t, err)
	for name, end := range map[string]func() error{
		"an unfriending by bob": func() error { return s.RemoveFriend(t.Context(), bob, ada) },
		"an unfriending by ada": func() error { return s.RemoveFriend(t.Context(), ada, bob) },
		"a block by ada":        func() error { return errors.Join(s.Block(t.Context(), ada, bob), s.Unblock(t.Context(), ada, bob)) },
		"a block by bob":        func() error { return errors.Join(s.Block(t.Context(), bob, ada), s.Unblock(t.Context(), bob, ada)) },
	} {
		storetest.MustBefriend(t, s, ada, bob)
		mustDo(t, end())
		_, creating := s.CreateGroup(t.Context(), ada, "with bob", []string{"mei", "bob"})
		_, adding := s.AddMembers(t.Context(), ada, group.ID, []string{"bob"})
		if store.KindOf(creating) != store.Invalid || store.KindOf(adding) != store.Invalid {
			t.Errorf("after %s: %v, %v", name, creating, adding)
		}
	}
}

// A block that commits while a group is made or grows is as good as one before.
func TestServersGroupHasNoBlockers(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	storetest.MustBefriend(t, s, ada, mei)
	group, err := s.CreateGroup(t.Context(), ada, "Market", []string{"mei"})
	mustDo(t, err)
	beside := storetest.Beside(t, address)
	for name, join := range map[string]func() error{
		"made":  func() error { _, err := s.CreateGroup(t.Context(), ada, "Square", []string{"mei", "bob"}); return err },
		"grows": func() error { _, err := s.AddMembers(t.Context(), ada, group.ID, []string{"bob"}); return err },
	} {
		mustDo(t, s.Unblock(t.Context(), bob, ada))
		storetest.MustBefriend(t, s, ada, bob)
		tx, err := beside.BeginTx(t.Context(), nil)
		mustDo(t, err)
		_, err = tx.ExecContext(t.Context(), `SELECT 1 FROM users WHERE id = $1 FOR UPDATE`, bob.ID)
		mustDo(t, err)
		blocked, joined := make(chan error, 1), make(chan error, 1)
		go func() { blocked <- s.Block(t.Context(), bob, ada) }() // it locks ada, and waits
		awaitLocks(t, beside, 1)
		go func() { joined <- join() }() // it finds a friend, and waits for ada
		awaitLocks(t, beside, 2)
		mustDo(t, tx.Rollback(), <-blocked)
		if err := <-joined; store.KindOf(err) != store.Invalid {
			t.Errorf("bob joins a group that is %s: %v", name, err)
		}
	}
}

// A deleted user does not become a member of a group.
func TestServersGroupHasNoDeletedMembers(t *testing.T) {
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
	if err != nil || len(joined) != 1 || joined[0].Event != store.Joined || joined[0].Author.Username != "eve" ||
		joined[0].Version != 2 {
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
	if named, err := s.NameGroup(t.Context(), ada, room.ID, "Honey"); err != nil || named.Event != store.Named ||
		named.Source != "Honey" {
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

// Nobody is put into more than MaxGroups groups, however many friends try.
func TestGroupsOfAUserAreLimited(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, mei := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "mei")
	storetest.MustBefriend(t, s, ada, bob)
	storetest.MustBefriend(t, s, ada, mei)
	var last store.Room
	for i := range store.MaxGroups {
		var err error
		last, err = s.CreateGroup(t.Context(), ada, fmt.Sprint("group ", i), []string{"bob"})
		mustDo(t, err)
	}
	other, err := s.CreateGroup(t.Context(), ada, "without bob", []string{"mei"}) // ada chooses that herself
	mustDo(t, err)
	_, creating := s.CreateGroup(t.Context(), ada, "one more", []string{"mei", "bob"})
	_, adding := s.AddMembers(t.Context(), ada, other.ID, []string{"bob"})
	for _, err := range []error{creating, adding} {
		var refused *store.Error
		want := store.Problem{Code: store.CodeTooManyGroups, Args: store.Args{Name: "bob"}}
		if !errors.As(err, &refused) || refused.Fields["people"] != want {
			t.Errorf("the answer is %v", err)
		}
	}
	if _, err := s.LeaveGroup(t.Context(), bob, last.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddMembers(t.Context(), ada, other.ID, []string{"bob"}); err != nil {
		t.Errorf("after bob has left a group: %v", err)
	}
}

// A user leaves all groups at once, and others write meanwhile. Each group says so.
func TestLeaveAllGroups(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	pair := mustRoom(t, s, ada, bob)
	mustWrite(t, s, bob, pair.ID, "not a group")
	const groups = 45
	rooms := map[int64]bool{}
	for i := range groups {
		room, err := s.CreateGroup(t.Context(), ada, fmt.Sprint("group ", i), []string{"bob"})
		mustDo(t, err)
		rooms[room.ID] = true
	}
	if count, err := s.CountGroups(t.Context(), bob); err != nil || count != groups {
		t.Errorf("bob is in %d groups, %v", count, err)
	}
	var written int
	left := map[int64]bool{}
	mustDo(t, s.LeaveGroups(t.Context(), bob, func(entries []store.Message) error {
		written++
		mustWrite(t, s, ada, pair.ID, fmt.Sprint("meanwhile ", written))
		for _, entry := range entries {
			if !rooms[entry.Room] || left[entry.Room] || entry.Event != store.Left || entry.Author.ID != bob.ID {
				t.Errorf("an entry is %+v", entry)
			}
			left[entry.Room] = true
		}
		for room := range rooms { // one that is still to come
			if written == 1 && !left[room] {
				left[room] = true
				return second(s.LeaveGroup(t.Context(), bob, room))
			}
		}
		return nil
	}))
	if count, err := s.CountGroups(t.Context(), bob); err != nil || count != 0 || len(left) != groups || written < 2 {
		t.Errorf("bob is in %d groups, %v, and left %d in %d parts", count, err, len(left), written)
	}
	for room := range rooms {
		if messages, err := s.Changes(t.Context(), room, 0, 99); err != nil || len(messages) != 1 || messages[0].Event != store.Left {
			t.Errorf("group %d says %+v, %v", room, messages, err)
		}
	}
	mustWrite(t, s, bob, pair.ID, "still here")
	mustDo(t, s.LeaveGroups(t.Context(), bob, func([]store.Message) error { return errors.New("bob left again") }))
}
