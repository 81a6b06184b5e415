package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"plaza/store/database"
)

// MostFound is the maximum number of accounts that a search returns.
const MostFound = 20

// SearchPeople returns up to MostFound accounts whose username or display name contains the query,
// and whether there are more. It ignores case and accents. Accounts with exactly this name come
// first, then those whose name begins with it, then all others, each sorted by name. It leaves out
// users that the viewer has blocked. The viewer is the zero User for a visitor. An empty query
// finds nothing.
//
// A search reads a bounded number of rows, however many accounts match. It reads the first matches
// in the order of names, and the first matches inside names in the order of what follows there.
func (s *Store) SearchPeople(ctx context.Context, viewer User, query string) (people []Person, more bool, err error) {
	sought := foldName(query)
	if sought == "" {
		return nil, false, nil
	}
	var hits []hit
	first := cutPart(sought)
	err = s.each(ctx, func(row database.Row) error {
		user, err := scanPerson(row)
		if found := newHit(user, sought); found.rank < rankNone {
			hits = append(hits, found)
		}
		return err
	}, searchPeople, first, first+string(unicode.MaxRune), viewer.ID)
	slices.SortFunc(hits, hit.compare)
	for _, found := range hits[:min(MostFound, len(hits))] {
		people = append(people, found.person)
	}
	return people, len(hits) > MostFound, err
}

// An account can match by both of its names. So the first query reads twice the number of results,
// plus two. The second one reads more, because a name can contain the query several times. The
// limits are constants, because PostgreSQL plans for many rows if it does not know them.
const searchPeople = `
	SELECT ` + personColumns + ` FROM users u WHERE u.id IN (
		SELECT user_id FROM (SELECT user_id FROM name_parts
			WHERE begins = TRUE AND part >= $1 AND part < $2 AND ` + notBlocked + `
			ORDER BY part, user_id LIMIT 42) AS begun
		UNION ALL
		SELECT user_id FROM (SELECT user_id FROM name_parts
			WHERE begins = FALSE AND part >= $1 AND part < $2 AND ` + notBlocked + `
			ORDER BY part, user_id LIMIT 100) AS within)`

const notBlocked = `user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocker_id = $3)`

// hit is an account that a search finds.
type hit struct {
	person Person
	name   string // folded
	rank   rank
}

// rank says how well a name matches the query. A lower rank is better.
type rank int

const (
	rankExact rank = iota
	rankPrefix
	rankPart
	rankNone
)

func newHit(user Person, sought string) hit {
	username := foldName(user.Username)
	found := hit{user, username, rankOf(username, sought)}
	if user.DisplayName != "" {
		found.name = foldName(user.DisplayName)
		found.rank = min(found.rank, rankOf(found.name, sought))
	}
	return found
}

func rankOf(name, sought string) rank {
	switch {
	case name == sought:
		return rankExact
	case strings.HasPrefix(name, sought):
		return rankPrefix
	case strings.Contains(name, sought):
		return rankPart
	}
	return rankNone
}

func (h hit) compare(other hit) int {
	return cmp.Or(cmp.Compare(h.rank, other.rank), strings.Compare(h.name, other.name),
		strings.Compare(h.person.Username, other.person.Username))
}

// foldName returns the same text for names that differ only in case, accents, width and spaces.
func foldName(name string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			return -1
		}
		return r
	}, norm.NFKD.String(database.ValidText(name)))
	return strings.Join(strings.Fields(plainLetters.Replace(cases.Fold().String(bare))), " ")
}

// plainLetters replaces letters whose accent Unicode does not separate from the letter.
var plainLetters = strings.NewReplacer("ı", "i", "ø", "o", "ł", "l", "đ", "d", "ħ", "h", "ŧ", "t")
