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
	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // so that Beside can reach a file

	"plaza/store"
	"plaza/store/postgrestest"
)

// server is where fresh databases are made; nil where they are files.
var server *postgrestest.Server

// throwaway are settings of a server whose data nobody needs after a crash.
var throwaway = []string{
	"fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
}

// started is what start has started.
var started *postgrestest.Server

// start starts the server, once it is needed, and makes the database with the schema.
var start = sync.OnceValues(func() (*postgrestest.Server, error) {
	var err error
	started, err = postgrestest.StartWith(postgrestest.Options{Folder: memory(), Settings: throwaway})
	if err == nil {
		err = started.Create(context.Background(), withSchema)
	}
	if err == nil {
		err = makeSchema(started.Address(withSchema))
	}
	return started, err
})

// aboutServers names the tests of sites on several servers, in any package: they are run on
// PostgreSQL alone.
const aboutServers = "^TestServers"

// OnBoth runs a package's tests on SQLite and then on PostgreSQL, and returns the exit status.
// What has nothing to do with a server is named by a pattern, and run on SQLite alone.
func OnBoth(m *testing.M, onceOnly string) int {
	flag.Parse()
	asked := flag.Lookup("test.skip").Value.String()
	skip(asked, aboutServers)
	if _, err := templateFile(); err != nil { // in no test's simulated time
		fmt.Fprintln(os.Stderr, "cannot make a file:", err)
		return 1
	}
	status := m.Run()
	if status == 0 && !benchmarking() {
		if _, err := start(); err != nil {
			fmt.Fprintln(os.Stderr, "cannot test on PostgreSQL:", err)
			return stop(1)
		}
		fmt.Println("on PostgreSQL:")
		skip(asked, onceOnly)
		server = started
		status = m.Run()
	}
	return stop(status)
}

// Once runs tests that name their databases themselves, and returns the exit status.
func Once(m *testing.M) int { return stop(m.Run()) }

// stop stops the server, if there is one.
func stop(status int) int {
	if started == nil {
		return status
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

// MustAddress returns the address of a fresh database, with its schema and nothing in it: on what
// the tests are run on.
func MustAddress(t testing.TB) string {
	t.Helper()
	if server != nil {
		return mustCreate(t, withSchema)
	}
	content, err := templateFile()
	if err != nil {
		t.Fatalf("make a file: %v", err)
	}
	path := MustFile(t)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// MustFile returns the path of a database that is yet to be made.
func MustFile(t testing.TB) string {
	t.Helper()
	return filepath.Join(MustFolder(t), "plaza.db")
}

// MustFolder makes a folder in memory, until the test's end. A benchmark's is on disk, as a site's is.
func MustFolder(t testing.TB) string {
	t.Helper()
	if _, benchmark := t.(*testing.B); benchmark {
		return t.TempDir()
	}
	folder, err := os.MkdirTemp(memory(), "plaza-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// memory is a folder in memory, where a database is made in a tenth of the time that a disk needs.
// It is "", for temporary files, where memory is short.
func memory() string {
	const folder, enough = "/dev/shm", 1 << 30
	var free unix.Statfs_t
	if unix.Statfs(folder, &free) != nil || free.Bavail*uint64(free.Bsize) < enough { //nolint:gosec // a size is positive
		return ""
	}
	return folder
}

// MustDatabase returns the address of an empty database on PostgreSQL, whatever the tests are run
// on; only a package whose tests OnBoth or Once runs can ask.
func MustDatabase(t testing.TB) string {
	t.Helper()
	return mustCreate(t, withNothing)
}

func mustCreate(t testing.TB, template string) string {
	t.Helper()
	started, err := start()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	name := "test_" + rand.Text()
	if err := started.CreateFrom(context.Background(), template, name); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	t.Cleanup(func() {
		if err := started.Drop(context.Background(), name); err != nil {
			t.Errorf("drop a database: %v", err)
		}
	})
	return started.Address(name)
}

// The databases that others are copies of: to make the schema takes longer.
const (
	withSchema  = "template"
	withNothing = "template0" // PostgreSQL's own
)

// templateFile returns what is in a file with the schema.
var templateFile = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp(memory(), "plaza-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "plaza.db")
	if err := makeSchema(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // made here
})

func makeSchema(address string) error {
	s, err := store.Open(context.Background(), address, store.Serve)
	if err != nil {
		return err
	}
	return s.Close()
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
	options.Folder = memory()
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
