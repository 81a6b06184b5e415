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
