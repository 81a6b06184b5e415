package store_test

import (
	"errors"
	"fmt"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// fieldCode returns the code of a form field in an error, or the empty string.
func fieldCode(err error, field string) store.Code {
	var refused *store.Error
	if errors.As(err, &refused) {
		return refused.Fields[field].Code
	}
	return ""
}

// overlooked are characters that a reader does not see, or takes for dirt beside a letter.
var overlooked = []string{
	"\u115f", "\u1160", "\u3164", "\uffa0", // fillers
	"\u034f", "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\u2065", "\ufeff", "\u180e", "\u061c", "\u2064",
	"\ufe00", "\ufe0e", "\ufe0f", "\u180b", "\U000e0100", "\U000e0061", // variation selectors, tags
	"\u2800", "\U00013441", "\U00013442", "\U0001d159", "\U00016fe4", "\ufffc", "\u17b4", // blanks
	"'", "`", "\u00b4", "\u2019", "\u2018", "\u02bc", "\u02bb", "\u02b9", "\u02be", "\u02bf", "\u02c8", "\u02cb", // apostrophes
	"\ua78b", "\ua78c", "\u07f4", "\u07f5", "\u055a", "\u05f3", "\uff07", "\u02d0", "\u02ee",
}

// No username has a character that is overlooked, so none is a twin of another or invisible.
func TestUsernamesHaveNothingHidden(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	for _, hidden := range overlooked {
		for _, name := range []string{"ada" + hidden, hidden + "ada", "a" + hidden + "da", hidden + hidden, hidden + "_" + hidden} {
			err := s.CheckNewUser(t.Context(), registration(name, 1))
			if code := fieldCode(err, "username"); code != store.CodeUsernameCharacters {
				t.Errorf("the username %+q: %q", name, code)
			}
		}
	}
}

// A display name with such a character is refused, or at least no twin of somebody's username.
func TestDisplayNamesHaveNothingHidden(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	storetest.MustUser(t, s, "grace")
	ada := storetest.MustUser(t, s, "ada")
	refused := func(name string) {
		t.Helper()
		if err := s.ChangeProfile(t.Context(), ada, name, "", false); fieldCode(err, "display_name") == "" {
			t.Errorf("the display name %+q: %v", name, err)
		}
	}
	for _, hidden := range overlooked {
		refused("grace" + hidden)
		refused(hidden + "grace")
		refused("gr" + hidden + "ace")
		refused("@" + hidden + "Grace")
		refused(hidden)
		refused(hidden + hidden)
	}
	for _, name := range []string{"@grace", "@ GRACE", "gracе", "grace\u05d9", "1\ufe0f", "a\u200db", "❤\ufe0f\ufe0f", "\u200d❤", "❤\u200d"} {
		refused(name)
	}
}

// What a script or an emoji needs is allowed, and people may share a display name.
func TestDisplayNamesOfTheWorld(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for _, name := range []string{
		"علی\u200cرضا", "क\u094d\u200dष", "ශ\u0dca\u200dරී", // letters with joiners
		"Ada ❤\ufe0f", "👩\u200d💻", "👩🏽\u200d💻 Ada", "🏳\ufe0f\u200d🌈", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "☎\ufe0e", "Ada‼\ufe0f",
		"O'Brien", "D’Arcy", "Kaʻena", "דוד", "יעל", "マリー", "محمـد", "🦊",
	} {
		if err := s.ChangeProfile(t.Context(), ada, name, "", false); err != nil {
			t.Errorf("the display name %+q: %v", name, err)
		}
	}
}

// Names that differ only by a character that is overlooked are twins, and names of the world are not.
func TestTwinsByWhatIsOverlooked(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	for i, name := range []string{"דויד", "דוד", "محمد", "ノノ", "ーー"} {
		if _, err := s.CreateUser(t.Context(), registration(name, i)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	storetest.MustUser(t, s, "grace")
	for i, name := range []string{"محمـد", "grace\u05d9", "grace\u16cc", "grace\u144a"} {
		err := s.CheckNewUser(t.Context(), registration(name, 10+i))
		if code := fieldCode(err, "username"); code != store.CodeUsernameLooksTaken {
			t.Errorf("the twin %+q: %q", name, code)
		}
	}
}

// Names that look official, or that are addresses of the site, belong to nobody.
func TestReservedNames(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for _, name := range []string{
		"admin", "Admin", "ADMIN", "admlN", "adm1n", "\u0430dmin", "ádmin", "ａｄｍｉｎ", "ad.min", "_admin_", "admin-", "adrnin",
		"administrator", "moderator", "Moderators", "m0derator", "system", "new", "settings", "deleted", "deleted_account",
		"DeletedAccount", "deleted.account", "staff", "support", "root", "plaza", "no-reply", "everyone",
		"owner", "Owners", "guest", "bot", "operator", "files", "uploads", "reports", "metrics", "debug",
		"admin1", "admin_team", "plaza-team", "site-admin", "SiteAdmin", "siteadmin2", "the.admin", "adm1n2", "Official_Admin", "mod42", "1admin", "Guest-007", "admin\u0661", "plaza.support.team",
	} {
		err := s.CheckNewUser(t.Context(), registration(name, 1))
		if code := fieldCode(err, "username"); code != store.CodeUsernameReserved {
			t.Errorf("the username %s: %q", name, code)
		}
		if err := s.ChangeUsername(t.Context(), ada, name); fieldCode(err, "username") != store.CodeUsernameReserved {
			t.Errorf("a change to the username %s: %v", name, err)
		}
		for _, shown := range []string{name, "@" + name, "@ " + name, name + " ✓", "[" + name + "]", "« " + name + " »"} {
			if err := s.ChangeProfile(t.Context(), ada, shown, "", false); fieldCode(err, "display_name") != store.CodeDisplayNameReserved {
				t.Errorf("the display name %s: %v", shown, err)
			}
		}
	}
	for _, name := range []string{
		"deleted account", "Deleted user 5", "Site Admin", "Admin Team", "Plaza Support", "Official Admin", "The Moderators", "Admin ②", "Admin Ⅳ",
		"Our Support Team", "Admin & Owner",
	} {
		if err := s.ChangeProfile(t.Context(), ada, name, "", false); fieldCode(err, "display_name") != store.CodeDisplayNameReserved {
			t.Errorf("the display name %s: %v", name, err)
		}
	}
	for i, name := range []string{
		"adamin", "badminton", "newton", "rooster", "systema", "modest", "abbot", "botany", "guesthouse", "the-team", "teamster", "search2", "site", "42",
		"modern", "root-beer", "staffan", "1984", "plazacat", "theroot-cause", "ownership",
	} {
		if _, err := s.CreateUser(t.Context(), registration(name, i)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A message of invisible characters is empty.
func TestInvisibleMessages(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"\u3164", "\u115f \u1160", "\u034f\ufe0f", "\u2800\n\u2800", "\u200d", "\U000e0100"} {
		if err := store.CheckMessage(source, "nonce"); fieldCode(err, "body") != store.CodeMessageEmpty {
			t.Errorf("%+q: %v", source, err)
		}
	}
	for i, source := range []string{"❤\ufe0f", "1\ufe0f\u20e3", "क\u094d\u200dष"} {
		if err := store.CheckMessage(source, fmt.Sprint(i)); err != nil {
			t.Errorf("%+q: %v", source, err)
		}
	}
}
