// Command load measures plaza on this machine, beside a bare program that only writes as many bytes to
// as many connections. The ratio shows how close plaza comes to the machine's limit. The command
// connects to no other machine, and ends by itself.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// options says what to measure, with which load and for how long.
type options struct {
	binary  string
	readers int
	rate    int // messages a second
	window  time.Duration
}

// gap returns the time between two messages at the rate.
func (o options) gap() time.Duration { return time.Second / time.Duration(o.rate) }

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case bareCommand:
			exitOn(serveBare(os.Stdout))
			return
		case busCommand:
			exitOn(serveBus(os.Stdout))
			return
		}
	}
	var o options
	flag.StringVar(&o.binary, "binary", "bin/plaza", "the plaza binary to measure")
	flag.IntVar(&o.readers, "readers", 1000, "how many sockets read the chat")
	flag.IntVar(&o.rate, "rate", 20, "messages a second, for figures at a fixed rate")
	flag.DurationVar(&o.window, "time", 4*time.Second, "how long to measure each figure")
	servers := flag.Bool("servers", false,
		"instead measure one server on SQLite, then one to three servers of a site on PostgreSQL and NATS")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *servers {
		exitOn(runServers(ctx, os.Stdout, o))
		return
	}
	exitOn(run(ctx, os.Stdout, o))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// figure is a line of the table.
type figure struct {
	what        string
	plaza, bare string
	ratio       float64 // 0: there is nothing to compare with
}

func run(ctx context.Context, out io.Writer, o options) (err error) {
	plaza, err := startSite(ctx, o.binary)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plaza.stop()) }()
	bare, err := startBare(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()

	var figures []figure
	for _, measure := range []func(context.Context, options, *site, *bareProgram) ([]figure, error){
		measureMemory, measureTalk, measureLatency, measurePages, measureReturn,
	} {
		found, err := measure(ctx, o, plaza, bare)
		if err != nil {
			return err
		}
		figures = append(figures, found...)
	}
	return show(out, figures)
}

func show(out io.Writer, figures []figure) error {
	fmt.Fprintf(out, "%d cores, %s, %s/%s\n\n", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tplaza\tbare\tratio")
	for _, f := range figures {
		ratio := ""
		if f.ratio != 0 {
			ratio = fmt.Sprintf("%.2f", f.ratio)
		}
		fmt.Fprintln(table, strings.Join([]string{f.what, f.plaza, f.bare, ratio}, "\t"))
	}
	return table.Flush()
}
