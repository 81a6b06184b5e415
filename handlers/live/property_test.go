package live_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"plaza/handlers/live"
)

// step is something that happens to a room and its readers.
type step struct {
	Commit  int   // so many changes are committed,
	Publish []int // and of these, some are published, in this order
	Join    int64 // a reader comes, so far behind the newest version
	Cut     int   // which reader loses its connection and comes back, if any
	Stall   int   // which reader takes nothing for a while, and then comes back, if any
	Pause   time.Duration
}

func drawStep(t *rapid.T) step {
	s := step{
		Commit: rapid.SampledFrom([]int{0, 1, 1, 2, 3, 30, 250}).Draw(t, "commit"),
		Join:   rapid.Int64Range(-3, 260).Draw(t, "join"),
		Cut:    rapid.IntRange(0, 12).Draw(t, "cut"),
		Stall:  rapid.IntRange(0, 30).Draw(t, "stall"),
		Pause:  rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, 60 * time.Millisecond}).Draw(t, "pause"),
	}
	order := make([]int, s.Commit)
	for i := range order {
		order[i] = i
	}
	s.Publish = rapid.Permutation(order).Draw(t, "order")
	s.Publish = s.Publish[:rapid.IntRange(0, s.Commit).Draw(t, "published")]
	return s
}

// However changes are published, and however readers come, go and stall: in the end each
// has seen every change once, in order.
func TestWhateverHappensReadersSeeAllOnceInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		plan := rapid.SliceOfN(rapid.Custom(drawStep), 1, 12).Draw(rt, "plan")
		var problem string
		synctest.Test(t, func(t *testing.T) { problem = play(t, plan) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

// play carries a plan out and returns the first promise that was broken.
func play(t *testing.T, plan []step) string {
	s := newSite(t, live.Limits{})
	var pages []*page
	for _, step := range plan {
		written := s.commit(step.Commit)
		for _, i := range step.Publish {
			s.hub.Publish(room, written[i])
		}
		if len(pages) < 10 {
			joined := &page{site: s, reader: &reader{cursor: max(live.Nowhere, int64(len(s.entries))-step.Join)}}
			joined.connect(t)
			pages = append(pages, joined)
		}
		if step.Cut < len(pages) {
			pages[step.Cut].cut()
			pages[step.Cut].connect(t)
		}
		if step.Stall < len(pages) {
			pages[step.Stall].stall(t)
		}
		time.Sleep(step.Pause)
	}
	publishAll(s.hub, s.commit(1))
	time.Sleep(time.Second)
	synctest.Wait()
	for i, p := range pages {
		state := p.state()
		switch newest := int64(len(s.entries)); {
		case state.problem != "":
			return fmt.Sprintf("reader %d: %s", i, state.problem)
		case state.cursor != newest:
			return fmt.Sprintf("reader %d is at %d of %d", i, state.cursor, newest)
		}
	}
	return ""
}

// page is a reader that comes back whenever its connection ends.
type page struct {
	*reader
	site *site
	done chan struct{} // closed when it reads no more
}

// connect opens a connection where the page left off.
func (p *page) connect(t *testing.T) {
	t.Helper()
	connected, err := p.site.connect(1, p.cursor)
	if err != nil {
		t.Fatal(err)
	}
	p.socket, p.done = connected.socket, make(chan struct{})
	go func() {
		defer close(p.done)
		p.read()
	}()
}

func (p *page) cut() {
	_ = p.socket.CloseNow()
	<-p.done
}

// stall takes nothing until the connection is given up.
func (p *page) stall(t *testing.T) {
	t.Helper()
	p.cut()
	connected, err := p.site.connect(1, p.cursor)
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(6 * time.Second)
	_ = connected.socket.CloseNow()
	p.connect(t)
}
