package site

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/certificate/acmetest"
)

// The names of the site under test, of which the first is the main one.
const (
	mainName  = "chat.example.org"
	otherName = "www.example.org"
)

// named is a site that has names, and listens on ports of loopback.
type named struct {
	*e2etest.Site
	https, http string // addresses
	trust       *tls.Config
}

// openNamed starts a site with --domain, which gets its certificates from an authority of the test.
func openNamed(t *testing.T, flags ...string) *named {
	t.Helper()
	n := &named{Site: e2etest.New(t), https: e2etest.FreeAddress(t), http: e2etest.FreeAddress(t)}
	authority := acmetest.Start(t, acmetest.Ports{HTTP: port(t, n.http), HTTPS: port(t, n.https)}, time.Hour, mainName, otherName)
	n.trust = authority.Trust()
	n.Start(append([]string{
		"--domain", mainName + "," + otherName, "--https-addr", n.https, "--http-addr", n.http,
		"--acme-directory", authority.Directory, "--acme-ca", authority.RootFile, "--acme-email", "owner@example.org",
	}, flags...)...)
	return n
}

func port(t *testing.T, address string) (number int) {
	t.Helper()
	_, text, _ := strings.Cut(address, ":")
	if _, err := fmt.Sscan(text, &number); err != nil {
		t.Fatal(err)
	}
	return number
}

// visitor returns a client that finds all names at the site, and follows no redirects.
func (n *named) visitor(protocols ...string) *http.Client {
	config := n.trust.Clone()
	config.NextProtos = protocols
	transport := &http.Transport{
		TLSClientConfig: config, ForceAttemptHTTP2: len(protocols) == 0,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			door := n.http
			if strings.HasSuffix(address, ":443") {
				door = n.https
			}
			return (&net.Dialer{}).DialContext(ctx, network, door)
		},
	}
	n.T.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport: transport, Timeout: e2etest.Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// get returns the answer to a request, whose Host header is host where that is not "".
func get(t *testing.T, client *http.Client, address, host string) (answer *http.Response, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	answer, err = client.Do(request)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(content)
}

// TestDomain opens a site that has names, as a browser does from the first second on.
func TestDomain(t *testing.T) {
	t.Parallel()
	n := openNamed(t)
	visitor := n.visitor()
	answer, body := get(t, visitor, "https://"+mainName+"/", "") // it waits for the first certificate
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || !strings.Contains(body, "plaza") {
		t.Errorf("the start page is %s by HTTP/%d", answer.Status, answer.ProtoMajor)
	}
	if answer.Header.Get("Strict-Transport-Security") == "" {
		t.Error("browsers may come by HTTP again")
	}
	for _, test := range []struct {
		address, host string
		status        int
		location      string
	}{
		{"https://" + otherName + "/login?next=%2Ffriends", "", http.StatusPermanentRedirect, "https://" + mainName + "/login?next=%2Ffriends"},
		{"https://" + mainName + "/", "evil.example", http.StatusMisdirectedRequest, ""},
		{"https://" + mainName + "/healthz", "10.0.0.1", http.StatusOK, ""},
		{"https://" + mainName + "/", strings.ToUpper(mainName) + ":443", http.StatusOK, ""},
		{"http://" + mainName + "/friends?a=b", "", http.StatusPermanentRedirect, "https://" + mainName + "/friends?a=b"},
		{"http://" + otherName + ":80//evil.example", "", http.StatusPermanentRedirect, "https://" + mainName + "//evil.example"},
		{"http://evil.example/", "", http.StatusMisdirectedRequest, ""},
		{"http://127.0.0.1/.well-known/acme-challenge/x", "", http.StatusMisdirectedRequest, ""},
		{"http://" + mainName + "/.well-known/acme-challenge/x", "", http.StatusNotFound, ""},
		{"http://" + mainName + "/.well-known/acme-challenge/tls-alpn-01", "", http.StatusNotFound, ""},
	} {
		answer, body := get(t, visitor, test.address, test.host)
		if answer.StatusCode != test.status || answer.Header.Get("Location") != test.location {
			t.Errorf("%s of %q is %s to %q, want %d to %q", test.address, test.host, answer.Status, answer.Header.Get("Location"), test.status, test.location)
		}
		if strings.Contains(body, "evil.example") && test.status == http.StatusMisdirectedRequest {
			t.Errorf("%s repeats the name: %s", test.address, body)
		}
	}
	if conn, err := tls.Dial("tcp", n.https, &tls.Config{ServerName: "evil.example", InsecureSkipVerify: true}); err == nil { //nolint:gosec // it must fail
		_ = conn.Close()
		t.Error("a handshake for a name that is not the site's ends well")
	}
	if status := n.Stop(); status != 0 {
		t.Errorf("it ends with %d", status)
	}
}

// TestStreamOverTLS opens a live stream as browsers do that speak HTTP/2: on a connection of its own, by HTTP/1.1.
func TestStreamOverTLS(t *testing.T) {
	t.Parallel()
	n := openNamed(t, "--limits", "off")
	visitor := n.visitor("http/1.1")
	n.Join("ada")
	var token string
	for _, cookie := range n.Session("ada") {
		if cookie.Name == "plaza" { // and not that of the browser
			token = cookie.Value
		}
	}
	_, _ = get(t, visitor, "https://"+mainName+"/healthz", "")
	header := http.Header{"Origin": {"https://" + mainName}, "Cookie": {"__Host-plaza=" + token}}
	socket, answer, err := websocket.Dial(t.Context(), "wss://"+mainName+"/ws?room=1&after=0", &websocket.DialOptions{HTTPClient: &http.Client{Transport: visitor.Transport}, HTTPHeader: header})
	if err != nil {
		t.Fatalf("the stream: %v, %v", answer, err)
	}
	defer func() { _ = socket.CloseNow() }()
	if !e2etest.Hears(socket, "online") {
		t.Error("the stream says nothing")
	}
	foreign := header.Clone()
	foreign.Set("Origin", "https://"+otherName)
	if _, answer, err = websocket.Dial(t.Context(), "wss://"+mainName+"/ws?room=1&after=0", &websocket.DialOptions{HTTPClient: &http.Client{Transport: visitor.Transport}, HTTPHeader: foreign}); err == nil || answer == nil || answer.StatusCode != http.StatusForbidden {
		t.Errorf("a stream of another origin: %v, %v", answer, err)
	}
}

// openSigned starts a site with a certificate in files.
func openSigned(t *testing.T) (n *named, certFile, keyFile string) {
	t.Helper()
	n = &named{Site: e2etest.New(t), https: e2etest.FreeAddress(t), http: e2etest.FreeAddress(t)}
	certFile, keyFile = acmetest.Files(t, mainName)
	n.trust = trusting(t, certFile)
	n.Start("--https-addr", n.https, "--http-addr", n.http, "--tls-cert", certFile, "--tls-key", keyFile)
	return n, certFile, keyFile
}

func trusting(t *testing.T, certFile string) *tls.Config {
	t.Helper()
	content, err := os.ReadFile(certFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(content)
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// TestCertificateInFiles shows a certificate of the operator, and the next one once it is there.
func TestCertificateInFiles(t *testing.T) {
	t.Parallel()
	n, certFile, keyFile := openSigned(t)
	if answer, _ := get(t, n.visitor(), "https://"+mainName+"/login", ""); answer.StatusCode != http.StatusOK {
		t.Errorf("the page is %s", answer.Status)
	}
	if answer, _ := get(t, n.visitor(), "http://"+mainName+"/login", ""); answer.Header.Get("Location") != "https://"+mainName+"/login" {
		t.Errorf("HTTP leads to %q", answer.Header.Get("Location"))
	}
	if answer, _ := get(t, n.visitor(), "https://"+mainName+"/", otherName); answer.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a name that the certificate lacks is %s", answer.Status)
	}
	newCert, newKey := acmetest.Files(t, mainName)
	for file, by := range map[string]string{certFile: newCert, keyFile: newKey} {
		if err := os.Rename(by, file); err != nil {
			t.Fatal(err)
		}
	}
	trust := trusting(t, certFile)
	trust.ServerName = mainName
	e2etest.Eventually(t, "the site shows the new certificate", func() bool {
		conn, err := tls.Dial("tcp", n.https, trust)
		return err == nil && conn.Close() == nil
	})
}

// TestInheritedSockets serves on sockets that systemd opens, on ports that the program itself could not open.
func TestInheritedSockets(t *testing.T) {
	t.Parallel()
	certFile, keyFile := acmetest.Files(t, mainName)
	n := &named{Site: e2etest.New(t), https: e2etest.FreeAddress(t), http: e2etest.FreeAddress(t), trust: trusting(t, certFile)}
	var files []*os.File
	for _, address := range []string{n.http, n.https} {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		file, err := listener.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		files = append(files, file)
		_ = listener.Close() // the file keeps the socket open
	}
	n.Change = func(cmd *exec.Cmd) {
		cmd.ExtraFiles = files
		cmd.Args = append([]string{"sh", "-c", `LISTEN_FDS=2 LISTEN_PID=$$ exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...)
		cmd.Path = "/bin/sh"
	}
	n.Start("--https-addr", n.https, "--http-addr", n.http, "--tls-cert", certFile, "--tls-key", keyFile)
	for _, address := range []string{"https://" + mainName + "/healthz", "http://" + mainName + "/"} {
		if answer, _ := get(t, n.visitor(), address, ""); answer.StatusCode != http.StatusOK && answer.StatusCode != http.StatusPermanentRedirect {
			t.Errorf("%s is %s", address, answer.Status)
		}
	}
}

// TestHalfOpenHandshakes opens a thousand connections that never end their handshake. Few stay, and the site answers.
func TestHalfOpenHandshakes(t *testing.T) {
	t.Parallel()
	n, _, _ := openSigned(t)
	for i := range 1000 {
		conn, err := net.Dial("tcp", n.https)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if i%2 == 0 {
			_, _ = conn.Write([]byte{0x16, 0x03, 0x01, 0x02, 0x00, 0x01}) // the beginning of a hello
		}
	}
	if answer, _ := get(t, n.visitor(), "https://"+mainName+"/healthz", ""); answer.StatusCode != http.StatusOK {
		t.Errorf("the site answers %s", answer.Status)
	}
	e2etest.Eventually(t, "few connections stay", func() bool {
		open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", n.Process.Process.Pid))
		return err == nil && len(open) < 256+64
	})
}

// TestHandshakeHasATimeLimit cuts a connection that never ends its handshake.
func TestHandshakeHasATimeLimit(t *testing.T) {
	t.Parallel()
	n, _, _ := openSigned(t)
	conn, err := net.Dial("tcp", n.https)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetReadDeadline(time.Now().Add(e2etest.Patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(conn).ReadByte(); err == nil || os.IsTimeout(err) {
		t.Errorf("the connection says %v", err)
	}
}
