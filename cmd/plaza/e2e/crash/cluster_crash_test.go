package crash

import (
	"context"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/postgrestest"
	"plaza/store/storetest/proof"
)

// spread is a load balancer. Each connection goes to a random server, even to one that is down: then the
// client must try again.
type spread struct {
	listener net.Listener
	targets  []string
	carrying sync.WaitGroup
}

// spreadOver returns a site whose address leads to servers of one site, until the test's end.
func spreadOver(t *testing.T, sites []*e2etest.Site, luck *rand.Rand) *e2etest.Site {
	t.Helper()
	listener, err := net.Listen("tcp", e2etest.FreeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &spread{listener: listener}
	for _, one := range sites {
		s.targets = append(s.targets, strings.TrimPrefix(one.URL, "http://"))
	}
	ctx, stop := context.WithCancel(context.Background())
	s.carrying.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			target := s.targets[luck.IntN(len(s.targets))]
			s.carrying.Go(func() { carryBothWays(ctx, near, target) })
		}
	})
	t.Cleanup(func() {
		stop()
		_ = listener.Close()
		s.carrying.Wait()
	})
	return &e2etest.Site{T: t, URL: "http://" + listener.Addr().String()}
}

// carryBothWays carries a connection to a target until one end closes it, or ctx ends.
func carryBothWays(ctx context.Context, near net.Conn, target string) {
	defer func() { _ = near.Close() }()
	far, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	end := func() { _, _ = near.Close(), far.Close() }
	defer end()
	defer context.AfterFunc(ctx, end)()
	var ways sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		ways.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			end()
		})
	}
	ways.Wait()
}

// outage takes away something that a site needs, and brings it back.
type outage struct {
	name       string
	begin, end func() error
}

// TestServersCrash kills servers of one site under load, stops NATS and crashes PostgreSQL, alone and
// together. NATS also loses, doubles and reorders messages. The log must have every confirmed message
// once and in order, and every reader must have exactly the log.
func TestServersCrash(t *testing.T) {
	const authors, readers = 6, 12
	c := e2etest.NewChance(t)
	database, err := postgrestest.Start() // with fsync on, as in production
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := database.Create(t.Context(), "plaza"); err != nil {
		t.Fatal(err)
	}
	bus := newGossip(t, 3, c.Of("NATS"))
	var nodes []*e2etest.Site
	start := func(i int) {
		nodes[i].Start("--limits", "off", "--log-level", "error", "--nats", bus.servers[i].Address())
	}
	for i := range bus.servers {
		nodes = append(nodes, e2etest.New(t))
		nodes[i].Database = database.Address("plaza")
		start(i)
	}
	people := people(nodes[0], authors)
	crowd := newCrowd(t, spreadOver(t, nodes, c.Of("spread")), c, people, readers, 100*time.Millisecond)
	crowd.begin(math.MaxInt)

	luck := c.Of("troubles")
	postgres := outage{"PostgreSQL", database.Halt, database.Restart}
	nats := outage{"NATS", bus.stop, bus.restart}
	node := func() outage {
		i := luck.IntN(len(nodes))
		return outage{"a node", func() error { nodes[i].Kill(); return nil }, func() error { start(i); return nil }}
	}
	happened := map[string]int{}
	// The outage that begins first ends first. A server starts without NATS, but not without PostgreSQL.
	outages := [][]outage{
		{postgres, node()},
		{node(), nats},
		{node()},
		{nats},
		{postgres, nats},
		{node()},
		{nats, node()},
	}
	for _, together := range outages[:proof.Times(2, len(outages))] {
		time.Sleep(e2etest.Between(luck, 100*time.Millisecond, 800*time.Millisecond))
		// Each outage begins when the site works.
		select {
		case <-crowd.confirmed:
		case <-time.After(e2etest.Patience):
			t.Fatalf("no post was confirmed in %v, after the outages %v", e2etest.Patience, happened)
		}
		for _, one := range together {
			happened[one.name]++
			if err := one.begin(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(e2etest.Between(luck, 0, 500*time.Millisecond))
		}
		for _, one := range together {
			if err := one.end(); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(crowd.ending)
	_, again, opened := crowd.agree(nodes[0])
	t.Logf("outages: %v", happened)
	// Otherwise the outages hit no author and no reader.
	if again < happened["a node"]/2 || opened <= readers {
		t.Errorf("authors repeated %d posts and readers opened %d streams, in the outages %v", again, opened, happened)
	}
	bus.wasBad(t)
}
