package crash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// trouble is what the network does to a connection, in the middle of the data.
type trouble string

const (
	severed   trouble = "severed"     // both ends get an end of file
	reset     trouble = "reset"       // both ends get an error, and data under way is lost
	halfClose trouble = "half-closed" // the receiver gets an end of file; the other direction goes on
	stall     trouble = "stalled"     // no data for seconds; then the connection goes on
)

// troubles holds each trouble by its share of ten. Stalls are rarer, because each takes seconds.
var troubles = []trouble{severed, severed, severed, reset, reset, reset, halfClose, halfClose, halfClose, stall}

const (
	longestStall = 5 * time.Second // longer than the site waits for an answer to its ping
	longestDelay = 40 * time.Millisecond
)

// proxy is a bad network in front of a site. It delays both directions of each connection, and makes
// trouble after some bytes.
type proxy struct {
	target   string
	chance   e2etest.Chance
	listener net.Listener
	carrying sync.WaitGroup

	mu      sync.Mutex
	happens map[trouble]int // how often
	inside  int             // troubles inside one write, which mostly is a frame
}

// behindProxy returns the site at an address behind a bad network, until the test's end.
func behindProxy(t testing.TB, s *e2etest.Site, c e2etest.Chance) (*e2etest.Site, *proxy) {
	t.Helper()
	listener, err := net.Listen("tcp", e2etest.FreeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{target: strings.TrimPrefix(s.URL, "http://"), chance: c, listener: listener, happens: map[trouble]int{}}
	ctx, stop := context.WithCancel(context.Background())
	p.carrying.Go(func() { p.accept(ctx) })
	t.Cleanup(func() {
		stop()
		_ = listener.Close()
		p.carrying.Wait()
	})
	return &e2etest.Site{T: t, URL: "http://" + listener.Addr().String()}, p
}

func (p *proxy) accept(ctx context.Context) {
	for count := 0; ; count++ {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.carrying.Go(func() { p.connect(ctx, near, fmt.Sprint("connection ", count)) })
	}
}

// connect carries one connection to the site until both directions have ended.
func (p *proxy) connect(ctx context.Context, near net.Conn, name string) {
	defer func() { _ = near.Close() }()
	far, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer context.AfterFunc(ctx, func() { _, _ = near.Close(), far.Close() })()
	var ways sync.WaitGroup
	ways.Go(func() { p.carry(ctx, end, far, near, p.chance.Of(name+" to the site")) })
	ways.Go(func() { p.carry(ctx, end, near, far, p.chance.Of(name+" to the reader")) })
	ways.Wait()
}

// soon returns the number of bytes until the next trouble. It comes within a handshake or a post, within
// what a reader gets in a second or two, or late enough to let the largest frame through.
func soon(luck *rand.Rand) int {
	reaches := []int{1000, 20_000, 300_000}
	return 1 + luck.IntN(reaches[luck.IntN(len(reaches))])
}

// carry carries one direction. The function end ends both.
func (p *proxy) carry(ctx context.Context, end func(), to, from net.Conn, luck *rand.Rand) {
	left := soon(luck)
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		chunk := buffer[:n]
		if n > 0 && luck.IntN(4) == 0 {
			wait(ctx, e2etest.Between(luck, 0, longestDelay))
		}
		for len(chunk) >= left {
			if _, err := to.Write(chunk[:left]); err != nil {
				end()
				return
			}
			chunk = chunk[left:]
			if !p.happen(ctx, end, to, from, luck, len(chunk) > 0) {
				return
			}
			left = soon(luck)
		}
		left -= len(chunk)
		if _, writing := to.Write(chunk); writing != nil {
			end()
			return
		}
		if errors.Is(err, io.EOF) {
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
		if err != nil {
			end()
			return
		}
	}
}

// happen makes a trouble. It returns false if this direction has ended.
func (p *proxy) happen(ctx context.Context, end func(), to, from net.Conn, luck *rand.Rand, inside bool) bool {
	kind := troubles[luck.IntN(len(troubles))]
	p.mu.Lock()
	p.happens[kind]++
	if inside {
		p.inside++
	}
	p.mu.Unlock()
	switch kind {
	case stall:
		wait(ctx, e2etest.Between(luck, time.Second, longestStall))
		return true
	case halfClose:
		_ = to.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, from)
	case reset:
		_ = to.(*net.TCPConn).SetLinger(0)
		_ = from.(*net.TCPConn).SetLinger(0)
		end()
	default:
		end()
	}
	return false
}

// wait waits for d, or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
