package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"plaza/store/storetest"
)

// look returns the theme of the page at a path.
func (b *browser) look(path string) string {
	b.t.Helper()
	return b.get(path).expect(http.StatusOK).document().Find("html").AttrOr("data-theme", "")
}

// The theme of an account follows it to each browser where it signs in, and stays there.
func TestThemeGoesWithTheAccount(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.browse(), s.member("bob")
	choose := func(b *browser, theme string) {
		t.Helper()
		b.post("/theme", url.Values{"theme": {theme}, "next": {"/settings"}}).expect(http.StatusSeeOther).expectHeader("Location", "/settings")
	}
	looks := func(when string, b *browser, path, want string) {
		t.Helper()
		if got := b.look(path); got != want {
			t.Errorf("%s: %s looks %q, expected %q", when, path, got, want)
		}
	}
	choose(ada, "dark")
	ada.post("/register", registration("ada")).expect(http.StatusSeeOther)
	looks("after creating the account", ada, "/", "dark")

	other := s.browse()
	choose(other, "light")
	other.post("/login", url.Values{"login": {"ada"}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
	looks("in another browser", other, "/", "dark")
	choose(other, "light")
	looks("after a choice in the other", ada, "/settings", "light")
	looks("for another user", bob, "/", "")
	choose(ada, "pink")
	looks("after what is no theme", other, "/", "")
	choose(ada, "dark")
	choose(ada, "system")
	looks("after the device's", other, "/", "")
	choose(other, "light")
	other.post("/logout", url.Values{}).expect(http.StatusSeeOther)
	looks("after signing out", other, "/", "light")
	choose(other, "system")
	looks("of no account any more", ada, "/", "light")
	looks("without an account", other, "/", "")
}
