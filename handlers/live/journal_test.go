package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"testing"

	"plaza/handlers/live"
)

// The one room of these tests.
const room = 1

// pageLength is how many changes the journal's newest page shows.
const pageLength = 5

// journal is a room's log in memory, which counts what is read of it.
type journal struct {
	large bool // whether fragments are as large as they may become

	mu      sync.Mutex
	entries []live.Entry
	pages   int           // how often Newest was asked
	reads   int           // how often Changes was asked
	trouble error         // what every read answers with
	gate    chan struct{} // what reads of changes wait for, if anything
	hurdle  chan struct{} // the same of reads of pages
}

// commit writes n changes, of which nobody is told.
func (j *journal) commit(n int) []live.Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	for range n {
		j.entries = append(j.entries, j.entry(int64(len(j.entries)+1)))
	}
	return j.entries[len(j.entries)-n:]
}

func (j *journal) fail(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.trouble = err
}

// hold has reads of changes wait; the function it returns lets them go on.
func (j *journal) hold() (release func()) {
	gate := make(chan struct{})
	j.mu.Lock()
	defer j.mu.Unlock()
	j.gate = gate
	return func() { close(gate) }
}

// holdPages is hold for reads of pages.
func (j *journal) holdPages() (release func()) {
	hurdle := make(chan struct{})
	j.mu.Lock()
	defer j.mu.Unlock()
	j.hurdle = hurdle
	return func() {
		j.mu.Lock()
		j.hurdle = nil
		j.mu.Unlock()
		close(hurdle)
	}
}

func (j *journal) asked() (pages, reads int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.pages, j.reads
}

// frame is what a test's frames hold, so that readers can check them.
type frame struct {
	Version int64   // what the frame brings its reader to
	Fresh   bool    // whether it replaces all the reader has
	Seen    []int64 // the versions whose fragments it carries
	Online  *int
	People  []string
	Looks   *live.Person
	State   string
	Typing  []string
	Inbox   string
	News    string
}

func (j *journal) entry(version int64) live.Entry {
	fragment := append(mustMarshal(version), ' ')
	if j.large {
		fragment = append(fragment, bytes.Repeat([]byte(" "), 64<<10)...)
	}
	return live.Entry{Version: version, Fragment: fragment}
}

func (j *journal) source() *fake {
	return &fake{
		newest: func(context.Context, int64) (live.Page, error) {
			j.mu.Lock()
			j.pages++
			newest := int64(len(j.entries))
			page := live.Page{Version: newest, HTML: []byte{}}
			for _, e := range j.entries[max(0, newest-pageLength):] {
				page.HTML = append(page.HTML, e.Fragment...)
			}
			trouble, hurdle := j.trouble, j.hurdle
			j.mu.Unlock()
			if hurdle != nil {
				<-hurdle
			}
			return page, trouble
		},
		changes: func(_ context.Context, _, after, upTo int64) ([]live.Entry, live.Progress, error) {
			j.mu.Lock()
			j.reads++
			found, trouble, gate := slices.Clone(j.entries[after:upTo]), j.trouble, j.gate
			progress := live.Progress{Version: int64(len(j.entries))}
			j.mu.Unlock()
			if gate != nil {
				<-gate
			}
			return found, progress, trouble
		},
		frameChanges: func(_ int64, to live.Cursor, changes []live.Entry) []byte {
			var fragments []byte
			for _, change := range changes {
				fragments = append(fragments, change.Fragment...)
			}
			return mustMarshal(frame{Version: to.Version, Seen: versions(fragments)})
		},
		framePage: func(_ int64, page live.Page) []byte {
			return mustMarshal(frame{Version: page.Version, Fresh: true, Seen: versions(page.HTML)})
		},
		frameCount:  func(online int) []byte { return mustMarshal(frame{Online: &online}) },
		framePeople: func(list []byte) []byte { return list },
		framePerson: func(person live.Person) []byte { return mustMarshal(frame{Looks: &person}) },
		people: func(people []live.Person) []byte {
			names := []string{}
			for _, person := range people {
				names = append(names, person.Name)
			}
			return mustMarshal(frame{People: names})
		},
	}
}

// versions are those that joined fragments carry.
func versions(fragments []byte) []int64 {
	seen := []int64{}
	for _, word := range bytes.Fields(fragments) {
		version, err := strconv.ParseInt(string(word), 10, 64)
		if err != nil {
			panic(err)
		}
		seen = append(seen, version)
	}
	return seen
}

func mustMarshal(value any) []byte {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return b
}

// publishAll hands a hub changes in the order given.
func publishAll(hub *live.Hub, entries []live.Entry) {
	for _, e := range entries {
		hub.Publish(room, e)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if g, w := string(mustMarshal(got)), string(mustMarshal(want)); g != w {
		t.Errorf("%s: got %s, want %s", what, g, w)
	}
}
