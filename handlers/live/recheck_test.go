package live_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"pgregory.net/rapid"

	"plaza/handlers/live"
)

// noSuchRoom is what a connection is closed with whose person may not read the room.
const noSuchRoom = websocket.StatusCode(4404)

// Whichever way a leave comes to a server: who left is told nothing from there on, and the others
// all of it, in order.
func TestWhoLeavesIsToldNoMore(t *testing.T) {
	tests := []struct {
		name   string
		happen func(s *site, c *club)
	}{
		{"published in order", func(s *site, c *club) {
			publishAll(s.hub, []live.Entry{c.leave(1)})
			publishAll(s.hub, c.commit(3))
		}},
		{"published after what came later", func(s *site, c *club) {
			leaves := c.leave(1)
			publishAll(s.hub, c.commit(3))
			publishAll(s.hub, []live.Entry{leaves})
		}},
		{"never published, which later ones are", func(s *site, c *club) {
			c.leave(1)
			publishAll(s.hub, c.commit(3))
		}},
		{"never published, nor is anything", func(_ *site, c *club) {
			c.leave(1)
			c.commit(3)
		}},
		{"long before what is published", func(s *site, c *club) {
			c.leave(1)
			publishAll(s.hub, c.commit(300)[299:])
		}},
		{"long after what readers have", func(s *site, c *club) {
			written := c.commit(300)
			publishAll(s.hub, append(written[299:], c.leave(1)))
		}},
		{"known by a page that somebody asks for", func(s *site, c *club) {
			c.leave(1)
			c.commit(3)
			_, _ = s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: c.head()})
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClub(1, 2)
				s := c.open(t, c.polled())
				c.commit(2)
				gone, tab, stays := s.mustConnect(t, 1, 0), s.mustConnect(t, 1, live.Nowhere), s.mustConnect(t, 2, 0)
				for _, r := range []*reader{gone, tab} {
					r.barred = c.bars(1)
					go r.read()
				}
				go stays.read()
				time.Sleep(100 * time.Millisecond)
				test.happen(s, c)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				for _, r := range []*reader{gone, tab} {
					equal(t, "close code of who left", r.state().closed, noSuchRoom)
				}
				equal(t, "the other's cursor", stays.state().cursor, c.head())
			})
		})
	}
}

// Somebody may have left between the handshake and the room, of which the room then hears nothing.
func TestWhoComesHavingLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2)
		s := c.open(t, c.source())
		stays := s.mustConnect(t, 2, 0)
		go stays.read()
		publishAll(s.hub, append(c.commit(2), c.leave(1)))
		time.Sleep(100 * time.Millisecond)
		late := s.mustConnect(t, 1, 0)
		go late.read()
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		equal(t, "close code", late.state().closed, noSuchRoom)
		equal(t, "frames", late.state().frames, 0)
		equal(t, "held by the other", stays.state().held, []int64{1, 2, 3})
	})
}

// Who has left and come back is no stranger to a server that hears of it only then.
func TestWhoCameBackStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2)
		s := c.open(t, c.source())
		stays := s.mustConnect(t, 2, 0)
		go stays.read()
		time.Sleep(100 * time.Millisecond)
		leaves, joins := c.leave(1), c.join(1)
		back := s.mustConnect(t, 1, 2)
		go back.read()
		time.Sleep(100 * time.Millisecond)
		publishAll(s.hub, append([]live.Entry{leaves, joins}, c.commit(1)...))
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		equal(t, "close code", back.state().closed, 0)
		equal(t, "held", back.state().held, []int64{3})
	})
}

// Where the store does not say who may read, nobody is told anything, and all come back.
func TestWhoIsInDoubtWhileTheStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2)
		s := c.open(t, c.source())
		c.commit(1)
		c.fails(errors.New("the disk is away"))
		r := s.mustConnect(t, 1, 0)
		go r.read()
		time.Sleep(100 * time.Millisecond)
		synctest.Wait()
		equal(t, "close code", r.state().closed, websocket.StatusTryAgainLater)
		equal(t, "frames", r.state().frames, 0)
	})
}

// What is handed on as it comes asks the store nothing.
func TestChatteringAsksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2)
		s := c.open(t, c.source())
		for person := range int64(2) {
			r := s.mustConnect(t, 1+person, 0)
			go r.read()
		}
		time.Sleep(100 * time.Millisecond)
		before := c.askedWhoIsOutside()
		for range 50 {
			publishAll(s.hub, c.commit(1))
			synctest.Wait()
		}
		asked := c.askedWhoIsOutside() - before
		if pages, reads := s.asked(); asked != 0 || pages != 1 || reads != 0 {
			t.Errorf("for 50 posts it was asked %d times who is outside; %d pages and %d ranges were read", asked, pages, reads)
		}
	})
}

// turn is what happens to a club and its readers at one time.
type turn struct {
	Events  []int64 // 0: a post; n: person n leaves; -n: person n joins
	Publish []int   // which of these are published, in this order
	Comes   int64   // who opens a page, if they may
	Behind  int64   // with so much missing
	Cut     int     // which page loses its connection, and comes back if it may
	Page    bool    // whether somebody asks for the newest page
	Pause   time.Duration
}

const clubbers = 4 // people, in the most

func drawTurn(t *rapid.T) turn {
	events := rapid.OneOf(rapid.Just(int64(0)), rapid.Just(int64(0)), rapid.Int64Range(-clubbers, clubbers))
	n := rapid.SampledFrom([]int{0, 1, 1, 2, 3, 8, 220}).Draw(t, "count")
	drawn := turn{
		Comes:  rapid.Int64Range(1, clubbers).Draw(t, "comes"),
		Behind: rapid.SampledFrom([]int64{-1, 0, 0, 1, 2, 5, 230}).Draw(t, "behind"),
		Cut:    rapid.IntRange(0, 12).Draw(t, "cut"),
		Page:   rapid.Bool().Draw(t, "page"),
		Pause:  rapid.SampledFrom([]time.Duration{0, 0, 1, 2, 60}).Draw(t, "pause") * time.Millisecond,
	}
	if n <= 8 {
		drawn.Events = rapid.SliceOfN(events, n, n).Draw(t, "events")
	} else {
		drawn.Events = make([]int64, n)
		drawn.Events[rapid.IntRange(0, n-1).Draw(t, "where")] = rapid.Int64Range(1, clubbers).Draw(t, "leaves")
	}
	order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "luck"), 1)).Perm(n)
	if rapid.Bool().Draw(t, "in order") {
		for i := range order {
			order[i] = i
		}
	}
	drawn.Publish = order[:rapid.IntRange(0, n).Draw(t, "published")]
	return drawn
}

// However people come, go, leave and join, and however a server hears of it: nothing reaches
// anybody from where they left, and all reaches the others.
func TestWhateverHappensWhoLeftIsToldNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		plan := rapid.SliceOfN(rapid.Custom(drawTurn), 1, 10).Draw(rt, "plan")
		var problem string
		synctest.Test(t, func(t *testing.T) { problem = visit(t, plan) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

// guest is a page of a club's member.
type guest struct {
	page
	person int64
	since  int64 // the version the room was at when it connected
}

// visit carries a plan out and returns the first promise that was broken.
func visit(t *testing.T, plan []turn) string {
	c := newClub()
	for person := range int64(clubbers) {
		c.members[1+person] = true
	}
	s := c.open(t, c.polled())
	var guests []*guest
	for _, turn := range plan {
		var entries []live.Entry
		for _, event := range turn.Events {
			switch {
			case event > 0 && c.isMember(event):
				entries = append(entries, c.leave(event))
			case event < 0 && !c.isMember(-event):
				entries = append(entries, c.join(-event))
			default:
				entries = append(entries, c.commit(1)...)
			}
		}
		if len(guests) < 10 && c.isMember(turn.Comes) {
			g := &guest{person: turn.Comes, page: page{site: s, reader: &reader{cursor: max(live.Nowhere, c.head()-turn.Behind)}}}
			g.come(t, c)
			guests = append(guests, g)
		}
		for _, i := range turn.Publish {
			s.hub.Publish(room, entries[i])
		}
		if turn.Page {
			if _, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: c.head()}); err != nil {
				t.Fatal(err)
			}
		}
		if turn.Cut < len(guests) && c.isMember(guests[turn.Cut].person) {
			guests[turn.Cut].cut()
			guests[turn.Cut].come(t, c)
		}
		time.Sleep(turn.Pause)
	}
	time.Sleep(3 * time.Second)
	synctest.Wait()
	for i, g := range guests {
		state := g.state()
		switch isMember := c.isMember(g.person); {
		case state.problem != "":
			return fmt.Sprintf("reader %d, person %d: %s", i, g.person, state.problem)
		case state.closed == noSuchRoom:
			if !c.hasLeftSince(g.person, g.since) {
				return fmt.Sprintf("reader %d, person %d, was put out", i, g.person)
			}
		case state.closed != 0:
			return fmt.Sprintf("reader %d, person %d, was closed with %d", i, g.person, state.closed)
		case !isMember:
			return fmt.Sprintf("reader %d, person %d, left and is still there", i, g.person)
		case state.cursor != c.head():
			return fmt.Sprintf("reader %d, person %d, is at %d of %d", i, g.person, state.cursor, c.head())
		}
	}
	return ""
}

// come opens a connection where the page left off.
func (g *guest) come(t *testing.T, c *club) {
	t.Helper()
	connected, err := g.site.connect(g.person, g.cursor)
	if err != nil {
		t.Fatal(err)
	}
	g.since = c.head()
	g.socket, g.done, g.barred, g.closed = connected.socket, make(chan struct{}), c.bars(g.person), 0
	go func() {
		defer close(g.done)
		g.read()
	}()
}
