package handlers

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"plaza/handlers/live"
	"plaza/store"
	"plaza/views"
)

// streamSource reads for the hub from the store, and makes the frames that pages are sent.
type streamSource struct{ *Server }

// liveRoom returns a room as the hub keeps it.
func liveRoom(room store.Room) live.Room {
	return live.Room{ID: room.ID, Members: room.Kind.HasMembers()}
}

// Newest implements live.Log.
func (s streamSource) Newest(ctx context.Context, room int64) (live.Page, error) {
	newest, err := s.store.NewestMessages(ctx, room, pageLength)
	if err != nil {
		return live.Page{}, err
	}
	page := live.Page{Version: newest.Version, History: live.History(newest.History)}
	if len(newest.Messages) > 0 {
		page.First = newest.Messages[0].Seq
	}
	page.HTML, err = toBytes(views.Messages(partOf(room, store.Part{Messages: newest.Messages, Older: newest.Older})))
	page.Deflated = deflated(page.HTML)
	return page, err
}

// Changes implements live.Log.
func (s streamSource) Changes(ctx context.Context, room, after, upTo int64) ([]live.Entry, live.Progress, error) {
	messages, err := s.store.Changes(ctx, room, after, upTo)
	if err != nil {
		return nil, live.Progress{}, err
	}
	entries := make([]live.Entry, 0, len(messages))
	for _, message := range messages {
		entry, err := entryOf(message)
		if err != nil {
			return nil, live.Progress{}, err
		}
		entries = append(entries, entry)
	}
	found, err := s.Progress(ctx, []int64{room})
	return entries, found[room], err
}

// BeginEpoch implements live.Log.
func (s streamSource) BeginEpoch(ctx context.Context, room int64, reached live.Cursor) error {
	s.log.Warn("the database has lost messages that it had committed", "room", room, "version", reached.Version)
	return s.store.BeginEpoch(ctx, room, reached.Epoch, reached.Version)
}

// Outsiders implements live.Members.
func (s streamSource) Outsiders(ctx context.Context, room int64, people []int64) ([]int64, error) {
	return s.store.Outsiders(ctx, room, people)
}

// State implements live.Members.
func (s streamSource) State(ctx context.Context, room int64) (live.State, error) {
	found, err := s.store.State(ctx, room)
	if err != nil {
		return live.State{}, err
	}
	type kind struct{ bare, closed bool }
	frames := map[kind][]byte{}
	state := live.State{Number: found.Number, Frames: map[int64][]byte{}}
	for _, member := range found.Members {
		shown := views.StateFor(found, member.ID)
		k := kind{shown.Bare, shown.Closed}
		if frames[k] == nil {
			frames[k] = partial("#room-state", "state", s.rendered(views.RoomStateContent(shown)))
		}
		state.Frames[member.ID] = frames[k]
	}
	return state, nil
}

// MayWrite implements live.Members.
func (s streamSource) MayWrite(ctx context.Context, room, person int64) (bool, error) {
	return s.store.MayWrite(ctx, person, room)
}

// Inboxes implements live.Inboxes.
func (s streamSource) Inboxes(ctx context.Context, people []int64) (map[int64]live.Inbox, error) {
	found, err := s.store.Inboxes(ctx, people)
	framed := make(map[int64]live.Inbox, len(found))
	for person, inbox := range found {
		framed[person] = live.Inbox{
			Mark: inbox.Mark(), Frame: partial("#inbox", "inbox", s.rendered(views.Inbox(inbox))), Changes: inbox.Changes,
		}
	}
	return framed, err
}

// NewsRoom implements live.News.
func (s streamSource) NewsRoom() int64 { return store.PublicRoom }

// FrameNews implements live.News. Its swap, "news", belongs to static/js/core/inbox.js.
func (s streamSource) FrameNews(ctx context.Context) ([]byte, error) {
	posts, err := s.store.PublicPosts(ctx, newsLength)
	if err != nil {
		return nil, err
	}
	return partial("#inbox", "news", s.rendered(views.PublicNews(posts))), nil
}

// newsLength is how many posts of the public chat other pages are told of. Those show "99+" at most.
const newsLength = 100

// FrameChanges implements live.Frames. Its swap, "log", belongs to static/js/chat/live.js: it puts each
// message at its place, and moves the page's cursor.
func (s streamSource) FrameChanges(_ int64, to live.Cursor, changes []live.Entry) []byte {
	fragments := make([][]byte, len(changes))
	for i, change := range changes {
		fragments[i] = change.Fragment
	}
	return partial("#messages", logSwap(to), fragments...)
}

// FramePage implements live.Frames.
func (s streamSource) FramePage(_ int64, page live.Page) []byte {
	return partial("#messages", logSwap(live.Cursor{Epoch: page.History.Epoch, Version: page.Version})+" fresh:true", page.HTML)
}

// logSwap returns the swap that moves the page's cursor.
func logSwap(to live.Cursor) string {
	return fmt.Sprintf("log version:%d epoch:%d", to.Version, to.Epoch)
}

// FrameCount implements live.Frames.
func (s streamSource) FrameCount(online int) []byte {
	return partial("#online", "textContent", s.rendered(views.Online(online)))
}

// People implements live.Frames.
func (s streamSource) People(people []live.Person, hidden int) []byte {
	return s.rendered(views.PeopleList(shownPeople(people, hidden)))
}

// FramePeople implements live.Frames.
func (s streamSource) FramePeople(list []byte) []byte { return partial("#people", "outerMorph", list) }

// FramePerson implements live.Frames.
func (s streamSource) FramePerson(person live.Person) []byte {
	at := strconv.FormatInt(time.Now().UnixMilli(), 10)
	return partial("#online", "picture at:"+at, s.rendered(views.Picture(shownPerson(person))))
}

// FrameTyping implements live.Frames.
func (s streamSource) FrameTyping(people []live.Person) []byte {
	users := make([]store.Person, len(people))
	for i, person := range people {
		users[i] = shownPerson(person)
	}
	return partial("#typing", "typing", s.rendered(views.Typing(users)))
}

// Progress implements live.Peers.
func (s streamSource) Progress(ctx context.Context, rooms []int64) (map[int64]live.Progress, error) {
	found, err := s.store.Progress(ctx, rooms)
	progress := make(map[int64]live.Progress, len(found))
	for room, is := range found {
		progress[room] = live.Progress{Version: is.Version, History: live.History(is.History), State: is.State}
	}
	return progress, err
}

// InboxChanges implements live.Peers.
func (s streamSource) InboxChanges(ctx context.Context) (map[int64]int64, error) {
	return s.store.InboxChanges(ctx)
}

// rendered renders a small component of a frame. If that fails, it logs the error and returns nothing.
func (s *Server) rendered(component templ.Component) []byte {
	html, err := toBytes(component)
	if err != nil {
		s.log.Error("cannot render a frame", "error", err)
	}
	return html
}

// partial returns the frame that swaps content into an element of the page.
func partial(target, swap string, content ...[]byte) []byte {
	const open, middle, end, closing = `<hx-partial data-hx-target="`, `" data-hx-swap="`, `">`, `</hx-partial>`
	size := len(open) + len(target) + len(middle) + len(swap) + len(end) + len(closing)
	for _, piece := range content {
		size += len(piece)
	}
	frame := make([]byte, 0, size)
	frame = append(append(append(frame, open...), target...), middle...)
	frame = append(append(frame, swap...), end...)
	for _, piece := range content {
		frame = append(frame, piece...)
	}
	return append(frame, closing...)
}
