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

// MostFound is how many people a search finds at a time.
const MostFound = 20

// SearchPeople returns those accounts that have what is looked for in their username or their
// display name, without regard to case and accents: at most MostFound, and whether there are more.
// Those who are called just that come first, then those whose name begins with it, then all others;
// each by name. Whom the viewer has blocked is not found; the viewer is the zero User where that is a
// visitor. Where nothing is looked for, nobody is found.
//
// However many have it, only few of them are looked at: those whose names begin with it in the
// order of these, and those that have it inside in the order of what follows.
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

// Somebody may come up twice by the beginnings of both names, so twice as many are asked for as are
// to be found and one more; and within names more often. The limits are constants, since PostgreSQL
// plans for many rows where it does not know them.
const searchPeople = `
	SELECT ` + personColumns + ` FROM users u WHERE u.id IN (
		SELECT user_id FROM (SELECT user_id FROM name_parts WHERE begins = TRUE AND part >= $1 AND part < $2 AND ` + notBlocked + `
			ORDER BY part, user_id LIMIT 42) AS begun
		UNION ALL
		SELECT user_id FROM (SELECT user_id FROM name_parts WHERE begins = FALSE AND part >= $1 AND part < $2 AND ` + notBlocked + `
			ORDER BY part, user_id LIMIT 100) AS within)`

const notBlocked = `user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocker_id = $3)`

// hit is somebody who was found.
type hit struct {
	person Person
	name   string // folded
	rank   rank
}

// rank is how well a name fits what is looked for: the less, the better.
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
	return cmp.Or(cmp.Compare(h.rank, other.rank), strings.Compare(h.name, other.name), strings.Compare(h.person.Username, other.person.Username))
}

// foldName returns what names have in common that differ only in case, accents, width and spaces.
func foldName(name string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			return -1
		}
		return r
	}, norm.NFKD.String(database.ValidText(name)))
	return strings.Join(strings.Fields(plainLetters.Replace(cases.Fold().String(bare))), " ")
}

// plainLetters are for those whose accent Unicode takes for a part of them.
var plainLetters = strings.NewReplacer("ı", "i", "ø", "o", "ł", "l", "đ", "d", "ħ", "h", "ŧ", "t")
