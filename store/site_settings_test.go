package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// mustChangeSite changes the site as its owner.
func mustChangeSite(t *testing.T, s *store.Store, owner store.User, change store.SiteChange) {
	t.Helper()
	if err := s.ChangeSite(t.Context(), owner, change); err != nil {
		t.Fatal(err)
	}
}

func TestSite(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	is := func(when string, want store.Site) {
		t.Helper()
		if got, err := s.Site(t.Context()); err != nil || got != want {
			t.Errorf("%s the site is %+v, %v", when, got, err)
		}
	}
	is("at first", store.Site{Registration: store.RegistrationOpen, InvitesBy: store.InvitesByOwners})
	before, err := s.SiteEvents(t.Context(), 0)
	if err != nil || before.Site {
		t.Fatalf("before a change the events are %+v, %v", before, err)
	}
	name, closed := "  The \t square ", store.RegistrationClosed
	mustChangeSite(t, s, ada, store.SiteChange{Name: &name})
	is("with a name", store.Site{Name: "The square", Registration: store.RegistrationOpen, InvitesBy: store.InvitesByOwners})
	if events, err := s.SiteEvents(t.Context(), before.Mark); err != nil || !events.Site {
		t.Errorf("the other servers are told %+v, %v", events, err)
	}
	mustChangeSite(t, s, ada, store.SiteChange{Registration: &closed})
	is("once it is closed", store.Site{Name: "The square", Registration: store.RegistrationClosed, InvitesBy: store.InvitesByOwners})
	name = "Bob's"
	if err := s.ChangeSite(t.Context(), bob, store.SiteChange{Name: &name}); store.KindOf(err) != store.NotFound {
		t.Errorf("bob changes it: %v", err)
	}
	name = ""
	mustChangeSite(t, s, ada, store.SiteChange{Name: &name})
	is("without a name", store.Site{Registration: store.RegistrationClosed, InvitesBy: store.InvitesByOwners})
}

func TestSiteRefuses(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	for _, name := range []string{strings.Repeat("x", store.MaxSiteNameLength+1), "a\u202eb", "\u200b", "...", "\xff"} {
		registration := store.Registration("whoever")
		err := s.ChangeSite(t.Context(), ada, store.SiteChange{Name: &name, Registration: &registration})
		var refused *store.Error
		if !errors.As(err, &refused) || refused.Fields["site_name"].Code == "" || refused.Fields["registration"].Code == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
	if site, err := s.Site(t.Context()); err != nil || site.Name != "" {
		t.Errorf("the site is %+v, %v", site, err)
	}
}

// A database that has lost commits gives their ids to other events, so servers read what is chosen for the site again.
func TestSiteAfterLostCommits(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := storetest.MustOpenAt(t, address)
	execute(t, address, `INSERT INTO site_events (token_hash, user_id, at) VALUES ($1, 7, 1)`, []byte{})
	if events, err := s.SiteEvents(t.Context(), 100); err != nil || !events.Site {
		t.Errorf("the events are %+v, %v", events, err)
	}
}

func TestClosedRegistration(t *testing.T) {
	t.Parallel()
	s := storetest.MustOpen(t)
	ada := storetest.MustUser(t, s, "ada")
	closed := store.RegistrationClosed
	mustChangeSite(t, s, ada, store.SiteChange{Registration: &closed})
	if _, err := s.Register(t.Context(), registration("eve", 1), store.Admission{Local: true}); codeOf(err) != store.CodeClosed {
		t.Errorf("eve registers: %v", err)
	}
	overridden := store.Admission{Override: store.RegistrationOpen}
	if _, err := s.Register(t.Context(), registration("bob", 2), overridden); err != nil {
		t.Errorf("the flag lets nobody in: %v", err)
	}
	open := store.RegistrationOpen
	mustChangeSite(t, s, ada, store.SiteChange{Registration: &open})
	overridden.Override = store.RegistrationClosed
	if _, err := s.Register(t.Context(), registration("eve", 1), overridden); codeOf(err) != store.CodeClosed {
		t.Errorf("the flag keeps nobody out: %v", err)
	}
	storetest.MustUser(t, s, "carol") // the command line may
}

// Once registration is closed, nobody gets in who began to register before.
func TestRegistrationClosesMeanwhile(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	ada := storetest.MustUser(t, both[0], "ada")
	var registering sync.WaitGroup
	for i := range 8 {
		registering.Go(func() {
			_, err := both[i%2].Register(t.Context(), registration(fmt.Sprint("bob", i), i), store.Admission{})
			if err != nil && codeOf(err) != store.CodeClosed {
				t.Error(err)
			}
		})
	}
	choice := store.RegistrationClosed
	mustChangeSite(t, both[1], ada, store.SiteChange{Registration: &choice})
	then, err := both[0].Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	registering.Wait()
	now, err := both[0].Users(t.Context())
	if err != nil || len(now) != len(then) {
		t.Errorf("%d accounts have come since, %v", len(now)-len(then), err)
	}
}
