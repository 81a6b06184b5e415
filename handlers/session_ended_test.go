package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"plaza/handlers"
	"plaza/handlers/jobs/mail"
	"plaza/store"
	"plaza/store/storetest"
	"plaza/views/picture/picturetest"
)

// lateBody is a body before whose first byte something happens.
type lateBody struct {
	io.Reader
	before func()
}

func (l *lateBody) Read(b []byte) (int, error) {
	if l.before != nil {
		l.before()
		l.before = nil
	}
	return l.Reader.Read(b)
}

// rows returns the rows of all tables, except for those that every request may change.
func rows(t testing.TB, address string, except ...string) map[string][]string {
	t.Helper()
	catalog := `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'`
	if store.IsPostgres(address) {
		catalog = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	beside := storetest.Beside(t, address)
	defer func() { _ = beside.Close() }()
	read := func(query string) (found []string) {
		selected, err := beside.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = selected.Close() }()
		columns, err := selected.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for selected.Next() {
			row := make([]any, len(columns))
			for i := range row {
				row[i] = &row[i]
			}
			if err := selected.Scan(row...); err != nil {
				t.Fatal(err)
			}
			found = append(found, strings.Trim(fmt.Sprint(row), "[]"))
		}
		if err := selected.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(found)
		return found
	}
	all := map[string][]string{}
	for _, table := range read(catalog) {
		if !slices.Contains(append(except, "buckets", "failures", "nodes", "node_people"), table) {
			all[table] = read(`SELECT * FROM ` + table)
		}
	}
	return all
}

// differing returns the names of the tables with other rows.
func differing(before, after map[string][]string) []string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(after)), func(table string) bool {
		return slices.Equal(before[table], after[table])
	})
	return names
}

// unpluggedSite is a site without a port, whose requests a test makes by hand.
type unpluggedSite struct {
	*handlers.Server
	store    *store.Store
	address  string
	ada, bob store.User
	group    string
}

// unplugged makes a site in which ada, bob and a group of both are.
func unplugged(t *testing.T) unpluggedSite {
	t.Helper()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	plaza := handlers.New(handlers.Config{Store: s, Unlimited: true, Log: slog.New(slog.DiscardHandler), SMTP: &mail.SMTP{}})
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room, err := s.CreateGroup(t.Context(), ada, "Market", []string{"bob"})
	if err != nil {
		t.Fatal(err)
	}
	return unpluggedSite{plaza, s, address, ada, bob, fmt.Sprint(room.ID)}
}

// paths returns the paths of all routes with a method.
func (w unpluggedSite) paths(method string) (paths []string) {
	for _, route := range handlers.Routes(w.Server) {
		if route.Method == method {
			paths = append(paths, strings.NewReplacer(":username", "bob", ":room", w.group, "/*", "/css/none.css").Replace(route.Path))
		}
	}
	slices.Sort(paths)
	return paths
}

// signedIn adds the cookie of a new session of ada to a request.
func (w unpluggedSite) signedIn(t *testing.T, request *http.Request) (token string) {
	t.Helper()
	token, err := w.store.CreateSession(t.Context(), w.ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: "plaza", Value: token}) //nolint:gosec // the tests are not on HTTPS
	return token
}

// A session that ends after the header of a request has come, and before its body has, changes nothing.
func TestEndedSessionActsNoMore(t *testing.T) {
	t.Parallel()
	w := unplugged(t)
	needNoSession := []string{"/login", "/login/code", "/passkeys/login/begin", "/passkeys/login/finish", "/register", "/setup", "/logout", "/forgot", "/reset", "/digest/off", "/theme", "/settings/email/confirm", "/dm/new"}
	form := url.Values{
		"room": {w.group}, "body": {"hello"}, "nonce": {"1"}, "people": {"bob"}, "name": {"Honey"}, "seq": {"1"},
		"display_name": {"Countess"}, "username": {"countess"}, "email": {"ada@example.net"}, "private_from": {"anyone"},
		"current_password": {storetest.Password}, "password": {storetest.Password}, "password_confirm": {storetest.Password},
	}
	tried := 0
	for _, path := range w.paths(http.MethodPost) {
		if slices.Contains(needNoSession, path) {
			continue
		}
		tried++
		t.Run(strings.ReplaceAll(strings.Trim(path, "/"), "/", " "), func(t *testing.T) {
			content, kind := []byte(form.Encode()), "application/x-www-form-urlencoded"
			if path == "/settings/picture" {
				var body bytes.Buffer
				parts := multipart.NewWriter(&body)
				part, err := parts.CreateFormFile("picture", "picture.png")
				if err == nil {
					_, err = part.Write(picturetest.MustRedAndBlue(t, 200, 200))
				}
				if err != nil || parts.Close() != nil {
					t.Fatal(err)
				}
				content, kind = body.Bytes(), parts.FormDataContentType()
			}
			body := &lateBody{Reader: bytes.NewReader(content)}
			request := httptest.NewRequest(http.MethodPost, path, body)
			request.Header.Set("Content-Type", kind)
			token := w.signedIn(t, request)
			before := rows(t, w.address, "sessions", "site_events")
			body.before = func() {
				if err := w.store.EndSession(t.Context(), store.HashToken(token)); err != nil {
					t.Error(err)
				}
			}
			answered := recordDeadlines{httptest.NewRecorder()}
			w.ServeHTTP(answered, request)
			if to := answered.Header().Get("Location"); answered.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/login?next=") {
				t.Errorf("the answer is %d, to %q", answered.Code, to)
			}
			if changed := differing(before, rows(t, w.address, "sessions", "site_events")); len(changed) > 0 {
				t.Errorf("it changes %q", changed)
			}
		})
	}
	if tried < 25 {
		t.Errorf("only %d routes were tried", tried)
	}
}

// recordDeadlines is a recorder that takes deadlines, as a connection does.
type recordDeadlines struct{ *httptest.ResponseRecorder }

func (recordDeadlines) SetReadDeadline(time.Time) error  { return nil }
func (recordDeadlines) SetWriteDeadline(time.Time) error { return nil }
