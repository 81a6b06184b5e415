package handlers_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"plaza/handlers"
	"plaza/store/storetest"
)

// What a request asks of a database across a network, in round trips.
func TestServersAskLittle(t *testing.T) {
	t.Parallel()
	proxy := storetest.Through(t, storetest.MustAddress(t))
	// The server is not run, since what it does in the background would be counted too.
	config := handlers.Config{Store: storetest.MustOpenAt(t, proxy.Address), Unlimited: true, Log: slog.New(slog.DiscardHandler)}
	server := httptest.NewServer(handlers.New(config))
	t.Cleanup(server.Close)
	s := &site{t: t, url: server.URL, store: config.Store}
	ada := s.member("ada")
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
		{"a post that mentions somebody", func() {}, func() { say("hello @ada") }, 2},
		{"a page that was shown before", page, page, 2},
		{"a page with something new", post, page, 3},
		{"older messages", func() {}, func() { ada.get("/messages?room=1&before=2").expect(http.StatusOK) }, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.prepare()
			test.do() // so that its statements are known to the connection
			test.prepare()
			proxy.RoundTrips()
			test.do()
			if took := proxy.RoundTrips(); took == 0 || took > test.most {
				t.Errorf("it takes %d round trips, more than %d", took, test.most)
			}
		})
	}
}
