// Package copy moves a whole site from one database to another, whichever kinds they are. It knows all
// tables of a site, and nothing of what their rows mean.
package copy

import (
	"context"
	"database/sql"
	"fmt"

	"plaza/store/database"
)

// Step is what a copy does with a table.
type Step string

// The steps of a copy, each of which goes through all tables.
const (
	Copying  Step = "copying"
	Checking Step = "checking" // reads back what was written
)

// Progress is how far a copy is with a table.
type Progress struct {
	Step        Step
	Table       string
	Done, Total int64 // rows
}

// Copied is the number of rows that a copy has written, by table.
type Copied map[string]int64

// Copy copies a whole site from one database to another. The target has to be empty; it is made if it
// does not exist. No server may run on either of them. The source does not change.
//
// The target gets all rows or none. Copy writes them in one transaction, reads them back, and commits
// if they are the same. So a copy that was interrupted can start again.
//
// Copy calls report often, for each step and table: it has to be quick. Errors are sentences for the
// person at the terminal.
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
	// By now all is on disk, or given up.
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

// end is one of the two ends of a copy.
type end interface {
	fmt.Stringer
	// NewestVersion returns the version of a schema that is up to date.
	NewestVersion() (int64, error)
	// openSource opens a database with a site. openTarget opens one without, and makes it if it does
	// not exist.
	openSource(ctx context.Context) error
	openTarget(ctx context.Context) error
	// version is the version of its schema; 0 if it has none.
	version(ctx context.Context) (int64, error)
	// beginSource and beginTarget begin the one transaction of the copy. Nobody else can write to
	// the database until Close.
	beginSource(ctx context.Context) (*sql.Tx, error)
	beginTarget(ctx context.Context) (*sql.Tx, error)
	// checkUnserved returns an error if a server runs on the database.
	checkUnserved(ctx context.Context) error
	// inByteOrder returns what to sort by for an order that is the same in all databases.
	inByteOrder(column siteColumn) string
	insert(ctx context.Context, table *siteTable, rows *rowReader) error
	// settle is called once all is inserted.
	settle(ctx context.Context) error
	// lastNumber returns the last number that the database gave a row of a table, even if that row
	// is gone.
	lastNumber(ctx context.Context, table *siteTable) (int64, error)
	setLastNumber(ctx context.Context, table *siteTable, last int64) error
	commitCopy() error
	Explain(err error) error
	Close() error // ends the transaction too
}

func endAt(address string) (end, error) {
	if !database.IsPostgres(address) {
		return &fileEnd{SQLite: database.NewSQLite(address)}, nil
	}
	server, err := database.NewPostgres(address, patience)
	return &serverEnd{Postgres: server}, err
}
