package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
	"plaza/views/picture/picturetest"
)

func TestSettingsLeadToTheirParts(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	if link := ada.get("/").document().Find(`header a[href="/settings"]`); strings.TrimSpace(link.Text()) != "Settings" {
		t.Errorf("the header's link says %q", link.Text())
	}
	links := ada.get("/settings").expect(http.StatusOK).document().Find("main li a")
	if links.Length() != 12 {
		t.Errorf("the list has %d sections", links.Length())
	}
	links.Each(func(_ int, link *goquery.Selection) {
		path := link.AttrOr("href", "")
		page := ada.get(path).expect(http.StatusOK).document()
		if current := page.Find(`nav[aria-label="Settings"] [aria-current="page"]`); current.Length() != 1 || current.AttrOr("href", "") != path {
			t.Errorf("the list on %s marks %q", path, current.AttrOr("href", ""))
		}
		if back := page.Find(`main .section-back[href="/settings"]`); strings.TrimSpace(back.Text()) != "Settings" {
			t.Errorf("%s has no way back", path)
		}
		if title, says := page.Find("main h1"), page.Find("main h1 + .lead"); title.Length() != 1 || says.Length() != 1 {
			t.Errorf("%s has %d titles and %d sentences below them", path, title.Length(), says.Length())
		}
		s.browse().get(path).expect(http.StatusSeeOther).expectHeader("Location", "/login?next="+url.QueryEscape(path))
	})
	if download := ada.get("/settings/data").document().Find(`main a[href="/settings/export"]`); download.Length() != 1 {
		t.Error("the page of the data leads to no file")
	}
}

// settingState returns what the list of settings says about a section.
func (b *browser) settingState(section string) string {
	b.t.Helper()
	return b.get("/settings").expect(http.StatusOK).text(fmt.Sprintf(`main li:has(a[href="/settings/%s"]) .section-state`, section))
}

func TestSettingsSayTheirState(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	server, withMail := mailing(t)
	s := open(t, withMail, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, address) })
	ada := s.member("ada")
	execute := func(statement string) func() {
		return func() {
			if _, err := storetest.Beside(t, address).ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	change := func(path string, form url.Values) func() {
		return func() { ada.post("/settings/"+path, form).expect(http.StatusSeeOther) }
	}
	changedAgo := func(d time.Duration) func() {
		return execute(fmt.Sprintf(`UPDATE users SET password_set_at = %d`, time.Now().Add(-d).UnixMilli()))
	}
	const day = 24 * time.Hour
	for _, test := range []struct {
		section string
		prepare func()
		want    string
	}{
		{"profile", func() {}, "ada"},
		{"profile", change("profile", url.Values{"display_name": {"Ada Lovelace"}}), "Ada Lovelace"},
		{"picture", func() {}, "Made from your name"},
		{"picture", func() { ada.upload(picturetest.MustRedAndBlue(t, 90, 40)).expect(http.StatusSeeOther) }, "Your own"},
		{"username", func() {}, "@ada"},
		{"email", func() {}, "a…@example.org"},
		{"email", change("email", wanting("countess@example.net")), "a…@example.org, a new one waits"},
		{"email", func() {
			link := linkIn(t, lastOf(t, server, 1))
			ada.post("/settings/email/confirm", url.Values{"token": {strings.SplitAfter(link, "token=")[1]}}).expect(http.StatusSeeOther)
		}, "c…@example.net, verified"},
		{"email", func() {
			user, err := s.store.UserByName(t.Context(), "ada")
			if err == nil {
				err = s.store.ChangeEmail(t.Context(), user, "ada@example.com", false)
			}
			if err != nil {
				t.Fatal(err)
			}
		}, "a…@example.com"},
		{"password", func() {}, "Never changed"},
		{"password", change("password", url.Values{"current_password": {storetest.Password}, "password": {"another long phrase"}, "password_confirm": {"another long phrase"}}), "Changed in the last 24 hours"},
		{"password", changedAgo(day), "Changed 1 day ago"},
		{"password", changedAgo(21 * day), "Changed 3 weeks ago"},
		{"password", changedAgo(100 * day), "Changed 3 months ago"},
		{"password", changedAgo(800 * day), "Changed 2 years ago"},
		{"sessions", func() {}, "1 browser"},
		{"sessions", func() {
			for range 2 {
				s.browse().post("/login", credentials("ada", "another long phrase")).expect(http.StatusSeeOther)
			}
		}, "3 browsers"},
		{"sessions", func() {
			expired := time.Now().Add(-store.SessionLifetime - day).UnixMilli()
			execute(fmt.Sprintf(`UPDATE sessions SET created_at = %d WHERE created_at > (SELECT min(created_at) FROM sessions)`, expired))()
		}, "1 browser"},
		{"security", func() {}, "Password only"},
		{"security", func() {
			user, err := s.store.Authenticate(t.Context(), "ada", "another long phrase")
			if err != nil {
				t.Fatal(err)
			}
			storetest.MustTurnOnTwoStep(t, s.store, user)
		}, "Two-step sign-in is on"},
		{"private", func() {}, "Friends may write to you"},
		{"private", change("private", url.Values{"private_from": {"anyone"}, "receipts": {"on"}}), "Anyone may write to you"},
		{"private", change("private", url.Values{"private_from": {"nobody"}}), "Nobody may write, reading is hidden"},
		{"notifications", func() {}, "All kinds are on"},
		{"notifications", change("notifications", url.Values{"kind": {"request", "accepted", "declined", "unfriended", "mention", "reply", "reaction"}}), "1 kind muted"},
		{"notifications", change("notifications", nil), "Only about security"},
		{"theme", func() {}, "Follows the system"},
		{"theme", func() { ada.post("/theme", url.Values{"theme": {"dark"}}).expect(http.StatusSeeOther) }, "Dark"},
		{"theme", func() { ada.post("/theme", url.Values{"theme": {"light"}}).expect(http.StatusSeeOther) }, "Light"},
	} {
		test.prepare()
		if got := ada.settingState(test.section); got != test.want {
			t.Errorf("%s says %q, want %q", test.section, got, test.want)
		}
	}
}

// A page says once that a form was saved: not again when it is loaded again, and not on another page.
func TestSavedIsSaidOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.browse().post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)
	for path, save := range map[string]func(path string) *answer{
		"profile":       func(path string) *answer { return ada.post(path, url.Values{"display_name": {"Ada Lovelace"}}) },
		"username":      func(path string) *answer { return ada.post(path, url.Values{"username": {"ada_l"}}) },
		"email":         func(path string) *answer { return ada.post(path, url.Values{"email": {"ada@example.org"}}) },
		"private":       func(path string) *answer { return ada.post(path, url.Values{"private_from": {"nobody"}}) },
		"notifications": func(path string) *answer { return ada.post(path, nil) },
		"sessions":      func(path string) *answer { return ada.post(path+"/revoke", nil) },
		"theme":         func(path string) *answer { return ada.post("/theme", url.Values{"theme": {"dark"}, "next": {path}}) },
		"picture":       func(string) *answer { return ada.upload(picturetest.MustRedAndBlue(t, 90, 40)) },
		"password": func(path string) *answer {
			return ada.post(path, url.Values{"current_password": {storetest.Password}, "password": {"another long phrase"}, "password_confirm": {"another long phrase"}})
		},
	} {
		path = "/settings/" + path
		said := func(path string) string {
			page := ada.get(path).expect(http.StatusOK).document()
			notes := page.Find(".saved")
			if _, focused := notes.Attr("autofocus"); notes.Length() > 1 || notes.Length() == 1 && (notes.AttrOr("role", "") != "status" || !focused) {
				t.Errorf("%s has %d notes that a form was saved, or no status with the focus", path, notes.Length())
			}
			return strings.TrimSpace(notes.Text())
		}
		save(path).expect(http.StatusSeeOther).expectHeader("Location", path)
		if there := said("/settings") + said("/settings/data"); there != "" {
			t.Errorf("after %s is saved, other pages say %q", path, there)
		}
		if first, again := said(path), said(path); first != "Saved." || again != "" {
			t.Errorf("%s says %q, and then %q", path, first, again)
		}
	}
	ada.post("/settings/profile", url.Values{"display_name": {"._-"}}).expect(http.StatusUnprocessableEntity)
	if notes := ada.get("/settings/profile").document().Find(".saved"); notes.Length() != 0 {
		t.Error("after an error the page says that the form was saved")
	}
	if there := ada.post("/theme", url.Values{"theme": {"dark"}, "next": {"/friends"}}); there.Header.Get("Location") != "/friends" || len(there.Cookies()) > 1 {
		t.Errorf("the theme switch of another page leads to %s with %v", there.Header.Get("Location"), there.Cookies())
	}
}
