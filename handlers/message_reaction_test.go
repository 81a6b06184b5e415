package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

func emoji(text string) url.Values { return url.Values{"emoji": {text}} }

// TestReact reacts by the forms of a page, with and without JavaScript. Open pages show it at once.
func TestReact(t *testing.T) {
	t.Parallel()
	s := open(t)
	reactOnPages(t, s.member("ada"), s.member("bob"))
}

// TestServersShowReactions does the same with the reader's page on another server.
func TestServersShowReactions(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	reactOnPages(t, s.at[0].member("ada"), s.at[1].member("bob"))
}

func reactOnPages(t *testing.T, ada, bob *browser) {
	t.Helper()
	ada.message("a fig", "one").expect(http.StatusNoContent)
	hers := ada.connect("/ws?room=1&after=1")
	bob.post("/messages/1/1/reactions", emoji("🎉"), "HX-Request", "true").expect(http.StatusNoContent)
	eventually(t, "her page shows the reaction", func() bool {
		return hers.document().Find(`article[data-version="2"] .reaction[value="🎉"]`).Text() == "🎉 1"
	})
	if edited := hers.document().Find(".edited").Length(); edited != 0 {
		t.Error("a reaction shows as an edit")
	}
	chip := bob.get("/").document().Find("#m-1-1 .reaction")
	if chip.Text() != "🎉 1" || chip.AttrOr("data-by", "") != "2" || chip.AttrOr("aria-pressed", "none") != "none" {
		t.Errorf("a new page shows %q by %q", chip.Text(), chip.AttrOr("data-by", ""))
	}
	if !strings.Contains(bob.get("/viewer.css").body, `.reaction[data-by~="2"]`) {
		t.Error("bob's stylesheet does not mark his reactions")
	}
	// Without scripts the button reacts, or leads to where the reaction is removed.
	ada.press(ada.get("/"), "🎉 1").expect(http.StatusSeeOther).expectHeader("Location", "/?at=1#m-1-1")
	ada.press(ada.get("/"), "🎉 2").expect(http.StatusSeeOther).expectHeader("Location", "/messages/1/1/reactions")
	page := ada.get("/messages/1/1/reactions").expect(http.StatusOK)
	if people := page.text(".reaction-kind .reactors"); !strings.Contains(people, "@ada") || !strings.Contains(people, "@bob") {
		t.Errorf("the page of reactions names %q", people)
	}
	ada.press(page, "Remove yours: 🎉").expect(http.StatusSeeOther).expectHeader("Location", "/messages/1/1/reactions")
	if page = ada.get("/messages/1/1/reactions"); page.document().Find(`[action$="/remove"]`).Length() != 0 || page.text(".reaction-kind h2") != "🎉 1" {
		t.Errorf("after the removal the page has %s", page.text("main"))
	}
	ada.press(page, "React with ❤️").expect(http.StatusSeeOther).expectHeader("Location", "/?at=1#m-1-1")
	names := ada.get("/messages/1/1/reactions?emoji="+url.QueryEscape("❤"), "HX-Request", "true").expect(http.StatusOK)
	if names.text("#reactors") != "ada reacted with ❤️" {
		t.Errorf("beside the button stands %q", names.body)
	}
	bob.post("/messages/1/1/reactions/remove", emoji("🎉"), "HX-Request", "true").expect(http.StatusNoContent)
	bob.post("/messages/1/1/reactions/remove", emoji("🎉"), "HX-Request", "true").expect(http.StatusNoContent)
	eventually(t, "her page shows the last reaction", func() bool {
		return hers.document().Find(`article[data-version="6"] .reaction`).Text() == "❤️ 1"
	})
}

// TestReactionsThatAreRefused checks what is no reaction, and who may not react.
func TestReactionsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, bob, "ada", "bob")
	pair := s.pair()
	ada.message("a fig", "one").expect(http.StatusNoContent)
	ada.post("/messages", url.Values{"room": {pair}, "body": {"for bob"}, "nonce": {"two"}}).expect(http.StatusSeeOther)
	for _, text := range []string{"", "no", "🎉🎉", "<b>", ":tada:", "👨👩👧", "🏽", strings.Repeat("👍", 1000), "\xff"} {
		bob.post("/messages/1/1/reactions", emoji(text), "HX-Request", "true").expect(http.StatusUnprocessableEntity)
		bob.post("/messages/1/1/reactions/remove", emoji(text), "HX-Request", "true").expect(http.StatusUnprocessableEntity)
		if page := bob.post("/messages/1/1/reactions", emoji(text)).expect(http.StatusUnprocessableEntity); !strings.Contains(page.text(".field-error"), "A reaction is one emoji.") {
			t.Errorf("%q is answered with %s", text, page.text("main"))
		}
	}
	if page := bob.post("/messages/1/1/reactions", emoji("nö")); page.document().Find(`input[name="emoji"]`).AttrOr("value", "") != "nö" {
		t.Error("the form does not keep what was typed")
	}
	for i := range store.MaxReactions {
		bob.post("/messages/1/1/reactions", emoji(string('😀'+rune(i))), "HX-Request", "true").expect(http.StatusNoContent)
	}
	if page := ada.post("/messages/1/1/reactions", emoji("🎉")).expect(http.StatusUnprocessableEntity); !strings.Contains(page.text(".field-error"), "20 different reactions") {
		t.Errorf("the 21st kind is answered with %s", page.text("main"))
	}
	ada.post("/messages/1/1/reactions", emoji("😀"), "HX-Request", "true").expect(http.StatusNoContent)
	// A family and its parts are emoji of their own.
	bob.post("/messages/"+pair+"/1/reactions", emoji("👨‍👩‍👧")).expect(http.StatusSeeOther)
	ada.post("/messages/"+pair+"/1/reactions", emoji("👨")).expect(http.StatusSeeOther)
	ada.post("/messages/"+pair+"/1/reactions/remove", emoji("👩"), "HX-Request", "true").expect(http.StatusNoContent)
	if kinds := ada.get("/messages/" + pair + "/1/reactions").document().Find(".reaction-kind h2").Length(); kinds != 2 {
		t.Errorf("there are %d kinds", kinds)
	}
	for _, path := range []string{"/messages/" + pair + "/1/reactions", "/messages/1/99/reactions", "/messages/99/1/reactions", "/messages/1/x/reactions", "/messages/x/1/reactions"} {
		eve.get(path).expect(http.StatusNotFound)
		eve.get(path+"?emoji="+url.QueryEscape("👨"), "HX-Request", "true").expect(http.StatusNotFound)
		eve.post(path, emoji("👨")).expect(http.StatusNotFound)
		eve.post(path+"/remove", emoji("👨")).expect(http.StatusNotFound)
	}
	for _, path := range []string{
		"/messages/1/1/reactions?emoji=x", "/messages/1/1/reactions?emoji=" + url.QueryEscape("😀") + "&before=x",
		"/messages/reactions?room=" + pair + "&seq=1", "/messages/reactions?room=1", "/messages/reactions?room=x&seq=1",
		"/messages/reactions?room=1&seq=x", "/messages/reactions?room=1" + strings.Repeat("&seq=1", 201),
	} {
		eve.get(path).expect(http.StatusNotFound)
	}
	if own := bob.get("/messages/reactions?room=" + pair + "&seq=1&seq=99").expect(http.StatusOK); own.body != "1 👨‍👩‍👧\n" {
		t.Errorf("bob's own are %q", own.body)
	}
	visitor := s.browse()
	visitor.get("/messages/1/1/reactions").expect(http.StatusSeeOther)
	visitor.post("/messages/1/1/reactions", emoji("👍")).expect(http.StatusSeeOther)
	ada.post("/messages/1/1/delete", nil).expect(http.StatusOK)
	bob.post("/messages/1/1/reactions", emoji("😀")).expect(http.StatusConflict)
	bob.post("/messages/1/1/reactions/remove", emoji("😀")).expect(http.StatusConflict)
	bob.get("/messages/1/1/reactions").expect(http.StatusConflict)
	if page := bob.get("/messages/1/1/reactions?emoji=" + url.QueryEscape("😀")).expect(http.StatusOK); page.document().Find(".reactors li").Length() != 0 {
		t.Error("a deleted message still says who reacted")
	}
	if page := bob.get("/"); page.document().Find(".reaction").Length() != 0 {
		t.Error("a deleted message shows its reactions")
	}
}

// TestManyReactors lists all people who reacted with one emoji, in pages.
func TestManyReactors(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	ada.message("a fig", "one").expect(http.StatusNoContent)
	const people = 120
	for i := range people {
		user := storetest.MustUser(t, s.store, fmt.Sprint("user", i))
		if _, err := s.store.React(t.Context(), user.ID, store.PublicRoom, 1, "🎉"); err != nil {
			t.Fatal(err)
		}
	}
	path := "/messages/1/1/reactions?emoji=" + url.QueryEscape("🎉")
	if names := ada.get(path, "HX-Request", "true"); names.text("#reactors") != "user119, user118, user117, user116, user115, user114, user113, user112 and 112 others reacted with 🎉" {
		t.Errorf("beside the button stands %q", names.text("#reactors"))
	}
	seen := map[string]bool{}
	for page := ada.get(path).expect(http.StatusOK); ; {
		for _, link := range page.document().Find(".reactors a").EachIter() {
			seen[link.AttrOr("href", "")] = true
		}
		older := page.document().Find(`.actions a:contains("Older")`)
		if older.Length() == 0 {
			break
		}
		page = ada.get(older.AttrOr("href", "")).expect(http.StatusOK)
	}
	if len(seen) != people {
		t.Errorf("the pages have %d people", len(seen))
	}
}

// TestReactionNotification tells the author of a message of the reactions to it, once and without a notice that pops up.
func TestReactionNotification(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	ada.message("a fig", "one").expect(http.StatusNoContent)
	page := ada.connect("/ws")
	bob.post("/messages/1/1/reactions", emoji("🎉")).expect(http.StatusSeeOther)
	eventually(t, "her pages count it", func() bool {
		return page.document().Find("#notifications-count").Last().Text() == "1 unread"
	})
	ada.expectNotices("Unread: bob reacted with 🎉 to your message a fig")
	bob.post("/messages/1/1/reactions/remove", emoji("🎉")).expect(http.StatusSeeOther)
	bob.post("/messages/1/1/reactions", emoji("❤️")).expect(http.StatusSeeOther)
	ada.expectNotices("Unread: bob reacted with ❤️ to your message a fig")
	eve.post("/messages/1/1/reactions", emoji("❤️")).expect(http.StatusSeeOther)
	ada.expectNotices("Unread: eve and others reacted to your message a fig")
	if toast := page.document().Find(".toast").Length(); toast != 0 {
		t.Error("a reaction shows a notice")
	}
	link := ada.get("/notifications").document().Find(".notice-link").AttrOr("href", "")
	ada.get(link).expect(http.StatusSeeOther).expectHeader("Location", "/?at=1#m-1-1")
}
