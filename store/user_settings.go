package store

import (
	"context"
	"time"
)

// Settings is the state of a user's settings, beyond what User has.
type Settings struct {
	Privacy           Privacy
	Muted             int  // the number of ChosenKinds that are off
	Sessions          int  // the number of signed-in browsers
	EmailVerified     bool // the user has opened a link that was sent to the email
	EmailWaiting      bool // a new email waits to be confirmed
	Digest            DigestRate
	EmailRefused      bool      // its mail server has refused mail for good
	PasswordChangedAt time.Time // zero if the password is that of the registration
	TwoStep           bool      // sign-in asks for a code
	Passkeys          int
}

// SettingsOf returns the state of a user's settings. It runs one query.
func (s *Store) SettingsOf(ctx context.Context, user User) (Settings, error) {
	var settings Settings
	var changed int64
	at := now()
	err := s.queryRow(ctx, `SELECT private_from, receipts, digest, email_verified, password_set_at,
			(SELECT count(*) FROM muted_kinds WHERE user_id = $1),
			(SELECT count(*) FROM sessions WHERE user_id = $1 AND used_at > $2 AND created_at > $3),
			EXISTS (SELECT 1 FROM refused_addresses r WHERE r.email_key = users.email_key),
			EXISTS (SELECT 1 FROM email_changes WHERE user_id = $1 AND made_at > $4 AND email <> users.email AND `+isUnconfirmed+`),
			EXISTS (SELECT 1 FROM totp WHERE user_id = $1 AND on_since > 0),
			(SELECT count(*) FROM passkeys WHERE user_id = $1)
		FROM users WHERE id = $1`, user.ID, at.Add(-SessionIdleLifetime).UnixMilli(), at.Add(-SessionLifetime).UnixMilli(),
		oldestEmailChange()).Scan(&settings.Privacy.From, &settings.Privacy.Receipts, &settings.Digest, &settings.EmailVerified, &changed,
		&settings.Muted, &settings.Sessions, &settings.EmailRefused, &settings.EmailWaiting, &settings.TwoStep, &settings.Passkeys)
	if changed != 0 {
		settings.PasswordChangedAt = time.UnixMilli(changed)
	}
	return settings, err
}
