package live_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/live"
)

// turnTo has the club's state come to a number.
func (c *club) turnTo(number int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = number
}

func (c *club) statesRead() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stateRead
}

// in opens a person's connection to the room, whose page shows a state.
func (s *site) in(t *testing.T, person, shown, stored int64) *reader {
	t.Helper()
	r, err := s.connectAs(live.Member{Person: live.Person{ID: person, Name: name(person)}}, live.Place{Room: s.fake.named(room), StateShown: shown, State: stored})
	if err != nil {
		t.Fatal(err)
	}
	go r.read()
	time.Sleep(10 * time.Millisecond)
	synctest.Wait()
	return r
}

// Whatever the state comes to is read at most ten times a second, once for all, and each reader is
// told the newest of it.
func TestTouch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2, 3)
		c.turnTo(5)
		c.bared = []int64{3}
		s := c.open(t, c.source())
		if _, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0}); err != nil {
			t.Fatal(err)
		}
		hers, his, bare := s.in(t, 1, 5, 5), s.in(t, 2, 5, 5), s.in(t, 3, 5, 5)
		equal(t, "how often it was read for those who know", c.statesRead(), 0)
		for range 500 { // in two seconds
			c.turnTo(c.state + 1)
			s.hub.Touch(room, c.state)
			time.Sleep(4 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if reads := c.statesRead(); reads < 10 || reads > 22 {
			t.Errorf("in two seconds it was read %d times", reads)
		}
		for _, r := range []*reader{hers, his} {
			states := r.state().states
			equal(t, "the last of what was told", states[len(states)-1], "full 505")
			if len(states) > c.statesRead() {
				t.Errorf("of %d states that were read %d were told", c.statesRead(), len(states))
			}
		}
		states := bare.state().states
		equal(t, "what one was told who shows nothing", states[len(states)-1], "bare 505")
	})
}

// A page that shows another state than the store's is told, wherever that comes from.
func TestTheStateOfWhoComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2, 3, 4)
		c.turnTo(5)
		s := c.open(t, c.source())
		equal(t, "what one is told who shows an older one", s.in(t, 1, 4, 5).state().states, []string{"full 5"})
		time.Sleep(time.Second)
		equal(t, "what one is told who shows one that is not", s.in(t, 2, 9, 5).state().states, []string{"full 5"})
		time.Sleep(time.Second)
		equal(t, "what one is told who shows it", s.in(t, 3, 5, 5).state().states, nil)
		equal(t, "how often it was read", c.statesRead(), 2)
		s.during = func() {
			c.turnTo(6)
			s.hub.Touch(room, 6)
		}
		equal(t, "what one is told who came as it changed", s.in(t, 4, 5, 5).state().states, []string{"full 6"})
	})
}

// The first in a room hears of what touched it during the handshake, when nobody was there.
func TestTheStateOfTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1)
		c.turnTo(5)
		s := c.open(t, c.source())
		s.during = func() {
			c.turnTo(6)
			s.hub.Touch(room, 6)
		}
		equal(t, "what it is told", s.in(t, 1, 5, 5).state().states, []string{"full 6"})
	})
}

// A state that cannot be read ends nobody's connection, and is told once it can.
func TestTheStateWhileTheStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1)
		s := c.open(t, c.source())
		r := s.in(t, 1, 0, 0)
		before := c.statesRead()
		c.fails(errors.New("the disk is away"))
		c.turnTo(1)
		s.hub.Touch(room, 1)
		time.Sleep(4 * time.Second)
		if reads := c.statesRead() - before; reads > 5 {
			t.Errorf("in 4 s it was read %d times", reads)
		}
		c.fails(nil)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		states := r.state().states
		equal(t, "what it is told last", states[len(states)-1], "full 1")
		equal(t, "close code", r.state().closed, 0)
	})
}

// A person who has left is sent no state and is put out, also if nobody has told of it.
func TestTheStateIsForMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2)
		c.turnTo(5)
		s := c.open(t, c.source())
		hers, his := s.in(t, 1, 5, 5), s.in(t, 2, 5, 5)
		c.mu.Lock()
		c.members[2] = false
		c.mu.Unlock()
		c.turnTo(6)
		s.hub.Touch(room, 6)
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "hers", hers.state().states, []string{"full 6"})
		equal(t, "his", his.state().states, nil)
		equal(t, "how his connection ended", his.state().closed, 4404)
	})
}
