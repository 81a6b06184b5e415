package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// mustSetupToken returns a new token of the setup address.
func mustSetupToken(t *testing.T, s *store.Store) string {
	t.Helper()
	token, err := s.NewSetupToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// toOwn is what somebody shows who opens the setup address with a token.
func toOwn(token string) store.Admission { return store.Admission{ToOwn: true, Setup: token} }

// codeOf returns the code of an error, or "".
func codeOf(err error) store.Code {
	var refused *store.Error
	errors.As(err, &refused)
	if refused == nil {
		return ""
	}
	return refused.Code
}

func TestFirstAccountNeedsTheSetupToken(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	refuse := func(when string, shown store.Admission, want store.Code) {
		t.Helper()
		_, err := s.Register(t.Context(), registration("eve", 1), shown)
		if codeOf(err) != want || codeOf(s.CheckAdmission(t.Context(), shown)) != want {
			t.Errorf("%s: %v, want %s", when, err, want)
		}
	}
	refuse("before there is a token", store.Admission{}, store.CodeSetupNeeded)
	refuse("with an invented token", toOwn("eve's"), store.CodeSetupLinkInvalid)
	first := mustSetupToken(t, s)
	second := mustSetupToken(t, s)
	refuse("without the token", store.Admission{}, store.CodeSetupNeeded)
	refuse("with the token before", toOwn(first), store.CodeSetupLinkInvalid)
	refuse("with no token at the setup address", toOwn(""), store.CodeSetupNeeded)
	ada, err := s.Register(t.Context(), registration("ada", 2), toOwn(second))
	if err != nil || ada.Role != store.Owner {
		t.Fatalf("ada is %+v, %v", ada, err)
	}
	refuse("with a used token", toOwn(second), store.CodeSetupOver)
	if _, err := s.NewSetupToken(t.Context()); store.KindOf(err) != store.Conflict {
		t.Errorf("a site with an owner makes a setup token: %v", err)
	}
	if bob, err := s.Register(t.Context(), registration("bob", 3), store.Admission{}); err != nil || bob.Role != store.Member {
		t.Errorf("bob is %+v, %v", bob, err)
	}
}

// People who may not register do not learn which names are taken.
func TestRefusedRegistrationTellsNoNames(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	wrong := store.NewUser{Username: "x", Email: "y", Password: "z"}
	if err := s.CheckRegistration(t.Context(), wrong, store.Admission{}); store.KindOf(err) != store.Forbidden {
		t.Errorf("the answer is %v", err)
	}
}

func TestFirstAccountOnTheSitesMachine(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	local := store.Admission{Local: true}
	ada, err := s.Register(t.Context(), registration("ada", 1), local)
	if err != nil || ada.Role != store.Owner {
		t.Fatalf("ada is %+v, %v", ada, err)
	}
	if bob, err := s.Register(t.Context(), registration("bob", 2), local); err != nil || bob.Role != store.Member {
		t.Errorf("bob is %+v, %v", bob, err)
	}
}

// The command line makes the owner without a token, and the token works no more.
func TestCommandMakesTheOwner(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	token := mustSetupToken(t, s)
	ada := storetest.MustUser(t, s, "ada")
	if ada.Role != store.Owner {
		t.Errorf("ada is %s", ada.Role)
	}
	if _, err := s.Register(t.Context(), registration("eve", 1), toOwn(token)); codeOf(err) != store.CodeSetupOver {
		t.Errorf("the token still works: %v", err)
	}
	if _, err := s.DeleteAccount(t.Context(), ada, false); err != nil {
		t.Fatal(err)
	}
	for _, shown := range []store.Admission{toOwn(token), toOwn(""), {}} {
		if _, err := s.Register(t.Context(), registration("eve", 1), shown); err == nil {
			t.Fatalf("once the owner has left, %+v makes one", shown)
		}
	}
	if bob, err := s.Register(t.Context(), registration("bob", 2), toOwn(mustSetupToken(t, s))); err != nil || bob.Role != store.Owner {
		t.Errorf("bob is %+v, %v", bob, err)
	}
}

// Of several people who use the token at the same moment, at different servers, one owns the site, and the others get
// no account.
func TestSetupTokenUsedAtOnce(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	token := mustSetupToken(t, both[0])
	var mu sync.Mutex
	var registering sync.WaitGroup
	codes := map[store.Code]int{}
	for i := range 4 {
		registering.Go(func() {
			_, err := both[i%2].Register(t.Context(), registration(fmt.Sprint("ada", i), i), toOwn(token))
			mu.Lock()
			defer mu.Unlock()
			codes[codeOf(err)]++
		})
	}
	registering.Wait()
	users, err := both[0].Users(t.Context())
	if err != nil || len(users) != 1 || users[0].Role != store.Owner || codes[""] != 1 || codes[store.CodeSetupOver] != 3 {
		t.Errorf("answers by code: %v; accounts: %+v, %v", codes, users, err)
	}
}

// If the token is replaced while it is used, either the account comes first, or it gets none.
func TestSetupTokenReplacedWhileUsed(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	token := mustSetupToken(t, both[0])
	var racing sync.WaitGroup
	var made, replaced error
	racing.Go(func() { _, made = both[0].Register(t.Context(), registration("ada", 1), toOwn(token)) })
	racing.Go(func() { _, replaced = both[1].NewSetupToken(t.Context()) })
	racing.Wait()
	first, second := codeOf(made), codeOf(replaced)
	if (made != nil || second != store.CodeSetupOver) && (first != store.CodeSetupLinkInvalid || replaced != nil) {
		t.Errorf("the registration: %v; the new token: %v", made, replaced)
	}
}

func TestSetupTokenIsKeptAsAHash(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	token := mustSetupToken(t, storetest.MustOpenAt(t, address))
	var kept string
	if query(t, address, `SELECT value FROM metadata WHERE name = 'setup'`, &kept); kept == "" || kept == token || len(kept) != 64 {
		t.Errorf("it is kept as %q", kept)
	}
}
