package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"sync"
)

// pool is connections, and the statements that were parsed for them, each once.
type pool struct {
	*sql.DB
	turns      chan struct{} // holds a token for each connection in use
	statements sync.Map      // query → *sql.Stmt
}

// OpenPools opens the file, to write and to read. The writer zeroes what it deletes: see Forget.
func (f *SQLite) OpenPools() error {
	writing, err := openPool(f.path, 1,
		"_txlock=immediate&_pragma=secure_delete(1)&_pragma=journal_mode(WAL)&_pragma=wal_autocheckpoint(0)")
	if err != nil {
		return err
	}
	f.writer = newWriter(writing)
	size := max(4, runtime.GOMAXPROCS(0))
	f.readers.DB, err = openPool(f.path, size, "_pragma=query_only(1)")
	f.readers.turns = make(chan struct{}, size)
	return err
}

// OpenUntouched opens the file without changing a byte of it.
func (f *SQLite) OpenUntouched() error {
	writing, err := openPool(f.path, 1, "_txlock=immediate&_pragma=secure_delete(1)")
	if err == nil {
		f.writer = newWriter(writing)
	}
	return err
}

// Writer returns the one connection that may write. It is not for use beside InTx and Commit, which
// keep it once they have it.
func (f *SQLite) Writer() *sql.DB { return f.writer.pool }

// Readers returns the connections that only read.
func (f *SQLite) Readers() *sql.DB { return f.readers.DB }

// openPool makes a pool of at most size connections, which are kept once they are open. It
// makes no file (mode=rw): in the place of one that went missing, that would be an empty site.
func openPool(path string, size int, options string) (*sql.DB, error) {
	address := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String() +
		fmt.Sprintf("?mode=rw&_pragma=busy_timeout(%d)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&%s",
			busyTimeout.Milliseconds(), options)
	if err := keepPlans(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// connect opens all connections of a pool, so that reading goes on with each of them when
// the file goes missing.
func connect(ctx context.Context, pool *sql.DB) error {
	for range pool.Stats().MaxOpenConnections {
		connection, err := pool.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = connection.Close() }() // goes back to the pool
	}
	return nil
}

// take waits until a connection is free, or ctx ends. The caller must give it back.
func (p *pool) take(ctx context.Context) error {
	select {
	case p.turns <- struct{}{}:
		return nil
	default:
	}
	select {
	case p.turns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pool) giveBack() { <-p.turns }

// prepared returns the statement for a query.
func (p *pool) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if found, ok := p.statements.Load(query); ok {
		return found.(*sql.Stmt), nil
	}
	statement, err := p.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	if earlier, loaded := p.statements.LoadOrStore(query, statement); loaded {
		return earlier.(*sql.Stmt), statement.Close()
	}
	return statement, nil
}

func (p *pool) close() error {
	if p.DB == nil {
		return nil
	}
	var errs []error
	p.statements.Range(func(_, statement any) bool {
		errs = append(errs, statement.(*sql.Stmt).Close())
		return true
	})
	return errors.Join(append(errs, p.Close())...)
}
