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

// crowd is how many accounts a gathering has.
const crowd = 8

// gathering is a database with a crowd in it, made once: hashing their passwords takes long.
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

// authors are the first of a gathering, as its messages name them.
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

// talk is authors who post side by side, each as fast as they are answered. One whose post is
// refused posts no more.
type talk struct {
	store   *store.Store
	posting sync.WaitGroup
	ending  chan struct{}
	enough  chan struct{} // closed once so many posts are confirmed

	mu        sync.Mutex
	confirmed []store.Message
	refused   []store.NewMessage
	refusing  []time.Time   // when each of them was
	refusal   chan struct{} // closed once there is one
	wrong     []error       // what should not come of a post
}

const (
	enoughPosts = 40
	mostPosts   = 1000 // of each author
)

// begin has authors post; what they say begins with the topic, which is to be new.
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

// post returns false where the message was refused.
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

// wait waits until enough is posted, or nobody posts any more.
func (c *talk) wait() {
	over := make(chan struct{})
	go func() { c.posting.Wait(); close(over) }()
	select {
	case <-c.enough:
	case <-over:
	}
}

// commitWait is how long a commit waits for another program, less what a clock may be off.
const commitWait = 4900 * time.Millisecond

// refusals returns how many posts were refused so far, after how long the first of them was, and
// how many commits they were refused with: each waits after the one before.
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

// again has everybody post once more what was refused. It has to be confirmed now.
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

// holds checks that a room has these messages, as they were confirmed, and no others.
func holds(t *testing.T, s *store.Store, talks ...*talk) {
	t.Helper()
	messages, err := s.Changes(t.Context(), store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range messages {
		if m.Seq != int64(i+1) || m.Version != m.Seq {
			t.Fatalf("at place %d is the message %d with version %d", i+1, m.Seq, m.Version)
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

// reads checks that the room can be read as far as it was confirmed.
func reads(t *testing.T, s *store.Store, c *talk) {
	t.Helper()
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 50)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || newest.Version < int64(len(c.confirmed)) {
		t.Errorf("of %d messages, version %d is read, %v", len(c.confirmed), newest.Version, err)
	}
}

// A disk that fills up while people post, with a log that outgrows it: what was confirmed is
// there, and it goes on by itself once there is space.
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
	before.posting.Wait() // until every author's post is refused
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

// What a disk refuses to do is refused to the author, whatever it is; and what was confirmed,
// before and after, is there even if the power is cut then.
func TestDiskFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		refuses func(kind kind, file string) int32
	}{
		{"is full", failing(wrote, sqlite3.SQLITE_FULL, 1)},
		// What SQLite says of EROFS and EPERM, with files that are open.
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
			before.posting.Wait() // until every author's post is refused
			reads(t, s, before)
			_, _ = another.ExecContext(t.Context(), `PRAGMA wal_checkpoint`) // fails too, for the most part
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

// failing has what is of a kind fail, with a chance.
func failing(what kind, code int32, chance float64) func(kind, string) int32 {
	luck := rand.New(rand.NewPCG(1, 2))
	return func(kind kind, _ string) int32 {
		if kind == what && luck.Float64() < chance {
			return code
		}
		return sqlite3.SQLITE_OK
	}
}

// A database that cannot be written is not opened, and is as it was once it can be. Root may
// write what others may not, so it is mounted read-only.
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

// mount puts a file or a folder onto itself until the test's end, so that it can be made
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
		// Detached, since a process that another test begins may hold its files for a moment.
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

// beside opens a connection to the database such as another program may have, which waits for
// its turn for so long that it gets it.
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

// Who posts while another program holds the database waits for it: for 5 s, and then is refused.
func TestLockedByAnother(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		held    func(c *talk) // returns when the database is to be released
		refused int           // how many authors at least
	}{
		{"for 3 s", func(*talk) { time.Sleep(3 * time.Second) }, 0},
		{"until somebody is refused", func(c *talk) { <-c.refusal }, 1}, // and those who share its commit, but not those in the next one
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

// Another program moves the log to the database file and cuts the log off, again and again,
// while people post.
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
