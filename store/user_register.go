package store

import (
	"cmp"
	"context"
	"encoding/hex"

	"plaza/store/database"
)

// Admission is what somebody has to show to register.
type Admission struct {
	ToOwn  bool   // asks for the account of the owner
	Setup  string // the token of the setup address; "" for none
	Invite string // the code of an invitation; "" for none
	Local  bool   // the request comes from the site's own machine, and nothing says that others can reach the site

	// Override takes the place of the site's own setting; "" does not.
	Override Registration
}

// CheckAdmission returns the error that Register would return for this admission: Forbidden if nobody can register
// this way, and NotFound if the token is not valid.
func (s *Store) CheckAdmission(ctx context.Context, a Admission) error {
	return a.check(s.rowQuery(ctx))
}

// CheckRegistration returns the error that Register would return. It is cheap, since it hashes no password.
func (s *Store) CheckRegistration(ctx context.Context, n NewUser, a Admission) error {
	// First, so that people who may not register do not learn which names are taken.
	if err := s.CheckAdmission(ctx, a); err != nil {
		return err
	}
	return s.CheckNewUser(ctx, n)
}

// Register makes an account for somebody who may have one. While the site has no owner, only who holds the token of the
// setup address or is on the site's own machine may register, and becomes the owner. Errors are those of CreateUser and
// of CheckAdmission.
func (s *Store) Register(ctx context.Context, n NewUser, a Admission) (User, error) {
	if err := s.CheckRegistration(ctx, n, a); err != nil {
		return User{}, err
	}
	return s.createUser(ctx, n, &a)
}

func (a Admission) check(ask func(query string, arguments ...any) database.Row) error {
	var owned bool
	var hash string
	var registration Registration
	var invited bool
	err := ask(`SELECT `+siteHasOwner+`, COALESCE((SELECT value FROM metadata WHERE name = $1), ''),
		COALESCE((SELECT value FROM metadata WHERE name = $4), ''),
		EXISTS (SELECT 1 FROM invites i WHERE i.code = $3 AND `+inviteWorks+`)`,
		setupToken, now().UnixMilli(), a.Invite, siteRegistration).Scan(&owned, &hash, &registration, &invited)
	if err != nil {
		return err
	}
	shown := HashToken(a.Setup)
	registration = cmp.Or(a.Override, registration)
	switch {
	case owned && a.ToOwn:
		return &Error{Kind: NotFound, Code: CodeSetupOver}
	case owned && registration == RegistrationClosed:
		return &Error{Kind: Forbidden, Code: CodeClosed}
	case owned && registration == RegistrationInvite && a.Invite == "":
		return &Error{Kind: Forbidden, Code: CodeInviteNeeded}
	case owned && registration == RegistrationInvite && !invited:
		return errInviteUnknown
	case owned:
		return nil
	case a.Setup != "" && hex.EncodeToString(shown[:]) != hash:
		return &Error{Kind: NotFound, Code: CodeSetupLinkInvalid}
	case a.Setup == "" && !a.Local:
		return &Error{Kind: Forbidden, Code: CodeSetupNeeded}
	}
	return nil
}

// txQuery returns tx.QueryRowContext with a context.
func txQuery(ctx context.Context, tx *database.Tx) func(query string, arguments ...any) database.Row {
	return func(query string, arguments ...any) database.Row { return tx.QueryRowContext(ctx, query, arguments...) }
}
