// Package storetest provides real databases with users and messages for tests.
package storetest

import (
	"errors"
	"testing"

	"plaza/store"
)

// Password is the password of all users of MustUser.
const Password = "a long enough phrase"

// MustOpen opens a fresh database, and closes it after the test.
func MustOpen(t testing.TB) *store.Store {
	t.Helper()
	return MustOpenAt(t, MustAddress(t))
}

// MustOpenAt opens the database at an address, and closes it after the test.
func MustOpenAt(t testing.TB, address string) *store.Store {
	t.Helper()
	return mustOpen(t, address, store.Serve)
}

// MustOpenTwice opens a fresh database for two servers. If the database takes only one server, the
// second store is opened as for a command.
func MustOpenTwice(t testing.TB) (address string, both [2]*store.Store) {
	t.Helper()
	address = MustAddress(t)
	return address, [2]*store.Store{MustOpenAt(t, address), mustOpen(t, address, store.Admin)}
}

func mustOpen(t testing.TB, address string, mode store.Mode) *store.Store {
	t.Helper()
	opened, err := store.Open(t.Context(), address, mode, store.CheapHashes)
	if err != nil {
		t.Fatalf("open %s: %v", address, err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return opened
}

// MustUser makes an account.
func MustUser(t testing.TB, s *store.Store, username string) store.User {
	t.Helper()
	user, err := s.CreateUser(t.Context(), store.NewUser{
		Username: username, Email: username + "@example.org", Password: Password,
	})
	if err != nil {
		t.Fatalf("make the user %s: %v", username, err)
	}
	return user
}

// MustPost posts a message to the public chat. Its text is also its nonce.
func MustPost(t testing.TB, s *store.Store, author store.User, text string) store.Message {
	t.Helper()
	posted, err := s.Post(t.Context(), New(author, text))
	if err != nil {
		t.Fatalf("post %q: %v", text, err)
	}
	return posted.Message
}

// New returns a message for the public chat. Its text is also its nonce.
func New(author store.User, text string) store.NewMessage {
	return store.NewMessage{
		Room: store.PublicRoom, Author: author.ID, Nonce: text, Source: text,
		Rendered: store.Rendered{HTML: "<p>" + text + "</p>", Text: text, Renderer: 1},
	}
}

// MustBefriend makes two users friends.
func MustBefriend(t testing.TB, s *store.Store, one, other store.User) {
	t.Helper()
	if err := errors.Join(s.RequestFriend(t.Context(), one, other), s.AcceptRequest(t.Context(), other, one)); err != nil {
		t.Fatalf("make friends of %s and %s: %v", one.Username, other.Username, err)
	}
}
