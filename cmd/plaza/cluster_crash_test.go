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

	"plaza/handlers/live/natstest"
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

// TestServersCrash has three servers of one site killed under load, their NATS stopped and
// their PostgreSQL crash: whatever an author saw confirmed is in the log, once and in order,
// and every reader has exactly the log.
func TestServersCrash(t *testing.T) {
	const troubles, authors, readers = 10, 6, 12
	c := newChance(t)
	postgres, err := postgrestest.Start() // which syncs to disk, as people have it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := postgres.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := postgres.Create(t.Context(), "plaza"); err != nil {
		t.Fatal(err)
	}
	nats, err := natstest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nats.Stop() })

	flags := []string{"--limits", "off", "--log-level", "error", "--nats", nats.Address()}
	var nodes []*site
	for range 3 {
		node := newSite(t)
		node.database = postgres.Address("plaza")
		node.start(flags...)
		nodes = append(nodes, node)
	}
	people := nodes[0].people(authors)
	crowd := newCrowd(t, spreadOver(t, nodes, c.of("spread")), c, people, readers, 100*time.Millisecond)
	for _, a := range crowd.authors {
		a.cutShort = true // the spread ends both ways of a connection when one of them ends
	}
	crowd.begin(math.MaxInt)
	luck := c.of("troubles")
	happened := map[string]int{}
	for trouble := range troubles {
		time.Sleep(between(luck, 100*time.Millisecond, 800*time.Millisecond))
		// Each finds a site that works again.
		select {
		case <-crowd.confirmed:
		case <-time.After(patience):
			t.Fatalf("nothing was confirmed in %v after %v", patience, happened)
		}
		away := between(luck, 0, time.Second)
		switch {
		case trouble == troubles/3 || trouble == 2*troubles/3:
			happened["PostgreSQL"]++
			if err := postgres.Halt(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(away)
			if err := postgres.Restart(); err != nil {
				t.Fatal(err)
			}
		case trouble%4 == 1:
			happened["NATS"]++
			nats.Stop()
			time.Sleep(away)
			if err := nats.Restart(); err != nil {
				t.Fatal(err)
			}
		default:
			happened["a node"]++
			node := nodes[luck.IntN(len(nodes))]
			node.kill()
			time.Sleep(away)
			node.start(flags...)
		}
	}
	close(crowd.ending)
	_, again, opened := crowd.agree(nodes[0])
	t.Logf("what happened: %v", happened)
	// Or the troubles would have hit nobody.
	if again < happened["a node"]/2 || opened < readers+happened["a node"] {
		t.Errorf("%d posts were repeated and %d streams opened, with %v", again, opened, happened)
	}
}
