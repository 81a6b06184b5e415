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

// logger says what becomes of a connection to NATS. Since that is tried again every second, each
// reason why it fails is said once, until NATS is there.
type logger struct {
	log *slog.Logger

	mu   sync.Mutex
	said map[string]bool
}

// there says that NATS is connected to, and by its host: in an address that has a token for a
// user, the client hides nothing.
func (l *logger) there(c *client.Conn) {
	l.mu.Lock()
	clear(l.said)
	l.mu.Unlock()
	if server, err := url.Parse(c.ConnectedUrl()); err == nil {
		l.log.Info("NATS is there", "server", server.Host)
	}
}

// away says why NATS is not connected to.
func (l *logger) away(_ *client.Conn, err error) {
	// That of several servers none answers says nothing; why comes with the next try.
	if err != nil && !errors.Is(err, client.ErrNoServers) {
		l.once("NATS is away: rooms are polled until it is back", err)
	}
}

// trouble says what NATS does not do for us, such as carry subjects that we may not use.
func (l *logger) trouble(c *client.Conn, _ *client.Subscription, err error) {
	if c.IsConnected() {
		l.once("NATS does not carry all: rooms are polled", err)
	} else {
		l.away(c, err)
	}
}

// once warns of an error, unless it was said before. Ports, rooms and times make no other one.
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
