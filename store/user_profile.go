package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// The longest display name and text about oneself, in Unicode code points.
const (
	MaxDisplayNameLength = 64
	MaxAboutLength       = 500
)

// ChangeProfile gives an account a display name, "" for none, and a text about the person in
// Markdown, and hides or shows when they were last here. Invalid where fields break
// a rule, with all of them.
func (s *Store) ChangeProfile(ctx context.Context, user User, displayName, about string, seenHidden bool) error {
	displayName = norm.NFC.String(strings.Join(strings.Fields(displayName), " "))
	about = strings.TrimSpace(about)
	name := checkDisplayName(displayName)
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
		_, err := tx.ExecContext(ctx, `UPDATE users SET display_name = $1, about = $2, seen_hidden = $3 WHERE id = $4`, displayName, about, seenHidden, user.ID)
		if err != nil {
			return err
		}
		if err := indexNames(ctx, tx, user.ID); err != nil {
			return err
		}
		return recordUserChanged(ctx, tx, user.ID)
	})
}

// checkDisplayName returns what is wrong with a display name; "" where nothing is.
func checkDisplayName(name string) Code {
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, isHidden):
		return CodeDisplayNameCharacters
	case utf8.RuneCountInString(name) > MaxDisplayNameLength:
		return CodeDisplayNameLong
	case name != "" && !strings.ContainsFunc(name, isSeen):
		return CodeDisplayNameEmpty
	}
	return ""
}

// isHidden tells characters that cannot be seen, or that turn the text around them. The joiners
// alone are left: emoji and some scripts need them.
func isHidden(r rune) bool {
	const joiners = "\u200c\u200d"
	const blanks = "\u115f\u1160\u2800\u3164\uffa0" // which Unicode calls letters and symbols
	return r == utf8.RuneError || strings.ContainsRune(blanks, r) ||
		unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) && !strings.ContainsRune(joiners, r)
}

func isSeen(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsSymbol(r) }

// checkAbout returns what is wrong with a text about a person; "" where nothing is.
func checkAbout(about string) Code {
	switch {
	case !utf8.ValidString(about) || strings.ContainsRune(about, 0):
		return CodeAboutCharacters
	case utf8.RuneCountInString(about) > MaxAboutLength:
		return CodeAboutLong
	}
	return ""
}

// ChangeTheme has an account's pages look light or dark, or with "" like the device. It writes
// nothing where they do.
func (s *Store) ChangeTheme(ctx context.Context, user User, theme string) error {
	if user.Theme == theme {
		return nil
	}
	return s.InTx(ctx, func(tx *database.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE users SET theme = $1 WHERE id = $2 AND deleted_at = 0`, theme, user.ID)
		return err
	})
}
