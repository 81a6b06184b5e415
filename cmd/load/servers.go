package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"plaza/handlers/live/nats/natstest"
	"plaza/store/postgrestest"
)

// maxServers is the most servers to measure.
const maxServers = 3

// busCommand makes this program run as the NATS server. In a process of its own, its processor time can
// be measured.
const busCommand = "bus"

// serveBus prints its address and serves until a signal ends the process.
func serveBus(out io.Writer) error {
	bus, err := natstest.Start()
	if err != nil {
		return err
	}
	fmt.Fprintln(out, bus.Address())
	select {}
}

// shared is one site on several servers, with a PostgreSQL and a NATS server of its own. A site on
// SQLite has one server, and postgres and bus are nil.
type shared struct {
	sites    []*site
	postgres *postgrestest.Server
	bus      *exec.Cmd
}

// startShared starts one site on several servers.
func startShared(ctx context.Context, binary string, servers int) (s *shared, err error) {
	s = &shared{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	if s.postgres, err = postgrestest.Start(); err != nil { // with fsync on, as in production
		return s, err
	}
	if err := s.postgres.Create(ctx, "plaza"); err != nil {
		return s, err
	}
	self, err := os.Executable()
	if err != nil {
		return s, err
	}
	s.bus = exec.CommandContext(ctx, self, busCommand) //nolint:gosec // this program
	out, err := s.bus.StdoutPipe()
	if err != nil {
		return s, err
	}
	if err := s.bus.Start(); err != nil {
		return s, err
	}
	bus, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return s, err
	}
	version := new(atomic.Int64)
	for i := range servers {
		one := &site{
			address: addressOf(1 + i), version: version,
			database: []string{"--db", s.postgres.Address("plaza"), "--nats", strings.TrimSpace(bus)},
		}
		if err := one.start(ctx, binary); err != nil {
			return s, err
		}
		s.sites = append(s.sites, one)
	}
	if err := s.sites[0].populate(ctx); err != nil {
		return s, err
	}
	for _, one := range s.sites {
		one.cookies = s.sites[0].cookies
	}
	return s, nil
}

func (s *shared) stop() (err error) {
	for _, one := range s.sites {
		err = errors.Join(err, one.stop())
	}
	if s.bus != nil && s.bus.Process != nil {
		err = errors.Join(err, end(s.bus))
	}
	if s.postgres != nil {
		err = errors.Join(err, s.postgres.Stop())
	}
	return err
}

// read implements target. It spreads readers over the servers.
func (s *shared) read(i int) (*bufio.Reader, net.Conn, error) {
	return s.sites[i%len(s.sites)].read(i)
}

// author implements target. It spreads authors over the servers.
func (s *shared) author(i int) (func(body string) error, io.Closer, error) {
	return s.sites[i%len(s.sites)].author(i)
}

func (s *shared) pid() int { return s.sites[0].pid() }

// meter returns the processor time of plaza, PostgreSQL and NATS so far, in this order.
func (s *shared) meter() ([]time.Duration, error) {
	used := make([]time.Duration, 3)
	for _, one := range s.sites {
		plaza, err := processor(one.pid())
		if err != nil {
			return nil, err
		}
		used[0] += plaza
	}
	if s.postgres == nil {
		return used, nil
	}
	var err error
	if used[1], err = familyProcessor(s.postgres.Pid()); err != nil {
		return nil, err
	}
	used[2], err = processor(s.bus.Process.Pid)
	return used, err
}

// familyProcessor returns the processor time of a process and its children that still run.
func familyProcessor(parent int) (time.Duration, error) {
	used, err := processor(parent)
	if err != nil {
		return 0, err
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err != nil {
		return 0, err
	}
	for child := range strings.FieldsSeq(string(children)) {
		pid, err := strconv.Atoi(child)
		if err != nil {
			return 0, err
		}
		one, err := processor(pid)
		if errors.Is(err, fs.ErrNotExist) {
			continue // the child has ended
		}
		if err != nil {
			return 0, err
		}
		used += one
	}
	return used, nil
}

// runServers measures one server on SQLite, then one to maxServers servers on PostgreSQL and NATS.
func runServers(ctx context.Context, out io.Writer, o options) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	const head = "to %d readers\tposts/s\tdeliveries/s\tplaza, µs a delivery\tµs a post: plaza\tPostgreSQL\tNATS\n"
	fmt.Fprintf(table, head, o.readers)
	for servers := range maxServers + 1 {
		name := fmt.Sprintf("%d on PostgreSQL and NATS", servers)
		start := func() (*shared, error) { return startShared(ctx, o.binary, servers) }
		if servers == 0 {
			name = "1 on SQLite"
			start = func() (*shared, error) {
				one, err := startSite(ctx, o.binary)
				return &shared{sites: []*site{one}}, err
			}
		}
		if err := measureShared(ctx, table, o, name, start); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return table.Flush()
}

func measureShared(
	ctx context.Context, out io.Writer, o options, name string, start func() (*shared, error),
) (err error) {
	s, err := start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	heard, err := talkTo(ctx, s, o.readers, o.window, s.meter)
	if err != nil {
		return err
	}
	perPost := func(i int) float64 { return heard.used[i].Seconds() * 1e6 / heard.posts }
	_, err = fmt.Fprintf(out, "%s\t%.0f\t%.0f\t%.1f\t%.0f\t%.0f\t%.0f\n",
		name, heard.posts/o.window.Seconds(), heard.deliveries/o.window.Seconds(),
		heard.used[0].Seconds()*1e6/heard.deliveries, perPost(0), perPost(1), perPost(2))
	return err
}
