package store

import "plaza/store/database"

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
