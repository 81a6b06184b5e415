package handlers_test

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// simulation is a site in simulated time, so that a test can wait for months. Requests go straight to the
// router, with any client address.
type simulation struct {
	*site
	plaza *handlers.Server
}

// simulate runs a test on an empty site with its limits on. The background tasks do not run.
func simulate(t *testing.T, test func(s *simulation), change ...func(*handlers.Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(simulateOn(t, storetest.MustOpen(t), change...))
	})
}

// simulateOn adds a server of a simulated site to a store.
func simulateOn(t *testing.T, on *store.Store, change ...func(*handlers.Config)) *simulation {
	config := handlers.Config{Store: on, Log: slog.New(slog.DiscardHandler), SetupByLoopback: true}
	for _, f := range change {
		f(&config)
	}
	return &simulation{&site{t: t, url: "http://plaza.example", store: config.Store}, handlers.New(config)}
}

// browse opens a browser at some address.
func (s *simulation) browse() *browser { return s.from("192.0.2.1") }

// from opens a browser at an address.
func (s *simulation) from(address string) *browser {
	b := s.site.browse()
	b.Transport = wire{s.plaza, address, ""}
	return b
}

// member opens a browser in which a new account is signed in.
func (s *simulation) member(username string) *browser {
	s.t.Helper()
	b := s.browse()
	b.Transport = wire{s.plaza, "127.0.0.1", "localhost"} // so that the first may own the site
	b.post("/register", registration(username)).expect(http.StatusSeeOther)
	b.Transport = wire{s.plaza, "198.51.100.1", ""}
	return b
}

func (s *simulation) admits(token string) bool {
	s.t.Helper()
	return s.browse().get("/", "Cookie", "plaza="+token).expect(http.StatusOK).canSignOut()
}

// wire carries requests from an address to the site, by its name or by another host.
type wire struct {
	plaza         http.Handler
	address, host string
}

// RoundTrip answers a request.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	asked := r.Clone(r.Context())
	asked.RequestURI, asked.RemoteAddr = r.URL.RequestURI(), net.JoinHostPort(w.address, "49152")
	if w.host != "" {
		asked.Host = w.host
	}
	if asked.Body == nil {
		asked.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	w.plaza.ServeHTTP(recorder, asked)
	response := recorder.Result()
	response.Request = r
	return response, nil
}
