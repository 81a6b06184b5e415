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
	Hidden   bool   // counts as online, but is not shown to be online or to type
}

// presence counts the connections of each person. It is a latest value, not a log: a connection is sent
// the newest one, and none of those before.
type presence struct {
	mu        sync.Mutex
	people    map[int64]*present
	elsewhere map[int64]Person // who has connections to other servers
	alone     int              // how many of them have no connection here
	left      map[int64]bool   // who left since the last call of seen
	leaving   []departure      // who may have left, in the order of their times
	changed   chan struct{}    // holds a token if people have changed since they were last framed

	told    uint64 // how often people were framed
	listed  []byte // the rendered list of people
	counter frame  // how many there are, and the changes
	listing frame  // how many there are, the list, the notice and the changes
	changes []change
	notice  []byte // see SetNotice; nil: there is none
}

// change is a message that shows how a person looks, wherever they are on a page.
type change struct {
	frame []byte
	at    time.Time
}

// For how long, and how many, changes of people are sent along with who is online. A page that is
// slower than that shows them once it is reloaded.
const (
	changesKept = 10 * time.Second
	mostChanges = 64
)

// present is a person who has connections, or had the last one less than leaveGrace ago.
type present struct {
	Person
	connections int
	leftAt      time.Time // when the last connection ended
}

// departure is the end of a person's last connection.
type departure struct {
	person int64
	at     time.Time
}

// leaveGrace is for how long a person still counts after their last connection has ended. A page that is
// loaded again connects again within it, and the count stays as it is.
const leaveGrace = 4 * time.Second

func newPresence(nobody []byte) *presence {
	return &presence{people: map[int64]*present{}, left: map[int64]bool{}, changed: make(chan struct{}, 1), listed: nobody}
}

// arrive notes a connection of a person. It returns the number of the frames that the connection's page
// needs not be sent: those that lack the person, if others are about to be made. The page counts them.
func (p *presence) arrive(person Person) (told uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.people[person.ID]
	if found == nil {
		found = &present{Person: person}
		p.people[person.ID] = found
		if p.count(person.ID, -1) {
			told = p.told
		}
	}
	found.connections++
	return told
}

// leave notes the end of a connection of a person. One who is gone for good is not waited for.
func (p *presence) leave(person Person, gone bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.people[person.ID]
	found.connections--
	switch {
	case found.connections > 0:
		return
	case gone:
		p.drop(person.ID)
	default:
		found.leftAt = time.Now()
		p.leaving = append(p.leaving, departure{person.ID, found.leftAt})
	}
	p.left[person.ID] = true
}

// dropLeft drops those who left longer than leaveGrace ago, and have not come back.
func (p *presence) dropLeft() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.leaving) > 0 && time.Since(p.leaving[0].at) >= leaveGrace {
		last := p.leaving[0]
		p.leaving = p.leaving[1:]
		found := p.people[last.person]
		if found != nil && found.connections == 0 && found.leftAt.Equal(last.at) {
			p.drop(last.person)
		}
	}
}

// drop drops a person without connections. The caller holds mu.
func (p *presence) drop(person int64) {
	delete(p.people, person)
	p.count(person, 1)
}

// count notes that a person came here or left. If they are elsewhere too, the number of people online
// stays the same, and it returns false. The caller holds mu.
func (p *presence) count(person int64, alone int) bool {
	if _, ok := p.elsewhere[person]; ok {
		p.alone += alone
		return false
	}
	p.mark()
	return true
}

// setElsewhere sets who has connections to other servers.
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

// change notes the names and pictures that people have now, and who is hidden now.
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

// lately returns the messages of the latest changes, and forgets the others. The caller holds mu.
func (p *presence) lately() []byte {
	p.changes = slices.DeleteFunc(p.changes, func(c change) bool { return time.Since(c.at) > changesKept })
	p.changes = p.changes[max(0, len(p.changes)-mostChanges):]
	var frames []byte
	for _, c := range p.changes {
		frames = append(frames, c.frame...)
	}
	return frames
}

// here returns the ids of those who count as online by their connections to this server.
func (p *presence) here() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Keys(p.people))
}

// seen returns the ids of those who have connections to this server, or had one since the last call.
// The id of one who left and came back is there twice.
func (p *presence) seen() []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := slices.Collect(maps.Keys(p.left))
	clear(p.left)
	for id, found := range p.people {
		if found.connections > 0 {
			seen = append(seen, id)
		}
	}
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

// find returns a person who is online.
func (p *presence) find(person int64) (found Person, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if here := p.people[person]; here != nil {
		return here.Person, true
	}
	found, ok = p.elsewhere[person]
	return found, ok
}

// list returns all who are online, by name, except for those who are hidden. It counts these.
func (p *presence) list() (people []Person, hidden int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	people = make([]Person, 0, len(p.people)+p.alone)
	for _, found := range p.people {
		people = append(people, found.Person)
	}
	for id, person := range p.elsewhere {
		if p.people[id] == nil {
			people = append(people, person)
		}
	}
	online := len(people)
	people = slices.DeleteFunc(people, func(person Person) bool { return person.Hidden })
	slices.SortFunc(people, byName)
	return people, online - len(people)
}

// byName compares people by their names.
func byName(a, b Person) int {
	return strings.Compare(strings.ToLower(a.Name)+"\x00"+a.Username, strings.ToLower(b.Name)+"\x00"+b.Username)
}

// frames returns the latest frame for pages without a room, the one for pages of rooms, and their
// number; ok is false if told is that number.
func (p *presence) frames(told uint64) (count, listing frame, now uint64, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counter, p.listing, p.told, p.told != told
}

// presenceInterval is how often, at most, pages are told who is online. Many people who come or go at
// once make one message.
const presenceInterval = time.Second

// tellPresence frames who is online when that has changed, once for all connections, and wakes them.
func (h *Hub) tellPresence(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.presence.changed:
		}
		people, hidden := h.presence.list()
		list, count := h.source.People(people, hidden), h.source.FrameCount(len(people)+hidden)
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
