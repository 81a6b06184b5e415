package database_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"

	"plaza/store/database"
)

// SQLite asks its authorizer whenever it plans a statement: once, whatever values follow.
func TestSQLiteKeepsPlans(t *testing.T) {
	t.Parallel()
	f := database.NewSQLite(filepath.Join(t.TempDir(), "plaza.db"))
	if err := f.Take(database.Serve); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if err := f.OpenPools(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Writer().ExecContext(t.Context(), `CREATE TABLE things (id INTEGER PRIMARY KEY, room BIGINT, part BIGINT); CREATE INDEX rooms ON things (room, part)`); err != nil {
		t.Fatal(err)
	}
	for name, pool := range map[string]*sql.DB{"writer": f.Writer(), "readers": f.Readers()} {
		connection, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = connection.Close() }()
		planned := 0
		err = connection.Raw(func(driverConnection any) error {
			return driverConnection.(sqlite.AuthorizerRegisterer).RegisterAuthorizer(
				func(sqlite.AuthorizerActionCode, string, string, string, string) sqlite.AuthorizerReturnCode {
					planned++
					return sqlite.AuthorizerOK
				})
		})
		if err != nil {
			t.Fatal(err)
		}
		prepared, err := connection.PrepareContext(t.Context(), `SELECT count(*) FROM things AS one JOIN things AS other ON other.id = one.part WHERE one.room = $1 AND one.id > $2`)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = prepared.Close() }()
		first := planned
		for _, room := range []int64{1, 2, 0, 3, 1, 1000, 0} {
			if err := prepared.QueryRowContext(t.Context(), room, 1).Scan(new(int)); err != nil {
				t.Fatal(err)
			}
		}
		if first == 0 || planned != first {
			t.Errorf("the %s: planned again: %d decisions, then %d", name, first, planned)
		}
	}
}

// The same query for values of which some are 0 or 1 costs what it costs for others.
func BenchmarkValuesInTurn(b *testing.B) {
	db, err := database.Open(b.Context(), filepath.Join(b.TempDir(), "plaza.db"), database.Serve)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	err = db.InTx(b.Context(), func(tx *database.Tx) error {
		_, err := tx.ExecContext(b.Context(), `CREATE TABLE things (id INTEGER PRIMARY KEY, room BIGINT, part BIGINT); CREATE INDEX things_room ON things (room, part)`)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, values := range map[string][]int64{"large": {1000, 1001}, "small": {1, 1000}} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				err := db.One(b.Context(), []any{new(int)}, `
					SELECT count(*) FROM things AS one JOIN things AS other ON other.id = one.part WHERE one.room = $1`, values[i%2])
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
