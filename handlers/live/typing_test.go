package live_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"plaza/handlers/live"
)

func said(t *testing.T, r *reader, text string) {
	t.Helper()
	if err := r.socket.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

// Who types is told for five seconds, or until what they wrote is there.
func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2, 3)
		s := c.open(t, c.source())
		hers, his := s.mustConnect(t, 1, 0), s.mustConnect(t, 2, 0)
		go hers.read()
		go his.read()
		time.Sleep(time.Second)
		for range 3 { // as a page says it while somebody types
			said(t, hers, `{"typing":"1","headers":{"HX-Request":"true"}}`)
			time.Sleep(2500 * time.Millisecond)
		}
		late := s.mustConnect(t, 3, 0)
		go late.read()
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "who types", his.state().typing, [][]string{{name(1)}})
		equal(t, "who types, to one who came late", late.state().typing, [][]string{{name(1)}})
		time.Sleep(3 * time.Second)
		synctest.Wait()
		equal(t, "who types, once nothing more came", his.state().typing, [][]string{{name(1)}, {}})
		equal(t, "who types, to oneself", hers.state().typing, [][]string{{name(1)}, {}})
		time.Sleep(10 * time.Second)
		said(t, hers, `{"typing":"1"}`)
		said(t, his, `{"typing":"1"}`)
		time.Sleep(1500 * time.Millisecond)
		written := c.commit(1)[0]
		written.Author = 1
		s.hub.Publish(room, written)
		synctest.Wait()
		equal(t, "who types, when the message is there", late.state().typing[2:], [][]string{{name(1)}, {name(1), name(2)}, {name(2)}})
	})
}

// Nobody is said to type who may not write, however often a page says so.
func TestWhoIsNotSaidToType(t *testing.T) {
	for _, test := range []struct {
		name, text string
		silent     bool
		times      int
		most       int // times that the store may be asked
	}{
		{"who may not write", `{"typing":"1"}`, true, 30, 2},
		{"who says something else", `{"message":"1"}`, false, 3, 0},
		{"who says rubbish", `{"typing":`, false, 3, 0},
		{"who says it wrong", `{"typing":{"typing":"1"}}`, false, 3, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClub(1, 2)
				c.silent[1] = test.silent
				s := c.open(t, c.source())
				hers, his := s.mustConnect(t, 1, 0), s.mustConnect(t, 2, 0)
				go hers.read()
				go his.read()
				time.Sleep(time.Second)
				for range test.times {
					said(t, hers, test.text)
					time.Sleep(100 * time.Millisecond)
				}
				time.Sleep(2 * time.Second)
				equal(t, "who types", his.state().typing, nil)
				equal(t, "close code", hers.state().closed, 0)
				c.mu.Lock()
				asked := c.mayAsked
				c.mu.Unlock()
				if asked > test.most {
					t.Errorf("the store was asked %d times", asked)
				}
			})
		})
	}
}

// In a public room nobody is said to type.
func TestTypingInPublic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1)
		source := c.source()
		source.members = false
		s := newSiteOf(t, c.journal, source, live.Limits{}, live.Alone{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		said(t, r, `{"typing":"1"}`)
		time.Sleep(time.Second)
		equal(t, "who types", r.state().typing, nil)
	})
}
