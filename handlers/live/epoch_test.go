package live_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"plaza/handlers/live"
)

// noticed is how long it takes, at most, until servers notice by themselves that a store has lost
// commits, and have read what it has.
const noticed = 2 * time.Second

// newArchiveSites starts servers of one site, which ask their archive once a second how far it is.
func newArchiveSites(t *testing.T, count int) ([]*site, *archive) {
	t.Helper()
	a, l := &archive{}, &line{}
	var sites []*site
	for range count {
		sites = append(sites, newSiteOf(t, &journal{}, a.source(), live.Limits{}, l.end()))
	}
	synctest.Wait() // until their hubs run
	return sites, a
}

// A store that has lost commits goes on. Readers show what it has, and nothing that is in no log any more:
// those that were there, those that come back at once, and those that come back once the room has passed
// them.
func TestReadersOfAStoreThatLostCommits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		restarted bool          // whether the store was restarted
		pause     time.Duration // until the store goes on
		lost      int
		further   int // how many changes follow
	}{
		{"a failover", true, 0, 7, 3},
		{"a failover, and the room comes to where it was", true, 0, 7, 7},
		{"a failover, and the room passes where it was", true, 0, 7, 30},
		{"a failover that the servers notice before the room goes on", true, noticed, 7, 30},
		{"a failover that lost nothing", true, 0, 0, 5},
		{"a failover that lost all", true, 0, 40, 50},
		{"commits vanish", false, noticed, 7, 30},
		{"all commits vanish", false, noticed, 40, 50},
		{"commits vanish, and nothing follows", false, noticed, 7, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sites, a := newArchiveSites(t, 2)
				luck := rand.New(rand.NewPCG(5, 6))
				var screens []*screen
				for i := range 6 {
					c := newScreen(sites[i%2], a, 0)
					c.connect(t)
					screens = append(screens, c)
				}
				synctest.Wait()
				for _, e := range a.changes(luck, 40, 0) {
					sites[0].hub.Publish(room, e)
				}
				time.Sleep(noticed)
				synctest.Wait()
				screens[2].cut()
				screens[3].cut()
				screens[4].cut()
				a.lose(test.lost, test.restarted)
				time.Sleep(test.pause)
				screens[2].connect(t)
				screens[3].connect(t)
				for _, e := range a.changes(luck, test.further, 0) {
					sites[1].hub.Publish(room, e)
				}
				time.Sleep(noticed)
				screens[4].connect(t)
				time.Sleep(noticed)
				synctest.Wait()
				for i, c := range screens {
					if problem := c.isDone(); problem != "" {
						t.Errorf("reader %d: %s", i, problem)
					}
					if test.lost == 0 && c.fresh > 0 {
						t.Errorf("reader %d starts over, though nothing was lost", i)
					}
				}
				for i, s := range sites {
					page, err := s.hub.Page(t.Context(), live.Room{ID: room}, a.progress())
					if want := a.progress(); err != nil || page.Version != want.Version || page.History != want.History {
						t.Errorf("server %d has the page %d of %+v, %v, want %+v", i, page.Version, page.History, err, want)
					}
				}
			})
		})
	}
}

// A page is of the history that its room is known to have, also before the server was told of it.
func TestPageOfAStoreThatLostCommits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, a := newArchiveSite(t)
		luck := rand.New(rand.NewPCG(7, 8))
		a.changes(luck, 20, 0)
		if _, err := s.hub.Page(t.Context(), live.Room{ID: room}, a.progress()); err != nil {
			t.Fatal(err)
		}
		a.lose(5, true)
		a.change(luck, 0)
		page, err := s.hub.Page(t.Context(), live.Room{ID: room}, a.progress())
		if err != nil || page.Version != 16 || page.History != a.progress().History {
			t.Errorf("the page is %d of %+v, %v, want 16 of %+v", page.Version, page.History, err, a.progress().History)
		}
	})
}

// A page that was read before the room took another history, and comes late, does not bring the room
// back to the history before.
func TestLatePageOfAnEarlierHistory(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		before int // how many changes there are when the page is read
	}{
		{"an empty log", 0},
		{"a log that then lost commits", 20},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, luck := &archive{}, rand.New(rand.NewPCG(9, 10))
				a.changes(luck, test.before, 0)
				earlier := a.progress().History
				source := a.source()
				read := source.newest
				source.newest = func(ctx context.Context, id int64) (live.Page, error) {
					page, err := read(ctx, id)
					if page.History == earlier {
						time.Sleep(10 * readingTime)
					}
					return page, err
				}
				s := newSiteWith(t, source)
				first := newScreen(s, a, live.Nowhere)
				first.connect(t)
				synctest.Wait() // until it waits for the page
				a.lose(test.before/2, true)
				s.hub.Publish(room, a.change(luck, 0))
				second := newScreen(s, a, live.Nowhere)
				second.connect(t)
				time.Sleep(5 * readingTime)
				second.cut() // or its cursor would tell the room better
				time.Sleep(50 * readingTime)
				synctest.Wait()
				for i, c := range []*screen{first, second} {
					if problem := c.isDone(); problem != "" {
						t.Errorf("reader %d: %s", i, problem)
					}
				}
			})
		})
	}
}

// misfortune is what happens to a site on two servers whose store loses commits.
type misfortune struct {
	Changes   int
	Luck      uint64
	Publish   []int // which of the changes are published, in this order
	Late      int   // how many of those only once the store has lost commits
	Join      int64 // a reader comes, so far behind the newest version
	Cut       int   // which reader loses its connection, if any
	Back      bool  // whether all who lost theirs come back
	Lose      int
	Restarted bool
	Pause     time.Duration
}

func drawMisfortune(t *rapid.T) misfortune {
	m := misfortune{
		Changes:   rapid.SampledFrom([]int{0, 1, 2, 3, 8, 30, 210}).Draw(t, "changes"),
		Luck:      rapid.Uint64().Draw(t, "luck"),
		Late:      rapid.IntRange(0, 3).Draw(t, "late"),
		Join:      rapid.Int64Range(0, 220).Draw(t, "join"),
		Cut:       rapid.IntRange(0, 9).Draw(t, "cut"),
		Back:      rapid.Bool().Draw(t, "back"),
		Lose:      rapid.SampledFrom([]int{0, 0, 1, 3, 20, 300}).Draw(t, "lose"),
		Restarted: rapid.Bool().Draw(t, "restarted"),
		Pause:     rapid.SampledFrom([]time.Duration{0, 1, 3, 60, 1500}).Draw(t, "pause") * time.Millisecond,
	}
	m.Publish = rand.New(rand.NewPCG(m.Luck, 1)).Perm(m.Changes)
	m.Publish = m.Publish[:rapid.IntRange(0, m.Changes).Draw(t, "published")]
	return m
}

// However often a store loses commits, and whatever else happens: in the end, each reader shows what the
// store has.
func TestReadersShowWhatAFallibleStoreHas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		plan := rapid.SliceOfN(rapid.Custom(drawMisfortune), 1, 8).Draw(rt, "plan")
		var problem string
		synctest.Test(t, func(t *testing.T) { problem = suffer(t, plan) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

// suffer carries a plan out, and returns what some reader shows wrongly in the end.
func suffer(t *testing.T, plan []misfortune) string {
	sites, a := newArchiveSites(t, 2)
	var screens []*screen
	for _, s := range sites { // or a server would not read the room, and not know what was lost
		c := newScreen(s, a, 0)
		c.connect(t)
		screens = append(screens, c)
	}
	away := map[int]bool{}
	for i, m := range plan {
		entries := a.changes(rand.New(rand.NewPCG(m.Luck, 0)), m.Changes, 0)
		onTime := max(0, len(m.Publish)-m.Late)
		for _, which := range m.Publish[:onTime] {
			sites[which%2].hub.Publish(room, entries[which])
		}
		c := newScreen(sites[i%2], a, max(0, a.progress().Version-m.Join))
		c.connect(t)
		screens = append(screens, c)
		if which := len(sites) + m.Cut; which < len(screens) && !away[which] {
			screens[which].cut()
			away[which] = true
		}
		time.Sleep(m.Pause)
		if m.Lose > 0 {
			time.Sleep(noticed) // until the servers know what is lost
			a.lose(m.Lose, m.Restarted)
			if !m.Restarted { // nothing else tells them, if the room goes on at once
				time.Sleep(noticed)
			}
		}
		for _, which := range m.Publish[onTime:] {
			sites[which%2].hub.Publish(room, entries[which])
		}
		if m.Back {
			for which := range away {
				screens[which].connect(t)
			}
			clear(away)
		}
	}
	for which := range away {
		screens[which].connect(t)
	}
	sites[0].hub.Publish(room, a.change(rand.New(rand.NewPCG(0, 0)), 0))
	time.Sleep(2 * noticed)
	synctest.Wait()
	for reader, c := range screens {
		if problem := c.isDone(); problem != "" {
			return fmt.Sprintf("in the end, reader %d: %s", reader, problem)
		}
	}
	return ""
}
