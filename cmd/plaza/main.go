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

	"plaza/store"
	"plaza/views"
)

// commands are all that the program does, and its flags.
type commands struct {
	Serve   serveCommand   `cmd:"" default:"withargs" help:"Run the site (what plaza does without a command)."`
	User    userCommand    `cmd:"" help:"Administer accounts without a browser."`
	Copy    copyCommand    `cmd:"" help:"Copy the site to another database: from a file to a server, or back."`
	Version versionCommand `cmd:"" help:"Print the version, the commit and the version of Go."`
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(status)
}

// run carries out one command and returns the exit status.
func run(ctx context.Context, args []string, t terminal) int {
	exit := -1 // set where kong has printed help and is done
	var cli commands
	parser := kong.Must(
		&cli,
		kong.Name("plaza"),
		kong.Description("A real-time public chat in one file. Each flag can be set in the environment too: --addr is PLAZA_ADDR."),
		kong.DefaultEnvars("PLAZA"),
		kong.Writers(t.out, t.err),
		kong.Exit(func(status int) { exit = status }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintf(t.err, "plaza: %s\n", withoutSecrets(err.Error()))
		return exitUsage
	}
	if err := parsed.Run(); err != nil {
		fmt.Fprintf(t.err, "plaza: %s\n", withoutSecrets(explain(firstLine(err))))
		return exitFailed
	}
	return 0
}

// firstLine keeps what is said of a failure to one line; errors that were joined while
// cleaning up say no more to a person.
func firstLine(err error) error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()[0]
	}
	return err
}

// explain puts an error into one line for the terminal: one of the store's in the words that people
// read on its pages, with its cause.
func explain(err error) string {
	var ours *store.Error
	if !errors.As(err, &ours) {
		return err.Error()
	}
	line := views.Sentence(ours)
	if len(ours.Fields) > 0 {
		said := views.FieldSentences(ours)
		sentences := make([]string, 0, len(said))
		for _, field := range slices.Sorted(maps.Keys(said)) {
			sentences = append(sentences, field+": "+said[field])
		}
		line = strings.Join(sentences, " ")
	}
	if ours.Err != nil {
		line += fmt.Sprintf(" (%v)", ours.Err)
	}
	return line
}
