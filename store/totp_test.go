package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// mustBegin begins a sign-in that needs a code.
func mustBegin(t *testing.T, s *store.Store, user store.User) string {
	t.Helper()
	token, err := s.BeginSignIn(t.Context(), user)
	mustDo(t, err)
	return token
}

// finish sends a code to a half-finished sign-in.
func finish(ctx context.Context, s *store.Store, half, code string) (string, error) {
	token, _, err := s.FinishSignIn(ctx, half, code, "a browser", "its token", nil)
	return token, err
}

func TestTwoStepSignIn(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	token, err := s.CreateSession(t.Context(), ada, "a browser", "its token")
	mustDo(t, err)
	secret, _ := storetest.MustTurnOnTwoStep(t, s, ada)
	if _, err := s.SessionByToken(t.Context(), token); err != nil {
		t.Errorf("turning it on ends a session: %v", err)
	}
	if _, err := s.CreateSession(t.Context(), ada, "a browser", "its token"); !errors.Is(err, store.ErrCodeNeeded) {
		t.Errorf("the password alone: %v", err)
	}
	half, other := mustBegin(t, s, ada), mustBegin(t, s, ada)
	if _, err := s.SessionByToken(t.Context(), half); !errors.Is(err, store.ErrSignedOut) {
		t.Errorf("a half-finished sign-in is a session: %v", err)
	}
	if user, err := s.HalfSignedIn(t.Context(), half); err != nil || user.ID != ada.ID {
		t.Errorf("it is of %+v, %v", user, err)
	}
	code := storetest.MustNextCode(t, secret)
	for _, wrong := range []string{"", "000000"[:5], "a" + code, "код123", storetest.MustCode(t, secret, time.Now())} {
		if _, err := finish(t.Context(), s, half, wrong); !errors.Is(err, store.ErrWrongCode) && !errors.Is(err, store.ErrHalfSignInEnded) {
			t.Errorf("with %q: %v", wrong, err)
		}
	}
	half = mustBegin(t, s, ada)
	token, err = finish(t.Context(), s, half, " "+code[:3]+" "+code[3:])
	mustDo(t, err)
	if session, err := s.SessionByToken(t.Context(), token); err != nil || session.User.ID != ada.ID {
		t.Errorf("the session is %+v, %v", session, err)
	}
	if _, err := finish(t.Context(), s, half, code); !errors.Is(err, store.ErrHalfSignInEnded) {
		t.Errorf("a half-finished sign-in works twice: %v", err)
	}
	if _, err := finish(t.Context(), s, other, code); !errors.Is(err, store.ErrWrongCode) {
		t.Errorf("a code works twice: %v", err)
	}
	if _, err := finish(t.Context(), s, "unknown", code); !errors.Is(err, store.ErrHalfSignInEnded) {
		t.Errorf("an unknown token: %v", err)
	}
}

// Of sign-ins with the same code at the same moment, one gets in.
func TestOneCodeSignsInOnce(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	ada := storetest.MustUser(t, both[0], "ada")
	secret, recovery := storetest.MustTurnOnTwoStep(t, both[0], ada)
	for name, code := range map[string]string{"app": storetest.MustNextCode(t, secret), "recovery": recovery[0]} {
		var in atomic.Int64
		var together sync.WaitGroup
		for i := range 6 {
			half := mustBegin(t, both[i%2], ada)
			together.Go(func() {
				_, err := finish(t.Context(), both[i%2], half, code)
				if err == nil {
					in.Add(1)
				} else if !errors.Is(err, store.ErrWrongCode) {
					t.Error(err)
				}
			})
		}
		together.Wait()
		if in.Load() != 1 {
			t.Errorf("%s: %d got in", name, in.Load())
		}
	}
}

// A clock may be wrong by one step, and no code of an earlier step works after a later one.
func TestTwoStepTakesAWrongClock(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	secret, _ := storetest.MustTurnOnTwoStep(t, s, ada)
	at := func(steps time.Duration) string {
		return storetest.MustCode(t, secret, time.Now().Add(steps*store.TOTPStep))
	}
	signIn := func(code string) error {
		_, err := finish(t.Context(), s, mustBegin(t, s, ada), code)
		return err
	}
	for _, far := range []time.Duration{-4, -3, 3, 4} {
		if err := signIn(at(far)); !errors.Is(err, store.ErrWrongCode) {
			t.Errorf("%d steps off: %v", far, err)
		}
	}
	for attempt := 0; ; attempt++ {
		before := time.Now().Unix() / 30
		execute(t, address, `UPDATE totp SET last_step = 0`)
		var errs []error
		for _, near := range []time.Duration{-1, 0, 1} { // in order, each works
			errs = append(errs, signIn(at(near)))
		}
		if time.Now().Unix()/30 != before && attempt < 3 { // a step has passed in between
			continue
		}
		mustDo(t, errs...)
		break
	}
	if err := signIn(at(0)); !errors.Is(err, store.ErrWrongCode) {
		t.Errorf("an earlier step after a later one: %v", err)
	}
}

func TestHalfSignInEnds(t *testing.T) {
	t.Parallel()
	const another = "another long phrase"
	for name, end := range map[string]func(t *testing.T, s *store.Store, address string, ada store.User, half string){
		"with a reset of the password": func(t *testing.T, s *store.Store, _ string, _ store.User, _ string) {
			mustDo(t, s.ResetPassword(t.Context(), "ada", another))
		},
		"with a change of the password": func(t *testing.T, s *store.Store, _ string, ada store.User, _ string) {
			mustDo(t, s.ChangePassword(t.Context(), ada, store.TokenHash{}, another))
		},
		"with all other sessions": func(t *testing.T, s *store.Store, _ string, ada store.User, _ string) {
			mustDo(t, s.RevokeOtherSessions(t.Context(), store.Session{User: ada}))
		},
		"with the second step": func(t *testing.T, s *store.Store, _ string, _ store.User, _ string) {
			mustDo(t, s.RemoveSecondFactor(t.Context(), "ADA"))
		},
		"with the account": func(t *testing.T, s *store.Store, _ string, ada store.User, _ string) {
			_, err := s.DeleteAccount(t.Context(), ada, false)
			mustDo(t, err)
		},
		"after its time": func(t *testing.T, _ *store.Store, address string, _ store.User, _ string) {
			execute(t, address, `UPDATE half_sign_ins SET made_at = $1`, time.Now().Add(-store.HalfSignInLifetime-time.Second).UnixMilli())
		},
		"with the last wrong code": func(t *testing.T, s *store.Store, _ string, _ store.User, half string) {
			for i := range store.HalfSignInFailures {
				_, err := finish(t.Context(), s, half, "0000000")
				if last := i == store.HalfSignInFailures-1; !last && !errors.Is(err, store.ErrWrongCode) || last && !errors.Is(err, store.ErrHalfSignInEnded) {
					t.Fatalf("wrong code %d: %v", i, err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := storetest.MustAddress(t)
			s := storetest.MustOpenAt(t, address)
			ada := storetest.MustUser(t, s, "ada")
			secret, _ := storetest.MustTurnOnTwoStep(t, s, ada)
			half := mustBegin(t, s, ada)
			end(t, s, address, ada, half)
			if _, err := s.HalfSignedIn(t.Context(), half); !errors.Is(err, store.ErrHalfSignInEnded) {
				t.Errorf("it is known: %v", err)
			}
			if _, err := finish(t.Context(), s, half, storetest.MustNextCode(t, secret)); !errors.Is(err, store.ErrHalfSignInEnded) {
				t.Errorf("the right code: %v", err)
			}
			mustExpire(t, s)
			var left int
			if query(t, address, `SELECT count(*) FROM half_sign_ins`, &left); left != 0 {
				t.Errorf("%d are left", left)
			}
		})
	}
}

// A half-finished sign-in belongs to the password that began it, even if a program that does not know of it has set
// another one.
func TestHalfSignInBelongsToItsPassword(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	_, recovery := storetest.MustTurnOnTwoStep(t, s, ada)
	half := mustBegin(t, s, ada)
	execute(t, address, `UPDATE users SET password_version = password_version + 1`)
	if _, err := s.HalfSignedIn(t.Context(), half); !errors.Is(err, store.ErrHalfSignInEnded) {
		t.Errorf("it is known: %v", err)
	}
	if _, err := finish(t.Context(), s, half, recovery[0]); !errors.Is(err, store.ErrHalfSignInEnded) {
		t.Errorf("the right code: %v", err)
	}
}

// A new password ends sign-ins that finish at the same time.
func TestNoHalfSignInSurvivesItsPassword(t *testing.T) {
	t.Parallel()
	address, both := storetest.MustOpenTwice(t)
	ada := storetest.MustUser(t, both[0], "ada")
	_, recovery := storetest.MustTurnOnTwoStep(t, both[0], ada)
	for round := range 8 {
		halves := []string{mustBegin(t, both[0], ada), mustBegin(t, both[1], ada)}
		var together sync.WaitGroup
		for i, half := range halves {
			together.Go(func() {
				if _, err := finish(t.Context(), both[i], half, recovery[round]); err != nil &&
					!errors.Is(err, store.ErrWrongCode) && !errors.Is(err, store.ErrHalfSignInEnded) {
					t.Error(err)
				}
			})
		}
		together.Go(func() {
			if err := both[round%2].ResetPassword(t.Context(), "ada", "another long phrase"); err != nil {
				t.Error(err)
			}
		})
		together.Wait()
		var sessions int
		if query(t, address, `SELECT count(*) FROM sessions`, &sessions); sessions != 0 {
			t.Fatalf("round %d leaves %d sessions", round, sessions)
		}
		var err error
		ada, err = both[0].UserByName(t.Context(), "ada")
		mustDo(t, err)
	}
}

func TestRecoveryCodesWorkOnce(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	_, codes := storetest.MustTurnOnTwoStep(t, s, ada)
	_, others := storetest.MustTurnOnTwoStep(t, s, bob)
	if len(codes) != store.RecoveryCodes || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != len(codes) {
		t.Fatalf("the codes are %q", codes)
	}
	for _, code := range []string{codes[0], strings.ReplaceAll(codes[0], "-", "")} {
		var kept int
		if query(t, address, `SELECT count(*) FROM recovery_codes WHERE code_hash = $1`, &kept, []byte(code)); kept != 0 {
			t.Error("a code itself is in the store")
		}
	}
	signIn := func(code string) error {
		_, err := finish(t.Context(), s, mustBegin(t, s, ada), code)
		return err
	}
	typed := []string{
		codes[0], strings.ReplaceAll(codes[1], "-", ""), strings.ToLower(codes[2]), " " + strings.ReplaceAll(codes[3], "-", " - "),
		strings.NewReplacer("0", "o", "1", "l").Replace(codes[4]),
	}
	for _, code := range typed {
		if err := signIn(code); err != nil {
			t.Errorf("%q: %v", code, err)
		}
	}
	for _, code := range append(typed, others[0], codes[5][:18]) {
		if err := signIn(code); !errors.Is(err, store.ErrWrongCode) {
			t.Errorf("%q, which is used, of somebody else or cut off: %v", code, err)
		}
	}
	if factor, err := s.SecondFactorOf(t.Context(), ada); err != nil || !factor.IsOn() || factor.RecoveryCodes != len(codes)-len(typed) {
		t.Errorf("the state is %+v, %v", factor, err)
	}
	if kinds := kindsOf(t, s, ada); kinds[store.RecoveryCodeUsed] != len(typed) || kinds[store.TwoStepOn] != 1 {
		t.Errorf("ada is told of %v", kinds)
	}
}

// kindsOf counts what a user was told of, by kind.
func kindsOf(t *testing.T, s *store.Store, user store.User) map[store.NotificationKind]int {
	t.Helper()
	found, _, err := s.Notifications(t.Context(), user, store.NewestPoint(), 50)
	mustDo(t, err)
	kinds := map[store.NotificationKind]int{}
	for _, n := range found {
		kinds[n.Kind] += n.Count
	}
	return kinds
}

func TestTwoStepIsTurnedOn(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	confirm := func(secret string) error {
		_, err := s.ConfirmTOTP(t.Context(), ada, storetest.MustNextCode(t, secret), nil)
		return err
	}
	begin := func() string {
		secret, err := s.BeginTOTP(t.Context(), ada)
		mustDo(t, err)
		return secret
	}
	isBegun := func(secret string) bool {
		begun, err := s.IsTOTPBegun(t.Context(), ada, secret)
		mustDo(t, err)
		return begun
	}
	first := begin()
	if _, err := s.CreateSession(t.Context(), ada, "a browser", "its token"); err != nil {
		t.Errorf("a secret without a code asks for codes: %v", err)
	}
	second := begin()
	if first == second || isBegun(first) || !isBegun(second) {
		t.Error("a second secret should replace the first")
	}
	if err := confirm(first); !errors.Is(err, store.ErrWrongCode) {
		t.Errorf("a code of the replaced secret: %v", err)
	}
	execute(t, address, `UPDATE totp SET made_at = $1`, time.Now().Add(-time.Hour-time.Minute).UnixMilli())
	if err := confirm(second); store.KindOf(err) != store.Conflict || isBegun(second) {
		t.Errorf("an hour later: %v", err)
	}
	mustExpire(t, s)
	third := begin()
	mustDo(t, s.ResetPassword(t.Context(), "ada", "another long phrase"))
	if err := confirm(third); store.KindOf(err) != store.Conflict {
		t.Errorf("after a change of the password: %v", err)
	}
	ada, err := s.Authenticate(t.Context(), "ada", "another long phrase")
	mustDo(t, err)
	mustDo(t, confirm(begin()))
	if _, err := s.BeginTOTP(t.Context(), ada); store.KindOf(err) != store.Conflict {
		t.Errorf("a new secret while it is on: %v", err)
	}
	if settings, err := s.SettingsOf(t.Context(), ada); err != nil || !settings.TwoStep {
		t.Errorf("the settings are %+v, %v", settings, err)
	}
}

func TestTwoStepIsTurnedOff(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := storetest.MustUser(t, s, "ada")
	letters := 0
	letter := func(user store.User, kind store.NotificationKind) store.Mail {
		letters++
		return store.Mail{To: user.Email, Subject: string(kind)}
	}
	if err := s.RemoveTOTP(t.Context(), ada, "000000", letter); store.KindOf(err) != store.Conflict {
		t.Errorf("while it is off: %v", err)
	}
	if err := s.RemoveSecondFactor(t.Context(), "ada"); store.KindOf(err) != store.Conflict {
		t.Errorf("by an owner, while it is off: %v", err)
	}
	if err := s.RemoveSecondFactor(t.Context(), "nobody"); store.KindOf(err) != store.NotFound {
		t.Errorf("for nobody: %v", err)
	}
	for _, test := range []struct {
		name     string
		verified bool
		code     func(secret string, recovery []string) string
	}{
		{"by a code", false, func(secret string, _ []string) string { return storetest.MustNextCode(t, secret) }},
		{"by a recovery code", true, func(_ string, recovery []string) string { return recovery[7] }},
	} {
		execute(t, address, `UPDATE users SET email_verified = $1`, test.verified)
		letters = 0
		secret, recovery := storetest.MustTurnOnTwoStep(t, s, ada)
		if err := s.RemoveTOTP(t.Context(), ada, storetest.MustCode(t, secret, time.Now()), letter); !errors.Is(err, store.ErrWrongCode) {
			t.Errorf("%s: by a used code: %v", test.name, err)
		}
		mustDo(t, s.RemoveTOTP(t.Context(), ada, test.code(secret, recovery), letter))
		if sent := letters == 1; sent != test.verified {
			t.Errorf("%s: %d letters", test.name, letters)
		}
		if _, err := s.CreateSession(t.Context(), ada, "a browser", "its token"); err != nil {
			t.Errorf("%s: sign-in says %v", test.name, err)
		}
		var left int
		if query(t, address, `SELECT (SELECT count(*) FROM totp) + (SELECT count(*) FROM recovery_codes)`, &left); left != 0 {
			t.Errorf("%s: %d secrets and codes are left", test.name, left)
		}
	}
	if kinds := kindsOf(t, s, ada); kinds[store.TwoStepOn] != 2 || kinds[store.TwoStepOff] != 2 {
		t.Errorf("ada is told of %v", kinds)
	}
}
