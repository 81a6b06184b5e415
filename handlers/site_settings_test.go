package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"plaza/handlers"
	"plaza/store"
)

// choosing fills the form of the site's settings with pairs of name and value.
func choosing(pairs ...string) url.Values {
	form := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		form.Set(pair[0], pair[1])
	}
	return form
}

// Nobody but an owner finds the settings of the site.
func TestSiteSettingsAreForOwners(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	for _, path := range []string{"/admin/site", "/setup"} {
		ada.get(path).expect(http.StatusOK)
		bob.get(path).expect(http.StatusNotFound)
		bob.post(path, choosing("site_name", "Bob's", "registration", "closed")).expect(http.StatusNotFound)
	}
	s.browse().get("/admin/site").expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2Fadmin%2Fsite")
	if site, err := s.store.Site(t.Context()); err != nil || site.Name != "" || site.Registration != store.RegistrationOpen {
		t.Errorf("the site is %+v, %v", site, err)
	}
	for member, sees := range map[*browser]bool{ada: true, bob: false} {
		if got := member.get("/friends").document().Find(`a[href="/admin/site"]`).Length() > 0; got != sees {
			t.Errorf("the menu has the link: %v, want %v", got, sees)
		}
	}
}

func TestSiteName(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	const name = `The <"square">`
	saved := ada.post("/admin/site", choosing("site_name", name)).expect(http.StatusSeeOther).expectHeader("Location", "/admin/site")
	if page := ada.get(saved.Header.Get("Location")); page.text(".saved") != "Saved." || page.value("site_name") != name {
		t.Errorf("the form shows %q", page.value("site_name"))
	}
	for path, title := range map[string]string{"/": "Welcome", "/login": "Sign in", "/nowhere": "There is nothing here"} {
		page := s.browse().get(path)
		if page.text("title") != title+" · "+name || page.text(".site-word") != name || page.meta()["og:site_name"] != name {
			t.Errorf("%s has the title %q, the name %q and the preview %v", path, page.text("title"), page.text(".site-word"), page.meta())
		}
	}
	welcome := s.browse().get("/")
	if !strings.HasPrefix(welcome.text(".lead"), "This is "+name) || !strings.HasPrefix(welcome.meta()["og:title"], name) {
		t.Errorf("the welcome page says %q, and %q elsewhere", welcome.text(".lead"), welcome.meta()["og:title"])
	}
	if page := ada.get("/"); page.text(".site-word") != name {
		t.Errorf("members read %q", page.text(".site-word"))
	}
	// A field that is absent stays as it is.
	ada.post("/admin/site", choosing("registration", "closed")).expect(http.StatusSeeOther)
	if site, err := s.store.Site(t.Context()); err != nil || site.Name != name || site.Registration != store.RegistrationClosed {
		t.Errorf("the site is %+v, %v", site, err)
	}
	long := strings.Repeat("x", store.MaxSiteNameLength+1)
	refused := ada.post("/admin/site", choosing("site_name", long)).expect(http.StatusUnprocessableEntity)
	if refused.value("site_name") != long || refused.complaints()["site_name"] == "" {
		t.Errorf("the form comes back as\n%s", refused.body)
	}
	ada.post("/admin/site", choosing("registration", "whoever"), "HX-Request", "true").
		expect(http.StatusUnprocessableEntity).expectFragment("form#site")
	ada.post("/admin/site", choosing("site_name", "")).expect(http.StatusSeeOther)
	if page := s.browse().get("/"); page.text(".site-word") != "plaza" {
		t.Errorf("without a name the site is called %q", page.text(".site-word"))
	}
}

func TestClosedRegistrationSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	open := s.browse().get("/register").expect(http.StatusOK)
	ada.post("/admin/site", choosing("registration", "closed")).expect(http.StatusSeeOther)
	page := s.browse().get("/register").expect(http.StatusForbidden)
	if page.text("h1") != "Registration is closed" || page.document().Find("form.form").Length() > 0 {
		t.Errorf("the page is\n%s", page.body)
	}
	s.browse().post("/register", registration("eve")).expect(http.StatusForbidden)
	s.browse().post("/register", registration("ada")).expect(http.StatusForbidden) // it does not tell that the name is taken
	again := s.browse().post("/register", registration("eve"), "HX-Request", "true").expect(http.StatusForbidden)
	if again.text("#form-error") != "Registration is closed." || again.value("username") != open.value("username")+"eve" {
		t.Errorf("htmx gets\n%s", again.body)
	}
	for _, path := range []string{"/", "/login"} {
		if links := s.browse().get(path).document().Find(`a[href="/register"]`).Length(); links > 0 {
			t.Errorf("%s leads to the form", path)
		}
	}
	if got := s.accounts(); !slices.Equal(got, []string{"ada"}) {
		t.Errorf("the accounts are %q", got)
	}
}

func TestRegistrationByTheFlag(t *testing.T) {
	t.Parallel()
	s := open(t, func(config *handlers.Config) { config.Registration = store.RegistrationClosed })
	ada := s.member("ada") // who owns it
	s.browse().post("/register", registration("eve")).expect(http.StatusForbidden)
	page := ada.get("/admin/site").expect(http.StatusOK)
	choice := page.document().Find("fieldset[disabled]")
	if !strings.Contains(choice.Text(), "--registration") || choice.Find(`input[value="closed"][checked]`).Length() != 1 {
		t.Errorf("the page says\n%s", page.body)
	}
	ada.post("/admin/site", choosing("registration", "open")).expect(http.StatusSeeOther)
	s.browse().post("/register", registration("eve")).expect(http.StatusForbidden)
}

// After the account comes the question who may come.
func TestSetupAsksWhoMayCome(t *testing.T) {
	t.Parallel()
	s := open(t, needsToken)
	address := s.setupAddress()
	ada := s.browse()
	form := filled(registration("ada"), "token", ada.get(address).value("token"), "site_name", "The square")
	wrong := ada.post("/setup", filled(form, "site_name", "\u200b", "email", "ada")).expect(http.StatusUnprocessableEntity)
	if said := wrong.complaints(); said["site_name"] == "" || said["email"] == "" {
		t.Errorf("it complains %q", said)
	}
	ada.post("/setup", form).expect(http.StatusSeeOther).expectHeader("Location", "/setup")
	asks := ada.get("/setup").expect(http.StatusOK)
	if asks.text("h1") != "Who may come?" || asks.text(".site-word") != "The square" {
		t.Errorf("the next page is\n%s", asks.body)
	}
	ada.post("/setup", choosing("registration", "whoever")).expect(http.StatusUnprocessableEntity)
	ada.post("/setup", choosing("registration", "closed")).expect(http.StatusSeeOther).expectHeader("Location", "/")
	if site, err := s.store.Site(t.Context()); err != nil || site != (store.Site{Name: "The square", Registration: store.RegistrationClosed, InvitesBy: store.InvitesByOwners}) {
		t.Errorf("the site is %+v, %v", site, err)
	}
}

// A change reaches the other servers, with and without NATS.
func TestServersShareTheSettings(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	ada := s.at[0].member("ada")
	visitor := s.at[1].browse()
	name := func() string { return visitor.get("/").text(".site-word") }
	if name() != "plaza" {
		t.Fatalf("at first the other server says %q", name())
	}
	ada.post("/admin/site", choosing("site_name", "The square", "registration", "closed")).expect(http.StatusSeeOther)
	eventually(t, "the other server has the name", func() bool { return name() == "The square" })
	s.nats.Stop()
	ada.post("/admin/site", choosing("site_name", "The market")).expect(http.StatusSeeOther)
	eventually(t, "the other server has the name without NATS", func() bool { return name() == "The market" })
}

// What a command changes in the database reaches a running server too.
func TestSettingsChangedBesideTheServer(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.member("ada")
	owner, err := s.store.UserByName(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	s.browse().get("/").expect(http.StatusOK)
	changed := "The square"
	if err := s.store.ChangeSite(t.Context(), owner, store.SiteChange{Name: &changed}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the page has the name", func() bool { return s.browse().get("/").text(".site-word") == changed })
}
