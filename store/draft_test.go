package store_test

import (
	"fmt"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Posts that share a commit delete the drafts of their authors, in their rooms, and no others.
func TestPostsDeleteTheirDrafts(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, quiet := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "quiet")
	notebook, err := s.OpenPrivateRoom(t.Context(), ada, ada)
	mustDo(t, err)
	people := []store.User{ada, quiet}
	for i := range 5 {
		people = append(people, storetest.MustUser(t, s, fmt.Sprint("writer", i)))
	}
	for _, user := range people {
		_, err := s.SaveDraft(t.Context(), user, store.PublicRoom, "a draft", 0)
		mustDo(t, err)
	}
	_, err = s.SaveDraft(t.Context(), ada, notebook.ID, "a note", 0)
	mustDo(t, err)
	var posting sync.WaitGroup
	for _, user := range people {
		if user.ID != quiet.ID {
			posting.Go(func() {
				if _, err := s.Post(t.Context(), storetest.New(user, "sent")); err != nil {
					t.Error(err)
				}
			})
		}
	}
	posting.Wait()
	for _, user := range people {
		left, err := s.Drafts(t.Context(), user)
		mustDo(t, err)
		want := map[int64]int{ada.ID: 1, quiet.ID: 1}[user.ID]
		if len(left) != want {
			t.Errorf("%s has the drafts %v, want %d", user.Username, left, want)
		}
	}
}

// Devices that save at the same moment leave one draft, whose version each later one is beyond.
func TestDraftsAtTheSameMoment(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	versions := map[int64]bool{}
	var mu sync.Mutex
	var saving sync.WaitGroup
	const devices = 8
	for i := range devices {
		saving.Go(func() {
			saved, err := s.SaveDraft(t.Context(), ada, store.PublicRoom, fmt.Sprint(i, " writes"), 0)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			versions[saved.Version] = true
		})
	}
	saving.Wait()
	draft, err := s.Draft(t.Context(), ada.ID, store.PublicRoom)
	if err != nil || len(versions) != devices || !versions[draft.Version] || draft.Replaced == "" || draft.Replaced == draft.Body {
		t.Errorf("the draft is %+v, of the versions %v; %v", draft, versions, err)
	}
	back, err := s.RestoreDraft(t.Context(), ada, store.PublicRoom)
	if err != nil || back.Body != draft.Replaced || back.Replaced != "" || back.Version <= draft.Version {
		t.Errorf("after %+v, there comes back %+v, %v", draft, back, err)
	}
}
