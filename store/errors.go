package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"plaza/store/database"
)

// Kind is the kind of an Error. Handlers map it to an HTTP status.
type Kind int

// The kinds of failure.
const (
	Internal    Kind = iota // a bug or an unknown failure: logged, never shown
	Invalid                 // the input breaks a rule
	NotFound                // it does not exist, or this viewer may not see it
	Conflict                // another user was faster
	Forbidden               // the viewer may see it, and may not do this
	Unavailable             // the database can't do it now; trying later may work
)

// String returns the kind in words, for the log.
func (k Kind) String() string {
	return [...]string{"internal", "invalid", "not found", "conflict", "forbidden", "unavailable"}[k]
}

// Error is a failure that views can put into words.
type Error struct {
	Kind   Kind
	Code   Code               // what went wrong as a whole; "" if only Fields say it
	Args   Args               // the arguments of Code
	Fields map[string]Problem // if Invalid: the problem of each wrong form field
	Err    error              // the cause, for the log only
}

// Error returns the kind, the codes and the cause, for the log. It contains nothing that users
// wrote.
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

// Problem returns what went wrong as a whole. It returns the zero Problem if only Fields say it.
func (e *Error) Problem() Problem { return Problem{e.Code, e.Args} }

// KindOf returns the kind of the Error in err's chain. If there is none, it returns Unavailable if
// the database is away, and Internal otherwise.
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

// InvalidField returns an Invalid error for one form field. It returns nil if code is the empty
// string.
func InvalidField(field string, code Code) error {
	if code == "" {
		return nil
	}
	return &Error{Kind: Invalid, Fields: map[string]Problem{field: {Code: code}}}
}

// JoinInvalid joins Invalid errors into one, so that a form can show all problems at once. It
// returns the first error of another kind as it is, and nil if all errors are nil.
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
