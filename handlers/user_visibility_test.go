package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plaza/store/storetest"
)

// The viewers of ada: a visitor; mei, a member; bob, her friend; eve, blocked by her; cleo, who has sent her a
// friend request; dan, who has got one from her; and ada herself.
const (
	everybody  = "visitor mei bob eve cleo dan ada"
	allMembers = "mei bob eve cleo dan ada"
)

// everywhere lists the pages that show ada.
var everywhere = []string{
	"/", "/u/ada", "/u/ada/card", "/search?q=ada", "/search?q=lovelace", "/search?q=example.org", "/switch?q=ada", "/friends", "/viewer.css",
	"/messages?room=1&before=99", "/u/bob", "/u/bob/card", "/settings/profile", "/settings/email", "/settings/sessions", "/settings/security",
	"/notifications",
}

// visible is a text about ada, the pages that may show it, and the viewers who read it there.
type visible struct {
	what, text string
	pages      []string
	by         string
}

// visibleOfAda returns what pages tell about ada, and to which viewers.
func visibleOfAda(emailHidden, seenHidden, online bool) []visible {
	unless := func(hidden bool) string {
		if hidden {
			return "ada"
		}
		return allMembers
	}
	profile := []string{"/u/ada"}
	return []visible{
		{"name", "Ada Lovelace", everywhere, everybody},
		{"username", "@ada", profile, everybody},
		{"since", "as been here since", profile, everybody},
		{"picture", "/u/ada/picture?v=", profile, everybody},
		{"about", "I count rabbits", everywhere, allMembers},
		{"role", "Owns this plaza", everywhere, allMembers},
		{"presence", "Here now", profile, map[bool]string{true: allMembers}[online && !seenHidden]},
		{"presence, in lists", "is here now", everywhere, map[bool]string{true: allMembers}[online && !seenHidden]},
		{"presence, in the list of people online", `<a class="person" href="/u/ada">`, []string{"/"}, map[bool]string{true: allMembers}[online && !seenHidden]},
		{"last seen", "Last here", profile, unless(seenHidden || online)},
		{"email", "ada@example.org", everywhere, unless(emailHidden)},
		{"friends", `href="/u/bob"`, []string{"/u/ada", "/u/ada/card"}, allMembers},
		{"how many friends", "1 friend", profile, allMembers},
		{"her friend, and hers alone, that she is one", "You are friends", everywhere, "bob ada"},
		{"request to her", "Cancel request", profile, "cleo"},
		{"request to her", "Accept: cleo", everywhere, "ada"},
		{"request by her", "Ada Lovelace sent you a friend request", everywhere, "dan"},
		{"request by her, as a notice", "Ada Lovelace</bdi> sent you a friend request", []string{"/notifications"}, "dan"},
		{"request to her, as a notice", "cleo</bdi> sent you a friend request", everywhere, "ada"},
		{"acceptance, as a notice", "is your friend now", everywhere, "ada"},
		{"request by her", "Cancel request: dan", everywhere, "ada"},
		{"number of requests", `id="requests-count" class="badge">`, everywhere, "ada dan"},
		{"block", "Message from someone you blocked", everywhere, "ada"},
		{"block", "locked", []string{"/u/ada", "/u/ada/card", "/friends", "/notifications"}, ""},
		{"browser", "Firefox on Linux", everywhere, "ada"},
		{"way to edit", "Edit profile", profile, "ada"},
	}
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	viewers := map[string]*browser{"ada": ada, "visitor": s.browse()}
	for _, name := range []string{"mei", "bob", "eve", "cleo", "dan"} {
		viewers[name] = s.member(name)
	}
	s.browse().post("/login", url.Values{"login": {"ada"}, "password": {storetest.Password}},
		"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0").expect(http.StatusSeeOther)
	ada.relate("/friends/bob/request").expect(http.StatusSeeOther)
	viewers["bob"].relate("/friends/ada/accept").expect(http.StatusSeeOther)
	viewers["cleo"].relate("/friends/ada/request").expect(http.StatusSeeOther)
	ada.relate("/friends/dan/request").expect(http.StatusSeeOther)
	ada.relate("/blocks/eve").expect(http.StatusSeeOther)
	ada.message("hello", "1").expect(http.StatusNoContent)

	for _, hidden := range []bool{false, true} {
		profile, email := url.Values{"display_name": {"Ada Lovelace"}, "about": {"I count rabbits."}}, url.Values{"email": {"ada@example.org"}}
		if hidden {
			profile.Set("seen_hidden", "on")
			email.Set("email_hidden", "on")
		}
		ada.post("/settings/profile", profile).expect(http.StatusSeeOther)
		ada.post("/settings/email", email).expect(http.StatusSeeOther)
		isHere := func() bool { return viewers["bob"].get("/").text("#online") == "2 online" }
		check := func(online bool) {
			t.Run(fmt.Sprintf("hidden %v, online %v", hidden, online), func(t *testing.T) {
				expectVisible(t, viewers, visibleOfAda(hidden, hidden, online))
			})
		}
		check(false)
		stream := ada.connect("/ws?room=1&after=0")
		eventually(t, "ada is here", isHere)
		eventually(t, "ada is told who is here", func() bool { return stream.document().Find("#people").Length() > 0 })
		check(true)
		_ = stream.socket.CloseNow()
		eventually(t, "ada is gone", func() bool {
			return !isHere() && viewers["bob"].get("/").document().Find(`#people a[href="/u/ada"]`).Length() == 0
		})
	}
}

func expectVisible(t *testing.T, viewers map[string]*browser, all []visible) {
	t.Helper()
	for name, viewer := range viewers {
		pages := map[string]string{}
		for _, path := range everywhere {
			answer := viewer.in(t).get(path)
			pages[path] = fmt.Sprint(answer.Header, answer.body)
		}
		for _, one := range all {
			var where []string
			for _, path := range one.pages {
				if strings.Contains(pages[path], one.text) {
					where = append(where, path)
				}
			}
			if want := strings.Contains(" "+one.by+" ", " "+name+" "); want != (len(where) > 0) {
				t.Errorf("the %s of ada is to be read by %s: %v, and is on %q", one.what, name, want, where)
			}
		}
	}
}
