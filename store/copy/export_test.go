package copy

// SiteColumns returns the columns that a copy includes, by table, each with its PostgreSQL type.
// The columns of the primary key come first.
func SiteColumns() map[string][]string {
	types := map[columnType]string{
		integerColumn: "bigint", textColumn: "text", booleanColumn: "boolean",
		bytesColumn: "bytea",
	}
	columns := map[string][]string{}
	for _, table := range siteTables {
		for _, column := range table.columns {
			columns[table.name] = append(columns[table.name], column.name+" "+types[column.holds])
		}
	}
	return columns
}

// TablesOfServers returns the tables that a copy leaves out.
func TablesOfServers() []string { return tablesOfServers }
