package store

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// Registration says who may create an account.
type Registration string

// The values of Registration.
const (
	RegistrationOpen   Registration = "open"
	RegistrationInvite Registration = "invite"
	RegistrationClosed Registration = "closed"
)

// Registrations returns all values of Registration.
func Registrations() []Registration {
	return []Registration{RegistrationOpen, RegistrationInvite, RegistrationClosed}
}

// Site is what an owner has chosen for the whole site.
type Site struct {
	Name         string // "" for the name that views have
	Registration Registration
	InvitesBy    InvitesBy
}

// SiteChange is a change of Site. It leaves what is nil as it is.
type SiteChange struct {
	Name         *string
	Registration *Registration
	InvitesBy    *InvitesBy
}

// MaxSiteNameLength is the maximum length of a site's name, in Unicode code points.
const MaxSiteNameLength = 40

// The names of the metadata that hold the fields of Site. A field without metadata has its first value.
const (
	siteName         = "site_name"
	siteRegistration = "registration"
	siteInvitesBy    = "invites_by"
)

// Site returns what the owner has chosen for the site.
func (s *Store) Site(ctx context.Context) (Site, error) {
	site := Site{Registration: RegistrationOpen, InvitesBy: InvitesByOwners}
	err := s.each(ctx, func(row database.Row) error {
		var name, value string
		err := row.Scan(&name, &value)
		switch name {
		case siteName:
			site.Name = value
		case siteRegistration:
			site.Registration = Registration(value)
		case siteInvitesBy:
			site.InvitesBy = InvitesBy(value)
		}
		return err
	}, `SELECT name, value FROM metadata WHERE name IN ($1, $2, $3)`, siteName, siteRegistration, siteInvitesBy)
	return site, err
}

// normal returns the change with the name in normal form.
func (c SiteChange) normal() SiteChange {
	if c.Name != nil {
		name := norm.NFC.String(strings.Join(strings.Fields(*c.Name), " "))
		c.Name = &name
	}
	return c
}

// Check returns an Invalid error if a field breaks a rule. The error names all of them.
func (c SiteChange) Check() error {
	c = c.normal()
	var name, registration, invitesBy Code
	if c.Name != nil {
		name = checkSiteName(*c.Name)
	}
	if c.Registration != nil && !slices.Contains(Registrations(), *c.Registration) {
		registration = CodeChoiceUnknown
	}
	if c.InvitesBy != nil && !slices.Contains(InvitesByAll(), *c.InvitesBy) {
		invitesBy = CodeChoiceUnknown
	}
	return JoinInvalid(InvalidField("site_name", name), InvalidField("registration", registration),
		InvalidField("invites_by", invitesBy))
}

// checkSiteName returns what is wrong with the name of a site, or the empty string.
func checkSiteName(name string) Code {
	switch {
	case !utf8.ValidString(name) || hasHidden(name):
		return CodeDisplayNameCharacters
	case utf8.RuneCountInString(name) > MaxSiteNameLength:
		return CodeSiteNameLong
	case name != "" && !strings.ContainsFunc(name, isSeen):
		return CodeDisplayNameEmpty
	}
	return ""
}

// ChangeSite changes what is chosen for the site, and tells all servers. The kind is NotFound if the user owns the site
// no longer, and Invalid if a field breaks a rule.
func (s *Store) ChangeSite(ctx context.Context, user User, change SiteChange) error {
	if err := change.Check(); err != nil {
		return err
	}
	change = change.normal()
	return s.InTx(ctx, func(tx *database.Tx) error {
		// Who registers takes the same lock, so registration is closed once this commits.
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		if err := lockOwner(ctx, tx, user); err != nil {
			return err
		}
		for name, value := range change.metadata() {
			if err := setMetadata(ctx, tx, name, value); err != nil {
				return err
			}
		}
		return recordSiteChanged(ctx, tx)
	})
}

// metadata returns the metadata that the change sets.
func (c SiteChange) metadata() map[string]string {
	set := map[string]string{}
	if c.Name != nil {
		set[siteName] = *c.Name
	}
	if c.Registration != nil {
		set[siteRegistration] = string(*c.Registration)
	}
	if c.InvitesBy != nil {
		set[siteInvitesBy] = string(*c.InvitesBy)
	}
	return set
}

// lockOwner is lockUsers for what only owners do. It returns a NotFound error to others, since they may not know of it.
func lockOwner(ctx context.Context, tx *database.Tx, user User) error {
	if err := lockUsers(ctx, tx, user.ID); err != nil {
		return err
	}
	var role Role
	err := tx.QueryRowContext(ctx, `SELECT role FROM users WHERE id = $1`, user.ID).Scan(&role)
	if err == nil && role != Owner {
		err = &Error{Kind: NotFound}
	}
	return err
}
