package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MostFound is how many people a search finds at a time.
const MostFound = 20

const (
	// maxPart is how many code points of each end of a name are kept.
	maxPart = 32
	// maxParts is how many ends of a name are kept: some letters fold to many.
	maxParts = 128
)

// SearchPeople returns those accounts that have what is looked for in their username or their
// display name, without regard to case and accents: at most MostFound, and whether there are more.
// Those who are called just that come first, then those whose name begins with it, then all others;
// each by name. Whom the viewer has blocked is not found; the viewer is the zero User where that is a
// visitor. Where nothing is looked for, nobody is found.
//
// However many have it, only few of them are looked at: those whose names begin with it in the
// order of these, and those that have it inside in the order of what follows.
func (s *Store) SearchPeople(ctx context.Context, viewer User, query string) (people []User, more bool, err error) {
	sought := foldName(query)
	if sought == "" {
		return nil, false, nil
	}
	var hits []hit
	first := cutPart(sought)
	err = s.each(ctx, func(row scanner) error {
		user, err := scanUser(row)
		if found := newHit(user, sought); found.rank < rankNone {
			hits = append(hits, found)
		}
		return err
	}, searchPeople, first, first+string(unicode.MaxRune), viewer.ID)
	slices.SortFunc(hits, hit.compare)
	for _, found := range hits[:min(MostFound, len(hits))] {
		people = append(people, found.user)
	}
	return people, len(hits) > MostFound, err
}

// Somebody may come up twice by the beginnings of both names, so twice as many are asked for as are
// to be found and one more; and within names more often. The limits are constants, since PostgreSQL
// plans for many rows where it does not know them.
const searchPeople = `
	SELECT ` + userColumns + ` FROM users u WHERE u.id IN (
		SELECT user_id FROM (SELECT user_id FROM name_parts WHERE begins = TRUE AND part >= $1 AND part < $2 AND ` + notBlocked + `
			ORDER BY part, user_id LIMIT 42) AS begun
		UNION ALL
		SELECT user_id FROM (SELECT user_id FROM name_parts WHERE begins = FALSE AND part >= $1 AND part < $2 AND ` + notBlocked + `
			ORDER BY part, user_id LIMIT 100) AS within)`

const notBlocked = `user_id NOT IN (SELECT blocked_id FROM blocks WHERE blocker_id = $3)`

// hit is somebody who was found.
type hit struct {
	user User
	name string // folded
	rank rank
}

// rank is how well a name fits what is looked for: the less, the better.
type rank int

const (
	rankExact rank = iota
	rankPrefix
	rankPart
	rankNone
)

func newHit(user User, sought string) hit {
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
	return cmp.Or(cmp.Compare(h.rank, other.rank), strings.Compare(h.name, other.name), strings.Compare(h.user.Username, other.user.Username))
}

// foldName returns what names have in common that differ only in case, accents, width and spaces.
func foldName(name string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			return -1
		}
		return r
	}, norm.NFKD.String(validText(name)))
	return strings.Join(strings.Fields(plainLetters.Replace(cases.Fold().String(bare))), " ")
}

// plainLetters are for those whose accent Unicode takes for a part of them.
var plainLetters = strings.NewReplacer("ı", "i", "ø", "o", "ł", "l", "đ", "d", "ħ", "h", "ŧ", "t")

// cutPart returns the beginning of a folded name, as far as it is kept.
func cutPart(folded string) string {
	length := 0
	for i := range folded {
		if length == maxPart {
			return folded[:i]
		}
		length++
	}
	return folded
}

// nameParts returns by what an account is found, and whether that is the beginning of a name.
func nameParts(username, displayName string) map[string]bool {
	parts := map[string]bool{}
	for _, name := range []string{foldName(username), foldName(displayName)} {
		count := 0
		for i := range name {
			if part := cutPart(name[i:]); count < maxParts {
				parts[part] = parts[part] || i == 0
			}
			count++
		}
	}
	return parts
}

// indexNames has people find an account by the names it has now, and by no others. The transaction
// must have called oneAtATime.
func indexNames(ctx context.Context, tx *sql.Tx, id int64) error {
	if err := forgetNames(ctx, tx, id); err != nil {
		return err
	}
	var username, displayName string
	err := tx.QueryRowContext(ctx, `SELECT username, display_name FROM users WHERE id = $1`, id).Scan(&username, &displayName)
	if err != nil {
		return err
	}
	rows, arguments := []string{}, []any{id}
	for part, begins := range nameParts(username, displayName) {
		arguments = append(arguments, begins, part)
		rows = append(rows, fmt.Sprintf("($%d, $%d, $1)", len(arguments)-1, len(arguments)))
	}
	if len(rows) > 0 {
		insert := `INSERT INTO name_parts (begins, part, user_id) VALUES ` + strings.Join(rows, ", ") //nolint:gosec // placeholders
		if _, err := tx.ExecContext(ctx, insert, arguments...); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE users SET listed = TRUE WHERE id = $1`, id)
	return err
}

// forgetNames has nobody find an account any more.
func forgetNames(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM name_parts WHERE user_id = $1`, id)
	return err
}

// namesBatch is how many accounts IndexNames takes in one transaction, so that posts do not wait
// for long.
const namesBatch = 50

// IndexNames has people find those accounts that an older version made. It does so a few at a time,
// may be stopped at any moment, and goes on where it stopped. It writes nothing where there are none.
func (s *Store) IndexNames(ctx context.Context) error {
	for {
		var some bool
		err := s.lookUp(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE NOT listed)`).Scan(&some)
		if err != nil || !some {
			return err
		}
		if err := s.InTx(ctx, func(tx *sql.Tx) error { return indexSome(ctx, tx) }); err != nil {
			return err
		}
	}
}

func indexSome(ctx context.Context, tx *sql.Tx) error {
	if err := oneAtATime(ctx, tx); err != nil { // or a name might change meanwhile
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT id FROM users WHERE NOT listed ORDER BY id LIMIT $1`, namesBatch)
	if err != nil {
		return err
	}
	unlisted, err := readIDs(rows)
	if err != nil {
		return err
	}
	for _, id := range unlisted {
		if err := indexNames(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}
