package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// errOutside says that a reader may not read the room.
var errOutside = errors.New("the reader is not in the room")

// A connection to a members' room is sent nothing unless the store has said that its person may read
// the room. The store is asked again, a recheck,
//
//   - when the connection comes;
//   - when a change says that its person leaves;
//   - when the room's state holds nothing for its person;
//   - for all connections, when changes are read from the store: somebody may have left by them.
//
// A connection that waits for its recheck is sent nothing. The store is asked after the recheck was
// requested, so nothing that follows a leave can reach the person who left, on any path. A person who
// has come back by then may read the room again, and stays.

// recheck requests a recheck of a connection. The caller holds mu.
func (r *room) recheck(conn *Conn) {
	if r.private {
		r.rechecks++
		conn.recheck = r.rechecks
	}
}

// recheckAll requests a recheck of all connections. The caller holds mu.
func (r *room) recheckAll() {
	for _, conn := range r.conns {
		r.recheck(conn)
	}
}

// recheckPerson requests a recheck of all connections of a person. The caller holds mu.
func (r *room) recheckPerson(person int64) {
	for _, conn := range r.conns {
		if conn.member.Person.ID == person {
			r.recheck(conn)
		}
	}
}

// admit waits until a connection needs no recheck. It returns errOutside if the connection was
// dropped, and another error if the store does not answer.
func (r *room) admit(ctx context.Context, conn *Conn) error {
	for {
		r.mu.Lock()
		recheck, outside, asked := conn.recheck, conn.outside, r.rechecks
		r.mu.Unlock()
		switch {
		case outside:
			return errOutside
		case recheck == 0:
			return nil
		}
		// One query serves all who wait for a recheck by now.
		_, err, _ := r.reads.Do(fmt.Sprintf("outsiders %d", asked), func() (any, error) {
			return nil, r.settle(context.WithoutCancel(ctx))
		})
		if err != nil {
			return err
		}
	}
}

// settle asks the store about all connections that wait for a recheck, and drops those whose people
// may not read the room. A recheck that is requested meanwhile still waits.
func (r *room) settle(ctx context.Context) error {
	r.mu.Lock()
	asked := r.rechecks
	var people []int64
	for _, conn := range r.conns {
		if conn.recheck != 0 && !slices.Contains(people, conn.member.Person.ID) {
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
		case conn.recheck == 0 || conn.recheck > asked:
		case slices.Contains(outsiders, conn.member.Person.ID):
			r.putOut(conn)
		default:
			conn.recheck = 0
		}
	}
	return nil
}

// putOut closes a connection whose person may not read the room. The caller holds mu.
func (r *room) putOut(conn *Conn) {
	r.drop(conn)
	r.stopTyping(conn.member.Person.ID)
	conn.close(statusNoSuchRoom, "no such room")
}

// isInside tells whether a connection may be sent something now. The room's mu is held.
func (c *Conn) isInside() bool { return c.recheck == 0 && !c.outside }
