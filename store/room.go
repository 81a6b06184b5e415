package store

import (
	"slices"

	"plaza/store/database"
)

// PublicRoom is the id of the public chat, the first room of each site.
const PublicRoom int64 = 1

// RoomSummary is what lists show of a room to one of its readers.
type RoomSummary struct {
	ID       int64
	Kind     RoomKind
	Name     string // of groups; "" for the public chat, which each language names
	Other    Person // of pairs: the other member; the viewer if it is a notebook
	Notebook bool   // a pair with one member
}

// Room is a log of messages, as one viewer sees it.
type Room struct {
	RoomSummary
	Version int64 // the number of changes so far
	History History
	State   int64 // the number of changes of what pages show beside the log
	ReadTo  int64 // the version up to which the viewer has read
	Unread  int   // in private rooms: the number of other members' messages after ReadTo
	Access  Access
	Closed  ClosedReason

	// PublicLeftAt is, in the public chat, the seq of the first message of another user after ReadTo. It
	// is 0 if there is none.
	PublicLeftAt int64

	Pinned  string // the seqs of the pinned messages, separated by spaces
	Drafted bool   // the viewer is writing there
}

// roomColumns are the columns of a room for a viewer, of a row of roomsOfViewer.
func roomColumns(viewer string) string {
	return `r.id, r.kind, r.kind = 'pair' AND r.low_id = r.high_id, r.name, r.version, ` + historyColumns + `, r.state,
		coalesce(m.read_to, 0), coalesce(m.unread, 0), ` +
		`coalesce(r.kind = 'public' AND u.role = 'owner', FALSE), ` + closedReasonFor(viewer) + `, ` + personColumnsIfAny("u")
}

// scanRoom reads roomColumns, and then the columns after them into others.
func scanRoom(row database.Row, others ...any) (Room, error) {
	var r Room
	err := row.Scan(slices.Concat([]any{
		&r.ID, &r.Kind, &r.Notebook, &r.Name, &r.Version, &r.History.Epoch, &r.History.From, &r.History.Before, &r.State, &r.ReadTo, &r.Unread, &r.Access.Moderate, &r.Closed,
	}, r.Other.columns(), others)...)
	r.Access.Read, r.Access.Write = true, r.Closed == ""
	r.Access.Pin = r.Kind != Public || r.Access.Moderate
	if r.Kind != Pair {
		r.Other = Person{}
	}
	return r, err
}
