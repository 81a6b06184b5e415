package crash

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// lock has this process hold the site's database, as another program may that writes to it.
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

// A short lock is not noticed by those who post: they only wait.
func TestDatabaseIsLockedForAWhile(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t, "--limits", "off")
	people := s.Newcomers(e2etest.Names("author", 4)...)
	stream := s.Connect(people[0], "/ws?room=1&after=0")
	unlock := lock(s)
	talk := s.Talk(people, "meanwhile")
	time.Sleep(time.Second) // of the five for which a post waits
	if confirmed := talk.Confirmed(); confirmed > 0 {
		t.Errorf("%d posts were confirmed while the database was locked", confirmed)
	}
	unlock()
	e2etest.Eventually(t, "posts are confirmed", func() bool { return talk.Confirmed() >= 20 })
	confirmed, unconfirmed := talk.End()
	if len(unconfirmed) > 0 {
		t.Errorf("%d posts were not confirmed", len(unconfirmed))
	}
	if !e2etest.Hears(stream, confirmed[len(confirmed)-1]) {
		t.Error("a stream did not outlast it")
	}
	s.Kill()
	if count := s.Holds(confirmed); count != len(confirmed) {
		t.Errorf("%d messages are there, %d were confirmed", count, len(confirmed))
	}
}

// A long one is said to those who post, with their text; once it is over, they can.
func TestDatabaseIsLockedForLong(t *testing.T) {
	t.Parallel()
	s, log := quiet(t)
	ada := s.Newcomer("ada")
	stream, heard := s.Connect(ada, "/ws?room=1&after=0"), make(chan bool, 1)
	go func() { heard <- e2etest.Hears(stream, "after") }() // all the time: one that does not read is cut
	s.MustPost(ada, "before")
	unlock := lock(s)
	began := time.Now()
	givesBack(s, ada, "meanwhile")
	if waited := time.Since(began); waited < 9*time.Second {
		t.Errorf("two posts were refused within %v: they did not wait", waited)
	}
	shows(s, ada, "before")
	unlock()
	if status, _ := submit(s, ada, "meanwhile", "meanwhile"); status != http.StatusOK {
		t.Errorf("the post once it is over: %d", status)
	}
	s.MustPost(ada, "after")
	if !<-heard {
		t.Error("a stream did not outlast it")
	}
	shows(s, ada, "meanwhile")
	s.Kill()
	if count := s.Holds([]string{"before", "meanwhile", "after"}); count != 3 {
		t.Errorf("%d messages are there", count)
	}
	if !strings.Contains(log.String(), "request failed") {
		t.Errorf("the log says nothing of it: %s", log)
	}
}
