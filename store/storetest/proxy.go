package storetest

import (
	"net"
	"net/url"
	"sync"
	"testing"
)

// Proxy is a proxy between a store and its PostgreSQL server. It counts round trips, can lose an
// answer, and can freeze.
type Proxy struct {
	Address string // the address of the database through the proxy

	server   string
	listener net.Listener
	carrying sync.WaitGroup

	mu      sync.Mutex
	turns   int
	swallow bool
	frozen  sync.RWMutex // locked while the proxy is frozen
	open    map[net.Conn]bool
}

// Through starts a proxy in front of a database. It stops after the test.
func Through(t testing.TB, address string) *Proxy {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{server: parsed.Host, listener: listener, open: map[net.Conn]bool{}}
	parsed.Host = listener.Addr().String()
	p.Address = parsed.String()
	p.carrying.Go(p.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		p.Cut()
		p.carrying.Wait()
	})
	return p
}

// RoundTrips returns the number of round trips since its last call.
func (p *Proxy) RoundTrips() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	turns := p.turns
	p.turns = 0
	return turns
}

// LoseNextAnswer loses the next answer of the server, and cuts its connection. The server carries
// the statement out, but the client does not learn of it.
func (p *Proxy) LoseNextAnswer() {
	p.mu.Lock()
	p.swallow = true
	p.mu.Unlock()
}

// Freeze stops all traffic until Thaw, as a hanging machine does.
func (p *Proxy) Freeze() { p.frozen.Lock() }

// Thaw lets the stopped traffic pass.
func (p *Proxy) Thaw() { p.frozen.Unlock() }

// Cut cuts all connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for connection := range p.open {
		_ = connection.Close()
	}
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.carrying.Go(func() { p.serve(client) })
	}
}

func (p *Proxy) serve(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	p.mu.Lock()
	p.open[client] = true
	p.mu.Unlock()
	asking := false // the client sent the last bytes
	p.carrying.Go(func() {
		p.carry(client, server, func() bool { asking = true; return false })
		_ = server.Close()
	})
	p.carry(server, client, func() (lose bool) {
		if asking {
			asking = false
			p.turns++
			lose, p.swallow = p.swallow, false
		}
		return lose
	})
	p.mu.Lock()
	delete(p.open, client)
	p.mu.Unlock()
}

// carry copies bytes from one side to the other until the connection ends or an answer is lost. It
// calls note with mu locked.
func (p *Proxy) carry(from, to net.Conn, note func() (lose bool)) {
	said := make([]byte, 64<<10)
	for {
		n, err := from.Read(said)
		if err != nil {
			return
		}
		p.frozen.RLock()
		p.frozen.RUnlock() //nolint:staticcheck // only waits for Thaw
		p.mu.Lock()
		lose := note()
		p.mu.Unlock()
		if lose {
			return
		}
		if _, err := to.Write(said[:n]); err != nil {
			return
		}
	}
}
