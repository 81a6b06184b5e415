package database

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Explain puts what SQLite says of the file into words for the person at the terminal.
func (f *SQLite) Explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%s is not a database, or is damaged: name another one, or restore a backup", f.path)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%s is locked by another program: stop it and try again", f.path)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("cannot write %s: check the permissions of the file and its folder", f.path)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("cannot write %s: the disk is full", f.path)
	case sqlite3.SQLITE_IOERR: // what a full disk is called too, by those parts that map files
		return fmt.Errorf("cannot read or write %s: the disk may be full or damaged", f.path)
	}
	return fmt.Errorf("cannot open the database %s: %w", f.path, err)
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
