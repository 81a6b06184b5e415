package live_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"plaza/handlers/live"
)

// club is a private room's log in memory, whose members come and go.
type club struct {
	*journal

	mu        sync.Mutex
	members   map[int64]bool
	left      map[int64][]int64 // the versions at which each left
	asked     int               // how often Outsiders was asked
	away      error             // what that is answered with
	state     int64
	bared     []int64
	stateRead int // how often State was asked
	silent    map[int64]bool
	mayAsked  int // how often MayWrite was asked
}

func newClub(members ...int64) *club {
	c := &club{journal: &journal{}, members: map[int64]bool{}, left: map[int64][]int64{}, silent: map[int64]bool{}}
	for _, person := range members {
		c.members[person] = true
	}
	return c
}

// leave writes that somebody leaves.
func (c *club) leave(person int64) live.Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry := c.commit(1)[0]
	entry.Leaves = person
	c.members[person] = false
	c.left[person] = append(c.left[person], entry.Version)
	return entry
}

// join writes that somebody comes back.
func (c *club) join(person int64) live.Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.members[person] = true
	return c.commit(1)[0]
}

func (c *club) isMember(person int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.members[person]
}

// bars tells of which versions somebody may not be told right now: those from when they left.
func (c *club) bars(person int64) func(version int64) bool {
	return func(version int64) bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		left := c.left[person]
		return !c.members[person] && len(left) > 0 && left[len(left)-1] <= version
	}
}

// hasLeftSince tells whether somebody has left after a version.
func (c *club) hasLeftSince(person, version int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	left := c.left[person]
	return len(left) > 0 && left[len(left)-1] > version
}

// askedWhoIsOutside tells how often it was.
func (c *club) askedWhoIsOutside() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

func (c *club) head() int64 {
	c.journal.mu.Lock()
	defer c.journal.mu.Unlock()
	return int64(len(c.entries))
}

// source is the club's: what it answers is as it was when it was asked, a while ago.
func (c *club) source() *fake {
	source := c.journal.source()
	source.members = true
	newest, changes := source.newest, source.changes
	source.newest = func(ctx context.Context, id int64) (live.Page, error) {
		defer time.Sleep(readingTime)
		return newest(ctx, id)
	}
	source.changes = func(ctx context.Context, id, after, upTo int64) ([]live.Entry, live.Progress, error) {
		defer time.Sleep(readingTime)
		return changes(ctx, id, after, upTo)
	}
	source.outsiders = func(_ context.Context, _ int64, people []int64) ([]int64, error) {
		defer time.Sleep(readingTime)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asked++
		return slices.DeleteFunc(slices.Clone(people), func(person int64) bool { return c.members[person] }), c.away
	}
	source.state = func(context.Context, int64) (live.State, error) {
		defer time.Sleep(readingTime)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.stateRead++
		state := live.State{Number: c.state, Frames: map[int64][]byte{}}
		for person, isMember := range c.members {
			kind := "full "
			if slices.Contains(c.bared, person) {
				kind = "bare "
			}
			if isMember {
				state.Frames[person] = mustMarshal(frame{State: kind + digits(c.state)})
			}
		}
		return state, c.away
	}
	source.mayWrite = func(_ context.Context, _, person int64) (bool, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.mayAsked++
		return c.members[person] && !c.silent[person], nil
	}
	source.frameTyping = func(people []live.Person) []byte {
		names := []string{}
		for _, person := range people {
			names = append(names, person.Name)
		}
		return mustMarshal(map[string]any{"Typing": names})
	}
	return source
}

func digits(number int64) string { return string(mustMarshal(number)) }

// open starts a site of the club.
func (c *club) open(t *testing.T, source *fake) *site {
	t.Helper()
	return newSiteOf(t, c.journal, source, live.Limits{}, live.Alone{})
}

// polled is the source of a club on several servers.
func (c *club) polled() *fake {
	source := c.source()
	source.progress = func(context.Context, []int64) (map[int64]live.Progress, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return map[int64]live.Progress{room: {Version: c.head(), State: c.state}}, nil
	}
	return source
}

// fails has the store be away for all that only private rooms ask for; nil: it is there.
func (c *club) fails(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = err
}
