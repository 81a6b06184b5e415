package nats_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"plaza/handlers/live"
	"plaza/handlers/live/nats"
	"plaza/handlers/live/nats/natstest"
	"plaza/store/storetest"
)

// secret is a password that an address has to quote.
const secret, quoted = "s3cret,/@#", "s3cret%2C%2F%40%23"

// busEnd is a server's end of a bus, with what it has heard and logged.
type busEnd struct {
	*nats.Bus

	mu     sync.Mutex
	heard  map[string]bool
	logged bytes.Buffer
}

// connectNATS connects a server of a site, until the test's end.
func connectNATS(t *testing.T, address string) *busEnd {
	t.Helper()
	end := &busEnd{heard: map[string]bool{}}
	var err error
	if end.Bus, err = nats.Connect(address, "site", slog.New(slog.NewTextHandler(end, &slog.HandlerOptions{Level: slog.LevelDebug}))); err != nil {
		t.Fatal(err)
	}
	end.Listen(end)
	end.Follow(live.RoomChannel(1))
	ctx, stop := context.WithCancel(context.Background())
	var carrying sync.WaitGroup
	carrying.Go(func() { end.Run(ctx) })
	t.Cleanup(func() {
		stop()
		carrying.Wait()
		if log := end.log(); strings.Contains(log, "s3cret") {
			t.Errorf("the secret is logged:\n%s", log)
		}
	})
	return end
}

// Changed implements live.Listener.
func (e *busEnd) Changed(_ live.Channel, entry live.Entry) {
	e.mu.Lock()
	e.heard[string(entry.Fragment)] = true
	e.mu.Unlock()
}

// Events implements live.Listener.
func (e *busEnd) Events() {}

// Write takes in what is logged.
func (e *busEnd) Write(line []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.logged.Write(line)
}

func (e *busEnd) log() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.logged.String()
}

func (e *busEnd) hears(text string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard[text]
}

// say publishes a text again and again, until another end has heard it.
func (e *busEnd) say(t *testing.T, text string, other *busEnd) {
	t.Helper()
	eventually(t, text+" is heard", func() bool {
		e.Publish(live.RoomChannel(1), live.Entry{Version: 1, Fragment: []byte(text)})
		return other.hears(text)
	})
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came about that %s", what)
}

func startNATS(t *testing.T, configure ...func(*server.Options)) *natstest.Server {
	t.Helper()
	started, err := natstest.Start(configure...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(started.Stop)
	return started
}

// known is the address of a server, as it is with a scheme, somebody who is known to it, and
// parameters.
func known(s *natstest.Server, scheme, user, parameters string) string {
	return scheme + "://" + user + strings.TrimPrefix(s.Address(), "nats://") + parameters
}

func withPassword(o *server.Options) { o.Username, o.Password = "plaza", secret }

func withToken(o *server.Options) { o.Authorization = secret }

// withTLS has a server show a certificate, and where clients are named, ask for theirs.
func withTLS(t *testing.T, authority, clients *storetest.Authority) func(*server.Options) {
	t.Helper()
	certificate, err := tls.LoadX509KeyPair(authority.MustSign(t, "NATS"))
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	if clients != nil {
		config.ClientCAs, config.ClientAuth = x509.NewCertPool(), tls.RequireAndVerifyClientCert
		config.ClientCAs.AppendCertsFromPEM(mustRead(t, clients.File))
	}
	return func(o *server.Options) { o.TLS, o.TLSVerify, o.TLSConfig = true, clients != nil, config }
}

// withOperator makes a server accept the users of an account that its operator has signed. It returns the file of
// credentials of one user.
func withOperator(t *testing.T) (configure func(*server.Options), creds string) {
	t.Helper()
	operator, account, user := mustPair(t, nkeys.CreateOperator), mustPair(t, nkeys.CreateAccount), mustPair(t, nkeys.CreateUser)
	claims, err := jwt.DecodeOperatorClaims(mustEncode(t, jwt.NewOperatorClaims(mustPublic(t, operator)), operator))
	if err != nil {
		t.Fatal(err)
	}
	accounts := &server.MemAccResolver{}
	if err := accounts.Store(mustPublic(t, account), mustEncode(t, jwt.NewAccountClaims(mustPublic(t, account)), operator)); err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	content, err := jwt.FormatUserConfig(mustEncode(t, jwt.NewUserClaims(mustPublic(t, user)), account), seed)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *server.Options) {
		o.TrustedOperators, o.AccountResolver = []*jwt.OperatorClaims{claims}, accounts
	}, mustWrite(t, string(content))
}

func mustPair(t *testing.T, create func() (nkeys.KeyPair, error)) nkeys.KeyPair {
	t.Helper()
	pair, err := create()
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func mustPublic(t *testing.T, pair nkeys.KeyPair) string {
	t.Helper()
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return public
}

func mustEncode(t *testing.T, claims jwt.Claims, signer nkeys.KeyPair) string {
	t.Helper()
	encoded, err := claims.Encode(signer)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func mustRead(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func mustWrite(t *testing.T, content string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A server whose address has the right credentials is let in, without a warning. Another one is not, and
// logs why.
func TestNATSKnowsUsByTheAddress(t *testing.T) {
	t.Parallel()
	authority, stranger := storetest.MustAuthority(t), storetest.MustAuthority(t)
	cert, key := authority.MustSign(t, "plaza")
	otherCert, otherKey := stranger.MustSign(t, "plaza")
	operator, creds := withOperator(t)
	_, otherCreds := withOperator(t)
	ca := "?ca=" + authority.File
	tests := []struct {
		name                     string
		configure                func(*server.Options)
		scheme, user, parameters string
		wrong                    []string // scheme, user and parameters, and why they are refused
	}{
		{"a password", withPassword, "nats", "plaza:" + quoted + "@", "", []string{
			"nats", "plaza:s3cret-no-more@", "", "Authorization Violation",
			"nats", "", "", "Authorization Violation",
		}},
		{"a token", withToken, "nats", quoted + "@", "", []string{
			"nats", "s3cret-no-more@", "", "Authorization Violation",
			"nats", "", "", "Authorization Violation",
		}},
		{"the server's certificate", withTLS(t, authority, nil), "tls", "", ca, []string{
			"tls", "", "", "certificate signed by unknown authority",
			"tls", "", "?ca=" + stranger.File, "certificate signed by unknown authority",
			"nats", "", "", "certificate signed by unknown authority",
		}},
		{"a client's certificate", withTLS(t, authority, authority), "tls", "", ca + "&cert=" + cert + "&key=" + key, []string{
			"tls", "", ca, "certificate",
			"tls", "", ca + "&cert=" + otherCert + "&key=" + otherKey, "certificate",
		}},
		{"a password by TLS", func(o *server.Options) { withPassword(o); withTLS(t, authority, nil)(o) }, "tls", "plaza:" + quoted + "@", ca, []string{
			"tls", "plaza:s3cret-no-more@", ca, "Authorization Violation",
		}},
		{"credentials", operator, "nats", "", "?creds=" + creds, []string{
			"nats", "", "?creds=" + otherCreds, "Authorization Violation",
			"nats", "", "", "Authorization Violation",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			bus := startNATS(t, test.configure)
			one := connectNATS(t, known(bus, test.scheme, test.user, test.parameters))
			other := connectNATS(t, known(bus, test.scheme, test.user, test.parameters))
			one.say(t, "hello", other)
			for wrong := test.wrong; len(wrong) > 0; wrong = wrong[4:] {
				refused := connectNATS(t, known(bus, wrong[0], wrong[1], wrong[2]))
				eventually(t, "it says why", func() bool {
					return strings.Contains(refused.log(), "NATS is away") && strings.Contains(refused.log(), wrong[3])
				})
				refused.Publish(live.RoomChannel(1), live.Entry{Version: 1, Fragment: []byte("let me in")})
				one.say(t, "after "+strings.Join(wrong, " "), other)
				if other.hears("let me in") || refused.hears("hello") || strings.Contains(refused.log(), "NATS is there") {
					t.Errorf("%q is let in", wrong[:3])
				}
			}
			for _, end := range []*busEnd{one, other} {
				if log := end.log(); strings.Contains(log, "WARN") || !strings.Contains(log, "NATS is there") {
					t.Errorf("it logs\n%s", log)
				}
			}
		})
	}
}

// Each of several servers has credentials of its own; files are for all.
func TestNATSOfSeveralServers(t *testing.T) {
	t.Parallel()
	authority := storetest.MustAuthority(t)
	certified := withTLS(t, authority, nil)
	first, second := startNATS(t, withPassword, certified), startNATS(t, withToken, certified)
	there := known(first, "tls", "plaza:"+quoted+"@", "?ca="+authority.File)
	elsewhere := known(second, "tls", quoted+"@", "")
	// NATS servers that are no cluster carry nothing to each other.
	one, other := connectNATS(t, there+", "+elsewhere), connectNATS(t, elsewhere+","+there)
	first.Stop()
	one.say(t, "by the second", other)
	second.Stop()
	if err := first.Restart(); err != nil {
		t.Fatal(err)
	}
	one.say(t, "by the first", other)
}

// guard is how a NATS server knows people: by one password, which may change.
type guard struct {
	password atomic.Value
	refused  atomic.Int64
}

// Check implements server.Authentication.
func (g *guard) Check(c server.ClientAuthentication) bool {
	if c.GetOpts().Password == g.password.Load() {
		return true
	}
	g.refused.Add(1)
	return false
}

// A password that NATS refuses is tried for as long as it takes, and is warned of once.
func TestNATSThatComesToKnowUs(t *testing.T) {
	t.Parallel()
	g := &guard{}
	g.password.Store("another")
	bus := startNATS(t, func(o *server.Options) { o.CustomClientAuthentication = g })
	address := known(bus, "nats", "plaza:"+quoted+"@", "")
	one, other := connectNATS(t, address), connectNATS(t, address)
	again := func() {
		t.Helper()
		so := g.refused.Load() + 8
		eventually(t, "it tries again and again", func() bool { return g.refused.Load() >= so })
		g.password.Store(secret)
		one.say(t, "from "+time.Now().String(), other)
	}
	again()
	g.password.Store("another")
	bus.Stop()
	if err := bus.Restart(); err != nil {
		t.Fatal(err)
	}
	again()
	for _, end := range []*busEnd{one, other} {
		log := strings.ToLower(end.log())
		if got := strings.Count(log, "authorization violation"); got != 2 {
			t.Errorf("it says %d times that NATS refuses it:\n%s", got, log)
		}
		if got := strings.Count(log, "nats is there"); got != 2 {
			t.Errorf("it says %d times that NATS is there:\n%s", got, log)
		}
	}
}

// A server that may not use the site's subjects logs that.
func TestNATSThatDoesNotTrustUs(t *testing.T) {
	t.Parallel()
	bus := startNATS(t, func(o *server.Options) {
		o.Users = []*server.User{{Username: "plaza", Password: secret, Permissions: &server.Permissions{
			Subscribe: &server.SubjectPermission{Allow: []string{"other.>"}},
		}}}
	})
	end := connectNATS(t, known(bus, "nats", "plaza:"+quoted+"@", ""))
	eventually(t, "it says so", func() bool {
		return strings.Contains(end.log(), "WARN") && strings.Contains(end.log(), "plaza.site.events")
	})
}

// What is wrong with an address is said before it is used, and without what may be secret.
func TestCheckNATS(t *testing.T) {
	t.Parallel()
	authority := storetest.MustAuthority(t)
	cert, key := authority.MustSign(t, "plaza")
	_, creds := withOperator(t)
	away := filepath.Join(t.TempDir(), "s0")
	letter := mustWrite(t, "Dear Ada, the password is s3cret.")
	for _, address := range []string{
		"nats://host", "tls://s3cret@host:4222", "ws://host/path", "nats://host/",
		"nats://plaza:s3cret@[::1]:4222,nats://plaza:s3cret@host",
		"tls://host?ca=" + authority.File + "&ca=" + cert + "&cert=" + cert + "&key=" + key,
		"nats://one?creds=" + creds + ",nats://other?creds=" + creds,
	} {
		if err := nats.Check(address); err != nil {
			t.Errorf("%s is refused: %v", address, err)
		}
	}
	for address, says := range map[string]string{
		"":                                                           "nats://user:password@host:4222",
		"nats://":                                                    "nats://user:password@host:4222",
		"host:4222":                                                  "nats://user:password@host:4222",
		"http://plaza:s3cret@host":                                   "nats://user:password@host:4222",
		"nats://plaza:s3cret@[::1":                                   "nats://user:password@host:4222",
		"nats://plaza:s3cret@host:port":                              "nats://user:password@host:4222",
		"nats://plaza:s3cret%@host":                                  "nats://user:password@host:4222",
		"nats://plaza:12,s3cret@host":                                "nats://user:password@host:4222",
		"nats://plaza:12/s3cret@host":                                "%2F",
		"nats://s3cret/12@host":                                      "%2F",
		"nats://plaza:12#s3cret@host":                                "%23",
		"nats://plaza:12?s3cret@host":                                "none of creds, ca, cert and key",
		"nats://host?s3cret=1":                                       "none of creds, ca, cert and key",
		"nats://host?CA=" + authority.File:                           "none of creds, ca, cert and key",
		"nats://host?a=1;ca=s3cret":                                  "such as ?ca=",
		"nats://host?ca=":                                            "ca names no file",
		"nats://host?ca=" + away:                                     "ca: ",
		"nats://host?ca=" + letter:                                   letter,
		"nats://host?cert=" + cert:                                   "cert and key go together",
		"nats://host?key=" + key:                                     "cert and key go together",
		"nats://host?cert=" + away + "&key=" + key:                   away,
		"nats://host?cert=" + key + "&key=" + key:                    "cert and key: ",
		"nats://plaza:s3cret@host?creds=" + away:                     away,
		"nats://plaza:s3cret@host?creds=" + letter:                   letter,
		"nats://host?creds=" + creds + ",nats://b?creds=" + away:     "share one file",
		"nats://plaza:s3cret@host?ca=" + authority.File + ",nats://": "nats://user:password@host:4222",
	} {
		err := nats.Check(address)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("of %s it says %v, want %q", address, err, says)
		}
	}
}
