package handlers

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"time"

	"plaza/handlers/live"
)

const (
	// beatInterval is how often a server reads who is online at the other servers.
	beatInterval = time.Second
	// restingBeats is how many beats may pass before a server without changes says that it runs. It
	// is well within the lifetime of a node.
	restingBeats = 3
	// graceBeats is for how many beats, after the database was away, a missing server still counts:
	// the other servers have to reach the database again too.
	graceBeats = 10
	// unread is a number of changes that no server has. It makes the people of a server be read again.
	unread = -1
)

// cluster is what a server knows about the servers that share its database.
type cluster struct {
	server *Server
	node   string // the random name of this server

	recorded map[int64]bool // who is online here, as the database has it
	changes  int64          // how often recorded changed
	full     bool           // whether the next record must hold everybody who is online here
	resting  int            // beats since the last record
	grace    int            // beats left in which no server is forgotten

	others        map[string]other
	peopleChanged int64 // Server.peopleChanged when the people of the others were read
}

// other is another server.
type other struct {
	changes int64
	people  []live.Person
}

// joinCluster tells the other servers who is online here, and reads who is online there, until ctx
// ends. Then it leaves. It uses the database alone, so it needs no bus.
func (s *Server) joinCluster(ctx context.Context) {
	c := &cluster{server: s, node: rand.Text(), full: true, recorded: map[int64]bool{}, others: map[string]other{}}
	live.Every(ctx, beatInterval, nil, func() {
		if err := c.beat(ctx); err != nil {
			c.grace = graceBeats
			s.logTrouble(ctx, "exchange presence with other servers", err)
		}
	})
	leaving, cancel := stopping(ctx)
	defer cancel()
	if err := s.store.Leave(leaving, c.node); err != nil {
		s.log.Warn("cannot tell other servers that this one stops", "error", err)
	}
}

func (c *cluster) beat(ctx context.Context) error {
	if err := c.record(ctx); err != nil {
		return err
	}
	return c.read(ctx)
}

// record writes to the database who came and left since the last record.
func (c *cluster) record(ctx context.Context) error {
	here := map[int64]bool{}
	var came, left []int64
	for _, person := range c.server.hub.Here() {
		here[person] = true
		if !c.recorded[person] || c.full {
			came = append(came, person)
		}
	}
	for person := range c.recorded {
		if !here[person] {
			left = append(left, person)
		}
	}
	c.resting++
	if !c.full && len(came)+len(left) == 0 && c.resting < restingBeats {
		return nil
	}
	want := c.changes
	if len(came)+len(left) > 0 {
		want++
	}
	changes, err := c.server.store.Beat(ctx, c.node, c.full, came, left)
	if err != nil {
		c.full = true // part of it may be recorded
		return err
	}
	// A database that has crashed has lost who was online.
	c.full = !c.full && changes != want
	c.recorded, c.changes, c.resting = here, changes, 0
	return nil
}

// read reads who is online at the servers whose people have changed.
func (c *cluster) read(ctx context.Context) error {
	nodes, err := c.server.store.Nodes(ctx)
	if err != nil {
		return err
	}
	delete(nodes, c.node)
	if now := c.server.peopleChanged.Load(); now != c.peopleChanged {
		for node, known := range c.others {
			known.changes = unread
			c.others[node] = known
		}
		c.peopleChanged = now
	}
	changed := false
	for node, changes := range nodes {
		if known, ok := c.others[node]; ok && known.changes == changes {
			continue
		}
		users, err := c.server.store.PeopleOf(ctx, node)
		if err != nil {
			return err
		}
		people := make([]live.Person, 0, len(users))
		for _, user := range users {
			people = append(people, personOf(user))
		}
		c.others[node], changed = other{changes, people}, true
	}
	if c.grace > 0 {
		c.grace--
	} else {
		for _, node := range slices.Collect(maps.Keys(c.others)) {
			if _, there := nodes[node]; !there {
				delete(c.others, node)
				changed = true
			}
		}
	}
	if changed {
		c.server.hub.SetElsewhere(c.people())
	}
	return nil
}

// people returns who is online at the other servers.
func (c *cluster) people() map[int64]live.Person {
	people := map[int64]live.Person{}
	for _, other := range c.others {
		for _, person := range other.people {
			people[person.ID] = person
		}
	}
	return people
}
