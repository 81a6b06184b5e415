package store_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"plaza/store/storetest"
)

// Other servers learn of changed inboxes for a while. Many inboxes cost two queries.
func TestServersSeeInboxChanges(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	proxy := storetest.Through(t, address)
	s := storetest.MustOpenAt(t, proxy.Address)
	people := members(t, s, address, 100)
	ada, bob, eve := people[0], people[1], people[2]
	for _, step := range []struct {
		name         string
		do           func() error
		inboxChanged []int64
	}{
		{"nothing", func() error { return nil }, nil},
		{"a mention", func() error { mustMention(t, s, bob, "hello", ada.Username); return nil }, []int64{ada.ID}},
		{"a request", func() error { return s.RequestFriend(t.Context(), bob, eve) }, []int64{bob.ID, eve.ID}},
		{"reading", func() error { return s.ReadNotifications(t.Context(), ada) }, []int64{ada.ID}},
		{"reading nothing", func() error { return s.ReadNotifications(t.Context(), ada) }, nil},
		{"a message", func() error {
			room := mustRoom(t, s, eve, eve)
			mustWrite(t, s, eve, room.ID, "to myself")
			return nil
		}, []int64{eve.ID}},
	} {
		execute(t, address, `UPDATE inbox_changes SET at = at - 60001`)
		mustDo(t, step.do())
		changes, err := s.InboxChanges(t.Context())
		mustDo(t, err)
		changed := slices.Compact(slices.Sorted(maps.Values(changes)))
		if !slices.Equal(changed, step.inboxChanged) {
			t.Errorf("%s: the changed inboxes are %v, want %v", step.name, changed, step.inboxChanged)
		}
		inboxes, err := s.Inboxes(t.Context(), []int64{ada.ID, bob.ID, eve.ID})
		mustDo(t, err)
		for person, inbox := range inboxes {
			for _, change := range inbox.Changes {
				if changes[change] != person {
					t.Errorf("%s: the inbox of %d shows a change of %d", step.name, person, changes[change])
				}
				delete(changes, change)
			}
		}
		if len(changes) > 0 {
			t.Errorf("%s: no inbox shows the changes %v", step.name, changes)
		}
		mustExpire(t, s)
	}
	var kept int
	if query(t, address, `SELECT count(*) FROM inbox_changes`, &kept); kept != 1 {
		t.Errorf("%d inbox changes are kept", kept)
	}
	ids := make([]int64, len(people))
	for i, person := range people {
		ids[i] = person.ID
		mustMention(t, s, bob, fmt.Sprint("you, ", i), person.Username)
	}
	for range 2 { // the connection has prepared the statements by the second time
		proxy.RoundTrips()
		if inboxes, err := s.Inboxes(t.Context(), ids); err != nil || len(inboxes) != len(ids) ||
			inboxes[ids[99]].Newest.Excerpt != "you, 99" {
			t.Errorf("the inboxes are %v, %v", inboxes, err)
		}
	}
	if turns := proxy.RoundTrips(); turns > 2 {
		t.Errorf("reading the inboxes took %d round trips", turns)
	}
}
