package store_test

import (
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// What happened is kept for as long as a server may be slow to ask, and then forgotten.
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
		told int
	}{{0, 1}, {2 * time.Hour, 0}} {
		execute(t, address, `UPDATE site_events SET at = $1`, time.Now().Add(-test.age).UnixMilli())
		if _, err := s.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if news, err := s.SiteEvents(t.Context(), 0); err != nil || len(news.Changed) != test.told {
			t.Errorf("after %v servers are told of %d people, %v", test.age, len(news.Changed), err)
		}
	}
}
