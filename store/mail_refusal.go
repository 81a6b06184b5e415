package store

import (
	"context"
	"time"

	"plaza/store/database"
)

// isOfNobody is the condition that a refused address is the email of no account.
const isOfNobody = `NOT EXISTS (SELECT 1 FROM users u WHERE u.email_key = refused_addresses.email_key)`

// RefuseAddress records that a mail server refuses mail to an address for good, with the status of its answer. The
// record is kept until the address is verified again. If the address belongs to no account, it expires.
func (s *Store) RefuseAddress(ctx context.Context, email string, status int) error {
	key := emailKey(email)
	// The link that may have verified the address works no more. In this order, as in a deletion of an account.
	return s.commitStatements(ctx, &database.Statement{
		Query: `DELETE FROM email_changes
			WHERE email = (SELECT u.email FROM users u WHERE u.id = email_changes.user_id AND u.email_key = $1)`,
		Arguments: []any{key},
	}, &database.Statement{
		Query: `INSERT INTO refused_addresses (email_key, status, at) VALUES ($1, $2, $3)
			ON CONFLICT (email_key) DO UPDATE SET status = excluded.status, at = excluded.at`,
		Arguments: []any{key, status, now().UnixMilli()},
	})
}

// IsRefused tells whether an address has refused mail, and was not verified since.
func (s *Store) IsRefused(ctx context.Context, email string) (bool, error) {
	var refused bool
	err := s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM refused_addresses WHERE email_key = $1)`, emailKey(email)).Scan(&refused)
	return refused, err
}

// acceptsMail records that mail has come to an address.
func acceptsMail(ctx context.Context, tx *database.Tx, email string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM refused_addresses WHERE email_key = $1`, emailKey(email))
	return err
}

// MailState tells whether mail comes to the email of an account.
type MailState struct {
	Verified  bool
	Refused   int       // the status with which its mail server refuses mail for good; 0 if it does not
	RefusedAt time.Time // if it does
}

// MailStates returns the states of the emails of all accounts, by the accounts' ids. It runs one query.
func (s *Store) MailStates(ctx context.Context) (map[int64]MailState, error) {
	states := map[int64]MailState{}
	err := s.each(ctx, func(row database.Row) error {
		var id, at int64
		var state MailState
		err := row.Scan(&id, &state.Verified, &state.Refused, &at)
		state.RefusedAt = time.UnixMilli(at)
		states[id] = state
		return err
	}, `SELECT u.id, u.email_verified, coalesce(r.status, 0), coalesce(r.at, 0)
		FROM users u LEFT JOIN refused_addresses r ON r.email_key = u.email_key WHERE u.deleted_at = 0`)
	return states, err
}
