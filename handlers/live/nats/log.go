package nats

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"unicode"

	client "github.com/nats-io/nats.go"
)

// logger logs whether NATS can be reached. The client tries again each second, so each reason for a
// failure is logged once until NATS is there.
type logger struct {
	log *slog.Logger

	mu   sync.Mutex
	said map[string]bool
}

// there logs that NATS is connected, with its host alone: an address may hold a token, which the client
// does not hide.
func (l *logger) there(c *client.Conn) {
	l.mu.Lock()
	clear(l.said)
	l.mu.Unlock()
	if server, err := url.Parse(c.ConnectedUrl()); err == nil {
		l.log.Info("NATS is there", "server", server.Host)
	}
}

// away logs why NATS is not connected.
func (l *logger) away(_ *client.Conn, err error) {
	// "No servers" gives no reason. The next try does.
	if err != nil && !errors.Is(err, client.ErrNoServers) {
		l.once("NATS is away: rooms are polled until it is back", err)
	}
}

// trouble logs what NATS refuses to do, such as to carry subjects that we may not use.
func (l *logger) trouble(c *client.Conn, _ *client.Subscription, err error) {
	if c.IsConnected() {
		l.once("NATS does not carry all: rooms are polled", err)
	} else {
		l.away(c, err)
	}
}

// once warns of an error, unless it was logged before. Numbers in it do not count: a port, a room.
func (l *logger) once(message string, err error) {
	reason := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, err.Error())
	l.mu.Lock()
	again := l.said[reason]
	l.said[reason] = true
	l.mu.Unlock()
	if !again {
		l.log.Warn(message, "error", err)
	}
}
