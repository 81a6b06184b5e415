package live_test

import (
	"context"
	"fmt"
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
	changes []int64   // whose inbox each change was of; its id is its place
	batches [][]int64 // the people of each read
	away    error
}

func (m *mailroom) put(person int64, mark string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.marks == nil {
		m.marks = map[int64]string{}
	}
	m.marks[person] = mark
	m.changes = append(m.changes, person)
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
		inbox := live.Inbox{Mark: m.marks[person], Frame: mustMarshal(frame{Inbox: m.marks[person]})}
		for id, whose := range m.changes {
			if whose == person {
				inbox.Changes = append(inbox.Changes, int64(id))
			}
		}
		inboxes[person] = inbox
	}
	return inboxes, m.away
}

// changed returns all changes so far.
func (m *mailroom) changed(context.Context) (map[int64]int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	changes := map[int64]int64{}
	for id, person := range m.changes {
		changes[int64(id)] = person
	}
	return changes, m.away
}

// newMailSite starts a site on a mailroom.
func newMailSite(t *testing.T) (*site, *mailroom) {
	t.Helper()
	m, j := &mailroom{}, &journal{}
	source := j.source()
	source.inboxes = m.read
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

// Changed inboxes are read at once a while later, and sent to those pages that show something else.
func TestChangedInboxes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m := newMailSite(t)
		hers, tab, his := s.at(t, 1, "", ""), s.at(t, 1, "two", "two"), s.at(t, 2, "", "")
		other := s.at(t, 3, "", "")
		m.put(1, "one")
		s.hub.InboxChanged(1, 99)
		time.Sleep(100 * time.Millisecond)
		m.put(1, "two")
		m.put(2, "his")
		s.hub.InboxChanged(2, 1)
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "whose inboxes were read", m.batches, [][]int64{{1, 2}})
		equal(t, "hers", hers.state().inboxes, []string{"two"})
		equal(t, "of the tab that shows it", tab.state().inboxes, nil)
		equal(t, "his", his.state().inboxes, []string{"his"})
		equal(t, "of a person whose inbox is the same", other.state().inboxes, nil)
		s.hub.InboxChanged(1) // yet nothing has changed
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "hers, once more", hers.state().inboxes, []string{"two"})
	})
}

// A page is told at its handshake if the store has another inbox, and if the inbox changes during the
// handshake.
func TestInboxAtTheHandshake(t *testing.T) {
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
			s.hub.InboxChanged(2)
			time.Sleep(time.Second) // it has been read by now
		}
		late := s.at(t, 2, "", "")
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "what a page was told of a change during its handshake", late.state().inboxes, []string{"newest"})
	})
}

// An inbox is read once a change, although the store tells of it again and again.
func TestInboxIsReadOnceAChange(t *testing.T) {
	for _, told := range []bool{true, false} {
		t.Run(fmt.Sprintf("told by the bus: %t", told), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				j, m := &journal{}, &mailroom{}
				source := j.source()
				source.inboxes, source.inboxChanges = m.read, m.changed
				s := newSiteOf(t, j, source, live.Limits{}, live.Alone{})
				r := s.at(t, 1, "", "")
				for i, mark := range []string{"one", "two"} {
					m.put(1, mark)
					if told {
						s.hub.InboxChanged(1)
					}
					time.Sleep(5 * time.Second)
					synctest.Wait()
					equal(t, "how often it was read", m.asked(), i+1)
				}
				equal(t, "inboxes", r.state().inboxes, []string{"one", "two"})
			})
		})
	}
}
