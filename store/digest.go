package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"plaza/store/database"
)

// DigestRate is how often a user gets a mail about what the user missed, at most.
type DigestRate string

// The values of DigestRate.
const (
	NoDigest     DigestRate = ""
	HourlyDigest DigestRate = "hourly"
	DailyDigest  DigestRate = "daily"
)

const (
	// digestAway is how long a user must have been away. Who is here sees what there is.
	digestAway = 15 * time.Minute
	// DigestLinkLifetime is how long the link in a digest ends digests.
	DigestLinkLifetime = 90 * 24 * time.Hour
	// digestBatch is the maximum number of digests that one transaction adds.
	digestBatch = 50
	// digestItems is the maximum number of items in a digest.
	digestItems = 10
)

// Missed is something that a user missed. It has no text that anyone wrote.
type Missed struct {
	Kind    NotificationKind // PrivateMessage, Mentioned or FriendRequest
	By      string           // the username of who caused the latest event
	Count   int
	InGroup bool
}

// Digest is what a user has missed.
type Digest struct {
	User  User
	Items []Missed // the latest first
	More  int      // the number of further items
}

// ChangeDigest chooses how often a user gets a digest. Digests tell only of what happens from then on. It writes
// nothing if the rate stays the same. The kind is Invalid if the rate is unknown.
func (s *Store) ChangeDigest(ctx context.Context, user User, rate DigestRate) error {
	if rate != NoDigest && rate != HourlyDigest && rate != DailyDigest {
		return &Error{Kind: Invalid, Code: CodeDigestRate}
	}
	settings, err := s.SettingsOf(ctx, user)
	if err != nil || settings.Digest == rate {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET digest = $1, digest_at = $2 WHERE id = $3 AND deleted_at = 0`, rate,
			now().UnixMilli(), user.ID)
		return err
	})
}

var (
	// isMissed is the condition that a notification n tells something that the user u has missed since the last digest.
	isMissed = `n.read_at = 0 AND n.at > u.digest_at AND n.kind IN ('message', 'mention', 'request') AND ` + visible + `
		AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = n.user_id AND b.blocked_id = n.actor_id)`
	// digestDue is the condition that a user u is due for a digest. Its arguments are the latest times of the last visit,
	// of the last hourly digest, and of the last daily one.
	digestDue = `u.digest <> '' AND u.deleted_at = 0 AND u.seen_at <= $1
		AND u.digest_at <= CASE u.digest WHEN 'hourly' THEN CAST($2 AS BIGINT) ELSE $3 END AND ` + isReachable + `
		AND EXISTS (SELECT 1 FROM notifications n WHERE n.user_id = u.id AND ` + isMissed + `)`
)

// SendDigests adds a mail for each user who is due for a digest, and returns their number. The function letter writes
// the mail about a token of 256 random bits, by which its reader can end digests. One query finds all who are due with
// what they missed, for up to 50 users at a time. Several servers may call it at once: each user gets one mail.
func (s *Store) SendDigests(ctx context.Context, letter func(d Digest, token string) Mail) (sent int, err error) {
	for {
		some, err := s.sendSomeDigests(ctx, letter)
		sent += some
		if err != nil || some < digestBatch {
			return sent, err
		}
	}
}

func (s *Store) sendSomeDigests(ctx context.Context, letter func(d Digest, token string) Mail) (sent int, err error) {
	at := now()
	due := []any{at.Add(-digestAway).UnixMilli(), at.Add(-time.Hour).UnixMilli(), at.Add(-24 * time.Hour).UnixMilli()}
	var some bool
	err = s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM users u WHERE `+digestDue+`)`, due...).Scan(&some)
	if err != nil || !some {
		return 0, err
	}
	err = s.InTx(ctx, func(tx *database.Tx) error {
		digests, err := s.digestsDue(ctx, tx, due)
		if err != nil || len(digests) == 0 { // another server has sent them
			sent = 0
			return err
		}
		sent = len(digests)
		ids := make([]any, len(digests), len(digests)+1)
		for i, d := range digests {
			ids[i] = d.User.ID
		}
		note := fmt.Sprintf(`UPDATE users SET digest_at = $%d WHERE id IN (%s)`, len(ids)+1, database.Placeholders(len(ids))) //nolint:gosec // numbers only
		if _, err := tx.ExecContext(ctx, note, append(ids, at.UnixMilli())...); err != nil {
			return err
		}
		for _, d := range digests {
			if err := addDigest(ctx, tx, d, letter); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		sent = 0
	}
	return sent, err
}

// digestsDue returns what some of the users who are due have missed, and locks the users.
func (s *Store) digestsDue(ctx context.Context, tx *database.Tx, due []any) (digests []Digest, err error) {
	rows, err := tx.QueryContext(ctx, `
		WITH due AS (SELECT u.id FROM users u WHERE `+digestDue+` ORDER BY u.digest_at, u.id LIMIT $4 `+s.database.SkipLocked()+`)
		SELECT `+userColumns+`, n.kind, n.username, n.count, n.in_group, n.total
		FROM (
			SELECT n.user_id, n.kind, coalesce(actor.username, '') AS username, n.count, coalesce(r.kind, '') = 'group' AS in_group,
				row_number() OVER (PARTITION BY n.user_id ORDER BY n.at DESC, n.id DESC) AS place,
				count(*) OVER (PARTITION BY n.user_id) AS total
			FROM due JOIN users u ON u.id = due.id JOIN notifications n ON n.user_id = u.id
				LEFT JOIN users actor ON actor.id = n.actor_id LEFT JOIN rooms r ON r.id = n.room_id
			WHERE `+isMissed+`
		) AS n JOIN users u ON u.id = n.user_id
		WHERE n.place <= $5 ORDER BY u.id, n.place`, append(due, digestBatch, digestItems)...)
	if err != nil {
		return nil, err
	}
	err = database.EachRow(rows, func(row database.Row) error {
		var item Missed
		var total int
		user, err := scanUser(row, &item.Kind, &item.By, &item.Count, &item.InGroup, &total)
		if err != nil {
			return err
		}
		if len(digests) == 0 || digests[len(digests)-1].User.ID != user.ID {
			digests = append(digests, Digest{User: user, More: max(0, total-digestItems)})
		}
		last := &digests[len(digests)-1]
		last.Items = append(last.Items, item)
		return nil
	})
	return digests, err
}

// addDigest adds the mail with a digest.
func addDigest(ctx context.Context, tx *database.Tx, d Digest, letter func(d Digest, token string) Mail) error {
	token, err := newToken()
	if err != nil {
		return err
	}
	hash := HashToken(token)
	_, err = tx.ExecContext(ctx, `INSERT INTO digest_links (token_hash, user_id, made_at) VALUES ($1, $2, $3)`, hash[:],
		d.User.ID, now().UnixMilli())
	if err != nil {
		return err
	}
	return addMail(ctx, tx, d.User.ID, letter(d, token))
}

// errNoDigestLink is the error for a link that ends no digests.
var errNoDigestLink = &Error{Kind: NotFound, Code: CodeDigestLinkInvalid}

const digestLink = `digest_links l JOIN users u ON u.id = l.user_id WHERE l.token_hash = $1 AND l.made_at > $2 AND u.deleted_at = 0`

func digestLinkArguments(token string) []any {
	hash := HashToken(token)
	return []any{hash[:], now().Add(-DigestLinkLifetime).UnixMilli()}
}

// UserByDigestLink returns the account whose digests a link ends. The kind is NotFound if the link ends none.
func (s *Store) UserByDigestLink(ctx context.Context, token string) (User, error) {
	user, err := scanUser(s.queryRow(ctx, `SELECT `+userColumns+` FROM `+digestLink, digestLinkArguments(token)...))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoDigestLink
	}
	return user, err
}

// EndDigests ends the digests of the account that a link belongs to. It is no error if they have ended: mail programs
// may follow a link twice. The kind is NotFound if the link ends none.
func (s *Store) EndDigests(ctx context.Context, token string) error {
	return s.InTx(withoutSession(ctx), func(tx *database.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE users SET digest = '' WHERE id = (SELECT u.id FROM `+digestLink+`)`,
			digestLinkArguments(token)...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errNoDigestLink)
		}
		return nil
	})
}

// dropDigestLinks makes the links in earlier digests useless.
func dropDigestLinks(ctx context.Context, tx *database.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM digest_links WHERE user_id = $1`, person)
	return err
}
