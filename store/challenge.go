package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"plaza/store/database"
)

// ChallengeLifetime is how long a passkey may take to answer a challenge.
const ChallengeLifetime = 5 * time.Minute

// Challenge is what a passkey must sign. It works once.
type Challenge struct {
	Challenge string // 256 random bits; the store keeps only their hash
	Data      string // what verifying the answer needs
}

// ErrChallengeEnded is the error for a challenge that is unknown, used, too old, or of another account.
var ErrChallengeEnded = &Error{Kind: Invalid, Code: CodeChallengeEnded}

// BeginPasskeySignIn stores a challenge for a sign-in by any passkey.
func (s *Store) BeginPasskeySignIn(ctx context.Context, challenge Challenge) error {
	return s.InTx(withoutSession(ctx), func(tx *database.Tx) error { return addChallenge(ctx, tx, 0, challenge) })
}

// addChallenge stores a challenge for an account, or for a sign-in if person is 0.
func addChallenge(ctx context.Context, tx *database.Tx, person int64, challenge Challenge) error {
	hash := HashToken(challenge.Challenge)
	_, err := tx.ExecContext(ctx, `INSERT INTO challenges (challenge_hash, user_id, data, made_at) VALUES ($1, $2, $3, $4)`,
		hash[:], person, challenge.Data, now().UnixMilli())
	return err
}

// takeChallenge uses a challenge of an account up, or of a sign-in if person is 0, and returns its data. It returns
// ErrChallengeEnded if there is none.
func takeChallenge(ctx context.Context, tx *database.Tx, person int64, challenge string) (data string, err error) {
	hash := HashToken(challenge)
	err = tx.QueryRowContext(ctx, `DELETE FROM challenges WHERE challenge_hash = $1 AND user_id = $2 AND made_at > $3
		RETURNING data`, hash[:], person, now().Add(-ChallengeLifetime).UnixMilli()).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrChallengeEnded
	}
	return data, err
}
