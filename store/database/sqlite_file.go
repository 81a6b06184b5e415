package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// applicationID marks an SQLite file as plaza's ("plza"), so that no other program's
// database is ever migrated. See https://www.sqlite.org/pragma.html#pragma_application_id.
const applicationID = 0x706c7a61

// Take makes the file if there is none, checks that it can be written, and to Serve, takes the
// server's lock on it. The lock is flock(2)'s, which SQLite does not use; the file stays open as
// long as the pools, since closing any descriptor of a file drops the process's fcntl locks, which
// SQLite does use.
func (f *SQLite) Take(mode Mode) error {
	_, noLog := os.Stat(logOf(f.path))
	f.logged = noLog == nil
	file, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	f.made = err == nil
	if errors.Is(err, fs.ErrExist) {
		file, err = os.OpenFile(f.path, os.O_RDWR|os.O_CREATE, 0o600)
	}
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
			f.made = false // another plaza has it since
			return fmt.Errorf("another plaza is serving %s: stop it first, or use another database", f.path)
		}
	}
	f.opened, err = file.Stat()
	return err
}

// Migrate marks the file as plaza's and brings its schema up to date. The pools are open.
func (f *SQLite) Migrate(ctx context.Context) error {
	// Asked of a reader: the writer's first connection would turn the file to WAL.
	marked, err := f.isMarked(ctx, f.readers.DB)
	if err != nil {
		return err
	}
	if !marked {
		if _, err := f.writer.pool.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
			return err
		}
	}
	return sqliteEngine.migrate(ctx, f.writer.pool, f.path)
}

// CheckOurs returns an error if the file is another program's. An empty file belongs to no program.
func (f *SQLite) CheckOurs(ctx context.Context, pool *sql.DB) error {
	_, err := f.isMarked(ctx, pool)
	return err
}

// isMarked tells whether the file is plaza's. It is an error if the file is another program's.
func (f *SQLite) isMarked(ctx context.Context, pool *sql.DB) (bool, error) {
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

// NewestVersion returns the version of a schema that is up to date.
func (f *SQLite) NewestVersion() (int64, error) { return sqliteEngine.newest() }

// IsThere returns an error that wraps ErrAway if the file was moved, deleted or replaced. SQLite
// would go on writing to a file that has no name any more, and a restart would lose it. Writes work
// again as soon as the same file is back.
func (f *SQLite) IsThere() error {
	now, err := os.Stat(f.path)
	if err == nil && os.SameFile(now, f.opened) {
		return nil
	}
	if err == nil {
		err = errors.New("another file is in its place: restart plaza to use it")
	}
	return fmt.Errorf("%w: file %s: %w", ErrAway, f.path, err)
}
