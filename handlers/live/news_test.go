package live_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/live"
)

// tells makes the room of a journal the one that pages elsewhere are told of: how many changes it has. It
// returns how often that was read.
func (j *journal) tells(source *fake) (reads *atomic.Int64) {
	reads = new(atomic.Int64)
	source.newsRoom = room
	source.news = func() ([]byte, error) {
		reads.Add(1)
		j.mu.Lock()
		defer j.mu.Unlock()
		return mustMarshal(frame{News: digits(int64(len(j.entries)))}), j.trouble
	}
	return reads
}

// Pages that do not show the room are told what is new there, at most once every two seconds and all the
// same. It is read once for all of them. Pages of the room are told its changes alone.
func TestNewsIsToldElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &journal{}
		source := j.source()
		reads := j.tells(source)
		s := newSiteOf(t, j, source, live.Limits{}, live.Alone{})
		here := s.mustConnect(t, 1, 0)
		go here.read()
		elsewhere := []*reader{s.at(t, 1, "", ""), s.at(t, 2, "", ""), s.at(t, 3, "", "")}
		other, err := s.connectAs(live.Member{Person: live.Person{ID: 4}}, live.Place{Room: live.Room{ID: 7}, After: live.Cursor{Version: 0}})
		if err != nil {
			t.Fatal(err)
		}
		go other.read()
		elsewhere = append(elsewhere, other)
		time.Sleep(5 * time.Second)
		want := []string{"0"}
		check := func(most int64) {
			t.Helper()
			synctest.Wait()
			for _, r := range elsewhere {
				equal(t, "the news", r.state().news, want)
			}
			if got := reads.Swap(0); got > most {
				t.Errorf("the news was read %d times, want %d at most", got, most)
			}
		}
		check(1)
		for range 19 { // for less than two seconds
			publishAll(s.hub, s.commit(5))
			time.Sleep(100 * time.Millisecond)
		}
		want = append(want, "5")
		check(1)
		time.Sleep(5 * time.Second)
		want = append(want, "95")
		check(1)
		s.hub.Publish(7, live.Entry{Version: 1, Fragment: []byte("1 ")}) // in another room
		s.hub.Expect(room, 95)                                           // something that makes no news
		time.Sleep(5 * time.Second)
		check(1)
		equal(t, "what the page of the room was told elsewhere", here.state().news, nil)
		equal(t, "what it holds", here.state().cursor, 95)

		late := s.at(t, 5, "", "")
		equal(t, "what a page is told that connects later", late.state().news, []string{"95"})
	})
}

// Where the store is away, the news is read again.
func TestNewsAfterTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &journal{}
		source := j.source()
		j.tells(source)
		s := newSiteOf(t, j, source, live.Limits{}, live.Alone{})
		r := s.at(t, 1, "", "")
		time.Sleep(5 * time.Second)
		s.fail(errors.New("the store is away"))
		publishAll(s.hub, s.commit(1))
		time.Sleep(5 * time.Second)
		s.fail(nil)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		equal(t, "the news", r.state().news, []string{"0", "1"})
	})
}

// News of another server comes by the bus, and by the store where the bus loses it, also to a server where
// nobody reads the room.
func TestNewsOfAnotherServer(t *testing.T) {
	for _, loses := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			j, l := &journal{}, &line{}
			source, other := j.source(), j.source()
			j.tells(source)
			j.tells(other)
			if loses {
				source.progress = func(context.Context, []int64) (map[int64]live.Progress, error) {
					j.mu.Lock()
					defer j.mu.Unlock()
					return map[int64]live.Progress{room: {Version: int64(len(j.entries))}}, nil
				}
			}
			s := newSiteOf(t, j, source, live.Limits{}, l.end())
			there := newSiteOf(t, j, other, live.Limits{}, l.end())
			r := s.at(t, 1, "", "")
			left := s.mustConnect(t, 2, 0)
			go left.read()
			synctest.Wait()
			_ = left.socket.CloseNow()
			time.Sleep(5 * time.Minute) // until the hub forgets idle rooms
			if loses {
				there.commit(1)
			} else {
				publishAll(there.hub, there.commit(1))
			}
			time.Sleep(3100 * time.Millisecond)
			synctest.Wait()
			equal(t, "the news", r.state().news, []string{"0", "1"})
		})
	}
}
