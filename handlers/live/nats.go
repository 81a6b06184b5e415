package live

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// How soon a connection to NATS that is lost is noticed, and is tried again. Until then the
// hub's polling brings what is missed.
const (
	natsPing      = 2 * time.Second
	natsPings     = 2 // that may go unanswered
	natsReconnect = 500 * time.Millisecond
	natsTimeout   = 2 * time.Second
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
//	plaza.SITE.news              something happened: nothing, since the store knows what
//
// SITE being the site's random name. All but the last carry entries: their numbers, 8 bytes each,
// and their fragment, which is a room's alone. A server asks for the rooms alone that it has readers
// in, and the people that are connected to it.
type NATS struct {
	prefix   string
	conn     *nats.Conn
	outgoing chan *nats.Msg
	incoming chan *nats.Msg
	listener Listener
	log      *natsLog

	mu     sync.Mutex
	wanted map[Channel]bool // the channels that are followed
	differ chan struct{}    // holds one token while wanted differs from what NATS was asked for
}

// ConnectNATS makes a bus for a site. It need not reach the server yet, which may come and go, or
// refuse us: Run goes on trying. The address has credentials and TLS in it:
// nats://user:password@host:4222, tls://token@host, several separated by commas, and the
// parameters creds, ca, cert and key that name files, for all of them.
func ConnectNATS(address, site string, log *slog.Logger) (*NATS, error) {
	options, err := natsOptions(address)
	if err != nil {
		return nil, fmt.Errorf("cannot use the address of NATS: %w", err)
	}
	n := &NATS{
		prefix:   "plaza." + site + ".",
		outgoing: make(chan *nats.Msg, waiting),
		incoming: make(chan *nats.Msg, waiting),
		log:      &natsLog{log: log, said: map[string]bool{}},
		wanted:   map[Channel]bool{},
		differ:   make(chan struct{}, 1),
	}
	options.Name, options.NoEcho = "plaza", true
	options.RetryOnFailedConnect, options.MaxReconnect = true, -1
	options.IgnoreAuthErrorAbort = true // a password that is wrong may be put right at the other end
	options.ReconnectWait = natsReconnect
	options.ReconnectJitter, options.ReconnectJitterTLS = natsReconnect, natsReconnect
	options.ReconnectBufSize = -1 // what was said meanwhile is read from the store
	options.PingInterval, options.MaxPingsOut = natsPing, natsPings
	options.Timeout, options.FlusherTimeout = natsTimeout, natsTimeout
	options.ConnectedCB, options.ReconnectedCB = n.log.there, n.log.there
	options.DisconnectedErrCB, options.ReconnectErrCB = n.log.away, n.log.away
	options.AsyncErrorCB = n.log.trouble
	if n.conn, err = options.Connect(); err != nil {
		return nil, fmt.Errorf("cannot use the address of NATS: %w", err)
	}
	return n, nil
}

// Listen implements Bus.
func (n *NATS) Listen(l Listener) { n.listener = l }

// Publish implements Bus.
func (n *NATS) Publish(channel Channel, entry Entry) {
	n.send(n.prefix+string(channel), entry.bytes())
}

// News implements Bus.
func (n *NATS) News() { n.send(n.prefix+"news", nil) }

// send leaves a message to Run, which may have to wait for the network, and drops it where too
// many wait.
func (n *NATS) send(subject string, data []byte) {
	select {
	case n.outgoing <- &nats.Msg{Subject: subject, Data: data}:
	default:
	}
}

// Follow implements Bus.
func (n *NATS) Follow(channel Channel) { n.want(channel, true) }

// Forget implements Bus.
func (n *NATS) Forget(channel Channel) { n.want(channel, false) }

func (n *NATS) want(channel Channel, wanted bool) {
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
func (n *NATS) Run(ctx context.Context) {
	defer n.conn.Close()
	var tasks sync.WaitGroup
	tasks.Go(func() { n.receive(ctx) })
	tasks.Go(func() { n.transmit(ctx) })
	tasks.Go(func() { n.watch(ctx) })
	tasks.Wait()
}

// watch logs why NATS refuses us, which the client tells no handler while it connects again.
func (n *NATS) watch(ctx context.Context) {
	failed := n.conn.StatusChanged(nats.RECONNECTING)
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
func (n *NATS) transmit(ctx context.Context) {
	followed := map[Channel]*nats.Subscription{}
	_, _ = n.conn.ChanSubscribe(n.prefix+"news", n.incoming) // fails on closed connections alone
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
func (n *NATS) follow(followed map[Channel]*nats.Subscription) {
	n.mu.Lock()
	var missing, idle []Channel
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
func (n *NATS) receive(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case message := <-n.incoming:
			subject := strings.TrimPrefix(message.Subject, n.prefix)
			if subject == "news" {
				n.listener.News()
				continue
			}
			if entry, ok := entryOf(message.Data); ok {
				n.listener.Changed(Channel(subject), entry)
			}
		}
	}
}
