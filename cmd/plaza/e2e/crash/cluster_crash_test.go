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

// spread is an address at which each connection reaches one of several servers, as luck has
// it: also one that is down, which those who connect have to bear.
type spread struct {
	listener net.Listener
	targets  []string
	carrying sync.WaitGroup
}

// spreadOver returns the site that sites on one database are, until the test's end.
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

// carryBothWays connects to a target until one of both ends is gone.
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

// outage is something that a site needs being away.
type outage struct {
	name       string
	begin, end func() error
}

// TestServersCrash has three servers of one site killed under load, their NATS stopped and
// their PostgreSQL crash, also together, while NATS loses, doubles and reorders: whatever an
// author saw confirmed is in the log, once and in order, and every reader has exactly the log.
func TestServersCrash(t *testing.T) {
	const authors, readers = 6, 12
	c := e2etest.NewChance(t)
	database, err := postgrestest.Start() // which syncs to disk, as people have it
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
	// What begins first ends first: a server starts without NATS, but not without PostgreSQL.
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
		// Each finds a site that works again.
		select {
		case <-crowd.confirmed:
		case <-time.After(e2etest.Patience):
			t.Fatalf("nothing was confirmed in %v after %v", e2etest.Patience, happened)
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
	t.Logf("what happened: %v", happened)
	// Or the troubles would have hit nobody.
	if again < happened["a node"]/2 || opened <= readers {
		t.Errorf("%d posts were repeated and %d streams opened, with %v", again, opened, happened)
	}
	bus.wasBad(t)
}
