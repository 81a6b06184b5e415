package copy

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"plaza/store/database"
)

// serverEnd is an end of a copy on a PostgreSQL server. It locks the site's tables, so that no
// other program writes to them.
type serverEnd struct {
	*database.Postgres
	connection *sql.Conn // of the transaction
	tx         *sql.Tx
	cancel     context.CancelFunc // stops waiting for the server
}

const (
	// writeTimeout is how long a busy server may take no bytes.
	writeTimeout = time.Minute
	// rollbackTimeout is how long a server may take to roll the transaction back.
	rollbackTimeout = 5 * time.Second
	// servedTimeout is how long after its last sign a server of the site counts as running.
	servedTimeout = 15 * time.Second
	// lockTimeout limits the wait for another program's lock.
	lockTimeout = `lock_timeout = '5s'`
)

func (s *serverEnd) openSource(ctx context.Context) error { return s.CheckOurs(ctx) }

func (s *serverEnd) openTarget(ctx context.Context) error {
	if err := s.CheckOurs(ctx); err != nil {
		return err
	}
	// Before the migration, because an existing site must not change.
	if err := s.checkUnserved(ctx); err != nil {
		return err
	}
	used, err := s.exists(ctx, "users", `SELECT EXISTS (SELECT 1 FROM users)`)
	if err == nil && used {
		err = notEmpty(s, "users")
	}
	if err != nil {
		return err
	}
	return s.Migrate(ctx)
}

func (s *serverEnd) version(ctx context.Context) (int64, error) {
	known, err := s.exists(ctx, "goose_db_version", `SELECT true`)
	if err != nil || !known {
		return 0, err
	}
	return database.SchemaVersion(ctx, s.Pool())
}

// exists tells whether a query finds something. It returns false if the table does not exist.
func (s *serverEnd) exists(ctx context.Context, table, query string, arguments ...any) (bool, error) {
	connection, err := s.Pool().Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = connection.Close() }() // returns to the pool
	var found bool
	if _, err := connection.ExecContext(ctx, `SET `+lockTimeout); err != nil {
		return false, err
	}
	err = connection.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, table).Scan(&found)
	if err != nil || !found {
		return false, err
	}
	err = connection.QueryRowContext(ctx, query, arguments...).Scan(&found)
	return found, err
}

// The transaction sees one state of the database. With the lock, that is the latest state.
func (s *serverEnd) beginSource(ctx context.Context) (*sql.Tx, error) {
	return s.begin(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, "SHARE")
}

func (s *serverEnd) beginTarget(ctx context.Context) (*sql.Tx, error) {
	return s.begin(ctx, nil, "ACCESS EXCLUSIVE")
}

func (s *serverEnd) begin(ctx context.Context, options *sql.TxOptions, lock string) (*sql.Tx, error) {
	var err error
	if s.connection, err = s.Pool().Conn(ctx); err != nil {
		return nil, err
	}
	var ours context.Context // only Close or commitCopy ends it
	ours, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if s.tx, err = s.connection.BeginTx(ours, options); err != nil {
		return nil, err
	}
	names := make([]string, len(siteTables))
	for i, table := range siteTables {
		names[i] = table.name
	}
	for _, statement := range []string{
		`SET LOCAL ` + lockTimeout,
		// Each end is idle while the other one works.
		`SET LOCAL statement_timeout = 0`, `SET LOCAL idle_in_transaction_session_timeout = 0`,
		`LOCK TABLE ` + strings.Join(names, ", ") + ` IN ` + lock + ` MODE`,
	} {
		if _, err := s.tx.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	return s.tx, nil
}

// checkUnserved uses another connection than the transaction, so it sees servers that have started
// since.
func (s *serverEnd) checkUnserved(ctx context.Context) error {
	served, err := s.exists(ctx, "nodes", `
		SELECT EXISTS (SELECT 1 FROM nodes WHERE seen_at > extract(epoch FROM clock_timestamp()) * 1000 - $1)`,
		servedTimeout.Milliseconds())
	if err == nil && served {
		err = fmt.Errorf("the %s is being served: stop all its servers first; one that was killed counts as running for %d seconds more",
			s, int(servedTimeout.Seconds()))
	}
	return err
}

// inByteOrder sorts text by bytes as SQLite does, whatever the collation of the database.
func (s *serverEnd) inByteOrder(column siteColumn) string {
	if column.holds == textColumn {
		return column.name + ` COLLATE "C"`
	}
	return column.name
}

func (s *serverEnd) insert(ctx context.Context, table *siteTable, rows *rowReader) error {
	rows.portable = true
	return s.connection.Raw(func(driverConnection any) error {
		connection := driverConnection.(*stdlib.Conn).Conn()
		_, err := connection.CopyFrom(ctx, pgx.Identifier{table.name}, table.columnNames(), rows)
		return err
	})
}

// finishInserts updates PostgreSQL's statistics, so that it plans queries well from the start.
func (s *serverEnd) finishInserts(ctx context.Context) error {
	for _, table := range siteTables {
		if _, err := s.tx.ExecContext(ctx, `ANALYZE `+table.name); err != nil {
			return err
		}
	}
	return nil
}

func (s *serverEnd) lastNumber(ctx context.Context, table *siteTable) (int64, error) {
	var sequence string // quoted if necessary
	if err := s.tx.QueryRowContext(ctx, `SELECT pg_get_serial_sequence($1, 'id')`,
		table.name).Scan(&sequence); err != nil {
		return 0, err
	}
	var last int64
	err := s.tx.QueryRowContext(ctx,
		`SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM `+sequence).Scan(&last)
	return last, err
}

// setLastNumber uses ALTER TABLE because a rollback undoes it. It would not undo setval.
func (s *serverEnd) setLastNumber(ctx context.Context, table *siteTable, last int64) error {
	_, err := s.tx.ExecContext(ctx, fmt.Sprintf(`ALTER TABLE %s ALTER COLUMN id RESTART WITH %d`, table.name, last+1))
	return err
}

func (s *serverEnd) commitCopy() error {
	defer time.AfterFunc(writeTimeout, s.cancel).Stop()
	return s.tx.Commit()
}

// Explain returns err as one line for the person at the terminal.
func (s *serverEnd) Explain(err error) error {
	var said *pgconn.PgError
	switch {
	case database.IsLost(err):
		return fmt.Errorf("the connection to the %s was lost", s)
	case database.HasCode(err, "55P03", "40P01"):
		return fmt.Errorf("the %s is used by another program, or by another copy: end that first", s)
	case database.HasCode(err, "22021", "22P05"):
		return fmt.Errorf("the %s does not take all characters: make it with createdb --encoding=UTF8 --template=template0", s)
	case database.HasCode(err, "42501"):
		return fmt.Errorf("the %s does not let this user do that: use the one that owns it", s)
	case database.HasCode(err, "53100"):
		return fmt.Errorf("the disk of the %s is full", s)
	case database.HasCode(err, "28P01", "28000", "3D000"): // database.Postgres explains these
	case errors.As(err, &said):
		return fmt.Errorf("the %s says: %s", s, said.Message)
	}
	return s.Postgres.Explain(err)
}

// Close ends the transaction, and closes the connections.
func (s *serverEnd) Close() error {
	if s.tx != nil {
		late := time.AfterFunc(rollbackTimeout, s.cancel)
		_ = s.tx.Rollback() // no effect if it is committed or the connection is lost
		late.Stop()
	}
	if s.cancel != nil {
		s.cancel()
	}
	if s.connection != nil {
		_ = s.connection.Close()
	}
	return s.Postgres.Close()
}
