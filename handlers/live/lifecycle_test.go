package live_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"plaza/handlers/live"
)

func TestPresenceCountsPeopleNotTabs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		var tabs []*reader
		for _, person := range []int64{1, 1, 1, 2} {
			r := s.mustConnect(t, person, 0)
			go r.read()
			tabs = append(tabs, r)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		for _, r := range tabs {
			equal(t, "online", r.state().online, 2)
			equal(t, "people", r.state().people, []string{"b", "c"})
		}
		_ = tabs[0].socket.Close(websocket.StatusNormalClosure, "")
		time.Sleep(2 * time.Second)
		equal(t, "online with a tab less", tabs[3].state().online, 2)
		_ = tabs[1].socket.Close(websocket.StatusNormalClosure, "")
		_ = tabs[2].socket.CloseNow()
		time.Sleep(2 * time.Second)
		equal(t, "online just after the last tab", tabs[3].state().online, 2)
		time.Sleep(5 * time.Second)
		equal(t, "online without the tabs", tabs[3].state().online, 1)
		equal(t, "people without the tabs", tabs[3].state().people, []string{"c"})
	})
}

// Who loads a page again stays online, for others and on their own page, however often they do so. Once
// they have left, they count no more.
func TestPresenceOverReloads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		other := s.mustConnect(t, 1, 0)
		go other.read()
		time.Sleep(3 * time.Second)
		equal(t, "counts of the first page", other.state().counts, []int{1})
		for range 5 {
			reloads := s.mustConnect(t, 2, 0)
			go reloads.read()
			time.Sleep(1100 * time.Millisecond)
			for _, online := range reloads.state().counts {
				equal(t, "a count on one's own page", online, 2)
			}
			_ = reloads.socket.Close(websocket.StatusGoingAway, "")
			time.Sleep(3 * time.Second)
		}
		equal(t, "counts while the other reloads", other.state().counts, []int{1, 2})
		time.Sleep(5 * time.Second)
		equal(t, "counts once the other has left", other.state().counts, []int{1, 2, 1})
		equal(t, "whether the other is online", s.hub.IsOnline(2), false)
	})
}

// Who is signed out, or has left without a word, is not waited for.
func TestPresenceOfWhoIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		synctest.Wait()
		s.hub.EndSession(live.SessionKey{1})
		synctest.Wait()
		equal(t, "whether one who is signed out is online", s.hub.IsOnline(1), false)
	})
}

func TestALostConnectionIsNoticedWithinTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		lost := s.mustConnect(t, 2, 0)
		go lost.ignore()
		time.Sleep(2 * time.Second)
		equal(t, "online", r.state().online, 2)
		time.Sleep(8 * time.Second)
		equal(t, "online 10 s later", r.state().online, 1)
		_ = lost.wire.Close()
	})
}

func TestAConnectionThatAnswersStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		time.Sleep(time.Hour)
		if !s.hub.IsOnline(1) {
			t.Error("an idle connection was cut within an hour")
		}
		publishAll(s.hub, s.commit(1))
		synctest.Wait()
		equal(t, "held", r.state().held, []int64{1})
	})
}

func TestEndingASessionClosesItsConnectionsForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		ended, other := s.mustConnect(t, 1, 0), s.mustConnect(t, 2, 0)
		go ended.read()
		go other.read()
		synctest.Wait()
		s.hub.EndSession(live.SessionKey{1})
		synctest.Wait()
		equal(t, "close code", ended.state().closed, websocket.StatusPolicyViolation)
		equal(t, "online", s.hub.Online(), 1)
		equal(t, "the other's close code", other.state().closed, 0)
	})
}

// A handshake that began before its session ended, and is over after that, opens no connection.
func TestEndingASessionClosesWhatIsBeingOpened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.during = func() {
			s.hub.EndSession(live.SessionKey{2})
			s.hub.EndSession(live.SessionKey{1})
		}
		ended := s.mustConnect(t, 1, 0)
		go ended.read()
		synctest.Wait()
		equal(t, "close code", ended.state().closed, websocket.StatusPolicyViolation)
		equal(t, "online", s.hub.Online(), 0)
		s.during = func() { s.hub.EndSession(live.SessionKey{1}) }
		other := s.mustConnect(t, 2, 0)
		go other.read()
		synctest.Wait()
		equal(t, "the other's close code", other.state().closed, 0)
	})
}

func TestShutdownSaysComeBackAndRefusesMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r := s.mustConnect(t, 1, 0)
		go r.read()
		stalled := s.mustConnect(t, 2, 0)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		s.hub.Shutdown(ctx)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("a reader that stalls held the shutdown up for %v", took)
		}
		synctest.Wait()
		equal(t, "close code", r.state().closed, websocket.StatusServiceRestart)
		if _, err := s.connect(3, 0); !errors.Is(err, live.ErrClosed) {
			t.Errorf("a connection after the shutdown: %v", err)
		}
		_ = stalled.socket.CloseNow()
	})
}

func TestConnectionsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{PerPerson: 2, PerAddress: 3})
		open := func(person int64, address string) (*reader, error) {
			networks := []live.Network{{Key: address, Addresses: 1}, {Key: "everywhere", Addresses: 2}}
			return s.connectAs(live.Member{Person: live.Person{ID: person}, Networks: networks}, live.Place{Room: s.fake.named(room)})
		}
		mustOpen := func(person int64, address string) *reader {
			t.Helper()
			r, err := open(person, address)
			if err != nil {
				t.Fatal(err)
			}
			go r.read()
			synctest.Wait()
			return r
		}
		first := mustOpen(1, "here")
		mustOpen(1, "there")
		if _, err := open(1, "elsewhere"); !errors.Is(err, live.ErrTooMany) {
			t.Errorf("a person's third connection: %v", err)
		}
		mustOpen(2, "here")
		mustOpen(3, "here")
		if _, err := open(4, "here"); !errors.Is(err, live.ErrTooMany) {
			t.Errorf("an address's fourth connection: %v", err)
		}
		_ = first.socket.Close(websocket.StatusNormalClosure, "")
		synctest.Wait()
		mustOpen(4, "here")
		mustOpen(5, "there")
		mustOpen(6, "elsewhere")
		if _, err := open(7, "somewhere"); !errors.Is(err, live.ErrTooMany) {
			t.Errorf("the seventh connection of two addresses' network: %v", err)
		}
	})
}

func TestWhatAPageSendsIsBounded(t *testing.T) {
	for _, test := range []struct {
		name  string
		send  func(socket *websocket.Conn) error
		times int
		want  websocket.StatusCode
	}{
		{"rubbish is dropped", text("{rubbish"), 3, 0},
		{"binary is dropped", func(socket *websocket.Conn) error {
			return socket.Write(context.Background(), websocket.MessageBinary, []byte{0, 1, 2})
		}, 3, 0},
		{"a flood is cut", text("x"), 1000, websocket.StatusPolicyViolation},
		{"a frame of 1 MB is cut", func(socket *websocket.Conn) error {
			return socket.Write(context.Background(), websocket.MessageText, bytes.Repeat([]byte("x"), 1<<20))
		}, 1, websocket.StatusMessageTooBig},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSite(t, live.Limits{})
				r := s.mustConnect(t, 1, 0)
				go r.read()
				for range test.times {
					if test.send(r.socket) != nil {
						break // closed
					}
				}
				publishAll(s.hub, s.commit(1))
				synctest.Wait()
				state := r.state()
				equal(t, "close code", max(0, state.closed), test.want)
				if test.want == 0 {
					equal(t, "held after it", state.held, []int64{1})
				}
			})
		})
	}
}

func text(s string) func(*websocket.Conn) error {
	return func(socket *websocket.Conn) error {
		return socket.Write(context.Background(), websocket.MessageText, []byte(s))
	}
}

// A connection of no room hears how many are online, and no messages.
func TestAConnectionOfNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		r, err := s.connectAs(live.Member{Person: live.Person{ID: 1, Name: "a"}}, live.Place{})
		if err != nil {
			t.Fatal(err)
		}
		go r.read()
		publishAll(s.hub, s.commit(1))
		time.Sleep(2 * time.Second)
		state := r.state()
		equal(t, "online", state.online, 1)
		equal(t, "held", state.held, []int64{})
		equal(t, "people", state.people, nil)
	})
}

func TestARoomNobodyReadsIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t, live.Limits{})
		s.commit(3)
		for range 2 {
			if _, err := s.hub.Page(t.Context(), s.fake.named(room), live.Progress{Version: 0}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(3 * time.Minute)
		}
		if pages, _ := s.asked(); pages != 2 {
			t.Errorf("a room that nobody reads was read %d times in two visits minutes apart", pages)
		}
	})
}

// Who hides is only counted: others are not shown them come, type or leave, from wherever they do so.
func TestPresenceOfWhoHides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClub(1, 2, 3)
		s := c.open(t, c.source())
		other := s.mustConnect(t, 1, 0)
		go other.read()
		hiding := live.Person{ID: 2, Username: name(2), Name: name(2), Hidden: true}
		hides, err := s.connectAs(live.Member{Person: hiding, Session: live.SessionKey{2}}, live.Place{Room: s.fake.named(room)})
		if err != nil {
			t.Fatal(err)
		}
		go hides.read()
		elsewhere := hiding
		elsewhere.ID = 3
		s.hub.SetElsewhere(map[int64]live.Person{2: hiding, 3: elsewhere})
		time.Sleep(2 * time.Second)
		said(t, hides, `{"typing":"1"}`)
		time.Sleep(2 * time.Second)
		for _, person := range []int64{2, 3} {
			equal(t, "whether one who hides counts", s.hub.Counts(person), true)
			equal(t, "whether one who hides is online", s.hub.IsOnline(person), false)
		}
		equal(t, "online", other.state().online, 3)
		equal(t, "people", other.state().people, []string{name(1)})
		equal(t, "who types", other.state().typing, nil)

		hiding.Hidden = false
		s.hub.Change([]live.Person{hiding})
		time.Sleep(2 * time.Second)
		equal(t, "people, once one hides no more", other.state().people, []string{name(1), name(2)})
		hiding.Hidden = true
		s.hub.Change([]live.Person{hiding})
		time.Sleep(2 * time.Second)
		equal(t, "people, once one hides again", other.state().people, []string{name(1)})
		said(t, hides, `{"typing":"1"}`)
		_ = hides.socket.Close(websocket.StatusGoingAway, "")
		s.hub.SetElsewhere(nil)
		time.Sleep(8 * time.Second)
		equal(t, "online, once they have left", other.state().online, 1)
		equal(t, "people, once they have left", other.state().people, []string{name(1)})
		equal(t, "who types, once they have left", other.state().typing, nil)
	})
}
