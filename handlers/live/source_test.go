package live_test

import (
	"context"

	"plaza/handlers/live"
)

// fake is a source whose answers a test chooses. What a test does not choose is not there: no
// members, no inboxes, no other servers.
type fake struct {
	members bool // whether only members read its rooms

	newest       func(ctx context.Context, room int64) (live.Page, error)
	changes      func(ctx context.Context, room, after, upTo int64) ([]live.Entry, live.Progress, error)
	beginEpoch   func(room int64, reached live.Cursor)
	outsiders    func(ctx context.Context, room int64, people []int64) ([]int64, error)
	state        func(ctx context.Context, room int64) (live.State, error)
	mayWrite     func(ctx context.Context, room, person int64) (bool, error)
	inboxes      func(ctx context.Context, people []int64) (map[int64]live.Inbox, error)
	frameChanges func(room int64, to live.Cursor, changes []live.Entry) []byte
	framePage    func(room int64, page live.Page) []byte
	frameCount   func(online int) []byte
	people       func(people []live.Person) []byte
	framePeople  func(list []byte) []byte
	framePerson  func(person live.Person) []byte
	frameTyping  func(people []live.Person) []byte
	progress     func(ctx context.Context, rooms []int64) (map[int64]live.Progress, error)
	newsRoom     int64
	news         func() ([]byte, error)
	inboxChanges func(ctx context.Context) (map[int64]int64, error)
}

func (f *fake) Newest(ctx context.Context, room int64) (live.Page, error) { return f.newest(ctx, room) }

func (f *fake) Changes(ctx context.Context, room, after, upTo int64) ([]live.Entry, live.Progress, error) {
	return f.changes(ctx, room, after, upTo)
}

func (f *fake) BeginEpoch(_ context.Context, room int64, reached live.Cursor) error {
	f.beginEpoch(room, reached)
	return nil
}

func (f *fake) Outsiders(ctx context.Context, room int64, people []int64) ([]int64, error) {
	return f.outsiders(ctx, room, people)
}

func (f *fake) State(ctx context.Context, room int64) (live.State, error) { return f.state(ctx, room) }

func (f *fake) MayWrite(ctx context.Context, room, person int64) (bool, error) {
	return f.mayWrite(ctx, room, person)
}

func (f *fake) Inboxes(ctx context.Context, people []int64) (map[int64]live.Inbox, error) {
	if f.inboxes == nil {
		return map[int64]live.Inbox{}, nil
	}
	return f.inboxes(ctx, people)
}

func (f *fake) FrameChanges(room int64, to live.Cursor, changes []live.Entry) []byte {
	return f.frameChanges(room, to, changes)
}

func (f *fake) FramePage(room int64, page live.Page) []byte { return f.framePage(room, page) }

func (f *fake) FrameCount(online int) []byte { return f.frameCount(online) }

func (f *fake) People(people []live.Person, _ int) []byte { return f.people(people) }

func (f *fake) FramePeople(list []byte) []byte { return f.framePeople(list) }

func (f *fake) FramePerson(person live.Person) []byte { return f.framePerson(person) }

func (f *fake) FrameTyping(people []live.Person) []byte { return f.frameTyping(people) }

func (f *fake) Progress(ctx context.Context, rooms []int64) (map[int64]live.Progress, error) {
	if f.progress == nil {
		return map[int64]live.Progress{}, nil
	}
	return f.progress(ctx, rooms)
}

func (f *fake) InboxChanges(ctx context.Context) (map[int64]int64, error) {
	if f.inboxChanges == nil {
		return map[int64]int64{}, nil
	}
	return f.inboxChanges(ctx)
}

func (f *fake) NewsRoom() int64 { return f.newsRoom }

func (f *fake) FrameNews(context.Context) ([]byte, error) { return f.news() }

// named is a room of the source.
func (f *fake) named(room int64) live.Room { return live.Room{ID: room, Members: f.members} }
