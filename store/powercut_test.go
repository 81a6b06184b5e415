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
	"testing"

	"golang.org/x/sync/errgroup"

	"plaza/store"
	"plaza/store/storetest"
)

// A power cut loses any part of what was written after the last sync, because disks write in any
// order. So these tests put a layer (SQLite calls it a VFS) between SQLite and the kernel. The
// layer records each write and sync of a database's files. From the record, a test makes the files
// as a power cut at any moment would leave them.

// keepsPromises opens a database after a power cut. A file without tables is refused, since it looks like
// a copy that failed; nothing was confirmed yet. Otherwise it checks that all confirmed messages and
// accounts are there, whole and in their places, and that the room continues.
func (p *platter) keepsPromises(ctx context.Context, path string) (err error) {
	s, err := store.Open(ctx, path, store.Serve)
	if err != nil && len(p.accounts) == 0 && strings.Contains(err.Error(), "delete it") {
		return nil // the first start had just begun
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close(), isWhole(ctx, path)) }()
	messages, err := s.Changes(ctx, store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		return err
	}
	for i, m := range messages {
		if m.Seq != int64(i+1) || m.Version != m.Seq {
			return fmt.Errorf("place %d has the message %d with version %d", i+1, m.Seq, m.Version)
		}
	}
	for _, m := range p.messages {
		if m.Seq > int64(len(messages)) || messages[m.Seq-1] != m {
			return fmt.Errorf("message %d of %d that are there is not the one that was confirmed", m.Seq, len(messages))
		}
	}
	version, err := versionIn(ctx, path)
	if err != nil {
		return err
	}
	if version != int64(len(messages)) {
		return fmt.Errorf("the room is at version %d with %d messages", version, len(messages))
	}
	for _, account := range p.accounts {
		member, err := s.UserByName(ctx, account)
		if err != nil {
			return fmt.Errorf("the account %s: %w", account, err)
		}
		next, err := s.Post(ctx, storetest.New(member, "after the power cut, by "+account))
		if err != nil {
			return err
		}
		if next.Version != version+1 {
			return fmt.Errorf("the next message has version %d after %d", next.Version, version)
		}
		version++
	}
	return nil
}

// versionIn returns the version of the public chat in a file.
func versionIn(ctx context.Context, path string) (version int64, err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(ctx, `SELECT version FROM rooms WHERE id = $1`, store.PublicRoom).Scan(&version)
	return version, err
}

// isWhole makes SQLite check a whole database.
func isWhole(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("SQLite finds it damaged: %s", verdict)
	}
	return nil
}

// evening records the disk of a new site: accounts are made and messages are posted concurrently,
// while SQLite moves posts from the log to the database file.
func evening(t *testing.T, path string) []event {
	t.Helper()
	d := watch(t, path)
	s := storetest.MustOpenAt(t, path)
	const people, each = 2, 24
	checkpoints := []string{"PASSIVE", "FULL", "RESTART", "TRUNCATE"}
	var posting sync.WaitGroup
	for i := range people {
		author := storetest.MustUser(t, s, fmt.Sprint("author", i))
		d.confirm(event{account: author.Username})
		author = store.User{Person: store.Person{ID: author.ID, Username: author.Username}} // all that messages show
		posting.Go(func() {
			for j := range each {
				text := fmt.Sprintf("%d of %d ", j, i)
				n := storetest.New(author, text)
				n.Source, n.HTML = strings.Repeat(text, 1+(i*37+j*91)%400), strings.Repeat(text, 1+(i*53+j*71)%600)
				m, err := s.Post(t.Context(), n)
				if err != nil {
					t.Error(err)
					return
				}
				d.confirm(event{message: m.Message})
				if j%4 == i {
					execute(t, path, `PRAGMA wal_checkpoint(`+checkpoints[j/4%len(checkpoints)]+`)`)
				}
			}
		})
	}
	posting.Wait()
	return d.history()
}

// outage is a power cut before an event of a history. Each unsynced part survives with a chance.
type outage struct {
	before int
	chance float64
	luck   uint64
}

func (o outage) survives() func() bool {
	luck := rand.New(rand.NewPCG(o.luck, 0))
	return func() bool { return luck.Float64() < o.chance }
}

// The certain content of a disk changes at each sync, and most confirmations come right before the
// next one. So a power cut there, with no unsynced part left, is the worst case.
func atEachSync(history []event) []outage {
	outages := []outage{{before: len(history)}}
	for i, e := range history {
		if e.kind == synced {
			outages = append(outages, outage{before: i})
		}
	}
	return outages
}

// Unsynced parts in any combination must do no damage.
func atAnyMoment(history []event) []outage {
	var outages []outage
	for luck := range uint64(20) {
		for _, chance := range []float64{0.02, 0.5, 0.98} {
			outages = append(outages, outage{rand.IntN(len(history) + 1), chance, luck})
		}
	}
	return append(outages, outage{before: len(history), chance: 1})
}

// All that was confirmed before a power cut is there after it.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	folder := storetest.MustFolder(t)
	history := evening(t, filepath.Join(folder, "plaza.db"))
	syncs := map[string]int{} // by file
	for _, e := range history {
		if e.kind == synced {
			syncs[e.file]++
		}
	}
	if syncs["-wal"] < 20 || syncs[""] < 4 {
		t.Errorf("too few syncs for a useful test: %v", syncs)
	}
	outages := append(atEachSync(history), atAnyMoment(history)...)
	slices.SortFunc(outages, func(a, b outage) int { return a.before - b.before })
	var checking errgroup.Group
	checking.SetLimit(2)
	p := newPlatter()
	for i, at := 0, 0; i < len(outages); i++ {
		o := outages[i]
		for ; at < o.before; at++ {
			p.turn(history[at])
		}
		path := filepath.Join(folder, fmt.Sprint("cut", i))
		if err := p.cut(path, o.survives()); err != nil {
			t.Fatal(err)
		}
		promised := platter{messages: p.messages, accounts: p.accounts}
		checking.Go(func() error {
			if err := promised.keepsPromises(t.Context(), path); err != nil {
				return fmt.Errorf("power cut %+v in %d events, with %d messages confirmed: %w", o, len(history),
					len(promised.messages), err)
			}
			return os.Remove(path)
		})
	}
	if err := checking.Wait(); err != nil {
		t.Error(err)
	}
}
