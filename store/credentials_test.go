package store_test

import (
	"net/url"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/postgrestest"
	"plaza/store/storetest"
)

// openGuarded starts a PostgreSQL server that accepts plaza only with TLS and a password. It
// returns a function for the address of a user with parameters.
func openGuarded(t *testing.T, authority *storetest.Authority) (addressOf func(user *url.Userinfo, parameters ...string) string) {
	t.Helper()
	cert, key := authority.MustSign(t, "PostgreSQL")
	server := storetest.MustServerWith(t, postgrestest.Options{
		Settings: []string{"fsync=off"}, Cert: cert, Key: key,
		Rules: []string{"hostssl all plaza 127.0.0.1/32 scram-sha-256", "host all plaza all reject"},
	})
	beside := storetest.Beside(t, server.Address("postgres"))
	for _, statement := range []string{
		`CREATE ROLE plaza LOGIN PASSWORD 's3cret/@'`,
		`ALTER DATABASE plaza OWNER TO plaza`,
	} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return func(user *url.Userinfo, parameters ...string) string {
		address, err := url.Parse(server.Address("plaza"))
		if err != nil {
			t.Fatal(err)
		}
		address.User, address.RawQuery = user, strings.Join(parameters, "&")
		return address.String()
	}
}

// The address says how to use TLS and a password. Errors name what is wrong with them, but never
// the password.
func TestServersReachPostgreSQLByTLS(t *testing.T) {
	authority, stranger := storetest.MustAuthority(t), storetest.MustAuthority(t)
	addressOf := openGuarded(t, authority)
	plaza := url.UserPassword("plaza", "s3cret/@")
	verified := "sslmode=verify-full&sslrootcert=" + authority.File
	opens := func(address string) {
		t.Helper()
		s := storetest.MustOpenAt(t, address)
		if _, err := s.SiteID(t.Context()); err != nil {
			t.Error(err)
		}
	}
	opens(addressOf(plaza, verified))
	opens(addressOf(plaza, "sslmode=require"))
	opens(addressOf(nil, "user=plaza&password=s3cret%2F%40", verified))
	t.Run("with PGPASSWORD", func(t *testing.T) {
		t.Setenv("PGPASSWORD", "s3cret/@")
		opens(addressOf(url.User("plaza"), verified))
	})
	for _, test := range []struct{ address, says string }{
		{addressOf(url.UserPassword("plaza", "s3cret"), verified), "check the name and the password"},
		{addressOf(url.User("plaza"), verified), "check the name and the password"},
		{addressOf(plaza, "sslmode=disable"), "the password and the sslmode"},
		{addressOf(plaza, "sslmode=verify-full"), "sslrootcert in its address"},
		{addressOf(plaza, "sslmode=verify-full&sslrootcert="+stranger.File), "sslrootcert in its address"},
		{addressOf(plaza, "sslmode=verify-full&sslrootcert="+authority.File+".away"), ".away"},
		{addressOf(plaza, "sslmode=perhaps"), "sslmode"},
		{addressOf(nil, "user=plaza&password=s3cret%2F%40&sslmode=perhaps"), "sslmode"},
	} {
		opened, err := store.Open(t.Context(), test.address, store.Serve)
		if err == nil {
			t.Errorf("%s opens: %v", test.address, opened.Close())
			continue
		}
		if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "s3cret") ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("the error for %s is %q, want one line with %q", test.address, err, test.says)
		}
	}
}
