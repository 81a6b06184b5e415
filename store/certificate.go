package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"plaza/store/database"
)

// Certificate is the certificate of one of the site's names, or what keeps the site from having one.
type Certificate struct {
	Name     string
	PEM      string    // the private key and then the chain; "" if there is none yet
	Failures int       // how many orders have failed since the last one that did not
	Problem  string    // why the last order failed; "" if it did not
	NextAt   time.Time // the next order is made then at the earliest
}

// MaxOrderWait is how far away, at most, the time of the next order of a certificate is. If the database has a later one,
// a wrong clock has written it, and it does not count.
const MaxOrderWait = 2 * time.Hour

const certificateColumns = `name, pem, failures, problem, next_at`

func scanCertificate(row database.Row) (Certificate, error) {
	var certificate Certificate
	var next int64
	err := row.Scan(&certificate.Name, &certificate.PEM, &certificate.Failures, &certificate.Problem, &next)
	certificate.NextAt = time.UnixMilli(next)
	return certificate, err
}

// Certificates returns the certificates of all names that the site has or had, by name.
func (s *Store) Certificates(ctx context.Context) (map[string]Certificate, error) {
	certificates := map[string]Certificate{}
	err := s.each(ctx, func(row database.Row) error {
		certificate, err := scanCertificate(row)
		certificates[certificate.Name] = certificate
		return err
	}, `SELECT `+certificateColumns+` FROM certificates`)
	return certificates, err
}

// ClaimOrder gives the caller the right to order a certificate, for the time of a lease: until then nobody else
// gets it, on no server. If it is too early for an order, ok is false. The caller ends the claim with
// KeepCertificate, FailOrder or ReleaseOrder.
func (s *Store) ClaimOrder(ctx context.Context, name string, lease time.Duration) (certificate Certificate, ok bool, err error) {
	at := now()
	err = s.InTx(ctx, func(tx *database.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO certificates (name) VALUES ($1) ON CONFLICT (name) DO NOTHING`, name); err != nil {
			return err
		}
		certificate, err = scanCertificate(tx.QueryRowContext(ctx, `UPDATE certificates SET next_at = $2
			WHERE name = $1 AND (next_at <= $3 OR next_at > $4) RETURNING `+certificateColumns,
			name, at.Add(lease).UnixMilli(), at.UnixMilli(), at.Add(MaxOrderWait).UnixMilli()))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Certificate{}, false, nil
	}
	return certificate, err == nil, err
}

// KeepCertificate stores a new certificate for a name.
func (s *Store) KeepCertificate(ctx context.Context, name, pem string) error {
	return s.updateCertificate(ctx, `pem = $2, failures = 0, problem = '', next_at = 0`, name, pem)
}

// FailOrder notes that an order failed, why, and when the next one may be made: well within MaxOrderWait, since
// the clocks of two servers differ.
func (s *Store) FailOrder(ctx context.Context, name, problem string, next time.Time) error {
	return s.updateCertificate(ctx, `failures = failures + 1, problem = $2, next_at = $3`, name, problem, next.UnixMilli())
}

// ReleaseOrder ends a claim without an order.
func (s *Store) ReleaseOrder(ctx context.Context, name string) error {
	return s.updateCertificate(ctx, `next_at = 0`, name)
}

// updateCertificate changes the row of a name and drops its challenge. The assignments are a constant of the program.
func (s *Store) updateCertificate(ctx context.Context, assignments string, arguments ...any) error {
	return s.commitStatements(ctx, &database.Statement{
		Query:     `UPDATE certificates SET challenge = '', answer = '', ` + assignments + ` WHERE name = $1`,
		Arguments: arguments,
	})
}

// SetChallenge stores the answer to the challenge by which an authority finds out that a name is the site's. It asks
// any server of the site.
func (s *Store) SetChallenge(ctx context.Context, name, challenge, answer string) error {
	return s.commitStatements(ctx, &database.Statement{
		Query:     `UPDATE certificates SET challenge = $2, answer = $3 WHERE name = $1`,
		Arguments: []any{name, challenge, answer},
	})
}

// ChallengeAnswer returns the answer to a name's challenge, "" if there is none.
func (s *Store) ChallengeAnswer(ctx context.Context, name, challenge string) (string, error) {
	var answer string
	err := s.queryRow(ctx, `SELECT answer FROM certificates WHERE name = $1 AND challenge = $2`, name, challenge).Scan(&answer)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return answer, err
}

// AuthorityKey returns the key of the site's account at an authority: the given one, unless the site has one already.
// Both are PEM.
func (s *Store) AuthorityKey(ctx context.Context, directory, pem string) (string, error) {
	name := "authority " + directory
	err := s.commitStatements(ctx, &database.Statement{
		Query: `INSERT INTO metadata (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, Arguments: []any{name, pem},
	})
	if err != nil {
		return "", err
	}
	return s.metadata(ctx, name)
}
