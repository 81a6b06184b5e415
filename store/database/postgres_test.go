package database_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"plaza/store/database"
)

// limit is what a statement may take in these tests, and inTime is when people have their answer at
// the latest, on a busy machine too.
const (
	limit  = 5 * time.Second
	inTime = 30 * time.Second
)

// connect returns a fresh database on PostgreSQL whose statements have the limit. The settings are
// parameters of its address.
func connect(t *testing.T, settings string) (db database.Database, address string) {
	t.Helper()
	name := "test_" + rand.Text()
	if err := server.Create(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	db, err := database.ConnectWithin(server.Address(name)+settings, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, server.Address(name)
}

// The limit is of each statement: a transaction of many may take longer.
func TestTransactionOutlastsTheLimit(t *testing.T) {
	t.Parallel()
	db, _ := connect(t, "")
	begun := time.Now()
	err := db.InTx(t.Context(), func(tx *database.Tx) error {
		if _, err := tx.ExecContext(t.Context(), `CREATE TABLE things (name TEXT)`); err != nil {
			return err
		}
		for range 5 {
			if _, err := tx.ExecContext(t.Context(), `INSERT INTO things SELECT 'one' FROM pg_sleep(1)`); err != nil {
				return err
			}
		}
		time.Sleep(limit / 4)
		var things int
		err := tx.QueryRowContext(t.Context(), `SELECT count(*) FROM things`).Scan(&things)
		if err == nil && things != 5 {
			t.Errorf("%d things, want 5", things)
		}
		return err
	})
	if took := time.Since(begun); err != nil || took < limit {
		t.Errorf("took %v: %v", took, err)
	}
}

// A hanging statement fails in time, whichever side gives up first, and the next ones find connections.
func TestStatementThatHangs(t *testing.T) {
	t.Parallel()
	statements := map[string]func(ctx context.Context, db database.Database) error{
		"exec": inTx(func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.ExecContext(ctx, `SELECT pg_sleep(60)`)
			return err
		}),
		"lock": inTx(func(ctx context.Context, tx *database.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE things SET name = 'mine'`)
			return err
		}),
		"row": inTx(func(ctx context.Context, tx *database.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT 1 FROM pg_sleep(60)`).Scan(new(int))
		}),
		"rows": inTx(func(ctx context.Context, tx *database.Tx) error {
			rows, err := tx.QueryContext(ctx, manyThenNone)
			if err != nil {
				return err
			}
			return database.EachRow(rows, func(row database.Row) error { return row.Scan(new(string)) })
		}),
		"one": func(ctx context.Context, db database.Database) error {
			return db.One(ctx, []any{new(int)}, `SELECT 1 FROM pg_sleep(60)`)
		},
		"each": func(ctx context.Context, db database.Database) error {
			return db.Each(ctx, func(row database.Row) error { return row.Scan(new(string)) }, manyThenNone)
		},
		"batch": func(ctx context.Context, db database.Database) error {
			return db.Commit(ctx, []*database.Statement{
				{Query: `SELECT 1`, Read: database.Into(new(int))},
				{Query: `SELECT pg_sleep(60)`},
			})
		},
	}
	for first, settings := range map[string]string{"the server": "", "we": "&statement_timeout=0"} {
		for name, hang := range statements {
			t.Run(name+", "+first+" first", func(t *testing.T) {
				t.Parallel()
				db, address := connect(t, settings)
				lockThings(t, address)
				isUsable(t, db) // and has its connections, for which the time counts too
				begun := time.Now()
				err := hang(t.Context(), db)
				if took := time.Since(begun); !database.IsAway(err) || took > inTime || database.HasCode(err, "57014") != (settings == "") {
					t.Errorf("after %v: %v", took, err)
				}
				isUsable(t, db)
			})
		}
	}
}

// manyThenNone finds more rows than fit into a buffer, and then hangs.
const manyThenNone = `SELECT CASE WHEN i > 20000 THEN pg_sleep(60)::text ELSE repeat('x', 100) END FROM generate_series(1, 20001) AS i`

func inTx(do func(ctx context.Context, tx *database.Tx) error) func(ctx context.Context, db database.Database) error {
	return func(ctx context.Context, db database.Database) error {
		return db.InTx(ctx, func(tx *database.Tx) error { return do(ctx, tx) })
	}
}

// lockThings makes a table with a row that another program has locked until the test's end.
func lockThings(t *testing.T, address string) {
	t.Helper()
	beside, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := beside.ExecContext(t.Context(), `CREATE TABLE things AS SELECT 'one' AS name`); err != nil {
		t.Fatal(err)
	}
	tx, err := beside.BeginTx(t.Context(), nil)
	if err == nil {
		_, err = tx.ExecContext(t.Context(), `UPDATE things SET name = 'theirs'`)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = tx.Rollback(), beside.Close() })
}

// isUsable checks that as many transactions as there are connections can be had at once.
func isUsable(t *testing.T, db database.Database) {
	t.Helper()
	var all sync.WaitGroup
	all.Add(database.Connections)
	var asking sync.WaitGroup
	for range database.Connections {
		asking.Go(func() {
			err := db.InTx(t.Context(), func(tx *database.Tx) error {
				err := tx.QueryRowContext(t.Context(), `SELECT 1`).Scan(new(int))
				all.Done()
				all.Wait()
				return err
			})
			if err != nil {
				t.Errorf("a later transaction: %v", err)
			}
		})
	}
	asking.Wait()
}

// Nobody waits longer for a connection than for a statement.
func TestNoConnectionIsFree(t *testing.T) {
	t.Parallel()
	db, _ := connect(t, "")
	done := make(chan struct{})
	var holding, held sync.WaitGroup
	held.Add(database.Connections)
	for range database.Connections {
		holding.Go(func() {
			err := db.InTx(t.Context(), func(*database.Tx) error {
				held.Done()
				<-done
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	held.Wait()
	begun := time.Now()
	for name, err := range map[string]error{
		"a transaction": db.InTx(t.Context(), func(*database.Tx) error { return errors.New("it has a connection") }),
		"a row":         db.One(t.Context(), []any{new(int)}, `SELECT 1`),
	} {
		if !database.IsAway(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if took := time.Since(begun); took > inTime {
		t.Errorf("took %v", took)
	}
	close(done)
	holding.Wait()
	isUsable(t, db)
}
