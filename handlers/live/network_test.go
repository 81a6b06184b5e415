package live_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sys/unix"

	"plaza/handlers/live"
)

// networked is a hub that is reached over the kernel's own network.
type networked struct {
	network
	*journal
	hub    *live.Hub
	server *httptest.Server
}

// open starts a hub, whose messages have a size in bytes at least. It does not look after its
// connections until it is run.
func (n network) open(t testing.TB, size int) *networked {
	t.Helper()
	s := &networked{network: n, journal: &journal{}}
	source := s.source()
	framed := source.frameChanges
	source.frameChanges = func(room int64, to live.Cursor, changes []live.Entry) []byte {
		return fmt.Appendf(nil, "%s%*s", framed(room, to, changes), size, "")
	}
	s.hub = live.NewHub(source, live.Limits{}, live.Alone{})
	s.server = n.serve(t, s.accept)
	t.Cleanup(func() {
		ended, end := context.WithCancel(context.Background())
		end()
		s.hub.Shutdown(ended)
	})
	return s
}

func (s *networked) accept(w http.ResponseWriter, r *http.Request) {
	person, _ := strconv.ParseInt(r.FormValue("person"), 10, 64)
	reservation, err := s.hub.Reserve(live.Member{
		Person: live.Person{ID: person, Name: name(person)}, Session: live.SessionKey{byte(person)},
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	socket, err := websocket.Accept(handed{w, reservation}, r, nil)
	if err != nil {
		reservation.Release()
		return
	}
	reservation.Serve(socket, live.Place{Room: live.Room{ID: room}})
}

// connect opens a person's connection. One that is to stall has little room for what it does not
// read.
func (s *networked) connect(t testing.TB, person int64, stalls bool) *reader {
	t.Helper()
	transport := s.server.Client().Transport.(*http.Transport).Clone()
	if stalls {
		transport.DialContext = dialNarrow
	}
	socket, _, err := websocket.Dial(t.Context(), s.server.URL+"/?person="+strconv.FormatInt(person, 10), &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.CloseNow() })
	socket.SetReadLimit(-1)
	return &reader{socket: socket, held: []int64{}}
}

// dialNarrow opens a connection that takes about 4 kB before it is read.
func dialNarrow(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err == nil {
		err = conn.(*net.TCPConn).SetReadBuffer(4096)
	}
	return conn, err
}

// What a reader that stalls must not cost, over TLS as without it: memory for what it does not take,
// and the time of others. It is closed once it has taken nothing for the write timeout.
func TestStalledReadersOverNetworks(t *testing.T) {
	const (
		lively  = 4
		stalled = 8        // more than there are writers
		size    = 64 << 10 // bytes of a message
		changes = 150      // which is more than the kernel keeps for a reader
		most    = 16 << 20 // bytes that the ring takes, and all else
	)
	var sites []*networked
	for _, n := range networks {
		s := n.open(t, size)
		sites = append(sites, s)
		var readers []*reader
		for person := range int64(lively) {
			r := s.connect(t, person, false)
			readers = append(readers, r)
			go r.read()
		}
		for person := range int64(stalled) {
			s.connect(t, lively+person, true)
		}
		eventually(t, "all are there", func() bool { return s.hub.Online() == lively+stalled })
		before := memory()
		for version := range int64(changes) {
			publishAll(s.hub, s.commit(1))
			for _, r := range readers {
				eventually(t, "lively readers are told, over "+n.name, func() bool { return r.state().cursor > version })
			}
		}
		if took := memory() - before; took > most {
			t.Errorf("over %s: %d bytes of memory for readers that take nothing", n.name, took)
		}
		for _, r := range readers {
			if state := r.state(); state.problem != "" || len(state.held) != changes {
				t.Errorf("over %s: a lively reader holds %d changes: %s", n.name, len(state.held), state.problem)
			}
		}
		equal(t, "connections until the hub looks after them, over "+n.name, s.hub.Connections(), lively+stalled)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	for _, s := range sites {
		running.Go(func() { s.hub.Run(ctx) })
	}
	for _, s := range sites {
		eventually(t, "stalled readers are closed, over "+s.name, func() bool { return s.hub.Online() == lively })
	}
}

// What it costs to bring a message of a kilobyte to many readers, plainly and over TLS by turns: the
// processor's time of the server and of its readers together.
func BenchmarkDelivery(b *testing.B) {
	const readers, size = 200, 1 << 10
	for _, n := range networks {
		b.Run(n.name, func(b *testing.B) {
			s := n.open(b, size)
			var told sync.WaitGroup
			for person := range int64(readers) {
				r := s.connect(b, person, false)
				go func() {
					for {
						if _, _, err := r.socket.Read(context.Background()); err != nil {
							return
						}
						told.Done()
					}
				}()
			}
			begun := processorTime(b)
			for b.Loop() {
				told.Add(readers)
				publishAll(s.hub, s.commit(1))
				told.Wait()
			}
			took := processorTime(b) - begun
			b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/readers, "cpu-ns/reader")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/readers, "ns/reader")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// processorTime is what the process has used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}
