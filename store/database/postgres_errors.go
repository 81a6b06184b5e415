package database

import (
	"crypto/tls"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// isPostgresAway tells failures of the server or the way to it, which may pass, from faults of
// ours. By code: https://www.postgresql.org/docs/current/errcodes-appendix.html.
func isPostgresAway(err error) bool {
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) || IsLost(err) || isDeadlock(err) {
		return true
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code[:2] {
	case "53", "58": // it lacks resources; its system fails
		return true
	}
	return HasCode(err, "25006", "55P03", "57014", "57P03")
}

// HasCode tells whether err is PostgreSQL's, with one of these codes.
func HasCode(err error, codes ...string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && slices.Contains(codes, e.Code)
}

// Explain puts what PostgreSQL says when it is opened into words for the person at the
// terminal.
func (p *Postgres) Explain(err error) error {
	var connecting *pgconn.ConnectError
	var certificate *tls.CertificateVerificationError
	switch {
	case HasCode(err, "28P01"):
		return fmt.Errorf("the %s refuses this user: check the name and the password in its address", p.name)
	case HasCode(err, "28000"): // which may be for want of TLS
		return fmt.Errorf("the %s refuses this user: check the name, the password and the sslmode in its address", p.name)
	case errors.As(err, &certificate):
		return fmt.Errorf("the %s cannot be trusted: check the sslmode and the sslrootcert in its address: %w", p.name, certificate)
	case HasCode(err, "3D000"):
		return fmt.Errorf("there is no %s: make it first, with createdb", p.name)
	case HasCode(err, "42501"):
		return fmt.Errorf("the %s does not let this user make tables: make the user its owner", p.name)
	case errors.As(err, &connecting):
		return fmt.Errorf("cannot reach the %s: is it running, and is its address right?", p.name)
	}
	return err
}
