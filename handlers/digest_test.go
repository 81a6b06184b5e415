package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

var digestLink = regexp.MustCompile(`(?m)^` + mailOrigin + `(/digest/off\?token=(\S+))\r?$`)

// A digest says who wrote and not what. Its link, and the button that mail programs make of its header, end digests
// without signing in.
func TestDigestIsSentAndEnded(t *testing.T) {
	t.Parallel()
	server, withMail := mailing(t)
	address := storetest.MustAddress(t)
	before, err := store.Open(t.Context(), address, store.Admin)
	if err != nil {
		t.Fatal(err)
	}
	ada, eve := storetest.MustUser(t, before, "ada"), storetest.MustUser(t, before, "evil.example")
	message := storetest.New(eve, "a secret for @ada")
	message.Mentions = []string{"ada"}
	_, err = before.Post(t.Context(), message)
	for _, failed := range []error{err, before.RequestFriend(t.Context(), eve, ada), before.ChangeDigest(t.Context(), ada, store.DailyDigest), before.Close()} {
		if failed != nil {
			t.Fatal(failed)
		}
	}
	beside := storetest.Beside(t, address)
	if _, err := beside.ExecContext(t.Context(), `UPDATE users SET email_verified = TRUE, digest_at = 0, seen_at = 0`); err != nil {
		t.Fatal(err)
	}
	s := open(t, onFile(t, address), withMail)
	digest := lastOf(t, server, 1)
	found := digestLink.FindStringSubmatch(digest.Body)
	if found == nil || digest.To != "ada@example.org" || !strings.Contains(digest.Body, "* evil. example mentioned you") ||
		!strings.Contains(digest.Body, "* evil. example sent you a friend request") || !strings.Contains(digest.Body, "\n"+mailOrigin+"/notifications") ||
		strings.Contains(digest.Body+digest.HTML, "secret") || !strings.Contains(digest.HTML, `href="`+mailOrigin+found[1]+`"`) {
		t.Fatalf("the digest is %+v", digest)
	}
	if digest.Header.Get("List-Unsubscribe") != "<"+mailOrigin+found[1]+">" || digest.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("the header is %v", digest.Header)
	}
	rate := func() store.DigestRate {
		settings, err := s.store.SettingsOf(t.Context(), ada)
		if err != nil {
			t.Fatal(err)
		}
		return settings.Digest
	}
	visitor := s.browse()
	for _, path := range []string{"/digest/off", "/digest/off?token=x"} {
		visitor.get(path).expect(http.StatusNotFound)
		visitor.post(path, url.Values{"List-Unsubscribe": {"One-Click"}}).expect(http.StatusNotFound)
	}
	page := visitor.get(found[1]).expect(http.StatusOK).expectHeader("Referrer-Policy", "strict-origin")
	if form := page.document().Find(`main form[method="post"][action="/digest/off"]`); form.Find(`input[name="token"]`).AttrOr("value", "") != found[2] || !strings.Contains(page.text("main"), "@ada") {
		t.Errorf("the page is %s", page.body)
	}
	if rate() != store.DailyDigest {
		t.Error("looking at the page ends digests")
	}
	visitor.post("/digest/off", url.Values{"token": {found[2]}}).expect(http.StatusSeeOther).expectHeader("Location", "/digest/ended")
	visitor.get("/digest/ended").expect(http.StatusOK)
	if rate() != store.NoDigest {
		t.Error("the page does not end digests")
	}

	// The button of a mail program, twice.
	if err := s.store.ChangeDigest(t.Context(), ada, store.HourlyDigest); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		visitor.post(found[1], url.Values{"List-Unsubscribe": {"One-Click"}}).expect(http.StatusOK)
	}
	if rate() != store.NoDigest {
		t.Error("the button does not end digests")
	}
}

func TestDigestIsChosen(t *testing.T) {
	t.Parallel()
	_, withMail := mailing(t)
	s := open(t, withMail)
	ada := s.member("ada")
	chosen := func() string {
		return ada.get("/settings/notifications").document().Find(`input[name="digest"][checked]`).AttrOr("value", "none")
	}
	if chosen() != "" {
		t.Errorf("at first it is %q", chosen())
	}
	for _, rate := range []string{"daily", "hourly", ""} {
		ada.post("/settings/notifications", url.Values{"digest": {rate}}).expect(http.StatusSeeOther)
		if chosen() != rate {
			t.Errorf("it is %q, not %q", chosen(), rate)
		}
	}
	ada.post("/settings/notifications", url.Values{"digest": {"always"}}).expect(http.StatusUnprocessableEntity)
	ada.post("/settings/notifications", url.Values{"digest": {"daily"}}).expect(http.StatusSeeOther)
	ada.post("/settings/notifications", nil).expect(http.StatusSeeOther)
	if chosen() != "daily" {
		t.Errorf("a form without the choice makes it %q", chosen())
	}
	without := open(t)
	if page := without.member("ada").get("/settings/notifications"); page.document().Find(`[name="digest"]`).Length() > 0 {
		t.Error("it is offered where no mail is sent")
	}
}
