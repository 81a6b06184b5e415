package live_test

import (
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/live"
)

// Refresh makes fragments and pages again, and keeps the cursors of readers.
func TestRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(3)
		page := func() {
			t.Helper()
			if page, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 3}); err != nil || page.Version != 3 {
				t.Fatalf("the page is of version %d, %v", page.Version, err)
			}
		}
		r := s.mustConnect(t, 1, 0)
		go r.read()
		synctest.Wait()
		page()
		page()
		before, _ := s.asked()
		equal(t, "pages read", before, 1)
		s.hub.Refresh()
		page()
		page()
		after, _ := s.asked()
		equal(t, "pages read after the refresh", after, 2)
		late := s.mustConnect(t, 2, 1)
		go late.read()
		synctest.Wait()
		equal(t, "held by one who is behind", late.state().held, []int64{2, 3})
		equal(t, "held by one who was there", r.state().held, []int64{1, 2, 3})
		publishAll(s.hub, s.commit(1))
		synctest.Wait()
		equal(t, "held after a post", r.state().held, []int64{1, 2, 3, 4})
	})
}

// A page that was asked for before the refresh, and came after it, is not kept.
func TestRefreshWhileAPageIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(3)
		release := s.holdPages()
		go func() { _, _ = s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 3}) }()
		synctest.Wait()
		s.hub.Refresh()
		release()
		time.Sleep(time.Second)
		before, _ := s.asked()
		if _, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 3}); err != nil {
			t.Fatal(err)
		}
		after, _ := s.asked()
		equal(t, "pages read afterwards", after-before, 1)
	})
}
