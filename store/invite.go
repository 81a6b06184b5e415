package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"plaza/store/database"
)

// InvitesBy says who may invite people.
type InvitesBy string

// The values of InvitesBy.
const (
	InvitesByOwners  InvitesBy = "owners"
	InvitesByMembers InvitesBy = "members"
)

// InvitesByAll returns all values of InvitesBy.
func InvitesByAll() []InvitesBy { return []InvitesBy{InvitesByOwners, InvitesByMembers} }

// MayInvite tells whether a user may invite people to the site.
func (s Site) MayInvite(user User) bool { return user.Role == Owner || s.InvitesBy == InvitesByMembers }

// The limits of invitations.
const (
	MaxInviteUses       = 1000
	MaxInviteNoteLength = 100 // Unicode code points
	MaxOpenInvites      = 100 // of one user, that still work
	MinInviteLifetime   = time.Minute
	MaxInviteLifetime   = 365 * 24 * time.Hour
	invitesKept         = 90 * 24 * time.Hour // after they expired or were revoked
	maxListedInvites    = 500
)

// NewInvite is the input for CreateInvite.
type NewInvite struct {
	Note     string        // for people who see the list
	Uses     int           // how many people may come by it
	Lifetime time.Duration // 0 if it does not expire
}

// Invite is a link by which people may create accounts.
type Invite struct {
	Code      string
	Maker     Person
	Note      string
	Uses      int
	Used      int
	MadeAt    time.Time
	ExpiresAt time.Time // zero if it does not expire
	Revoked   bool
	Works     bool     // it lets people in
	Guests    []Person // who came by it, and has an account still, in the order in which they came
}

// IsSpent tells whether as many people have come as may.
func (i Invite) IsSpent() bool { return i.Used >= i.Uses }

// inviteWorks is the condition that an invitation i lets people in at the time $2. Its maker must be allowed to invite
// people still.
const inviteWorks = `i.used < i.uses AND NOT i.revoked AND (i.expires_at = 0 OR i.expires_at > $2)
	AND EXISTS (SELECT 1 FROM users u WHERE u.id = i.maker_id AND u.deleted_at = 0 AND (u.role = 'owner'
		OR EXISTS (SELECT 1 FROM metadata m WHERE m.name = '` + siteInvitesBy + `' AND m.value = 'members')))`

var errInviteUnknown = &Error{Kind: NotFound, Code: CodeInviteInvalid}

// check returns an Invalid error if a field breaks a rule.
func (n NewInvite) check() error {
	var note, uses, lifetime Code
	switch {
	case !utf8.ValidString(n.Note) || hasHidden(n.Note):
		note = CodeDisplayNameCharacters
	case utf8.RuneCountInString(n.Note) > MaxInviteNoteLength:
		note = CodeInviteNoteLong
	}
	if n.Uses < 1 || n.Uses > MaxInviteUses {
		uses = CodeInviteUses
	}
	if n.Lifetime != 0 && (n.Lifetime < MinInviteLifetime || n.Lifetime > MaxInviteLifetime) {
		lifetime = CodeInviteLifetime
	}
	return JoinInvalid(InvalidField("note", note), InvalidField("uses", uses), InvalidField("expires", lifetime))
}

// CreateInvite makes an invitation, and returns its code. The kind is NotFound if the user may not invite people, and
// Invalid if a field breaks a rule or the user has too many invitations.
func (s *Store) CreateInvite(ctx context.Context, user User, n NewInvite) (code string, err error) {
	n.Note = strings.Join(strings.Fields(n.Note), " ")
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	// Unlike a token, the code is stored as it is, so that the list can show the link again. It is meant to be passed on,
	// lets nobody act as somebody else, and can be revoked.
	code = base64.RawURLEncoding.EncodeToString(random)
	at := now()
	var expires int64
	if n.Lifetime != 0 {
		expires = at.Add(n.Lifetime).UnixMilli()
	}
	return code, s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		if err := lockInviting(ctx, tx, user); err != nil {
			return err
		}
		if err := n.check(); err != nil {
			return err
		}
		var open int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM invites i WHERE i.maker_id = $1 AND `+inviteWorks, user.ID,
			at.UnixMilli()).Scan(&open); err != nil {
			return err
		}
		if open >= MaxOpenInvites {
			return &Error{Kind: Invalid, Code: CodeTooManyInvites}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO invites (code, maker_id, note, uses, made_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6)`, code, user.ID, n.Note, n.Uses, at.UnixMilli(), expires)
		return err
	})
}

// lockInviting is lockUsers for what only users do who may invite people. It returns a NotFound error to others.
func lockInviting(ctx context.Context, tx *database.Tx, user User) error {
	if err := lockUsers(ctx, tx, user.ID); err != nil {
		return err
	}
	var by InvitesBy
	err := tx.QueryRowContext(ctx, `SELECT role, COALESCE((SELECT value FROM metadata WHERE name = $2), '')
		FROM users WHERE id = $1`, user.ID, siteInvitesBy).Scan(&user.Role, &by)
	if err == nil && !(Site{InvitesBy: by}).MayInvite(user) {
		err = &Error{Kind: NotFound}
	}
	return err
}

// RevokeInvite ends an invitation. Its maker may do this, and owners. It is no error if it has ended before.
func (s *Store) RevokeInvite(ctx context.Context, user User, code string) error {
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil { // who registers takes the same lock
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, `UPDATE invites SET revoked = TRUE,
				expires_at = CASE WHEN expires_at = 0 OR expires_at > $3 THEN $3 ELSE expires_at END
			WHERE code = $1 AND (maker_id = $2 OR EXISTS (SELECT 1 FROM users WHERE id = $2 AND role = 'owner'))`,
			code, user.ID, now().UnixMilli())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, error(errInviteUnknown))
		}
		return nil
	})
}

// inviteColumns are the columns of an invitation i and its maker u at the time $2, for scanInvite.
const inviteColumns = personColumns + `, i.code, i.note, i.uses, i.used, i.made_at, i.expires_at, i.revoked,
	` + inviteWorks

func scanInvite(row database.Row) (Invite, error) {
	var i Invite
	var made, expires int64
	var err error
	i.Maker, err = scanPerson(row, &i.Code, &i.Note, &i.Uses, &i.Used, &made, &expires, &i.Revoked, &i.Works)
	i.MadeAt = time.UnixMilli(made).UTC()
	if expires != 0 {
		i.ExpiresAt = time.UnixMilli(expires).UTC()
	}
	return i, err
}

// InviteByCode returns an invitation that lets people in. The kind is NotFound if there is none.
func (s *Store) InviteByCode(ctx context.Context, code string) (Invite, error) {
	invite, err := scanInvite(s.queryRow(ctx, `SELECT `+inviteColumns+` FROM invites i JOIN users u ON u.id = i.maker_id
		WHERE i.code = $1 AND `+inviteWorks, code, now().UnixMilli()))
	if errors.Is(err, sql.ErrNoRows) {
		err = errInviteUnknown
	}
	return invite, err
}

// InvitesOf returns a user's invitations, newest first.
func (s *Store) InvitesOf(ctx context.Context, user User) ([]Invite, error) {
	return s.invites(ctx, `i.maker_id = $1`, user.ID)
}

// Invites returns the invitations of all users, newest first. It is for owners.
func (s *Store) Invites(ctx context.Context) ([]Invite, error) {
	return s.invites(ctx, `i.maker_id > $1`, 0)
}

// invites returns the newest invitations that match a condition on $1, with those who came by them.
func (s *Store) invites(ctx context.Context, condition string, argument int64) ([]Invite, error) {
	var all []Invite
	at := map[string]int{}
	err := s.each(ctx, func(row database.Row) error {
		invite, err := scanInvite(row)
		at[invite.Code] = len(all)
		all = append(all, invite)
		return err
	}, `SELECT `+inviteColumns+` FROM invites i JOIN users u ON u.id = i.maker_id
		WHERE `+condition+` ORDER BY i.made_at DESC, i.code LIMIT $3`, argument, now().UnixMilli(), maxListedInvites)
	if err != nil {
		return nil, err
	}
	err = s.each(ctx, func(row database.Row) error {
		var code string
		guest, err := scanPerson(row, &code)
		if n, ok := at[code]; ok {
			all[n].Guests = append(all[n].Guests, guest)
		}
		return err
	}, `SELECT `+personColumns+`, g.code FROM invites i JOIN invited g ON g.code = i.code JOIN users u ON u.id = g.user_id
		WHERE `+condition+` ORDER BY g.at, g.user_id`, argument)
	return all, err
}

// useInvite notes that a new user came by an invitation. An invitation that does not work changes nothing: the site may
// be open to everyone. The transaction must have called lockSite, so that nobody else uses it meanwhile.
func useInvite(ctx context.Context, tx *database.Tx, code string, user int64) error {
	if code == "" {
		return nil
	}
	at := now().UnixMilli()
	result, err := tx.ExecContext(ctx, `UPDATE invites SET used = used + 1
		WHERE code IN (SELECT i.code FROM invites i WHERE i.code = $1 AND `+inviteWorks+`)`, code, at)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO invited (user_id, code, at) VALUES ($1, $2, $3)`, user, code, at)
	return err
}
