package store_test

import (
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// Site events are kept for slow servers, and then deleted.
func TestSiteEventsAreForgotten(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	if err := s.SetPicture(t.Context(), ada, store.Picture{Large: []byte("large"), Small: []byte("small")}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		age  time.Duration
		want int
	}{{0, 1}, {2 * time.Hour, 0}} {
		execute(t, address, `UPDATE site_events SET at = $1`, time.Now().Add(-test.age).UnixMilli())
		if _, err := s.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if events, err := s.SiteEvents(t.Context(), 0); err != nil || len(events.Changed) != test.want {
			t.Errorf("after %v servers see %d changed users, %v", test.age, len(events.Changed), err)
		}
	}
}
