package site

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/live/nats/natstest"
	"plaza/store/postgrestest"
	"plaza/store/storetest"
)

// isKept checks that a text does not contain the secret, which is in all addresses of these tests.
func isKept(t testing.TB, said string) {
	t.Helper()
	if strings.Contains(said, "s3cret") {
		t.Errorf("the text contains the secret:\n%s", said)
	}
}

// keepsSecrets checks that a command was refused with one line that has these parts, but not the secret.
func (o outcome) keepsSecrets(t testing.TB, status int, parts ...string) {
	t.Helper()
	o.isRefused(t, status, parts...)
	isKept(t, o.out+o.err)
}

// TestSecretsInBadValues checks that the error about a bad address names the flag, and not the password.
func TestSecretsInBadValues(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "plaza.db")
	const postgres = "postgres://plaza@host/plaza"
	for flag, values := range map[string][]string{
		"db": {
			"postgres://plaza:s3cret@host:notaport/db", "postgres://plaza:s3cret@[::1/db", "postgres://plaza:s3cret%@host/db",
			"postgres://plaza:12/s3cret@host/db", "postgres://plaza:12#s3cret@host/db", "postgres://plaza:12?s3cret@host/db",
			"postgres://plaza:12/s3cret@host/db?sslmode=disable", "postgres://plaza:s3 cret@ho st/db",
			"postgresq://plaza:s3cret@host/db", "mysql://plaza:s3cret@host/db", "nats://s3cret@host", "nats://host?token=s3cret",
			"host=host user=plaza password=s3cret", "password='12 s3cret' host=host", "http://host/?a=b&sslpassword=s3cret",
			"plaza:s3cret@host/db",
		},
		"nats": {
			"nats://u:s3cret@[::1", "nats://u:s3cret@host:notaport", "nats://u:s3cret%@host", "http://u:s3cret@host", "s3cret@host",
			"nats://u:12/s3cret@host", "nats://u:12,s3cret@host", "nats://u:s3cret@host?ca=/nowhere", "nats://u:s3cret@host?co=ca.pem",
			"nats://s3cret@host?creds=/nowhere", "nats://u:s3cret@host,nats://u:s3cret@",
		},
		"smtp": {
			"smtp://u:s3cret@[::1", "smtp://u:s3cret@host:notaport", "smtp://u:s3cret%@host", "http://u:s3cret@host", "u:s3cret@host",
			"smtp://u:12/s3cret@host", "smtp://u:12?s3cret@host", "smtp://u:12#s3cret@host", "smtp://:s3cret@host", "smtp://s3cret@host",
			"smtps://u:s3cret@", "smtp://host?password=s3cret",
		},
		"mail-from":       {"smtp://u:s3cret@host", "plaza:s3cret@host"},
		"addr":            {"postgres://plaza:s3cret@host:1", "nats://s3cret@host"},
		"url":             {"https://plaza:s3cret@host", "https://plaza:s3cret@[host", "https://host?token=s3cret"},
		"limits":          {"nats://u:s3cret@host"},
		"trusted-proxies": {"nats://s3cret@host"},
		"log-level":       {"nats://u:s3cret@host"},
	} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			for _, value := range values {
				given := map[string]string{"db": postgres, flag: value}
				arguments, variables := []string{"serve"}, []string{}
				for name, value := range given {
					arguments = append(arguments, "--"+name+"="+value)
					variables = append(variables, "PLAZA_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))+"="+value)
				}
				finish(t, command(t, arguments...)).keepsSecrets(t, misused, "--"+flag)
				finish(t, with(command(t), variables...)).keepsSecrets(t, misused, "--"+flag)
			}
		})
	}
	t.Run("in the wrong place", func(t *testing.T) {
		t.Parallel()
		for _, arguments := range []string{
			"postgres://plaza:s3cret@host/db", "serve postgres://plaza:s3cret@host/db", "serve nats://s3cret@host",
			"--database=postgres://plaza:s3cret@host/db", "serve --bus=nats://s3cret@host", "-dpostgres://plaza:s3cret@host/db",
			"serve --db " + file + " --nats nats://plaza:s3cret@host", "serve --db --nats nats://plaza:s3cret@host",
			"serve smtp://plaza:s3cret@host", "serve --mail smtp://plaza:s3cret@host", "serve --smtp smtp://plaza:s3cret@host",
			"copy postgres://plaza:s3cret@host/db", "copy --from postgres://plaza:s3cret@host/db",
			"copy --from postgres://plaza:s3cret@host:a/db --to " + file, "copy --from " + file + " --to postgres://plaza:s3cret@host:a/db",
			"user --db postgres://plaza:s3cret@host:a/db list", "user list postgres://plaza:s3cret@host/db",
		} {
			finish(t, command(t, strings.Fields(arguments)...)).keepsSecrets(t, misused)
		}
	})
	if _, err := os.Stat(file); err == nil {
		t.Error("the program created a database")
	}
}

// openSecret starts a PostgreSQL and a NATS server that require passwords. databaseOf and busOf return
// their addresses with a user's name and password.
func openSecret(t *testing.T) (database *postgrestest.Server, databaseOf func(user string) string, bus *natstest.Server, busOf func(user string) string) {
	t.Helper()
	database = storetest.MustServerWith(t, postgrestest.Options{
		Settings: []string{"fsync=off"}, Rules: []string{"host all plaza all scram-sha-256"},
	})
	beside := storetest.Beside(t, database.Address("postgres"))
	for _, statement := range []string{`CREATE ROLE plaza LOGIN PASSWORD 's3cret'`, `ALTER DATABASE plaza OWNER TO plaza`} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	bus, err := natstest.Start(func(o *server.Options) {
		o.Users = []*server.User{{Username: "plaza", Password: "s3cret"}}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Stop)
	of := func(address, here string) func(string) string {
		return func(user string) string { return strings.Replace(address, here, "://"+user+"@", 1) }
	}
	return database, of(database.Address("plaza"), "://postgres@"), bus, of(bus.Address(), "://")
}

// TestServersKeepSecretsOfADatabaseThatIsAway checks that the error about a database that cannot be
// opened does not contain its password.
func TestServersKeepSecretsOfADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	_, databaseOf, _, busOf := openSecret(t)
	right := databaseOf("plaza:s3cret")
	nowhere := "postgres://plaza:s3cret@" + e2etest.FreeAddress(t) + "/plaza"
	for _, test := range []struct{ address, says string }{
		{nowhere, "cannot reach"},
		{nowhere + "?sslpassword=s3cret", "cannot reach"},
		{databaseOf("plaza:s3cret-no-more"), "refuses this user"},
		{strings.Replace(right, "/plaza?", "/nothing?", 1), "createdb"},
		{strings.Replace(right, "disable", "verify-full", 1), "cannot reach"},
		{strings.Replace(right, "disable", "perhaps", 1), "sslmode"},
		{right + "&sslrootcert=/nowhere&sslmode=verify-ca", ""},
		{right + "&password=s3cret-no-more&sslpassword=s3cret-too", ""},
	} {
		for _, arguments := range [][]string{
			{"serve", "--log-level=debug", "--addr=" + e2etest.FreeAddress(t), "--nats=" + busOf("plaza:s3cret"), "--db=" + test.address},
			{"user", "list", "--db=" + test.address},
			{"copy", "--from=" + test.address, "--to=" + filepath.Join(t.TempDir(), "plaza.db")},
		} {
			finish(t, command(t, arguments...)).keepsSecrets(t, failed, test.says)
		}
	}
}

// startLogged starts a site that logs everything to a file. logged returns the file's content.
func startLogged(t *testing.T, database, bus string) (s *e2etest.Site, logged func() string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	s = e2etest.New(t)
	s.Database = database
	s.Change = func(c *exec.Cmd) { c.Stderr = file }
	s.Start("--log-level", "debug", "--nats", bus)
	return s, func() string {
		log, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(log)
	}
}

// TestServersKeepSecretsWhileTheyRun checks that sites that log everything never log the passwords of
// NATS and PostgreSQL, while both go away and come back.
func TestServersKeepSecretsWhileTheyRun(t *testing.T) {
	t.Parallel()
	database, databaseOf, bus, busOf := openSecret(t)
	token, err := natstest.Start(func(o *server.Options) { o.Authorization = "s3cret" })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(token.Stop)
	of := strings.Replace(token.Address(), "://", "://s3cret@", 1)
	sites, logs := []*e2etest.Site{}, []func() string{}
	for _, bus := range []string{
		busOf("plaza:s3cret"), of, busOf("plaza:s3cret-no-more"), "nats://s3cret@" + e2etest.FreeAddress(t),
		"tls://plaza:s3cret@" + strings.TrimPrefix(bus.Address(), "nats://"),
	} {
		s, logged := startLogged(t, databaseOf("plaza:s3cret"), bus)
		sites, logs = append(sites, s), append(logs, logged)
	}
	each := func(what string, holds func(i int) bool) {
		t.Helper()
		for i := range sites {
			e2etest.Eventually(t, what, func() bool { return holds(i) })
		}
	}
	says := func(i int, times int, what string) bool { return strings.Count(logs[i](), what) >= times }
	each("the log says whether NATS is there", func(i int) bool { return i < 2 && says(i, 1, "NATS is there") || i >= 2 && says(i, 1, "NATS is away") })
	ada := sites[0].Newcomer("ada")
	sites[0].MustPost(ada, "hello")

	for _, away := range []*natstest.Server{bus, token} {
		away.Stop()
	}
	each("the log says that NATS is away", func(i int) bool { return says(i, 1, "NATS is away") })
	for _, away := range []*natstest.Server{bus, token} {
		if err := away.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	each("the log says that NATS is back", func(i int) bool { return i >= 2 || says(i, 2, "NATS is there") })

	if err := database.Halt(); err != nil {
		t.Fatal(err)
	}
	each("the site is unhealthy without PostgreSQL", func(i int) bool { return !sites[i].IsHealthy() })
	if status, err := sites[0].Post(ada, "into the void", "into the void"); err == nil && status < 500 {
		t.Errorf("without PostgreSQL, the answer to a post has status %d", status)
	}
	if err := database.Restart(); err != nil {
		t.Fatal(err)
	}
	each("the site is healthy with PostgreSQL again", func(i int) bool { return sites[i].IsHealthy() })
	sites[0].MustPost(ada, "hello again")
	for i, s := range sites {
		if status := s.Stop(); status != 0 {
			t.Errorf("exit status %d", status)
		}
		isKept(t, s.Greeting+logs[i]())
	}
}
