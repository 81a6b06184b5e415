package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// pinned returns the sources of the pinned messages of a room, the latest pinned first.
func pinned(t *testing.T, s *store.Store, room int64) (sources []string) {
	t.Helper()
	found, err := s.Pins(t.Context(), room)
	mustDo(t, err)
	for _, m := range found {
		sources = append(sources, m.Source)
	}
	return sources
}

func TestPins(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob, eve := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "eve")
	storetest.MustBefriend(t, s, ada, bob)
	private := mustRoom(t, s, ada, bob)
	for _, text := range []string{"a fig", "a date", "an olive"} {
		mustWrite(t, s, bob, private.ID, text)
		mustWrite(t, s, bob, store.PublicRoom, text+" for all")
	}
	expect := func(room int64, seqs string, want ...string) {
		t.Helper()
		if got := pinned(t, s, room); !slices.Equal(got, want) {
			t.Errorf("%q are pinned, want %q", got, want)
		}
		found, err := s.RoomFor(t.Context(), bob.ID, room)
		got := strings.Fields(found.Pinned)
		slices.Sort(got)
		if mustDo(t, err); strings.Join(got, " ") != seqs || found.Version != 3 {
			t.Errorf("the room of version %d says that %q are pinned, want %q", found.Version, got, seqs)
		}
	}
	refused := func(err error, kind store.Kind) {
		t.Helper()
		if err == nil || store.KindOf(err) != kind {
			t.Errorf("the error is %v, want %v", err, kind)
		}
	}
	// ada is the owner.
	for range 2 {
		mustDo(t, s.PinMessage(t.Context(), ada, store.PublicRoom, 2))
		time.Sleep(2 * time.Millisecond)
	}
	mustDo(t, s.PinMessage(t.Context(), ada, store.PublicRoom, 1))
	expect(store.PublicRoom, "1 2", "a fig for all", "a date for all")
	refused(s.PinMessage(t.Context(), bob, store.PublicRoom, 3), store.Forbidden)
	refused(s.UnpinMessage(t.Context(), bob, store.PublicRoom, 1), store.Forbidden)
	for range 2 {
		mustDo(t, s.UnpinMessage(t.Context(), ada, store.PublicRoom, 2))
	}
	expect(store.PublicRoom, "1", "a fig for all")

	mustDo(t, s.PinMessage(t.Context(), bob, private.ID, 3))
	expect(private.ID, "3", "an olive")
	mustDo(t, s.UnpinMessage(t.Context(), ada, private.ID, 3))
	expect(private.ID, "")
	for _, room := range []int64{private.ID, 999} {
		refused(s.PinMessage(t.Context(), eve, room, 3), store.NotFound)
		refused(s.UnpinMessage(t.Context(), eve, room, 3), store.NotFound)
	}
	for _, seq := range []int64{0, 9} {
		refused(s.PinMessage(t.Context(), ada, store.PublicRoom, seq), store.NotFound)
	}
}

// A deleted message is not listed. If its author restores it, it is pinned again; after that time the pin is gone.
func TestPinOfADeletedMessage(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "a fig")
	mustDo(t, s.PinMessage(t.Context(), ada, m.Room, m.Seq))
	for _, want := range []int{0, 1, 0} {
		var err error
		if want == 0 {
			_, err = s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq)
		} else {
			_, err = s.RestoreMessage(t.Context(), ada.ID, m.Room, m.Seq)
		}
		mustDo(t, err)
		room, err := s.RoomFor(t.Context(), ada.ID, m.Room)
		if mustDo(t, err); len(pinned(t, s, m.Room)) != want || len(strings.Fields(room.Pinned)) != want {
			t.Errorf("%q is pinned, want %d", room.Pinned, want)
		}
	}
	if err := s.PinMessage(t.Context(), ada, m.Room, m.Seq); store.KindOf(err) != store.Conflict {
		t.Errorf("pin a deleted message: %v", err)
	}
}

// A room has 100 pins, also if two members pin at the same time.
func TestTooManyPins(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room := mustRoom(t, s, ada, bob).ID
	for i := range store.MaxPins + 3 {
		mustWrite(t, s, ada, room, fmt.Sprint(i))
	}
	for seq := range int64(store.MaxPins - 1) {
		mustDo(t, s.PinMessage(t.Context(), ada, room, seq+1))
	}
	var pinning sync.WaitGroup
	errs := make([]error, 4)
	for i, member := range []store.User{ada, bob, ada, bob} {
		pinning.Go(func() { errs[i] = s.PinMessage(t.Context(), member, room, int64(store.MaxPins+i)) })
	}
	pinning.Wait()
	refused := 0
	for _, err := range errs {
		if err != nil && store.KindOf(err) != store.Invalid {
			t.Error(err)
		}
		if err != nil {
			refused++
		}
	}
	if got := len(pinned(t, s, room)); got != store.MaxPins || refused != 3 {
		t.Errorf("%d are pinned, and %d were refused", got, refused)
	}
	mustDo(t, s.PinMessage(t.Context(), bob, room, 1)) // it is pinned
	mustDo(t, s.UnpinMessage(t.Context(), bob, room, 1))
	mustDo(t, s.PinMessage(t.Context(), bob, room, store.MaxPins+3))
}
