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

// tableSum is the number of a table's rows and their checksum. It is the same for tables with the
// same rows only.
type tableSum struct {
	rows     int64
	checksum [sha256.Size]byte
}

// rowReader reads the rows of a table by its key, and computes their sum. It is a source for pgx's
// CopyFrom.
type rowReader struct {
	table  *siteTable
	rows   *sql.Rows
	values []any // of the current row: int64, string, bool, []byte, or nil
	places []any // pointers to values, for Scan
	read   func(rows int64)
	// portable makes text an error that PostgreSQL refuses.
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

// readEvery is the number of rows between two calls of read.
const readEvery = 500

// Next reads the next row, and tells whether there is one.
func (r *rowReader) Next() bool {
	if r.err != nil || !r.rows.Next() {
		return false
	}
	if r.err = r.rows.Scan(r.places...); r.err != nil {
		return false
	}
	r.encoded = r.encoded[:0]
	for i, column := range r.table.columns {
		if r.err = r.encode(column, &r.values[i]); r.err != nil {
			return false
		}
	}
	_, _ = r.sum.Write(r.encoded) // a hash never fails
	if r.count++; r.count%readEvery == 0 {
		r.read(r.count)
	}
	return true
}

// Values returns the columns of the current row.
func (r *rowReader) Values() ([]any, error) { return r.values, nil }

// Err returns the error that ended the rows, if any.
func (r *rowReader) Err() error {
	if r.err == nil {
		r.err = r.rows.Err()
	}
	return r.err
}

// total returns the sum of all rows that were read.
func (r *rowReader) total() tableSum { return tableSum{r.count, [sha256.Size]byte(r.sum.Sum(nil))} }

// encode replaces a driver's value with the value that stands for it in all databases, and adds
// that to the checksum. Each value begins with a letter for its type, and with its length if that
// varies, so that different rows have different encodings.
func (r *rowReader) encode(column siteColumn, value *any) error {
	if *value == nil {
		r.encoded = append(r.encoded, 'n')
		return nil
	}
	switch v := (*value).(type) {
	case int64:
		if column.holds == booleanColumn && (v == 0 || v == 1) {
			return r.encodeBoolean(value, v == 1)
		}
		if column.holds == integerColumn {
			r.encoded = binary.BigEndian.AppendUint64(append(r.encoded, 'i'), uint64(v)) //nolint:gosec // only the bits matter
			return nil
		}
	case bool:
		if column.holds == booleanColumn {
			return r.encodeBoolean(value, v)
		}
	case string:
		if column.holds == textColumn {
			if r.portable && (!utf8.ValidString(v) || strings.ContainsRune(v, 0)) {
				return r.refuse(column, "has text that PostgreSQL does not take")
			}
			r.encoded = append(r.encodeLength('t', len(v)), v...)
			return nil
		}
	case []byte:
		if column.holds == bytesColumn {
			if len(v) == 0 {
				*value = []byte{} // drivers take nil for NULL
			}
			r.encoded = append(r.encodeLength('b', len(v)), v...)
			return nil
		}
	}
	return r.refuse(column, fmt.Sprintf("has a value of another type, %T", *value))
}

func (r *rowReader) refuse(column siteColumn, why string) error {
	return fmt.Errorf("column %s of the row with %s %s", column.name, r.key(), why)
}

func (r *rowReader) encodeBoolean(value *any, v bool) error {
	*value = v
	digit := byte('0')
	if v {
		digit = '1'
	}
	r.encoded = append(r.encoded, 'y', digit)
	return nil
}

func (r *rowReader) encodeLength(letter byte, length int) []byte {
	return binary.BigEndian.AppendUint64(append(r.encoded, letter), uint64(length)) //nolint:gosec // never negative
}

// key returns the key of the current row, for error messages.
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
