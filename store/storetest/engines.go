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

	_ "github.com/jackc/pgx/v5/stdlib" // for Beside
	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // for Beside

	"plaza/store"
	"plaza/store/postgrestest"
)

// server is the PostgreSQL server for fresh databases. It is nil while tests run on SQLite.
var server *postgrestest.Server

// throwaway has the settings of a server whose data is worthless after a crash.
var throwaway = []string{
	"fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
}

// started is the server that start has started; nil if there is none.
var started *postgrestest.Server

// start starts the server at its first call, and makes the template database with the schema.
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

// aboutServers matches the names of tests that need several servers, in all packages. They run on
// PostgreSQL only.
const aboutServers = "^TestServers"

// OnBoth runs a package's tests on SQLite and then on PostgreSQL, and returns the exit status.
// Tests whose names match onceOnly do not depend on the database, and run on SQLite only.
//
// Under the race detector, SQLite runs only these tests: its code takes many times as long there. What
// calls it is the same as with PostgreSQL, and all tests run on SQLite without the race detector.
func OnBoth(m *testing.M, onceOnly string) int {
	flag.Parse()
	asked := flag.Lookup("test.skip").Value.String()
	skip(asked, aboutServers)
	all := flag.Lookup("test.run").Value.String()
	if WatchesRaces && all == "" && onceOnly != "" {
		set("test.run", onceOnly)
	}
	if _, err := templateFile(); err != nil { // before any test's simulated time begins
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
		set("test.run", all)
		skip(asked, onceOnly)
		server = started
		status = m.Run()
	}
	return stop(status)
}

// Once runs a package's tests once, and returns the exit status. The tests choose their databases
// themselves.
func Once(m *testing.M) int { return stop(m.Run()) }

// stop stops the server, if there is one. It returns status, or 1 if the server does not stop.
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

// skip makes the testing package skip the tests that the command line names, and those that match a
// pattern.
func skip(asked, pattern string) {
	if asked != "" {
		pattern = asked + "|" + pattern
	}
	set("test.skip", pattern)
}

// set sets a flag of the testing package.
func set(name, value string) {
	if err := flag.Set(name, value); err != nil {
		panic(err)
	}
}

// benchmarking tells whether benchmarks run instead of tests.
func benchmarking() bool {
	for _, name := range []string{"test.bench", "test.fuzz", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

// MustAddress returns the address of a fresh database of the kind that the tests run on. It has the
// schema and a new site.
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

// MustFile returns the path of a database file that does not exist.
func MustFile(t testing.TB) string {
	t.Helper()
	return filepath.Join(MustFolder(t), "plaza.db")
}

// MustFolder makes a folder in memory, and deletes it after the test. For a benchmark the folder is
// on disk, as a site's is.
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

// memory returns a folder in memory, where making a database takes a tenth of the time that a disk
// needs. It returns the empty string, for the temporary folder, if memory is short.
func memory() string {
	const folder, enough = "/dev/shm", 1 << 30
	var free unix.Statfs_t
	if unix.Statfs(folder, &free) != nil || free.Bavail*uint64(free.Bsize) < enough { //nolint:gosec // a size is positive
		return ""
	}
	return folder
}

// MustDatabase returns the address of an empty PostgreSQL database, whatever kind the tests run on.
// The package's TestMain must call OnBoth or Once.
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

// Template databases. Copying one is faster than making the schema.
const (
	withSchema  = "template"
	withNothing = "template0" // PostgreSQL's own
)

// templateFile returns the content of an SQLite file with the schema.
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

// MustServer starts a PostgreSQL server for one test, which the test may halt and restart. It has
// an empty database "plaza". It ends with the test.
func MustServer(t testing.TB, settings ...string) *postgrestest.Server {
	t.Helper()
	return MustServerWith(t, postgrestest.Options{Settings: settings})
}

// MustServerWith starts a PostgreSQL server with options, as MustServer does.
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

// Beside opens another connection to the site's database, as another program would. It is closed
// after the test.
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
