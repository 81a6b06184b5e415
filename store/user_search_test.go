package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// named is a username, with a display name after "=" if there is one.
type named = string

// populate makes accounts, even with names that the store refuses. A search does not find them.
func populate(t testing.TB, beside *sql.DB, people ...named) {
	t.Helper()
	for _, person := range people {
		username, display, _ := strings.Cut(person, "=")
		_, err := beside.ExecContext(t.Context(), `
			INSERT INTO users (username, username_key, username_look, display_name, email, email_key, password_hash,
				role, created_at)
			VALUES ($1, $1, $1, $2, $1, $1, '', 'member', 1700000000000)`, username, display)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// openWith opens a database with accounts that a search finds.
func openWith(t testing.TB, people ...named) *store.Store {
	t.Helper()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	populate(t, storetest.Beside(t, address), people...)
	if err := s.IndexAllNames(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// found returns the usernames that a search finds.
func found(t testing.TB, s *store.Store, viewer store.User, query string) []string {
	t.Helper()
	people, _, err := s.SearchPeople(t.Context(), viewer, query)
	if err != nil {
		t.Fatalf("search for %q: %v", query, err)
	}
	names := []string{}
	for _, person := range people {
		names = append(names, person.Username)
	}
	return names
}

func expectFound(t *testing.T, s *store.Store, query string, want ...string) {
	t.Helper()
	if got := found(t, s, store.User{}, query); !slices.Equal(got, want) {
		t.Errorf("%q finds %q, want %q", query, got, want)
	}
}

func TestSearchFolds(t *testing.T) {
	t.Parallel()
	s := openWith(t, "zoë.k=Zoë Ødegård", "strauss=Strauß", "anya=Аня Йозефова", "istanbul=İstanbul",
		"isparta=ISPARTA", "dotless=ırmak",
		"full=Ａｄａ　Ｌ", "kim=김철수", "layla=لَيْلى", "mei=王小梅", "sigma=ΟΔΥΣΣΕΥΣ", "soft=so\u00adft",
		"rene=rene\u0301 e\u0301", "flag=ada 🏳️‍🌈")
	for query, want := range map[string][]string{
		"zoe": {"zoë.k"}, "ZOË": {"zoë.k"}, "zoe\u0308": {"zoë.k"}, "odegard": {"zoë.k"}, "ØDEGÅRD": {"zoë.k"},
		"  zoë \t ødegård ": {"zoë.k"},
		"strauß":            {"strauss"}, "STRAUSS": {"strauss"}, "auss": {"strauss"}, "uẞ": {"strauss"},
		"аня": {"anya"}, "АНЯ ИО": {"anya"}, "йозефова": {"anya"},
		"ISTANBUL": {"istanbul"}, "ıstanbul": {"istanbul"}, "İSPARTA": {"isparta"}, "ısparta": {"isparta"},
		"IRMAK": {"dotless"},
		"ada l": {"full"}, "ａｄａ l": {"full"}, "철수": {"kim"}, "김처": {"kim"}, "ليلى": {"layla"}, "小": {"mei"},
		"οδυσσευς": {"sigma"}, "σεύσ": {"sigma"}, "soft": {"soft"}, "RENÉ É": {"rene"}, "🏳": {"flag"},
		"": {}, " \t\n": {}, "\u0301": {}, "\u200b": {}, "\x00": {}, "\xff": {}, "zo\x00e": {}, "zo\xffe": {}, "k zoe": {},
	} {
		expectFound(t, s, query, want...)
	}
}

// Exact matches come first, then names that begin with the query, then the others. Each group is
// sorted by name, and each account comes once.
func TestSearchRanks(t *testing.T) {
	t.Parallel()
	s := openWith(t, "brian=Ann", "nan=Anna-Nan", "zed=Ann", "ann", "annika=Zoe", "susann", "joanna=Bea Ann",
		"hannah", "ian=Ian An", "anny=Aann", "bob")
	expectFound(t, s, "ann", "ann", "brian", "zed", "anny", "nan", "annika", "joanna", "hannah", "susann")
	expectFound(t, s, "nobody")
}

func TestSearchTakesWildcardsAsText(t *testing.T) {
	t.Parallel()
	s := openWith(t, "plain=Plain", "percent=100%", "star=a*b", "under_score", "query=who?", "slash=a\\b",
		"quote=o'hara \"x\"", "bracket=[a-z]", "at=me@home")
	for query, want := range map[string][]string{
		"%": {"percent"}, "0%": {"percent"}, "p%n": {}, "_": {"under_score"}, "pl_in": {}, "*": {"star"}, "pl*": {},
		"?": {"query"},
		`\`: {"slash"}, "a\\b": {"slash"}, "'": {"quote"}, `"`: {"quote"}, "[": {"bracket"}, "[a-z]": {"bracket"},
		"'; --": {},
		"e@h":   {"at"},
	} {
		expectFound(t, s, query, want...)
	}
}

// A search finds a name by its full length, and not by a longer text.
func TestSearchForLongNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("maximiliane ", 5) + "ab"
	wide := strings.Repeat("ﷺ", store.MaxUsernameLength) // each folds to 18 letters
	s := openWith(t, "one="+long+"c", "two="+long+"d", wide)
	expectFound(t, s, long, "one", "two")
	expectFound(t, s, long+"d", "two")
	expectFound(t, s, strings.TrimPrefix(long, "max")+"c", "one")
	expectFound(t, s, wide, wide)
	expectFound(t, s, strings.Repeat("x", 100_000))
}

func TestSearchFindsSome(t *testing.T) {
	t.Parallel()
	people := []named{}
	for i := range 3 * store.MostFound {
		people = append(people, fmt.Sprintf("person-%02d=Somebody %02d", i, i))
	}
	s := openWith(t, people...)
	for query, more := range map[string]bool{"person": true, "o": true, "n-0": false, "some": true, "person-1": false} {
		people, got, err := s.SearchPeople(t.Context(), store.User{}, query)
		if err != nil || len(people) == 0 || len(people) > store.MostFound || got != more {
			t.Errorf("%q: %d people and more: %v, %v", query, len(people), got, err)
		}
	}
	if got := found(t, s, store.User{}, "person"); got[0] != "person-00" || got[19] != "person-19" {
		t.Errorf("not the first of them: %q", got)
	}
}

// A search finds new names at once, and former names no more.
func TestSearchKnowsNamesOfNow(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	expectFound(t, s, "AD", "ada")
	for _, display := range []string{"Augusta King", "Countess of Lovelace"} {
		if err := s.ChangeProfile(t.Context(), ada, display, "", false); err != nil {
			t.Fatal(err)
		}
	}
	expectFound(t, s, "king")
	expectFound(t, s, "lovelace", "ada")
	expectFound(t, s, "ada", "ada")
	if err := s.ChangeUsername(t.Context(), ada, "augusta"); err != nil {
		t.Fatal(err)
	}
	expectFound(t, s, "ada")
	expectFound(t, s, "love", "augusta")
	expectFound(t, s, "gust", "augusta")
	if _, err := s.DeleteAccount(t.Context(), ada, false); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"augusta", "lovelace", "deleted", "~"} {
		expectFound(t, s, query)
	}
}

// A search leaves out users that the viewer has blocked, and fills their places. Others find them.
func TestSearchLeavesOutTheBlocked(t *testing.T) {
	t.Parallel()
	people := []named{"ada"}
	for i := range 250 {
		people = append(people, fmt.Sprintf("spam-%03d", i))
	}
	people = append(people, "spam-last", "a-spam-last")
	s := openWith(t, people...)
	ada, err := s.UserByName(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	everybody, err := s.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range everybody[1:251] {
		if err := s.Block(t.Context(), ada, other); err != nil {
			t.Fatal(err)
		}
	}
	if got := found(t, s, ada, "spam"); !slices.Equal(got, []string{"spam-last", "a-spam-last"}) {
		t.Errorf("ada finds %q", got)
	}
	if got := found(t, s, ada, "pam"); !slices.Equal(got, []string{"a-spam-last", "spam-last"}) {
		t.Errorf("ada finds %q", got)
	}
	if got := found(t, s, everybody[1], "ada"); !slices.Equal(got, []string{"ada"}) {
		t.Errorf("a blocked user finds %q, which reveals the block", got)
	}
	if got := found(t, s, everybody[1], "spam-000"); len(got) != 1 {
		t.Errorf("others find %q", got)
	}
}
