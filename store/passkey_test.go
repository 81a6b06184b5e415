package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// beginPasskey begins to add a passkey, and returns the account as the authenticator is told of it.
func beginPasskey(ctx context.Context, s *store.Store, user store.User, challenge string) (told store.PasskeyAccount, err error) {
	err = s.BeginPasskey(ctx, user, "", func(account store.PasskeyAccount) (store.Challenge, error) {
		told = account
		return store.Challenge{Challenge: challenge, Data: "data of " + challenge}, nil
	})
	return told, err
}

// addPasskey adds the passkey that answers a challenge.
func addPasskey(ctx context.Context, s *store.Store, user store.User, challenge string, handle []byte) error {
	return s.AddPasskey(ctx, user, challenge, func(data string, _ store.PasskeyAccount) (store.NewPasskey, error) {
		if data != "data of "+challenge {
			return store.NewPasskey{}, fmt.Errorf("the data is %q", data)
		}
		return store.NewPasskey{Name: "Phone", Handle: handle, CredentialID: []byte(challenge), Credential: challenge}, nil
	}, nil)
}

func mustAddPasskey(t *testing.T, s *store.Store, user store.User, challenge string) {
	t.Helper()
	account, err := beginPasskey(t.Context(), s, user, challenge)
	mustDo(t, err)
	mustDo(t, addPasskey(t.Context(), s, user, challenge, account.Handle))
}

// All passkeys of an account share a handle, even if two are the first.
func TestPasskeysShareAHandle(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	one, err := beginPasskey(t.Context(), s, ada, "one")
	mustDo(t, err)
	two, err := beginPasskey(t.Context(), s, ada, "two")
	mustDo(t, err, addPasskey(t.Context(), s, ada, "one", one.Handle))
	if err := addPasskey(t.Context(), s, ada, "two", two.Handle); !errors.Is(err, store.ErrChallengeEnded) {
		t.Errorf("a second first passkey: %v", err)
	}
	three, err := beginPasskey(t.Context(), s, ada, "three")
	if err != nil || string(three.Handle) != string(one.Handle) || len(three.Credentials) != 1 {
		t.Errorf("the next one is told %+v, %v", three, err)
	}
}

// A challenge is used up even if its answer is refused, and only its hash is kept.
func TestChallengeWorksOnce(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	mustAddPasskey(t, s, ada, "her passkey")
	refusal := errors.New("the answer is wrong")
	signIn := func(challenge, passkey string, err error) error {
		_, _, err = s.SignInByPasskey(t.Context(), challenge, []byte(passkey), func(string, store.PasskeyAccount) (string, error) {
			return "its new state", err
		}, "a browser", "its token")
		return err
	}
	begin := func() {
		mustDo(t, s.BeginPasskeySignIn(t.Context(), store.Challenge{Challenge: "a challenge", Data: "data"}))
	}
	for _, test := range []struct {
		name, passkey string
		refusal, want error
	}{
		{"a wrong answer", "her passkey", refusal, refusal},
		{"an unknown passkey", "another", nil, store.ErrPasskeyRefused},
		{"a right answer", "her passkey", nil, nil},
	} {
		begin()
		var kept int
		if query(t, address, `SELECT count(*) FROM challenges WHERE challenge_hash = $1 OR data LIKE '%a challenge%'`, &kept, []byte("a challenge")); kept != 0 {
			t.Error("the challenge itself is in the store")
		}
		if err := signIn("a challenge", test.passkey, test.refusal); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
		if err := signIn("a challenge", "her passkey", nil); !errors.Is(err, store.ErrChallengeEnded) {
			t.Errorf("after %s: %v", test.name, err)
		}
	}
	var sessions int
	var credential string
	query(t, address, `SELECT count(*) FROM sessions WHERE opened_by = 'passkey'`, &sessions)
	query(t, address, `SELECT credential FROM passkeys`, &credential)
	if sessions != 1 || credential != "its new state" {
		t.Errorf("there are %d sessions, and the passkey is %q", sessions, credential)
	}
	begin()
	execute(t, address, `UPDATE challenges SET made_at = $1`, time.Now().Add(-store.ChallengeLifetime-time.Second).UnixMilli())
	if err := signIn("a challenge", "her passkey", nil); !errors.Is(err, store.ErrChallengeEnded) {
		t.Errorf("after its time: %v", err)
	}
	mustExpire(t, s)
	if query(t, address, `SELECT count(*) FROM challenges`, &sessions); sessions != 0 {
		t.Errorf("%d challenges are left", sessions)
	}
}

func TestPasskeysAreLimited(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for i := range store.MaxPasskeys - 1 {
		mustAddPasskey(t, s, ada, fmt.Sprint(i))
	}
	one, err := beginPasskey(t.Context(), s, ada, "one")
	mustDo(t, err)
	_, err = beginPasskey(t.Context(), s, ada, "two")
	mustDo(t, err, addPasskey(t.Context(), s, ada, "one", one.Handle))
	if err := addPasskey(t.Context(), s, ada, "two", one.Handle); store.KindOf(err) != store.Conflict {
		t.Errorf("one too many, begun before: %v", err)
	}
	if _, err := beginPasskey(t.Context(), s, ada, "three"); store.KindOf(err) != store.Conflict {
		t.Errorf("one too many: %v", err)
	}
}

func TestPasskeyNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		fits bool
	}{
		{"", true},
		{strings.Repeat("ü", 64), true},
		{strings.Repeat("ü", 65), false},
		{"\xff", false},
		{"a\x00b", false},
		{" a", false},
	} {
		if err := store.CheckPasskeyName(test.name); err == nil != test.fits || err != nil && store.KindOf(err) != store.Invalid {
			t.Errorf("the name %q: %v", test.name, err)
		}
	}
}

// What a password has begun ends with the password, with all other sessions and with the account.
func TestUnfinishedPasskeysEnd(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(s *store.Store, ada store.User) error{
		"with a reset of the password": func(s *store.Store, _ store.User) error {
			return s.ResetPassword(context.Background(), "ada", "another long phrase")
		},
		"with all other sessions": func(s *store.Store, ada store.User) error {
			return s.RevokeOtherSessions(context.Background(), store.Session{User: ada})
		},
		"with the account": func(s *store.Store, ada store.User) error {
			_, err := s.DeleteAccount(context.Background(), ada, false)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := storetest.MustAddress(t)
			s := storetest.MustOpenAt(t, address)
			ada := storetest.MustUser(t, s, "ada")
			mustAddPasskey(t, s, ada, "before")
			account, err := beginPasskey(t.Context(), s, ada, "a challenge")
			mustDo(t, err, end(s, ada))
			if err := addPasskey(t.Context(), s, ada, "a challenge", account.Handle); err == nil {
				t.Error("it is added")
			}
			var left int
			if query(t, address, `SELECT count(*) FROM challenges`, &left); left != 0 {
				t.Errorf("%d challenges are left", left)
			}
		})
	}
}

// A deleted account leaves nothing to sign in with.
func TestDeletionRemovesAllFactors(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	for _, user := range []store.User{ada, bob} {
		mustAddPasskey(t, s, user, "of "+user.Username)
		_, err := beginPasskey(t.Context(), s, user, "another of "+user.Username)
		mustDo(t, err)
		storetest.MustTurnOnTwoStep(t, s, user)
		mustBegin(t, s, user)
	}
	_, err := s.DeleteAccount(t.Context(), bob, true)
	mustDo(t, err)
	for _, table := range []string{"totp", "recovery_codes", "half_sign_ins", "passkeys", "challenges"} {
		var hers, his int
		query(t, address, `SELECT count(*) FROM `+table+` WHERE user_id = $1`, &hers, ada.ID)
		query(t, address, `SELECT count(*) FROM `+table+` WHERE user_id = $1`, &his, bob.ID)
		if hers == 0 || his != 0 {
			t.Errorf("%s has %d rows of ada, and %d of the deleted account", table, hers, his)
		}
	}
}
