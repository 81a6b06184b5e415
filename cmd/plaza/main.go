// Command plaza is a real-time public chat in one file.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"plaza/handlers/shrink"
	"plaza/store"
	"plaza/views"
)

// commands lists what the program does, with the flags of each command.
type commands struct {
	Serve     serveCommand     `cmd:"" default:"withargs" help:"Run the site (what plaza does without a command)."`
	User      userCommand      `cmd:"" help:"Administer accounts without a browser."`
	SetupLink setupLinkCommand `cmd:"" help:"Print the address that makes the owner's account; earlier ones stop working."`
	Check     checkCommand     `cmd:"" help:"Say what stands in the way of a site by its name: DNS, ports, certificates, mail, disk."`
	Copy      copyCommand      `cmd:"" help:"Copy the site to another database: from a file to a server, or back."`
	Version   versionCommand   `cmd:"" help:"Print the version, the commit and the version of Go."`

	VersionFlag versionFlag `name:"version" env:"-" help:"Print the version, the commit and the version of Go."`
}

// Exit statuses.
const (
	exitFailed = 1
	exitUsage  = 2
)

// terminal is what a command reads from and writes to.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	shrink.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr})
	stop()
	if err == nil {
		return
	}
	fmt.Fprintf(os.Stderr, "plaza: %s\n", withoutSecrets(describe(err)))
	var usage *kong.ParseError
	if errors.As(err, &usage) {
		os.Exit(exitUsage)
	}
	os.Exit(exitFailed)
}

// run carries out one command. Its error is a *kong.ParseError if args are wrong, and may repeat
// a password that args or the environment contain.
func run(ctx context.Context, args []string, t terminal) error {
	answered := false // args ask for the help or the version, which is printed
	var cli commands
	parser := kong.Must(
		&cli,
		kong.Name("plaza"),
		kong.Description("A real-time public chat in one file. "+
			"Each flag can be set in the environment too: --addr is PLAZA_ADDR."),
		kong.DefaultEnvars("PLAZA"),
		kong.Writers(t.out, t.err),
		kong.Exit(func(int) { answered = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	parsed, err := parser.Parse(args)
	if answered {
		return nil
	}
	if err != nil {
		return err
	}
	return parsed.Run()
}

// describe puts an error into one line for the terminal. An error of the store gets the sentence
// that the site's pages show for it, and its cause. Of joined errors only the first counts: the
// others come from cleaning up.
func describe(err error) string {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		err = joined.Unwrap()[0]
	}
	var ours *store.Error
	if !errors.As(err, &ours) {
		return err.Error()
	}
	line := views.Sentence(ours)
	if len(ours.Fields) > 0 {
		byField := views.FieldSentences(ours)
		sentences := make([]string, 0, len(byField))
		for _, field := range slices.Sorted(maps.Keys(byField)) {
			sentences = append(sentences, field+": "+byField[field])
		}
		line = strings.Join(sentences, " ")
	}
	if ours.Err != nil {
		line += fmt.Sprintf(" (%v)", ours.Err)
	}
	return line
}
