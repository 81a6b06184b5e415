package store

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"
)

// eachRow calls scan for every row, then closes rows.
func eachRow(rows *sql.Rows, scan func() error) error {
	for rows.Next() {
		if err := scan(); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
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
