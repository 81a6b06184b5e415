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

// serverEnd is an end of a copy on a PostgreSQL server. It locks the site's tables, so that nobody else
// writes to them.
type serverEnd struct {
	*database.Postgres
	connection *sql.Conn // the transaction's
	tx         *sql.Tx
	abandon    context.CancelFunc // has the transaction wait for the server no more
}

const (
	// patience is how long a server may be busy with its disk and take no rows.
	patience = time.Minute
	// rollbackTimeout is how long a server may take to end the transaction.
	rollbackTimeout = 5 * time.Second
	// aliveFor is for how long a server counts as running after it was last seen.
	aliveFor = 15 * time.Second
	// notForEver bounds the wait for a lock that somebody else holds.
	notForEver = `lock_timeout = '5s'`
)

func (s *serverEnd) openSource(ctx context.Context) error { return s.CheckOurs(ctx) }

func (s *serverEnd) openTarget(ctx context.Context) error {
	if err := s.CheckOurs(ctx); err != nil {
		return err
	}
	// Before the schema is brought up to date: a site that is there is not to be touched.
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

// exists asks whether there is what a query looks for, unless its table is not even there.
func (s *serverEnd) exists(ctx context.Context, table, query string, arguments ...any) (bool, error) {
	connection, err := s.Pool().Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = connection.Close() }() // goes back to the pool
	var found bool
	if _, err := connection.ExecContext(ctx, `SET `+notForEver); err != nil {
		return false, err
	}
	err = connection.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, table).Scan(&found)
	if err != nil || !found {
		return false, err
	}
	err = connection.QueryRowContext(ctx, query, arguments...).Scan(&found)
	return found, err
}

// The source's transaction sees one moment, and with the lock that is the last one.
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
	var ours context.Context // it is we who end it
	ours, s.abandon = context.WithCancel(context.WithoutCancel(ctx))
	if s.tx, err = s.connection.BeginTx(ours, options); err != nil {
		return nil, err
	}
	names := make([]string, len(siteTables))
	for i, table := range siteTables {
		names[i] = table.name
	}
	for _, statement := range []string{
		`SET LOCAL ` + notForEver,
		// One end is idle while the other checks what it got.
		`SET LOCAL statement_timeout = 0`, `SET LOCAL idle_in_transaction_session_timeout = 0`,
		`LOCK TABLE ` + strings.Join(names, ", ") + ` IN ` + lock + ` MODE`,
	} {
		if _, err := s.tx.ExecContext(ctx, statement); err != nil {
			return nil, err
		}
	}
	return s.tx, nil
}

// checkUnserved asks in a connection of its own, and so sees servers that start meanwhile.
func (s *serverEnd) checkUnserved(ctx context.Context) error {
	served, err := s.exists(ctx, "nodes", `
		SELECT EXISTS (SELECT 1 FROM nodes WHERE seen_at > extract(epoch FROM clock_timestamp()) * 1000 - $1)`, aliveFor.Milliseconds())
	if err == nil && served {
		err = fmt.Errorf("the %s is being served: stop all its servers first; one that was killed counts as running for %d seconds more",
			s, int(aliveFor.Seconds()))
	}
	return err
}

// inByteOrder sorts text as SQLite does, whatever the language of the database.
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

// settle tells PostgreSQL what it got, so that it plans well from the first moment.
func (s *serverEnd) settle(ctx context.Context) error {
	for _, table := range siteTables {
		if _, err := s.tx.ExecContext(ctx, `ANALYZE `+table.name); err != nil {
			return err
		}
	}
	return nil
}

func (s *serverEnd) lastNumber(ctx context.Context, table *siteTable) (int64, error) {
	var sequence string // quoted where it has to be
	if err := s.tx.QueryRowContext(ctx, `SELECT pg_get_serial_sequence($1, 'id')`, table.name).Scan(&sequence); err != nil {
		return 0, err
	}
	var last int64
	err := s.tx.QueryRowContext(ctx, `SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM `+sequence).Scan(&last)
	return last, err
}

// setLastNumber does so by ALTER TABLE, which a rollback undoes; setval it would not.
func (s *serverEnd) setLastNumber(ctx context.Context, table *siteTable, last int64) error {
	_, err := s.tx.ExecContext(ctx, fmt.Sprintf(`ALTER TABLE %s ALTER COLUMN id RESTART WITH %d`, table.name, last+1))
	return err
}

func (s *serverEnd) commitCopy() error {
	defer time.AfterFunc(patience, s.abandon).Stop()
	return s.tx.Commit()
}

// Explain says in one line what went wrong.
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
	case database.HasCode(err, "28P01", "28000", "3D000"): // which Postgres explains
	case errors.As(err, &said):
		return fmt.Errorf("the %s says: %s", s, said.Message)
	}
	return s.Postgres.Explain(err)
}

// Close ends the transaction, and closes the connections.
func (s *serverEnd) Close() error {
	if s.tx != nil {
		late := time.AfterFunc(rollbackTimeout, s.abandon)
		_ = s.tx.Rollback() // nothing to do where it is committed, or the connection is lost
		late.Stop()
	}
	if s.abandon != nil {
		s.abandon()
	}
	if s.connection != nil {
		_ = s.connection.Close()
	}
	return s.Postgres.Close()
}
