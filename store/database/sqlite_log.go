package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// SQLite appends what is committed to a log beside the file, and moves it to the file from time to
// time (a checkpoint). Between these times the file alone is a site of some time ago, or an empty one.
// To tell such a file from a whole one, its user_version is 1 while the log goes on, but 0 in the log: a
// reader of both sees 0. So the file is known if it was copied without its log. A copy that SQLite makes,
// and a file whose log another program has moved, have 0.

// logOf returns the path of a file's log.
func logOf(path string) string { return path + "-wal" }

// CheckWhole returns an error if a file that was there has no tables, or has lost its log.
func (f *SQLite) CheckWhole(ctx context.Context, pool *sql.DB) error {
	if f.made || f.logged {
		return nil
	}
	var tables, partial int64
	if err := pool.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil {
		return err
	}
	if err := pool.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&partial); err != nil {
		return err
	}
	switch {
	case tables == 0 && f.opened.Mode().Perm()&0o200 == 0: // the migration says that it cannot write
	case tables == 0:
		return fmt.Errorf("%s has no tables: it is no whole copy of a site; delete it if you want a new site there", f.path)
	case partial != 0:
		return fmt.Errorf("%s is not the whole site: it was copied from a running site without %[1]s-wal; copy it while the site is stopped", f.path)
	}
	return nil
}

// The log is moved once it has so many pages that are not in the file. Turns are the times that
// somebody writes; looking at the log after each of them would be too often.
const (
	longLog         = 1000
	turnsBetweenLog = 16
)

// startLog makes the file say that it needs the log. The caller serves the file alone. If the disk is full,
// say, the file says nothing until the log is moved.
func (w *writer) startLog(ctx context.Context) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	err := w.moveLog(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	w.giveBack(err)
	if IsAway(err) {
		return nil
	}
	return err
}

// trimLog moves a long log. The caller has the turn. What fails is tried again later: the log may grow.
func (w *writer) trimLog() {
	ctx := context.Background()
	if w.marked {
		_ = w.unmark(ctx)
	}
	w.turns++
	if w.turns%turnsBetweenLog != 0 {
		return
	}
	var busy, logged, moved int64
	state := &Statement{Query: `PRAGMA wal_checkpoint(NOOP)`, Read: Into(&busy, &logged, &moved)}
	if err := w.carryOut(ctx, state); err == nil && logged-moved >= longLog {
		_ = w.moveLog(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	}
}

// moveLog moves the log to the file. Readers may keep SQLite from moving the last pages; then the file
// says that it is whole until the next time. If the mark cannot be written, the log is moved without it.
func (w *writer) moveLog(ctx context.Context, checkpoint string) error {
	err := w.carryOut(ctx, &Statement{Query: `PRAGMA user_version = 1`})
	w.marked = err == nil
	var busy, logged, moved int64
	err = errors.Join(err, w.carryOut(ctx, &Statement{Query: checkpoint, Read: Into(&busy, &logged, &moved)}))
	if w.marked {
		err = errors.Join(err, w.unmark(ctx))
	}
	return err
}

// unmark makes the log say that with it, the file is whole.
func (w *writer) unmark(ctx context.Context) error {
	err := w.carryOut(ctx, &Statement{Query: `PRAGMA user_version = 0`})
	w.marked = err != nil
	return err
}
