package copy

import (
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"strings"
	"unicode/utf8"
)

// tableSum is what two tables with the same rows have in common, and no others.
type tableSum struct {
	rows     int64
	checksum [sha256.Size]byte
}

// rowReader goes through the rows of a table in the order of its key, and sums them up. It is
// a source for pgx's CopyFrom.
type rowReader struct {
	table  *siteTable
	rows   *sql.Rows
	values []any // of the row at hand: int64, string, bool, []byte, or nil
	places []any // where Scan puts them
	read   func(rows int64)
	// portable refuses text that not every database takes.
	portable bool

	count   int64
	sum     hash.Hash
	encoded []byte
	err     error
}

func newRowReader(table *siteTable, rows *sql.Rows, read func(rows int64)) *rowReader {
	r := &rowReader{table: table, rows: rows, read: read, sum: sha256.New()}
	r.values, r.places = make([]any, len(table.columns)), make([]any, len(table.columns))
	for i := range r.values {
		r.places[i] = &r.values[i]
	}
	return r
}

// readEvery is how many rows are read between two reports of how many.
const readEvery = 500

// Next goes to the next row, and tells whether there is one.
func (r *rowReader) Next() bool {
	if r.err != nil || !r.rows.Next() {
		return false
	}
	if r.err = r.rows.Scan(r.places...); r.err != nil {
		return false
	}
	r.encoded = r.encoded[:0]
	for i, column := range r.table.columns {
		if r.err = r.take(column, &r.values[i]); r.err != nil {
			return false
		}
	}
	_, _ = r.sum.Write(r.encoded) // which never fails
	if r.count++; r.count%readEvery == 0 {
		r.read(r.count)
	}
	return true
}

// Values returns the columns of the row at hand.
func (r *rowReader) Values() ([]any, error) { return r.values, nil }

// Err returns what has kept Next from going on.
func (r *rowReader) Err() error {
	if r.err == nil {
		r.err = r.rows.Err()
	}
	return r.err
}

// total is the sum of all rows that were read.
func (r *rowReader) total() tableSum { return tableSum{r.count, [sha256.Size]byte(r.sum.Sum(nil))} }

// take makes of what a driver returned the one value that stands for it in any database, and
// adds that to what is summed up: a letter for its type, and its length where that varies, so
// that no two rows come out the same.
func (r *rowReader) take(column siteColumn, value *any) error {
	if *value == nil {
		r.encoded = append(r.encoded, 'n')
		return nil
	}
	switch v := (*value).(type) {
	case int64:
		if column.holds == booleanColumn && (v == 0 || v == 1) {
			return r.takeBoolean(value, v == 1)
		}
		if column.holds == integerColumn {
			r.encoded = binary.BigEndian.AppendUint64(append(r.encoded, 'i'), uint64(v)) //nolint:gosec // any bits will do
			return nil
		}
	case bool:
		if column.holds == booleanColumn {
			return r.takeBoolean(value, v)
		}
	case string:
		if column.holds == textColumn {
			if r.portable && (!utf8.ValidString(v) || strings.ContainsRune(v, 0)) {
				return r.refuse(column, "has text that PostgreSQL does not take")
			}
			r.encoded = append(r.takeLength('t', len(v)), v...)
			return nil
		}
	case []byte:
		if column.holds == bytesColumn {
			if len(v) == 0 {
				*value = []byte{} // drivers take nil for NULL
			}
			r.encoded = append(r.takeLength('b', len(v)), v...)
			return nil
		}
	}
	return r.refuse(column, fmt.Sprintf("has a value of another type, %T", *value))
}

func (r *rowReader) refuse(column siteColumn, why string) error {
	return fmt.Errorf("column %s of the row with %s %s", column.name, r.key(), why)
}

func (r *rowReader) takeBoolean(value *any, v bool) error {
	*value = v
	digit := byte('0')
	if v {
		digit = '1'
	}
	r.encoded = append(r.encoded, 'y', digit)
	return nil
}

func (r *rowReader) takeLength(letter byte, length int) []byte {
	return binary.BigEndian.AppendUint64(append(r.encoded, letter), uint64(length)) //nolint:gosec // never negative
}

// key names the row at hand for people, who may want to look at it.
func (r *rowReader) key() string {
	parts := make([]string, r.table.key)
	for i := range parts {
		value := r.values[i]
		if hash, ok := value.([]byte); ok {
			value = fmt.Sprintf("%x", hash)
		}
		parts[i] = fmt.Sprintf("%s %v", r.table.columns[i].name, value)
	}
	return strings.Join(parts, ", ")
}
