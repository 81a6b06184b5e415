// Package acmetest runs an authority for tests: pebble, with a DNS of its own.
package acmetest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"
)

// Authority gives certificates for names that it finds on loopback.
type Authority struct {
	Directory string // the address of its directory
	RootFile  string // a PEM file of the root to trust for its own address

	issuer *ca.CAImpl
	server *httptest.Server
	away   atomic.Bool
	orders atomic.Int64
	busy   sync.Mutex
	known  map[string]bool
}

// Ports are where the authority looks for proofs.
type Ports struct{ HTTP, HTTPS int }

// Start starts an authority whose certificates last for a lifetime. Its DNS knows the names.
func Start(t testing.TB, ports Ports, lifetime time.Duration, names ...string) *Authority {
	t.Helper()
	if err := os.Setenv("PEBBLE_VA_NOSLEEP", "1"); err != nil { // pebble reads no other setting
		t.Fatal(err)
	}
	a := &Authority{known: map[string]bool{}}
	for _, name := range names {
		a.known[name] = true
	}
	quiet, memory := log.New(io.Discard, "", 0), db.NewMemoryStore()
	a.issuer = ca.New(quiet, memory, "", "ecdsa", 0, 1, map[string]ca.Profile{
		"default": {Description: "of a test", ValidityPeriod: uint64(lifetime.Seconds())},
	})
	proofs := va.New(quiet, ports.HTTP, ports.HTTPS, false, a.resolve(t), memory)
	front := wfe.New(quiet, memory, proofs, a.issuer, []string{"authority.example"}, false, false, 1, 1)
	handler := front.Handler()
	a.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		handler.ServeHTTP(&counted{w, a, r.URL.Path}, r)
	}))
	t.Cleanup(a.server.Close)
	a.Directory = a.server.URL + wfe.DirectoryPath
	a.RootFile = filepath.Join(t.TempDir(), "authority.pem")
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.server.Certificate().Raw})
	if err := os.WriteFile(a.RootFile, root, 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// counted counts the orders that are taken. Some are refused and come again, since pebble forgets a part of its nonces.
type counted struct {
	http.ResponseWriter
	authority *Authority
	path      string
}

// WriteHeader implements http.ResponseWriter.
func (c *counted) WriteHeader(status int) {
	if c.path == "/order-plz" && status == http.StatusCreated {
		c.authority.orders.Add(1)
	}
	c.ResponseWriter.WriteHeader(status)
}

// resolve starts a DNS server, over TCP as pebble asks, and returns its address.
func (a *Authority) resolve(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, question *dns.Msg) {
		answer := new(dns.Msg).SetReply(question)
		asked := question.Question[0]
		a.busy.Lock()
		known := a.known[strings.ToLower(strings.TrimSuffix(asked.Name, "."))]
		a.busy.Unlock()
		if known && asked.Qtype == dns.TypeA {
			answer.Answer = []dns.RR{&dns.A{
				Hdr: dns.RR_Header{Name: asked.Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(127, 0, 0, 1),
			}}
		}
		_ = w.WriteMsg(answer)
	})}
	var running sync.WaitGroup
	running.Go(func() { _ = server.ActivateAndServe() })
	t.Cleanup(func() {
		_ = server.Shutdown()
		running.Wait()
	})
	return listener.Addr().String()
}

// Know has the DNS know a name.
func (a *Authority) Know(name string) {
	a.busy.Lock()
	defer a.busy.Unlock()
	a.known[name] = true
}

// SetAway has the authority answer nothing, or answer again.
func (a *Authority) SetAway(away bool) { a.away.Store(away) }

// Orders returns how many orders the authority has taken.
func (a *Authority) Orders() int { return int(a.orders.Load()) }

// Roots returns the root to trust for the authority's own address.
func (a *Authority) Roots() *x509.CertPool {
	return a.server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
}

// Trust returns a configuration that trusts the authority's certificates.
func (a *Authority) Trust() *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(a.issuer.GetRootCert(0).Cert)
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}
