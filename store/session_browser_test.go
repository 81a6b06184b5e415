package store_test

import (
	"fmt"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// The first browser of an account causes no notification. Each further browser causes one.
func TestNewBrowsersNotify(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 2)
	ada, bob := people[0], people[1]
	for _, test := range []struct {
		user           store.User
		browser, agent string
		want           string
	}{
		{ada, "first", "Browser/1.0", ""},
		{ada, "first", "Browser/2.0", ""},
		{bob, "first", "Browser/2.0", ""},
		{ada, "second", "Browser/3.0 \xff", "sign-in 1 Browser/3.0 \ufffd"},
		{ada, "second", "Browser/3.0", "sign-in 1 Browser/3.0 \ufffd"},
		{bob, "second", "Browser/3.0", "sign-in 1 Browser/3.0"},
		{ada, "third", "", "sign-in 1; sign-in 1 Browser/3.0 \ufffd"},
	} {
		token, err := s.CreateSession(t.Context(), test.user, test.agent, test.browser)
		mustDo(t, err)
		if got := notifications(t, s, test.user); got != test.want {
			t.Errorf("the notifications of %s with %s are %q, want %q", test.user.Username, test.browser, got, test.want)
		}
		session, err := s.SessionByToken(t.Context(), token)
		inboxes, finding := s.Inboxes(t.Context(), []int64{test.user.ID})
		mustDo(t, err, finding)
		if session.Inbox.Mark() != inboxes[test.user.ID].Mark() ||
			!session.Inbox.Newest.At.Equal(inboxes[test.user.ID].Newest.At) {
			t.Errorf("the session's inbox is %+v, want %+v", session.Inbox, inboxes[test.user.ID])
		}
	}
	for i := range 60 {
		_, err := s.CreateSession(t.Context(), bob, "", fmt.Sprint("browser ", i))
		mustDo(t, err)
	}
	var kept int
	if query(t, address, `SELECT count(*) FROM browsers WHERE user_id = $1`, &kept, bob.ID); kept != 50 {
		t.Errorf("%d browsers are kept", kept)
	}
	execute(t, address, `UPDATE browsers SET used_at = used_at - $1`, store.BrowserLifetime.Milliseconds())
	mustExpire(t, s)
	if query(t, address, `SELECT count(*) FROM browsers`, &kept); kept != 0 {
		t.Errorf("%d browsers are kept", kept)
	}
}
