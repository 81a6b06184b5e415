package store

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readIDs reads rows of one id each, then closes them.
func readIDs(rows *sql.Rows) ([]int64, error) {
	var ids []int64
	err := eachRow(rows, func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// arguments are ids for a statement, some of them twice: their number is a power of two, so that few
// statements differ, which are kept once they are parsed.
func arguments(ids []int64) []any {
	all := slices.Clone(ids)
	for len(all)&(len(all)-1) != 0 {
		all = append(all, ids[0])
	}
	values := make([]any, len(all))
	for i, id := range all {
		values[i] = id
	}
	return values
}

// placeholders returns "$1, $2, …, $n".
func placeholders(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i))
	}
	return b.String()
}

// now is the present, as precisely as the database keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// validText makes text that a database takes of any string that is looked for or noted:
// PostgreSQL refuses what is not UTF-8, and the character 0.
func validText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}
