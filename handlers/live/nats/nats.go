package nats

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	client "github.com/nats-io/nats.go"

	"plaza/handlers/live"
)

// How soon a connection to NATS that is lost is noticed, and is tried again. Until then the
// hub's polling brings what is missed.
const (
	pingInterval  = 2 * time.Second
	pings         = 2 // that may go unanswered
	reconnectWait = 500 * time.Millisecond
	timeout       = 2 * time.Second
)

// waiting is how many messages may wait, to go out or to be taken in. What is beyond is lost, as
// NATS may lose it too.
const waiting = 4096

// NATS is the bus of a site whose servers share a NATS server, or a cluster of them. Its
// subjects are
//
//	plaza.SITE.room.ID           a change of a room, or how far its state is
//	plaza.SITE.room.ID.typing    who types in a private room
//	plaza.SITE.person.ID         something concerns a person: the store knows what
//	plaza.SITE.events            something happened: nothing, since the store knows what
//
// SITE being the site's random name. All but the last carry entries: their numbers, 8 bytes each,
// and their fragment, which is a room's alone. A server asks for the rooms alone that it has readers
// in, and the people that are connected to it.
type Bus struct {
	prefix   string
	conn     *client.Conn
	outgoing chan *client.Msg
	incoming chan *client.Msg
	listener live.Listener
	log      *logger

	mu     sync.Mutex
	wanted map[live.Channel]bool // the channels that are followed
	differ chan struct{}         // holds one token while wanted differs from what NATS was asked for
}

// Connect makes a bus for a site. It need not reach the server yet, which may come and go, or
// refuse us: Run goes on trying. The address has credentials and TLS in it:
// nats://user:password@host:4222, tls://token@host, several separated by commas, and the
// parameters creds, ca, cert and key that name files, for all of them.
func Connect(address, site string, log *slog.Logger) (*Bus, error) {
	options, err := clientOptions(address)
	if err != nil {
		return nil, fmt.Errorf("cannot use the address of NATS: %w", err)
	}
	n := &Bus{
		prefix:   "plaza." + site + ".",
		outgoing: make(chan *client.Msg, waiting),
		incoming: make(chan *client.Msg, waiting),
		log:      &logger{log: log, said: map[string]bool{}},
		wanted:   map[live.Channel]bool{},
		differ:   make(chan struct{}, 1),
	}
	options.Name, options.NoEcho = "plaza", true
	options.RetryOnFailedConnect, options.MaxReconnect = true, -1
	options.IgnoreAuthErrorAbort = true // a password that is wrong may be put right at the other end
	options.ReconnectWait = reconnectWait
	options.ReconnectJitter, options.ReconnectJitterTLS = reconnectWait, reconnectWait
	options.ReconnectBufSize = -1 // what was said meanwhile is read from the store
	options.PingInterval, options.MaxPingsOut = pingInterval, pings
	options.Timeout, options.FlusherTimeout = timeout, timeout
	options.ConnectedCB, options.ReconnectedCB = n.log.there, n.log.there
	options.DisconnectedErrCB, options.ReconnectErrCB = n.log.away, n.log.away
	options.AsyncErrorCB = n.log.trouble
	if n.conn, err = options.Connect(); err != nil {
		return nil, fmt.Errorf("cannot use the address of NATS: %w", err)
	}
	return n, nil
}

// Listen implements Bus.
func (n *Bus) Listen(l live.Listener) { n.listener = l }

// Publish implements Bus.
func (n *Bus) Publish(channel live.Channel, entry live.Entry) {
	n.send(n.prefix+string(channel), entry.Encode())
}

// Events implements Bus.
func (n *Bus) Events() { n.send(n.prefix+"events", nil) }

// send leaves a message to Run, which may have to wait for the network, and drops it where too
// many wait.
func (n *Bus) send(subject string, data []byte) {
	select {
	case n.outgoing <- &client.Msg{Subject: subject, Data: data}:
	default:
	}
}

// Follow implements Bus.
func (n *Bus) Follow(channel live.Channel) { n.want(channel, true) }

// Forget implements Bus.
func (n *Bus) Forget(channel live.Channel) { n.want(channel, false) }

func (n *Bus) want(channel live.Channel, wanted bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if wanted {
		n.wanted[channel] = true
	} else {
		delete(n.wanted, channel)
	}
	select {
	case n.differ <- struct{}{}:
	default:
	}
}

// Run carries messages both ways until ctx ends, and closes the connection.
func (n *Bus) Run(ctx context.Context) {
	defer n.conn.Close()
	var tasks sync.WaitGroup
	tasks.Go(func() { n.receive(ctx) })
	tasks.Go(func() { n.transmit(ctx) })
	tasks.Go(func() { n.watch(ctx) })
	tasks.Wait()
}

// watch logs why NATS refuses us, which the client tells no handler while it connects again.
func (n *Bus) watch(ctx context.Context) {
	failed := n.conn.StatusChanged(client.RECONNECTING)
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-failed:
			if !open {
				return // with the connection
			}
			n.log.away(n.conn, n.conn.LastError())
		}
	}
}

// transmit asks NATS for what is followed, and hands it what goes out. NATS being away is no
// error: subscriptions are made anew when it is back, and what goes out is lost.
func (n *Bus) transmit(ctx context.Context) {
	followed := map[live.Channel]*client.Subscription{}
	_, _ = n.conn.ChanSubscribe(n.prefix+"events", n.incoming) // fails on closed connections alone
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.differ:
			n.follow(followed)
		case message := <-n.outgoing:
			_ = n.conn.PublishMsg(message)
		}
	}
}

// follow brings what NATS is asked for to what is wanted.
func (n *Bus) follow(followed map[live.Channel]*client.Subscription) {
	n.mu.Lock()
	var missing, idle []live.Channel
	for channel := range n.wanted {
		if followed[channel] == nil {
			missing = append(missing, channel)
		}
	}
	for channel := range followed {
		if !n.wanted[channel] {
			idle = append(idle, channel)
		}
	}
	n.mu.Unlock()
	for _, channel := range missing {
		if subscription, err := n.conn.ChanSubscribe(n.prefix+string(channel), n.incoming); err == nil {
			followed[channel] = subscription
		}
	}
	for _, channel := range idle {
		_ = followed[channel].Unsubscribe()
		delete(followed, channel)
	}
}

// receive hands the listener what comes in. What makes no sense is dropped.
func (n *Bus) receive(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case message := <-n.incoming:
			subject := strings.TrimPrefix(message.Subject, n.prefix)
			if subject == "events" {
				n.listener.Events()
				continue
			}
			if entry, ok := live.DecodeEntry(message.Data); ok {
				n.listener.Changed(live.Channel(subject), entry)
			}
		}
	}
}
