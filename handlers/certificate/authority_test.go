package certificate

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/acme"

	"plaza/handlers/certificate/acmetest"
	"plaza/store"
	"plaza/store/storetest"
)

const name = "chat.example.org"

// patience is how long a test waits for a condition.
const patience = 90 * time.Second

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for begin := time.Now(); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// site is what listens on the ports where the authority looks for proofs. A nil listener is a closed port.
type site struct {
	authority *acmetest.Authority
	https     net.Listener
	http      net.Listener

	mu    sync.Mutex
	shown *Authority
}

// newSite starts an authority that finds a site on loopback. What it shows is set by run.
func newSite(t *testing.T, lifetime time.Duration, names ...string) *site {
	t.Helper()
	s := &site{}
	listen := func() net.Listener {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		return listener
	}
	s.https, s.http = listen(), listen()
	port := func(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }
	s.authority = acmetest.Start(t, acmetest.Ports{HTTP: port(s.http), HTTPS: port(s.https)}, lifetime, names...)
	return s
}

// serve answers on both ports, or where one is closed on the other.
func (s *site) serve(t *testing.T, withHTTPS, withHTTP bool) {
	t.Helper()
	if withHTTPS {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("the site"))
		}))
		_ = server.Listener.Close()
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.Listener = tls.NewListener(s.https, &tls.Config{
			NextProtos:     []string{"http/1.1", acme.ALPNProto},
			GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return s.current().GetCertificate(hello) },
		})
		server.Start()
		t.Cleanup(server.Close)
	} else {
		_ = s.https.Close()
	}
	if withHTTP {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host, _, _ := net.SplitHostPort(r.Host)
			if !s.current().ServeChallenge(w, r, host) {
				w.WriteHeader(http.StatusNotFound)
			}
		}))
		_ = server.Listener.Close()
		server.Listener = s.http
		server.Start()
		t.Cleanup(server.Close)
	} else {
		_ = s.http.Close()
	}
}

func (s *site) current() *Authority {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown
}

// run runs a server of the site, and shows its certificates. The function that it returns stops it.
func (s *site) run(t *testing.T, database *store.Store, names ...string) (shown *Authority, stop func()) {
	t.Helper()
	shown = NewAuthority(Config{
		Store: database, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Names: names,
		Directory: s.authority.Directory, Email: "owner@example.org", Roots: s.authority.Roots(),
	})
	s.mu.Lock()
	s.shown = shown
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { shown.Run(ctx) })
	stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	t.Cleanup(stop)
	return shown, stop
}

// shake makes a handshake for a name, and returns the serial number of what it shows.
func (s *site) shake(name string) (serial string, err error) {
	config := s.authority.Trust()
	config.ServerName = name
	dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: 30 * time.Second}, Config: config}
	conn, err := dialer.Dial("tcp", s.https.Addr().String())
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String(), nil
}

// Each of both ports is enough, and browsers trust what the site then shows.
func TestOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		https, http bool
		wantOrders  int
	}{
		{"both ports", true, true, 1},
		{"no port 80", true, false, 1},
		{"no port 443", false, true, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, database := newSite(t, time.Hour, name), storetest.MustOpen(t)
			s.serve(t, test.https, test.http)
			shown, _ := s.run(t, database, name)
			eventually(t, "the site has a certificate", func() bool { return !shown.due(name).IsZero() })
			if orders := s.authority.Orders(); orders != test.wantOrders {
				t.Errorf("the site made %d orders, want %d", orders, test.wantOrders)
			}
			if test.https {
				if _, err := s.shake(name); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// The first visitor waits for the first certificate.
func TestFirstHandshake(t *testing.T) {
	t.Parallel()
	s, database := newSite(t, time.Hour, name), storetest.MustOpen(t)
	s.serve(t, true, true)
	s.run(t, database, name)
	eventually(t, "a handshake ends well", func() bool {
		_, err := s.shake(name)
		return err == nil
	})
}

// Only the site's names are ever ordered, whatever handshakes ask for.
func TestForeignNames(t *testing.T) {
	t.Parallel()
	s, database := newSite(t, time.Hour, name, "evil.example", "www.chat.example.org"), storetest.MustOpen(t)
	s.serve(t, true, true)
	shown, _ := s.run(t, database, name)
	eventually(t, "the site has a certificate", func() bool { return !shown.due(name).IsZero() })
	for _, foreign := range []string{"evil.example", "www.chat.example.org", "127.0.0.1", "CHAT.EXAMPLE.ORG.evil.example"} {
		if serial, err := s.shake(foreign); err == nil {
			t.Errorf("a handshake for %s is shown %s", foreign, serial)
		}
	}
	if orders := s.authority.Orders(); orders != 1 {
		t.Errorf("the site made %d orders, want 1", orders)
	}
	if certificates, err := database.Certificates(t.Context()); err != nil || len(certificates) != 1 {
		t.Errorf("the database has %d names, %v", len(certificates), err)
	}
}

// Servers of one site share what one of them orders.
func TestOneServerOrders(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	s := newSite(t, time.Hour, name)
	s.serve(t, true, true)
	first, _ := s.run(t, both[0], name)
	second, _ := s.run(t, both[1], name) // the authority meets this one, whoever orders
	for _, shown := range []*Authority{first, second} {
		eventually(t, "the server has a certificate", func() bool { return !shown.due(name).IsZero() })
	}
	if first.held[name].text != second.held[name].text {
		t.Error("the servers have different certificates")
	}
	if orders := s.authority.Orders(); orders != 1 {
		t.Errorf("the servers made %d orders, want 1", orders)
	}
}

// A certificate that will expire soon is replaced, and no handshake fails meanwhile.
func TestRenewal(t *testing.T) {
	t.Parallel()
	s, database := newSite(t, 20*time.Second, name), storetest.MustOpen(t)
	s.serve(t, true, true)
	shown, _ := s.run(t, database, name)
	eventually(t, "the site has a certificate", func() bool { return !shown.due(name).IsZero() })
	first, err := s.shake(name)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the site shows another certificate", func() bool {
		serial, err := s.shake(name)
		if err != nil {
			t.Fatal(err)
		}
		return serial != first
	})
}

// After a failure the site waits, also after a restart, and says what is wrong.
func TestFailuresBackOff(t *testing.T) {
	t.Parallel()
	s, database := newSite(t, time.Hour), storetest.MustOpen(t)
	s.serve(t, true, true)
	_, stop := s.run(t, database, name)
	var failed store.Certificate
	eventually(t, "the order has failed", func() bool {
		certificates, err := database.Certificates(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		failed = certificates[name]
		return failed.Failures == 1
	})
	if !strings.Contains(failed.Problem, "cannot reach "+name) {
		t.Errorf("the problem is %q", failed.Problem)
	}
	if wait := time.Until(failed.NextAt); wait < firstWait/2 || wait > firstWait {
		t.Errorf("the next order may be made in %v, want %v", wait, firstWait)
	}
	orders := s.authority.Orders()
	stop()
	s.authority.Know(name)
	again, _ := s.run(t, database, name)
	if err := again.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := s.authority.Orders(); now != orders {
		t.Errorf("after a restart the site orders at once: %d orders, want %d", now, orders)
	}
	if err := database.FailOrder(t.Context(), name, "", time.Now()); err != nil { // the wait is over
		t.Fatal(err)
	}
	eventually(t, "the site has a certificate", func() bool { return !again.due(name).IsZero() })
	certificates, err := database.Certificates(t.Context())
	if err != nil || certificates[name].Problem != "" || certificates[name].Failures != 0 {
		t.Errorf("the site still says %+v, %v", certificates[name], err)
	}
}

// While the authority is away, the site shows what it has, and it waits an hour at most.
func TestAuthorityIsAway(t *testing.T) {
	t.Parallel()
	s, database := newSite(t, time.Hour, name), storetest.MustOpen(t)
	s.serve(t, true, true)
	shown, stop := s.run(t, database, name)
	eventually(t, "the site has a certificate", func() bool { return !shown.due(name).IsZero() })
	stop()
	s.authority.SetAway(true)
	later := func() { // the certificate is due, however often orders failed
		shown.mu.Lock()
		defer shown.mu.Unlock()
		due := shown.held[name]
		due.renewAt = time.Now().Add(-time.Minute)
		shown.held[name] = due
	}
	later()
	const month = 30 * 24
	for hour := range month {
		if err := database.FailOrder(t.Context(), name, "The authority does not answer.", time.Now()); err != nil {
			t.Fatal(err)
		}
		if hour == month-1 {
			if err := shown.look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	certificates, err := database.Certificates(t.Context())
	if err != nil || !strings.Contains(certificates[name].Problem, "does not answer") {
		t.Errorf("the site says %q, %v", certificates[name].Problem, err)
	}
	if wait := time.Until(certificates[name].NextAt); wait > longestWait || wait < longestWait/2 {
		t.Errorf("the next order may be made in %v", wait)
	}
	before, err := s.shake(name)
	if err != nil {
		t.Fatalf("while the authority is away: %v", err)
	}
	s.authority.SetAway(false)
	if err := database.FailOrder(t.Context(), name, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := shown.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, err := s.shake(name); err != nil || after == before {
		t.Errorf("when the authority is back, the site shows %s as before, %v", after, err)
	}
}

// A clock that is wrong does not have the site order again and again.
func TestWrongClock(t *testing.T) {
	t.Parallel()
	s, database := newSite(t, time.Second, name), storetest.MustOpen(t)
	// By a clock that is ahead, each new certificate is due at once. So is one that lasts a second.
	s.serve(t, true, true)
	_, _ = s.run(t, database, name)
	eventually(t, "an order counts as failed", func() bool {
		certificates, err := database.Certificates(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return certificates[name].Failures > 0
	})
	// A time of the next order that is far away was written by a wrong clock.
	if err := database.FailOrder(t.Context(), name, "", time.Now().Add(365*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := database.ClaimOrder(t.Context(), name, orderLease); err != nil || !ok {
		t.Errorf("the next order waits for a year: %v, %v", ok, err)
	}
	if _, ok, err := database.ClaimOrder(t.Context(), name, orderLease); err != nil || ok {
		t.Errorf("two may order at the same time: %v, %v", ok, err)
	}
}

// What operators read says what to do.
func TestSentences(t *testing.T) {
	t.Parallel()
	unproved := func(kind string) error {
		return fmt.Errorf("order: %w", &acme.AuthorizationError{Errors: []error{&acme.Error{ProblemType: "urn:ietf:params:acme:error:" + kind}}})
	}
	for want, err := range map[string]error{
		"Make a DNS record":      unproved("dns"),
		"cannot reach":           unproved("connection"),
		"Another server answers": unproved("unauthorized"),
		"CAA record":             unproved("caa"),
		"too many orders":        &acme.Error{ProblemType: "urn:ietf:params:acme:error:rateLimited"},
		"gives no certificates":  &acme.Error{ProblemType: "urn:ietf:params:acme:error:rejectedIdentifier"},
		"Set the clock":          errWrongClock,
		"does not answer":        context.DeadlineExceeded,
		"refuses to give":        &acme.Error{ProblemType: "urn:ietf:params:acme:error:badCSR"},
	} {
		if got := Sentence(name, err); !strings.Contains(got, want) || !strings.Contains(got, name) {
			t.Errorf("for %v it says %q, want %q", err, got, want)
		}
	}
}
