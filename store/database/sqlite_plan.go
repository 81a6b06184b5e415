package database

import "strings"

// steady has a query keep its plan. SQLite 3.54 guesses how much a comparison finds by whether the
// value is 0 or 1, unless it is an expression: so it would parse and plan a statement again, which
// costs more than to carry it out, whenever the public chat's id follows another room's, or
// the first account's another one's.
func steady(query string) string { return strings.ReplaceAll(query, "= $", "= +$") }
