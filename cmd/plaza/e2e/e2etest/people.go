package e2etest

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// userAgent names the browser of the sessions that tests create.
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

// beside opens the site's database as the user commands do. The server may be running or not.
func (s *Site) beside(do func(*store.Store)) {
	s.T.Helper()
	database, err := store.Open(s.T.Context(), s.Database, store.Admin)
	if err != nil {
		s.T.Fatalf("open %s: %v", s.Database, err)
	}
	defer func() {
		if err := database.Close(); err != nil {
			s.T.Errorf("close %s: %v", s.Database, err)
		}
	}()
	do(database)
}

// Join creates an account for each username in the site's database, without the form.
func (s *Site) Join(usernames ...string) {
	s.T.Helper()
	s.beside(func(database *store.Store) {
		for _, username := range usernames {
			storetest.MustUser(s.T, database, username)
		}
	})
}

// TurnOnTwoStep turns a member's second step of signing in on, without the forms.
func (s *Site) TurnOnTwoStep(username string) (secret string, recoveryCodes []string) {
	s.T.Helper()
	s.beside(func(database *store.Store) {
		secret, recoveryCodes = storetest.MustTurnOnTwoStep(s.T, database, mustFind(s.T, database, username))
	})
	return secret, recoveryCodes
}

// Befriend makes two members friends, without the form.
func (s *Site) Befriend(one, other string) {
	s.T.Helper()
	s.beside(func(database *store.Store) {
		storetest.MustBefriend(s.T, database, mustFind(s.T, database, one), mustFind(s.T, database, other))
	})
}

// Pair opens the room of two members, in which nobody has written, and returns its id.
func (s *Site) Pair(one, other string) string {
	s.T.Helper()
	var room store.Room
	s.beside(func(database *store.Store) {
		var err error
		room, err = database.OpenPrivateRoom(s.T.Context(), mustFind(s.T, database, one), mustFind(s.T, database, other))
		if err != nil || room.ID == 0 {
			s.T.Fatalf("the room of %s and %s: %+v, %v", one, other, room, err)
		}
	})
	return strconv.FormatInt(room.ID, 10)
}

func mustFind(t testing.TB, database *store.Store, username string) store.User {
	t.Helper()
	user, err := database.UserByName(t.Context(), username)
	if err != nil {
		t.Fatalf("find %s: %v", username, err)
	}
	return user
}

// Session creates a session for a member in a new browser. It returns the cookies that a sign-in by the
// form sets.
func (s *Site) Session(username string) (cookies []*http.Cookie) {
	s.T.Helper()
	s.beside(func(database *store.Store) {
		browser, err := store.NewBrowser()
		if err != nil {
			s.T.Fatal(err)
		}
		token, err := database.CreateSession(s.T.Context(), mustFind(s.T, database, username), userAgent, browser)
		if err != nil {
			s.T.Fatalf("create a session for %s: %v", username, err)
		}
		for name, value := range map[string]string{"plaza": token, "plaza-browser": browser} {
			cookies = append(cookies, &http.Cookie{Name: name, Value: value, Path: "/"}) //nolint:gosec // the tests are not on HTTPS
		}
	})
	return cookies
}

// EndSessions signs a member out everywhere, as another of their browsers can.
func (s *Site) EndSessions(username string) {
	s.T.Helper()
	s.beside(func(database *store.Store) {
		if err := database.RevokeOtherSessions(s.T.Context(), store.Session{User: mustFind(s.T, database, username)}); err != nil {
			s.T.Fatalf("end the sessions of %s: %v", username, err)
		}
	})
}

// Enter returns a client that is signed in as a member, without the form.
func (s *Site) Enter(username string) *http.Client {
	s.T.Helper()
	address, err := url.Parse(s.URL)
	if err != nil {
		s.T.Fatal(err)
	}
	client := s.Visitor()
	client.Jar.SetCookies(address, s.Session(username))
	return client
}

// Visitor returns a client that is not signed in.
func (s *Site) Visitor() *http.Client {
	s.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.T.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: Patience}
}

// Newcomer creates an account, without the form, and returns a client that is signed in.
func (s *Site) Newcomer(username string) *http.Client {
	s.T.Helper()
	s.Join(username)
	return s.Enter(username)
}

// Names returns count names: the prefix with a number, from 0 on.
func Names(prefix string, count int) []string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprint(prefix, i)
	}
	return names
}

// Newcomers is like Newcomer, for several usernames. The clients have the same order.
func (s *Site) Newcomers(usernames ...string) (clients []*http.Client) {
	s.T.Helper()
	s.Join(usernames...)
	for _, username := range usernames {
		clients = append(clients, s.Enter(username))
	}
	return clients
}

// Register creates an account by the form, and returns a client that is signed in.
func (s *Site) Register(username string) *http.Client {
	s.T.Helper()
	client := s.Visitor()
	s.Fill(client, "/register", url.Values{
		"username": {username}, "email": {username + "@example.org"},
		"password": {storetest.Password}, "password_confirm": {storetest.Password},
	})
	return client
}

// SignIn signs a member in by the form, and returns the client.
func (s *Site) SignIn(username string) *http.Client {
	s.T.Helper()
	client := s.Visitor()
	s.Fill(client, "/login", url.Values{"login": {username}, "password": {storetest.Password}})
	return client
}
