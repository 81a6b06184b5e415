package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"plaza/store/storetest"
)

// A message that is posted through the balancer reaches every server. At the end nothing runs any more.
func TestCluster(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "plaza")
	if out, err := exec.Command("go", "build", "-o", binary, "../plaza").CombinedOutput(); err != nil {
		t.Fatalf("build plaza: %v\n%s", err, out)
	}
	ctx, stop := context.WithCancel(t.Context())
	said, saying := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, "127.0.0.1:0", binary, saying)
		_ = saying.Close()
		ended <- err
	}()
	var servers []string
	site, token := "", ""
	lines := bufio.NewScanner(said)
	for token == "" && lines.Scan() {
		t.Log(lines.Text())
		_, address, found := strings.Cut(lines.Text(), "http://")
		switch {
		case !found:
		case strings.Contains(address, "/setup?token="):
			_, token, _ = strings.Cut(address, "=")
		case strings.HasPrefix(lines.Text(), "node"):
			servers = append(servers, "http://"+address)
		default:
			address, _, _ = strings.Cut(address, " ")
			site = "http://" + strings.Replace(address, "localhost", "127.0.0.1", 1)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()
	if len(servers) != nodes {
		t.Fatalf("the servers are %q, and run returned %v", servers, <-ended)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	ada := &http.Client{Jar: jar}
	mustPost(t, ada, site+"/setup", url.Values{
		"token": {token}, "username": {"ada"}, "email": {"ada@example.org"},
		"password": {storetest.Password}, "password_confirm": {storetest.Password},
	})
	mustPost(t, ada, site+"/messages", url.Values{"room": {"1"}, "body": {"to all servers"}, "nonce": {"one"}})
	for _, server := range servers {
		answer, err := ada.Get(server)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || !strings.Contains(string(page), "to all servers") {
			t.Errorf("%s does not show the message: %v\n%s", server, err, page)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("run returned %v", err)
	}
	for _, server := range servers {
		if answer, err := http.Get(server); err == nil {
			_ = answer.Body.Close()
			t.Errorf("%s still answers", server)
		}
	}
}

// mustPost sends a form as a browser without scripts does, and follows redirects.
func mustPost(t *testing.T, client *http.Client, address string, form url.Values) {
	t.Helper()
	answer, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", address, answer.Status)
	}
}
