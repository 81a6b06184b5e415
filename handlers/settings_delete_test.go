package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"

	"plaza/store/storetest"
)

func TestAccountIsDeleted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		form   url.Values
		bodies []string // the messages in the log afterwards
		texts  int
	}{
		"and its messages stay": {url.Values{"user_id": {"1"}}, []string{"one by bob", "one by ada", "two by bob"}, 2},
		"and its messages too":  {url.Values{"erase": {"on"}}, []string{"Message deleted", "one by ada", "Message deleted"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			ada, bob := s.member("ada"), s.member("bob")
			elsewhere := s.browse()
			elsewhere.post("/login", credentials("bob", storetest.Password)).expect(http.StatusSeeOther)
			bob.message("one by bob", "1").expect(http.StatusNoContent)
			ada.message("one by ada", "1").expect(http.StatusNoContent)
			bob.message("two by bob", "2").expect(http.StatusNoContent)
			ada.get("/").expect(http.StatusOK) // fills the cache of the page
			hers, his, there := ada.connect("/ws?room=1&after=3"), bob.connect("/ws?room=1&after=3"), elsewhere.connect("/ws")

			for _, header := range []string{"false", "true"} {
				form := url.Values{"erase": {"on"}, "password": {"not the password"}}
				page := bob.post("/settings/delete", form, "HX-Request", header).expect(http.StatusUnprocessableEntity)
				if _, checked := page.document().Find("#erase").Attr("checked"); page.text("#password-error") == "" || !checked {
					t.Errorf("the form is %s", page.body)
				}
			}
			alone := ada.post("/settings/delete", url.Values{"password": {storetest.Password}}).expect(http.StatusUnprocessableEntity)
			if said := alone.text("#form-error"); !strings.HasPrefix(said, "You own this plaza") {
				t.Errorf("the owner reads %q", said)
			}

			test.form.Set("password", storetest.Password)
			done := bob.post("/settings/delete", test.form).expect(http.StatusSeeOther).expectHeader("Location", "/")
			if cookie := done.Header.Get("Set-Cookie"); !strings.Contains(cookie, "Max-Age=0") {
				t.Errorf("the cookie is %q", cookie)
			}
			if elsewhere.isSignedIn() || bob.isSignedIn() {
				t.Error("one is still signed in")
			}
			eventually(t, "the sockets are closed", func() bool {
				return his.code() == websocket.StatusPolicyViolation && there.code() == websocket.StatusPolicyViolation
			})
			eventually(t, "an open page counts one less", func() bool { return hers.online() == "1 online" })
			if strings.Contains(hers.text(), "/u/~") {
				t.Errorf("an open page is led to who is gone: %s", hers.text())
			}
			if test.texts == 0 {
				eventually(t, "an open page shows it", func() bool { return hers.document().Find("article.deleted").Length() == 2 })
				if strings.Contains(hers.text(), "by bob") {
					t.Errorf("an open page was sent %s", hers.text())
				}
			}
			log := ada.get("/").document().Find("#messages article")
			for i, article := range log.EachIter() {
				if body := strings.TrimSpace(article.Find(".body, .deleted-note").Text()); body != test.bodies[i] || article.AttrOr("id", "") != fmt.Sprint("m-1-", i+1) {
					t.Errorf("message %d says %q", i+1, body)
				}
			}
			for _, path := range []string{"/", "/messages?room=1&before=9", "/?before=9"} {
				page := ada.get(path).expect(http.StatusOK)
				author := page.document().Find(`article[data-author="~2"]`)
				if author.Length() != 2 || author.Find("img, [href^='/u/']").Length() != 0 || strings.Count(page.body, "by bob") != test.texts ||
					strings.Count(author.Text(), "deleted account") != test.texts {
					t.Errorf("%s shows %s", path, page.body)
				}
			}
			for _, path := range []string{"/u/bob", "/u/bob/picture", "/u/~2", "/u/~2/picture"} {
				ada.get(path).expect(http.StatusNotFound)
			}
			ada.relate("/friends/~2/request").expect(http.StatusNotFound)
			for _, login := range []string{"bob", "bob@example.org", "~2"} {
				s.browse().post("/login", credentials(login, storetest.Password)).expect(http.StatusUnprocessableEntity)
			}
		})
	}
}

// Pages of every server show that the messages of a deleted account are erased, however many there are.
func TestServersShowWhatIsErased(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	ada, bob := s.at[0].member("ada"), s.at[1].member("bob")
	user, err := s.at[1].store.UserByName(t.Context(), "bob")
	if err != nil {
		t.Fatal(err)
	}
	const many = 250 // more than a page gets one by one
	for i := range many {
		storetest.MustPost(t, s.at[1].store, user, fmt.Sprint("a word by bob ", i))
	}
	hers := ada.connect("/ws?room=1&after=0")
	eventually(t, "her page has his words", func() bool { return strings.Contains(hers.text(), fmt.Sprint("a word by bob ", many-1)) })
	bob.post("/settings/delete", url.Values{"password": {storetest.Password}, "erase": {"on"}}).expect(http.StatusSeeOther)
	eventually(t, "her page shows that they are erased", func() bool {
		return strings.Contains(hers.text(), fmt.Sprintf(`log version:%d`, 2*many)) && hers.document().Find("article.deleted").Length() == 50
	})
	for _, there := range []*browser{ada, ada.also(s.at[1])} {
		if page := there.get("/"); strings.Contains(page.text("#messages"), "a word") || page.document().Find("article.deleted").Length() != 50 {
			t.Errorf("a new page is %s", page.text("#messages"))
		}
	}
}

// A deleted account has no page, so messages that mention it do not link there.
func TestMentionsOfADeletedAccountAreNoLinks(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob_b")
	s.member("bobxb")
	ada.message("hello @BOB_b and @bobxb", "1").expect(http.StatusNoContent)
	mentions := func() []string {
		return ada.get("/").expect(http.StatusOK).document().Find(".mention").Map(func(_ int, link *goquery.Selection) string {
			return link.AttrOr("href", "")
		})
	}
	if got := mentions(); !slices.Equal(got, []string{"/u/bob_b", "/u/bobxb"}) {
		t.Fatalf("before the deletion the message links to %q", got)
	}
	bob.post("/settings/delete", url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther)
	if got := mentions(); !slices.Equal(got, []string{"/u/bobxb"}) {
		t.Errorf("after the deletion the message links to %q", got)
	}
	if text := ada.get("/").document().Find("#messages .body").Text(); !strings.Contains(text, "hello @BOB_b and @bobxb") {
		t.Errorf("after the deletion the message says %q", text)
	}
}
