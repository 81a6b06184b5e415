package store_test

import (
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

func mustSee(t testing.TB, s *store.Store, username string) time.Time {
	t.Helper()
	user, err := s.UserByName(t.Context(), username)
	if err != nil {
		t.Fatal(err)
	}
	return user.SeenAt
}

func TestPeopleAreSeen(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	storetest.MustUser(t, s, "bob")
	if seen := mustSee(t, s, "ada"); !seen.IsZero() {
		t.Errorf("before her first visit, ada was seen at %v", seen)
	}
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	if err != nil {
		t.Fatal(err)
	}
	came := mustSee(t, s, "ada")
	if came.IsZero() {
		t.Error("signing in does not update the last visit")
	}

	// An hour later, the use of the session updates the time, for users without live connections.
	execute(t, address, `UPDATE sessions SET used_at = used_at - 3600001`)
	execute(t, address, `UPDATE users SET seen_at = 1 WHERE seen_at > 0`)
	if _, err := s.SessionByToken(t.Context(), token); err != nil || mustSee(t, s, "ada").Before(came) {
		t.Errorf("reading a page does not update the last visit: %v", err)
	}

	// Many users at once, in several statements.
	people := make([]int64, 2500)
	for i := range people {
		people[i] = int64(len(people) - i)
	}
	if err := s.NoteSeen(t.Context(), people); err != nil || mustSee(t, s, "bob").Before(came) {
		t.Errorf("a connection does not update the last visit: %v", err)
	}
	if err := s.NoteSeen(t.Context(), nil); err != nil {
		t.Errorf("without users: %v", err)
	}
}
