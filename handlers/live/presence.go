package live

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Person is somebody with a live connection.
type Person struct {
	ID       int64
	Username string
	Name     string // what to call them
	Picture  string // names it by its content
}

// presence counts each person's connections. What it says is no log but a latest value:
// a connection is told the newest, and never those between.
type presence struct {
	mu        sync.Mutex
	people    map[int64]*present
	elsewhere map[int64]Person // who has connections to other servers
	alone     int              // how many of them have none here
	left      map[int64]bool   // who left since seen was last asked
	changed   chan struct{}    // holds one token while people differ from what was last framed

	told    uint64 // how often it was framed; 0: never
	listed  []byte // the list of who they are
	counter frame  // how many there are, and how some look by now
	listing frame  // that, and the list, and the notice
	changes []change
	notice  []byte // a frame that rooms' pages are shown beside; nil: there was none yet
}

// change is a frame that shows how somebody looks by now, wherever they are on a page.
type change struct {
	frame []byte
	at    time.Time
}

// What pages are told of people's changes along with who is online: for how long, as a page that is
// slower shows them once it is loaded again, and how many at most.
const (
	changesKept = 10 * time.Second
	mostChanges = 64
)

type present struct {
	Person
	connections int
}

func newPresence(nobody []byte) *presence {
	return &presence{people: map[int64]*present{}, left: map[int64]bool{}, changed: make(chan struct{}, 1), listed: nobody}
}

func (p *presence) arrive(person Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.people[person.ID]
	if found == nil {
		found = &present{Person: person}
		p.people[person.ID] = found
		p.count(person.ID, -1)
	}
	found.connections++
}

func (p *presence) leave(person Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.people[person.ID]
	if found.connections--; found.connections == 0 {
		delete(p.people, person.ID)
		p.left[person.ID] = true
		p.count(person.ID, 1)
	}
}

// count notes that somebody came here, or left: of those who are elsewhere, one more or less is
// there alone. The caller holds mu.
func (p *presence) count(person int64, alone int) {
	if _, ok := p.elsewhere[person]; ok {
		p.alone += alone
		return
	}
	p.mark()
}

// setElsewhere replaces who has connections to other servers.
func (p *presence) setElsewhere(people map[int64]Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.elsewhere, p.alone = people, 0
	for id := range people {
		if p.people[id] == nil {
			p.alone++
		}
	}
	p.mark()
}

// change notes how people are called and look by now.
func (p *presence) change(people []Person, frame func(Person) []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, person := range people {
		if found := p.people[person.ID]; found != nil {
			found.Person = person
		}
		p.changes = append(p.changes, change{frame(person), time.Now()})
	}
	p.mark()
}

// lately returns the frames of the latest changes, and forgets the others. The caller holds mu.
func (p *presence) lately() []byte {
	p.changes = slices.DeleteFunc(p.changes, func(c change) bool { return time.Since(c.at) > changesKept })
	p.changes = p.changes[max(0, len(p.changes)-mostChanges):]
	var frames []byte
	for _, c := range p.changes {
		frames = append(frames, c.frame...)
	}
	return frames
}

// here returns the ids of those who have connections to this server.
func (p *presence) here() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.people))
}

// seen returns the ids of those who have connections to this server, or had some since it was
// last asked; one who left and came back is in it twice.
func (p *presence) seen() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := slices.AppendSeq(slices.Collect(maps.Keys(p.people)), maps.Keys(p.left))
	clear(p.left)
	return seen
}

func (p *presence) setNotice(frame []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notice = frame
	p.mark()
}

func (p *presence) mark() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

func (p *presence) online() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.people) + p.alone
}

func (p *presence) has(person int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, elsewhere := p.elsewhere[person]
	return elsewhere || p.people[person] != nil
}

// list returns all who are online, by name.
func (p *presence) list() []Person {
	p.mu.Lock()
	defer p.mu.Unlock()
	people := make([]Person, 0, len(p.people)+p.alone)
	for _, found := range p.people {
		people = append(people, found.Person)
	}
	for id, person := range p.elsewhere {
		if p.people[id] == nil {
			people = append(people, person)
		}
	}
	slices.SortFunc(people, byName)
	return people
}

// byName compares people by what they are called.
func byName(a, b Person) int {
	return strings.Compare(strings.ToLower(a.Name)+"\x00"+a.Username, strings.ToLower(b.Name)+"\x00"+b.Username)
}

// frames returns the newest frames of how many are online, and of that with who they are, and
// their number; ok is false where a connection that has been told that number knows it all.
func (p *presence) frames(told uint64) (count, listing frame, now uint64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counter, p.listing, p.told, p.told != told
}

// presenceInterval is how often, at most, a change of who is online is told: a crowd that
// comes or goes at once is told in one go.
const presenceInterval = time.Second

// tellPresence frames who is online whenever that changed, once for all connections, and
// wakes them.
func (h *Hub) tellPresence(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.presence.changed:
		}
		people := h.presence.list()
		list, count := h.source.People(people), h.source.FrameCount(len(people))
		framed := h.source.FramePeople(list)
		h.presence.mu.Lock()
		lately := h.presence.lately()
		h.presence.listed, h.presence.counter = list, newFrame(count, lately)
		h.presence.listing = newFrame(count, framed, h.presence.notice, lately)
		h.presence.told++
		h.presence.mu.Unlock()
		h.mu.Lock()
		h.writers.wake(slices.Collect(maps.Keys(h.conns))...)
		h.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-time.After(presenceInterval):
		}
	}
}
