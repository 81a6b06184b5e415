package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

func TestFirstUserOwnsTheSite(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	if ada := storetest.MustUser(t, s, "ada"); ada.Role != store.Owner {
		t.Errorf("the first account is %q, want owner", ada.Role)
	}
	if bob := storetest.MustUser(t, s, "bob"); bob.Role != store.Member {
		t.Errorf("the second account is %q, want member", bob.Role)
	}
}

func TestOneOwnerWhenTwoRegisterAtOnce(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	registerAtOnce(both, func(s *store.Store, i int) {
		if _, err := s.CreateUser(t.Context(), registration(fmt.Sprint("ada", i), i)); err != nil {
			t.Error(err)
		}
	})
	expectAccounts(t, both[0], registrations)
}

func TestOneAccountWhenTwoTakeAName(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	registerAtOnce(both, func(s *store.Store, i int) {
		_, err := s.CreateUser(t.Context(), registration("ada", i))
		expectTaken(t, err)
	})
	expectAccounts(t, both[0], 1)
}

// As above, but all work before the account's row is done before any row is written. So the
// transactions are as close as possible.
func TestServersRegisterAtOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		username func(i int) string
		accounts int
	}{
		{"different names", func(i int) string { return fmt.Sprint("ada", i) }, registrations},
		{"the same name", func(int) string { return "ada" }, 1},
		{"names that look the same", func(i int) string { return []string{"ada", "аda"}[i%2] }, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			address, both := storetest.MustOpenTwice(t)
			var opening sync.WaitGroup
			open := closeGate(t, address)
			opening.Go(func() { open(registrations) })
			registerAtOnce(both, func(s *store.Store, i int) {
				_, err := s.CreateUser(t.Context(), registration(test.username(i), i))
				if test.accounts == 1 {
					expectTaken(t, err)
				} else if err != nil {
					t.Error(err)
				}
			})
			opening.Wait()
			expectAccounts(t, both[0], test.accounts)
		})
	}
}

// registrations is the number of accounts that registerAtOnce makes.
const registrations = 6

func registerAtOnce(both [2]*store.Store, register func(s *store.Store, i int)) {
	var together sync.WaitGroup
	for i := range registrations {
		together.Go(func() { register(both[i%2], i) })
	}
	together.Wait()
}

func registration(username string, i int) store.NewUser {
	return store.NewUser{Username: username, Email: fmt.Sprintf("ada%d@example.org", i), Password: storetest.Password}
}

// A registration that is a moment too late is told of everything that is taken by then.
func TestLateRegistrationIsToldAll(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	registerAtOnce(both, func(s *store.Store, _ int) {
		_, err := s.CreateUser(t.Context(), registration("ada", 1))
		if err != nil && (fieldCode(err, "username") == "" || fieldCode(err, "email") == "") {
			t.Errorf("it fails with %v", err)
		}
	})
	expectAccounts(t, both[0], 1)
}

// expectTaken fails the test if a registration failed for another reason than a taken name.
func expectTaken(t *testing.T, err error) {
	t.Helper()
	var refused *store.Error
	if err != nil && (!errors.As(err, &refused) || refused.Kind != store.Invalid ||
		refused.Fields["username"].Code == "") {
		t.Errorf("it failed with %v", err)
	}
}

// expectAccounts fails the test unless there are so many accounts, and one of them is the owner.
func expectAccounts(t *testing.T, s *store.Store, want int) {
	t.Helper()
	users, err := s.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	owners := 0
	for _, user := range users {
		if user.Role == store.Owner {
			owners++
		}
	}
	if len(users) != want || owners != 1 {
		t.Errorf("%d accounts and %d owners, want %d and 1", len(users), owners, want)
	}
}

// closeGate keeps others from writing accounts. The function open waits until so many
// connections wait, and lets them go on. After 4 seconds it does not wait any longer.
func closeGate(t *testing.T, address string) (open func(waiting int)) {
	t.Helper()
	beside := storetest.Beside(t, address)
	gate, err := beside.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gate.ExecContext(t.Context(), `LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	return func(waiting int) {
		awaitLocks(t, beside, waiting)
		if err := gate.Commit(); err != nil {
			t.Errorf("open the gate: %v", err)
		}
	}
}

// awaitLocks waits until so many connections wait for a lock, and returns whether they do. It
// gives up after 4 seconds, before a statement's time limit.
func awaitLocks(t *testing.T, beside *sql.DB, waiting int) bool {
	t.Helper()
	for have, deadline := 0, time.Now().Add(4*time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		err := beside.QueryRowContext(t.Context(), `
			SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&have)
		if err != nil {
			t.Errorf("see who waits: %v", err)
			return false
		}
		if have >= waiting {
			return true
		}
	}
	return false
}

func TestCreateUserRefuses(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	storetest.MustUser(t, s, "ada")
	good := store.NewUser{Username: "grace", Email: "grace@example.org", Password: "a long enough phrase"}
	tests := []struct {
		name   string
		change func(*store.NewUser)
		field  string
		code   store.Code
	}{
		{"short username", func(n *store.NewUser) { n.Username = "g" }, "username", store.CodeUsernameLength},
		{
			"long username", func(n *store.NewUser) { n.Username = strings.Repeat("g", 33) }, "username",
			store.CodeUsernameLength,
		},
		{"space in username", func(n *store.NewUser) { n.Username = "gra ce" }, "username", store.CodeUsernameCharacters},
		{"only dots", func(n *store.NewUser) { n.Username = ".." }, "username", store.CodeUsernameNoLetter},
		{"slash in username", func(n *store.NewUser) { n.Username = "gra/ce" }, "username", store.CodeUsernameCharacters},
		{
			"bidi control in username", func(n *store.NewUser) { n.Username = "gra\u202ece" }, "username",
			store.CodeUsernameCharacters,
		},
		{
			"zero width in username", func(n *store.NewUser) { n.Username = "gra\u200bce" }, "username",
			store.CodeUsernameCharacters,
		},
		{
			"invalid UTF-8 in username", func(n *store.NewUser) { n.Username = "gra\xffce" }, "username",
			store.CodeUsernameCharacters,
		},
		{"taken username", func(n *store.NewUser) { n.Username = "ada" }, "username", store.CodeUsernameTaken},
		{
			"taken username in another case", func(n *store.NewUser) { n.Username = "ADA" }, "username",
			store.CodeUsernameTaken,
		},
		{
			"twin with a Cyrillic letter", func(n *store.NewUser) { n.Username = "аda" }, "username",
			store.CodeUsernameLooksTaken,
		},
		{"twin in full-width letters", func(n *store.NewUser) { n.Username = "ａｄａ" }, "username", store.CodeUsernameTaken},
		{"no email", func(n *store.NewUser) { n.Email = "" }, "email", store.CodeEmailMalformed},
		{"email without a host", func(n *store.NewUser) { n.Email = "grace" }, "email", store.CodeEmailMalformed},
		{
			"email with a name", func(n *store.NewUser) { n.Email = "Grace <grace@example.org>" }, "email",
			store.CodeEmailMalformed,
		},
		{
			"long email", func(n *store.NewUser) { n.Email = strings.Repeat("g", 250) + "@example.org" }, "email",
			store.CodeEmailMalformed,
		},
		{
			"taken email in another case", func(n *store.NewUser) { n.Email = "Ada@Example.org" }, "email",
			store.CodeEmailRegistered,
		},
		{"short password", func(n *store.NewUser) { n.Password = "seven77" }, "password", store.CodePasswordShort},
		{
			"long password", func(n *store.NewUser) { n.Password = strings.Repeat("x", 129) }, "password",
			store.CodePasswordLong,
		},
		{"common password", func(n *store.NewUser) { n.Password = "Password1" }, "password", store.CodePasswordCommon},
		{
			"username as password", func(n *store.NewUser) { n.Username, n.Password = "gracehopper", "GraceHopper" },
			"password", store.CodePasswordIsUsername,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n := good
			test.change(&n)
			_, err := s.CreateUser(t.Context(), n)
			var refused *store.Error
			if !errors.As(err, &refused) || refused.Kind != store.Invalid {
				t.Fatalf("got %v, want an Invalid error", err)
			}
			if want := map[string]store.Problem{test.field: {Code: test.code}}; !maps.Equal(refused.Fields, want) {
				t.Errorf("fields at fault: %v, want %v", refused.Fields, want)
			}
		})
	}
	if _, err := s.CreateUser(t.Context(), good); err != nil {
		t.Errorf("the unchanged one is refused: %v", err)
	}
}

func TestUsernamesOfTheWorld(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	for _, name := range []string{"Ödön", "安娜", "محمد", "J.R.R._T-1", "аня", "مريم", "42"} {
		_, err := s.CreateUser(t.Context(),
			store.NewUser{
				Username: name, Email: "u" + strings.ToLower(name[:1]) + name + "@example.org",
				Password: storetest.Password,
			})
		var refused *store.Error
		if errors.As(err, &refused) && refused.Fields["username"].Code != "" {
			t.Errorf("%s is refused: %v", name, err)
		}
	}
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "Ada")
	for _, login := range []string{"Ada", "ada", " ada ", "ADA@example.org"} {
		user, err := s.Authenticate(t.Context(), login, storetest.Password)
		if err != nil || user.ID != ada.ID {
			t.Errorf("sign in as %q: %v, %v", login, user.ID, err)
		}
	}
	_, wrong := s.Authenticate(t.Context(), "ada", "not the password")
	_, nobody := s.Authenticate(t.Context(), "nobody", storetest.Password)
	_, endless := s.Authenticate(t.Context(), "ada", strings.Repeat("x", 1<<20))
	for _, err := range []error{wrong, nobody, endless} {
		if store.KindOf(err) != store.Invalid || err.Error() != wrong.Error() {
			t.Errorf("got %v, want the same refusal as for a wrong password", err)
		}
	}
	if _, err := s.Authenticate(t.Context(), "nobody", ""); err == nil {
		t.Error("an unknown user signs in with an empty password")
	}
}

func TestResetPasswordEndsSessions(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ResetPassword(t.Context(), "ada", "another long phrase"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SessionByToken(t.Context(), token); store.KindOf(err) != store.NotFound {
		t.Errorf("the session goes on: %v", err)
	}
	if events, err := s.SiteEvents(t.Context(), 0); err != nil || len(events.Ended) != 1 ||
		events.Ended[0] != store.HashToken(token) {
		t.Errorf("noted as ended: %d, %v", len(events.Ended), err)
	}
	if _, err := s.Authenticate(t.Context(), "ada", storetest.Password); err == nil {
		t.Error("the old password still signs in")
	}
	if _, err := s.Authenticate(t.Context(), "ada", "another long phrase"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestUsernames(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	storetest.MustUser(t, s, "Ada")
	found, err := s.Usernames(t.Context(), []string{"ada", "ADA", "nobody"})
	want := map[string]string{"ada": "Ada", "ADA": "Ada"}
	if err != nil || !maps.Equal(found, want) {
		t.Errorf("got %v, %v, want %v", found, err, want)
	}
}

// All logins of an account have one key, in all spellings. A login without an account has a key of
// bounded length.
func TestFindLogin(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	if _, err := s.CreateSession(t.Context(), ada, "", "her browser"); err != nil {
		t.Fatal(err)
	}
	find := func(login, browser string) store.Login {
		found, err := s.FindLogin(t.Context(), login, browser)
		if err != nil {
			t.Errorf("%q: %v", login, err)
		}
		return found
	}
	for _, spelling := range []string{"Ada", "ADA", " ada\n", "ａｄａ", "𝐚𝐝𝐚", "ada@example.org", "Ada@Example.org "} {
		if got := find(spelling, "another's"); got.Key != find("ada", "").Key || got.Known {
			t.Errorf("%q: %+v", spelling, got)
		}
		if got := find(spelling, "her browser"); !got.Known {
			t.Errorf("%q: her browser is unknown", spelling)
		}
	}
	bob := find("bob", "her browser")
	if bob.Key == find("ada", "").Key || bob.Key != find(" BOB", "").Key || bob.Known {
		t.Errorf("bob is %+v", bob)
	}
	if got := find(strings.Repeat("ﷺ", 20_000), ""); len(got.Key) > 300 {
		t.Errorf("a key has %d bytes", len(got.Key))
	}
}
