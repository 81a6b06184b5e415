package copy_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"plaza/store"
	"plaza/store/copy"
	"plaza/store/storetest"
)

// schema returns the columns of a database's tables, as the database describes them. It leaves out
// the tables of servers.
func schema(t *testing.T, address string) map[string][]string {
	t.Helper()
	beside := storetest.Beside(t, address)
	defer func() { _ = beside.Close() }()
	return schemaOf(t, beside, store.IsPostgres(address))
}

func schemaOf(t *testing.T, beside *sql.DB, isPostgres bool) map[string][]string {
	t.Helper()
	query := `SELECT m.name, p.name || ' ' || CASE lower(p.type) WHEN 'integer' THEN 'bigint' WHEN 'blob'
		THEN 'bytea' ELSE lower(p.type) END, p.pk > 0
		FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
			ORDER BY m.name, p.cid`
	if isPostgres {
		query = `SELECT c.table_name, c.column_name || ' ' || c.data_type, EXISTS (
				SELECT 1 FROM information_schema.table_constraints k
					JOIN information_schema.key_column_usage u USING (constraint_schema, constraint_name)
				WHERE k.constraint_type = 'PRIMARY KEY' AND u.table_name = c.table_name AND u.column_name = c.column_name)
			FROM information_schema.columns c WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position`
	}
	rows, err := beside.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	tables, keys := map[string][]string{}, map[string]int{}
	for rows.Next() {
		var table, column string
		var isKey bool
		if err := rows.Scan(&table, &column, &isKey); err != nil {
			t.Fatal(err)
		}
		if isKey { // the key comes first
			tables[table] = slices.Insert(tables[table], keys[table], column)
			keys[table]++
		} else {
			tables[table] = append(tables[table], column)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, table := range copy.TablesOfServers() {
		delete(tables, table)
	}
	return tables
}

// dump returns all rows of a database, by table.
func dump(t *testing.T, address string) map[string][]string {
	t.Helper()
	beside := storetest.Beside(t, address)
	defer func() { _ = beside.Close() }()
	all := map[string][]string{}
	for table, columns := range schemaOf(t, beside, store.IsPostgres(address)) {
		rows, err := beside.QueryContext(t.Context(), `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				places[i] = &values[i]
			}
			if err := rows.Scan(places...); err != nil {
				t.Fatal(err)
			}
			for i, value := range values { // whose types depend on the database
				switch value {
				case true:
					values[i] = int64(1)
				case false:
					values[i] = int64(0)
				}
				if bytes, ok := value.([]byte); ok {
					values[i] = append([]byte{}, bytes...) // otherwise one database has nil for no bytes
				}
			}
			all[table] = append(all[table], fmt.Sprintf("%#v", values))
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		slices.Sort(all[table])
	}
	return all
}

// hasSame checks that two dumps have the same rows, and that no table is empty.
func hasSame(t *testing.T, where string, got, want map[string][]string) {
	t.Helper()
	for table := range want {
		if len(want[table]) == 0 || !slices.Equal(got[table], want[table]) {
			t.Errorf("%s: %s has %d rows, want these %d:\n%.2000s\n%.2000s", where, table, len(got[table]),
				len(want[table]), got[table], want[table])
		}
	}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%s: the tables are %v, want %v", where, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// contentOf returns the content of a database, or the empty string if there is none.
func contentOf(t *testing.T, address string) string {
	t.Helper()
	if _, err := os.Stat(address); err != nil && !store.IsPostgres(address) {
		return ""
	}
	if len(schema(t, address)) == 0 {
		return ""
	}
	return fmt.Sprint(dump(t, address))
}
