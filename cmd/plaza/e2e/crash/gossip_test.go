package crash

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/live/natstest"
	"plaza/store/storetest/proof"
)

// gossip is the worst NATS there may be between the servers of a site. Each has a NATS server of
// its own, and what is heard at one is said again at all: late, and so in another order, or
// twice, or not at all.
type gossip struct {
	servers []*natstest.Server
	ears    []*nats.Conn // one at each server

	mu                   sync.Mutex
	luck                 *rand.Rand
	heard, lost, doubled int
	reordered            int                // what is said after something that was heard later
	latest               map[*nats.Conn]int // of what was said there, what was heard last
}

// latestGossip is how late something may be said again: many messages later.
const latestGossip = 300 * time.Millisecond

// newGossip starts so many NATS servers, until the test's end.
func newGossip(t *testing.T, count int, luck *rand.Rand) *gossip {
	t.Helper()
	g := &gossip{luck: luck, latest: map[*nats.Conn]int{}}
	for range count {
		server, err := natstest.Start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Stop)
		// It hears what the site says, not what it says itself.
		ear, err := nats.Connect(server.Address(), nats.NoEcho(), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond),
			nats.ReconnectBufSize(-1), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // it prints them otherwise
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(ear.Close)
		g.servers, g.ears = append(g.servers, server), append(g.ears, ear)
	}
	for _, ear := range g.ears {
		if _, err := ear.Subscribe("plaza.>", g.hear); err != nil {
			t.Fatal(err)
		}
		if err := ear.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// hear says a message again at each server: also at the one where it was heard, as NATS does
// not.
func (g *gossip) hear(message *nats.Msg) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.heard++
	number := g.heard
	for _, ear := range g.ears {
		times := 1
		switch g.luck.IntN(8) {
		case 0:
			times = 0
			g.lost++
		case 1, 2:
			times = 2
			g.doubled++
		}
		for range times {
			late := time.Duration(0)
			if g.luck.IntN(2) == 0 {
				late = e2etest.Between(g.luck, 0, latestGossip)
			}
			time.AfterFunc(late, func() { g.say(ear, number, message) })
		}
	}
}

// say says a message at one server, unless that is away.
func (g *gossip) say(ear *nats.Conn, number int, message *nats.Msg) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := ear.Publish(message.Subject, message.Data); err != nil {
		return
	}
	if number < g.latest[ear] {
		g.reordered++
	}
	g.latest[ear] = max(number, g.latest[ear])
}

// stop ends all servers.
func (g *gossip) stop() error {
	for _, server := range g.servers {
		server.Stop()
	}
	return nil
}

// restart starts them again.
func (g *gossip) restart() error {
	for _, server := range g.servers {
		if err := server.Restart(); err != nil {
			return err
		}
	}
	return nil
}

// wasBad checks that there was something to bear.
func (g *gossip) wasBad(t *testing.T) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	told := fmt.Sprintf("of %d messages on NATS %d were lost, %d doubled and %d reordered on the way to a server", g.heard, g.lost, g.doubled, g.reordered)
	t.Log(told)
	if min(g.lost, g.doubled, g.reordered) < proof.Times(5, 20) {
		t.Error(told)
	}
}
