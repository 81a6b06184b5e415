package database

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// engine is what migrations of a kind of database need: their folder, and their dialect.
type engine struct {
	folder  string
	dialect goose.Dialect
}

var (
	sqliteEngine   = engine{"migrations/sqlite", goose.DialectSQLite3}
	postgresEngine = engine{"migrations/postgres", goose.DialectPostgres}
)

// migrate brings a schema up to date, each step in a transaction of its own. The name is what people
// call the database.
func (e engine) migrate(ctx context.Context, pool *sql.DB, name string, options ...goose.ProviderOption) error {
	steps, err := fs.Sub(migrations, e.folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(e.dialect, pool, steps, options...)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("%s was made by a newer plaza (schema %d, this one knows %d): update plaza", name, have, want)
	}
	_, err = provider.Up(ctx)
	return err
}

// newest is the version of a schema that is up to date.
func (e engine) newest() (int64, error) {
	steps, err := fs.ReadDir(migrations, e.folder)
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(steps[len(steps)-1].Name()) // in the order of their names
}

// SchemaVersion returns the version of a schema that has been brought to one.
func SchemaVersion(ctx context.Context, pool *sql.DB) (int64, error) {
	var version int64
	err := pool.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}
