package database_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"plaza/store/database"
)

// mustOpenSQLite returns a new database in a file. It has a table of things.
func mustOpenSQLite(t *testing.T) *database.SQLite {
	t.Helper()
	f := database.NewSQLite(filepath.Join(t.TempDir(), "plaza.db"))
	if err := f.Take(database.Serve); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if err := f.OpenPools(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Writer().ExecContext(t.Context(), `CREATE TABLE things (id INTEGER PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	return f
}

var (
	insertThing = &database.Statement{Query: `INSERT INTO things DEFAULT VALUES`}
	failure     = &database.Statement{Query: `INSERT INTO things (id) VALUES ('no number')`}
)

// things returns how many things there are.
func things(t *testing.T, f *database.SQLite) (count int) {
	t.Helper()
	if err := f.One(t.Context(), []any{&count}, `SELECT count(*) FROM things`); err != nil {
		t.Fatal(err)
	}
	return count
}

// A write whose context ends leaves nothing behind that fails the next one, in whatever way both
// write.
func TestSQLiteWritesAfterOneThatEnded(t *testing.T) {
	t.Parallel()
	f := mustOpenSQLite(t)
	for i := range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		err := f.InTx(ctx, func(tx *database.Tx) error {
			for range 300 { // so that rolling back takes a while
				if _, err := tx.ExecContext(ctx, insertThing.Query); err != nil {
					return err
				}
			}
			cancel()
			for range i % 4 {
				runtime.Gosched()
			}
			_, err := tx.ExecContext(ctx, insertThing.Query)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("round %d: the write that ended: %v", i, err)
		}
		if err := f.InTx(t.Context(), func(tx *database.Tx) error {
			_, err := tx.ExecContext(t.Context(), insertThing.Query)
			return err
		}); err != nil {
			t.Fatalf("round %d: the next write: %v", i, err)
		}
		if err := f.Commit(t.Context(), []*database.Statement{insertThing, failure}); err == nil {
			t.Fatal("a statement that fails is committed")
		}
		if err := f.Commit(t.Context(), []*database.Statement{insertThing}); err != nil {
			t.Fatalf("round %d: the next commit: %v", i, err)
		}
	}
	if count := things(t, f); count != 400 {
		t.Errorf("%d things, want 400", count)
	}
}

// Many write at once, some of whom give up. Each write is carried out whole, or fails for its own
// reason.
func TestSQLiteWritesTakeTurns(t *testing.T) {
	t.Parallel()
	f := mustOpenSQLite(t)
	var writing sync.WaitGroup
	failures := make(chan error, 1000)
	for i := range 40 {
		writing.Go(func() {
			for range 5 {
				if err := f.Commit(t.Context(), []*database.Statement{insertThing, insertThing}); err != nil {
					failures <- fmt.Errorf("commit: %w", err)
				}
			}
		})
		writing.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%2 == 0 {
				go cancel()
			}
			for range 5 {
				err := f.InTx(ctx, func(tx *database.Tx) error {
					for range 2 {
						if _, err := tx.ExecContext(context.WithoutCancel(ctx), insertThing.Query); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil && !errors.Is(err, context.Canceled) {
					failures <- fmt.Errorf("transaction: %w", err)
				}
			}
		})
	}
	writing.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	if count := things(t, f); count%2 != 0 || count < 2*40*5 {
		t.Errorf("%d things, want an even number of at least 400", count)
	}
}
