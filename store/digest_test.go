package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// digestSite is a store in which ada has missed things, and wants to be told each day.
type digestSite struct {
	*emailSite
	bob, eve store.User
}

func openDigestSite(t *testing.T) *digestSite {
	t.Helper()
	s := &digestSite{emailSite: openResetSite(t)}
	s.bob, s.eve = storetest.MustUser(t, s.Store, "bob"), storetest.MustUser(t, s.Store, "eve")
	storetest.MustBefriend(t, s.Store, s.ada, s.bob)
	mustDo(t, s.ReadNotifications(t.Context(), s.ada), s.ChangeDigest(t.Context(), s.ada, store.DailyDigest))
	s.ago(25*time.Hour, 16*time.Minute)
	return s
}

// ago sets how long ago ada's last digest and last visit were.
func (s *digestSite) ago(digest, visit time.Duration) {
	s.t.Helper()
	at := time.Now()
	execute(s.t, s.address, `UPDATE users SET digest_at = $1, seen_at = $2 WHERE username = 'ada'`, at.Add(-digest).UnixMilli(),
		at.Add(-visit).UnixMilli())
}

// happens makes ada miss something of each sort.
func (s *digestSite) happens() {
	s.t.Helper()
	mustMention(s.t, s.Store, s.bob, "hello @ada", "ada")
	mustDo(s.t, s.RequestFriend(s.t.Context(), s.eve, s.ada))
	room := mustRoom(s.t, s.Store, s.bob, s.ada)
	for i := range 2 {
		mustWrite(s.t, s.Store, s.bob, room.ID, fmt.Sprint("a secret ", i))
	}
	// In this order, whatever the clock says.
	execute(s.t, s.address, `UPDATE notifications SET at = at + CASE kind WHEN 'message' THEN 2 WHEN 'request' THEN 1 ELSE 0 END`)
}

// send sends digests, and returns them with the token of the last.
func (s *digestSite) send() (digests []string, token string) {
	s.t.Helper()
	var mu sync.Mutex
	sent, err := s.SendDigests(s.t.Context(), func(d store.Digest, made string) store.Mail {
		mu.Lock()
		defer mu.Unlock()
		var items []string
		for _, item := range d.Items {
			items = append(items, fmt.Sprint(item.Kind, " ", item.By, " ", item.Count))
		}
		digests, token = append(digests, fmt.Sprint(d.User.Username, ": ", strings.Join(items, ", "))), made
		return store.Mail{To: d.User.Email, Subject: "Missed", Body: made}
	})
	if err != nil || sent != len(digests) {
		s.t.Fatalf("%d digests are sent, of %q: %v", sent, digests, err)
	}
	return digests, token
}

func (s *digestSite) gets(want ...string) {
	s.t.Helper()
	if digests, _ := s.send(); !slices.Equal(digests, want) {
		s.t.Errorf("the digests are %q, want %q", digests, want)
	}
}

const everything = "ada: message bob 2, request eve 1, mention bob 1"

// A digest tells once what is new, to users who are away, and not more often than they want.
func TestDigestIsSentWhenDue(t *testing.T) {
	t.Parallel()
	s := openDigestSite(t)
	s.gets()
	s.happens()
	for name, hours := range map[string]struct{ digest, visit time.Duration }{
		"too soon after the last": {23 * time.Hour, time.Hour}, "too soon after a visit": {25 * time.Hour, 14 * time.Minute},
	} {
		s.ago(hours.digest, hours.visit)
		if digests, _ := s.send(); len(digests) > 0 {
			t.Errorf("%s: %q", name, digests)
		}
	}
	s.ago(25*time.Hour, 16*time.Minute)
	s.gets(everything)
	if got := s.sent(); got != "ada@example.org" {
		t.Errorf("mails go to %s", got)
	}
	s.gets()
	execute(t, s.address, `UPDATE users SET digest_at = digest_at - $1, seen_at = digest_at`, (25 * time.Hour).Milliseconds())
	execute(t, s.address, `UPDATE notifications SET at = at - $1`, (26 * time.Hour).Milliseconds())
	s.gets() // nothing is new
	execute(t, s.address, `UPDATE notifications SET at = at + $1`, (26 * time.Hour).Milliseconds())
	mustDo(t, s.ReadNotifications(t.Context(), s.ada))
	s.gets()
}

func TestDigestHourly(t *testing.T) {
	t.Parallel()
	s := openDigestSite(t)
	mustDo(t, s.ChangeDigest(t.Context(), s.ada, store.HourlyDigest))
	s.ago(59*time.Minute, time.Hour)
	s.happens()
	s.gets()
	s.ago(61*time.Minute, time.Hour)
	s.gets(everything)
}

// Nobody gets a digest who does not want it, or at an address to which no mail goes; and none tells of the blocked.
func TestDigestIsNotSent(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *digestSite) error{
		"unwanted": func(s *digestSite) error { return s.ChangeDigest(t.Context(), s.ada, store.NoDigest) },
		"not verified": func(s *digestSite) error {
			execute(s.t, s.address, `UPDATE users SET email_verified = FALSE`)
			return nil
		},
		"refused":       func(s *digestSite) error { return s.RefuseAddress(t.Context(), "ada@example.org", 550) },
		"before it was": func(s *digestSite) error { s.ago(-time.Minute, time.Hour); return nil },
		"deleted": func(s *digestSite) error {
			execute(s.t, s.address, `UPDATE users SET role = 'owner'`)
			_, err := s.DeleteAccount(t.Context(), s.ada, false)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openDigestSite(t)
			s.happens()
			mustDo(t, change(s))
			s.gets()
		})
	}
	s := openDigestSite(t)
	s.happens()
	mustDo(t, s.Block(t.Context(), s.ada, s.bob))
	s.gets("ada: request eve 1")
	s.isRefused(store.Invalid, s.ChangeDigest(t.Context(), s.ada, "each minute"))
}

// Of several servers one sends each digest. One query finds many users, and a digest has few items.
func TestDigestsOfManyAreSentOnce(t *testing.T) {
	t.Parallel()
	address, both := storetest.MustOpenTwice(t)
	s := &digestSite{emailSite: &emailSite{t: t, address: address, Store: both[0]}}
	const people, events = 60, 12
	for i := range people {
		storetest.MustUser(t, s.Store, fmt.Sprint("member-", i))
	}
	execute(t, address, `UPDATE users SET email_verified = TRUE, digest = 'daily'`)
	execute(t, address, fmt.Sprintf(`INSERT INTO notifications (user_id, kind, like_id, actor_id, at)
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		SELECT u.id, 'mention', n.i, 0, n.i FROM users u, n`, events))
	var mu sync.Mutex
	got := map[string]int{}
	letter := func(d store.Digest, _ string) store.Mail {
		if len(d.Items) != 10 || d.More != events-10 {
			t.Errorf("a digest has %d items, and %d more", len(d.Items), d.More)
		}
		return store.Mail{To: d.User.Email}
	}
	var together sync.WaitGroup
	for i := range 4 {
		together.Go(func() {
			if _, err := both[i%2].SendDigests(t.Context(), letter); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	for to := range strings.FieldsSeq(s.sent()) {
		mu.Lock()
		got[to]++
		mu.Unlock()
	}
	for to, mails := range got {
		if mails != 1 {
			t.Errorf("%s gets %d", to, mails)
		}
	}
	if len(got) != people {
		t.Errorf("%d get one", len(got))
	}
}

// The link in a digest, also in an earlier one, ends digests without a password, until the email changes.
func TestDigestLinkEndsDigests(t *testing.T) {
	t.Parallel()
	s := openDigestSite(t)
	s.happens()
	_, token := s.send()
	s.ago(25*time.Hour, time.Hour)
	_, later := s.send()
	if user, err := s.UserByDigestLink(t.Context(), later); err != nil || user.ID != s.ada.ID || later == token {
		t.Errorf("the link is of %+v, %v", user, err)
	}
	rate := func() store.DigestRate {
		settings, err := s.SettingsOf(t.Context(), s.ada)
		mustDo(t, err)
		return settings.Digest
	}
	for _, wrong := range []string{"", token + "x", "\x00\xff"} {
		s.isRefused(store.NotFound, s.EndDigests(t.Context(), wrong))
	}
	if rate() != store.DailyDigest {
		t.Error("they have ended")
	}
	for range 2 {
		mustDo(t, s.EndDigests(t.Context(), token))
	}
	if rate() != store.NoDigest {
		t.Error("they have not ended")
	}
	execute(t, s.address, `UPDATE digest_links SET made_at = made_at - $1 WHERE token_hash <> $2`, store.DigestLinkLifetime.Milliseconds(), hashOf(token))
	s.isRefused(store.NotFound, s.EndDigests(t.Context(), later))
	mustExpire(t, s.Store)
	mustDo(t, s.EndDigests(t.Context(), token), s.confirm(s.ask("new@example.org")))
	s.isRefused(store.NotFound, s.EndDigests(t.Context(), token))
}

func hashOf(token string) []byte {
	hash := store.HashToken(token)
	return hash[:]
}
