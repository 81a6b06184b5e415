package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// draft saves a draft as the page does that has seen a version of it.
func (b *browser) draft(room, body, version string) *answer {
	b.t.Helper()
	return b.post("/drafts", url.Values{"room": {room}, "body": {body}, "version": {version}}, "HX-Request", "true")
}

// writing returns the text in the composer of a page, and whether the page offers another one.
func (b *browser) writing(page string) (body string, offers bool) {
	b.t.Helper()
	document := b.get(page).expect(http.StatusOK).document()
	return document.Find("#message").Text(), document.Find(`#replaced [formaction="/drafts/restore"]`).Length() == 1
}

func (b *browser) mustBeWriting(page, body string, offers bool) {
	b.t.Helper()
	if got, offered := b.writing(page); got != body || offered != offers {
		b.t.Errorf("%s has the draft %q and offers another one: %t; want %q, %t", page, got, offered, body, offers)
	}
}

// another opens a second browser in which a member is signed in.
func (s *site) another(username string) *browser {
	s.t.Helper()
	b := s.browse()
	b.post("/login", url.Values{"login": {username}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
	return b
}

// TestDraftOnAnotherDevice begins a message on one device and finishes it on another. The last writer wins, and what it
// replaced comes back once.
func TestDraftOnAnotherDevice(t *testing.T) {
	t.Parallel()
	s := open(t)
	laptop, bob := s.member("ada"), s.member("bob")
	phone := s.another("ada")
	first := laptop.draft("1", "ripe", "0").expect(http.StatusNoContent).Header.Get("Plaza-Draft")
	phone.mustBeWriting("/", "ripe", false)
	bob.mustBeWriting("/", "", false)
	second := phone.draft("1", "rusty", first).expect(http.StatusNoContent).Header.Get("Plaza-Draft")
	laptop.mustBeWriting("/", "rusty", false)

	if stale := laptop.draft("1", "ripe figs", first).expect(http.StatusOK); !strings.Contains(stale.body, "Bring back what was here") {
		t.Errorf("what was replaced is not offered: %s", stale.body)
	}
	phone.mustBeWriting("/", "ripe figs", true)
	phone.draft("1", "", second).expect(http.StatusNoContent) // the phone has not seen what it would delete
	phone.mustBeWriting("/", "ripe figs", true)
	phone.post("/drafts/restore", url.Values{"room": {"1"}, "body": {"ripe figs"}}).expect(http.StatusSeeOther).expectHeader("Location", "/")
	laptop.mustBeWriting("/", "rusty", false)
	if again := laptop.post("/drafts/restore", url.Values{"room": {"1"}}, "HX-Request", "true").expect(http.StatusOK); again.body != "rusty" {
		t.Errorf("once more, there comes back %q", again.body)
	}
	laptop.draft("1", "rusty nails", "0").expect(http.StatusNoContent) // which holds the text before
	laptop.draft("1", "", "0").expect(http.StatusNoContent)
	phone.mustBeWriting("/", "", false)
	phone.post("/drafts", url.Values{"room": {"1"}, "body": {"without scripts"}}).expect(http.StatusSeeOther).expectHeader("Location", "/")
	phone.mustBeWriting("/", "without scripts", false)
}

// TestSendingClearsDraft checks that a post deletes the draft and what it replaced, also when it is repeated, and that
// one that is refused does not.
func TestSendingClearsDraft(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	bob.draft("1", "bob's", "0").expect(http.StatusNoContent)
	for range 2 { // the second post is a repeat
		ada.draft("1", "figs", "0").expect(http.StatusNoContent)
		ada.draft("1", "bread", "0").expect(http.StatusOK)
		ada.message("", "empty").expect(http.StatusUnprocessableEntity)
		ada.mustBeWriting("/", "bread", true)
		ada.message("bread", "one").expect(http.StatusNoContent)
		ada.mustBeWriting("/", "", false)
	}
	bob.mustBeWriting("/", "bob's", false)
	bob.post("/messages", url.Values{"room": {"1"}, "body": {"an answer"}, "nonce": {"two"}, "reply_to": {"1"}, "thread": {"1"}}, "HX-Request", "true").
		expect(http.StatusNoContent)
	bob.mustBeWriting("/", "bob's", false) // which is not of the thread
	if thread, _ := bob.writing("/messages/1/1"); thread != "" {
		t.Errorf("the page of the thread has the draft %q", thread)
	}
}

// TestDraftInPrivateRooms checks that lists say where a draft is, and that only members of a room have one there, until
// they leave.
func TestDraftInPrivateRooms(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	account, err := s.store.UserByName(t.Context(), "bob")
	if err != nil {
		t.Fatal(err)
	}
	mustHave := func(count int) {
		t.Helper()
		if drafts, err := s.store.Drafts(t.Context(), account); err != nil || len(drafts) != count {
			t.Errorf("the site keeps of bob %v, %v; want %d drafts", drafts, err, count)
		}
	}
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
	ada.write(room, "hello").expect(http.StatusSeeOther)
	bob.draft(room, "hello, ada", "0").expect(http.StatusNoContent)
	for who, want := range map[*browser]string{bob: "Draft", ada: ""} {
		page := who.get("/dm").expect(http.StatusOK).document()
		for _, list := range []string{"#conversations", "#navigation-lists"} {
			if got := page.Find(list + " .draft").Text(); got != want {
				t.Errorf("%s says %q, want %q", list, got, want)
			}
		}
	}
	bob.mustBeWriting("/dm/ada", "hello, ada", false)
	for _, room := range []string{room, "999", "0", "@ada", "x"} {
		eve.draft(room, "mine", "0").expect(http.StatusNotFound)
		eve.post("/drafts/restore", url.Values{"room": {room}}, "HX-Request", "true").expect(http.StatusNotFound)
	}
	if refused := s.browse().draft("1", "mine", "0"); refused.Header.Get("HX-Redirect") == "" || refused.Header.Get("Plaza-Draft") != "" {
		t.Errorf("a visitor's draft is answered by %v", refused.Header)
	}
	bob.draft("1", strings.Repeat("x", store.MaxMessageLength+1), "0").expect(http.StatusUnprocessableEntity)
	bob.draft("1", "a\x00b", "0").expect(http.StatusUnprocessableEntity)
	bob.post("/drafts", url.Values{"room": {"1"}, "body": {"of another"}, "account": {"999"}}, "HX-Request", "true").expectHeader("Plaza-Draft", "")
	bob.mustBeWriting("/", "", false)
	if drafts := unzipped(t, []byte(bob.get("/settings/export").expect(http.StatusOK).body))["drafts.json"]; !strings.Contains(drafts, `"body":"hello, ada"`) {
		t.Errorf("the export has the drafts %s", drafts)
	}

	path := ada.post("/groups/new", url.Values{"name": {"Market"}, "people": {"bob"}}).expect(http.StatusSeeOther).Header.Get("Location")
	group := strings.TrimPrefix(path, "/rooms/")
	bob.draft(group, "figs", "0").expect(http.StatusNoContent)
	bob.post(path+"/leave", nil).expect(http.StatusSeeOther)
	bob.draft(group, "more figs", "0").expect(http.StatusNotFound)
	mustHave(1)
	bob.post("/settings/delete", url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther)
	mustHave(0)
}
