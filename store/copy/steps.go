package copy

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// siteCopy is a copy that is under way.
type siteCopy struct {
	source, target   end
	reading, writing *sql.Tx
	report           func(Progress)
	sums             map[string]tableSum // of the source's rows, by table
	begun            bool                // whether something is being written to the target
	unsure           bool                // whether that was kept
}

// run does all steps. Its errors are sentences for people, but for those that are copyFailed.
func (c *siteCopy) run(ctx context.Context) error {
	if err := c.openSource(ctx); err != nil {
		return err
	}
	if err := c.openTarget(ctx); err != nil {
		return err
	}
	c.begun = true
	for _, table := range siteTables {
		if err := c.copyTable(ctx, table); err != nil {
			return err
		}
	}
	if err := c.target.settle(ctx); err != nil {
		return &copyFailed{c.target, "finish the tables", err}
	}
	for _, table := range siteTables {
		if err := c.checkTable(ctx, table); err != nil {
			return err
		}
	}
	return c.commit(ctx)
}

func (c *siteCopy) openSource(ctx context.Context) error {
	if err := c.source.openSource(ctx); err != nil {
		return &copyFailed{c.source, "", err}
	}
	has, err := c.source.version(ctx)
	if err != nil {
		return &copyFailed{c.source, "", err}
	}
	knows, err := c.source.NewestVersion()
	switch {
	case err != nil:
		return err
	case has == 0:
		return fmt.Errorf("there is no site in %s: name the database to copy from", c.source)
	case has < knows:
		return fmt.Errorf("%s was made by an older plaza (schema %d, this one knows %d): serve it once with this plaza, stop that, and copy it then", c.source, has, knows)
	case has > knows:
		return fmt.Errorf("%s was made by a newer plaza (schema %d, this one knows %d): update plaza", c.source, has, knows)
	}
	if err := c.source.checkUnserved(ctx); err != nil {
		return &copyFailed{c.source, "", err}
	}
	if c.reading, err = c.source.beginSource(ctx); err != nil {
		return &copyFailed{c.source, "", err}
	}
	return nil
}

func (c *siteCopy) openTarget(ctx context.Context) error {
	if isSameFile(c.source, c.target) {
		return fmt.Errorf("%s cannot be copied to itself: name another database to copy to", c.source)
	}
	err := c.target.openTarget(ctx)
	if err == nil {
		err = c.target.checkUnserved(ctx)
	}
	if err == nil {
		c.writing, err = c.target.beginTarget(ctx)
	}
	if err == nil {
		err = c.empty(ctx)
	}
	if err != nil {
		return &copyFailed{c.target, "", err}
	}
	return nil
}

// isSameFile tells whether both are one file, whatever its names.
func isSameFile(one, other end) bool {
	a, err := os.Stat(one.String())
	if err != nil {
		return false
	}
	b, err := os.Stat(other.String())
	return err == nil && os.SameFile(a, b)
}

// empty takes what migrations put into the target out of it. Where there is more, somebody
// may miss it: that is an error.
func (c *siteCopy) empty(ctx context.Context) error {
	for _, table := range siteTables {
		made := table.made
		if made == "" {
			made = "false"
		}
		var used bool
		query := fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM %s WHERE NOT (%s))`, table.name, made) //nolint:gosec // constants
		if err := c.writing.QueryRowContext(ctx, query).Scan(&used); err != nil {
			return err
		}
		if used {
			return notEmpty(c.target, table.name)
		}
		if _, err := c.writing.ExecContext(ctx, `DELETE FROM `+table.name+` WHERE `+made); err != nil { //nolint:gosec // constants
			return err
		}
	}
	return nil
}

func notEmpty(target end, table string) error {
	return fmt.Errorf("%s is not empty, but has %s: name a database to copy to that is new or empty", target, strings.ReplaceAll(table, "_", " "))
}

func (c *siteCopy) copyTable(ctx context.Context, table *siteTable) error {
	var total int64
	if err := c.reading.QueryRowContext(ctx, `SELECT count(*) FROM `+table.name).Scan(&total); err != nil { //nolint:gosec // a constant
		return &copyFailed{c.source, "read the table " + table.name, err}
	}
	read, err := c.goThrough(ctx, Copying, table, total, func(rows *rowReader) error {
		return c.target.insert(ctx, table, rows)
	})
	if err != nil {
		return err
	}
	if read.rows != total { // an index that lacks rows, or has too many
		return fmt.Errorf("%s is damaged: its table %s gives %d rows, and then %d: restore a backup, and copy that", c.source, table.name, total, read.rows)
	}
	c.sums[table.name] = read
	if !table.numbers() {
		return nil
	}
	last, err := c.source.lastNumber(ctx, table)
	if err != nil {
		return &copyFailed{c.source, "read the table " + table.name, err}
	}
	var largest int64
	err = c.writing.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM `+table.name).Scan(&largest) //nolint:gosec // a constant
	if err == nil {
		err = c.target.setLastNumber(ctx, table, max(last, largest))
	}
	if err != nil {
		return &copyFailed{c.target, "write the table " + table.name, err}
	}
	return nil
}

// checkTable reads back what was written: a database may have changed it, or lost some.
func (c *siteCopy) checkTable(ctx context.Context, table *siteTable) error {
	wrote := c.sums[table.name]
	found, err := c.goThrough(ctx, Checking, table, wrote.rows, func(rows *rowReader) error {
		for rows.Next() { // which sums up
			continue
		}
		return nil
	})
	if err == nil && found != wrote {
		err = fmt.Errorf("the table %s arrived changed in %s: %d rows with the checksum %.8x… of %d with %.8x…; nothing was kept, so see what changes it there, such as a trigger",
			table.name, c.target, found.rows, found.checksum[:4], wrote.rows, wrote.checksum[:4])
	}
	return err
}

// goThrough has use take all rows of a table: of the source, or where it checks, of the target.
func (c *siteCopy) goThrough(ctx context.Context, step Step, table *siteTable, total int64, use func(*rowReader) error) (tableSum, error) {
	from, tx := c.source, c.reading
	if step == Checking {
		from, tx = c.target, c.writing
	}
	order := make([]string, table.key)
	for i := range order {
		order[i] = from.inByteOrder(table.columns[i])
	}
	query := fmt.Sprintf(`SELECT %s FROM %s ORDER BY %s`, table.list(), table.name, strings.Join(order, ", ")) //nolint:gosec // constants
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return tableSum{}, &copyFailed{from, "read the table " + table.name, err}
	}
	defer func() { _ = rows.Close() }()
	c.report(Progress{step, table.name, 0, total})
	reader := newRowReader(table, rows, func(done int64) { c.report(Progress{step, table.name, done, total}) })
	usedErr := use(reader)
	if err := reader.Err(); err != nil { // or else what use says of it
		return tableSum{}, &copyFailed{from, "read the table " + table.name, err}
	}
	if usedErr != nil {
		return tableSum{}, &copyFailed{c.target, "write the table " + table.name, usedErr}
	}
	c.report(Progress{step, table.name, reader.count, total})
	return reader.total(), nil
}

// commit keeps what was copied, unless servers have started meanwhile: they would not know of it.
func (c *siteCopy) commit(ctx context.Context) error {
	for _, d := range []end{c.source, c.target} {
		if err := d.checkUnserved(ctx); err != nil {
			return &copyFailed{d, "finish", err}
		}
	}
	if err := ctx.Err(); err != nil { // the last moment
		return err
	}
	if err := c.target.commitCopy(); err != nil {
		c.unsure = true
		return fmt.Errorf("cannot tell whether the copy was finished: %w; start it again: if %s is not empty then, it was", c.target.Explain(err), c.target)
	}
	return nil
}

// copyFailed is an error of one of the databases.
type copyFailed struct {
	at    end
	doing string // what could not be done; "" where the error says it
	err   error
}

func (f *copyFailed) Error() string {
	if f.doing == "" {
		return f.err.Error()
	}
	return fmt.Sprintf("cannot %s: %v", f.doing, f.err)
}

func (f *copyFailed) Unwrap() error { return f.err }

// explain says in one sentence why a copy failed, and what next.
func (c *siteCopy) explain(ctx context.Context, err error) error {
	var failed *copyFailed
	switch {
	case err == nil:
		return nil
	case c.unsure:
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted: nothing was copied to %s, so start the copy again when you like", c.target)
	case !errors.As(err, &failed):
		return err
	}
	said := &copyFailed{failed.at, failed.doing, failed.at.Explain(failed.err)}
	line := strings.Join(strings.Fields(said.Error()), " ") // whatever a driver says
	if c.begun {
		line += fmt.Sprintf("; nothing was copied to %s, so start the copy again once that is mended", c.target)
	}
	return errors.New(line)
}
