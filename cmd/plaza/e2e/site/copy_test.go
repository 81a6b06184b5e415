package site

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
	"plaza/store/storetest"
)

// aSite is the number of messages of a site to copy. Each takes about 6 kB.
const aSite = 2000

// mustFill makes a site with one account and aSite messages, stops it, and returns its file.
func mustFill(t *testing.T) string {
	t.Helper()
	s := e2etest.Open(t)
	s.Newcomer("ada")
	if status := s.Stop(); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	execute(t, s.Database, fmt.Sprintf(`
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
		SELECT 1, i, i, 1, hex(randomblob(16)), hex(randomblob(1500)), hex(randomblob(1500)), '', '', 1, false, 1700000000000 FROM n`, aSite))
	execute(t, s.Database, fmt.Sprintf(`UPDATE rooms SET version = %d`, aSite))
	return s.Database
}

// isWhole checks that a copy has all messages, and that the program serves it.
func isWhole(t *testing.T, address string) {
	t.Helper()
	driver := "sqlite"
	if store.IsPostgres(address) {
		driver = "pgx"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var found int
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM messages`).Scan(&found); err != nil || found != aSite {
		t.Errorf("the copy has %d messages, %v, want %d", found, err, aSite)
	}
	s := e2etest.New(t)
	s.Database = address
	s.Start()
	s.MustPost(s.SignIn("ada"), "hello again")
	s.MustPost(s.Register("bob"), "who is there?")
	var last, author int
	if err := db.QueryRowContext(t.Context(), `SELECT version, author_id FROM messages ORDER BY seq DESC LIMIT 1`).Scan(&last, &author); err != nil || last != aSite+2 || author != 2 {
		t.Errorf("the second message after the copy has version %d and author %d, %v", last, author, err)
	}
	s.Kill()
}

// dam is a proxy in front of a server. It carries a number of bytes on each connection, and no more.
type dam struct {
	server string
	holds  int // bytes of a connection in each direction; 0: no limit

	mu     sync.Mutex
	filled bool
	pipes  []net.Conn
}

// dammed returns a dam, and the address of a server behind it.
func dammed(t *testing.T, address string, holds int) (string, *dam) {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &dam{server: parsed.Host, holds: holds}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", d.server)
			if err != nil {
				_ = near.Close()
				continue
			}
			d.mu.Lock()
			d.pipes = append(d.pipes, near, far)
			d.mu.Unlock()
			running.Go(func() { d.run(far, near) })
			running.Go(func() { d.run(near, far) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		d.cut()
		running.Wait()
	})
	parsed.Host = listener.Addr().String()
	return parsed.String(), d
}

// run carries one direction of a connection. When the dam is full, both ends stay open.
func (d *dam) run(to, from net.Conn) {
	if _, err := io.CopyN(to, from, int64(d.holds)); err != nil {
		_, _ = to.Close(), from.Close()
		return
	}
	d.mu.Lock()
	d.filled = true
	d.mu.Unlock()
}

func (d *dam) isFull() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.filled
}

// cut ends all connections.
func (d *dam) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, pipe := range d.pipes {
		_ = pipe.Close()
	}
}

// TestCopyEndsInTheMiddle checks that a copy can start again after an earlier one ended in the middle.
func TestCopyEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	file, server := mustFill(t), storetest.MustServer(t, "fsync=off").Address("plaza")
	ends := []struct {
		name string
		end  func(*exec.Cmd, *dam) error
		says []string // nil: the program has no time to print an error
	}{
		{"killed", func(c *exec.Cmd, _ *dam) error { return c.Process.Kill() }, nil},
		{"interrupted", func(c *exec.Cmd, _ *dam) error { return c.Process.Signal(os.Interrupt) }, []string{"interrupted", "start the copy again"}},
		{"cut off", func(_ *exec.Cmd, d *dam) error {
			d.cut()
			return nil
		}, []string{"connection", "lost", "start the copy again"}},
	}
	inTheMiddle := func(from, to string, d *dam, end func(*exec.Cmd, *dam) error, says []string) {
		t.Helper()
		c := command(t, "copy", "--from", from, "--to", to)
		var said bytes.Buffer
		c.Stderr = &said
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		e2etest.Eventually(t, "half of the site is copied", d.isFull)
		if err := end(c, d); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait()
		d.cut()
		if says != nil {
			outcome{err: said.String(), status: c.ProcessState.ExitCode()}.isRefused(t, failed, says...)
		} else if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
			t.Errorf("the program ended by itself: %s", &said)
		}
	}
	const half = aSite * 6000 / 2
	for _, test := range ends {
		reached, d := dammed(t, server, half)
		inTheMiddle(file, reached, d, test.end, test.says)
	}
	finish(t, command(t, "copy", "--from", file, "--to", server)).succeeds(t)
	for _, test := range ends {
		back := filepath.Join(t.TempDir(), "back.db")
		reached, d := dammed(t, server, half)
		inTheMiddle(reached, back, d, test.end, test.says)
		finish(t, command(t, "copy", "--from", server, "--to", back)).succeeds(t)
		isWhole(t, back)
	}
	isWhole(t, server)
}

func TestCopySaysHowFarItIs(t *testing.T) {
	t.Parallel()
	file, server := mustFill(t), storetest.MustServer(t, "fsync=off").Address("plaza")
	parsed, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	parsed.User = url.UserPassword(parsed.User.Username(), "hush-1")
	parsed.RawQuery += "&password=hush-2"
	back := filepath.Join(t.TempDir(), "back.db")
	there := finish(t, command(t, "copy", "--from", file, "--to", parsed.String())).succeeds(t)
	again := finish(t, command(t, "copy", "--from", parsed.String(), "--to", back)).succeeds(t)
	for _, said := range []string{there, again} {
		for _, line := range []string{
			"copying users: 1 row", "copying messages: 2,000 rows", "checking site events: 0 rows", "checking messages: 2,000 rows",
		} {
			if strings.Count(said, line+"\n") != 1 {
				t.Errorf("it does not print %q once: %s", line, said)
			}
		}
		lines := strings.Split(strings.TrimSpace(said), "\n")
		if last := lines[len(lines)-1]; !strings.Contains(last, "1 account, 2,000 messages") || !strings.Contains(last, "plaza serve --db ") {
			t.Errorf("the last line is %q", last)
		}
		if strings.ContainsAny(said, "\r\x1b") || strings.Contains(said, "hush") {
			t.Errorf("it prints %q", said)
		}
	}
	refused := finish(t, command(t, "copy", "--from", file, "--to", parsed.String()))
	refused.isRefused(t, failed, "not empty")
	if strings.Contains(refused.err, "hush") {
		t.Errorf("it prints %q", refused.err)
	}
}

func TestCopyAtATerminal(t *testing.T) {
	t.Parallel()
	file := mustFill(t)
	person, program := openTerminal(t)
	c := command(t, "copy", "--from", file, "--to", filepath.Join(t.TempDir(), "to.db"))
	c.Stdout, c.Stderr = program, program
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	_ = program.Close() // so that reading ends, with EIO
	shown, _ := io.ReadAll(person)
	if err := c.Wait(); err != nil {
		t.Errorf("%v: %s", err, shown)
	}
	if !regexp.MustCompile(`\[-{24}\] copying messages: 0 of 2,000 rows \(0%\)`).Match(shown) ||
		!regexp.MustCompile(`\[#{24}\] checking messages: 2,000 rows`).Match(shown) ||
		!regexp.MustCompile(`\r\x1b\[KCopied and checked: [^\r]*\r\n$`).Match(shown) {
		t.Errorf("the terminal shows %q", shown)
	}
}

func TestCopyIsRefused(t *testing.T) {
	t.Parallel()
	s, missing, fresh := e2etest.Open(t), filepath.Join(t.TempDir(), "missing.db"), filepath.Join(t.TempDir(), "fresh.db")
	s.Newcomer("ada")
	copyOf := func(from, to string) outcome { return finish(t, command(t, "copy", "--from", from, "--to", to)) }
	copyOf(s.Database, fresh).isRefused(t, failed, s.Database, "stop it first")
	copyOf(missing, fresh).isRefused(t, failed, "there is no database "+missing)
	copyOf(s.Database, "mysql://host/plaza").isRefused(t, misused, "--to")
	copyOf("postgres://", fresh).isRefused(t, misused, "--from")
	finish(t, command(t, "copy", "--to", fresh)).isRefused(t, misused, "--from")
	finish(t, command(t, "copy", "--from", missing)).isRefused(t, misused, "--to")
	for _, path := range []string{missing, fresh} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("the copy created %s", path)
		}
	}
	s.MustPost(s.SignIn("ada"), "still here")
	if status := s.Stop(); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	copyOf(s.Database, fresh).succeeds(t)
	to := e2etest.New(t)
	to.Database = fresh
	to.Start()
	copyOf(s.Database, fresh).isRefused(t, failed, fresh, "stop it first")
	to.Holds([]string{"still here"})
}
