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

// submit posts a message as a browser without JavaScript does, and returns the status and
// the page that comes of it.
func submit(s *e2etest.Site, client *http.Client, body, nonce string) (int, *goquery.Document) {
	s.T.Helper()
	answer, err := client.PostForm(s.URL+"/messages", url.Values{"room": {"1"}, "body": {body}, "nonce": {nonce}})
	if err != nil {
		s.T.Fatal(err)
	}
	return s.Page(answer)
}

// givesBack checks that a post is answered with 503, and a page with the text in its
// composer under the same nonce: sent again, it makes no second message.
func givesBack(s *e2etest.Site, client *http.Client, body string) {
	s.T.Helper()
	status, page := submit(s, client, body, body)
	composer := page.Find("form:has(textarea[name=body])")
	// A browser drops the line break that follows the tag; the parser does not.
	text := strings.TrimPrefix(composer.Find("textarea").Text(), "\n")
	nonce := composer.Find("[name=nonce]").AttrOr("value", "")
	if status != http.StatusServiceUnavailable || text != body || nonce != body {
		s.T.Errorf("a post is answered with %d and the text %q under %q", status, text, nonce)
	}
	if status, err := s.Post(client, body, body); err != nil || status != http.StatusServiceUnavailable {
		s.T.Errorf("a post of the page is answered with %d, %v", status, err)
	}
}

// shows checks that the chat can be read, with a message in it.
func shows(s *e2etest.Site, client *http.Client, body string) {
	s.T.Helper()
	answer, err := client.Get(s.URL)
	if err != nil {
		s.T.Fatal(err)
	}
	if status, page := s.Page(answer); status != http.StatusOK || !strings.Contains(page.Find("#log").Text(), body) {
		s.T.Errorf("the chat is answered with %d, and without %q", status, body)
	}
}

// quiet opens a site whose log, in which troubles are to be noted, is not the test's. The log
// is whole once the site has ended.
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
				t.Error("the site says that it is healthy")
			}
			if err := os.Rename(away, s.Database); err != nil {
				t.Fatal(err)
			}
			e2etest.Eventually(t, "the site is healthy", s.IsHealthy)
			if status, _ := submit(s, ada, "meanwhile", "meanwhile"); status != http.StatusOK {
				t.Errorf("a post once it is back: %d", status)
			}
			s.MustPost(ada, "after")
			if !heard() {
				t.Error("a stream did not outlast it")
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

// limitFiles sets the largest file that a process may write: see prlimit(2). To it, a file
// that may not grow is a disk without space, and anybody may set this of their own
// processes, while a small disk would have to be mounted.
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
	talk.Wait() // until a post is not confirmed
	confirmed, unconfirmed := talk.End()
	if len(unconfirmed) != 1 {
		t.Fatalf("%d posts were not confirmed", len(unconfirmed))
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
		t.Error("a stream did not outlast it")
	}
	s.Kill()
	if count := s.Holds(append(confirmed, "before", "after")); count != len(confirmed)+2 {
		t.Errorf("%d messages are there, %d were confirmed", count, len(confirmed)+2)
	}
	if !strings.Contains(log.String(), "request failed") {
		t.Errorf("the log says nothing of it: %s", log)
	}
}
