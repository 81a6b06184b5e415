package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Extra fields in a form change nothing: it acts on the account of its sender alone.
func TestFormsWithExtraFields(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("ada")
	extra := []string{"is_owner", "1", "role", "owner", "id", "1", "user_id", "1", "created_at", "0", "relations_version", "99", "deleted_at", "1", "picture", "0123456789abcdef"}
	bob := s.browse()
	bob.post("/register", filled(registration("bob"), extra...)).expect(http.StatusSeeOther)
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/settings/profile", url.Values{"display_name": {"Bob"}}},
		{"/settings/email", url.Values{"email": {"bob@example.net"}, "password": {storetest.Password}}},
		{"/settings/username", url.Values{"username": {"robert"}}},
		{"/settings/password", url.Values{"current_password": {storetest.Password}, "password": {"a new long phrase"}, "password_confirm": {"a new long phrase"}}},
		{"/theme", url.Values{"theme": {"dark"}}},
		{"/friends/ada/request", nil},
		{"/blocks/ada", nil},
		{"/blocks/ada/remove", nil},
		{"/messages", url.Values{"room": {"1"}, "body": {"hello"}, "nonce": {"1"}, "author": {"ada"}, "author_id": {"1"}}},
	} {
		bob.post(step.path, filled(step.form, extra...)).expect(http.StatusSeeOther)
	}
	before, err := s.store.UserByName(t.Context(), "ada")
	if err != nil || before.Role != store.Owner || before.DisplayName != "" || before.Email != "ada@example.org" || before.Theme != "" {
		t.Errorf("ada is %+v, %v", before, err)
	}
	after, err := s.store.UserByName(t.Context(), "robert")
	if err != nil || after.Role != store.Member || after.ID == before.ID || after.Picture != "" || after.CreatedAt.Unix() == 0 || after.RelationsVersion > 2 || after.Deleted {
		t.Errorf("bob is %+v, %v", after, err)
	}
	if after.DisplayName != "Bob" || after.Email != "bob@example.net" || after.Theme != "dark" {
		t.Errorf("what bob asked for was not done: %+v", after)
	}
	newest, err := s.store.NewestMessages(t.Context(), store.PublicRoom, 5)
	if err != nil || len(newest.Messages) != 1 || newest.Messages[0].Author.ID != after.ID {
		t.Errorf("the log is %+v, %v", newest, err)
	}
}
