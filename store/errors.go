package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Kind says what sort of failure an Error is; handlers map it to a status.
type Kind int

// The kinds of failure the store tells apart.
const (
	Internal    Kind = iota // a fault of ours: logged, never shown
	Invalid                 // the input breaks a rule; Fields says which
	NotFound                // there is no such thing, or not for this viewer
	Conflict                // somebody was faster
	Unavailable             // the database can't do it now; trying later may work
)

// Error is a failure with a sentence for the person who caused or met it.
type Error struct {
	Kind    Kind
	Message string            // a sentence for people; never names internals
	Fields  map[string]string // Invalid: a sentence for each form field at fault
	Err     error             // the cause, for the log only
}

// Error returns the sentence for people with the cause behind it, for the log.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Message, e.Err)
	}
	return e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of err: of the Error in its chain, else what the database
// driver's code says, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if databaseIsAway(err) {
		return Unavailable
	}
	return Internal
}

// invalid returns an Invalid error for one form field.
func invalid(field, message string) *Error {
	return &Error{Kind: Invalid, Message: message, Fields: map[string]string{field: message}}
}

// databaseIsAway tells failures of the disk or the file, which may pass, from faults of
// ours. By code, not by text: https://www.sqlite.org/rescode.html.
func databaseIsAway(err error) bool {
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

// isUniqueViolation tells whether err says that a row with the same unique key exists.
func isUniqueViolation(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}
