package main

import (
	"context"
	"fmt"

	"plaza/store/copy"
)

type copyCommand struct {
	From databaseAddress `required:"" placeholder:"FILE" help:"The database of the site: an SQLite file, or a postgres:// address. It stays as it is."`
	To   databaseAddress `required:"" placeholder:"FILE" help:"An empty database, or a file that does not exist."`
}

// Run copies all of the site or nothing, and prints the command that serves the copy.
func (cmd *copyCommand) Run(ctx context.Context, t terminal) error {
	progress := newCopyProgress(t.out)
	copied, err := copy.Copy(ctx, string(cmd.From), string(cmd.To), progress.show)
	progress.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "Copied and checked: %s, %s. The site is in %s now: plaza serve --db '%s'\n",
		count(copied["users"], "account"), count(copied["messages"], "message"), cmd.To, cmd.To)
	return nil
}
