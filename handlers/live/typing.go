package live

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

const (
	// typingEvery is how often, at most, a page is heard to say that its person types.
	typingEvery = 2 * time.Second
	// typingKept is how long a person is shown to type after their page has said so.
	typingKept = 5 * time.Second
	// typingInterval is how often, at most, readers are told who types.
	typingInterval = time.Second
)

// typing is who types in a members' room. It is a latest value, not a log.
type typing struct {
	typists map[int64]typist
	changed bool  // since it was framed
	frame   frame // what readers were last told
}

type typist struct {
	Person
	said time.Time
}

// saidTyping is what a page sends while its person types.
type saidTyping struct {
	Typing string `json:"typing"`
}

// types notes that the person of a connection types, if they may write and are not hidden, and tells the other
// servers.
func (c *Conn) types() {
	h := c.hub
	ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
	defer cancel()
	person := c.member.Person
	if found, _ := h.presence.find(person.ID); found.Hidden {
		return
	}
	if may, err := h.source.MayWrite(ctx, c.room.id, person.ID); err != nil || !may {
		return // without the store, nobody is shown to type
	}
	told, err := json.Marshal(person)
	if err != nil {
		return
	}
	c.room.startTyping(person)
	h.bus.Publish(TypingChannel(c.room.id), Entry{Fragment: told})
}

// hearTyping takes what another server says of a person who types. It drops what it cannot read.
func (r *room) hearTyping(entry Entry) {
	var person Person
	if json.Unmarshal(entry.Fragment, &person) == nil && r.hasTyping() {
		r.startTyping(person)
	}
}

// hasTyping tells whether the room's readers are told who types.
func (r *room) hasTyping() bool { return r.private }

func (r *room) startTyping(person Person) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.conns) == 0 {
		return
	}
	first := r.typing == nil
	if first {
		r.typing = &typing{typists: map[int64]typist{}}
	}
	_, known := r.typing.typists[person.ID]
	r.typing.typists[person.ID] = typist{person, time.Now()}
	r.typing.changed = r.typing.changed || !known
	if first {
		r.passTyping()
	}
}

// stopTyping notes that a person has stopped typing, because their message is there. The caller holds
// mu.
func (r *room) stopTyping(person int64) {
	if r.typing == nil {
		return
	}
	if _, ok := r.typing.typists[person]; ok {
		delete(r.typing.typists, person)
		r.tellTyping()
	}
}

// passTyping tells readers who types if that has changed, and calls itself again after
// typingInterval until nobody types. The caller holds mu.
func (r *room) passTyping() {
	now := r.typing
	maps.DeleteFunc(now.typists, func(_ int64, t typist) bool {
		over := time.Since(t.said) >= typingKept
		now.changed = now.changed || over
		return over
	})
	switch {
	case now.changed:
		r.tellTyping()
	case len(now.typists) == 0:
		r.typing = nil
		return
	}
	time.AfterFunc(typingInterval, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.passTyping()
	})
}

// tellTyping tells all readers who types. The caller holds mu.
func (r *room) tellTyping() {
	people := make([]Person, 0, len(r.typing.typists))
	for _, typist := range r.typing.typists {
		people = append(people, typist.Person)
	}
	slices.SortFunc(people, byName)
	r.typing.frame, r.typing.changed = newFrame(r.source.FrameTyping(people)), false
	r.typed++
	r.writers.wake(r.conns...)
}

// typingFor returns a frame of who types if a reader was last told something else, and nil if not.
func (r *room) typingFor(conn *Conn) frame {
	r.mu.Lock()
	defer r.mu.Unlock()
	if conn.typed == r.typed || !conn.isInside() {
		return nil
	}
	conn.typed = r.typed
	if r.typing == nil { // all have stopped since the reader was last told
		return newFrame(r.source.FrameTyping(nil))
	}
	return r.typing.frame
}
