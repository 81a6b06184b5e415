package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
	"plaza/store/storetest/proof"
)

// Each cause notifies its recipients. If it ends before the notification is read, the notification
// goes.
func TestRelationsNotify(t *testing.T) {
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
		{
			"request once more", between(request, bob, ada), "request 1 " + b + "; accepted 1 " + b + " (read)",
			"unfriended 1 " + a + " (read); declined 1 " + a + " (read)",
		},
		{
			"both ask", between(request, ada, bob), "accepted 1 " + b + " (read)",
			"accepted 1 " + a + "; unfriended 1 " + a + " (read); declined 1 " + a + " (read)",
		},
		{
			"blocked, which looks like the end of a friendship", between(block, ada, bob), "",
			"unfriended 1 " + a + "; accepted 1 " + a + "; unfriended 1 " + a + " (read); declined 1 " + a + " (read)",
		},
		{
			"blocked, and asks", between(request, bob, ada), "",
			"unfriended 1 " + a + "; accepted 1 " + a + "; unfriended 1 " + a + " (read); declined 1 " + a + " (read)",
		},
		{"an email is hidden", email(ada.Email), "", ""},
		{"an email", email("ada@example.net"), "email 1", ""},
		{
			"a password", func() error { return s.ChangePassword(ctx, session.User, session.Hash, "a new long phrase") },
			"password 1; email 1", "",
		},
		{
			"a password that is reset", func() error { return s.ResetPassword(ctx, a, "another long phrase") },
			"password 2; email 1", "",
		},
	} {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if got := notifications(t, s, ada); got != step.ada {
			t.Errorf("%s: ada's notifications are %q, want %q", step.name, got, step.ada)
		}
		if got := notifications(t, s, bob); step.other != "" && got != step.other {
			t.Errorf("%s: bob's notifications are %q, want %q", step.name, got, step.other)
		}
	}
}

// A message notifies each mentioned user once, unless the user has muted mentions or blocked the
// author.
func TestMentionsNotify(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 30)
	ada, bob, eve := people[0], people[1], people[2]
	mustDo(t, s.Block(t.Context(), ada, eve))
	for _, test := range []struct {
		name    string
		message store.NewMessage
		want    string
	}{
		{"nobody", mentioning(bob, "hello"), ""},
		{"ada", mentioning(bob, "one", ada.Username), "mention 1 member-1 public one"},
		{"again, as it was not answered", mentioning(bob, "one", ada.Username), "mention 1 member-1 public one"},
		{
			"ada twice, in capitals", mentioning(bob, "two", ada.Username, strings.ToUpper(ada.Username)),
			"mention 2 member-1 public two",
		},
		{"herself", mentioning(ada, "three", ada.Username), "mention 2 member-1 public two"},
		{"by a person she blocked", mentioning(eve, "four", ada.Username), "mention 2 member-1 public two"},
		{"names that nobody has", mentioning(bob, "five", "nobody", "~1", ""), "mention 2 member-1 public two"},
	} {
		posted, err := s.Post(t.Context(), test.message)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got := notifications(t, s, ada); got != test.want {
			t.Errorf("%s: ada's notifications are %q, want %q", test.name, got, test.want)
		}
		if concerns := slices.Contains(posted.InboxChanged, ada.ID); concerns != (test.name == "ada" ||
			strings.HasPrefix(test.name, "ada twice")) {
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
	mustDo(t, s.ChooseKinds(t.Context(), ada, []store.NotificationKind{store.FriendRequest}),
		s.ReadNotifications(t.Context(), ada))
	before := notifications(t, s, ada)
	if mustMention(t, s, bob, "muted", ada.Username); notifications(t, s, ada) != before {
		t.Errorf("ada's notifications are %q", notifications(t, s, ada))
	}
	if muted, err := s.MutedKinds(t.Context(), ada); err != nil || len(muted) != len(store.ChosenKinds())-1 ||
		slices.Contains(muted, store.FriendRequest) {
		t.Errorf("muted are %v, %v", muted, err)
	}
	for _, kind := range []store.NotificationKind{"", "Mention", store.PasswordChanged} {
		if err := s.ChooseKinds(t.Context(), ada, []store.NotificationKind{kind}); store.KindOf(err) != store.Invalid {
			t.Errorf("%q can be turned off: %v", kind, err)
		}
	}
}

// Ten thousand mentions by one author share a row, and so do the requests of many users.
func TestNotificationsShareRows(t *testing.T) {
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
	if got := notifications(t, s, ada); !strings.HasPrefix(got, fmt.Sprint("mention ", writers*each, " ")) ||
		strings.Contains(got, ";") {
		t.Errorf("ada's notifications are %q", got)
	}
	mustDo(t, s.ReadNotifications(t.Context(), ada))
	for _, person := range people[2:] {
		mustDo(t, s.RequestFriend(t.Context(), person, ada))
	}
	mustDo(t, s.CancelRequest(t.Context(), people[401], ada))
	if got, _, _ := strings.Cut(notifications(t, s, ada), ";"); got != "request 399 member-400" {
		t.Errorf("ada's notifications are %q", got)
	}
	mustDo(t, s.ReadNotifications(t.Context(), ada), s.RequestFriend(t.Context(), people[401], ada))
	if got, _, _ := strings.Cut(notifications(t, s, ada), ";"); got != "request 1 member-401" {
		t.Errorf("after reading, ada's notifications are %q", got)
	}
	// Mentions by several authors are a row each, up to two hundred rows.
	for _, person := range people[2:] {
		mustMention(t, s, person, "by "+person.Username, ada.Username)
	}
	found, more, err := s.Notifications(t.Context(), ada, store.NewestPoint(), 201)
	if err != nil || !more || found[200].Read || found[0].Kind != store.Mentioned || found[0].Count != 201 {
		t.Errorf("the newest are %+v, %v, %v", found[0], more, err)
	}
	rest, more, err := s.Notifications(t.Context(), ada, found[200].Point(), 201)
	if err != nil || more || len(rest) != 2 || !rest[0].Read {
		t.Errorf("the rest is %+v, %v, %v", rest, more, err)
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
	before := notifications(t, s, bob)
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
	said := strings.Split(strings.TrimSuffix(notifications(t, s, bob), before), "; ")
	if want := "mention 1 " + ada.Username + " public in public"; len(said) < 2 ||
		!strings.HasPrefix(said[0], "mention 32 "+ada.Username+" Market") || said[1] != want {
		t.Errorf("bob's notifications are %q", said)
	}
	_, err = s.LeaveGroup(t.Context(), bob, group.ID)
	mustDo(t, err)
	if said := notifications(t, s, bob); !strings.HasPrefix(said, "mention 1 "+ada.Username+" public in public") {
		t.Errorf("outside of the group, bob's notifications are %q", said)
	}
}
