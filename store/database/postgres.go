package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Postgres is a database on a PostgreSQL server, which several servers of ours may share.
type Postgres struct {
	name  string // what people call it: without the password
	pool  *sql.DB
	limit time.Duration // of each statement, and of the wait for a connection; 0: none
}

func openPostgres(ctx context.Context, address string) (Database, error) {
	migrating, err := NewPostgres(address, answerTimeout) // a migration may take its time
	if err != nil {
		return nil, err
	}
	err = migrating.Migrate(ctx)
	if closing := migrating.Close(); err != nil {
		return nil, errors.Join(migrating.Explain(err), closing)
	}
	return newPostgres(address, answerTimeout, answerTimeout)
}

// String returns what people call the database: its name and its server, without the password.
func (p *Postgres) String() string { return p.name }

// Pool returns the connections to the server.
func (p *Postgres) Pool() *sql.DB { return p.pool }

// Shared is true: several servers may use the database.
func (p *Postgres) Shared() bool { return true }

// Migrate brings the schema up to date: one server at a time, if several start at once.
func (p *Postgres) Migrate(ctx context.Context) error {
	if err := p.CheckOurs(ctx); err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	return postgresEngine.migrate(ctx, p.pool, p.name, goose.WithSessionLocker(locker))
}

// NewestVersion returns the version of a schema that is up to date.
func (p *Postgres) NewestVersion() (int64, error) { return postgresEngine.newest() }

// CheckOurs returns an error if the database is another program's.
func (p *Postgres) CheckOurs(ctx context.Context) error {
	var foreign bool
	err := p.pool.QueryRowContext(ctx, `
		SELECT to_regclass('goose_db_version') IS NULL
			AND EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema())`).Scan(&foreign)
	if err == nil && foreign {
		err = fmt.Errorf("%s belongs to another program: name another database", p.name)
	}
	return err
}

// One asks for one row.
func (p *Postgres) One(ctx context.Context, columns []any, query string, arguments ...any) error {
	return p.ask(ctx, func(ctx context.Context) error {
		return p.pool.QueryRowContext(ctx, query, arguments...).Scan(columns...)
	})
}

// Each calls read for every row that a query finds.
func (p *Postgres) Each(ctx context.Context, read func(row Row) error, query string, arguments ...any) error {
	return p.ask(ctx, func(ctx context.Context) error {
		rows, err := p.pool.QueryContext(ctx, query, arguments...)
		if err != nil {
			return err
		}
		begun := false
		err = eachRow(rows, func(row Row) error {
			begun = true
			return read(row)
		})
		if err != nil && begun { // read must not be given the same rows again
			return &unrepeatable{err}
		}
		return err
	})
}

// Commit sends all statements at once. PostgreSQL takes what comes without a pause as one
// transaction. See https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING.
//
// If the connection is lost, Commit cannot know whether they were carried out. It sends them again:
// a statement that must not be carried out twice has to break a unique key the second time.
func (p *Postgres) Commit(ctx context.Context, statements []*Statement) error {
	return p.ask(ctx, func(ctx context.Context) error {
		connection, err := p.pool.Conn(ctx)
		if err != nil {
			return err
		}
		err = connection.Raw(func(driverConnection any) error {
			return send(ctx, driverConnection.(*stdlib.Conn).Conn(), statements)
		})
		return errors.Join(err, connection.Close())
	})
}

func send(ctx context.Context, connection *pgx.Conn, statements []*Statement) error {
	batch := &pgx.Batch{}
	for _, statement := range statements {
		asked := batch.Queue(statement.Query, statement.Arguments...)
		if statement.Read == nil {
			continue
		}
		asked.Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := statement.Read(rows); err != nil {
					return err
				}
			}
			return rows.Err()
		})
	}
	return connection.SendBatch(ctx, batch).Close()
}

// SkipLocked lets several workers claim rows side by side.
func (p *Postgres) SkipLocked() string { return `FOR UPDATE SKIP LOCKED` }

// Forget does nothing: the server's autovacuum removes deleted rows.
func (p *Postgres) Forget(context.Context) error { return nil }

// Run is the moment at which the server started.
func (p *Postgres) Run() string {
	return `CAST(extract(epoch FROM pg_postmaster_start_time()) * 1000000 AS BIGINT)`
}

// Ping asks the server whether it takes writes.
func (p *Postgres) Ping(ctx context.Context) error {
	var readOnly bool
	err := p.One(ctx, []any{&readOnly}, `SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean`)
	if err == nil && readOnly {
		err = fmt.Errorf("%w: the %s takes no writes", ErrAway, p.name)
	}
	return err
}

// Close closes all connections.
func (p *Postgres) Close() error { return p.pool.Close() }
