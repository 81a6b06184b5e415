// Package copy copies a whole site from one database to another. Each of them is an SQLite file or
// a PostgreSQL database. The package knows all tables of a site, but not what their rows mean.
package copy

import (
	"context"
	"database/sql"
	"fmt"

	"plaza/store/database"
)

// Step is a step of a copy.
type Step string

// The steps of a copy. Each step goes through all tables.
const (
	Copying  Step = "copying"
	Checking Step = "checking" // reads the written rows back
)

// Progress is the progress of a step with one table.
type Progress struct {
	Step        Step
	Table       string
	Done, Total int64 // rows
}

// Copied is the number of rows that a copy wrote, by table.
type Copied map[string]int64

// Copy copies a whole site from one database to another. The target must be empty; it is made if it
// does not exist. No server may run on either database. The source does not change.
//
// The target gets all rows or none. Copy writes them in one transaction, reads them back, and
// commits if they are the same. So an interrupted copy can start again.
//
// Copy calls report many times for each step and table, so report must be fast. Errors are
// sentences for the person at the terminal.
func Copy(ctx context.Context, from, to string, report func(Progress)) (Copied, error) {
	source, err := endAt(from)
	if err != nil {
		return nil, err
	}
	target, err := endAt(to)
	if err != nil {
		return nil, err
	}
	c := &siteCopy{source: source, target: target, report: report, sums: map[string]tableSum{}}
	err = c.explain(ctx, c.run(ctx))
	// The transaction has ended, so errors of Close change nothing.
	_, _ = target.Close(), source.Close()
	if err != nil {
		return nil, err
	}
	copied := Copied{}
	for table, sum := range c.sums {
		copied[table] = sum.rows
	}
	return copied, nil
}

// end is the source or the target of a copy.
type end interface {
	fmt.Stringer
	// NewestVersion returns the version of a schema that is up to date.
	NewestVersion() (int64, error)
	// openSource opens a database that has a site. openTarget opens a database without one, and
	// makes it if it does not exist.
	openSource(ctx context.Context) error
	openTarget(ctx context.Context) error
	// version returns the version of the schema, or 0 if there is none.
	version(ctx context.Context) (int64, error)
	// beginSource and beginTarget begin the only transaction of the copy. Other programs cannot
	// write to the database until Close.
	beginSource(ctx context.Context) (*sql.Tx, error)
	beginTarget(ctx context.Context) (*sql.Tx, error)
	// checkUnserved returns an error if a server runs on the database.
	checkUnserved(ctx context.Context) error
	// inByteOrder returns the sort expression for a column. Its order is the same in all databases.
	inByteOrder(column siteColumn) string
	insert(ctx context.Context, table *siteTable, rows *rowReader) error
	// finishInserts is called after all rows are inserted.
	finishInserts(ctx context.Context) error
	// lastNumber returns the last id that the database has given to a row of a table. The row may
	// be deleted.
	lastNumber(ctx context.Context, table *siteTable) (int64, error)
	setLastNumber(ctx context.Context, table *siteTable, last int64) error
	commitCopy() error
	Explain(err error) error
	Close() error // also ends the transaction
}

func endAt(address string) (end, error) {
	if !database.IsPostgres(address) {
		return &fileEnd{SQLite: database.NewSQLite(address)}, nil
	}
	server, err := database.NewPostgres(address, writeTimeout)
	return &serverEnd{Postgres: server}, err
}
