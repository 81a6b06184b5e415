package live_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"plaza/handlers/live"
)

func TestReadersGetWhatIsPublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		publishAll(s.hub, s.commit(3))
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1, 2, 3})
	})
}

func TestChangesOutOfOrderWaitForThoseBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		synctest.Wait()
		written := s.commit(3)
		s.hub.Publish(room, written[2])
		s.hub.Publish(room, written[1])
		synctest.Wait()
		equal(t, "held before the first came", r.state().held, []int64{})
		s.hub.Publish(room, written[0])
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1, 2, 3})
		if _, reads := s.asked(); reads != 0 {
			t.Errorf("the store was read %d times for what had been published", reads)
		}
	})
}

func TestAGapIsFilledFromTheStoreOnceForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		var readers []*reader
		for person := range int64(20) {
			r := s.mustConnect(t, person, 0)
			go r.read()
			readers = append(readers, r)
		}
		synctest.Wait()
		s.hub.Publish(room, s.commit(4)[3])
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		for _, r := range readers {
			equal(t, "held", r.state().held, []int64{1, 2, 3, 4})
		}
		if _, reads := s.asked(); reads != 1 {
			t.Errorf("the store was read %d times for one gap", reads)
		}
	})
}

func TestAGapIsFilledOnceTheStoreIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		synctest.Wait()
		s.fail(errors.New("the disk is away"))
		s.hub.Publish(room, s.commit(2)[1])
		time.Sleep(5 * time.Second)
		equal(t, "held while the store is away", r.state().held, []int64{})
		s.fail(nil)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1, 2})
	})
}

func TestCatchingUpIsOneReadForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(100)
		var readers []*reader
		for person := range int64(20) {
			r := s.mustConnect(t, person, 60+person)
			go r.read()
			readers = append(readers, r)
		}
		synctest.Wait()
		for i, r := range readers {
			state := r.state()
			equal(t, "cursor", state.cursor, 100)
			equal(t, "held", len(state.held), 40-i)
			equal(t, "frames", state.frames, 1)
			equal(t, "fresh pages", state.fresh, 0)
		}
		if pages, reads := s.asked(); pages != 1 || reads != 1 {
			t.Errorf("twenty readers read %d pages and %d ranges", pages, reads)
		}
	})
}

func TestAReaderFarBehindGetsTheNewestPage(t *testing.T) {
	for _, test := range []struct {
		name   string
		cursor int64
	}{
		{"far behind", 1},
		{"nowhere", live.Nowhere},
		{"ahead, as after a restored backup", 5000},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSite(t, live.Limits{})
				s.commit(1000)
				r := s.mustConnect(t, 1, test.cursor)
				go r.read()
				synctest.Wait()
				publishAll(s.hub, s.commit(1))
				synctest.Wait()
				state := r.state()
				equal(t, "held", state.held, []int64{996, 997, 998, 999, 1000, 1001})
				equal(t, "fresh pages", state.fresh, 1)
				if _, reads := s.asked(); reads != 0 {
					t.Errorf("%d ranges were read", reads)
				}
			})
		})
	}
}

// Large fragments leave the ring early: it no longer reaches back to a reader's cursor.
func TestAReaderBehindTheRingIsServedFromTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.large = true
		ahead := s.mustConnect(t, 1, 0)
		go ahead.read()
		synctest.Wait()
		for range 15 {
			publishAll(s.hub, s.commit(10))
			synctest.Wait()
		}
		equal(t, "the live reader's cursor", ahead.state().cursor, 150)
		late := s.mustConnect(t, 2, 10)
		go late.read()
		later := s.mustConnect(t, 3, 5)
		go later.read()
		synctest.Wait()
		equal(t, "the late reader holds", len(late.state().held), 140)
		equal(t, "the later reader holds", len(later.state().held), 145)
		if _, reads := s.asked(); reads != 1 {
			t.Errorf("the store was read %d times", reads)
		}
	})
}

// What is published while the store is read for the same must not be there twice.
func TestReadingTheStoreBesidePublishing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		synctest.Wait()
		written := s.commit(3)
		release := s.hold()
		s.hub.Publish(room, written[2])
		time.Sleep(100 * time.Millisecond) // the gap is being read
		s.hub.Publish(room, written[0])
		synctest.Wait()
		release()
		synctest.Wait()
		late := s.mustConnect(t, 2, 0)
		go late.read()
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1, 2, 3})
		equal(t, "held by one who came late", late.state().held, []int64{1, 2, 3})
	})
}

func TestTwoReadersBehindTheRingBesidePublishing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(300)
		if _, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0}); err != nil {
			t.Fatal(err)
		}
		release := s.hold()
		first := s.mustConnect(t, 1, 150)
		go first.read()
		synctest.Wait()
		publishAll(s.hub, s.commit(1))
		second := s.mustConnect(t, 2, 150)
		go second.read()
		synctest.Wait()
		release()
		synctest.Wait()
		for _, r := range []*reader{first, second} {
			equal(t, "held", len(r.state().held), 151)
			equal(t, "fresh pages", r.state().fresh, 0)
		}
	})
}

func TestAStalledReaderSlowsNobodyAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		stalled := s.mustConnect(t, 1, 0) // and never reads
		lively := s.mustConnect(t, 2, 0)
		go lively.read()
		for range 30 {
			publishAll(s.hub, s.commit(1))
			synctest.Wait()
		}
		equal(t, "held beside one that stalls", len(lively.state().held), 30)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if s.hub.IsOnline(1) {
			t.Error("one that takes nothing is still there after 5 s")
		}
		_ = stalled.socket.CloseNow()
		back := s.mustConnect(t, 1, stalled.state().cursor)
		go back.read()
		synctest.Wait()
		equal(t, "held after coming back", len(back.state().held), 30)
	})
}

func TestAStoreThatIsAwaySendsReadersAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(10)
		s.fail(errors.New("the disk is away"))
		r := s.mustConnect(t, 1, 3)
		go r.read()
		synctest.Wait()
		equal(t, "close code", r.state().closed, websocket.StatusTryAgainLater)
		s.fail(nil)
		back := s.mustConnect(t, 1, 3)
		go back.read()
		synctest.Wait()
		equal(t, "held", back.state().held, []int64{4, 5, 6, 7, 8, 9, 10})
	})
}

// A reader whose page came from the store, which is ahead of what was published here, is not
// thrown back by what somebody read before that.
func TestAReaderAheadIsNotThrownBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(10)
		if _, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0}); err != nil {
			t.Fatal(err)
		}
		s.commit(1)
		release := s.holdPages()
		first := s.mustConnect(t, 1, 11)
		go first.read()
		synctest.Wait()
		s.commit(1)
		second := s.mustConnect(t, 2, 12)
		go second.read()
		synctest.Wait()
		release()
		synctest.Wait()
		equal(t, "fresh pages", second.state().fresh, 0)
		equal(t, "the cursor", second.state().cursor, 12)
	})
}

func TestPageIsReadOnceAVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(10)
		for range 5 {
			page, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0})
			if err != nil || page.Version != 10 {
				t.Fatalf("page of version %d: %v", page.Version, err)
			}
		}
		publishAll(s.hub, s.commit(1))
		page, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0})
		if err != nil || page.Version != 11 {
			t.Fatalf("page of version %d after a change: %v", page.Version, err)
		}
		if pages, _ := s.asked(); pages != 2 {
			t.Errorf("two versions' pages were read %d times", pages)
		}
	})
}

// One that published out of order is still behind what a page has to show.
func TestPageHasWhatWasPublishedOutOfOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		if _, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0}); err != nil {
			t.Fatal(err)
		}
		s.hub.Publish(room, s.commit(2)[1])
		page, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0})
		if err != nil || page.Version != 2 {
			t.Fatalf("page of version %d: %v", page.Version, err)
		}
	})
}

// What was committed together is told in one frame.
func TestReadersAreToldOfACommitAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		synctest.Wait()
		written := s.commit(3)
		for i := range written {
			written[i].Last = 3
		}
		for _, i := range []int{1, 0} {
			s.hub.Publish(room, written[i])
			synctest.Wait()
			equal(t, "held before the last came", r.state().held, []int64{})
		}
		s.hub.Publish(room, written[2])
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1, 2, 3})
		equal(t, "frames", r.state().frames, 1)
		if _, reads := s.asked(); reads != 0 {
			t.Errorf("the store was read %d times for what had been published", reads)
		}
	})
}

// A commit whose rest is never published is told nevertheless, also while the store is away.
func TestReadersAreToldOfACommitWithoutItsRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		synctest.Wait()
		written := s.commit(2)
		written[0].Last = 2
		s.fail(errors.New("the disk is away"))
		s.hub.Publish(room, written[0])
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		equal(t, "held while the store is away", r.state().held, []int64{1})
		s.fail(nil)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1, 2})
	})
}
