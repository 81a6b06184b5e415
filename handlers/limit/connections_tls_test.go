package limit_test

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"plaza/handlers/certificate/acmetest"
	"plaza/handlers/limit"
)

// encrypted returns a server's side of a TLS connection, whose client reads nothing any more.
func encrypted(t *testing.T, certificate tls.Certificate) *tls.Conn {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { _ = far.Close() })
	server := tls.Server(near, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12, SessionTicketsDisabled: true})
	client := tls.Client(far, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // it is the test's own
	var shaking sync.WaitGroup
	shaking.Go(func() {
		if err := client.Handshake(); err != nil {
			t.Error(err)
		}
	})
	if err := server.Handshake(); err != nil {
		t.Fatal(err)
	}
	shaking.Wait()
	return server
}

// A client that takes no bytes does not hold up those who come after it.
func TestClosingWaitsForNobody(t *testing.T) {
	t.Parallel()
	certFile, keyFile := acmetest.Files(t, "chat.example.org")
	certificate, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.NotFoundHandler()}
		limit.NewConnections(limit.ConnectionBounds{Most: 1, Elsewhere: func() int { return 0 }}).Bound(server)
		first, second := encrypted(t, certificate), encrypted(t, certificate)
		began := time.Now()
		server.ConnState(first, http.StateNew)
		server.ConnState(second, http.StateNew) // which closes the first
		if waited := time.Since(began); waited != 0 {
			t.Errorf("the second connection waited for %v", waited)
		}
		if _, err := first.Write([]byte("x")); err == nil {
			t.Error("the first connection is open")
		}
	})
}
