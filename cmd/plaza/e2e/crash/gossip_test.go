package crash

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/live/nats/natstest"
	"plaza/store/storetest/proof"
)

// gossip is the worst NATS that the servers of a site may have. Each server has a NATS server of its
// own. gossip passes each message from one to all: late and so in another order, twice, or not at all.
type gossip struct {
	servers []*natstest.Server
	ears    []*nats.Conn // one for each NATS server

	mu                   sync.Mutex
	luck                 *rand.Rand
	heard, lost, doubled int
	reordered            int                // messages sent after a message that was heard later
	latest               map[*nats.Conn]int // the last heard of the messages sent there
}

// latestGossip is the longest delay of a message. Many messages pass in that time.
const latestGossip = 300 * time.Millisecond

// newGossip starts count NATS servers. The test's end stops them.
func newGossip(t *testing.T, count int, luck *rand.Rand) *gossip {
	t.Helper()
	g := &gossip{luck: luck, latest: map[*nats.Conn]int{}}
	for range count {
		server, err := natstest.Start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Stop)
		// With NoEcho, it hears the site's messages and not its own.
		ear, err := nats.Connect(server.Address(), nats.NoEcho(), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond),
			nats.ReconnectBufSize(-1), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // by default it prints errors
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

// hear sends a message to each NATS server, even to the one that it came from. NATS itself does not do
// that.
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

// say sends a message to one NATS server. It does nothing if the server is away.
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

// stop stops all NATS servers.
func (g *gossip) stop() error {
	for _, server := range g.servers {
		server.Stop()
	}
	return nil
}

// restart starts all NATS servers again.
func (g *gossip) restart() error {
	for _, server := range g.servers {
		if err := server.Restart(); err != nil {
			return err
		}
	}
	return nil
}

// wasBad checks that enough messages were lost, doubled and reordered.
func (g *gossip) wasBad(t *testing.T) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	counts := fmt.Sprintf("of %d messages, NATS lost %d, doubled %d and reordered %d on the way to a server", g.heard, g.lost, g.doubled, g.reordered)
	t.Log(counts)
	if min(g.lost, g.doubled, g.reordered) < proof.Times(5, 20) {
		t.Error(counts)
	}
}
