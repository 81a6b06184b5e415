package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"plaza/store/storetest"
)

// expectTooMany fails the test unless the answer is 429 and says correctly when to try again. It returns how
// long to wait.
func (a *answer) expectTooMany() time.Duration {
	a.t.Helper()
	a.expect(http.StatusTooManyRequests).expectVary()
	seconds, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 600 {
		a.t.Fatalf("%s: Retry-After is %q", a.Request.URL.Path, a.Header.Get("Retry-After"))
	}
	amount, unit := (seconds+59)/60, "minute"
	if seconds < 120 {
		amount, unit = seconds, "second"
	}
	if sentence := fmt.Sprintf("try again in %d %s", amount, unit); !strings.Contains(a.body, sentence) {
		a.t.Errorf("%s: nothing says “%s”:\n%s", a.Request.URL.Path, sentence, a.body)
	}
	return time.Duration(seconds) * time.Second
}

// Each limit lets a burst through. Then it refuses until the time that it says. It limits no other user.
func TestLimits(t *testing.T) {
	t.Parallel()
	unequal := filled(registration("eve"), "password_confirm", "a different phrase")
	text := func(i int) url.Values { return saying(fmt.Sprint("message ", i)) }
	for _, test := range []struct {
		name   string
		burst  int
		wait   time.Duration // rounded up to a second
		ask    func(b *browser, i int) *answer
		status int  // of a request that is let through
		member bool // whether it counts by account instead of by address
	}{
		{"registering", 10, 5 * time.Minute, func(b *browser, _ int) *answer {
			return b.post("/register", unequal)
		}, http.StatusUnprocessableEntity, false},
		{"signing in", 20, 3 * time.Second, func(b *browser, i int) *answer {
			return b.post("/login", credentials(fmt.Sprint("nobody", i), "wrong"))
		}, http.StatusUnprocessableEntity, false},
		{"posting", 40, time.Second, func(b *browser, i int) *answer {
			return b.post("/messages", text(i))
		}, http.StatusSeeOther, true},
		{"posting by htmx", 40, time.Second, func(b *browser, i int) *answer {
			return b.post("/messages", text(i), "HX-Request", "true")
		}, http.StatusNoContent, true},
		{"reacting", 60, time.Second, func(b *browser, _ int) *answer {
			return b.post("/messages/1/9/reactions", emoji("👍"), "HX-Request", "true")
		}, http.StatusNotFound, true},
		{"previewing", 30, time.Second, func(b *browser, i int) *answer {
			return b.post("/messages/preview", text(i))
		}, http.StatusOK, true},
		{"previewing by htmx", 30, time.Second, func(b *browser, i int) *answer {
			return b.post("/messages/preview", text(i), "HX-Request", "true")
		}, http.StatusOK, true},
		{"changing", 20, 10 * time.Second, func(b *browser, _ int) *answer {
			return b.post("/settings/profile", url.Values{"about": {"I count."}})
		}, http.StatusSeeOther, true},
		{"removing pictures", 20, 10 * time.Second, func(b *browser, _ int) *answer {
			return b.post("/settings/picture/remove", url.Values{})
		}, http.StatusSeeOther, true},
		{"relating", 60, 2 * time.Second, func(b *browser, _ int) *answer {
			return b.post("/friends/carol/request", url.Values{})
		}, http.StatusSeeOther, true},
		{"relating by htmx", 60, 2 * time.Second, func(b *browser, _ int) *answer {
			return b.post("/friends/carol/cancel", url.Values{}, "HX-Request", "true")
		}, http.StatusNotFound, true},
		{"connecting", 60, time.Second, func(b *browser, _ int) *answer {
			return b.get("/ws", "Origin", b.site.url)
		}, http.StatusUpgradeRequired, true},
		{"searching", 60, time.Second, func(b *browser, _ int) *answer {
			return b.get("/search?q=a", "HX-Request", "true")
		}, http.StatusOK, true},
		{"searching, signed out", 60, time.Second, func(b *browser, _ int) *answer {
			return b.get("/search?q=a")
		}, http.StatusOK, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			simulate(t, func(s *simulation) {
				one, other := s.from("192.0.2.1"), s.from("192.0.2.2")
				storetest.MustUser(s.t, s.store, "dora") // owns the site, so that anybody can register
				if test.member {
					one, other = s.member("ada"), s.member("bob") // at the same address
					s.member("carol")
				}
				for i := range test.burst {
					test.ask(one, i).expect(test.status)
				}
				if wait := test.ask(one, test.burst).expectTooMany(); wait != test.wait {
					s.t.Errorf("it asks to wait for %v", wait)
				}
				test.ask(other, test.burst).expect(test.status)
				time.Sleep(test.wait - time.Second)
				if test.wait > time.Second {
					// A refused request takes no token.
					if wait := test.ask(one, test.burst).expectTooMany(); wait != time.Second {
						s.t.Errorf("a second before, it asks to wait for %v", wait)
					}
				}
				time.Sleep(time.Second)
				test.ask(one, test.burst).expect(test.status)
			})
		})
	}
}

// A refused form keeps what was typed.
func TestLimitsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		visitor, ada := s.browse(), s.member("ada")
		wanted := filled(registration("eve"), "password_confirm", "")
		until429 := func(b *browser, path string, form url.Values, headers ...string) *answer {
			for {
				answer := b.post(path, form, headers...)
				if answer.StatusCode == http.StatusTooManyRequests {
					return answer
				}
				form.Set("nonce", form.Get("nonce")+"x")
			}
		}
		register := until429(visitor, "/register", wanted)
		if register.value("username") != "eve" || register.value("email") != "eve@example.org" || register.value("password") != "" {
			s.t.Errorf("the form is\n%s", register.body)
		}
		visitor.post("/register", wanted, "HX-Request", "true").expect(http.StatusTooManyRequests).expectFragment("form#register")
		login := until429(visitor, "/login", filled(credentials("ada", "wrong"), "next", "/u/ada"))
		if login.value("login") != "ada" || login.value("next") != "/u/ada" || login.value("password") != "" {
			s.t.Errorf("the form is\n%s", login.body)
		}
		for _, path := range []string{"/messages", "/messages/preview"} {
			refused := until429(ada, path, saying("a long thought"))
			if refused.text("#composer textarea") != "a long thought" || refused.text("#composer-error") == "" {
				s.t.Errorf("%s: the text is lost:\n%s", path, refused.body)
			}
			sentence := ada.post(path, saying("a long thought"), "HX-Request", "true").expectProblem(http.StatusTooManyRequests)
			if strings.Contains(sentence, "<") {
				s.t.Errorf("%s: not a sentence: %s", path, sentence)
			}
		}
	})
}

// Each guess at an account from one address waits twice as long, however the account is spelt. A success
// resets the wait.
func TestGuessingGetsSlower(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		s.member("ada")
		eve, wrong := s.from("192.0.2.66"), credentials("ada", "wrong")
		for _, spelling := range []string{"ada", "ADA", " ada", "ａｄａ", "𝐚𝐝𝐚"} {
			eve.post("/login", credentials(spelling, "wrong")).expect(http.StatusUnprocessableEntity)
		}
		for want := time.Second; want <= 16*time.Second; want *= 2 {
			if wait := eve.post("/login", wrong).expectTooMany(); wait != want {
				s.t.Errorf("it asks to wait for %v, not %v", wait, want)
			}
			time.Sleep(want)
			eve.post("/login", wrong).expect(http.StatusUnprocessableEntity)
		}
		eve.post("/login", credentials("ada", storetest.Password)).expectTooMany()
		eve.post("/login", credentials("bob", "wrong")).expect(http.StatusUnprocessableEntity)
		time.Sleep(32 * time.Second)
		eve.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
		for range 5 {
			eve.post("/login", wrong).expect(http.StatusUnprocessableEntity)
		}
		eve.post("/login", wrong).expectTooMany()
		time.Sleep(31 * time.Minute)
		for range 5 {
			eve.post("/login", wrong).expect(http.StatusUnprocessableEntity)
		}
	})
}

// While many strangers guess, the user still signs in from another address, after a short delay.
func TestStrangersLockNobodyOut(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		s.member("ada")
		for stranger := range 4 {
			eve := s.from(fmt.Sprintf("203.0.113.%d", stranger))
			for range 5 {
				eve.post("/login", credentials("ada", "wrong")).expect(http.StatusUnprocessableEntity)
			}
			eve.post("/login", credentials("ada", "wrong")).expectTooMany()
		}
		began := time.Now()
		s.from("192.0.2.1").post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
		if took := time.Since(began); took < 100*time.Millisecond || took > 3*time.Second {
			s.t.Errorf("ada waited for %v", took)
		}
	})
}

// The guesses of strangers that are held back take no place from the user, who signs in with a new browser.
func TestHeldGuessesTakeNoPlace(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		s.member("ada")
		guess := func(stranger int) *answer {
			return s.from(fmt.Sprintf("203.0.113.%d", stranger)).post("/login", credentials("ada", "wrong"))
		}
		for i := range 40 { // until answers come as late as they may
			guess(i / 4).expect(http.StatusUnprocessableEntity)
		}
		var guessing sync.WaitGroup
		for i := range 8 {
			guessing.Go(func() { guess(100 + i) })
		}
		synctest.Wait()
		time.Sleep(time.Second)
		s.from("192.0.2.1").post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
		guessing.Wait()
	})
}

// Guesses of one address that are held back together are not verified beyond what it may fail.
func TestHeldGuessesCount(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		s.member("ada")
		for i := range 40 {
			s.from(fmt.Sprintf("203.0.113.%d", i/4)).post("/login", credentials("ada", "wrong")).expect(http.StatusUnprocessableEntity)
		}
		var guessing sync.WaitGroup
		var verified atomic.Int64
		for range 15 {
			guessing.Go(func() {
				if s.from("192.0.2.66").post("/login", credentials("ada", "wrong")).StatusCode == http.StatusUnprocessableEntity {
					verified.Add(1)
				}
			})
			time.Sleep(10 * time.Millisecond) // so that they end one after the other
		}
		guessing.Wait()
		if got := verified.Load(); got != 5 {
			s.t.Errorf("%d guesses of an address are verified", got)
		}
	})
}

func TestUnlimited(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for i := range 65 {
		ada.post("/register", nil).expect(http.StatusUnprocessableEntity)
		ada.message("hello", fmt.Sprint("nonce", i)).expect(http.StatusNoContent)
		ada.post("/messages/preview", saying("hello")).expect(http.StatusOK)
		ada.get("/ws", "Origin", s.url).expect(http.StatusUpgradeRequired)
		ada.find("a")
	}
	for range 21 {
		ada.post("/login", credentials("ada", "wrong")).expect(http.StatusUnprocessableEntity)
	}
}

// Failures by username and by email count together.
func TestGuessingByBothNames(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		s.member("ada")
		eve := s.from("192.0.2.66")
		for _, login := range []string{"ada", "ada@example.org", "ADA", "Ada@Example.org", "ada"} {
			eve.post("/login", credentials(login, "wrong")).expect(http.StatusUnprocessableEntity)
		}
		for _, login := range []string{"ada", "ada@example.org"} {
			eve.post("/login", credentials(login, "wrong")).expectTooMany()
		}
	})
}

// A browser that has signed in before waits for no stranger, even at the same address.
func TestKnownBrowserWaitsForNoStranger(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		ada, eve := s.member("ada"), s.from("198.51.100.1") // where ada is
		ada.post("/logout", nil).expect(http.StatusSeeOther)
		for range 20 {
			eve.post("/login", credentials("ada", "wrong"))
		}
		eve.post("/login", credentials("ada", storetest.Password)).expectTooMany()
		time.Sleep(3 * time.Second) // the limit of the address itself
		began := time.Now()
		ada.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
		if took := time.Since(began); took > 50*time.Millisecond {
			s.t.Errorf("ada waited for %v", took)
		}
	})
}

// Many guesses at one account at the same time are refused at once. They take the turn of nobody else.
func TestGuessingAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, limited, behind("127.0.0.1"), withRealHashes(t))
	ada, bob := s.member("ada"), s.member("bob")
	for _, b := range []*browser{ada, bob} {
		b.post("/logout", nil).expect(http.StatusSeeOther)
	}
	var guessing sync.WaitGroup
	var wrong, busy atomic.Int64
	for i := range 120 {
		guessing.Go(func() {
			answer := s.browse().post("/login", credentials("ada", "wrong"), "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
			switch answer.StatusCode {
			case http.StatusUnprocessableEntity:
				wrong.Add(1)
			case http.StatusServiceUnavailable:
				busy.Add(1)
				answer.expectHeader("Retry-After", "3")
			default:
				t.Errorf("a guess is answered with %d", answer.StatusCode)
			}
		})
	}
	eventually(t, "guesses are refused", func() bool { return busy.Load() > 0 })
	ada.post("/login", credentials("ada", storetest.Password), "X-Forwarded-For", "192.0.2.1").expect(http.StatusSeeOther)
	s.browse().post("/login", credentials("bob", storetest.Password), "X-Forwarded-For", "192.0.2.2").expect(http.StatusSeeOther)
	guessing.Wait()
	if wrong.Load() == 0 || strings.Contains(s.log.String(), "request failed") {
		t.Errorf("%d guesses are verified; the log is\n%s", wrong.Load(), s.log)
	}
}

// Forms that change little are limited too.
func TestSmallChangesAreLimited(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(b *browser, i int) *answer{
		"reading":               func(b *browser, _ int) *answer { return b.post("/rooms/1/read", url.Values{"seq": {"1"}}) },
		"reading notifications": func(b *browser, _ int) *answer { return b.post("/notifications/read", nil) },
		"privacy": func(b *browser, i int) *answer {
			return b.post("/settings/private", url.Values{"private_from": {[]string{"anyone", "nobody"}[i%2]}})
		},
		"kinds of notifications": func(b *browser, _ int) *answer { return b.post("/settings/notifications", nil) },
		"hiding the email": func(b *browser, _ int) *answer {
			return b.post("/settings/email", url.Values{"email": {"ada@example.org"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulate(t, func(s *simulation) {
				ada := s.member("ada")
				for i := range 200 {
					if answer := ask(ada, i); answer.StatusCode == http.StatusTooManyRequests {
						answer.expectTooMany()
						return
					}
				}
				s.t.Error("200 requests are let through")
			})
		})
	}
}
