package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"pgregory.net/rapid"

	"plaza/handlers/live"
)

// note is a message in one of its states.
type note struct {
	Seq     int64
	Version int64
	Text    string // "": deleted
}

// archive is a room's log in memory, in which messages are edited and deleted.
type archive struct {
	mu      sync.Mutex
	notes   []note // each in its latest state, in the order of their seqs
	history []note // what each version did
	named   live.History
	epochs  int64 // how many there were
	restart bool  // whether the next change is the first of a run
}

// change has the next version post a message, or edit or delete one that luck chooses: mostly
// a new one. It returns what would be published, with a fragment of about that many bytes.
func (a *archive) change(luck *rand.Rand, size int) live.Entry {
	a.mu.Lock()
	defer a.mu.Unlock()
	version := int64(len(a.history) + 1)
	n := note{Seq: version, Version: version, Text: fmt.Sprint("text ", version)}
	what := luck.IntN(10)
	if len(a.notes) == 0 || what < 5 {
		a.notes = append(a.notes, n)
	} else {
		back := luck.IntN(len(a.notes))
		if what < 9 {
			back = min(back, luck.IntN(2*pageLength))
		}
		changed := &a.notes[len(a.notes)-1-back]
		if n.Seq = changed.Seq; what%2 == 0 {
			n.Text = ""
		}
		*changed = n
	}
	if a.restart || a.epochs == 0 {
		a.beginEpoch()
	}
	a.history = append(a.history, n)
	entry := fragment(n, size)
	entry.History = a.named
	return entry
}

// beginEpoch has other versions follow than have ever followed. The caller holds mu.
func (a *archive) beginEpoch() {
	a.epochs++
	a.named = live.History{Epoch: a.epochs, From: int64(len(a.history)), Before: a.named.Epoch}
	a.restart = false
}

// lose takes back the newest changes. If the archive was restarted, the next change begins an epoch.
func (a *archive) lose(count int, restarted bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.history = a.history[:max(0, len(a.history)-count)]
	a.restart = a.restart || restarted
	a.notes = nil
	for _, n := range a.history {
		if n.Seq == n.Version {
			a.notes = append(a.notes, n)
			continue
		}
		at := slices.IndexFunc(a.notes, func(shown note) bool { return shown.Seq == n.Seq })
		a.notes[at] = n
	}
}

// changes has so many versions change something.
func (a *archive) changes(luck *rand.Rand, count, size int) []live.Entry {
	entries := make([]live.Entry, count)
	for i := range entries {
		entries[i] = a.change(luck, size)
	}
	return entries
}

func fragment(n note, size int) live.Entry {
	state := mustMarshal(n)
	padded := make([]byte, max(size, len(state)))
	copy(padded, state)
	return live.Entry{Version: n.Version, Fragment: padded}
}

func (a *archive) head() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return int64(len(a.history))
}

// progress returns how far the archive is.
func (a *archive) progress() live.Progress {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.progressLocked()
}

func (a *archive) progressLocked() live.Progress {
	return live.Progress{Version: int64(len(a.history)), History: a.named}
}

// final returns the notes as they are now.
func (a *archive) final() []note {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.notes)
}

// at returns the notes as they were at a version.
func (a *archive) at(version int64) map[int64]note {
	a.mu.Lock()
	defer a.mu.Unlock()
	notes := map[int64]note{}
	for _, n := range a.history[:version] {
		notes[n.Seq] = n
	}
	return notes
}

// parcel is what the frames of an archive hold.
type parcel struct {
	To    int64 // the version it brings its reader to; 0: it is no parcel
	Epoch int64
	Fresh bool
	Notes []note
}

// readingTime is how long it takes to read an archive: meanwhile, the room goes on.
const readingTime = 1500 * time.Microsecond

// source is the archive's, with what is of no matter here from a journal.
func (a *archive) source() *fake {
	source := (&journal{}).source()
	source.newest = func(context.Context, int64) (live.Page, error) {
		defer time.Sleep(readingTime)
		a.mu.Lock()
		defer a.mu.Unlock()
		page := a.notes[max(0, len(a.notes)-pageLength):]
		return live.Page{Version: int64(len(a.history)), History: a.named, HTML: mustMarshal(page)}, nil
	}
	source.beginEpoch = func(_ int64, reached live.Cursor) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if reached.Epoch == a.named.Epoch && int64(len(a.history)) < reached.Version {
			a.beginEpoch()
		}
	}
	source.progress = func(context.Context, []int64) (map[int64]live.Progress, error) {
		defer time.Sleep(readingTime)
		return map[int64]live.Progress{room: a.progress()}, nil
	}
	// A message that changed twice comes once, and not at all where its latest change is past
	// upTo: so does the store's.
	source.changes = func(_ context.Context, _, after, upTo int64) ([]live.Entry, live.Progress, error) {
		defer time.Sleep(readingTime)
		a.mu.Lock()
		defer a.mu.Unlock()
		var entries []live.Entry
		for _, n := range a.notes {
			if n.Version > after && n.Version <= upTo {
				entries = append(entries, fragment(n, 0))
			}
		}
		slices.SortFunc(entries, func(a, b live.Entry) int { return int(a.Version - b.Version) })
		return entries, a.progressLocked(), nil
	}
	source.frameChanges = func(_ int64, to live.Cursor, changes []live.Entry) []byte {
		p := parcel{To: to.Version, Epoch: to.Epoch}
		for _, change := range changes {
			end := bytes.IndexByte(change.Fragment, '}') + 1
			p.Notes = append(p.Notes, mustUnmarshal[note](change.Fragment[:end]))
		}
		return mustMarshal(p)
	}
	source.framePage = func(_ int64, page live.Page) []byte {
		return mustMarshal(parcel{To: page.Version, Epoch: page.History.Epoch, Fresh: true, Notes: mustUnmarshal[[]note](page.HTML)})
	}
	return source
}

func mustUnmarshal[T any](b []byte) (value T) {
	if err := json.Unmarshal(b, &value); err != nil {
		panic(err)
	}
	return value
}

// newArchiveSite starts a site with a hub on an archive.
func newArchiveSite(t *testing.T) (*site, *archive) {
	t.Helper()
	a := &archive{}
	return newSiteWith(t, a.source()), a
}

// newSiteWith starts a site with a hub on a source.
func newSiteWith(t *testing.T, source *fake) *site {
	t.Helper()
	s := newSite(t, live.Limits{})
	synctest.Wait() // until its own hub runs
	s.hub = live.NewHub(source, live.Limits{}, live.Alone{})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { s.hub.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return s
}

// screen is a page as its reader sees it: it applies what comes by the ids of messages.
type screen struct {
	site    *site
	archive *archive
	socket  *websocket.Conn
	done    chan struct{} // closed when it reads no more

	mu      sync.Mutex
	cursor  int64
	epoch   int64 // of the cursor
	oldest  int64 // the seq from which on it shows messages; those before are on older pages
	notes   map[int64]note
	fresh   int
	problem string
}

// newScreen is a page that was made at a version. At one that the room never had, it shows what
// the room never had either.
func newScreen(s *site, a *archive, cursor int64) *screen {
	c := &screen{site: s, archive: a, cursor: cursor, epoch: a.progress().History.Epoch, notes: map[int64]note{}}
	switch head := a.head(); {
	case cursor > head:
		for seq := int64(1); seq <= cursor; seq++ {
			c.notes[seq] = note{Seq: seq, Version: cursor, Text: "of another history"}
		}
	case cursor > 0:
		c.notes = a.at(cursor)
	}
	return c
}

// connect opens a connection where the page left off, and reads from it.
func (c *screen) connect(t *testing.T) {
	t.Helper()
	connected, err := c.site.connectAt(1, live.Cursor{Epoch: c.epoch, Version: c.cursor})
	if err != nil {
		t.Fatal(err)
	}
	connected.socket.SetReadLimit(-1)
	c.socket, c.done = connected.socket, make(chan struct{})
	go func() {
		defer close(c.done)
		for {
			_, frame, err := c.socket.Read(context.Background())
			if err != nil {
				return
			}
			c.take(frame)
		}
	}()
}

func (c *screen) cut() {
	_ = c.socket.CloseNow()
	<-c.done
}

func (c *screen) take(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for decoder := json.NewDecoder(bytes.NewReader(frame)); decoder.More(); {
		var p parcel
		if err := decoder.Decode(&p); err != nil {
			c.complain("a frame cannot be read: %v", err)
			return
		}
		if p.To == 0 && !p.Fresh {
			continue // it says who is online
		}
		if p.Fresh {
			c.fresh++
			c.oldest, c.notes = 0, map[int64]note{}
			if len(p.Notes) == pageLength {
				c.oldest = p.Notes[0].Seq
			}
			c.cursor = 0
		}
		c.apply(p)
		c.cursor, c.epoch = p.To, p.Epoch
	}
}

// apply puts notes in their places. The caller holds mu.
func (c *screen) apply(p parcel) {
	last := c.cursor
	for _, n := range p.Notes {
		if n.Version <= c.cursor || n.Version > p.To || (n.Version <= last && !p.Fresh) {
			c.complain("version %d came on the way from %d to %d, after %d", n.Version, c.cursor, p.To, last)
		}
		last = n.Version
		if n.Seq >= c.oldest {
			c.notes[n.Seq] = n
		}
	}
	if p.To <= c.cursor && p.To > 0 {
		c.complain("a frame leads from %d to %d", c.cursor, p.To)
	}
}

func (c *screen) complain(format string, of ...any) {
	if c.problem == "" {
		c.problem = fmt.Sprintf(format, of...)
	}
}

// differs says in what the page is not as the room is, of which it may have seen only what is
// up to its cursor; "" where it is.
func (c *screen) differs() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.problem != "" {
		return c.problem
	}
	shown := maps.Clone(c.notes)
	for _, n := range c.archive.final() {
		if n.Version <= c.cursor && n.Seq >= c.oldest && shown[n.Seq] != n {
			return fmt.Sprintf("at cursor %d it shows %+v for %+v", c.cursor, shown[n.Seq], n)
		}
		delete(shown, n.Seq)
	}
	for _, n := range shown {
		return fmt.Sprintf("at cursor %d it shows %+v, which is not there", c.cursor, n)
	}
	return ""
}

// isDone says why a page does not show all of the room, if it does not.
func (c *screen) isDone() string {
	c.mu.Lock()
	cursor := c.cursor
	c.mu.Unlock()
	if head := c.archive.head(); cursor != head {
		return fmt.Sprintf("it is at %d of %d", cursor, head)
	}
	return c.differs()
}

// From every cursor there may be, one comes to see what the room has, however much of it the
// hub has. Who is not too far behind need not start over.
func TestEveryCursor(t *testing.T) {
	t.Parallel()
	const replay = 200 // changes, at most
	luck := rand.New(rand.NewPCG(1, 2))
	publish := func(s *site, entries []live.Entry) {
		for _, e := range entries {
			s.hub.Publish(room, e)
			synctest.Wait()
		}
	}
	tests := []struct {
		name    string
		prepare func(t *testing.T, s *site, a *archive)
		knows   bool // whether the hub knows all that there is
	}{
		{"an empty room", func(*testing.T, *site, *archive) {}, true},
		{"a room that nobody reads", func(_ *testing.T, _ *site, a *archive) { a.changes(luck, replay+30, 0) }, true},
		{"a room of few changes", func(t *testing.T, s *site, a *archive) {
			newScreen(s, a, 0).connect(t)
			publish(s, a.changes(luck, 40, 0))
		}, true},
		{"more changes than the ring holds", func(t *testing.T, s *site, a *archive) {
			newScreen(s, a, 0).connect(t)
			publish(s, a.changes(luck, replay+30, 0))
		}, true},
		{"more bytes than the ring holds", func(t *testing.T, s *site, a *archive) {
			newScreen(s, a, 0).connect(t)
			publish(s, a.changes(luck, 60, 400_000))
		}, true},
		{"changes that nobody was told of", func(t *testing.T, s *site, a *archive) {
			newScreen(s, a, 0).connect(t)
			publish(s, a.changes(luck, 60, 0))
			a.changes(luck, 30, 0)
		}, false},
		{"changes of which some are missing", func(t *testing.T, s *site, a *archive) {
			newScreen(s, a, 0).connect(t)
			publish(s, a.changes(luck, 60, 0))
			for i, e := range a.changes(luck, 30, 0) {
				if i%3 == 1 {
					s.hub.Publish(room, e)
				}
			}
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, a := newArchiveSite(t)
				test.prepare(t, s, a)
				head := a.head()
				var screens []*screen
				for cursor := live.Nowhere; cursor <= head+2; cursor++ {
					c := newScreen(s, a, cursor)
					c.connect(t)
					screens = append(screens, c)
				}
				time.Sleep(100 * time.Millisecond)
				synctest.Wait()
				for i, c := range screens {
					cursor := int64(i) + live.Nowhere
					if problem := c.differs(); problem != "" {
						t.Fatalf("who came with cursor %d of %d: %s", cursor, head, problem)
					}
					tooFar := head-cursor > replay
					startsOver := cursor == live.Nowhere || cursor > head || tooFar
					if (c.fresh == 1) != startsOver && (test.knows || !tooFar) {
						t.Errorf("who came with cursor %d of %d got %d pages afresh", cursor, head, c.fresh)
					}
				}
				publish(s, a.changes(luck, 20, 0))
				for i, c := range screens {
					if problem := c.isDone(); problem != "" {
						t.Fatalf("later, who came with cursor %d of %d: %s", int64(i)+live.Nowhere, head, problem)
					}
				}
			})
		})
	}
}

// From every cursor, too, while the room goes on: what is read of the store for one reader is
// old by the time that it is there.
func TestEveryCursorWhileTheRoomGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, a := newArchiveSite(t)
		luck := rand.New(rand.NewPCG(3, 4))
		a.changes(luck, 100, 0)
		var screens []*screen
		for cursor := live.Nowhere; cursor <= 100; cursor++ {
			c := newScreen(s, a, cursor)
			c.connect(t)
			screens = append(screens, c)
			s.hub.Publish(room, a.change(luck, 400_000)) // so that few are in the ring
			time.Sleep(readingTime / 15)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for i, c := range screens {
			if problem := c.isDone(); problem != "" {
				t.Errorf("who came with cursor %d: %s", int64(i)+live.Nowhere, problem)
			}
		}
	})
}

// happening is what happens to a room and its readers at one time.
type happening struct {
	Changes int
	Large   bool // whether they are too large for many to be in the ring
	Luck    uint64
	Publish []int // which of the changes are published, in this order
	Join    int64 // a reader comes, so far behind the newest version, or ahead of it
	Cut     int   // which reader loses its connection and comes back, if any
	Stall   int   // which reader takes nothing for a while, and then comes back, if any
	Pause   time.Duration
}

func drawHappening(t *rapid.T) happening {
	h := happening{
		Changes: rapid.SampledFrom([]int{0, 1, 2, 3, 8, 30, 150, 210}).Draw(t, "changes"),
		Large:   rapid.Bool().Draw(t, "large"),
		Luck:    rapid.Uint64().Draw(t, "luck"),
		Join:    rapid.Int64Range(-3, 220).Draw(t, "join"),
		Cut:     rapid.IntRange(0, 9).Draw(t, "cut"),
		Stall:   rapid.IntRange(0, 20).Draw(t, "stall"),
		Pause:   rapid.SampledFrom([]time.Duration{0, 1, 1, 3, 60}).Draw(t, "pause") * time.Millisecond,
	}
	order := rand.New(rand.NewPCG(h.Luck, 1)).Perm(h.Changes)
	if rapid.Bool().Draw(t, "in order") {
		slices.Sort(order)
	}
	h.Publish = order[:rapid.IntRange(0, h.Changes).Draw(t, "published")]
	return h
}

// However messages are posted, edited and deleted, however that is published, and however
// readers come, go and stall: each shows what the room has.
func TestReadersShowWhatTheRoomHas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		plan := rapid.SliceOfN(rapid.Custom(drawHappening), 1, 8).Draw(rt, "plan")
		var problem string
		synctest.Test(t, func(t *testing.T) { problem = carryOut(t, plan) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

// readingBehind is how many reads, one after the other, a reader may have to wait for who knows
// more than the hub: one that others had begun, and what that lacked, then one of its own and what
// that lacked; and one to spare.
const readingBehind = 5

// carryOut has a plan happen and returns what some reader shows wrongly.
func carryOut(t *testing.T, plan []happening) string {
	s, a := newArchiveSite(t)
	var screens []*screen
	for i, h := range plan {
		size := 0
		if h.Large {
			size = 400_000 / (1 + h.Changes/20)
		}
		entries := a.changes(rand.New(rand.NewPCG(h.Luck, 0)), h.Changes, size)
		for _, which := range h.Publish {
			s.hub.Publish(room, entries[which])
		}
		if h.Cut < len(screens) {
			screens[h.Cut].cut()
			screens[h.Cut].connect(t)
		}
		if h.Stall < len(screens) {
			screens[h.Stall].stall(t)
		}
		c := newScreen(s, a, max(live.Nowhere, a.head()-h.Join))
		c.connect(t)
		screens = append(screens, c)
		if h.Join < 0 { // or the room might come to where this reader is, who would seem to know it
			time.Sleep(readingBehind * readingTime)
		}
		time.Sleep(h.Pause)
		synctest.Wait()
		for reader, c := range screens {
			if problem := c.differs(); problem != "" {
				return fmt.Sprintf("after happening %d, reader %d: %s", i, reader, problem)
			}
		}
	}
	s.hub.Publish(room, a.change(rand.New(rand.NewPCG(0, 0)), 0))
	time.Sleep(time.Second)
	synctest.Wait()
	for reader, c := range screens {
		if problem := c.isDone(); problem != "" {
			return fmt.Sprintf("in the end, reader %d: %s", reader, problem)
		}
	}
	return ""
}

// stall takes nothing until the connection is given up.
func (c *screen) stall(t *testing.T) {
	t.Helper()
	c.cut()
	connected, err := c.site.connectAt(1, live.Cursor{Epoch: c.epoch, Version: c.cursor})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(6 * time.Second)
	_ = connected.socket.CloseNow()
	c.connect(t)
}
