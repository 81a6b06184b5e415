package database

import "errors"

// ErrAway is in the chain of errors that say that the database cannot answer at the moment, and that
// trying again later may help.
var ErrAway = errors.New("the database is away")

// IsAway tells failures of the database's surroundings, which may pass, from faults of ours.
func IsAway(err error) bool {
	return errors.Is(err, ErrAway) || isSQLiteAway(err) || isPostgresAway(err)
}

// IsUniqueViolation tells whether err says that a row with the same unique key exists.
func IsUniqueViolation(err error) bool { return isUniqueInSQLite(err) || HasCode(err, "23505") }

// IsNullViolation tells whether err says that a column lacks a value that it must have.
func IsNullViolation(err error) bool { return isNullInSQLite(err) || HasCode(err, "23502") }

// unrepeatable is an error after which a transaction must not be tried again: it may have been
// carried out.
type unrepeatable struct{ error }

func (u *unrepeatable) Unwrap() error { return u.error }
