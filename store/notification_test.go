package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
	"plaza/store/storetest/proof"
)

// told returns a user's notifications, newest first: the kind, the count, the actor, the quoted
// text, and whether it is read.
func told(t *testing.T, s *store.Store, user store.User) string {
	t.Helper()
	found, _, err := s.Notifications(t.Context(), user, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(found))
	for i, n := range found {
		said := []string{string(n.Kind), fmt.Sprint(n.Count)}
		if n.Actor.ID != 0 {
			said = append(said, n.Actor.Username)
		}
		for _, detail := range []string{n.Browser, n.Room.Name, n.Excerpt} {
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

// Each cause notifies its recipients. If it ends before the notification is read, the notification
// goes.
func TestPeopleAreTold(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 3)
	ada, bob, eve := people[0], people[1], people[2]
	a, b := ada.Username, bob.Username
	ctx := t.Context()
	session := store.Session{User: ada}
	email := func(address string) func() error {
		return func() error { return s.ChangeEmail(ctx, ada, address, false) }
	}
	between := func(do func(viewer, other store.User) error, viewer, other store.User) func() error {
		return func() error { return do(viewer, other) }
	}
	request := func(viewer, other store.User) error { return s.RequestFriend(ctx, viewer, other) }
	cancel := func(viewer, other store.User) error { return s.CancelRequest(ctx, viewer, other) }
	accept := func(viewer, other store.User) error { return s.AcceptRequest(ctx, viewer, other) }
	decline := func(viewer, other store.User) error { return s.DeclineRequest(ctx, viewer, other) }
	remove := func(viewer, other store.User) error { return s.RemoveFriend(ctx, viewer, other) }
	block := func(viewer, other store.User) error { return s.Block(ctx, viewer, other) }
	for _, step := range []struct {
		name       string
		do         func() error
		ada, other string // the notifications of ada and bob
	}{
		{"request", between(request, bob, ada), "request 1 " + b, ""},
		{"a second one", between(request, eve, ada), "request 2 " + eve.Username, ""},
		{"cancel", between(cancel, eve, ada), "request 1 " + b, ""},
		{"cancel the last", between(cancel, bob, ada), "", ""},
		{"request again", between(request, bob, ada), "request 1 " + b, ""},
		{"decline", between(decline, ada, bob), "", "declined 1 " + a},
		{"ask back", between(request, ada, bob), "", "request 1 " + a + "; declined 1 " + a},
		{"accept", between(accept, bob, ada), "accepted 1 " + b, "declined 1 " + a},
		{"unfriend", between(remove, ada, bob), "accepted 1 " + b, "unfriended 1 " + a + "; declined 1 " + a},
		{
			"read", func() error { return errors.Join(s.ReadNotifications(ctx, ada), s.ReadNotifications(ctx, bob)) },
			"accepted 1 " + b + " (read)", "unfriended 1 " + a + " (read); declined 1 " + a + " (read)",
		},
		{"request once more", between(request, bob, ada), "request 1 " + b + "; accepted 1 " + b + " (read)", "unfriended 1 " + a + " (read); declined 1 " + a + " (read)"},
		{"both ask", between(request, ada, bob), "accepted 1 " + b + " (read)", "accepted 1 " + a + "; unfriended 1 " + a + " (read); declined 1 " + a + " (read)"},
		{"blocked, which is unfriended to whom it happens", between(block, ada, bob), "", "unfriended 1 " + a + "; accepted 1 " + a + "; unfriended 1 " + a + " (read); declined 1 " + a + " (read)"},
		{"blocked, and asks", between(request, bob, ada), "", "unfriended 1 " + a + "; accepted 1 " + a + "; unfriended 1 " + a + " (read); declined 1 " + a + " (read)"},
		{"an email is hidden", email(ada.Email), "", ""},
		{"an email", email("ada@example.net"), "email 1", ""},
		{"a password", func() error { return s.ChangePassword(ctx, session, "a new long phrase") }, "password 1; email 1", ""},
		{"a password that is reset", func() error { return s.ResetPassword(ctx, a, "another long phrase") }, "password 2; email 1", ""},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := told(t, s, ada); got != step.ada {
			t.Errorf("%s: ada's notifications are %q, want %q", step.name, got, step.ada)
		}
		if got := told(t, s, bob); step.other != "" && got != step.other {
			t.Errorf("%s: bob's notifications are %q, want %q", step.name, got, step.other)
		}
	}
}

// A message notifies each mentioned user once, unless the user has muted mentions or blocked the
// author.
func TestMentionsTell(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 30)
	ada, bob, eve := people[0], people[1], people[2]
	mustDo(t, s.Block(t.Context(), ada, eve))
	for _, test := range []struct {
		name    string
		message store.NewMessage
		told    string
	}{
		{"nobody", mentioning(bob, "hello"), ""},
		{"ada", mentioning(bob, "one", ada.Username), "mention 1 member-1 Public chat one"},
		{"again, as it was not answered", mentioning(bob, "one", ada.Username), "mention 1 member-1 Public chat one"},
		{"ada twice, in capitals", mentioning(bob, "two", ada.Username, strings.ToUpper(ada.Username)), "mention 2 member-1 Public chat two"},
		{"herself", mentioning(ada, "three", ada.Username), "mention 2 member-1 Public chat two"},
		{"by whom she blocked", mentioning(eve, "four", ada.Username), "mention 2 member-1 Public chat two"},
		{"whom nobody is called", mentioning(bob, "five", "nobody", "~1", ""), "mention 2 member-1 Public chat two"},
	} {
		posted, err := s.Post(t.Context(), test.message)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got := told(t, s, ada); got != test.told {
			t.Errorf("%s: ada's notifications are %q, want %q", test.name, got, test.told)
		}
		if concerns := slices.Contains(posted.InboxChanged, ada.ID); concerns != (test.name == "ada" || strings.HasPrefix(test.name, "ada twice")) {
			t.Errorf("%s: the changed inboxes are %v", test.name, posted.InboxChanged)
		}
	}
	names := make([]string, len(people))
	for i, person := range people {
		names[i] = person.Username
	}
	if posted := mustMention(t, s, bob, "all", names...); len(posted.InboxChanged) != 19 { // the first twenty without bob
		t.Errorf("the inboxes of %d users changed", len(posted.InboxChanged))
	}
	mustDo(t, s.ChooseKinds(t.Context(), ada, []store.NotificationKind{store.FriendRequest}), s.ReadNotifications(t.Context(), ada))
	before := told(t, s, ada)
	if mustMention(t, s, bob, "muted", ada.Username); told(t, s, ada) != before {
		t.Errorf("ada's notifications are %q", told(t, s, ada))
	}
	if muted, err := s.MutedKinds(t.Context(), ada); err != nil || len(muted) != 5 || slices.Contains(muted, store.FriendRequest) {
		t.Errorf("muted are %v, %v", muted, err)
	}
	for _, kind := range []store.NotificationKind{"", "Mention", store.PasswordChanged} {
		if err := s.ChooseKinds(t.Context(), ada, []store.NotificationKind{kind}); store.KindOf(err) != store.Invalid {
			t.Errorf("%q can be turned off: %v", kind, err)
		}
	}
}

// Ten thousand mentions by one author share a row, and so do the requests of many users.
func TestFloodsAreFolded(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 402)
	ada, bob := people[0], people[1]
	writers, each := 50, proof.Times(20, 200)
	var writing sync.WaitGroup
	for i := range writers {
		writing.Go(func() {
			for j := range each {
				if _, err := s.Post(t.Context(), mentioning(bob, fmt.Sprint(i, " ", j), ada.Username)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	if got := told(t, s, ada); !strings.HasPrefix(got, fmt.Sprint("mention ", writers*each, " ")) || strings.Contains(got, ";") {
		t.Errorf("ada's notifications are %q", got)
	}
	mustDo(t, s.ReadNotifications(t.Context(), ada))
	for _, person := range people[2:] {
		mustDo(t, s.RequestFriend(t.Context(), person, ada))
	}
	mustDo(t, s.CancelRequest(t.Context(), people[401], ada))
	if got, _, _ := strings.Cut(told(t, s, ada), ";"); got != "request 399 member-400" {
		t.Errorf("ada's notifications are %q", got)
	}
	mustDo(t, s.ReadNotifications(t.Context(), ada), s.RequestFriend(t.Context(), people[401], ada))
	if got, _, _ := strings.Cut(told(t, s, ada), ";"); got != "request 1 member-401" {
		t.Errorf("after reading, ada's notifications are %q", got)
	}
	// Mentions by several authors are a row each, up to two hundred rows.
	for _, person := range people[2:] {
		mustMention(t, s, person, "by "+person.Username, ada.Username)
	}
	found, more, err := s.Notifications(t.Context(), ada, 0, 201)
	if err != nil || !more || found[200].Read || found[0].Kind != store.Mentioned || found[0].Count != 201 {
		t.Errorf("the newest are %+v, %v, %v", found[0], more, err)
	}
	rest, more, err := s.Notifications(t.Context(), ada, found[200].ID, 201)
	if err != nil || more || len(rest) != 2 || !rest[0].Read {
		t.Errorf("the rest is %+v, %v, %v", rest, more, err)
	}
}

// Read notifications are kept for a while, and only the newest.
func TestNotificationsAreForgotten(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 2)
	ada, bob := people[0], people[1]
	db := storetest.Beside(t, address)
	at := time.Now().UnixMilli()
	for i := range 350 {
		_, err := db.ExecContext(t.Context(), `INSERT INTO notifications (user_id, kind, like_id, actor_id, at, read_at) VALUES ($1, 'declined', $2, $2, $3, 1)`,
			ada.ID, bob.ID, at-int64(i)-1000)
		mustDo(t, err)
	}
	mustMention(t, s, bob, "hello", ada.Username)
	mustDo(t, s.ReadNotifications(t.Context(), ada))
	if found, _, err := s.Notifications(t.Context(), ada, 0, 1000); err != nil || len(found) != 300 || found[0].Kind != store.Mentioned {
		t.Errorf("%d notifications are kept, %v", len(found), err)
	}
	execute(t, address, `UPDATE notifications SET at = at - $1 WHERE kind = 'declined'`, store.NotificationsKept.Milliseconds())
	mustExpire(t, s)
	if got := told(t, s, ada); got != "mention 1 member-1 Public chat hello (read)" {
		t.Errorf("ada's notifications are %q", got)
	}
}

// A notification quotes its message as long as the message has its text, and only for users who may
// read it.
func TestNotificationsQuote(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 3)
	ada, bob, eve := people[0], people[1], people[2]
	message := mentioning(bob, "quoted", ada.Username)
	message.Text = "I said 1 < 2 to @member-0 " + strings.Repeat("long ", 500)
	_, err := s.Post(t.Context(), message)
	mustDo(t, err)
	if got := told(t, s, ada); !strings.HasPrefix(got, "mention 1 member-1 Public chat I said 1 < 2 to @member-0 long long") || !strings.HasSuffix(got, "…") || len(got) > 200 {
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
		line, _, _ := strings.Cut(told(t, s, user), ";")
		return line
	}
	if got := told(t, s, ada); !strings.HasPrefix(got, "message 1 member-1 The group one more; mention 1 member-1 The group in private; ") {
		t.Errorf("ada's notifications are %q", got)
	}
	if got := first(eve); got != "message 2 member-1 The group one more" {
		t.Errorf("eve's notifications are %q", got)
	}
	inboxes, err := s.Inboxes(t.Context(), []int64{ada.ID, bob.ID, eve.ID, 999})
	if err != nil || len(inboxes) != 3 || inboxes[ada.ID].Messages != 2 || inboxes[ada.ID].Notifications != 2 || inboxes[eve.ID].Newest.Excerpt != "one more" ||
		inboxes[eve.ID].Newest.Room.Name != "The group" || inboxes[bob.ID].Messages != 0 {
		t.Errorf("the inboxes are %+v, %v", inboxes, err)
	}
	// As if a row had been left behind.
	execute(t, address, `DELETE FROM members WHERE user_id = $1`, eve.ID)
	if got := told(t, s, eve); strings.Contains(got, "message") || strings.Contains(got, "group") {
		t.Errorf("eve's notifications are %q", got)
	}
	inboxes, err = s.Inboxes(t.Context(), []int64{eve.ID})
	if err != nil || inboxes[eve.ID].Newest.Kind == store.PrivateMessage {
		t.Errorf("the inboxes are %+v, %v", inboxes, err)
	}
	_, err = s.ReadRoom(t.Context(), ada, group.ID, posted.Seq)
	mustDo(t, err)
	if got := told(t, s, ada); !strings.HasPrefix(got, "message 1 member-1 The group one more; mention 1 member-1 The group in private (read); ") {
		t.Errorf("ada's notifications are %q", got)
	}
	deletion, err := s.DeleteAccount(t.Context(), bob, true)
	mustDo(t, err)
	if got := told(t, s, ada); strings.Contains(got, "mention") || strings.Contains(got, "message") || !slices.Contains(deletion.InboxChanged, ada.ID) {
		t.Errorf("ada's notifications are %q, and the changed inboxes %v", got, deletion.InboxChanged)
	}
	mustMention(t, s, eve, "gone soon", ada.Username)
	execute(t, address, `UPDATE messages SET source = '', html = '', text = '', erased = TRUE WHERE author_id = $1`, eve.ID)
	if got := first(ada); got != "mention 1 member-2 Public chat" {
		t.Errorf("ada's notifications are %q", got)
	}
}

// Another user's notification looks like one that does not exist.
func TestNotificationsAreRead(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 3)
	ada, bob, eve := people[0], people[1], people[2]
	posted := mustMention(t, s, bob, "hello", ada.Username)
	found, _, err := s.Notifications(t.Context(), ada, 0, 1)
	mustDo(t, err)
	others, none := s.ReadNotification(t.Context(), eve, found[0].ID), s.ReadNotification(t.Context(), eve, 999)
	if store.KindOf(others) != store.NotFound || others.Error() != none.Error() {
		t.Errorf("another user's notification: %v; none: %v", others, none)
	}
	unread := func() int {
		inboxes, err := s.Inboxes(t.Context(), []int64{ada.ID})
		mustDo(t, err)
		return inboxes[ada.ID].Notifications
	}
	if mustDo(t, s.ReadNotifications(t.Context(), eve)); unread() != 1 {
		t.Errorf("ada has %d unread", unread())
	}
	mustDo(t, s.ReadNotification(t.Context(), ada, found[0].ID), s.ReadNotification(t.Context(), ada, found[0].ID))
	if unread() != 0 {
		t.Errorf("ada has %d unread", unread())
	}
	mustMention(t, s, bob, "hello again", ada.Username)
	_, err = s.ReadRoom(t.Context(), ada, store.PublicRoom, posted.Seq)
	if mustDo(t, err); unread() != 1 {
		t.Errorf("ada has %d unread", unread())
	}
	_, err = s.ReadRoom(t.Context(), ada, store.PublicRoom, posted.Seq+1)
	if mustDo(t, err); unread() != 0 {
		t.Errorf("ada has %d unread", unread())
	}
}

// The first browser of an account causes no notification. Each further browser causes one.
func TestNewBrowsersAreTold(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 2)
	ada, bob := people[0], people[1]
	for _, test := range []struct {
		user           store.User
		browser, agent string
		told           string
	}{
		{ada, "first", "Browser/1.0", ""},
		{ada, "first", "Browser/2.0", ""},
		{bob, "first", "Browser/2.0", ""},
		{ada, "second", "Browser/3.0 \xff", "sign-in 1 Browser/3.0 \ufffd"},
		{ada, "second", "Browser/3.0", "sign-in 1 Browser/3.0 \ufffd"},
		{bob, "second", "Browser/3.0", "sign-in 1 Browser/3.0"},
		{ada, "third", "", "sign-in 1; sign-in 1 Browser/3.0 \ufffd"},
	} {
		token, err := s.CreateSession(t.Context(), test.user.ID, test.agent, test.browser)
		mustDo(t, err)
		if got := told(t, s, test.user); got != test.told {
			t.Errorf("the notifications of %s with %s are %q, want %q", test.user.Username, test.browser, got, test.told)
		}
		session, err := s.SessionByToken(t.Context(), token)
		inboxes, finding := s.Inboxes(t.Context(), []int64{test.user.ID})
		mustDo(t, err, finding)
		if session.Inbox.Mark() != inboxes[test.user.ID].Mark() || !session.Inbox.Newest.At.Equal(inboxes[test.user.ID].Newest.At) {
			t.Errorf("the session's inbox is %+v, want %+v", session.Inbox, inboxes[test.user.ID])
		}
	}
	for i := range 60 {
		_, err := s.CreateSession(t.Context(), bob.ID, "", fmt.Sprint("browser ", i))
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

// Other servers learn of changed inboxes for a while. Many inboxes cost two queries.
func TestServersHearOfInboxChanges(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	proxy := storetest.Through(t, address)
	s := storetest.MustOpenAt(t, proxy.Address)
	people := members(t, s, address, 100)
	ada, bob, eve := people[0], people[1], people[2]
	for _, step := range []struct {
		name         string
		do           func() error
		inboxChanged []int64
	}{
		{"nothing", func() error { return nil }, nil},
		{"a mention", func() error { mustMention(t, s, bob, "hello", ada.Username); return nil }, []int64{ada.ID}},
		{"a request", func() error { return s.RequestFriend(t.Context(), bob, eve) }, []int64{bob.ID, eve.ID}},
		{"reading", func() error { return s.ReadNotifications(t.Context(), ada) }, []int64{ada.ID}},
		{"reading nothing", func() error { return s.ReadNotifications(t.Context(), ada) }, nil},
		{"a message", func() error {
			room := mustRoom(t, s, eve, eve)
			mustWrite(t, s, eve, room.ID, "to myself")
			return nil
		}, []int64{eve.ID}},
	} {
		execute(t, address, `UPDATE inbox_changes SET at = at - 60001`)
		mustDo(t, step.do())
		changes, err := s.InboxChanges(t.Context())
		mustDo(t, err)
		changed := slices.Compact(slices.Sorted(maps.Values(changes)))
		if !slices.Equal(changed, step.inboxChanged) {
			t.Errorf("%s: the changed inboxes are %v, want %v", step.name, changed, step.inboxChanged)
		}
		inboxes, err := s.Inboxes(t.Context(), []int64{ada.ID, bob.ID, eve.ID})
		mustDo(t, err)
		for person, inbox := range inboxes {
			for _, change := range inbox.Changes {
				if changes[change] != person {
					t.Errorf("%s: the inbox of %d shows a change of %d", step.name, person, changes[change])
				}
				delete(changes, change)
			}
		}
		if len(changes) > 0 {
			t.Errorf("%s: no inbox shows the changes %v", step.name, changes)
		}
		mustExpire(t, s)
	}
	var kept int
	if query(t, address, `SELECT count(*) FROM inbox_changes`, &kept); kept != 1 {
		t.Errorf("%d inbox changes are kept", kept)
	}
	ids := make([]int64, len(people))
	for i, person := range people {
		ids[i] = person.ID
		mustMention(t, s, bob, fmt.Sprint("you, ", i), person.Username)
	}
	for range 2 { // the connection has prepared the statements by the second time
		proxy.RoundTrips()
		if inboxes, err := s.Inboxes(t.Context(), ids); err != nil || len(inboxes) != len(ids) || inboxes[ids[99]].Newest.Excerpt != "you, 99" {
			t.Errorf("the inboxes are %v, %v", inboxes, err)
		}
	}
	if turns := proxy.RoundTrips(); turns > 2 {
		t.Errorf("reading the inboxes took %d round trips", turns)
	}
}

// A mention in a private room is separate from those in public, and is not also a private message.
func TestMentionsInPrivate(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 2)
	ada, bob := people[0], people[1]
	storetest.MustBefriend(t, s, ada, bob)
	mustDo(t, s.ReadNotifications(t.Context(), ada), s.ReadNotifications(t.Context(), bob))
	before := told(t, s, bob)
	group, err := s.CreateGroup(t.Context(), ada, "Market", []string{bob.Username})
	mustDo(t, err)
	mustMention(t, s, ada, "in public", bob.Username)
	var together sync.WaitGroup
	for i := range 32 { // some share a commit
		together.Go(func() {
			message := mentioning(ada, fmt.Sprint("in private ", i), bob.Username)
			message.Room = group.ID
			if _, err := s.Post(t.Context(), message); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	said := strings.Split(strings.TrimSuffix(told(t, s, bob), before), "; ")
	if want := "mention 1 " + ada.Username + " Public chat in public"; len(said) < 2 || !strings.HasPrefix(said[0], "mention 32 "+ada.Username+" Market") || said[1] != want {
		t.Errorf("bob's notifications are %q", said)
	}
	_, err = s.LeaveGroup(t.Context(), bob, group.ID)
	mustDo(t, err)
	if said := told(t, s, bob); !strings.HasPrefix(said, "mention 1 "+ada.Username+" Public chat in public") {
		t.Errorf("outside of the group, bob's notifications are %q", said)
	}
}
