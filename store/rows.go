package store

import (
	"database/sql"
	"slices"

	"plaza/store/database"
)

// idsAtOnce is the number of ids in one statement. Databases allow some ten thousand arguments, and a
// site may have more people online, or more rooms with readers.
const idsAtOnce = 1000

// inParts calls do with a number of ids that one statement takes, until all have been there or do fails.
func inParts(ids []int64, do func(some []int64) error) error {
	for some := range slices.Chunk(ids, idsAtOnce) {
		if err := do(some); err != nil {
			return err
		}
	}
	return nil
}

// readIDs reads rows with one id each, and closes them.
func readIDs(rows *database.Rows) ([]int64, error) {
	var ids []int64
	err := database.EachRow(rows, func(row database.Row) error {
		var id int64
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// changedRows returns the number of rows that a statement has changed.
func changedRows(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
