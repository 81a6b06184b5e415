package store_test

import (
	"context"
	"errors"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Whatever a user writes is written only if the session has not ended, since it may end between the
// start of the request and the transaction.
func TestWritesNeedTheSession(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	carol := storetest.MustUser(t, s, "carol")
	storetest.MustBefriend(t, s, ada, bob)
	group, err := s.CreateGroup(t.Context(), ada, "Market", []string{"bob"})
	mustDo(t, err)
	mustWrite(t, s, bob, group.ID, "hello @ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	mustDo(t, err)
	other, err := s.CreateSession(t.Context(), ada, "another browser", "its token")
	mustDo(t, err)
	session, err := s.SessionByToken(t.Context(), token)
	mustDo(t, err)
	letter := func(store.EmailChange, string) store.Mail { return store.Mail{} }
	writes := map[string]func(ctx context.Context) error{
		"profile":         func(ctx context.Context) error { return s.ChangeProfile(ctx, ada, "Countess", "", false) },
		"username":        func(ctx context.Context) error { return s.ChangeUsername(ctx, ada, "countess") },
		"theme":           func(ctx context.Context) error { return s.ChangeTheme(ctx, ada, "dark") },
		"picture":         func(ctx context.Context) error { return s.SetPicture(ctx, ada, store.Picture{}) },
		"no picture":      func(ctx context.Context) error { return s.RemovePicture(ctx, ada) },
		"kinds":           func(ctx context.Context) error { return s.ChooseKinds(ctx, ada, nil) },
		"read":            func(ctx context.Context) error { return s.ReadNotifications(ctx, ada) },
		"hidden email":    func(ctx context.Context) error { return s.HideEmail(ctx, ada, true) },
		"email":           func(ctx context.Context) error { return s.ChangeEmail(ctx, ada, "ada@example.net", true) },
		"email by a link": func(ctx context.Context) error { return s.AskEmailChange(ctx, ada, "ada@example.net", true, letter) },
		"no email":        func(ctx context.Context) error { return s.DropEmailChange(ctx, ada) },
		"password": func(ctx context.Context) error {
			return s.ChangePassword(ctx, ada, session.Hash, "another long phrase")
		},
		"request":        func(ctx context.Context) error { return s.RequestFriend(ctx, ada, carol) },
		"unfriend":       func(ctx context.Context) error { return s.RemoveFriend(ctx, ada, bob) },
		"block":          func(ctx context.Context) error { return s.Block(ctx, ada, carol) },
		"other sessions": func(ctx context.Context) error { return s.RevokeOtherSessions(ctx, session) },
		"one session":    func(ctx context.Context) error { return s.RevokeSession(ctx, ada, store.HashToken(other)) },
		"privacy": func(ctx context.Context) error {
			_, err := s.ChangePrivacy(ctx, ada, store.Privacy{From: store.Anyone})
			return err
		},
		"room": func(ctx context.Context) error { _, err := s.OpenPrivateRoom(ctx, ada, ada); return err },
		"group": func(ctx context.Context) error {
			_, err := s.CreateGroup(ctx, ada, "Square", []string{"bob"})
			return err
		},
		"name": func(ctx context.Context) error { _, err := s.NameGroup(ctx, ada, group.ID, "Honey"); return err },
		"members": func(ctx context.Context) error {
			_, err := s.AddMembers(ctx, ada, group.ID, []string{"bob"})
			return err
		},
		"leave": func(ctx context.Context) error { _, err := s.LeaveGroup(ctx, ada, group.ID); return err },
		"leave all": func(ctx context.Context) error {
			return s.LeaveGroups(ctx, ada, func([]store.Message) error { return nil })
		},
		"marker": func(ctx context.Context) error { _, err := s.ReadRoom(ctx, ada, group.ID, 1); return err },
		"delete": func(ctx context.Context) error { _, err := s.DeleteAccount(ctx, ada, true); return err },
	}
	mustDo(t, s.EndSession(t.Context(), session.Hash))
	ctx := store.WithSession(t.Context(), session)
	for name, write := range writes {
		if err := write(ctx); !errors.Is(err, store.ErrSignedOut) {
			t.Errorf("%s: %v", name, err)
		}
	}
	mustDo(t, s.EndSession(ctx, session.Hash)) // it has ended already
	again, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	mustDo(t, err)
	session, err = s.SessionByToken(t.Context(), again)
	mustDo(t, err)
	ctx = store.WithSession(t.Context(), session)
	for _, name := range []string{"name", "profile", "block", "marker", "privacy", "password"} {
		if err := writes[name](ctx); err != nil {
			t.Errorf("%s with a session: %v", name, err)
		}
	}
}
