package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

func TestSessionLastsAndEnds(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	session, err := s.SessionByToken(t.Context(), token)
	if err != nil || session.User.Username != "ada" {
		t.Fatalf("got %+v, %v", session, err)
	}
	if _, err := s.SessionByToken(t.Context(), token+"x"); store.KindOf(err) != store.NotFound {
		t.Errorf("another token: %v", err)
	}
	if err := s.EndSession(t.Context(), session.Hash); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SessionByToken(t.Context(), token); store.KindOf(err) != store.NotFound {
		t.Errorf("after its end: %v", err)
	}
	events, err := s.SiteEvents(t.Context(), 0)
	if err != nil || len(events.Ended) != 1 || events.Ended[0] != session.Hash {
		t.Fatalf("ended: %v, %v", events, err)
	}
	if again, err := s.SiteEvents(t.Context(), events.Mark); err != nil || len(again.Ended) != 0 {
		t.Errorf("ended again: %v, %v", again, err)
	}
}

// A reader of site events sees the end of each session, even if many end at once. A mark that
// passed an uncommitted event would lose it.
func TestEndedSessionsAreToldInOrder(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	const people, browsers = 3, 80
	sessions := make([][]store.TokenHash, people)
	for person := range people {
		user := storetest.MustUser(t, both[0], fmt.Sprint("ada", person))
		for range browsers {
			token, err := both[0].CreateSession(t.Context(), user, "a browser", "its token")
			if err != nil {
				t.Fatal(err)
			}
			sessions[person] = append(sessions[person], store.HashToken(token))
		}
	}
	var ending, looking sync.WaitGroup
	var ended atomic.Bool
	for _, s := range both {
		looking.Go(func() {
			seen, mark := map[store.TokenHash]bool{}, int64(0)
			for last := false; ; {
				more, err := s.SiteEvents(t.Context(), mark)
				if err != nil {
					t.Error(err)
					return
				}
				mark = more.Mark
				for _, session := range more.Ended {
					seen[session] = true
				}
				if last {
					break
				}
				last = ended.Load() // read once more after the end
			}
			if len(seen) != people*browsers {
				t.Errorf("the events have %d ended sessions of %d", len(seen), people*browsers)
			}
		})
	}
	for person := range people {
		for i := range 8 { // each one ends every eighth browser's session
			ending.Go(func() {
				for browser := i; browser < browsers; browser += 8 {
					if person == 0 && browser > browsers/2 {
						return // the new password ends the rest
					}
					if err := both[i%2].EndSession(t.Context(), sessions[person][browser]); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	ending.Go(func() {
		if err := both[1].ResetPassword(t.Context(), "ada0", "another long phrase"); err != nil {
			t.Error(err)
		}
	})
	ending.Wait()
	ended.Store(true)
	looking.Wait()
}

func TestTokenIsNotInTheStore(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	token, err := s.CreateSession(t.Context(), storetest.MustUser(t, s, "ada"), "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	var found int
	query(t, address, `SELECT count(*) FROM sessions WHERE token_hash = $1`, &found, []byte(token))
	if found != 0 {
		t.Error("the token itself is in the store")
	}
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	lifetimes := map[string]time.Duration{"used_at": store.SessionIdleLifetime, "created_at": store.SessionLifetime}
	for column, lifetime := range lifetimes {
		t.Run(column, func(t *testing.T) {
			address := storetest.MustAddress(t)
			s := storetest.MustOpenAt(t, address)
			token, err := s.CreateSession(t.Context(), storetest.MustUser(t, s, "ada"), "a browser", "its token")
			if err != nil {
				t.Fatal(err)
			}
			execute(t, address, `UPDATE sessions SET `+column+` = $1`, time.Now().Add(-lifetime-time.Minute).UnixMilli())
			if _, err := s.SessionByToken(t.Context(), token); store.KindOf(err) != store.NotFound {
				t.Errorf("past its lifetime: %v", err)
			}
			if _, err := s.Expire(t.Context()); err != nil {
				t.Fatal(err)
			}
			if events, err := s.SiteEvents(t.Context(), 0); err != nil || len(events.Ended) != 1 {
				t.Errorf("noted as ended: %v, %v", events, err)
			}
		})
	}
}

// execute runs a statement on the database directly, as another program would.
func execute(t *testing.T, address, statement string, arguments ...any) {
	t.Helper()
	if _, err := storetest.Beside(t, address).ExecContext(t.Context(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
}

// query reads one value from the database directly.
func query(t *testing.T, address, statement string, value any, arguments ...any) {
	t.Helper()
	if err := storetest.Beside(t, address).QueryRowContext(t.Context(), statement, arguments...).Scan(value); err != nil {
		t.Fatal(err)
	}
}
