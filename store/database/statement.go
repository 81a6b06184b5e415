package database

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Row is a row whose columns can be copied.
type Row interface{ Scan(columns ...any) error }

// Statement is part of a transaction whose statements are known before it begins. A PostgreSQL
// server gets all of them in one round trip.
type Statement struct {
	Query     string
	Arguments []any
	// Read is called for each row that the statement returns, and again if the transaction is tried
	// again. It is nil if the statement returns no rows.
	Read func(row Row) error
}

// Into returns a Statement's Read that copies the columns of its row.
func Into(columns ...any) func(row Row) error {
	return func(row Row) error { return row.Scan(columns...) }
}

// Placeholders returns "$1, $2, …, $n".
func Placeholders(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if i > 1 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i))
	}
	return b.String()
}

// Arguments returns ids as arguments of a statement. It repeats the first id until their number is a
// power of two: a database keeps each statement that differs, and so keeps few of them. There must
// be at least one id.
func Arguments(ids []int64) []any {
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

// ValidText returns text that every database takes. PostgreSQL refuses the character 0 and whatever
// is not UTF-8: these become U+FFFD.
func ValidText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// eachRow calls read for every row, then closes rows.
func eachRow(rows *sql.Rows, read func(row Row) error) error {
	for rows.Next() {
		if err := read(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
