package live_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/live"
)

// line carries what hubs say to those that follow it, at once and once.
type line struct {
	mu      sync.Mutex
	ends    []*lineEnd
	carried []live.Channel
}

type lineEnd struct {
	live.Alone
	line     *line
	listener live.Listener
	followed map[live.Channel]bool
}

func (l *line) end() *lineEnd {
	end := &lineEnd{line: l, followed: map[live.Channel]bool{}}
	l.ends = append(l.ends, end)
	return end
}

func (e *lineEnd) Listen(l live.Listener) { e.listener = l }

func (e *lineEnd) Publish(channel live.Channel, entry live.Entry) {
	e.line.mu.Lock()
	var listeners []live.Listener
	for _, end := range e.line.ends {
		if end != e && end.followed[channel] {
			listeners = append(listeners, end.listener)
			e.line.carried = append(e.line.carried, channel)
		}
	}
	e.line.mu.Unlock()
	for _, listener := range listeners {
		listener.Changed(channel, entry)
	}
}

func (e *lineEnd) Follow(channel live.Channel) { e.follow(channel, true) }

func (e *lineEnd) Forget(channel live.Channel) { e.follow(channel, false) }

func (e *lineEnd) follow(channel live.Channel, follows bool) {
	e.line.mu.Lock()
	defer e.line.mu.Unlock()
	e.followed[channel] = follows
}

// What is said on one server comes to the readers of another, and to those servers alone that have
// some.
func TestServersTellEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, l := newClub(1, 2), &line{}
		source := c.source()
		boxes := &mailroom{}
		source.inboxes = boxes.read
		var sites []*site
		for range 3 {
			sites = append(sites, newSiteOf(t, c.journal, source, live.Limits{}, l.end()))
		}
		hers, his := sites[0].mustConnect(t, 1, 0), sites[1].mustConnect(t, 2, 0)
		go hers.read()
		go his.read()
		time.Sleep(100 * time.Millisecond)
		said(t, hers, `{"typing":"1"}`)
		c.turnTo(1)
		sites[0].hub.Touch(room, 1)
		boxes.put(2, "new")
		sites[0].hub.InboxChanged(2, 3)
		publishAll(sites[0].hub, c.commit(1))
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "held", his.state().held, []int64{1})
		equal(t, "states", his.state().states, []string{"full 1"})
		equal(t, "inboxes", his.state().inboxes, []string{"new"})
		equal(t, "who types", his.state().typing, [][]string{{name(1)}})
		equal(t, "what the bus carried", l.carried, []live.Channel{
			live.TypingChannel(room), live.RoomChannel(room), live.PersonChannel(2), live.RoomChannel(room),
		})
		publishAll(sites[0].hub, []live.Entry{c.leave(2)})
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "close code of who left", his.state().closed, noSuchRoom)
	})
}

// What the bus loses comes by the store.
func TestWhatTheBusLoses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1)
		source := c.polled()
		boxes := &mailroom{}
		source.inboxes, source.inboxChanges = boxes.read, boxes.changed
		s := c.open(t, source)
		r := s.mustConnect(t, 1, 0)
		go r.read()
		time.Sleep(100 * time.Millisecond)
		c.commit(2)
		c.turnTo(4)
		boxes.put(1, "new")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1, 2})
		equal(t, "states", r.state().states, []string{"full 4"})
		equal(t, "inboxes", r.state().inboxes, []string{"new"})
		before := boxes.asked()
		boxes.fail(errors.New("the disk is away"))
		boxes.put(1, "newer")
		time.Sleep(3 * time.Second)
		boxes.fail(nil)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		equal(t, "inboxes once the store is back", r.state().inboxes, []string{"new", "newer"})
		if asked := boxes.asked() - before; asked > 10 {
			t.Errorf("in 6 s it was asked %d times", asked)
		}
	})
}
