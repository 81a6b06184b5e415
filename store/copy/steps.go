package copy

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
)

// siteCopy is a running copy.
type siteCopy struct {
	source, target   end
	reading, writing *sql.Tx
	report           func(Progress)
	sums             map[string]tableSum // of the source's rows, by table
	begun            bool                // rows may have been written to the target
	commitUnknown    bool                // the commit failed, so the rows may be there or not
}

// run runs all steps. Its errors are sentences for people, except for copyFailed errors.
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
	if err := c.target.finishInserts(ctx); err != nil {
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

// isSameFile tells whether both ends are one file, even under different names.
func isSameFile(one, other end) bool {
	a, err := os.Stat(one.String())
	if err != nil {
		return false
	}
	b, err := os.Stat(other.String())
	return err == nil && os.SameFile(a, b)
}

// empty deletes the rows that migrations have inserted into the target. It returns an error if
// there are other rows.
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
	return fmt.Errorf("%s is not empty, but has %s: name a database to copy to that is new or empty", target,
		strings.ReplaceAll(table, "_", " "))
}

func (c *siteCopy) copyTable(ctx context.Context, table *siteTable) error {
	var total int64
	if err := c.reading.QueryRowContext(ctx, `SELECT count(*) FROM `+table.name).Scan(&total); err != nil { //nolint:gosec // a constant
		return &copyFailed{c.source, "read the table " + table.name, err}
	}
	read, err := c.readTable(ctx, Copying, table, total, func(rows *rowReader) error {
		return c.target.insert(ctx, table, rows)
	})
	if err != nil {
		return err
	}
	if read.rows != total { // an index has too few or too many rows
		return fmt.Errorf("%s is damaged: its table %s gives %d rows, and then %d: restore a backup, and copy that",
			c.source, table.name, total, read.rows)
	}
	c.sums[table.name] = read
	if !table.hasSequence() {
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

// checkTable reads the written rows back. The database may have changed or lost some.
func (c *siteCopy) checkTable(ctx context.Context, table *siteTable) error {
	wrote := c.sums[table.name]
	found, err := c.readTable(ctx, Checking, table, wrote.rows, func(rows *rowReader) error {
		for rows.Next() { // Next computes the sum
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

// readTable calls use with all rows of a table: those of the target if the step is Checking,
// otherwise those of the source.
func (c *siteCopy) readTable(ctx context.Context, step Step, table *siteTable, total int64, use func(*rowReader) error) (tableSum, error) {
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
	if err := reader.Err(); err != nil { // an error of reading is the cause of use's error
		return tableSum{}, &copyFailed{from, "read the table " + table.name, err}
	}
	if usedErr != nil {
		return tableSum{}, &copyFailed{c.target, "write the table " + table.name, usedErr}
	}
	c.report(Progress{step, table.name, reader.count, total})
	return reader.total(), nil
}

// commit commits the copy, unless servers have started since: they would lose it.
func (c *siteCopy) commit(ctx context.Context) error {
	for _, d := range []end{c.source, c.target} {
		if err := d.checkUnserved(ctx); err != nil {
			return &copyFailed{d, "finish", err}
		}
	}
	if err := ctx.Err(); err != nil { // the last moment to interrupt
		return err
	}
	if err := c.target.commitCopy(); err != nil {
		c.commitUnknown = true
		return fmt.Errorf("cannot tell whether the copy was finished: %w; start it again: if %s is not empty then, it was", c.target.Explain(err), c.target)
	}
	return nil
}

// copyFailed is an error of one of the databases.
type copyFailed struct {
	at    end
	doing string // the failed action; "" if the error names it
	err   error
}

func (f *copyFailed) Error() string {
	if f.doing == "" {
		return f.err.Error()
	}
	return fmt.Sprintf("cannot %s: %v", f.doing, f.err)
}

func (f *copyFailed) Unwrap() error { return f.err }

// explain turns an error into one sentence that says why the copy failed and what to do next.
func (c *siteCopy) explain(ctx context.Context, err error) error {
	var failed *copyFailed
	switch {
	case err == nil:
		return nil
	case c.commitUnknown:
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted: nothing was copied to %s, so you can start the copy again at any time", c.target)
	case !errors.As(err, &failed):
		return err
	}
	said := &copyFailed{failed.at, failed.doing, failed.at.Explain(failed.err)}
	line := strings.Join(strings.Fields(said.Error()), " ") // a driver's message may have several lines
	if c.begun {
		line += fmt.Sprintf("; nothing was copied to %s, so fix that and start the copy again", c.target)
	}
	return errors.New(line)
}
