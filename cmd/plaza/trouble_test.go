package main

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
)

// submit posts a message as a browser without JavaScript does, and returns the status and
// the page that comes of it.
func (s *site) submit(client *http.Client, body, nonce string) (int, *goquery.Document) {
	s.t.Helper()
	answer, err := client.PostForm(s.url+"/messages", url.Values{"room": {"1"}, "body": {body}, "nonce": {nonce}})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.page(answer)
}

func (s *site) page(answer *http.Response) (int, *goquery.Document) {
	s.t.Helper()
	defer func() { _ = answer.Body.Close() }()
	page, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, page
}

// givesBack checks that a post is answered with 503, and a page with the text in its
// composer under the same nonce: sent again, it makes no second message.
func (s *site) givesBack(client *http.Client, body string) {
	s.t.Helper()
	status, page := s.submit(client, body, body)
	composer := page.Find("form:has(textarea[name=body])")
	// A browser drops the line break that follows the tag; the parser does not.
	text := strings.TrimPrefix(composer.Find("textarea").Text(), "\n")
	nonce := composer.Find("[name=nonce]").AttrOr("value", "")
	if status != http.StatusServiceUnavailable || text != body || nonce != body {
		s.t.Errorf("a post is answered with %d and the text %q under %q", status, text, nonce)
	}
	if status, err := s.post(client, body, body); err != nil || status != http.StatusServiceUnavailable {
		s.t.Errorf("a post of the page is answered with %d, %v", status, err)
	}
}

// shows checks that the chat can be read, with a message in it.
func (s *site) shows(client *http.Client, body string) {
	s.t.Helper()
	answer, err := client.Get(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	if status, page := s.page(answer); status != http.StatusOK || !strings.Contains(page.Find("#log").Text(), body) {
		s.t.Errorf("the chat is answered with %d, and without %q", status, body)
	}
}

// quiet opens a site whose log, in which troubles are to be noted, is not the test's. The log
// is whole once the site has ended.
func quiet(t *testing.T) (*site, *strings.Builder) {
	t.Helper()
	s, log := newSite(t), &strings.Builder{}
	s.change = func(c *exec.Cmd) { c.Stderr = log }
	s.start()
	return s, log
}

func TestDatabaseIsTakenAway(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		take func(t *testing.T, path string)
	}{
		{"renamed", func(*testing.T, string) {}},
		{"replaced", func(t *testing.T, path string) { write(t, path, nil) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, log := quiet(t)
			ada := s.register("ada")
			stream := s.connect(ada, "/ws?room=1&after=0")
			s.mustPost(ada, "before")
			away := s.database + ".away"
			if err := os.Rename(s.database, away); err != nil {
				t.Fatal(err)
			}
			test.take(t, s.database)
			s.givesBack(ada, "meanwhile")
			s.shows(ada, "before")
			if s.isHealthy() {
				t.Error("the site says that it is healthy")
			}
			if err := os.Rename(away, s.database); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the site is healthy", s.isHealthy)
			if status, _ := s.submit(ada, "meanwhile", "meanwhile"); status != http.StatusOK {
				t.Errorf("a post once it is back: %d", status)
			}
			s.mustPost(ada, "after")
			if !hears(stream, "meanwhile") {
				t.Error("a stream did not outlast it")
			}
			s.shows(ada, "after")
			s.kill()
			s.holds([]string{"before", "meanwhile", "after"})
			if !strings.Contains(log.String(), s.database) {
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
	ada := s.register("ada")
	stream := s.connect(ada, "/ws?room=1&after=0")
	s.mustPost(ada, "before")
	written, err := os.Stat(s.database + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	limitFiles(t, s.process.Process, uint64(written.Size()))

	talk := s.talk([]*http.Client{ada}, "to a disk that fills up")
	talk.posting.Wait() // until a post is not confirmed
	confirmed, unconfirmed := talk.end()
	if len(unconfirmed) != 1 {
		t.Fatalf("%d posts were not confirmed", len(unconfirmed))
	}
	s.givesBack(ada, "meanwhile")
	s.shows(ada, "before")
	limitFiles(t, s.process.Process, unlimited)

	for body, person := range unconfirmed {
		s.mustPost(person, body)
		confirmed = append(confirmed, body)
	}
	s.mustPost(ada, "after")
	if !hears(stream, "after") {
		t.Error("a stream did not outlast it")
	}
	s.kill()
	if count := s.holds(append(confirmed, "before", "after")); count != len(confirmed)+2 {
		t.Errorf("%d messages are there, %d were confirmed", count, len(confirmed)+2)
	}
	if !strings.Contains(log.String(), "request failed") {
		t.Errorf("the log says nothing of it: %s", log)
	}
}
