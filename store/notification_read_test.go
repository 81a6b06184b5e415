package store_test

import (
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// Read notifications are kept for a while, and only the newest.
func TestOldNotificationsAreDeleted(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 2)
	ada, bob := people[0], people[1]
	db := storetest.Beside(t, address)
	at := time.Now().UnixMilli()
	for i := range 350 {
		_, err := db.ExecContext(t.Context(),
			`INSERT INTO notifications (user_id, kind, like_id, actor_id, at, read_at) VALUES ($1, 'declined', $2, $2, $3, 1)`,
			ada.ID, bob.ID, at-int64(i)-1000)
		mustDo(t, err)
	}
	mustMention(t, s, bob, "hello", ada.Username)
	mustDo(t, s.ReadNotifications(t.Context(), ada))
	if found, _, err := s.Notifications(t.Context(), ada, store.NewestPoint(), 1000); err != nil || len(found) != 300 ||
		found[0].Kind != store.Mentioned {
		t.Errorf("%d notifications are kept, %v", len(found), err)
	}
	execute(t, address, `UPDATE notifications SET at = at - $1 WHERE kind = 'declined'`,
		store.NotificationsKept.Milliseconds())
	mustExpire(t, s)
	if got := notifications(t, s, ada); got != "mention 1 member-1 public hello (read)" {
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
	found, _, err := s.Notifications(t.Context(), ada, store.NewestPoint(), 1)
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

// Several notifications are read at once. Those of other users, and those that do not exist, stay out.
func TestSeveralNotificationsAreRead(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 4)
	ada, bob, eve, mei := people[0], people[1], people[2], people[3]
	for _, author := range []store.User{bob, eve, mei} {
		mustMention(t, s, author, "hello", ada.Username, bob.Username)
	}
	found, _, err := s.Notifications(t.Context(), ada, store.NewestPoint(), 3)
	mustDo(t, err)
	bobs, _, err := s.Notifications(t.Context(), bob, store.NewestPoint(), 1)
	mustDo(t, err, s.ReadNotification(t.Context(), ada, found[0].ID, found[1].ID, bobs[0].ID, 999))
	if got := notifications(t, s, ada); got != "mention 1 member-3 public hello (read); mention 1 member-2 public hello (read); mention 1 member-1 public hello" {
		t.Errorf("ada's notifications are %q", got)
	}
	if got := notifications(t, s, bob); got != "mention 1 member-3 public hello; mention 1 member-2 public hello" {
		t.Errorf("bob's notifications are %q", got)
	}
	if err := s.ReadNotification(t.Context(), ada, bobs[0].ID, 999); store.KindOf(err) != store.NotFound {
		t.Errorf("reading only bob's: %v", err)
	}
	one, err := s.Notification(t.Context(), ada, found[2].ID)
	if mustDo(t, err); one != found[2] {
		t.Errorf("the notification is %+v, want %+v", one, found[2])
	}
	if _, err := s.Notification(t.Context(), ada, bobs[0].ID); store.KindOf(err) != store.NotFound {
		t.Errorf("bob's notification for ada: %v", err)
	}
}

// Requests that wait for an answer have the time at which they were sent.
func TestReceivedRequests(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	people := members(t, s, address, 4)
	ada := people[0]
	for _, from := range people[1:] {
		mustDo(t, s.RequestFriend(t.Context(), from, ada))
		execute(t, address, `UPDATE friend_requests SET asked_at = 1000 * from_id WHERE from_id = $1`, from.ID)
	}
	mustDo(t, s.DeclineRequest(t.Context(), ada, people[1]))
	got, err := s.ReceivedRequests(t.Context(), ada)
	if err != nil || len(got) != 2 || got[0].From.ID != people[3].ID || got[1].From.ID != people[2].ID ||
		got[0].At.UnixMilli() != 1000*people[3].ID {
		t.Errorf("the requests are %+v, %v", got, err)
	}
	mustDo(t, s.Block(t.Context(), ada, people[3]))
	if got, err := s.ReceivedRequests(t.Context(), ada); err != nil || len(got) != 1 {
		t.Errorf("after a block the requests are %+v, %v", got, err)
	}
}
