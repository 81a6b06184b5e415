package live_test

import (
	"bytes"
	"context"
	"runtime"
	"testing"

	"plaza/handlers/live"
)

const (
	manyRooms       = 10_000
	someConnections = 2_000   // which read no room, for comparison
	largestRoom     = 2 << 10 // bytes that a private room with a reader takes, beside the connection
	usualFragment   = 1 << 10 // bytes of a message
)

// A site has far more private rooms than public ones: each takes little beside its readers'
// connections, also when somebody has just written there.
func TestFootprintOfPrivateRooms(t *testing.T) {
	c := newClub()
	source := c.source()
	source.outsiders = func(context.Context, int64, []int64) ([]int64, error) { return nil, nil }
	source.newest = func(context.Context, int64) (live.Page, error) {
		return live.Page{HTML: bytes.Repeat([]byte("1 "), 20*usualFragment)}, nil
	}
	source.people = func([]live.Person) []byte { return mustMarshal(frame{People: []string{}}) }
	s := newIdleSite(t, c.journal, source, live.Limits{}, live.Alone{})
	readers := make([]*reader, 0, manyRooms)
	before := memory()
	connect := func(person, room int64) *reader {
		t.Helper()
		r, err := s.connectAs(live.Member{
			Person: live.Person{ID: person}, Session: live.SessionKey{byte(person), byte(person >> 8)},
		}, live.Place{Room: s.fake.named(room)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.socket.CloseNow() })
		go r.read()
		return r
	}
	for person := range int64(someConnections) {
		connect(person, 0)
	}
	roomless := memory()
	for person := range int64(manyRooms) {
		if _, err := s.hub.Page(t.Context(), s.fake.named(1+person), live.Progress{Version: 0}); err != nil { // as a chat's page does
			t.Fatal(err)
		}
		readers = append(readers, connect(someConnections+person, 1+person))
	}
	roomful := memory()
	fragment := append([]byte("1"), bytes.Repeat([]byte(" "), usualFragment)...)
	for id := range int64(manyRooms) {
		s.hub.Publish(1+id, live.Entry{Version: 1, Fragment: bytes.Clone(fragment)})
	}
	for _, r := range readers {
		eventually(t, "all have been told", func() bool { return r.state().cursor == 1 })
	}
	posted := memory()
	connection := (roomless - before) / someConnections
	room, withPost := (roomful-roomless)/manyRooms-connection, (posted-roomless)/manyRooms-connection
	t.Logf("a connection takes %d bytes with its client, a private room %d more, and %d where somebody has just written there", connection, room, withPost)
	if room > largestRoom || withPost > largestRoom {
		t.Errorf("a private room takes %d bytes, and %d where somebody has just written there", room, withPost)
	}
}

// memory is what is in use after the garbage is collected, in bytes.
func memory() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
