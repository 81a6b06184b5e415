package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

func TestDeleteAndRestore(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "a fig")
	changed, err := s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq)
	if err != nil || changed.At != 2 || !changed.Deleted || changed.Source != "" || changed.HTML != "" {
		t.Fatalf("%+v, %v", changed, err)
	}
	again, err := s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq)
	if err != nil || again.At != 0 {
		t.Errorf("deleting again is change %d, %v", again.At, err)
	}
	if _, err := s.EditMessage(t.Context(), edited(m, "two figs")); store.KindOf(err) != store.Conflict {
		t.Errorf("an edit of a deleted message: %v", err)
	}
	changed, err = s.RestoreMessage(t.Context(), ada.ID, m.Room, m.Seq)
	if err != nil || changed.At != 3 || changed.Deleted || changed.Source != "a fig" || changed.Edits != 0 {
		t.Fatalf("%+v, %v", changed, err)
	}
	again, err = s.RestoreMessage(t.Context(), ada.ID, m.Room, m.Seq)
	if err != nil || again.At != 0 {
		t.Errorf("restoring again is change %d, %v", again.At, err)
	}
	if _, err := s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq); err != nil {
		t.Fatal(err)
	}
	execute(t, address, `UPDATE messages SET deleted_at = deleted_at - $1`, store.UndoWindow.Milliseconds()+1)
	if _, err := s.RestoreMessage(t.Context(), ada.ID, m.Room, m.Seq); store.KindOf(err) != store.Conflict {
		t.Errorf("restoring too late: %v", err)
	}
}

// What an author has deleted is in no list, and after the time to undo that nowhere in the database.
func TestDeletedTextIsErased(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	storetest.MustBefriend(t, s, ada, bob)
	room, err := s.OpenPrivateRoom(t.Context(), ada, bob)
	if err != nil {
		t.Fatal(err)
	}
	n := storetest.New(ada, "a secret")
	n.Room, n.Text, n.Mentions = room.ID, "a secret", []string{"bob"}
	posted, err := s.Post(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.EditMessage(t.Context(), edited(posted.Message, "a later secret", "bob")); err != nil {
		t.Fatal(err)
	}
	mustDo(t, s.PinMessage(t.Context(), ada, room.ID, posted.Seq))
	if _, err := s.DeleteMessage(t.Context(), ada.ID, room.ID, posted.Seq); err != nil {
		t.Fatal(err)
	}
	shown := func() {
		t.Helper()
		notifications, _, err := s.Notifications(t.Context(), bob, store.NewestPoint(), 10)
		if err != nil || len(notifications) == 0 {
			t.Fatalf("%d notifications, %v", len(notifications), err)
		}
		for _, n := range notifications {
			if strings.Contains(n.Excerpt, "secret") {
				t.Errorf("a notification shows %q", n.Excerpt)
			}
		}
		conversations, _, err := s.Conversations(t.Context(), bob, store.NewestPoint(), 10)
		if err != nil || len(conversations) != 1 || conversations[0].Last.Excerpt != "" || !conversations[0].Last.Deleted {
			t.Errorf("the list shows %+v, %v", conversations, err)
		}
		if _, _, _, err := s.EarlierTexts(t.Context(), ada, room.ID, posted.Seq); store.KindOf(err) != store.NotFound {
			t.Errorf("the earlier texts: %v", err)
		}
		own, err := s.MessagesBy(t.Context(), ada, 0, 10)
		if err != nil || len(own) > 0 {
			t.Errorf("the export has %+v, %v", own, err)
		}
	}
	shown()
	if erased, err := s.EraseDeleted(t.Context()); err != nil || erased != 0 {
		t.Errorf("%d are erased at once, %v", erased, err)
	}
	execute(t, address, `UPDATE messages SET deleted_at = $1 WHERE deleted_at > 0`, time.Now().Add(-time.Minute).UnixMilli())
	before, err := s.RoomFor(t.Context(), ada.ID, room.ID)
	if err != nil {
		t.Fatal(err)
	}
	if erased, err := s.EraseDeleted(t.Context()); err != nil || erased != 1 {
		t.Errorf("%d are erased, %v", erased, err)
	}
	if after, err := s.RoomFor(t.Context(), ada.ID, room.ID); err != nil || after.Version != before.Version {
		t.Errorf("the erasure changes the version from %d to %d, %v", before.Version, after.Version, err)
	}
	shown()
	var left int
	err = storetest.Beside(t, address).QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM earlier_texts) + (SELECT count(*) FROM pins) + (SELECT count(*) FROM messages
		WHERE source <> '' OR html <> '' OR text <> '' OR mentions <> '')`).Scan(&left)
	if err != nil || left > 0 {
		t.Errorf("%d rows still have a text or are pinned, %v", left, err)
	}
	if _, err := s.RestoreMessage(t.Context(), ada.ID, room.ID, posted.Seq); store.KindOf(err) != store.Conflict {
		t.Errorf("restoring what is erased: %v", err)
	}
}

// The file, its free pages and its log have nothing of an erased text or of its earlier versions.
func TestDiskForgetsDeletedText(t *testing.T) {
	t.Parallel()
	path := storetest.MustFile(t)
	s := storetest.MustOpenAt(t, path)
	ada := storetest.MustUser(t, s, "ada")
	secrets := []string{"thefirstsecret", "thelatersecret"}
	n := storetest.New(ada, strings.Repeat(secrets[0]+" ", 100))
	n.Nonce = "a nonce"
	posted, err := s.Post(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	m := posted.Message
	if _, err := s.EditMessage(t.Context(), edited(m, strings.Repeat(secrets[1]+" ", 100))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteMessage(t.Context(), ada.ID, m.Room, m.Seq); err != nil {
		t.Fatal(err)
	}
	execute(t, path, `UPDATE messages SET deleted_at = $1 WHERE deleted_at > 0`, time.Now().Add(-time.Minute).UnixMilli())
	for _, secret := range secrets {
		if len(traces(t, path, secret)) == 0 {
			t.Fatalf("%s is not in the files to begin with", secret)
		}
	}
	if _, err := s.EraseDeleted(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if found := traces(t, path, secret); len(found) > 0 {
			t.Errorf("%s is still in %v", secret, found)
		}
	}
}

// Changes that share a commit with one that is refused are made all the same.
func TestChangesBesideARefusedOne(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	m := storetest.MustPost(t, s, ada, "a fig")
	for i := range 50 {
		var together sync.WaitGroup
		for range 3 {
			together.Go(func() {
				n := storetest.New(ada, fmt.Sprint("to nowhere ", i))
				n.Room = 99
				if _, err := s.Post(t.Context(), n); store.KindOf(err) != store.NotFound {
					t.Errorf("a post to nowhere: %v", err)
				}
			})
		}
		change := s.DeleteMessage
		if i%2 == 1 {
			change = s.RestoreMessage
		}
		for range 2 { // the second may find that there is nothing to do
			together.Go(func() {
				changed, err := change(t.Context(), ada.ID, m.Room, m.Seq)
				if err != nil || changed.Deleted != (i%2 == 0) {
					t.Errorf("change %d: deleted %t, %v", i, changed.Deleted, err)
				}
			})
		}
		together.Wait()
	}
	if room, _, err := s.Message(t.Context(), ada.ID, m.Room, m.Seq); err != nil || room.Version != 51 {
		t.Errorf("the room is at version %d, %v", room.Version, err)
	}
}
