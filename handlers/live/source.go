package live

import "context"

// Source is what a hub asks of its site. All of it is safe for concurrent use.
type Source interface {
	Log
	Members
	Inboxes
	News
	Frames
}

// Log is where a hub reads the changes of rooms.
type Log interface {
	// Newest returns a room's newest page.
	Newest(ctx context.Context, room int64) (Page, error)
	// Changes returns what changed in a room after a version and up to another, in order, and how far
	// the room is after that was read.
	Changes(ctx context.Context, room, after, upTo int64) ([]Entry, Progress, error)
	// BeginEpoch begins an epoch of a room that had come to a cursor, and is behind it now: the store
	// has lost commits. It does nothing if another server did so first.
	BeginEpoch(ctx context.Context, room int64, reached Cursor) error
}

// Members is what a hub asks about the members of rooms that only members read.
type Members interface {
	// Outsiders returns those of some people who may not read a room.
	Outsiders(ctx context.Context, room int64, people []int64) ([]int64, error)
	// State returns what stands beside a room's log.
	State(ctx context.Context, room int64) (State, error)
	// MayWrite tells whether a person may write in a room, and so be shown to type there.
	MayWrite(ctx context.Context, room, person int64) (bool, error)
}

// Inboxes is where a hub reads what waits for people.
type Inboxes interface {
	Inboxes(ctx context.Context, people []int64) (map[int64]Inbox, error)
}

// News is where a hub reads what is new in a room that all people may read, for the pages that do not
// show it.
type News interface {
	// NewsRoom returns the id of the room; 0 if there is none. It is always the same.
	NewsRoom() int64
	// FrameNews makes a message of the room's newest posts.
	FrameNews(ctx context.Context) ([]byte, error)
}

// Frames makes the messages that pages are sent. Empty bytes are no message.
type Frames interface {
	// FrameChanges makes a message of changes that bring a reader of a room to a cursor.
	FrameChanges(room int64, to Cursor, changes []Entry) []byte
	// FramePage makes a message of a page that replaces all that a reader has.
	FramePage(room int64, page Page) []byte
	// FrameCount makes a message of the number of people online.
	FrameCount(online int) []byte
	// People renders the list of people online, without those who are hidden, but with their number.
	// FramePeople makes a message of it.
	People(people []Person, hidden int) []byte
	FramePeople(list []byte) []byte
	// FramePerson makes a message that shows how a person looks.
	FramePerson(person Person) []byte
	// FrameTyping makes a message of who types in a room: perhaps nobody.
	FrameTyping(people []Person) []byte
}
