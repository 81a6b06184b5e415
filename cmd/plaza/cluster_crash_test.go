package main

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

	"plaza/store/postgrestest"
)

// spread is an address at which each connection reaches one of several servers, as luck has
// it: also one that is down, which those who connect have to bear.
type spread struct {
	listener net.Listener
	targets  []string
	carrying sync.WaitGroup
}

// spreadOver returns the site that sites on one database are, until the test's end.
func spreadOver(t *testing.T, sites []*site, luck *rand.Rand) *site {
	t.Helper()
	listener, err := net.Listen("tcp", freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &spread{listener: listener}
	for _, one := range sites {
		s.targets = append(s.targets, strings.TrimPrefix(one.url, "http://"))
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
	return &site{t: t, url: "http://" + listener.Addr().String()}
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
	c := newChance(t)
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
	bus := newGossip(t, 3, c.of("NATS"))
	var nodes []*site
	start := func(i int) {
		nodes[i].start("--limits", "off", "--log-level", "error", "--nats", bus.servers[i].Address())
	}
	for i := range bus.servers {
		nodes = append(nodes, newSite(t))
		nodes[i].database = database.Address("plaza")
		start(i)
	}
	people := nodes[0].people(authors)
	crowd := newCrowd(t, spreadOver(t, nodes, c.of("spread")), c, people, readers, 100*time.Millisecond)
	crowd.begin(math.MaxInt)

	luck := c.of("troubles")
	postgres := outage{"PostgreSQL", database.Halt, database.Restart}
	nats := outage{"NATS", bus.stop, bus.restart}
	node := func() outage {
		i := luck.IntN(len(nodes))
		return outage{"a node", func() error { nodes[i].kill(); return nil }, func() error { start(i); return nil }}
	}
	happened := map[string]int{}
	// What begins first ends first: a server starts without NATS, but not without PostgreSQL.
	for _, together := range [][]outage{
		{node()},
		{nats},
		{postgres, node()},
		{node(), nats},
		{postgres, nats},
		{node()},
		{nats, node()},
	} {
		time.Sleep(between(luck, 100*time.Millisecond, 800*time.Millisecond))
		// Each finds a site that works again.
		select {
		case <-crowd.confirmed:
		case <-time.After(patience):
			t.Fatalf("nothing was confirmed in %v after %v", patience, happened)
		}
		for _, one := range together {
			happened[one.name]++
			if err := one.begin(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(between(luck, 0, 500*time.Millisecond))
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
