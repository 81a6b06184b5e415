package database

import "time"

// ConnectWithin returns a PostgreSQL database whose statements have a limit of the test's own. It has
// no schema.
func ConnectWithin(address string, limit time.Duration) (Database, error) {
	return newPostgres(address, limit, limit)
}

// Connections is how many connections there are to a PostgreSQL server.
const Connections = connections
