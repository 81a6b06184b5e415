package handlers_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"plaza/handlers"
	"plaza/store/storetest"
)

// Each request takes a bounded number of round trips to a database across a network.
func TestServersAskLittle(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	proxy := storetest.Through(t, address)
	// The server does not run its background tasks, since their round trips would count too.
	config := handlers.Config{Store: storetest.MustOpenAt(t, proxy.Address), Unlimited: true, Log: slog.New(slog.DiscardHandler), SetupByLoopback: true}
	server := httptest.NewServer(handlers.New(config))
	t.Cleanup(server.Close)
	s := &site{t: t, url: server.URL, store: config.Store}
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
	talkToMany(t, address)
	nonce := 0
	say := func(body string) {
		nonce++
		ada.message(body, fmt.Sprint(nonce)).expect(http.StatusNoContent)
	}
	post := func() { say("hello") }
	page := func() { ada.get("/").expect(http.StatusOK) }
	for _, test := range []struct {
		name    string
		prepare func()
		do      func()
		most    int
	}{
		{"a post", func() {}, post, 2},
		{"a post with a mention", func() {}, func() { say("hello @ada") }, 2},
		// A whole page takes one for its navigation.
		{"a page that was shown before", page, page, 3},
		{"a page with something new", post, page, 4},
		{"a private message", func() {}, func() {
			nonce++
			ada.post("/messages", url.Values{"room": {room}, "body": {"hello"}, "nonce": {fmt.Sprint(nonce)}}, "HX-Request", "true").expect(http.StatusNoContent)
		}, 2},
		{"a list of 1,000 conversations", func() {}, func() { ada.get("/dm").expect(http.StatusOK) }, 3},
		{"the page of one of them", func() {}, func() { ada.get("/dm/bob").expect(http.StatusOK) }, 6},
		{"what waits for two people, and the changes that shows", func() {}, func() {
			if _, err := config.Store.Inboxes(t.Context(), []int64{1, 2}); err != nil {
				t.Error(err)
			}
		}, 2},
		{"the list of settings", func() {}, func() { ada.get("/settings").expect(http.StatusOK) }, 3},
		{"a page of settings", func() {}, func() { ada.get("/settings/profile").expect(http.StatusOK) }, 3},
		{"older messages", func() {}, func() { ada.get("/messages?room=1&before=2").expect(http.StatusOK) }, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.prepare()
			test.do() // prepares its statements on the connection
			test.prepare()
			proxy.RoundTrips()
			test.do()
			if took := proxy.RoundTrips(); took == 0 || took > test.most {
				t.Errorf("it takes %d round trips, more than %d", took, test.most)
			}
		})
	}
}

// talkToMany gives the first account 1,000 conversations, each with a message.
func talkToMany(t *testing.T, address string) {
	t.Helper()
	beside := storetest.Beside(t, address)
	for _, statement := range []string{
		`INSERT INTO rooms (id, kind, name, version, last_posted_at) SELECT 1000 + n, 'group', 'Group ' || n, 1, n FROM generate_series(1, 1000) AS n`,
		`INSERT INTO members (room_id, user_id, since, unread) SELECT 1000 + n, 1, 0, n % 3 FROM generate_series(1, 1000) AS n`,
		`INSERT INTO messages (room_id, seq, version, author_id, nonce, source, html, text, mentions, renderer, continues, posted_at)
			SELECT 1000 + n, 1, 1, 2, 'many ' || n, 'hello', '<p>hello</p>', 'hello', '', 1, FALSE, n FROM generate_series(1, 1000) AS n`,
	} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}
