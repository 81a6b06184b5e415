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
	// beatInterval is how often a server looks who is online with the others.
	beatInterval = time.Second
	// restingBeats is how many of these may pass before a server that has nothing new says that
	// it is there: well within a node's lifetime.
	restingBeats = 3
	// graceBeats is for how many a server that is not seen is still counted, once the database
	// was away: the others have to find it again too.
	graceBeats = 10
	// unread is a number of changes that no server has, so that its people are read again.
	unread = -1
)

// cluster is what a server knows of those it shares its database with.
type cluster struct {
	server *Server
	node   string // this server's random name

	told    map[int64]bool // who is online here, as the database has it
	changes int64          // how often that changed
	fresh   bool           // whether the database has yet to be told of all
	resting int            // beats since the database was last told
	grace   int            // beats to go in which nobody is forgotten

	others        map[string]other
	peopleChanged int64 // the server's count as of which the others' people were read
}

// other is another server.
type other struct {
	changes int64
	people  []live.Person
}

// keepInTouch tells the other servers who is online here and learns who is there, until ctx
// ends; then it says goodbye. It goes by the database, so it needs no bus.
func (s *Server) keepInTouch(ctx context.Context) {
	c := &cluster{server: s, node: rand.Text(), fresh: true, told: map[int64]bool{}, others: map[string]other{}}
	every(ctx, beatInterval, func() {
		if err := c.beat(ctx); err != nil {
			c.grace = graceBeats
			s.logTrouble(ctx, "keep in touch with other servers", err)
		}
	})
	leaving, cancel := context.WithTimeout(context.WithoutCancel(ctx), beatInterval)
	defer cancel()
	if err := s.store.Leave(leaving, c.node); err != nil {
		s.log.Warn("cannot take leave of other servers", "error", err)
	}
}

func (c *cluster) beat(ctx context.Context) error {
	if err := c.tell(ctx); err != nil {
		return err
	}
	return c.learn(ctx)
}

// tell notes in the database who came and left since it was last told.
func (c *cluster) tell(ctx context.Context) error {
	here := map[int64]bool{}
	var came, left []int64
	for _, person := range c.server.hub.Here() {
		here[person] = true
		if !c.told[person] || c.fresh {
			came = append(came, person)
		}
	}
	for person := range c.told {
		if !here[person] {
			left = append(left, person)
		}
	}
	c.resting++
	if !c.fresh && len(came)+len(left) == 0 && c.resting < restingBeats {
		return nil
	}
	want := c.changes
	if len(came)+len(left) > 0 {
		want++
	}
	changes, err := c.server.store.Beat(ctx, c.node, c.fresh, came, left)
	if err != nil {
		c.fresh = true // what of it was noted is not known
		return err
	}
	// A database that has crashed has forgotten who was there.
	c.fresh = !c.fresh && changes != want
	c.told, c.changes, c.resting = here, changes, 0
	return nil
}

// learn reads who is online with the servers whose people have changed.
func (c *cluster) learn(ctx context.Context) error {
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

// people are those who are online with the others, each once.
func (c *cluster) people() map[int64]live.Person {
	people := map[int64]live.Person{}
	for _, other := range c.others {
		for _, person := range other.people {
			people[person.ID] = person
		}
	}
	return people
}
