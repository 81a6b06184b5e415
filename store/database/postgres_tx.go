package database

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// InTx runs fn in a transaction, again if the connection is lost or if others have to go first.
func (p *Postgres) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	return p.retry(ctx, func() error {
		connection, err := p.connection(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = connection.Close() }() // goes back to the pool, unless it is lost
		return p.transact(ctx, connection, fn)
	})
}

// connection waits for a connection of the pool, as long as for a statement.
func (p *Postgres) connection(ctx context.Context) (*sql.Conn, error) {
	limited, cancel := withLimit(ctx, p.limit)
	defer cancel()
	connection, err := p.pool.Conn(limited)
	return connection, orLate(limited, err)
}

// transact runs fn in a transaction. It lasts as long as fn takes, but its begin and its end are
// bounded as any statement. These have no context but the transaction's, which ends with them.
func (p *Postgres) transact(ctx context.Context, connection *sql.Conn, fn func(tx *Tx) error) error {
	whole, end := context.WithCancelCause(ctx)
	defer end(nil)
	bound := func(do func() error) error {
		if p.limit > 0 {
			defer time.AfterFunc(p.limit, func() { end(errLate) }).Stop()
		}
		return orLate(whole, do())
	}
	tx := &Tx{limit: p.limit}
	err := bound(func() (err error) {
		tx.tx, err = connection.BeginTx(whole, nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	return run(tx, fn, bound)
}
