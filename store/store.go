// Package store is plaza's model: users, sessions, rooms and messages, their rules, and
// the SQL that keeps them. It knows nothing of HTTP.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
)

// Store keeps a site's data in one SQLite file. It is safe for concurrent use.
type Store struct {
	path    string
	file    os.FileInfo // the file as it was opened; see fileIsThere
	lock    *os.File    // held while a server runs on the file; nil for other commands
	writer  *sql.DB     // one connection: SQLite has one writer at a time
	readers *sql.DB

	statements sync.Map // query → *sql.Stmt, for readers
	posting    postStatements
	posts      chan *pendingPost
	hashing    chan struct{} // a place for each password hash that may run at once
	closing    chan struct{}
	written    chan struct{} // closed once no post is written any more
	finished   sync.WaitGroup
}

// Mode says for what a database is opened.
type Mode int

// The ways to open a database.
const (
	Serve Mode = iota // as the one server of the site: refused while another one runs
	Admin             // beside a server, for one command
)

// Open opens the site's database, makes it where it is missing, and brings its schema up
// to date. Its errors are sentences for the person at the terminal.
func Open(ctx context.Context, path string, mode Mode) (*Store, error) {
	s := &Store{
		path:    path,
		posts:   make(chan *pendingPost, maxBatch),
		hashing: make(chan struct{}, concurrentHashes()),
		closing: make(chan struct{}),
		written: make(chan struct{}),
	}
	if err := s.open(ctx, mode); err != nil {
		return nil, errors.Join(err, s.closeFiles())
	}
	s.finished.Go(s.writePosts)
	return s, nil
}

// Close finishes the writes that are under way and closes the database. What is asked of it
// after Close fails as Unavailable.
func (s *Store) Close() error {
	close(s.closing)
	s.finished.Wait()
	return s.closeFiles()
}

// InTx runs fn in a transaction that may write, and commits unless fn fails.
func (s *Store) InTx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	if err := s.fileIsThere(); err != nil {
		return err
	}
	return inTx(ctx, s.writer, nil, fn)
}

// inSnapshot runs fn in a transaction that reads one state of the database.
func (s *Store) inSnapshot(ctx context.Context, fn func(tx *sql.Tx) error) error {
	return inTx(ctx, s.readers, &sql.TxOptions{ReadOnly: true}, fn)
}

func inTx(ctx context.Context, db *sql.DB, options *sql.TxOptions, fn func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Ping reports whether the database answers and could take a write.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.fileIsThere(); err != nil {
		return err
	}
	var one int
	return s.readers.QueryRowContext(ctx, `SELECT 1 FROM rooms LIMIT 1`).Scan(&one)
}

// lookUp asks for one row, by a statement that is parsed once for the store's lifetime. It is
// over in microseconds, sooner than watching ctx would cost; so it does not.
func (s *Store) lookUp(ctx context.Context, query string, arguments ...any) row {
	statement, err := s.prepared(ctx, query)
	if err != nil {
		return row{err: err}
	}
	return row{statement.QueryRowContext(context.WithoutCancel(ctx), arguments...), nil}
}

// row is what lookUp found, or why it could not look.
type row struct {
	found *sql.Row
	err   error
}

// Scan copies the row's columns; sql.ErrNoRows where there is no row.
func (r row) Scan(columns ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.found.Scan(columns...)
}

// prepared returns the statement for a query that reads, parsed once for the store's
// lifetime. Inside a transaction it would wait for a connection that the transaction may
// hold, so it is called before.
//
// Of a closed store there is none: using it would fail with an error that is no different
// from a fault of ours.
func (s *Store) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	select {
	case <-s.closing:
		return nil, errClosing
	default:
	}
	if found, ok := s.statements.Load(query); ok {
		return found.(*sql.Stmt), nil
	}
	statement, err := s.readers.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	if earlier, loaded := s.statements.LoadOrStore(query, statement); loaded {
		return earlier.(*sql.Stmt), statement.Close()
	}
	return statement, nil
}
