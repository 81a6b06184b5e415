package live_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/live"
)

// mailroom is what waits for people, in memory.
type mailroom struct {
	mu      sync.Mutex
	marks   map[int64]string
	batches [][]int64 // for whom it was read
	away    error
}

func (m *mailroom) put(person int64, mark string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.marks == nil {
		m.marks = map[int64]string{}
	}
	m.marks[person] = mark
}

func (m *mailroom) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = err
}

func (m *mailroom) asked() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.batches)
}

func (m *mailroom) read(_ context.Context, people []int64) (map[int64]live.Inbox, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	slices.Sort(people)
	m.batches = append(m.batches, people)
	inboxes := map[int64]live.Inbox{}
	for _, person := range people {
		inboxes[person] = live.Inbox{Mark: m.marks[person], Frame: mustMarshal(frame{Inbox: m.marks[person]})}
	}
	return inboxes, m.away
}

func (m *mailroom) concerned(context.Context) ([]int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Keys(m.marks)), m.away
}

// newMailSite starts a site on a mailroom.
func newMailSite(t *testing.T) (*site, *mailroom) {
	t.Helper()
	m, j := &mailroom{}, &journal{}
	source := j.source()
	source.Inboxes = m.read
	return newSiteOf(t, j, source, live.Limits{}, live.Alone{}), m
}

// at opens a person's connection, of no room, whose page shows a mark.
func (s *site) at(t *testing.T, person int64, shown, stored string) *reader {
	t.Helper()
	r, err := s.connectAs(live.Member{Person: live.Person{ID: person}}, live.Place{InboxShown: shown, Inbox: stored})
	if err != nil {
		t.Fatal(err)
	}
	go r.read()
	synctest.Wait()
	return r
}

// What concerns people is read once for all of them, a while later, and told to those of their
// pages that show something else.
func TestConcern(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m := newMailSite(t)
		hers, tab, his := s.at(t, 1, "", ""), s.at(t, 1, "two", "two"), s.at(t, 2, "", "")
		other := s.at(t, 3, "", "")
		m.put(1, "one")
		s.hub.Concern(1, 99)
		time.Sleep(100 * time.Millisecond)
		m.put(1, "two")
		m.put(2, "his")
		s.hub.Concern(2, 1)
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "for whom it was read", m.batches, [][]int64{{1, 2}})
		equal(t, "hers", hers.state().inboxes, []string{"two"})
		equal(t, "of the tab that shows it", tab.state().inboxes, nil)
		equal(t, "his", his.state().inboxes, []string{"his"})
		equal(t, "of one whom it does not concern", other.state().inboxes, nil)
		s.hub.Concern(1) // yet nothing has changed
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "hers, once more", hers.state().inboxes, []string{"two"})
	})
}

// A page that shows something else than the store had at the handshake is told, and so is one
// whose person something concerned during it.
func TestConcernOfWhoComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m := newMailSite(t)
		m.put(1, "new")
		same := s.at(t, 1, "new", "new")
		time.Sleep(time.Second)
		equal(t, "how often it was read for one who knows", m.asked(), 0)
		old := s.at(t, 1, "old", "new")
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "what the old page was told", old.state().inboxes, []string{"new"})
		equal(t, "what the other was told", same.state().inboxes, nil)
		s.during = func() {
			m.put(2, "newest")
			s.hub.Concern(2)
			time.Sleep(time.Second) // it has been read by now
		}
		late := s.at(t, 2, "", "")
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "what one was told whom it concerned on the way", late.state().inboxes, []string{"newest"})
	})
}
