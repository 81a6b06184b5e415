package store_test

import (
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// However many people or rooms are asked for, it is no more than a database takes in one statement.
func TestMoreIDsThanAStatementTakes(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	many := make([]int64, 70_000) // PostgreSQL takes 65,535 arguments, and SQLite 32,766
	for i := range many {
		many[i] = int64(len(many) - i)
	}
	if inboxes, err := s.Inboxes(t.Context(), many); err != nil || len(inboxes) != 1 {
		t.Errorf("%d inboxes, %v", len(inboxes), err)
	}
	if found, err := s.Progress(t.Context(), many); err != nil || len(found) != 1 {
		t.Errorf("%d rooms, %v", len(found), err)
	}
	if outside, err := s.Outsiders(t.Context(), store.PublicRoom, many); err != nil || len(outside) != len(many)-1 {
		t.Errorf("%d people are outside, %v", len(outside), err)
	}
	if err := s.NoteSeen(t.Context(), many); err != nil || mustSee(t, s, "ada").Before(ada.CreatedAt) {
		t.Errorf("ada was here at %v, %v", mustSee(t, s, "ada"), err)
	}
	if _, err := s.Inboxes(t.Context(), nil); err != nil {
		t.Error(err)
	}
}
