package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // so that Beside can reach PostgreSQL
	_ "modernc.org/sqlite"

	"plaza/store"
	"plaza/store/postgrestest"
)

// server is where fresh databases are made; nil where they are files.
var server *postgrestest.Server

// start starts the server, once it is needed.
var start = sync.OnceValues(func() (*postgrestest.Server, error) { return postgrestest.Start("fsync=off") })

// aboutServers names the tests of sites on several servers, in any package: they are run on
// PostgreSQL alone.
const aboutServers = "^TestServers"

// OnBoth runs a package's tests on SQLite and then on PostgreSQL, and returns the exit status.
// What has nothing to do with a server is named by a pattern, and run on SQLite alone.
func OnBoth(m *testing.M, onceOnly string) int {
	flag.Parse()
	asked := flag.Lookup("test.skip").Value.String()
	skip(asked, aboutServers)
	status := m.Run()
	if benchmarking() {
		return status
	}
	started, err := start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot test on PostgreSQL:", err)
		return 1
	}
	if status == 0 {
		fmt.Println("on PostgreSQL:")
		skip(asked, onceOnly)
		server = started
		status = m.Run()
	}
	if err := started.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "cannot stop PostgreSQL:", err)
		return 1
	}
	return status
}

// skip leaves tests out: those that were asked for at the command line, and those of a pattern.
func skip(asked, pattern string) {
	if asked != "" {
		pattern = asked + "|" + pattern
	}
	if err := flag.Set("test.skip", pattern); err != nil {
		panic(err)
	}
}

// benchmarking tells whether the tests are not what is run.
func benchmarking() bool {
	for _, name := range []string{"test.bench", "test.fuzz", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

// MustAddress returns the address of a fresh database that nobody has opened: on what the tests
// are run on.
func MustAddress(t testing.TB) string {
	t.Helper()
	if server == nil {
		return MustFile(t)
	}
	return MustDatabase(t)
}

// MustFile returns the path of a database that is yet to be made.
func MustFile(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "plaza.db")
}

// MustDatabase returns the address of a fresh database on PostgreSQL, whatever the tests are run
// on; only a package whose tests are run by OnBoth can ask.
func MustDatabase(t testing.TB) string {
	t.Helper()
	started, err := start()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	name := "test_" + rand.Text()
	if err := started.Create(context.Background(), name); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	return started.Address(name)
}

// MustServer starts a PostgreSQL server of the test's own, to be halted and restarted, with an
// empty database "plaza"; it ends with the test.
func MustServer(t testing.TB, settings ...string) *postgrestest.Server {
	t.Helper()
	return MustServerWith(t, postgrestest.Options{Settings: settings})
}

// MustServerWith starts one that is different.
func MustServerWith(t testing.TB, options postgrestest.Options) *postgrestest.Server {
	t.Helper()
	own, err := postgrestest.StartWith(options)
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := own.Stop(); err != nil {
			t.Errorf("stop PostgreSQL: %v", err)
		}
	})
	if err := own.Create(context.Background(), "plaza"); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	return own
}

// Beside opens a database beside the site, as another program would, until the test's end.
func Beside(t testing.TB, address string) *sql.DB {
	t.Helper()
	driver, source := "sqlite", "file:"+address+"?_txlock=immediate&_pragma=busy_timeout(20000)"
	if store.IsPostgres(address) {
		driver, source = "pgx", address
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close %s: %v", address, err)
		}
	})
	return db
}
