package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// The maximum lengths of a display name and of a user's text about themselves, in Unicode code
// points.
const (
	MaxDisplayNameLength = 64
	MaxAboutLength       = 500
)

// ChangeProfile changes an account's display name and its text about the user, and hides or shows
// the last visit. The display name may be empty; the text is Markdown. The kind is Invalid if
// fields break a rule; the error names all of them.
func (s *Store) ChangeProfile(ctx context.Context, user User, displayName, about string, seenHidden bool) error {
	displayName = norm.NFC.String(strings.Join(strings.Fields(displayName), " "))
	about = strings.TrimSpace(about)
	name := checkDisplayName(displayName)
	if name == "" && isReserved(displayName) {
		name = CodeDisplayNameReserved
	}
	if name == "" {
		taken, err := nameProblem(s.queryRow(ctx, nameTaken, nameArguments(displayName, user.ID)...))
		if err != nil {
			return err
		}
		if taken != "" {
			name = CodeDisplayNameTaken
		}
	}
	if err := JoinInvalid(InvalidField("display_name", name), InvalidField("about", checkAbout(about))); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		if err := lockSite(ctx, tx); err != nil {
			return err
		}
		if err := lockUsers(ctx, tx, user.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE users SET display_name = $1, about = $2, seen_hidden = $3 WHERE id = $4`,
			displayName, about, seenHidden, user.ID)
		if err != nil {
			return err
		}
		if err := indexNames(ctx, tx, user.ID); err != nil {
			return err
		}
		return recordUserChanged(ctx, tx, user.ID)
	})
}

// checkDisplayName returns what is wrong with a display name, or the empty string.
func checkDisplayName(name string) Code {
	switch {
	case !utf8.ValidString(name) || hasHidden(name):
		return CodeDisplayNameCharacters
	case utf8.RuneCountInString(name) > MaxDisplayNameLength:
		return CodeDisplayNameLong
	case name != "" && !strings.ContainsFunc(name, isSeen):
		return CodeDisplayNameEmpty
	}
	return ""
}

// isSeen tells whether a character alone can be a name. Accents and apostrophes cannot.
func isSeen(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.In(r, unicode.Sm, unicode.Sc, unicode.So)) &&
		!isInvisible(r) && !unicode.Is(modifiers, r)
}

// checkAbout returns what is wrong with a user's text about themselves, or the empty string.
func checkAbout(about string) Code {
	switch {
	case !utf8.ValidString(about) || strings.ContainsRune(about, 0):
		return CodeAboutCharacters
	case utf8.RuneCountInString(about) > MaxAboutLength:
		return CodeAboutLong
	}
	return ""
}

// ChangeTheme changes whether an account's pages are light or dark. The empty string follows the
// device. It writes nothing if the theme stays the same.
func (s *Store) ChangeTheme(ctx context.Context, user User, theme string) error {
	if user.Theme == theme {
		return nil
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET theme = $1 WHERE id = $2 AND deleted_at = 0`, theme, user.ID)
		return err
	})
}
