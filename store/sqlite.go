package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// applicationID marks an SQLite file as plaza's ("plza"), so that no other program's
// database is ever migrated. See https://www.sqlite.org/pragma.html#pragma_application_id.
const applicationID = 0x706c7a61

// sqliteFile is a database in one file.
type sqliteFile struct {
	path    string
	opened  os.FileInfo // the file as it was opened; see isThere
	lock    *os.File    // held while a server runs on the file; nil for other commands
	writer  pool        // one connection: SQLite has one writer at a time
	readers pool
}

func openSQLite(ctx context.Context, path string, mode Mode) (database, error) {
	f := &sqliteFile{path: path}
	if err := f.open(ctx, mode); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// open fills in the file, its lock and its pools. It leaves what it opened to close.
func (f *sqliteFile) open(ctx context.Context, mode Mode) error {
	if err := f.openFile(mode); err != nil {
		return err
	}
	f.openPools()
	if err := f.migrate(ctx); err != nil {
		return explainSQLite(f.path, err)
	}
	return connect(ctx, f.readers.DB)
}

func (f *sqliteFile) openPools() {
	f.writer.DB = openPool(f.path, 1, "_txlock=immediate&_pragma=journal_mode(WAL)")
	f.readers.DB = openPool(f.path, max(4, runtime.GOMAXPROCS(0)), "_pragma=query_only(1)")
}

// openFile makes the file where it is missing, checks that it can be written, and takes
// the server's lock on it. The lock is flock(2)'s, which SQLite does not use; the file
// stays open as long as the pools, since closing any descriptor of a file drops the
// process's fcntl locks, which SQLite does use.
func (f *sqliteFile) openFile(mode Mode) error {
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("cannot write the database %s: check its permissions and its owner", f.path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot make the database %s: its folder does not exist", f.path)
	case err != nil:
		return fmt.Errorf("cannot open the database: %w", err)
	}
	f.lock = file
	if mode == Serve {
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			return fmt.Errorf("another plaza is serving %s: stop it first, or use another database", f.path)
		}
	}
	f.opened, err = file.Stat()
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
func (f *sqliteFile) migrate(ctx context.Context) error {
	// Asked of a reader: the writer's first connection would turn the file to WAL.
	marked, err := f.isMarked(ctx, f.readers.DB)
	if err != nil {
		return err
	}
	if !marked {
		if _, err := f.writer.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
			return err
		}
	}
	return migrate(ctx, f.writer.DB, f.path, goose.DialectSQLite3, "sqlite")
}

// isMarked tells whether the file is plaza's: one of another program is an error, one with
// nothing in it is not yet anybody's.
func (f *sqliteFile) isMarked(ctx context.Context, pool *sql.DB) (bool, error) {
	var id, tables int64
	if err := pool.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return false, err
	}
	if err := pool.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil {
		return false, err
	}
	if id != applicationID && tables > 0 {
		return false, fmt.Errorf("%s is a database of another program: name another one", f.path)
	}
	return id == applicationID, nil
}

// explainSQLite puts what SQLite says of a file into words for the person at the terminal.
func explainSQLite(path string, err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%s is not a database, or is damaged: name another one, or restore a backup", path)
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

// isThere refuses to write to a file that was moved, deleted or replaced under us: SQLite
// would go on writing to what no name leads to any more, and a restart would lose it. Where
// the same file comes back, so does the store.
func (f *sqliteFile) isThere() error {
	now, err := os.Stat(f.path)
	if err == nil && os.SameFile(now, f.opened) {
		return nil
	}
	if err == nil {
		err = errors.New("another file is in its place: restart plaza to use it")
	}
	return &Error{
		Kind: Unavailable,
		Code: CodeDatabaseUnwritable,
		Err:  fmt.Errorf("database file %s: %w", f.path, err),
	}
}

// one looks a row up by a statement that is parsed once. It is over in microseconds, sooner
// than watching ctx would cost; so it does not.
func (f *sqliteFile) one(ctx context.Context, columns []any, query string, arguments ...any) error {
	prepared, err := f.readers.prepared(ctx, query)
	if err != nil {
		return err
	}
	return prepared.QueryRowContext(context.WithoutCancel(ctx), arguments...).Scan(columns...)
}

func (f *sqliteFile) each(ctx context.Context, read func(row scanner) error, query string, arguments ...any) error {
	prepared, err := f.readers.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := prepared.QueryContext(ctx, arguments...)
	if err != nil {
		return err
	}
	return eachRow(rows, read)
}

func (f *sqliteFile) inTx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	if err := f.isThere(); err != nil {
		return err
	}
	return inTx(ctx, f.writer.DB, fn)
}

func (f *sqliteFile) commit(ctx context.Context, statements []*statement) error {
	for _, statement := range statements { // while the one connection is free
		if _, err := f.writer.prepared(ctx, statement.query); err != nil {
			return err
		}
	}
	return f.inTx(ctx, func(tx *sql.Tx) error {
		for _, statement := range statements {
			prepared, err := f.writer.prepared(ctx, statement.query)
			if err != nil {
				return err
			}
			if err := carryOut(ctx, tx.StmtContext(ctx, prepared), statement); err != nil {
				return err
			}
		}
		return nil
	})
}

func carryOut(ctx context.Context, prepared *sql.Stmt, statement *statement) error {
	if statement.read == nil {
		_, err := prepared.ExecContext(ctx, statement.arguments...)
		return err
	}
	rows, err := prepared.QueryContext(ctx, statement.arguments...)
	if err != nil {
		return err
	}
	return eachRow(rows, statement.read)
}

func (f *sqliteFile) ping(ctx context.Context) error {
	if err := f.isThere(); err != nil {
		return err
	}
	var one int
	return f.one(ctx, []any{&one}, `SELECT 1 FROM rooms LIMIT 1`)
}

func (f *sqliteFile) close() error {
	errs := []error{f.readers.close(), f.writer.close()}
	if f.lock != nil {
		errs = append(errs, f.lock.Close())
	}
	return errors.Join(errs...)
}

// pool is connections, and the statements that were parsed for them, each once.
type pool struct {
	*sql.DB
	statements sync.Map // query → *sql.Stmt
}

// prepared returns the statement for a query. Inside a transaction of a pool with one
// connection only those that were prepared before can be had.
func (p *pool) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if found, ok := p.statements.Load(query); ok {
		return found.(*sql.Stmt), nil
	}
	statement, err := p.PrepareContext(context.WithoutCancel(ctx), steady(query))
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

// isSQLiteAway tells failures of the disk or the file, which may pass, from faults of ours.
// By code, not by text: https://www.sqlite.org/rescode.html.
func isSQLiteAway(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL:
		return true
	}
	return false
}

func isUniqueInSQLite(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

func isNullInSQLite(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_NOTNULL
}

// steady has a query keep its plan. SQLite 3.54 guesses how much a comparison finds by whether the
// value is 0 or 1, unless it is an expression: so it would parse and plan a statement again, which
// costs more than to carry it out, whenever the public chat's id follows another room's, or
// the first account's another one's.
func steady(query string) string { return strings.ReplaceAll(query, "= $", "= +$") }
