package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// mustInvite makes an invitation, and returns its code.
func mustInvite(t *testing.T, s *store.Store, maker store.User, uses int) string {
	t.Helper()
	code, err := s.CreateInvite(t.Context(), maker, store.NewInvite{Note: "for friends", Uses: uses, Lifetime: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// byInvitation opens a site that people need an invitation for, and returns its owner.
func byInvitation(t *testing.T, s *store.Store, by store.InvitesBy) store.User {
	t.Helper()
	ada := storetest.MustUser(t, s, "ada")
	registration := store.RegistrationInvite
	mustChangeSite(t, s, ada, store.SiteChange{Registration: &registration, InvitesBy: &by})
	return ada
}

func TestInvites(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := byInvitation(t, s, store.InvitesByOwners)
	refuse := func(when, code string, want store.Code) {
		t.Helper()
		_, err := s.Register(t.Context(), registration("eve", 99), store.Admission{Invite: code, Local: true})
		if codeOf(err) != want {
			t.Errorf("%s: %v, want %s", when, err, want)
		}
	}
	refuse("without an invitation", "", store.CodeInviteNeeded)
	refuse("with an invented one", "eve's", store.CodeInviteInvalid)
	code := mustInvite(t, s, ada, 2)
	if invite, err := s.InviteByCode(t.Context(), code); err != nil || invite.Maker.ID != ada.ID || !invite.Works {
		t.Errorf("the invitation is %+v, %v", invite, err)
	}
	var came []int64
	for i, name := range []string{"bob", "carol"} {
		guest, err := s.Register(t.Context(), registration(name, i), store.Admission{Invite: code})
		if err != nil || guest.Role != store.Member {
			t.Fatalf("%s is %+v, %v", name, guest, err)
		}
		came = append(came, guest.ID)
	}
	refuse("with a used one", code, store.CodeInviteInvalid)
	other := mustInvite(t, s, ada, 2)
	all, err := s.Invites(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("the invitations are %+v, %v", all, err)
	}
	for _, invite := range all {
		if invite.Code != code {
			continue
		}
		if len(invite.Guests) != 2 || invite.Guests[0].ID != came[0] || invite.Guests[1].ID != came[1] || invite.Used != 2 ||
			invite.Note != "for friends" || invite.Works {
			t.Errorf("the invitation is %+v", invite)
		}
	}
	if err := s.RevokeInvite(t.Context(), ada, other); err != nil {
		t.Fatal(err)
	}
	refuse("with a revoked one", other, store.CodeInviteInvalid)
}

func TestInvitesExpire(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	ada := byInvitation(t, s, store.InvitesByOwners)
	code := mustInvite(t, s, ada, 5)
	always, err := s.CreateInvite(t.Context(), ada, store.NewInvite{Uses: 1})
	if err != nil {
		t.Fatal(err)
	}
	age := func(by time.Duration) {
		t.Helper()
		execute(t, address, `UPDATE invites SET expires_at = expires_at - $1 WHERE expires_at > 0`, by.Milliseconds())
	}
	age(59 * time.Minute)
	if _, err := s.Register(t.Context(), registration("bob", 1), store.Admission{Invite: code}); err != nil {
		t.Errorf("a minute before it expires: %v", err)
	}
	age(time.Minute)
	if _, err := s.Register(t.Context(), registration("eve", 2), store.Admission{Invite: code}); codeOf(err) != store.CodeInviteInvalid {
		t.Errorf("once it has expired: %v", err)
	}
	left := func() (rows int) {
		t.Helper()
		mustExpire(t, s)
		query(t, address, `SELECT count(*) FROM invites`, &rows)
		return rows
	}
	if rows := left(); rows != 2 {
		t.Errorf("%d are listed, want both", rows)
	}
	age(91 * 24 * time.Hour)
	if rows := left(); rows != 1 {
		t.Errorf("%d are listed, want only that which never expires", rows)
	}
	if _, err := s.Register(t.Context(), registration("carol", 3), store.Admission{Invite: always}); err != nil {
		t.Errorf("the one that never expires: %v", err)
	}
}

// Of several people who use an invitation at its last use at the same moment, at different servers, one gets in.
func TestInviteAtItsLastUse(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	code := mustInvite(t, both[0], byInvitation(t, both[0], store.InvitesByOwners), 1)
	var mu sync.Mutex
	var registering sync.WaitGroup
	codes := map[store.Code]int{}
	for i := range 4 {
		registering.Go(func() {
			_, err := both[i%2].Register(t.Context(), registration(fmt.Sprint("bob", i), i), store.Admission{Invite: code})
			mu.Lock()
			defer mu.Unlock()
			codes[codeOf(err)]++
		})
	}
	registering.Wait()
	all, err := both[0].Invites(t.Context())
	if err != nil || codes[""] != 1 || codes[store.CodeInviteInvalid] != 3 || all[0].Used != 1 || len(all[0].Guests) != 1 {
		t.Errorf("answers by code: %v; invitations: %+v, %v", codes, all, err)
	}
}

// If an invitation is revoked while somebody uses it, nobody gets in after the revocation.
func TestInviteRevokedWhileUsed(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	ada := byInvitation(t, both[0], store.InvitesByOwners)
	code := mustInvite(t, both[0], ada, 10)
	var registering sync.WaitGroup
	for i := range 6 {
		registering.Go(func() {
			_, err := both[i%2].Register(t.Context(), registration(fmt.Sprint("bob", i), i), store.Admission{Invite: code})
			if err != nil && codeOf(err) != store.CodeInviteInvalid {
				t.Error(err)
			}
		})
	}
	if err := both[1].RevokeInvite(t.Context(), ada, code); err != nil {
		t.Fatal(err)
	}
	then, err := both[0].Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	registering.Wait()
	if now, err := both[0].Users(t.Context()); err != nil || len(now) != len(then) {
		t.Errorf("%d accounts have come since, %v", len(now)-len(then), err)
	}
}

// Members invite people only where the site lets them. If it stops, their links stop too.
func TestInvitesOfMembers(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := byInvitation(t, s, store.InvitesByOwners)
	bob, carol := storetest.MustUser(t, s, "bob"), storetest.MustUser(t, s, "carol")
	if _, err := s.CreateInvite(t.Context(), bob, store.NewInvite{Uses: 1}); store.KindOf(err) != store.NotFound {
		t.Errorf("bob invites: %v", err)
	}
	by := store.InvitesByMembers
	mustChangeSite(t, s, ada, store.SiteChange{InvitesBy: &by})
	ofBob, ofAda := mustInvite(t, s, bob, 2), mustInvite(t, s, ada, 2)
	for _, code := range []string{ofBob, ofAda, "none"} {
		if err := s.RevokeInvite(t.Context(), carol, code); store.KindOf(err) != store.NotFound {
			t.Errorf("carol revokes one of another: %v", err)
		}
	}
	if err := s.RevokeInvite(t.Context(), bob, ofAda); store.KindOf(err) != store.NotFound {
		t.Errorf("bob revokes one of the owner: %v", err)
	}
	if own, err := s.InvitesOf(t.Context(), bob); err != nil || len(own) != 1 || own[0].Code != ofBob {
		t.Errorf("bob's are %+v, %v", own, err)
	}
	if _, err := s.Register(t.Context(), registration("dora", 1), store.Admission{Invite: ofBob}); err != nil {
		t.Errorf("by a member's: %v", err)
	}
	by = store.InvitesByOwners
	mustChangeSite(t, s, ada, store.SiteChange{InvitesBy: &by})
	if _, err := s.Register(t.Context(), registration("eve", 2), store.Admission{Invite: ofBob}); codeOf(err) != store.CodeInviteInvalid {
		t.Errorf("once members may not: %v", err)
	}
	all, err := s.Invites(t.Context())
	if err != nil || len(all) != 2 || all[0].Works == all[1].Works {
		t.Errorf("the invitations are %+v, %v", all, err)
	}
	if err := s.RevokeInvite(t.Context(), ada, ofBob); err != nil {
		t.Errorf("the owner revokes it: %v", err)
	}
}

// An invitation lets nobody in where registration is closed, and does not matter where it is open.
func TestInvitesInOtherModes(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	code := mustInvite(t, s, ada, 1)
	closed := store.RegistrationClosed
	mustChangeSite(t, s, ada, store.SiteChange{Registration: &closed})
	if _, err := s.Register(t.Context(), registration("eve", 1), store.Admission{Invite: code}); codeOf(err) != store.CodeClosed {
		t.Errorf("while registration is closed: %v", err)
	}
	open := store.RegistrationOpen
	mustChangeSite(t, s, ada, store.SiteChange{Registration: &open})
	for i, with := range []string{code, code, "invented"} {
		if _, err := s.Register(t.Context(), registration(fmt.Sprint("bob", i), i), store.Admission{Invite: with}); err != nil {
			t.Errorf("with %q: %v", with, err)
		}
	}
	if all, err := s.Invites(t.Context()); err != nil || all[0].Used != 1 || len(all[0].Guests) != 1 || all[0].Guests[0].Username != "bob0" {
		t.Errorf("the invitations are %+v, %v", all, err)
	}
}

func TestInviteRefuses(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for field, wrong := range map[string][]store.NewInvite{
		"uses":    {{Uses: 0}, {Uses: -1}, {Uses: store.MaxInviteUses + 1}},
		"note":    {{Uses: 1, Note: strings.Repeat("x", store.MaxInviteNoteLength+1)}, {Uses: 1, Note: "a\u202eb"}},
		"expires": {{Uses: 1, Lifetime: time.Second}, {Uses: 1, Lifetime: -time.Hour}, {Uses: 1, Lifetime: store.MaxInviteLifetime + 1}},
	} {
		for _, n := range wrong {
			_, err := s.CreateInvite(t.Context(), ada, n)
			var refused *store.Error
			if !errors.As(err, &refused) || refused.Fields[field].Code == "" {
				t.Errorf("%+v: %v", n, err)
			}
		}
	}
	for range store.MaxOpenInvites {
		mustInvite(t, s, ada, 1)
	}
	if _, err := s.CreateInvite(t.Context(), ada, store.NewInvite{Uses: 1}); codeOf(err) != store.CodeTooManyInvites {
		t.Errorf("one too many: %v", err)
	}
}

// The invitations of a deleted account stop working, and nothing says who came by them.
func TestInvitesOfTheDeleted(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := byInvitation(t, s, store.InvitesByMembers)
	bob := storetest.MustUser(t, s, "bob")
	code, ofAda := mustInvite(t, s, bob, 3), mustInvite(t, s, ada, 3)
	for i, with := range []string{code, ofAda} {
		guest, err := s.Register(t.Context(), registration(fmt.Sprint("visitor", i), i), store.Admission{Invite: with})
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			if _, err := s.DeleteAccount(t.Context(), guest, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := s.DeleteAccount(t.Context(), bob, false); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Register(t.Context(), registration("eve", 9), store.Admission{Invite: code}); codeOf(err) != store.CodeInviteInvalid {
		t.Errorf("bob's still works: %v", err)
	}
	if all, err := s.Invites(t.Context()); err != nil || len(all) != 1 || all[0].Used != 1 || len(all[0].Guests) != 0 {
		t.Errorf("the invitations are %+v, %v", all, err)
	}
}
