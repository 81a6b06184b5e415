package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

const (
	// maxPart is how many code points of each end of a name are kept.
	maxPart = 32
	// maxParts is how many ends of a name are kept: some letters fold to many.
	maxParts = 128
)

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
