package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"plaza/store"
)

// inviting opens a site that people need an invitation for, with its owner.
func inviting(t *testing.T, by store.InvitesBy) (*site, *browser) {
	t.Helper()
	s := open(t)
	ada := s.member("ada")
	ada.post("/admin/site", choosing("registration", "invite", "invites_by", string(by))).expect(http.StatusSeeOther)
	return s, ada
}

// links returns the paths of the invitations that a page lists.
func (a *answer) links() (paths []string) {
	for _, link := range a.document().Find("a.invite-link").EachIter() {
		path := link.AttrOr("href", "")
		if !strings.HasSuffix(link.Text(), "/"+strings.TrimPrefix(path, "/")) || !strings.HasPrefix(link.Text(), "http://") {
			a.t.Errorf("the link %s says %s", path, link.Text())
		}
		paths = append(paths, path)
	}
	return paths
}

func TestInvitation(t *testing.T) {
	t.Parallel()
	s, ada := inviting(t, store.InvitesByOwners)
	if page := s.browse().get("/register").expect(http.StatusForbidden); page.text("h1") != "You need an invitation" {
		t.Errorf("without an invitation the page says %q", page.text("h1"))
	}
	s.browse().post("/register", registration("eve")).expect(http.StatusForbidden)
	ada.post("/invites", choosing("uses", "1", "expires", "7d", "note", "for bob")).
		expect(http.StatusSeeOther).expectHeader("Location", "/invites")
	list := ada.get("/invites")
	if len(list.links()) != 1 || list.text(".invite-note") != "for bob" || list.text(".saved") != "Saved." {
		t.Fatalf("the list is\n%s", list.body)
	}
	link := list.links()[0]
	ada.get(link).expect(http.StatusSeeOther).expectHeader("Location", "/") // who is here needs none
	bob := s.browse()
	page := bob.get(link).expect(http.StatusOK)
	s.browse().get(link).expect(http.StatusOK) // looking uses nothing up
	if page.value("invite") == "" || !strings.Contains(page.text("main"), "ada invites you to plaza") {
		t.Errorf("the page of the link is\n%s", page.body)
	}
	form := filled(registration("bob"), "invite", page.value("invite"))
	refused := bob.post("/register", filled(form, "password_confirm", "")).expect(http.StatusUnprocessableEntity)
	if refused.value("invite") != page.value("invite") {
		t.Errorf("the form loses the invitation:\n%s", refused.body)
	}
	fragment := bob.post("/register", filled(form, "password_confirm", ""), "HX-Request", "true")
	fragment.expectFragment("form#register")
	if fragment.value("invite") != page.value("invite") {
		t.Errorf("the fragment loses the invitation:\n%s", fragment.body)
	}
	bob.post("/register", form).expect(http.StatusSeeOther).expectHeader("Location", "/")
	bob.post("/register", form).expect(http.StatusSeeOther) // a second click
	if gone := s.browse().get(link).expect(http.StatusNotFound); gone.text("h1") != "This invitation no longer works" {
		t.Errorf("once it is used, the link says %q", gone.text("h1"))
	}
	s.browse().post("/register", filled(registration("eve"), "invite", page.value("invite"))).expect(http.StatusNotFound)
	if list := ada.get("/invites"); len(list.links()) > 0 || list.document().Find(`.invite a[href="/u/bob"]`).Length() != 1 {
		t.Errorf("the list does not say who came:\n%s", list.body)
	}
	if got := s.accounts(); !slices.Equal(got, []string{"ada", "bob"}) {
		t.Errorf("the accounts are %q", got)
	}
}

func TestInvitationIsRevoked(t *testing.T) {
	t.Parallel()
	s, ada := inviting(t, store.InvitesByMembers)
	ada.post("/invites", choosing("uses", "5", "expires", "")).expect(http.StatusSeeOther)
	link := ada.get("/invites").links()[0]
	code := strings.TrimPrefix(link, "/invite/")
	bob := s.browse()
	bob.post("/register", filled(registration("bob"), "invite", code)).expect(http.StatusSeeOther)
	bob.post("/invites/revoke", choosing("code", code)).expect(http.StatusNotFound)
	s.browse().get(link).expect(http.StatusOK)
	ada.post("/invites/revoke", choosing("code", code)).expect(http.StatusSeeOther).expectHeader("Location", "/invites")
	s.browse().get(link).expect(http.StatusNotFound)
	s.browse().post("/register", filled(registration("eve"), "invite", code)).expect(http.StatusNotFound)
}

// Members find the page only where they may invite people. Owners see the invitations of all.
func TestInvitationsOfMembers(t *testing.T) {
	t.Parallel()
	s, ada := inviting(t, store.InvitesByOwners)
	ada.post("/admin/invites", choosing("uses", "1", "expires", "24h")).expect(http.StatusSeeOther).expectHeader("Location", "/admin/invites")
	bob := s.browse()
	bob.post("/register", filled(registration("bob"), "invite", strings.TrimPrefix(ada.get("/invites").links()[0], "/invite/"))).
		expect(http.StatusSeeOther)
	for _, path := range []string{"/invites", "/admin/invites"} {
		bob.get(path).expect(http.StatusNotFound)
		bob.post(path, choosing("uses", "1")).expect(http.StatusNotFound)
		s.browse().get(path).expect(http.StatusSeeOther)
	}
	ada.post("/admin/site", choosing("invites_by", "members")).expect(http.StatusSeeOther)
	bob.post("/invites", choosing("uses", "3", "note", "for eve")).expect(http.StatusSeeOther)
	if bob.get("/").document().Find(`a[href="/invites"]`).Length() != 1 {
		t.Error("the menu does not lead to the invitations")
	}
	if list := bob.get("/invites"); len(list.links()) != 1 || list.document().Find(".invite").Length() != 1 {
		t.Errorf("bob's list is\n%s", list.body)
	}
	bob.get("/admin/invites").expect(http.StatusNotFound)
	all := ada.get("/admin/invites")
	if len(all.links()) != 1 || all.document().Find(".invite").Length() != 2 || !strings.Contains(all.text(".invites"), "Made by bob") {
		t.Errorf("the owner's list is\n%s", all.body)
	}
	code := strings.TrimPrefix(all.links()[0], "/invite/")
	bob.post("/admin/invites/revoke", choosing("code", code)).expect(http.StatusNotFound)
	ada.post("/admin/invites/revoke", choosing("code", code)).expect(http.StatusSeeOther)
	if list := bob.get("/invites"); len(list.links()) > 0 || !strings.Contains(list.text(".invite"), "Revoked.") {
		t.Errorf("bob's list is\n%s", list.body)
	}
	if exported := unzipped(t, []byte(bob.get("/settings/export").body))["invitations.json"]; !strings.Contains(exported, `"note":"for eve"`) {
		t.Errorf("bob's export has %s", exported)
	}
}

func TestInvitationForm(t *testing.T) {
	t.Parallel()
	_, ada := inviting(t, store.InvitesByOwners)
	for expires, want := range map[string]time.Duration{"90m": 90 * time.Minute, "7d": 7 * 24 * time.Hour, "": 0} {
		ada.post("/invites", choosing("expires", expires, "note", "expires "+expires)).expect(http.StatusSeeOther)
		owner, err := ada.site.store.UserByName(t.Context(), "ada")
		if err != nil {
			t.Fatal(err)
		}
		all, err := ada.site.store.InvitesOf(t.Context(), owner)
		if err != nil {
			t.Fatal(err)
		}
		made := all[slices.IndexFunc(all, func(i store.Invite) bool { return i.Note == strings.TrimSpace("expires "+expires) })]
		if got := made.ExpiresAt.Sub(made.MadeAt); want > 0 && got != want || want == 0 && !made.ExpiresAt.IsZero() || made.Uses != 1 {
			t.Errorf("%q: %+v", expires, made)
		}
	}
	for field, wrong := range map[string][]string{
		"uses":    {"0", "-1", "many", "1001", "1.5", "99999999999999999999"},
		"expires": {"1s", "0d", "-1h", "-7d", "366d", "9999999d", "forever", "d", "0s"},
		"note":    {strings.Repeat("x", store.MaxInviteNoteLength+1)},
	} {
		for _, value := range wrong {
			refused := ada.post("/invites", choosing(field, value)).expect(http.StatusUnprocessableEntity)
			if said := refused.text("form.form"); !strings.Contains(said, map[string]string{
				"uses": "once to 1,000", "expires": "for a minute at least", "note": "at most 100",
			}[field]) {
				t.Errorf("%s %q: the form says %q", field, value, said)
			}
		}
	}
	ada.post("/invites", choosing("uses", "0"), "HX-Request", "true").expect(http.StatusUnprocessableEntity).expectFragment("form#invite")
}
