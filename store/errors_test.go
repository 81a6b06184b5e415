package store_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// The log has the codes of an error, and no text of users.
func TestErrorInTheLog(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"not found: room_unknown": store.ErrNoRoom,
		"invalid: blocked":        &store.Error{Kind: store.Invalid, Code: store.CodeBlocked, Args: store.Args{Name: "ada"}},
		"invalid: email: email_malformed: username: username_taken": store.JoinInvalid(
			store.InvalidField("username", store.CodeUsernameTaken), store.InvalidField("email", store.CodeEmailMalformed)),
		"unavailable: restarting: why": &store.Error{
			Kind: store.Unavailable, Code: store.CodeRestarting,
			Err: errors.New("why"),
		},
	} {
		if got := err.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestJoinInvalid(t *testing.T) {
	t.Parallel()
	name, email := store.InvalidField("name", store.CodeGroupNameMissing),
		store.InvalidField("email", store.CodeEmailTaken)
	whole := &store.Error{Kind: store.Invalid, Code: store.CodeOwnerNeeded}
	away := errors.New("away")
	for what, test := range map[string]struct {
		errs []error
		code store.Code
		says []string // the fields at fault
	}{
		"one":            {[]error{nil, name}, "", []string{"name"}},
		"both":           {[]error{name, email}, "", []string{"email", "name"}},
		"wrapped":        {[]error{fmt.Errorf("because: %w", name), email}, "", []string{"email", "name"}},
		"with the whole": {[]error{name, whole}, store.CodeOwnerNeeded, []string{"name"}},
	} {
		var got *store.Error
		if err := store.JoinInvalid(test.errs...); !errors.As(err, &got) || got.Kind != store.Invalid ||
			got.Code != test.code || len(got.Fields) != len(test.says) {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for _, field := range test.says {
			if got.Fields[field].Code == "" {
				t.Errorf("%s: nothing about %s", what, field)
			}
		}
	}
	if err := store.JoinInvalid(nil, store.InvalidField("name", "")); err != nil {
		t.Errorf("no problem gives the error %v", err)
	}
	if err := store.JoinInvalid(name, away, store.ErrNoRoom); !errors.Is(err, away) {
		t.Errorf("an error of another kind gives %v", err)
	}
}

// All problems are reported at once: broken rules and taken names.
func TestAllFieldsAtOnce(t *testing.T) {
	s := storetest.MustOpen(t)
	ada, _ := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	type fields map[string]store.Code
	for what, test := range map[string]struct {
		err  error
		want fields
	}{
		"an account of bad fields": {
			s.CheckNewUser(t.Context(), store.NewUser{Username: "a", Email: "ada", Password: "short"}),
			fields{"username": store.CodeUsernameLength, "email": store.CodeEmailMalformed, "password": store.CodePasswordShort},
		},
		"an account of taken ones": {
			s.CheckNewUser(t.Context(), store.NewUser{Username: " ADA", Email: "ada@example.org ", Password: "password1"}),
			fields{
				"username": store.CodeUsernameTaken, "email": store.CodeEmailRegistered,
				"password": store.CodePasswordCommon,
			},
		},
		"an account of both": {
			s.CheckNewUser(t.Context(), store.NewUser{Username: "ada", Email: "ada", Password: storetest.Password}),
			fields{"username": store.CodeUsernameTaken, "email": store.CodeEmailMalformed},
		},
		"a good account": {s.CheckNewUser(t.Context(),
			store.NewUser{Username: "eve", Email: "eve@example.org", Password: storetest.Password}), nil},
		"a profile": {
			s.ChangeProfile(t.Context(), ada, "bob", "\x00", false),
			fields{"display_name": store.CodeDisplayNameTaken, "about": store.CodeAboutCharacters},
		},
		"another user's email": {
			s.CheckEmail(t.Context(), ada, "BOB@example.org"),
			fields{"email": store.CodeEmailTaken},
		},
		"the same email": {s.CheckEmail(t.Context(), ada, "Ada@example.org"), nil},
		"a group": {
			func() error { _, err := s.CreateGroup(t.Context(), ada, " ", []string{"bob"}); return err }(),
			fields{"name": store.CodeGroupNameMissing, "people": store.CodeGroupNotFriends},
		},
	} {
		var refused *store.Error
		if test.err != nil && !errors.As(test.err, &refused) {
			t.Errorf("%s: %v", what, test.err)
			continue
		}
		got := fields{}
		if refused != nil {
			for field, problem := range refused.Fields {
				got[field] = problem.Code
			}
		}
		if !maps.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", what, got, test.want)
		}
	}
	if _, err := s.UserByName(t.Context(), "eve"); store.KindOf(err) != store.NotFound {
		t.Errorf("an account that was only checked is there: %v", err)
	}
	if err := s.CheckDeletion(t.Context(), ada); store.KindOf(err) != store.Invalid {
		t.Errorf("the owner may leave: %v", err)
	}
}
