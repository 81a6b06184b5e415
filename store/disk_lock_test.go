package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

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
				t.Errorf("the last refusal came with commit %d, though waiting posts share one", commits)
			}
			if newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 10); err != nil || newest.Version != 0 {
				t.Errorf("while it is held, version %d is read, %v", newest.Version, err)
			}
			if _, err := another.ExecContext(t.Context(), `ROLLBACK`); err != nil {
				t.Fatal(err)
			}
			c.wait()
			c.end()
			// The authors of one commit may hear of its refusal after the release.
			if all, _, afterwards := c.refusals(began); afterwards != commits {
				t.Errorf("%d posts of %d more commits were refused afterwards", all-refused, afterwards-commits)
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
