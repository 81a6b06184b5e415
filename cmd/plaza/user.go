package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"plaza/store"
)

type userCommand struct {
	DB            databaseAddress      `name:"db" default:"plaza.db" placeholder:"FILE" help:"The SQLite file, or a postgres:// address (${default})."`
	List          listUsers            `cmd:"" help:"List all accounts."`
	Create        createUser           `cmd:"" help:"Create an account, with a password from the terminal or standard input."`
	ResetPassword resetPasswordCommand `cmd:"" help:"Give an account a new password and sign it out everywhere. Two-step sign-in stays on."`
	RemoveFactor  removeSecondFactor   `cmd:"" name:"remove-second-factor" help:"Turn two-step sign-in off for somebody who has lost the app and the recovery codes."`
}

// withStore calls do with the site's database. A server may be running on it.
func (cmd *userCommand) withStore(ctx context.Context, do func(*store.Store) error) error {
	if cmd.DB.isMissing() {
		return fmt.Errorf("there is no database %s: name it with --db", cmd.DB)
	}
	database, err := store.Open(ctx, string(cmd.DB), store.Admin)
	if err != nil {
		return err
	}
	return errors.Join(do(database), database.Close())
}

type listUsers struct{}

func (listUsers) Run(ctx context.Context, t terminal, parent *userCommand) error {
	return parent.withStore(ctx, func(database *store.Store) error {
		users, err := database.Users(ctx)
		if err != nil {
			return err
		}
		states, err := database.MailStates(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "USERNAME\tEMAIL\tROLE\tSINCE\tMAIL")
		for _, user := range users {
			since := user.CreatedAt.UTC().Format(time.DateOnly)
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", user.Username, user.Email, user.Role, since, mailState(states[user.ID]))
		}
		return table.Flush()
	})
}

// mailState returns in words whether mail comes to an account.
func mailState(state store.MailState) string {
	switch {
	case state.Refused != 0:
		return fmt.Sprintf("refused with %d on %s", state.Refused, state.RefusedAt.UTC().Format(time.DateOnly))
	case state.Verified:
		return "verified"
	}
	return "not verified"
}

type createUser struct {
	Username string `arg:"" help:"2 to 32 letters, digits, _, - or . characters."`
	Email    string `arg:"" help:"An address that no other account has."`
}

func (cmd *createUser) Run(ctx context.Context, t terminal, parent *userCommand) error {
	return parent.withStore(ctx, func(database *store.Store) error {
		password, err := readPassword(t)
		if err != nil {
			return err
		}
		user, err := database.CreateUser(ctx, store.NewUser{Username: cmd.Username, Email: cmd.Email, Password: password})
		if err == nil {
			fmt.Fprintf(t.out, "%s has an account now, as %s.\n", user.Username, user.Role)
		}
		return err
	})
}

type resetPasswordCommand struct {
	Username string `arg:"" help:"The account to change."`
}

func (cmd *resetPasswordCommand) Run(ctx context.Context, t terminal, parent *userCommand) error {
	return parent.withStore(ctx, func(database *store.Store) error {
		password, err := readPassword(t)
		if err != nil {
			return err
		}
		if err = database.ResetPassword(ctx, cmd.Username, password); err == nil {
			fmt.Fprintf(t.out, "%s has a new password and is signed out everywhere.\n", cmd.Username)
		}
		return err
	})
}

type removeSecondFactor struct {
	Username string `arg:"" help:"The account to change."`
}

func (cmd *removeSecondFactor) Run(ctx context.Context, t terminal, parent *userCommand) error {
	return parent.withStore(ctx, func(database *store.Store) error {
		err := database.RemoveSecondFactor(ctx, cmd.Username)
		if err == nil {
			fmt.Fprintf(t.out, "%s signs in with the password alone now.\n", cmd.Username)
		}
		return err
	})
}

// readPassword asks for a password on a terminal, without showing it. If the input is not a terminal,
// readPassword takes its first line.
func readPassword(t terminal) (string, error) {
	if file, ok := t.in.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(t.err, "New password: ")
		password, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(t.err)
		return string(password), err
	}
	line, err := bufio.NewReader(t.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
