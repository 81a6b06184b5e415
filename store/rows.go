package store

import (
	"database/sql"
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

// now is the present, as precisely as the database keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
