package crash

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/PuerkitoBio/goquery"

	"plaza/cmd/plaza/e2e/e2etest"
)

// submit posts a message as a browser without JavaScript does, and returns the status and the page.
func submit(s *e2etest.Site, client *http.Client, body, nonce string) (int, *goquery.Document) {
	s.T.Helper()
	answer, err := client.PostForm(s.URL+"/messages", url.Values{"room": {"1"}, "body": {body}, "nonce": {nonce}})
	if err != nil {
		s.T.Fatal(err)
	}
	return s.Page(answer)
}

// givesBack checks that the site answers a post with 503 and a page whose composer has the text and the
// same nonce. So the text can be sent again, and makes no second message.
func givesBack(s *e2etest.Site, client *http.Client, body string) {
	s.T.Helper()
	status, page := submit(s, client, body, body)
	composer := page.Find("form:has(textarea[name=body])")
	// A browser drops the line break after the tag. The parser does not.
	text := strings.TrimPrefix(composer.Find("textarea").Text(), "\n")
	nonce := composer.Find("[name=nonce]").AttrOr("value", "")
	if status != http.StatusServiceUnavailable || text != body || nonce != body {
		s.T.Errorf("a form's post: status %d, text %q, nonce %q, want 503 and the post's own", status, text, nonce)
	}
	if status, err := s.Post(client, body, body); err != nil || status != http.StatusServiceUnavailable {
		s.T.Errorf("a script's post: status %d, %v, want 503", status, err)
	}
}

// shows checks that the chat's page shows a message.
func shows(s *e2etest.Site, client *http.Client, body string) {
	s.T.Helper()
	answer, err := client.Get(s.URL)
	if err != nil {
		s.T.Fatal(err)
	}
	if status, page := s.Page(answer); status != http.StatusOK || !strings.Contains(page.Find("#log").Text(), body) {
		s.T.Errorf("the chat's page: status %d, want 200 and the message %q", status, body)
	}
}

// quiet opens a site and keeps its log out of the test's output, because these tests cause errors. The
// log is complete once the site has ended.
func quiet(t *testing.T) (*e2etest.Site, *strings.Builder) {
	t.Helper()
	s, log := e2etest.New(t), &strings.Builder{}
	s.Change = func(c *exec.Cmd) { c.Stderr = log }
	s.Start()
	return s, log
}

func TestDatabaseIsTakenAway(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		take func(t *testing.T, path string)
	}{
		{"renamed", func(*testing.T, string) {}},
		{"replaced", func(t *testing.T, path string) {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, log := quiet(t)
			ada := s.Newcomer("ada")
			heard := e2etest.Hearing(s.Connect(ada, "/ws?room=1&after=0"), "meanwhile")
			s.MustPost(ada, "before")
			away := s.Database + ".away"
			if err := os.Rename(s.Database, away); err != nil {
				t.Fatal(err)
			}
			test.take(t, s.Database)
			givesBack(s, ada, "meanwhile")
			shows(s, ada, "before")
			if s.IsHealthy() {
				t.Error("the site answers that it is healthy")
			}
			if err := os.Rename(away, s.Database); err != nil {
				t.Fatal(err)
			}
			e2etest.Eventually(t, "the site is healthy", s.IsHealthy)
			if status, _ := submit(s, ada, "meanwhile", "meanwhile"); status != http.StatusOK {
				t.Errorf("a post after the file is back: status %d", status)
			}
			s.MustPost(ada, "after")
			if !heard() {
				t.Error("the stream did not survive the failure")
			}
			shows(s, ada, "after")
			s.Kill()
			s.Holds([]string{"before", "meanwhile", "after"})
			if !strings.Contains(log.String(), s.Database) {
				t.Errorf("the log does not name the file: %s", log)
			}
		})
	}
}

// limitFiles sets the size of the largest file that a process may write: see prlimit(2). For the
// process this is like a full disk. A real one would have to be mounted, which needs root.
func limitFiles(t *testing.T, process *os.Process, size uint64) {
	t.Helper()
	limit := syscall.Rlimit{Cur: size, Max: unlimited}
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(process.Pid), syscall.RLIMIT_FSIZE,
		uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	if errno != 0 {
		t.Fatalf("limit the size of files: %v", errno)
	}
}

const unlimited = ^uint64(0) // RLIM_INFINITY

func TestDiskIsFull(t *testing.T) {
	t.Parallel()
	s, log := quiet(t)
	ada := s.Newcomer("ada")
	heard := e2etest.Hearing(s.Connect(ada, "/ws?room=1&after=0"), "after")
	s.MustPost(ada, "before")
	written, err := os.Stat(s.Database + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	limitFiles(t, s.Process.Process, uint64(written.Size()))

	talk := s.Talk([]*http.Client{ada}, "to a disk that fills up")
	talk.Wait() // for the first post that is not confirmed
	confirmed, unconfirmed := talk.End()
	if len(unconfirmed) != 1 {
		t.Fatalf("%d posts were not confirmed, want 1", len(unconfirmed))
	}
	givesBack(s, ada, "meanwhile")
	shows(s, ada, "before")
	limitFiles(t, s.Process.Process, unlimited)

	for body, person := range unconfirmed {
		s.MustPost(person, body)
		confirmed = append(confirmed, body)
	}
	s.MustPost(ada, "after")
	if !heard() {
		t.Error("the stream did not survive the failure")
	}
	s.Kill()
	if count := s.Holds(append(confirmed, "before", "after")); count != len(confirmed)+2 {
		t.Errorf("the log has %d messages, and %d were confirmed", count, len(confirmed)+2)
	}
	if !strings.Contains(log.String(), "request failed") {
		t.Errorf("the program does not log the failure: %s", log)
	}
}
