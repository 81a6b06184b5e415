package copy

// SiteColumns are the columns of each table that a copy carries over, with what they hold as
// PostgreSQL calls it, those of the primary key first.
func SiteColumns() map[string][]string {
	types := map[columnType]string{integerColumn: "bigint", textColumn: "text", booleanColumn: "boolean", bytesColumn: "bytea"}
	columns := map[string][]string{}
	for _, table := range siteTables {
		for _, column := range table.columns {
			columns[table.name] = append(columns[table.name], column.name+" "+types[column.holds])
		}
	}
	return columns
}

// TablesOfServers are those that a copy leaves out.
func TablesOfServers() []string { return tablesOfServers }
