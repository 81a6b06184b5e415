package handlers_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// site is plaza without its process: a real database, the router, a real port.
type site struct {
	t     testing.TB
	url   string
	store *store.Store
	log   *logged
}

// open serves a site on an empty database. Each change may change its configuration. Rate limits are off
// unless a change turns them on.
func open(t testing.TB, change ...func(*handlers.Config)) *site {
	t.Helper()
	s := &site{t: t, store: storetest.MustOpen(t), log: &logged{}}
	config := handlers.Config{
		Store: s.store, Unlimited: true, SetupByLoopback: true,
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&config)
	}
	s.store = config.Store
	plaza := handlers.New(config)
	server := httptest.NewServer(plaza)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { plaza.Run(ctx) })
	t.Cleanup(func() {
		drainable, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		plaza.Drain(drainable)
		stop()
		running.Wait()
		server.Close()
	})
	s.url = server.URL
	return s
}

// in returns the site for a subtest, which fails by itself.
func (s *site) in(t testing.TB) *site {
	there := *s
	there.t = t
	return &there
}

// limited turns the rate limits on.
func limited(config *handlers.Config) { config.Unlimited = false }

// logged collects the log of a site.
type logged struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(line)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// browser is a browser without JavaScript. It keeps cookies, and follows redirects only if a test asks for it.
type browser struct {
	*http.Client
	t    testing.TB
	site *site
}

// browse opens a browser without cookies.
func (s *site) browse() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{&http.Client{Jar: jar, CheckRedirect: stay, Timeout: patience}, s.t, s}
}

// in returns the browser for a subtest, which fails by itself.
func (b *browser) in(t testing.TB) *browser { return &browser{b.Client, t, b.site.in(t)} }

// member opens a browser in which a new account is signed in.
func (s *site) member(username string) *browser {
	s.t.Helper()
	b := s.browse()
	b.post("/register", registration(username)).expect(http.StatusSeeOther)
	return b
}

// registration fills the registration form.
func registration(username string) url.Values {
	return url.Values{
		"username": {username}, "email": {username + "@example.org"},
		"password": {storetest.Password}, "password_confirm": {storetest.Password},
	}
}

// answer is a response with its whole body.
type answer struct {
	*http.Response
	t    testing.TB
	body string
}

// get requests a page. Headers are pairs of name and value.
func (b *browser) get(path string, headers ...string) *answer {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil, headers...)
}

// post submits a form as the page's button does. Headers are pairs of name and value.
func (b *browser) post(path string, form url.Values, headers ...string) *answer {
	b.t.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	return b.send(http.MethodPost, path, strings.NewReader(form.Encode()), headers...)
}

// message posts to the public chat, as htmx does.
func (b *browser) message(body, nonce string) *answer {
	b.t.Helper()
	return b.post("/messages", url.Values{"room": {"1"}, "body": {body}, "nonce": {nonce}}, "HX-Request", "true")
}

func (b *browser) send(method, path string, body io.Reader, headers ...string) *answer {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.site.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.Do(request)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return &answer{response, b.t, string(content)}
}

// expect fails the test unless the answer has the status.
func (a *answer) expect(status int) *answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("%s %s: status %d, expected %d\n%.600s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}

// expectHeader fails the test unless the answer carries the header with this value.
func (a *answer) expectHeader(name, value string) *answer {
	a.t.Helper()
	if got := a.Header.Get(name); got != value {
		a.t.Errorf("%s %s: %s is %q, expected %q", a.Request.Method, a.Request.URL.Path, name, got, value)
	}
	return a
}

// document parses the answer as a page.
func (a *answer) document() *goquery.Document {
	a.t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return document
}

// text returns the text of an element of the page, with its white space folded.
func (a *answer) text(selector string) string {
	a.t.Helper()
	found := a.document().Find(selector)
	if found.Length() == 0 {
		a.t.Fatalf("%s: no %s in\n%.600s", a.Request.URL.Path, selector, a.body)
	}
	return strings.Join(strings.Fields(found.Text()), " ")
}

// patience is how long a test waits for a condition. Benchmarks measure how soon it holds.
const patience = 20 * time.Second

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}
