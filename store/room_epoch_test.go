package store_test

import (
	"fmt"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// publicProgress returns how far the public chat is, and of what history.
func publicProgress(t *testing.T, s *store.Store) store.Progress {
	t.Helper()
	found, err := s.Progress(t.Context(), []int64{store.PublicRoom})
	if err != nil {
		t.Fatal(err)
	}
	return found[store.PublicRoom]
}

// Each run of the database begins an epoch with its first change, where the last one ended.
func TestFileBeginsAnEpochInEachRun(t *testing.T) {
	t.Parallel()
	path := storetest.MustFile(t)
	var last store.Progress
	for run := range 3 {
		t.Run(fmt.Sprint("run ", run), func(t *testing.T) {
			s := storetest.MustOpenAt(t, path)
			if publicProgress(t, s) != last {
				t.Errorf("before the first change the room is at %+v, want %+v", publicProgress(t, s), last)
			}
			ada := storetest.MustUser(t, s, fmt.Sprint("ada", run))
			first := storetest.MustPost(t, s, ada, fmt.Sprint("first of ", run))
			second := storetest.MustPost(t, s, ada, fmt.Sprint("second of ", run))
			begun := store.History{Epoch: first.History.Epoch, From: last.Version, Before: last.Epoch}
			if first.History != begun || second.History != begun || begun.Epoch == 0 || begun.Epoch == last.Epoch {
				t.Errorf("the messages are of %+v and %+v, after %+v", first.History, second.History, last)
			}
			again := storetest.MustPost(t, s, ada, fmt.Sprint("first of ", run))
			newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 1)
			room, roomErr := s.RoomFor(t.Context(), ada.ID, store.PublicRoom)
			last = publicProgress(t, s)
			for what, is := range map[string]store.History{
				"a repeat": again.History, "the page": newest.History, "the room": room.History, "the progress": last.History,
			} {
				if is != begun || err != nil || roomErr != nil {
					t.Errorf("%s is of %+v, %v, %v", what, is, err, roomErr)
				}
			}
		})
	}
}

// Servers that notice the same loss at once begin one epoch, and none without a loss.
func TestServersBeginOneEpoch(t *testing.T) {
	t.Parallel()
	address, both := storetest.MustOpenTwice(t)
	ada := storetest.MustUser(t, both[0], "ada")
	for i := range 5 {
		storetest.MustPost(t, both[0], ada, fmt.Sprint("message ", i))
	}
	before := publicProgress(t, both[0])
	begin := func() {
		var together sync.WaitGroup
		for i := range 8 {
			together.Go(func() {
				if err := both[i%2].BeginEpoch(t.Context(), store.PublicRoom, before.Epoch, before.Version); err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
	}
	begin()
	if now := publicProgress(t, both[0]); now != before {
		t.Errorf("nothing was lost, and the room is at %+v, want %+v", now, before)
	}
	beside := storetest.Beside(t, address)
	for _, statement := range []string{`DELETE FROM messages WHERE seq > 3`, `UPDATE rooms SET version = 3 WHERE id = 1`} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	begin()
	now := publicProgress(t, both[0])
	if now.Version != 3 || now.History != (store.History{Epoch: now.Epoch, From: 3, Before: before.Epoch}) || now.Epoch == before.Epoch {
		t.Errorf("the room is at %+v, after %+v", now, before)
	}
	if m := storetest.MustPost(t, both[0], ada, "later"); m.Seq != 4 || m.History != now.History {
		t.Errorf("the next message is %d of %+v, want 4 of %+v", m.Seq, m.History, now.History)
	}
}

// A mark of events that the database has lost makes no server miss those that have their ids now.
func TestSiteEventsAfterALoss(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	if _, err := s.CreateSession(t.Context(), ada, "a browser", "its token"); err != nil {
		t.Fatal(err)
	}
	if err := s.ResetPassword(t.Context(), "ada", "another long phrase"); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangeProfile(t.Context(), ada, "Ada", "", false); err != nil {
		t.Fatal(err)
	}
	all, err := s.SiteEvents(t.Context(), 0)
	if err != nil || len(all.Ended) != 1 || len(all.Changed) != 1 {
		t.Fatalf("the events are %+v, %v", all, err)
	}
	after, err := s.SiteEvents(t.Context(), all.Mark+100)
	if err != nil || len(after.Ended) != 1 || len(after.Changed) != 1 || after.Mark != all.Mark {
		t.Errorf("after a mark that was lost, the events are %+v, %v, want %+v", after, err, all)
	}
	if none, err := s.SiteEvents(t.Context(), all.Mark); err != nil || len(none.Ended) != 0 || len(none.Changed) != 0 {
		t.Errorf("after the last mark, the events are %+v, %v", none, err)
	}
}
