package limit

import (
	"container/list"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

// Connections bounds the connections of an HTTP server, from the moment that they are accepted:
// before TLS, and before any request. If there are too many, the one that has waited longest
// without a request is closed. So people get in, however many connections send nothing, or headers
// that never end.
type Connections struct {
	bounds ConnectionBounds

	mu       sync.Mutex
	open     map[net.Conn]*connection
	waiting  *list.List           // of *connection: those without a request, which wait longest first
	networks map[string]*resident // by the key of the network
}

// ConnectionBounds is how many connections there may be.
type ConnectionBounds struct {
	Most       int            // at all
	PerAddress int            // of one address; 0: no limit
	Elsewhere  func() int     // returns how many of Most the server no longer has, such as websockets
	Exempt     []netip.Prefix // proxies, which connect for many people
}

// connection is a connection that the server has.
type connection struct {
	net.Conn
	residents []*resident
	places    []*list.Element // in the waiting lists of the residents
	place     *list.Element   // in the waiting list of all; nil: a request uses the connection
}

// resident is the connections of one network.
type resident struct {
	key     string
	most    int
	open    int
	waiting *list.List // of *connection, as Connections has it
}

// NewConnections returns the connections of a server that has none.
func NewConnections(bounds ConnectionBounds) *Connections {
	return &Connections{
		bounds: bounds, open: map[net.Conn]*connection{}, waiting: list.New(), networks: map[string]*resident{},
	}
}

// Bound has a server, which has not started, keep its connections within the bounds.
func (c *Connections) Bound(server *http.Server) {
	handler := server.Handler
	server.ConnState = c.track
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, conn)
	}
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, ok := r.Context().Value(connectionKey{}).(net.Conn); ok {
			c.use(conn)
		}
		handler.ServeHTTP(w, r)
	})
}

type connectionKey struct{}

// use notes that a connection has a request, whose header has come as a whole.
func (c *Connections) use(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.open[conn]; known != nil {
		c.unwait(known)
	}
}

func (c *Connections) track(conn net.Conn, state http.ConnState) {
	closing := c.change(conn, state)
	if encrypted, ok := closing.(*tls.Conn); ok {
		closing = encrypted.NetConn() // TLS would wait for a peer that takes no bytes, and nobody would get in meanwhile
	}
	if closing != nil {
		_ = closing.Close()
	}
}

// change notes the state of a connection. It returns a connection that must be closed, or nil.
func (c *Connections) change(conn net.Conn, state http.ConnState) (closing net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch state {
	case http.StateNew:
		return c.add(conn)
	case http.StateActive: // a first byte has come: see use
	case http.StateIdle:
		if known := c.open[conn]; known != nil {
			c.wait(known)
		}
	case http.StateHijacked, http.StateClosed:
		c.remove(conn)
	}
	return nil
}

// add adds a new connection, and returns the connection that must be closed for it, or nil.
func (c *Connections) add(conn net.Conn) (closing net.Conn) {
	added := &connection{Conn: conn}
	c.open[conn] = added
	full := len(c.open)+c.bounds.Elsewhere() > c.bounds.Most
	longest := c.waiting
	for _, network := range c.networksOf(conn) {
		found := c.networks[network.Key]
		if found == nil {
			found = &resident{key: network.Key, most: c.bounds.PerAddress * network.Addresses, waiting: list.New()}
			c.networks[network.Key] = found
		}
		added.residents = append(added.residents, found)
		if found.open++; found.open > found.most && !full {
			full, longest = true, found.waiting
		}
	}
	if !full {
		c.wait(added)
		return nil
	}
	closing = conn
	if first := longest.Front(); first != nil {
		closing = first.Value.(*connection).Conn
		c.remove(closing)
		c.wait(added)
	}
	return closing
}

// networksOf returns the networks whose connections are bounded.
func (c *Connections) networksOf(conn net.Conn) []Network {
	address, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil || c.bounds.PerAddress == 0 {
		return nil
	}
	for _, prefix := range c.bounds.Exempt {
		if prefix.Contains(address.Addr().Unmap()) {
			return nil
		}
	}
	return Networks(address.Addr().String())
}

func (c *Connections) wait(known *connection) {
	c.unwait(known)
	known.place = c.waiting.PushBack(known)
	for _, resident := range known.residents {
		known.places = append(known.places, resident.waiting.PushBack(known))
	}
}

func (c *Connections) unwait(known *connection) {
	if known.place == nil {
		return
	}
	c.waiting.Remove(known.place)
	for i, resident := range known.residents {
		resident.waiting.Remove(known.places[i])
	}
	known.place, known.places = nil, nil
}

func (c *Connections) remove(conn net.Conn) {
	known := c.open[conn]
	if known == nil {
		return
	}
	delete(c.open, conn)
	c.unwait(known)
	for _, resident := range known.residents {
		if resident.open--; resident.open == 0 {
			delete(c.networks, resident.key)
		}
	}
}
