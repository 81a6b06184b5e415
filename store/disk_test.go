package store_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"plaza/store/storetest"
)

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
