package store

import (
	"context"
	"fmt"
	"strings"

	"plaza/store/database"
)

const (
	// maxPart is the maximum length of an indexed suffix of a name, in Unicode code points.
	maxPart = 32
	// maxParts is the maximum number of indexed suffixes of a name. Some letters fold to many.
	maxParts = 128
)

// cutPart returns the first maxPart code points of a folded name.
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

// nameParts returns the suffixes by which a search finds an account. The value is true for the
// beginning of a name.
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

// indexNames makes searches find an account by its current names only. The transaction must have
// called lockSite.
func indexNames(ctx context.Context, tx *database.Tx, id int64) error {
	if err := deleteNameParts(ctx, tx, id); err != nil {
		return err
	}
	var username, displayName string
	err := tx.QueryRowContext(ctx, `SELECT username, display_name FROM users WHERE id = $1`, id).Scan(&username,
		&displayName)
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
	return nil
}

// deleteNameParts removes an account from the search index.
func deleteNameParts(ctx context.Context, tx *database.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM name_parts WHERE user_id = $1`, id)
	return err
}
