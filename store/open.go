package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations
var migrations embed.FS

// applicationID marks an SQLite file as plaza's ("plza"), so that no other program's
// database is ever migrated. See https://www.sqlite.org/pragma.html#pragma_application_id.
const applicationID = 0x706c7a61

// open fills in the store's file, lock and pools. It leaves what it opened to closeFiles.
func (s *Store) open(ctx context.Context, mode Mode) error {
	if err := s.openFile(mode); err != nil {
		return err
	}
	s.writer = openPool(s.path, 1, "_txlock=immediate&_pragma=journal_mode(WAL)")
	s.readers = openPool(s.path, max(4, runtime.GOMAXPROCS(0)), "_pragma=query_only(1)")
	if err := s.migrate(ctx); err != nil {
		return explainOpen(s.path, err)
	}
	return errors.Join(connect(ctx, s.readers), s.posting.prepare(ctx, s.writer))
}

// openFile makes the file where it is missing, checks that it can be written, and takes
// the server's lock on it. The lock is flock(2)'s, which SQLite does not use; the file
// stays open as long as the pools, since closing any descriptor of a file drops the
// process's fcntl locks, which SQLite does use.
func (s *Store) openFile(mode Mode) error {
	file, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("cannot write the database %s: check its permissions and its owner", s.path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot make the database %s: its folder does not exist", s.path)
	case err != nil:
		return fmt.Errorf("cannot open the database: %w", err)
	}
	s.lock = file
	if mode == Serve {
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			return fmt.Errorf("another plaza is serving %s: stop it first, or use another --db", s.path)
		}
	}
	s.file, err = file.Stat()
	return err
}

// openPool makes a pool of at most size connections, which are kept once they are open. It
// makes no file (mode=rw): in the place of one that went missing, that would be an empty site.
func openPool(path string, size int, options string) *sql.DB {
	address := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String() +
		"?mode=rw&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&" + options
	// sql.Open only fails on an unknown driver's name.
	db, _ := sql.Open("sqlite", address)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// connect opens all connections of a pool, so that reading goes on with each of them where
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

// migrate brings the schema up to date, each step in a transaction of its own.
func (s *Store) migrate(ctx context.Context) error {
	var id, tables int64
	// Asked of a reader: the writer's first connection would turn the file to WAL.
	if err := s.readers.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if err := s.readers.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil {
		return err
	}
	if id != applicationID && tables > 0 {
		return fmt.Errorf("%s is a database of another program: name another --db", s.path)
	}
	if id != applicationID {
		if _, err := s.writer.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
			return err
		}
	}
	steps, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.writer, steps)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("%s was made by a newer plaza (schema %d, this one knows %d): update plaza", s.path, have, want)
	}
	_, err = provider.Up(ctx)
	return err
}

// explainOpen puts what SQLite says of a file into words for the person at the terminal.
func explainOpen(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%s is not a database, or is damaged: name another --db, or restore a backup", path)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%s is locked by another program: stop it and try again", path)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("cannot write %s: check the permissions of the file and its folder", path)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("cannot write %s: the disk is full", path)
	case sqlite3.SQLITE_IOERR: // what a full disk is called too, by those parts that map files
		return fmt.Errorf("cannot read or write %s: the disk may be full or damaged", path)
	}
	return fmt.Errorf("cannot open the database %s: %w", path, err)
}

// fileIsThere refuses to write to a file that was moved, deleted or replaced under us:
// SQLite would go on writing to what no name leads to any more, and a restart would lose
// it. Where the same file comes back, so does the store.
func (s *Store) fileIsThere() error {
	now, err := os.Stat(s.path)
	if err == nil && os.SameFile(now, s.file) {
		return nil
	}
	if err == nil {
		err = errors.New("another file is in its place: restart plaza to use it")
	}
	return &Error{
		Kind:    Unavailable,
		Message: "The database cannot be written right now. Please try again in a moment.",
		Err:     fmt.Errorf("database file %s: %w", s.path, err),
	}
}

func (s *Store) closeFiles() error {
	var errs []error
	s.statements.Range(func(_, statement any) bool {
		errs = append(errs, statement.(*sql.Stmt).Close())
		return true
	})
	errs = append(errs, s.posting.close())
	for _, pool := range []*sql.DB{s.readers, s.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}
