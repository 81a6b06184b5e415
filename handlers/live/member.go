package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// errOutside says that a reader is not to be told anything of the room any more.
var errOutside = errors.New("the reader is not in the room")

// A private room is told to nobody of whom the store has not said that they may read it. A
// connection is in doubt when it comes, at least until the room is known; when its person is said to
// leave; when a state has nothing for them; and whenever the room comes further by what the store
// has: then somebody may have left on the way. Whoever is in doubt is told nothing until the store,
// asked after that, has said what holds; so a leave that has been handed on can never be overtaken by
// what comes after it, on any path.
//
// Somebody who has left and come back by then may read all of it again, and stays.

// doubt has a connection in doubt, from now on. The caller holds mu.
func (r *room) doubt(conn *Conn) {
	if r.private {
		r.doubts++
		conn.doubt = r.doubts
	}
}

// doubtAll is doubt for all readers. The caller holds mu.
func (r *room) doubtAll() {
	for _, conn := range r.conns {
		r.doubt(conn)
	}
}

// doubtPerson is doubt for all connections of somebody. The caller holds mu.
func (r *room) doubtPerson(person int64) {
	for _, conn := range r.conns {
		if conn.member.Person.ID == person {
			r.doubt(conn)
		}
	}
}

// admit returns once a reader is in no doubt: nil where they may read the room, errOutside where
// they may not or have gone, and else why the store does not say.
func (r *room) admit(ctx context.Context, conn *Conn) error {
	for {
		r.mu.Lock()
		doubt, outside, asked := conn.doubt, conn.outside, r.doubts
		r.mu.Unlock()
		switch {
		case outside:
			return errOutside
		case doubt == 0:
			return nil
		}
		// One question serves all who were in doubt when it was put.
		_, err, _ := r.reads.Do(fmt.Sprintf("outsiders %d", asked), func() (any, error) {
			return nil, r.settle(context.WithoutCancel(ctx))
		})
		if err != nil {
			return err
		}
	}
}

// settle asks the store about all who are in doubt: those who may not read the room are put out
// of it. Whoever has come into doubt again meanwhile stays there.
func (r *room) settle(ctx context.Context) error {
	r.mu.Lock()
	asked := r.doubts
	var people []int64
	for _, conn := range r.conns {
		if conn.doubt != 0 && !slices.Contains(people, conn.member.Person.ID) {
			people = append(people, conn.member.Person.ID)
		}
	}
	r.mu.Unlock()
	if len(people) == 0 {
		return nil
	}
	outsiders, err := r.source.Outsiders(ctx, r.id, people)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, conn := range slices.Clone(r.conns) {
		switch {
		case conn.doubt == 0 || conn.doubt > asked:
		case slices.Contains(outsiders, conn.member.Person.ID):
			r.putOut(conn)
		default:
			conn.doubt = 0
		}
	}
	return nil
}

// putOut ends a connection whose person may not read the room. The caller holds mu.
func (r *room) putOut(conn *Conn) {
	r.drop(conn)
	r.stopTyping(conn.member.Person.ID)
	conn.close(statusNoSuchRoom, "no such room")
}

// isInside tells whether a reader may be told something right now. The caller holds mu.
func (c *Conn) isInside() bool { return c.doubt == 0 && !c.outside }
