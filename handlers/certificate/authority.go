// Package certificate has the certificates that a site shows to browsers: an authority gives them by ACME (RFC 8555), or
// an operator puts them into files.
package certificate

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"

	"plaza/store"
)

// Authority gets certificates for the site's names from an authority, and new ones before they expire. Names, keys and
// challenges are in the store, so that all servers of the site show the same certificates, and one of them orders.
//
// The package golang.org/x/crypto/acme/autocert orders while a browser waits for its handshake, tries again each minute
// whatever failed, and forgets that at a restart. An authority would soon refuse such a site.
type Authority struct {
	config Config

	mu   sync.Mutex
	held map[string]held // by name
	news chan struct{}   // closed when held changes
}

// Config configures an Authority.
type Config struct {
	Store     *store.Store
	Log       *slog.Logger
	Names     []string       // the names that certificates are ordered for, and no others
	Directory string         // the address of the authority's directory
	Email     string         // where the authority writes to; "" for nowhere
	Roots     *x509.CertPool // the roots to trust for the authority itself; nil for those of the system
}

// held is a certificate that is ready for use.
type held struct {
	text    string // as it is in the store
	ready   *tls.Certificate
	renewAt time.Time
}

// NewAuthority returns an Authority that has no certificates until it runs.
func NewAuthority(config Config) *Authority {
	return &Authority{config: config, held: map[string]held{}, news: make(chan struct{})}
}

const (
	// handshakeWait is how long a handshake waits for a name's first certificate.
	handshakeWait = 8 * time.Second
	// lookEvery is how often a server looks for certificates that another one has ordered, and lookSoon how often
	// while a name has none.
	lookEvery = 30 * time.Second
	lookSoon  = time.Second
	// orderTimeout is how long an order may take, on both ports together, and orderLease for how long no other server
	// orders the same.
	orderTimeout = 2 * time.Minute
	orderLease   = 3 * time.Minute
	// firstWait is how long nobody orders after a first failure. The wait doubles with each further one, up to
	// longestWait. Let's Encrypt allows five failures an hour.
	firstWait   = 5 * time.Minute
	longestWait = time.Hour
)

// Run orders and renews certificates until ctx ends.
func (a *Authority) Run(ctx context.Context) {
	for {
		wait := lookEvery
		if err := a.look(ctx); err != nil && ctx.Err() == nil {
			a.config.Log.Error("certificates cannot be read", "error", err)
		}
		for _, name := range a.config.Names {
			due := a.due(name)
			if due.IsZero() {
				wait = min(wait, lookSoon)
			} else {
				wait = min(wait, max(time.Until(due), lookSoon))
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// look takes the certificates from the store, and orders those that are missing or due.
func (a *Authority) look(ctx context.Context) error {
	known, err := a.config.Store.Certificates(ctx)
	if err != nil {
		return err
	}
	for _, name := range a.config.Names {
		found := known[name]
		a.hold(name, found.PEM)
		now := time.Now()
		if now.Before(a.due(name)) || now.Before(found.NextAt) && found.NextAt.Before(now.Add(store.MaxOrderWait)) {
			continue
		}
		if err := a.renew(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// due returns when a name needs a new certificate; the zero time if it has none.
func (a *Authority) due(name string) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.held[name].renewAt
}

// hold uses a name's certificate from now on. One that cannot be read counts as none.
func (a *Authority) hold(name, text string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if text == "" || text == a.held[name].text {
		return
	}
	ready, err := tls.X509KeyPair([]byte(text), []byte(text))
	if err != nil {
		a.config.Log.Error("a certificate in the database cannot be read", "name", name, "error", err)
		return
	}
	leaf := ready.Leaf
	// Browsers may come with a clock that is a little wrong, and the authority may be away: a third of the lifetime
	// is for that.
	renewAt := leaf.NotAfter.Add(-leaf.NotAfter.Sub(leaf.NotBefore) / 3)
	a.held[name] = held{text, &ready, renewAt}
	close(a.news)
	a.news = make(chan struct{})
}

// renew orders a certificate for a name, unless another server does or has just done so.
func (a *Authority) renew(ctx context.Context, name string) error {
	claimed, ok, err := a.config.Store.ClaimOrder(ctx, name, orderLease)
	if err != nil || !ok {
		return err
	}
	if a.hold(name, claimed.PEM); time.Now().Before(a.due(name)) {
		return a.config.Store.ReleaseOrder(ctx, name)
	}
	if err := a.orderAny(ctx, name, claimed.Failures); err != nil {
		if ctx.Err() != nil { // the server stops: another one, or this one later, orders
			return a.config.Store.ReleaseOrder(context.WithoutCancel(ctx), name)
		}
		wait := min(firstWait<<min(claimed.Failures, 10), longestWait)
		problem := Sentence(name, err)
		a.config.Log.Error(problem, "name", name, "error", err, "again in", wait)
		return a.config.Store.FailOrder(ctx, name, problem, time.Now().Add(wait))
	}
	a.config.Log.Info("the site has a new certificate", "name", name, "until", a.expiry(name))
	return nil
}

// orderAny orders a certificate. The authority asks for a proof on port 443, and at the first attempt, if that fails, for
// one on port 80. Later attempts take turns, because an authority counts what fails.
func (a *Authority) orderAny(ctx context.Context, name string, failures int) error {
	kinds := []string{tlsChallenge, httpChallenge}
	if failures > 0 {
		kinds = kinds[failures%2:][:1]
	}
	limited, cancel := context.WithTimeout(ctx, orderTimeout)
	defer cancel()
	var errs []error
	for _, kind := range kinds {
		text, err := a.order(limited, name, kind)
		if err == nil {
			return a.keep(ctx, name, text)
		}
		errs = append(errs, err)
		var refused *acme.AuthorizationError
		if !errors.As(err, &refused) { // the other port would change nothing
			break
		}
	}
	return errors.Join(errs...)
}

// keep stores a new certificate, and fails if this machine's clock says that it is due for renewal already: it would be
// ordered again and again.
func (a *Authority) keep(ctx context.Context, name, text string) error {
	if err := a.config.Store.KeepCertificate(ctx, name, text); err != nil {
		return err
	}
	a.hold(name, text)
	if !time.Now().Before(a.due(name)) {
		return errWrongClock
	}
	return nil
}

func (a *Authority) expiry(name string) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.held[name].ready.Leaf.NotAfter
}

// HasName tells whether a name is one of the site's.
func (a *Authority) HasName(name string) bool { return slices.Contains(a.config.Names, name) }

// GetCertificate returns the certificate for a handshake, as tls.Config has it. A name that is not the site's gets none.
func (a *Authority) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if !a.HasName(name) {
		return nil, errForeignName
	}
	if slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) {
		return a.proof(hello.Context(), name)
	}
	ctx, cancel := context.WithTimeout(hello.Context(), handshakeWait)
	defer cancel()
	for {
		a.mu.Lock()
		found, news := a.held[name].ready, a.news
		a.mu.Unlock()
		if found != nil {
			return found, nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, errNoCertificate
		}
	}
}

var (
	errForeignName   = errors.New("the handshake is for a name that is not the site's")
	errNoCertificate = errors.New("the site has no certificate yet")
)

// client returns a client of the authority, with the site's account there.
func (a *Authority) client(ctx context.Context) (*acme.Client, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	made, err := encodeKey(key)
	if err != nil {
		return nil, err
	}
	stored, err := a.config.Store.AuthorityKey(ctx, a.config.Directory, string(made))
	if err != nil {
		return nil, err
	}
	signer, err := decodeKey([]byte(stored))
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: a.config.Roots, MinVersion: tls.VersionTLS12}
	transport.DisableKeepAlives = true // orders are rare
	client := &acme.Client{
		Key: signer, DirectoryURL: a.config.Directory, UserAgent: "plaza",
		HTTPClient:   &http.Client{Transport: transport, Timeout: 30 * time.Second},
		RetryBackoff: backoff,
	}
	account := &acme.Account{}
	if a.config.Email != "" {
		account.Contact = []string{"mailto:" + a.config.Email}
	}
	if _, err := client.Register(ctx, account, acme.AcceptTOS); err != nil && !errors.Is(err, acme.ErrAccountAlreadyExists) {
		return nil, fmt.Errorf("open an account: %w", err)
	}
	return client, nil
}

// backoff tells how long to wait before a request is repeated. A client repeats a request whose nonce is too old, or that
// the authority could not answer. If it asks for fewer requests, that waits for the next order.
func backoff(n int, _ *http.Request, answer *http.Response) time.Duration {
	if n > 3 || answer != nil && answer.StatusCode == http.StatusTooManyRequests {
		return -1
	}
	return time.Duration(n) * 200 * time.Millisecond
}

// decodeKey reads a private key, which encodeKey has written.
func decodeKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the key of the site's account at the authority cannot be read")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("the key of the site's account at the authority signs nothing")
	}
	return signer, nil
}
