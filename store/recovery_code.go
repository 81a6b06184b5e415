package store

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"unicode"

	"plaza/store/database"
)

// RecoveryCodes is how many recovery codes an account gets.
const RecoveryCodes = 10

// recoveryAlphabet has no letter that looks like a digit: Crockford's base 32.
var recoveryAlphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newRecoveryCodes returns codes of 80 random bits each, in groups of four characters. That is too much to
// try, even for a reader of the database who has the hashes.
func newRecoveryCodes() ([]string, error) {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		random := make([]byte, 10)
		if _, err := rand.Read(random); err != nil {
			return nil, err
		}
		text := recoveryAlphabet.EncodeToString(random)
		codes[i] = text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
	}
	return codes, nil
}

// normalCode returns the same text for all ways to type a code: with or without spaces and hyphens, in
// small or capital letters, and with a letter for the digit that it looks like.
func normalCode(code string) string {
	code = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return unicode.ToUpper(r)
	}, code)
	return strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(code)
}

// IsRecoveryCode tells whether a code that somebody types is none of an authenticator app, and so can only
// be a recovery code.
func IsRecoveryCode(code string) bool { return !isTOTP(normalCode(code)) }

// setRecoveryCodes replaces an account's recovery codes.
func setRecoveryCodes(ctx context.Context, tx *database.Tx, person int64, codes []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, person); err != nil {
		return err
	}
	for _, code := range codes {
		hash := HashToken(normalCode(code))
		if _, err := tx.ExecContext(ctx, `INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)`, person,
			hash[:]); err != nil {
			return err
		}
	}
	return nil
}

// useRecoveryCode deletes a recovery code, which must be normal. ok tells whether the account had it.
func useRecoveryCode(ctx context.Context, tx *database.Tx, person int64, code string) (ok bool, err error) {
	hash := HashToken(code)
	rows, err := changedRows(tx.ExecContext(ctx, `DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2`, person, hash[:]))
	return rows == 1, err
}
