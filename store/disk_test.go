package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"plaza/store"
	"plaza/store/storetest"
)

// crowd is the number of accounts in a gathering.
const crowd = 8

// gathering is a database with many accounts. It is made once, because hashing their passwords is
// slow.
var gathering = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "plaza")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "plaza.db")
	s, err := store.Open(context.Background(), path, store.Serve, store.CheapHashes)
	if err != nil {
		return nil, err
	}
	for i := range crowd {
		name := fmt.Sprint("author", i)
		_, err := s.CreateUser(context.Background(), store.NewUser{
			Username: name, Email: name + "@example.org", Password: storetest.Password,
		})
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// gather makes the database of a gathering.
func gather(t testing.TB, path string) {
	t.Helper()
	content, err := gathering()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// authors returns the first accounts of a gathering, as messages show them.
func authors(t testing.TB, s *store.Store, n int) []store.User {
	t.Helper()
	people := make([]store.User, n)
	for i := range people {
		user, err := s.UserByName(t.Context(), fmt.Sprint("author", i))
		if err != nil {
			t.Fatal(err)
		}
		people[i] = store.User{Person: store.Person{ID: user.ID, Username: user.Username}}
	}
	return people
}

// talk is a group of authors who post concurrently, each as fast as possible. An author stops after
// a refused post.
type talk struct {
	store   *store.Store
	posting sync.WaitGroup
	ending  chan struct{}
	enough  chan struct{} // closed after enoughPosts confirmed posts

	mu        sync.Mutex
	confirmed []store.Message
	refused   []store.NewMessage
	refusing  []time.Time   // the times of the refusals
	refusal   chan struct{} // closed at the first refusal
	wrong     []error       // unexpected errors
}

const (
	enoughPosts = 40
	mostPosts   = 1000 // of each author
)

// begin starts the authors. Their messages begin with the topic, which must be unique.
func begin(s *store.Store, people []store.User, topic string) *talk {
	c := &talk{store: s, ending: make(chan struct{}), enough: make(chan struct{}), refusal: make(chan struct{})}
	for i, author := range people {
		c.posting.Go(func() {
			for j := range mostPosts {
				select {
				case <-c.ending:
					return
				default:
				}
				n := storetest.New(author, fmt.Sprintf("%s %d of %d", topic, j, i))
				n.HTML = strings.Repeat(n.HTML, 400)
				if !c.post(n) {
					return
				}
			}
		})
	}
	return c
}

// post returns false if the message was refused.
func (c *talk) post(n store.NewMessage) bool {
	m, err := c.store.Post(context.Background(), n)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.confirmed = append(c.confirmed, m.Message)
		if len(c.confirmed) == enoughPosts {
			close(c.enough)
		}
	case store.KindOf(err) == store.Unavailable:
		c.refused, c.refusing = append(c.refused, n), append(c.refusing, time.Now())
		if len(c.refused) == 1 {
			close(c.refusal)
		}
	default:
		c.wrong = append(c.wrong, fmt.Errorf("post %q: %w", n.Nonce, err))
	}
	return err == nil
}

// wait waits until enough posts are confirmed, or all authors have stopped.
func (c *talk) wait() {
	over := make(chan struct{})
	go func() { c.posting.Wait(); close(over) }()
	select {
	case <-c.enough:
	case <-over:
	}
}

// commitWait is how long a commit waits for another program, minus the imprecision of clocks.
const commitWait = 4900 * time.Millisecond

// refusals returns the number of refused posts, the time until the first refusal, and the number of
// refused commits. Each commit waits after the one before.
func (c *talk) refusals(began time.Time) (refused int, waited time.Duration, commits int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, at := range c.refusing {
		if i == 0 || at.Sub(c.refusing[i-1]) >= commitWait {
			commits++
		}
	}
	if len(c.refusing) > 0 {
		waited = c.refusing[0].Sub(began)
	}
	return len(c.refusing), waited, commits
}

func (c *talk) end() {
	close(c.ending)
	c.posting.Wait()
}

// again posts the refused messages again. All of them must be confirmed.
func (c *talk) again(t *testing.T) {
	t.Helper()
	for _, n := range c.refused {
		m, err := c.store.Post(t.Context(), n)
		if err != nil {
			t.Errorf("post %q again: %v", n.Nonce, err)
		}
		c.confirmed = append(c.confirmed, m.Message)
	}
}

// holds checks that a room has exactly these confirmed messages.
func holds(t *testing.T, s *store.Store, talks ...*talk) {
	t.Helper()
	messages, err := s.Changes(t.Context(), store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range messages {
		if m.Seq != int64(i+1) || m.Version != m.Seq {
			t.Fatalf("place %d has the message %d with version %d", i+1, m.Seq, m.Version)
		}
	}
	confirmed := 0
	for _, c := range talks {
		for _, err := range c.wrong {
			t.Error(err)
		}
		confirmed += len(c.confirmed)
		for _, m := range c.confirmed {
			if m.Seq > int64(len(messages)) || messages[m.Seq-1] != m {
				t.Errorf("the message %d is not as it was confirmed: %q", m.Seq, m.Nonce)
			}
		}
	}
	if len(messages) != confirmed {
		t.Errorf("%d messages are there, %d were confirmed", len(messages), confirmed)
	}
	room, err := s.NewestMessages(t.Context(), store.PublicRoom, 1)
	if err != nil || room.Version != int64(len(messages)) {
		t.Errorf("the room is at version %d with %d messages, %v", room.Version, len(messages), err)
	}
}

// reads checks that the room can be read up to the last confirmed message.
func reads(t *testing.T, s *store.Store, c *talk) {
	t.Helper()
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 50)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || newest.Version < int64(len(c.confirmed)) {
		t.Errorf("of %d messages, version %d is read, %v", len(c.confirmed), newest.Version, err)
	}
}

// A disk fills up during posts, by a log that outgrows it. Confirmed messages stay, and posting
// works again when there is space.
func TestDiskFillsUp(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16m"); err != nil {
		t.Fatalf("mount a small disk: %v", err)
	}
	unmountAtEnd(t, folder)
	path, filler := filepath.Join(folder, "plaza.db"), filepath.Join(folder, "filler")
	gather(t, path)
	if err := os.WriteFile(filler, make([]byte, 9<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	s := storetest.MustOpenAt(t, path)
	people := authors(t, s, crowd)
	before := begin(s, people, "before")
	before.posting.Wait() // until every author is refused
	reads(t, s, before)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if len(before.refused) != crowd {
		t.Errorf("%d posts were refused", len(before.refused))
	}
	before.again(t)
	after := begin(s, people, "after")
	after.wait()
	after.end()
	holds(t, s, before, after)
}

// A post that the disk cannot write is refused. Confirmed messages stay, even if the power is cut
// then.
func TestDiskFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		refuses func(kind kind, file string) int32
	}{
		{"is full", failing(wrote, sqlite3.SQLITE_FULL, 1)},
		// SQLite's codes for EROFS and EPERM on open files.
		{"became read-only", failing(wrote, sqlite3.SQLITE_IOERR_WRITE, 1)},
		{"does not sync", failing(synced, sqlite3.SQLITE_IOERR_FSYNC, 1)},
		{"does not sync now and then", failing(synced, sqlite3.SQLITE_IOERR_FSYNC, 0.2)},
		{"does not write now and then", failing(wrote, sqlite3.SQLITE_IOERR_WRITE, 0.05)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := storetest.MustFolder(t)
			path := filepath.Join(folder, "plaza.db")
			gather(t, path)
			d := watch(t, path)
			s := storetest.MustOpenAt(t, path)
			people, another := authors(t, s, 4), beside(t, path)
			before := begin(s, people, "before")
			before.wait()
			d.refuse(test.refuses)
			before.posting.Wait() // until every author is refused
			reads(t, s, before)
			_, _ = another.ExecContext(t.Context(), `PRAGMA wal_checkpoint`) // usually fails too
			d.refuse(nil)
			if len(before.refused) != len(people) {
				t.Errorf("%d posts were refused", len(before.refused))
			}
			before.again(t)
			after := begin(s, people, "after")
			after.wait()
			after.end()
			holds(t, s, before, after)

			p := newPlatter()
			for _, e := range d.history() {
				p.turn(e)
			}
			p.messages = slices.Concat(before.confirmed, after.confirmed)
			for _, author := range people {
				p.accounts = append(p.accounts, author.Username)
			}
			cut := filepath.Join(folder, "cut")
			if err := p.cut(cut, outage{}.survives()); err != nil {
				t.Fatal(err)
			}
			if err := p.keepsPromises(t.Context(), cut); err != nil {
				t.Errorf("after a power cut: %v", err)
			}
		})
	}
}

// failing makes operations of a kind fail at random.
func failing(what kind, code int32, chance float64) func(kind, string) int32 {
	luck := rand.New(rand.NewPCG(1, 2))
	return func(kind kind, _ string) int32 {
		if kind == what && luck.Float64() < chance {
			return code
		}
		return sqlite3.SQLITE_OK
	}
}

// A database that cannot be written does not open. It opens unchanged later. The file is mounted
// read-only, because root may write any file.
func TestOpenReadOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		mount func(t *testing.T, folder, path string)
	}{
		{"the file", func(t *testing.T, _, path string) {
			mount(t, path)
			makeReadOnly(t, path)
		}},
		{"the folder", func(t *testing.T, folder, _ string) {
			mount(t, folder)
			makeReadOnly(t, folder)
		}},
		{"the folder but for the file", func(t *testing.T, folder, path string) {
			mount(t, folder)
			mount(t, path)
			makeReadOnly(t, folder)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, "plaza.db")
			gather(t, path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Run("is not opened", func(t *testing.T) {
				test.mount(t, folder, path)
				s, err := store.Open(t.Context(), path, store.Serve)
				if err == nil {
					t.Fatal("opened", s.Close())
				}
				if says := err.Error(); !strings.Contains(says, "cannot write") || !strings.Contains(says, path) {
					t.Errorf("says %q", says)
				}
			})
			if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
				t.Errorf("it was changed, %v", err)
			}
			s := storetest.MustOpenAt(t, path)
			storetest.MustPost(t, s, authors(t, s, 1)[0], "once it can be written")
		})
	}
}

// mount mounts a file or a folder onto itself until the test's end, so that it can be made
// read-only there.
func mount(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mount(path, path, "", syscall.MS_BIND, ""); err != nil {
		t.Fatalf("mount %s: %v", path, err)
	}
	unmountAtEnd(t, path)
}

func unmountAtEnd(t *testing.T, path string) {
	t.Cleanup(func() {
		// Detached, because a process of another test may hold its files for a moment.
		if err := syscall.Unmount(path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

func makeReadOnly(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mount("", path, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatalf("make %s read-only: %v", path, err)
	}
}

// beside opens a connection as another program does. It waits long enough for its turn.
func beside(t *testing.T, path string) *sql.Conn {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(20000)")
	if err != nil {
		t.Fatal(err)
	}
	connection, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(connection.Close(), db.Close()) })
	return connection
}

// A post waits up to 5 s while another program holds the database, and is then refused.
func TestLockedByAnother(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		held    func(c *talk) // returns when the test should release the database
		refused int           // the minimum number of refused authors
	}{
		{"for 3 s", func(*talk) { time.Sleep(3 * time.Second) }, 0},
		{"until a post is refused", func(c *talk) { <-c.refusal }, 1}, // with its commit, but not those of the next one
		{"until everybody is refused", func(c *talk) { c.posting.Wait() }, crowd},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "plaza.db")
			gather(t, path)
			s := storetest.MustOpenAt(t, path)
			people := authors(t, s, crowd)
			another := beside(t, path)
			if _, err := another.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			c := begin(s, people, "meanwhile")
			test.held(c)
			refused, waited, commits := c.refusals(began)
			if refused < test.refused || refused > 0 && waited < commitWait {
				t.Errorf("%d posts were refused, the first after %v", refused, waited)
			}
			if commits > 2 {
				t.Errorf("the last was refused with commit %d: those who wait at the same time share one", commits)
			}
			if newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 10); err != nil || newest.Version != 0 {
				t.Errorf("meanwhile, version %d is read, %v", newest.Version, err)
			}
			if _, err := another.ExecContext(t.Context(), `ROLLBACK`); err != nil {
				t.Fatal(err)
			}
			c.wait()
			c.end()
			if len(c.refused) != refused {
				t.Errorf("%d posts were refused afterwards", len(c.refused)-refused)
			}
			c.again(t)
			holds(t, s, c)
		})
	}
}

// Another program checkpoints and truncates the log many times during posts.
func TestCheckpointUnderLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plaza.db")
	gather(t, path)
	s, err := store.Open(t.Context(), path, store.Serve)
	if err != nil {
		t.Fatal(err)
	}
	c := begin(s, authors(t, s, crowd), "meanwhile")
	another := beside(t, path)
	for truncated := 0; truncated < 10; {
		var busy, left, moved int
		err := another.QueryRowContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &left, &moved)
		if err != nil {
			t.Fatal(err)
		}
		if busy == 0 {
			truncated++
		}
	}
	c.wait()
	c.end()
	if len(c.refused) > 0 {
		t.Errorf("%d posts were refused", len(c.refused))
	}
	holds(t, s, c)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	holds(t, storetest.MustOpenAt(t, path), c)
	if err := isWhole(t.Context(), path); err != nil {
		t.Error(err)
	}
}
