package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// notifications returns a user's notifications, newest first: the kind, the count, the actor, the quoted
// text, and whether it is read.
func notifications(t *testing.T, s *store.Store, user store.User) string {
	t.Helper()
	found, _, err := s.Notifications(t.Context(), user, store.NewestPoint(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(found))
	for i, n := range found {
		said := []string{string(n.Kind), fmt.Sprint(n.Count)}
		if n.Actor.ID != 0 {
			said = append(said, n.Actor.Username)
		}
		room := n.Room.Name
		if room == "" && n.Room.Kind == store.Public {
			room = "public"
		}
		for _, detail := range []string{n.Browser, room, n.Excerpt} {
			if detail != "" {
				said = append(said, detail)
			}
		}
		if n.Read {
			said = append(said, "(read)")
		}
		lines[i] = strings.Join(said, " ")
	}
	return strings.Join(lines, "; ")
}

// mentioning returns a message for the public chat that mentions users.
func mentioning(author store.User, text string, usernames ...string) store.NewMessage {
	message := storetest.New(author, text)
	message.Mentions = usernames
	return message
}

func mustMention(t *testing.T, s *store.Store, author store.User, text string, usernames ...string) store.Posted {
	t.Helper()
	posted, err := s.Post(t.Context(), mentioning(author, text, usernames...))
	if err != nil {
		t.Fatalf("post %q: %v", text, err)
	}
	return posted
}

// members makes accounts without hashing passwords.
func members(t *testing.T, s *store.Store, address string, count int) []store.User {
	t.Helper()
	people := make([]named, count)
	for i := range people {
		people[i] = fmt.Sprint("member-", i)
	}
	populate(t, storetest.Beside(t, address), people...)
	execute(t, address, `UPDATE users SET email = username || '@example.org', email_key = username || '@example.org'`)
	users, err := s.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return users[len(users)-count:]
}

// A notification quotes its message as long as the message has its text, and only for users who may
// read it.
func TestNotificationsHaveExcerpts(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 3)
	ada, bob, eve := people[0], people[1], people[2]
	message := mentioning(bob, "quoted", ada.Username)
	message.Text = "I said 1 < 2 to @member-0 " + strings.Repeat("long ", 500)
	_, err := s.Post(t.Context(), message)
	mustDo(t, err)
	if got := notifications(t, s, ada); !strings.HasPrefix(got,
		"mention 1 member-1 public I said 1 < 2 to @member-0 long long") || !strings.HasSuffix(got, "…") ||
		len(got) > 200 {
		t.Errorf("ada's notifications are %q", got)
	}
	storetest.MustBefriend(t, s, ada, bob)
	storetest.MustBefriend(t, s, ada, eve)
	group, err := s.CreateGroup(t.Context(), ada, "The group", []string{bob.Username, eve.Username})
	mustDo(t, err, s.ReadNotifications(t.Context(), ada))
	private := writing(bob, group.ID, "in private")
	private.Mentions = []string{ada.Username, "member-1"}
	posted, err := s.Post(t.Context(), private)
	mustDo(t, err)
	if !slices.Contains(posted.InboxChanged, ada.ID) || !slices.Contains(posted.InboxChanged, eve.ID) {
		t.Errorf("the changed inboxes are %v", posted.InboxChanged)
	}
	mustWrite(t, s, bob, group.ID, "one more")
	first := func(user store.User) string {
		line, _, _ := strings.Cut(notifications(t, s, user), ";")
		return line
	}
	if got := notifications(t, s, ada); !strings.HasPrefix(got,
		"message 1 member-1 The group one more; mention 1 member-1 The group in private; ") {
		t.Errorf("ada's notifications are %q", got)
	}
	if got := first(eve); got != "message 2 member-1 The group one more" {
		t.Errorf("eve's notifications are %q", got)
	}
	inboxes, err := s.Inboxes(t.Context(), []int64{ada.ID, bob.ID, eve.ID, 999})
	if err != nil || len(inboxes) != 3 || inboxes[ada.ID].Messages != 2 || inboxes[ada.ID].Notifications != 2 ||
		inboxes[eve.ID].Newest.Excerpt != "one more" ||
		inboxes[eve.ID].Newest.Room.Name != "The group" || inboxes[bob.ID].Messages != 0 {
		t.Errorf("the inboxes are %+v, %v", inboxes, err)
	}
	// As if a row had been left behind.
	execute(t, address, `DELETE FROM members WHERE user_id = $1`, eve.ID)
	if got := notifications(t, s, eve); strings.Contains(got, "message") || strings.Contains(got, "group") {
		t.Errorf("eve's notifications are %q", got)
	}
	inboxes, err = s.Inboxes(t.Context(), []int64{eve.ID})
	if err != nil || inboxes[eve.ID].Newest.Kind == store.PrivateMessage {
		t.Errorf("the inboxes are %+v, %v", inboxes, err)
	}
	_, err = s.ReadRoom(t.Context(), ada, group.ID, posted.Seq)
	mustDo(t, err)
	if got := notifications(t, s, ada); !strings.HasPrefix(got,
		"message 1 member-1 The group one more; mention 1 member-1 The group in private (read); ") {
		t.Errorf("ada's notifications are %q", got)
	}
	deletion, err := s.DeleteAccount(t.Context(), bob, true)
	mustDo(t, err)
	if got := notifications(t, s, ada); strings.Contains(got, "mention") || strings.Contains(got, "message") ||
		!slices.Contains(deletion.InboxChanged, ada.ID) {
		t.Errorf("ada's notifications are %q, and the changed inboxes %v", got, deletion.InboxChanged)
	}
	mustMention(t, s, eve, "gone soon", ada.Username)
	execute(t, address, `UPDATE messages SET source = '', html = '', text = '', erased = TRUE
		WHERE author_id = $1`, eve.ID)
	if got := first(ada); got != "mention 1 member-2 public" {
		t.Errorf("ada's notifications are %q", got)
	}
}
