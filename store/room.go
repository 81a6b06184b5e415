package store

// PublicRoom is the id of the public chat, the first room of each site.
const PublicRoom int64 = 1

// Room is a log of messages and the people who may read it, as one of them finds it.
type Room struct {
	ID    int64
	Kind  RoomKind
	Name  string // what people see: "Public chat", or what a group calls itself
	Other User   // of a pair: the viewer's counterpart, or themselves where it is their notebook
	// Notebook tells that it is a pair of one, which nobody but the viewer ever reads.
	Notebook bool
	Version  int64 // the number of changes so far
	// Of private rooms:
	State  int64 // how often that changed which the page shows beside the log
	ReadTo int64 // the version up to which the viewer has read
	Unread int   // how many messages of others came after that
	Closed ClosedReason
}

// RoomKind says whose a room is.
type RoomKind string

// The kinds of rooms.
const (
	Public RoomKind = "public" // everybody's
	Pair   RoomKind = "pair"   // two people's, or one's own
	Group  RoomKind = "group"
)

// membersRooms are private rooms as each of their members m finds them, with the counterpart u of
// the member in a pair: in others that is the member.
const membersRooms = `members m JOIN rooms r ON r.id = m.room_id JOIN users u ON u.id = ` + counterpart

const counterpart = `CASE WHEN r.kind = 'pair' THEN r.low_id + r.high_id - m.user_id ELSE m.user_id END`

// roomColumns are of a row of membersRooms.
const roomColumns = `r.id, r.kind, r.kind = 'pair' AND r.low_id = r.high_id, r.name, r.version, r.state, m.read_to, m.unread, ` + closing + `, ` + userColumns

// scanRoom reads the columns of a room, and those that come after them.
func scanRoom(row scanner, others ...any) (Room, error) {
	var r Room
	user := &userRow{}
	err := row.Scan(append(append([]any{
		&r.ID, &r.Kind, &r.Notebook, &r.Name, &r.Version, &r.State, &r.ReadTo, &r.Unread, &r.Closed,
	}, user.columns()...), others...)...)
	r.Other = user.user()
	return r, err
}
