package crash

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// lock locks the site's database, as another program does that writes to it.
func lock(s *e2etest.Site) (unlock func()) {
	s.T.Helper()
	db, err := sql.Open("sqlite", "file:"+s.Database+"?_pragma=busy_timeout(20000)")
	if err != nil {
		s.T.Fatal(err)
	}
	connection, err := db.Conn(s.T.Context())
	if err != nil {
		s.T.Fatal(err)
	}
	if _, err := connection.ExecContext(s.T.Context(), `BEGIN IMMEDIATE`); err != nil {
		s.T.Fatal(err)
	}
	return func() {
		s.T.Helper()
		if _, err := connection.ExecContext(s.T.Context(), `ROLLBACK`); err != nil {
			s.T.Fatal(err)
		}
		_ = connection.Close()
		_ = db.Close()
	}
}

// During a short lock, authors only wait.
func TestDatabaseIsLockedForAWhile(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t, "--limits", "off")
	people := s.Newcomers(e2etest.Names("author", 4)...)
	heard := e2etest.Hearing(s.Connect(people[0], "/ws?room=1&after=0"), "once it is over")
	unlock := lock(s)
	talk := s.Talk(people, "meanwhile")
	time.Sleep(time.Second) // a post waits up to five seconds for a lock
	if confirmed := talk.Confirmed(); confirmed > 0 {
		t.Errorf("%d posts were confirmed while the database was locked", confirmed)
	}
	unlock()
	e2etest.Eventually(t, "posts are confirmed", func() bool { return talk.Confirmed() >= 20 })
	confirmed, unconfirmed := talk.End()
	if len(unconfirmed) > 0 {
		t.Errorf("%d posts were not confirmed, want none", len(unconfirmed))
	}
	s.MustPost(people[0], "once it is over")
	confirmed = append(confirmed, "once it is over")
	if !heard() {
		t.Error("the stream did not survive the failure")
	}
	s.Kill()
	if count := s.Holds(confirmed); count != len(confirmed) {
		t.Errorf("the log has %d messages, and %d were confirmed", count, len(confirmed))
	}
}

// During a long lock, authors get an error and their text back. After it, they can post.
func TestDatabaseIsLockedForLong(t *testing.T) {
	t.Parallel()
	s, log := quiet(t)
	ada := s.Newcomer("ada")
	stream, heard := s.Connect(ada, "/ws?room=1&after=0"), make(chan bool, 1)
	go func() { heard <- e2etest.Hears(stream, "after") }() // from the start: the site cuts a stream that nobody reads
	s.MustPost(ada, "before")
	unlock := lock(s)
	began := time.Now()
	givesBack(s, ada, "meanwhile")
	if waited := time.Since(began); waited < 9*time.Second {
		t.Errorf("two posts were refused after %v, want a wait of 9 s or more", waited)
	}
	shows(s, ada, "before")
	unlock()
	if status, _ := submit(s, ada, "meanwhile", "meanwhile"); status != http.StatusOK {
		t.Errorf("a post after the lock: status %d", status)
	}
	s.MustPost(ada, "after")
	if !<-heard {
		t.Error("the stream did not survive the lock")
	}
	shows(s, ada, "meanwhile")
	s.Kill()
	if count := s.Holds([]string{"before", "meanwhile", "after"}); count != 3 {
		t.Errorf("the log has %d messages, want 3", count)
	}
	if !strings.Contains(log.String(), "request failed") {
		t.Errorf("the program does not log the failure: %s", log)
	}
}
