package store

import (
	"errors"
	"fmt"

	"plaza/store/database"
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

// KindOf returns the kind of err: that of the Error in its chain, else Unavailable if the database
// is away, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if database.IsAway(err) {
		return Unavailable
	}
	return Internal
}

// invalid returns an Invalid error for one form field.
func invalid(field, message string) *Error {
	return &Error{Kind: Invalid, Message: message, Fields: map[string]string{field: message}}
}
