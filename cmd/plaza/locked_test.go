package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// lock has this process hold the site's database, as another program may that writes to it.
func (s *site) lock() (unlock func()) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.database+"?_pragma=busy_timeout(20000)")
	if err != nil {
		s.t.Fatal(err)
	}
	connection, err := db.Conn(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := connection.ExecContext(s.t.Context(), `BEGIN IMMEDIATE`); err != nil {
		s.t.Fatal(err)
	}
	return func() {
		s.t.Helper()
		if _, err := connection.ExecContext(s.t.Context(), `ROLLBACK`); err != nil {
			s.t.Fatal(err)
		}
		_ = connection.Close()
		_ = db.Close()
	}
}

// A short lock is not noticed by those who post: they only wait.
func TestDatabaseIsLockedForAWhile(t *testing.T) {
	t.Parallel()
	s := open(t, "--limits", "off")
	var people []*http.Client
	for i := range 4 {
		people = append(people, s.register(fmt.Sprint("author", i)))
	}
	stream := s.connect(people[0], "/ws?room=1&after=0")
	unlock := s.lock()
	talk := s.talk(people, "meanwhile")
	time.Sleep(3 * time.Second)
	if confirmed := talk.confirmedSoFar(); confirmed > 0 {
		t.Errorf("%d posts were confirmed while the database was locked", confirmed)
	}
	unlock()
	eventually(t, "posts are confirmed", func() bool { return talk.confirmedSoFar() >= 20 })
	confirmed, unconfirmed := talk.end()
	if len(unconfirmed) > 0 {
		t.Errorf("%d posts were not confirmed", len(unconfirmed))
	}
	if !hears(stream, confirmed[len(confirmed)-1]) {
		t.Error("a stream did not outlast it")
	}
	s.kill()
	if count := s.holds(confirmed); count != len(confirmed) {
		t.Errorf("%d messages are there, %d were confirmed", count, len(confirmed))
	}
}

// A long one is said to those who post, with their text; once it is over, they can.
func TestDatabaseIsLockedForLong(t *testing.T) {
	t.Parallel()
	s, log := quiet(t)
	ada := s.register("ada")
	stream, heard := s.connect(ada, "/ws?room=1&after=0"), make(chan bool, 1)
	go func() { heard <- hears(stream, "after") }() // all the time: one that does not read is cut
	s.mustPost(ada, "before")
	unlock := s.lock()
	began := time.Now()
	s.givesBack(ada, "meanwhile")
	if waited := time.Since(began); waited < 9*time.Second {
		t.Errorf("two posts were refused within %v: they did not wait", waited)
	}
	s.shows(ada, "before")
	unlock()
	if status, _ := s.submit(ada, "meanwhile", "meanwhile"); status != http.StatusOK {
		t.Errorf("the post once it is over: %d", status)
	}
	s.mustPost(ada, "after")
	if !<-heard {
		t.Error("a stream did not outlast it")
	}
	s.shows(ada, "meanwhile")
	s.kill()
	if count := s.holds([]string{"before", "meanwhile", "after"}); count != 3 {
		t.Errorf("%d messages are there", count)
	}
	if !strings.Contains(log.String(), "request failed") {
		t.Errorf("the log says nothing of it: %s", log)
	}
}
