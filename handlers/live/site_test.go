package live_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"plaza/handlers/live"
)

// site is a hub behind an HTTP server whose network is net.Pipe, so that all of it can
// live in a synctest bubble. A pipe has no buffer: who does not read stalls the writer at
// once.
type site struct {
	*journal
	fake *fake
	hub  *live.Hub
	dial chan net.Conn
	done chan struct{}
	once sync.Once

	mu     sync.Mutex
	member live.Member // who connects next, and where
	place  live.Place
	during func() // what happens during the next handshake, once its reservation is taken; nil: nothing
	broken error  // why the last connection was refused
}

// newSite starts a site. It ends with the test: where goroutines are left, synctest says so.
func newSite(t *testing.T, limits live.Limits) *site {
	t.Helper()
	j := &journal{}
	return newSiteOf(t, j, j.source(), limits, live.Alone{})
}

// newSiteOf starts a site whose hub reads from a source, and is on a bus.
func newSiteOf(t *testing.T, j *journal, source *fake, limits live.Limits, bus live.Bus) *site {
	t.Helper()
	s := newIdleSite(t, j, source, limits, bus)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.hub.Run(ctx) })
	running.Go(func() { s.hub.Poll(ctx, source) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return s
}

// newIdleSite is newSiteOf whose hub only hands on what is published: it does not look after its
// connections.
func newIdleSite(t *testing.T, j *journal, source *fake, limits live.Limits, bus live.Bus) *site {
	t.Helper()
	s := &site{journal: j, fake: source, dial: make(chan net.Conn), done: make(chan struct{})}
	s.hub = live.NewHub(source, limits, bus)
	server := &http.Server{Handler: http.HandlerFunc(s.accept)}
	var running sync.WaitGroup
	running.Go(func() {
		if err := server.Serve(s); !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("serve: %v", err)
		}
	})
	t.Cleanup(func() {
		_ = server.Close()
		ended, end := context.WithCancel(context.Background())
		end()
		s.hub.Shutdown(ended)
		running.Wait()
	})
	return s
}

// Accept, Close and Addr make the site a net.Listener.
func (s *site) Accept() (net.Conn, error) {
	select {
	case conn := <-s.dial:
		return conn, nil
	case <-s.done:
		return nil, net.ErrClosed
	}
}

func (s *site) Close() error {
	s.once.Do(func() { close(s.done) })
	return nil
}

func (s *site) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

func (s *site) accept(w http.ResponseWriter, r *http.Request) {
	place := s.place // connectAs changes them once the handshake is over
	reservation, err := s.hub.Reserve(s.member)
	if err != nil {
		s.broken = err
		http.Error(w, err.Error(), http.StatusTooManyRequests)
		return
	}
	if during := s.during; during != nil {
		s.during = nil
		during()
	}
	socket, err := websocket.Accept(handed{w, reservation}, r, nil)
	if err != nil {
		reservation.Release()
		return
	}
	reservation.Serve(socket, place)
}

// handed gives the reservation's wire to the websocket, as the site's handler does.
type handed struct {
	http.ResponseWriter
	reservation *live.Reservation
}

func (h handed) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return h.reservation.Wire(conn, buffered)
}

// connect opens a person's connection to the room, after a version.
func (s *site) connect(person int64, version int64) (*reader, error) {
	return s.connectAt(person, live.Cursor{Version: version})
}

// connectAt opens a person's connection to the room, after a cursor.
func (s *site) connectAt(person int64, cursor live.Cursor) (*reader, error) {
	return s.connectAs(live.Member{
		Person:   live.Person{ID: person, Username: name(person), Name: name(person)},
		Session:  live.SessionKey{byte(person)},
		Networks: []live.Network{{Key: name(person), Addresses: 1}},
	}, live.Place{Room: s.fake.named(room), After: cursor})
}

func (s *site) connectAs(member live.Member, place live.Place) (*reader, error) {
	s.mu.Lock() // one handshake at a time: its handler reads these
	defer s.mu.Unlock()
	s.member, s.place, s.broken = member, place, nil
	var near net.Conn
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var far net.Conn
		near, far = net.Pipe()
		select {
		case s.dial <- far:
			return near, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	socket, response, err := websocket.Dial(context.Background(), "ws://pipe/", &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport},
	})
	if err != nil {
		if response != nil {
			_ = response.Body.Close()
		}
		transport.CloseIdleConnections()
		return nil, errors.Join(s.broken, err)
	}
	return &reader{socket: socket, wire: near, cursor: place.After.Version, held: []int64{}}, nil
}

// mustConnect opens a connection on which no promise may be broken until the test's end.
func (s *site) mustConnect(t *testing.T, person int64, cursor int64) *reader {
	t.Helper()
	r, err := s.connect(person, cursor)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() {
		if problem := r.state().problem; problem != "" {
			t.Errorf("the connection of %s: %s", name(person), problem)
		}
	})
	return r
}

func name(person int64) string { return string(rune('a' + person)) }

// reader is a page: it holds the versions it shows, and a cursor.
type reader struct {
	socket *websocket.Conn
	wire   net.Conn // below the socket

	mu      sync.Mutex
	cursor  int64
	held    []int64
	frames  int
	fresh   int
	online  int
	counts  []int // all that it was told of how many are online
	people  []string
	looks   []live.Person            // as it was told that they look
	states  []string                 // of the room, as it was told of them
	typing  [][]string               // the same of who types
	inboxes []string                 // and of what waits for the viewer
	news    []string                 // and of the room that it does not show
	barred  func(version int64) bool // whether its person may not be told of a version; nil: of none
	problem string                   // the first promise that was broken
	closed  websocket.StatusCode
}

// read takes frames until the connection ends.
func (r *reader) read() {
	for {
		_, b, err := r.socket.Read(context.Background())
		if err != nil {
			r.mu.Lock()
			r.closed = websocket.CloseStatus(err)
			r.mu.Unlock()
			return
		}
		r.take(b)
	}
}

// ignore takes all bytes and answers none, as the network does for a machine whose cable
// was pulled.
func (r *reader) ignore() { _, _ = io.Copy(io.Discard, r.wire) }

func (r *reader) complain(format string, of ...any) {
	if r.problem == "" {
		r.problem = fmt.Sprintf(format, of...)
	}
}

func (r *reader) take(b []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	decoder := json.NewDecoder(bytes.NewReader(b))
	for decoder.More() {
		var f frame
		if err := decoder.Decode(&f); err != nil {
			r.problem = err.Error()
			return
		}
		switch {
		case f.Online != nil:
			r.online = *f.Online
			r.counts = append(r.counts, r.online)
			continue
		case f.People != nil:
			r.people = f.People
			continue
		case f.Looks != nil:
			r.looks = append(r.looks, *f.Looks)
			continue
		case f.State != "":
			r.states = append(r.states, f.State)
			continue
		case f.Typing != nil:
			r.typing = append(r.typing, f.Typing)
			continue
		case f.Inbox != "":
			r.inboxes = append(r.inboxes, f.Inbox)
			continue
		case f.News != "":
			r.news = append(r.news, f.News)
			continue
		case f.Fresh:
			r.fresh++
			r.held = nil
		case len(f.Seen) == 0 || f.Seen[0] != r.cursor+1:
			r.complain("at cursor %d a frame with %v", r.cursor, f.Seen)
		}
		r.frames++
		for _, version := range f.Seen {
			if r.barred != nil && r.barred(version) {
				r.complain("version %d came to one who had left", version)
			}
			if len(r.held) > 0 && version != r.held[len(r.held)-1]+1 {
				r.complain("version %d after %d", version, r.held[len(r.held)-1])
			}
			r.held = append(r.held, version)
		}
		r.cursor = f.Version
		if len(r.held) > 0 && r.held[len(r.held)-1] != r.cursor {
			r.complain("cursor %d with %v", r.cursor, r.held)
		}
	}
}

// state returns a copy of what the reader holds.
func (r *reader) state() reader {
	r.mu.Lock()
	defer r.mu.Unlock()
	return reader{
		cursor: r.cursor, held: slices.Clone(r.held), frames: r.frames, fresh: r.fresh,
		online: r.online, counts: slices.Clone(r.counts), people: r.people, looks: slices.Clone(r.looks), problem: r.problem, closed: r.closed,
		states: slices.Clone(r.states), typing: slices.Clone(r.typing), inboxes: slices.Clone(r.inboxes), news: slices.Clone(r.news),
	}
}
