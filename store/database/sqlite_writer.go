package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// writer is the connection that writes. SQLite has one writer at a time.
type writer struct {
	pool *sql.DB       // of one connection
	turn chan struct{} // holds a token while somebody writes

	// Owned by the holder of the turn.
	connection *sql.Conn            // nil until the first write
	statements map[string]*sql.Stmt // by their queries; parsed for the connection
	turns      int
	marked     bool // whether the log, too, says that the file needs it: see moveLog
}

func newWriter(pool *sql.DB) *writer {
	return &writer{pool: pool, turn: make(chan struct{}, 1), statements: map[string]*sql.Stmt{}}
}

// take waits until nobody else writes. The caller must give the turn back.
func (w *writer) take(ctx context.Context) error {
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if w.connection != nil {
		return nil
	}
	var err error
	if w.connection, err = w.pool.Conn(ctx); err != nil {
		w.connection = nil
		<-w.turn
	}
	return err
}

// giveBack ends a turn in which err happened. The next turn gets another connection if this one is
// broken.
func (w *writer) giveBack(err error) {
	if err == nil {
		w.trimLog()
	}
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		_ = w.drop()
	}
	<-w.turn
}

// drop closes the connection.
func (w *writer) drop() error {
	var errs []error
	for _, statement := range w.statements {
		errs = append(errs, statement.Close())
	}
	clear(w.statements)
	if w.connection != nil {
		errs = append(errs, w.connection.Close())
		w.connection = nil
	}
	return errors.Join(errs...)
}

// commit carries out statements in one transaction. Database/sql's own transactions start a
// goroutine for each query, which costs more than the query.
func (w *writer) commit(ctx context.Context, statements []*Statement) (err error) {
	if err := w.take(ctx); err != nil {
		return err
	}
	defer func() { w.giveBack(err) }()
	ctx = context.WithoutCancel(ctx) // what has begun is carried out
	if err := w.carryOut(ctx, &Statement{Query: `BEGIN IMMEDIATE`}); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for _, statement := range statements {
		if err := w.carryOut(ctx, statement); err != nil {
			return errors.Join(err, w.carryOut(ctx, &Statement{Query: `ROLLBACK`}))
		}
	}
	if err := w.carryOut(ctx, &Statement{Query: `COMMIT`}); err != nil {
		// SQLite has ended the transaction already, unless it was merely busy.
		_ = w.carryOut(ctx, &Statement{Query: `ROLLBACK`})
		return &unrepeatable{fmt.Errorf("commit: %w", err)}
	}
	return nil
}

func (w *writer) carryOut(ctx context.Context, statement *Statement) error {
	prepared := w.statements[statement.Query]
	if prepared == nil {
		var err error
		if prepared, err = w.connection.PrepareContext(ctx, statement.Query); err != nil {
			return err
		}
		w.statements[statement.Query] = prepared
	}
	if statement.Read == nil {
		_, err := prepared.ExecContext(ctx, statement.Arguments...)
		return err
	}
	rows, err := prepared.QueryContext(ctx, statement.Arguments...)
	if err != nil {
		return err
	}
	return eachRow(rows, statement.Read)
}

// close waits for the write under way, and closes the connection.
func (w *writer) close() error {
	w.turn <- struct{}{}
	if w.marked && w.connection != nil {
		_ = w.unmark(context.Background()) // or the next start refuses the file
	}
	return errors.Join(w.drop(), w.pool.Close())
}
