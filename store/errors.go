package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"plaza/store/database"
)

// Kind says what sort of failure an Error is; handlers map it to a status.
type Kind int

// The kinds of failure the store tells apart.
const (
	Internal    Kind = iota // a fault of ours: logged, never shown
	Invalid                 // the input breaks a rule
	NotFound                // there is no such thing, or not for this viewer
	Conflict                // somebody was faster
	Unavailable             // the database can't do it now; trying later may work
)

// String returns the kind in words, for the log.
func (k Kind) String() string {
	return [...]string{"internal", "invalid", "not found", "conflict", "unavailable"}[k]
}

// Error is a failure that views can put into words.
type Error struct {
	Kind   Kind
	Code   Code               // what went wrong as a whole; "" where it is the Fields
	Args   Args               // of the Code
	Fields map[string]Problem // Invalid: what is wrong with each form field at fault
	Err    error              // the cause, for the log only
}

// Error returns the kind and the codes with the cause behind them, for the log. What people wrote
// is not in it.
func (e *Error) Error() string {
	var said strings.Builder
	said.WriteString(e.Kind.String())
	if e.Code != "" {
		fmt.Fprintf(&said, ": %s", e.Code)
	}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&said, ": %s: %s", field, e.Fields[field].Code)
	}
	if e.Err != nil {
		fmt.Fprintf(&said, ": %v", e.Err)
	}
	return said.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Problem returns what went wrong as a whole; the zero Problem where it is the Fields.
func (e *Error) Problem() Problem { return Problem{e.Code, e.Args} }

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

// InvalidField returns an Invalid error for one form field; nil where the code is "".
func InvalidField(field string, code Code) error {
	if code == "" {
		return nil
	}
	return &Error{Kind: Invalid, Fields: map[string]Problem{field: {Code: code}}}
}

// JoinInvalid returns one Invalid error with all that these say, so that a form can show everything
// at once. It returns the first error of another kind as it is, and nil where all are nil.
func JoinInvalid(errs ...error) error {
	var all *Error
	for _, err := range errs {
		if err == nil {
			continue
		}
		var one *Error
		if !errors.As(err, &one) || one.Kind != Invalid {
			return err
		}
		if all == nil {
			all = &Error{Kind: Invalid, Fields: map[string]Problem{}}
		}
		if all.Code == "" {
			all.Code, all.Args = one.Code, one.Args
		}
		maps.Copy(all.Fields, one.Fields)
	}
	if all == nil {
		return nil
	}
	return all
}
