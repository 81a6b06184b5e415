package jobs

import "errors"

// Permanent marks an error that every further attempt would meet, so that the job is given up.
func Permanent(err error) error { return &permanentError{err} }

// IsPermanent reports whether err was marked by Permanent.
func IsPermanent(err error) bool {
	var permanent *permanentError
	return errors.As(err, &permanent)
}

type permanentError struct{ error }

func (p *permanentError) Unwrap() error { return p.error }
