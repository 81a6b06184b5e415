// Package nats carries what happens on one server of a site to the others, by NATS.
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

// How soon a lost connection to NATS is noticed, and tried again. Until then the hub polls the store.
const (
	pingInterval  = 2 * time.Second
	pings         = 2 // how many may have no answer
	reconnectWait = 500 * time.Millisecond
	timeout       = 2 * time.Second
)

// waiting is how many messages may wait in each direction. More are dropped, as NATS may drop them.
const waiting = 4096

// Bus is the bus of a site whose servers share a NATS server, or a cluster of NATS servers. Its
// subjects are
//
//	plaza.SITE.room.ID           a change of a room, or the number of its state
//	plaza.SITE.room.ID.typing    who types in a room
//	plaza.SITE.person.ID         the inbox of a person has changed
//	plaza.SITE.events            the store has events
//
// where SITE is the site's random name. All but the last carry entries: seven numbers of 8 bytes each,
// and a fragment. A server subscribes to the public chat, to the rooms that it has readers in, and to
// the people who are connected to it.
type Bus struct {
	prefix   string
	conn     *client.Conn
	outgoing chan *client.Msg
	incoming chan *client.Msg
	listener live.Listener
	log      *logger

	mu      sync.Mutex
	changed map[live.Channel]bool // whether a channel is to be followed, where that has changed
	differ  chan struct{}         // holds a token if some have changed
}

// Connect makes a bus for a site. It succeeds even if the server does not answer or refuses us: Run
// keeps trying. The address holds credentials and asks for TLS: nats://user:password@host:4222,
// tls://token@host, or several of these, separated by commas. The parameters creds, ca, cert and key
// name files, for all servers.
func Connect(address, site string, log *slog.Logger) (*Bus, error) {
	options, err := clientOptions(address)
	if err != nil {
		return nil, fmt.Errorf("cannot use the address of NATS: %w", err)
	}
	b := &Bus{
		prefix:   "plaza." + site + ".",
		outgoing: make(chan *client.Msg, waiting),
		incoming: make(chan *client.Msg, waiting),
		log:      &logger{log: log, said: map[string]bool{}},
		changed:  map[live.Channel]bool{},
		differ:   make(chan struct{}, 1),
	}
	options.Name, options.NoEcho = "plaza", true
	options.RetryOnFailedConnect, options.MaxReconnect = true, -1
	options.IgnoreAuthErrorAbort = true // the password may be corrected at the other end
	options.ReconnectWait = reconnectWait
	options.ReconnectJitter, options.ReconnectJitterTLS = reconnectWait, reconnectWait
	options.ReconnectBufSize = -1 // what is published meanwhile is read from the store
	options.PingInterval, options.MaxPingsOut = pingInterval, pings
	options.Timeout, options.FlusherTimeout = timeout, timeout
	options.ConnectedCB, options.ReconnectedCB = b.log.there, b.log.there
	options.DisconnectedErrCB, options.ReconnectErrCB = b.log.away, b.log.away
	options.AsyncErrorCB = b.log.trouble
	if b.conn, err = options.Connect(); err != nil {
		return nil, fmt.Errorf("cannot use the address of NATS: %w", err)
	}
	return b, nil
}

// Listen implements Bus.
func (b *Bus) Listen(l live.Listener) { b.listener = l }

// Publish implements Bus.
func (b *Bus) Publish(channel live.Channel, entry live.Entry) {
	b.send(b.prefix+string(channel), entry.Encode())
}

// Events implements Bus.
func (b *Bus) Events() { b.send(b.prefix+"events", nil) }

// send leaves a message to Run, and drops it if too many wait. Run may have to wait for the network.
func (b *Bus) send(subject string, data []byte) {
	select {
	case b.outgoing <- &client.Msg{Subject: subject, Data: data}:
	default:
	}
}

// Follow implements Bus.
func (b *Bus) Follow(channel live.Channel) { b.want(channel, true) }

// Forget implements Bus.
func (b *Bus) Forget(channel live.Channel) { b.want(channel, false) }

func (b *Bus) want(channel live.Channel, wanted bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed[channel] = wanted
	select {
	case b.differ <- struct{}{}:
	default:
	}
}

// Run carries messages both ways until ctx ends, and closes the connection.
func (b *Bus) Run(ctx context.Context) {
	defer b.conn.Close()
	var tasks sync.WaitGroup
	tasks.Go(func() { b.receive(ctx) })
	tasks.Go(func() { b.transmit(ctx) })
	tasks.Go(func() { b.watch(ctx) })
	tasks.Wait()
}

// watch logs why NATS refuses us. The client tells no handler of it while it reconnects.
func (b *Bus) watch(ctx context.Context) {
	failed := b.conn.StatusChanged(client.RECONNECTING)
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-failed:
			if !open {
				return // with the connection
			}
			b.log.away(b.conn, b.conn.LastError())
		}
	}
}

// transmit subscribes to the channels that are followed, and sends what is published. If NATS is away,
// the client subscribes again when it is back, and what is published is lost.
func (b *Bus) transmit(ctx context.Context) {
	followed := map[live.Channel]*client.Subscription{}
	_, _ = b.conn.ChanSubscribe(b.prefix+"events", b.incoming) // fails only if the connection is closed
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.differ:
			b.follow(followed)
		case message := <-b.outgoing:
			_ = b.conn.PublishMsg(message)
		}
	}
}

// follow subscribes to the channels that are to be followed now, and unsubscribes from those that are not.
// Its cost does not grow with the number of channels that stay as they are.
func (b *Bus) follow(followed map[live.Channel]*client.Subscription) {
	b.mu.Lock()
	changed := b.changed
	b.changed = map[live.Channel]bool{}
	b.mu.Unlock()
	for channel, wanted := range changed {
		subscription := followed[channel]
		switch {
		case wanted && subscription == nil:
			// This fails only if the connection is closed.
			if subscription, err := b.conn.ChanSubscribe(b.prefix+string(channel), b.incoming); err == nil {
				followed[channel] = subscription
			}
		case !wanted && subscription != nil:
			_ = subscription.Unsubscribe()
			delete(followed, channel)
		}
	}
}

// receive hands the listener what comes in. It drops what it cannot read.
func (b *Bus) receive(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case message := <-b.incoming:
			subject := strings.TrimPrefix(message.Subject, b.prefix)
			if subject == "events" {
				b.listener.Events()
				continue
			}
			if entry, ok := live.DecodeEntry(message.Data); ok {
				b.listener.Changed(live.Channel(subject), entry)
			}
		}
	}
}
