package browser

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
	"plaza/store/storetest"
	"plaza/views/gallery"
)

// scene is a page in one state.
type scene struct {
	name string
	show func(b *tab)
}

const nameOfAll = "the_one_with_the_longest_name_32"

// evening returns a history of two days.
func evening() []e2etest.Message {
	return []e2etest.Message{
		e2etest.Said(e2etest.Yesterday(16, 40), "bo", "Does anybody know when the market opens tomorrow?"),
		e2etest.Said(e2etest.Yesterday(16, 41), "mei", "At seven, like every Tuesday. The bakery is there at six already 🥐"),
		e2etest.Said(e2etest.Yesterday(16, 41), "mei", "Bring a bag, they have none."),
		e2etest.Said(e2etest.Yesterday(17, 30), "ada", "I can take the early round. Who needs something?"),
		e2etest.Said(e2etest.Yesterday(17, 31), "ada", "- [x] bread\n- [ ] figs, if they are ripe\n- [ ] honey"),
		e2etest.Said(e2etest.Yesterday(17, 33), "layla", "مساء الخير يا جماعة، هل يمكنك إحضار بعض التين من أجلي؟ سأدفع لك غدًا عند النافورة."),
		e2etest.Said(e2etest.Yesterday(18, 2), nameOfAll, "Is this the right place for questions about the arcade?"),
		e2etest.Said(e2etest.Yesterday(18, 3), nameOfAll, "> A square is a room without a roof.\n\nSays who?"),
		e2etest.Said(e2etest.Yesterday(31, 10), "zoe", "Good morning! @ada you are a star ⭐ And @bo, here is last week's list: https://example.com/market/2026/11/17/the-list-of-everything-that-everybody-wanted?sorted=by-stall&with=prices"),
		e2etest.Said(e2etest.Yesterday(31, 12), "zoe", "Also https://example.com/bread, https://example.com/figs and [the honey](https://example.com/honey)."),
		e2etest.Said(e2etest.Yesterday(31, 20), "bo", "The shortest server I can think of:\n\n```go\npackage main\n\nimport \"net/http\"\n\n// serve answers everybody the same, which is all that this page needs, and then some more words to make the line long.\nfunc main() {\n\thttp.HandleFunc(\"/\", func(w http.ResponseWriter, _ *http.Request) {\n\t\tw.WriteHeader(204)\n\t})\n\thttp.ListenAndServe(\":8080\", nil)\n}\n```"),
		e2etest.Said(e2etest.Yesterday(31, 21), "ada", "Nice. I would return the error, though: `ListenAndServe` never returns without one, and the log should say why the server stopped."),
		e2etest.Said(e2etest.Yesterday(31, 24), "mei", "早上好！我已经在喷泉旁边了。面包很新鲜，无花果也很甜。你们什么时候到？"),
		e2etest.Said(e2etest.Yesterday(31, 30), "bo", "What there is, and where:\n\n| Stall | Price | Note | Where |\n|-------|------:|------|:-----:|\n| Figs  | 2.40  | ripe, from the hills behind the town | by the fountain |\n| Honey | 6.00  | chestnut | under the arcade |"),
		e2etest.Said(e2etest.Yesterday(31, 31), "ada", "On my way. **Five minutes.**"),
		e2etest.Said(e2etest.Yesterday(31, 32), "bo", "🎉🎉🎉"),
	}
}

// eachScene opens every page in each state, and calls visit. It uses several browsers side by side.
func eachScene(t *testing.T, visit func(b *tab, name string)) {
	t.Helper()
	lived := e2etest.New(t)
	lived.MustRemember(evening())
	// No server listens there.
	lived.Start("--smtp=smtp://"+e2etest.FreeAddress(t), "--mail-from=plaza@example.org", "--url="+lived.URL)
	talkInPrivate(lived)
	for _, emoji := range []string{"🥐", "👨‍👩‍👧", "❤️", "1️⃣"} {
		lived.Fill(lived.Enter("bo"), "/messages/1/15/reactions", url.Values{"emoji": {emoji}})
		lived.Fill(lived.Enter("ada"), "/messages/1/14/reactions", url.Values{"emoji": {emoji}})
	}
	states := httptest.NewServer(gallery.Handler())
	t.Cleanup(states.Close)
	drawn := &e2etest.Site{T: t, URL: states.URL}

	in := func(name string, open func(t *testing.T) *tab, scenes []scene) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			for _, s := range scenes {
				t.Run(s.name, func(t *testing.T) {
					b.t = t
					s.show(b)
					visit(b, s.name)
				})
			}
		})
	}
	in("visitor", func(t *testing.T) *tab { return browse(t, lived, "404", "422") }, visitorScenes())
	in("member", func(t *testing.T) *tab {
		b := browse(t, lived, "404", "422", "429")
		b.look(1280, 800, "light")
		b.enter("ada", "/")
		return b
	}, memberScenes())
	in("reader", func(t *testing.T) *tab {
		b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(120)))
		b.enter("ada", "/")
		return b
	}, []scene{{"chat-older", func(b *tab) { b.open("/?before=71") }}})
	in("first", func(t *testing.T) *tab {
		b := browse(t, e2etest.Open(t))
		b.join("ada")
		return b
	}, []scene{{"chat-empty", func(b *tab) { b.connected() }}})
	in("problems", func(t *testing.T) *tab { return browse(t, drawn) }, problemScenes())
	in("crowded", func(t *testing.T) *tab { return browse(t, drawn, "/read") }, crowdedScenes()) // the gallery does not record what was read
}

// talkInPrivate makes two authors of the evening friends of ada, and makes them write to her.
func talkInPrivate(s *e2etest.Site) {
	s.T.Helper()
	ada, bo, mei := s.Enter("ada"), s.Enter("bo"), s.Enter("mei")
	s.Befriend("ada", "bo")
	s.Befriend("ada", "mei")
	group := strings.TrimPrefix(s.Fill(ada, "/groups/new", url.Values{"name": {"Market day, and what there is to buy"}, "people": {"bo", "mei"}}), "/rooms/")
	s.MustPostTo(group, mei, "早上好！I have bread, figs and honey for all of you.")
	for to, friend := range map[string]*http.Client{"bo": bo, "mei": mei} {
		s.MustPostTo(s.Pair("ada", to), friend, "Shall we meet at the fountain, or at the arcade?")
	}
	s.MustPostTo(s.Pair("ada", "ada"), ada, "To do: honey, bread")
	s.Fill(mei, "/friends/ada/remove", nil)
}

func visitorScenes() []scene {
	return []scene{
		{"welcome", func(b *tab) { b.open("/") }},
		{"register", func(b *tab) { b.open("/register") }},
		{"register-errors", func(b *tab) {
			b.open("/register")
			b.run(chromedp.SendKeys("#username", "ada", chromedp.ByQuery), chromedp.SendKeys("#email", "ada@", chromedp.ByQuery),
				chromedp.SendKeys("#password", "password", chromedp.ByQuery),
				chromedp.SendKeys("#password_confirm", "password\r", chromedp.ByQuery), chromedp.WaitVisible(".field-error", chromedp.ByQuery))
		}},
		{"login", func(b *tab) { b.open("/login") }},
		{"login-errors", func(b *tab) {
			b.open("/login")
			b.run(chromedp.SendKeys("#login", "ada", chromedp.ByQuery), chromedp.SendKeys("#password", "not the password\r", chromedp.ByQuery))
			b.eventually("the form says what is wrong", `document.querySelector('#form-error').textContent || document.querySelector('.field-error')`)
		}},
		{"search", func(b *tab) { b.open("/search") }},
		{"search-found", func(b *tab) { b.open("/search?q=a") }},
		{"search-nobody", func(b *tab) { b.open("/search?q=xyz") }},
		{"problem-404", func(b *tab) { b.open("/nowhere") }},
	}
}

func memberScenes() []scene {
	toChat := func(b *tab) {
		b.open("/")
		b.connected()
	}
	return []scene{
		{"chat", toChat},
		{"chat-read-back", func(b *tab) {
			toChat(b)
			b.run(chromedp.Evaluate(`document.getElementById('log').scrollTop = -400`, nil))
			bo := b.site.Enter("bo")
			for _, text := range []string{"Has anybody seen the keys?", "They hung at the arcade.", "Found them!"} {
				b.site.MustPost(bo, text+time.Now().Format(" (15:04:05)"))
			}
			b.eventually("the pill counts", `document.getElementById('new-messages').textContent === '3 new messages'`)
		}},
		{"chat-new", func(b *tab) {
			b.open("/friends")
			b.site.MustPost(b.site.Enter("bo"), "While you were away"+time.Now().Format(" (15:04:05)"))
			toChat(b)
			b.eventually("a line is above the new message", `document.querySelector('.left-off + article')`)
		}},
		{"chat-idle", func(b *tab) {
			toChat(b)
			b.run(chromedp.Focus("#log", chromedp.ByQuery))
		}},
		{"chat-pending", func(b *tab) {
			toChat(b)
			b.run(chromedp.Evaluate(`window.fetch = () => new Promise(() => {})`, nil))
			b.send("I am at the fountain, and wait for you.")
			b.eventually("the message shows that it is pending", `getComputedStyle(document.querySelector('.pending-status')).opacity === '1'`)
		}},
		{"chat-limit", func(b *tab) {
			toChat(b)
			b.run(chromedp.SetValue("#message", strings.Repeat("Too much. ", 401), chromedp.ByQuery))
			b.write("!")
			b.eventually("the composer counts", `document.getElementById('left').textContent`)
		}},
		{"chat-refused", func(b *tab) {
			toChat(b)
			b.run(chromedp.SetValue("#message", strings.Repeat("Too much. ", 401), chromedp.ByQuery))
			b.send("")
			b.eventually("the composer shows the reason", `document.getElementById('composer-error').textContent`)
		}},
		{"chat-preview", func(b *tab) {
			toChat(b)
			b.run(chromedp.SetValue("#message", "A **strong** word, and a list:\n\n- one\n- two", chromedp.ByQuery))
			b.click("#show-preview")
			b.eventually("the preview is there", `document.querySelector('#preview li')`)
		}},
		{"chat-formatting", func(b *tab) { toChat(b); b.click(".formatting summary") }},
		{"chat-completing", func(b *tab) {
			toChat(b)
			b.write("Hello @")
			b.eventually("people are offered", offered)
		}},
		{"chat-draft", func(b *tab) {
			ada := b.site.Enter("ada")
			for _, body := range []string{"Who brings bread?", "There are figs, and"} {
				b.site.Fill(ada, "/drafts", url.Values{"room": {"1"}, "body": {body}})
			}
			b.open("/friends")
			b.run(chromedp.Evaluate(`localStorage.clear()`, nil))
			toChat(b)
			b.eventually("the text before can be brought back", bringsBack)
		}},
		{"chat-menu-wide", func(b *tab) { b.look(1280, 800, "light"); toChat(b); b.click(".menu-button") }},
		{"chat-shortcuts", func(b *tab) {
			toChat(b)
			b.run(chromedp.Focus("#log", chromedp.ByQuery))
			b.press(question)
		}},
		{"chat-menu", func(b *tab) {
			b.look(390, 844, "light")
			toChat(b)
			b.click(".menu-button")
		}},
		{"chat-navigation", func(b *tab) {
			b.look(390, 844, "light")
			toChat(b)
			b.click(".navigation-button")
		}},
		{"chat-message-menu", func(b *tab) {
			toChat(b)
			b.run(chromedp.Evaluate(`[...document.querySelectorAll('article[data-author="ada"] .message-actions')].at(-1).click()`, nil))
			b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open [data-does="edit"]').checkVisibility()`)
		}},
		{"chat-message-picker", func(b *tab) {
			b.open("/")
			b.run(chromedp.Evaluate(`[...document.querySelectorAll('article[data-author="ada"] .message-actions')].at(-1).click()`, nil))
			b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
			b.click(`#message-menu [data-does="react"]`)
			b.eventually("the picker is open", `document.querySelector('#picker:popover-open .picker-emoji button')`)
		}},
		{"chat-edit", func(b *tab) {
			toChat(b)
			b.run(chromedp.Evaluate(`[...document.querySelectorAll('article[data-author="ada"] .message-actions')].at(-1).click()`, nil))
			b.eventually("the menu is open", `document.querySelector('#message-menu:popover-open')`)
			b.click(`#message-menu [data-does="edit"]`)
			b.eventually("the form is there", `document.activeElement.matches('.edit textarea')`)
		}},
		{"chat-switcher", func(b *tab) {
			b.look(1280, 800, "light")
			toChat(b)
			b.opensSwitcher()
		}},
		{"chat-notices", func(b *tab) {
			toChat(b)
			b.run(chromedp.Evaluate(`{
				const later = setTimeout;
				window.setTimeout = (f, time, ...rest) => time === 8000 ? 0 : later(f, time, ...rest); // so the toasts stay
			}`, nil))
			next := notices("bo")
			b.receives(next(1, store.PrivateMessage, 12, 7))
			b.receives(next(2, store.FriendRequest, 3, 0))
			b.receives(next(3, store.RequestAccepted, 1, 0))
		}},
		{"chat-card", func(b *tab) {
			toChat(b)
			b.run(chromedp.Focus(`.mention`, chromedp.ByQuery))
			b.seesCard("ada")
		}},
		{"chat-people", func(b *tab) {
			b.look(390, 844, "light")
			toChat(b)
			b.click(".people-toggle")
		}},
		{"profile", func(b *tab) { b.open("/u/ada") }},
		{"profile-long", func(b *tab) { b.open("/u/" + nameOfAll) }},
		{"profile-right-to-left", func(b *tab) { b.open("/u/layla") }},
		{"profile-friend", func(b *tab) { b.open("/u/bo") }},
		{"profile-menu", func(b *tab) {
			b.open("/u/bo")
			b.click("#relation .menu-button")
		}},
		{"profile-block", func(b *tab) { b.open("/blocks/bo") }},
		{"friends", func(b *tab) { b.open("/friends") }},
		{"conversations", func(b *tab) { b.open("/dm") }},
		{"conversation", func(b *tab) {
			b.open("/dm/bo")
			b.connected()
		}},
		{"conversation-closed", func(b *tab) { b.open("/dm/mei") }},
		{"conversation-none", func(b *tab) { b.open("/dm/layla") }},
		{"group-new", func(b *tab) { b.open("/groups/new") }},
		{"group", func(b *tab) {
			b.open("/dm")
			b.click(`.conversation[href^="/rooms/"]`)
			b.eventually("the group is there", `location.pathname.startsWith('/rooms/') && document.getElementById('composer')`)
		}},
		{"group-members", func(b *tab) {
			b.open(b.text(`location.pathname`) + "/members")
		}},
		{"settings-private", func(b *tab) { b.saves("/settings/private") }},
		{"saved", func(b *tab) {
			for _, seq := range []string{"2", "5", "9"} {
				b.site.Fill(b.site.Enter("ada"), "/messages/1/"+seq+"/save", nil)
			}
			b.open("/saved")
		}},
		{"pins", func(b *tab) {
			room := b.site.Pair("ada", "bo")
			b.site.Fill(b.site.Enter("ada"), "/messages/"+room+"/1/pin", nil)
			b.open("/rooms/" + room + "/pins")
		}},
		{"message-page", func(b *tab) { b.open("/messages/1/2") }},
		{"search-as-member", func(b *tab) { b.open("/search?q=e") }},
		{"search-panel", func(b *tab) {
			b.look(1280, 800, "light")
			toChat(b)
			b.leavesComposer()
			b.press(slash)
			b.typeIn("e")
			b.eventually("the panel shows members", panel+`.length > 1`)
			b.press(downKey)
		}},
		{"settings", func(b *tab) { b.open("/settings") }},
		{"settings-profile", func(b *tab) { b.saves("/settings/profile") }},
		{"settings-picture", func(b *tab) {
			b.open("/settings/picture")
			b.choosePicture(redAndBlue(b.t))
		}},
		{"settings-username", func(b *tab) { b.open("/settings/username") }},
		{"settings-email", func(b *tab) { b.open("/settings/email") }},
		{"settings-email-waiting", func(b *tab) {
			email := "augusta.ada.king-countess-of-lovelace@mail.analytical-engine.example.com"
			b.site.Fill(b.site.Enter("ada"), "/settings/email", url.Values{"email": {email}, "password": {storetest.Password}})
			b.open("/settings/email")
		}},
		{"settings-password-errors", func(b *tab) {
			b.open("/settings/password")
			b.run(chromedp.SendKeys("#current_password", "not the password", chromedp.ByQuery), chromedp.SendKeys("#password", "a new long phrase", chromedp.ByQuery),
				chromedp.SendKeys("#password_confirm", "a new long phrase\r", chromedp.ByQuery), chromedp.WaitVisible(".field-error", chromedp.ByQuery))
		}},
		{"settings-delete-errors", func(b *tab) {
			b.open("/settings/delete")
			b.run(chromedp.SendKeys("#password", "not the password\r", chromedp.ByQuery), chromedp.WaitVisible(".field-error", chromedp.ByQuery))
		}},
		{"notifications", func(b *tab) { b.open("/notifications") }},
		{"settings-notifications", func(b *tab) { b.saves("/settings/notifications") }},
		{"settings-notices", func(b *tab) {
			b.offersNotices()
			b.click(`[data-means="sound"] button`)
			b.click(`[data-means="desktop"] button`)
			b.eventually("the page says why desktop notifications are off", `document.querySelector('[data-means="desktop"] [role="status"]').textContent`)
			b.run(chromedp.Evaluate(`localStorage.clear()`, nil))
		}},
		{"settings-sessions", func(b *tab) { b.open("/settings/sessions") }},
		{"settings-security", func(b *tab) { b.open("/settings/security") }},
		{"settings-totp-begin", func(b *tab) { b.open("/settings/totp/begin") }},
		{"settings-totp-confirm", func(b *tab) {
			b.open("/settings/totp/begin")
			b.run(chromedp.SendKeys("#password", storetest.Password+"\r", chromedp.ByQuery), chromedp.WaitVisible(".qr", chromedp.ByQuery))
		}},
		{"settings-theme", func(b *tab) { b.open("/settings/theme") }},
		{"settings-data", func(b *tab) { b.open("/settings/data") }},
	}
}

// problemScenes returns pages of the gallery. The site shows problems only if something breaks, and this
// site sends no mail with a link to confirm.
func problemScenes() []scene {
	var scenes []scene
	for _, name := range []string{
		"problem-403", "problem-413", "problem-422", "problem-429", "problem-500", "problem-503", "message-markdown", "message-code", "message-deleted",
		"reactions-page", "reactions-full", "reactions-none", "reactions-people", "reactions-names",
		"login-reset", "forgot", "forgot-too-fast", "forgot-sent", "reset", "reset-errors", "reset-useless", "digest-off", "digest-ended", "email-confirm", "email-confirmed", "settings-email-unverified", "settings-email-own", "settings-email-refused", "settings-email-waiting-refused", "notifications-kinds", "notifications-older", "notifications-none", "settings-notifications-refused", "settings-long", "people-scripts",
		"setup", "setup-errors", "setup-who", "site", "site-errors", "site-overridden", "invites-all", "invites-none", "invites-errors",
		"register-invited", "register-setup-needed", "welcome-named", "welcome-closed",
		"settings-security-on", "settings-totp-codes", "settings-totp-remove", "settings-passkey-add", "settings-passkey-remove", "settings-security-linked", "settings-oidc", "settings-oidc-continue", "settings-oidc-remove", "login-provider", "login-link", "register-provider", "login-code", "login-code-wrong",
		"welcome-nobody", "welcome-one", "friends-none", "conversations-none", "conversation-empty", "people-empty",
	} {
		scenes = append(scenes, scene{name, func(b *tab) { b.open("/gallery/" + name) }})
	}
	return append(scenes, scene{"notifications-opened", func(b *tab) {
		b.open("/gallery/notifications-kinds")
		b.run(chromedp.Evaluate(`document.querySelectorAll('.notice-rest').forEach((rest) => { rest.open = true; })`, nil))
	}})
}

// crowdedScenes returns pages of the gallery too. A site takes long to get as many members and messages.
func crowdedScenes() []scene {
	var scenes []scene
	for _, name := range []string{"conversations", "conversation-long", "conversation-unsent", "conversation-left-above", "chat-left-above", "group", "group-new", "group-members", "switcher", "friends", "friends-long-names", "profile-friend", "profile-friend-closed", "profile-blocked"} {
		scenes = append(scenes, scene{"crowded-" + name, func(b *tab) { b.open("/gallery/" + name) }})
	}
	return scenes
}
