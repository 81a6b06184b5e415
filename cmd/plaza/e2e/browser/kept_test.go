package browser

import (
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// siteIsAway are the troubles of a console while the site is away. A page that is replaced before it has drawn anything
// gives up its transition to the next one.
var siteIsAway = []string{"WebSocket", "ERR_", "Failed to load resource", "htmx", "ViewTransition"}

const (
	pendingBody = `document.querySelector('#messages .pending .body')?.textContent`
	keepsNone   = `localStorage.length === 0 && sessionStorage.length === 0`
)

// leave closes the page, and leaves the tab open.
func (b *tab) leave() {
	b.t.Helper()
	b.run(chromedp.Navigate("about:blank"))
}

// showsNothingOf checks that neither the page nor the browser has what the account before wrote.
func (b *tab) showsNothingOf(text string) {
	b.t.Helper()
	if b.is(`document.body.textContent.includes('`+text+`') || `+composerText) || b.is(`Object.values(localStorage).join().includes('`+text+`')`) {
		b.t.Errorf("the page or the browser still has %q of the account before", text)
	}
}

// TestNextAccountInTheTab checks that an unsent message and a draft of an account are neither posted nor
// shown by the next one, however the session of the first has ended.
func TestNextAccountInTheTab(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		end  func(*e2etest.Site, *tab)
	}{
		{"signed out", func(_ *e2etest.Site, b *tab) {
			b.open("/settings")
			b.run(chromedp.Submit(`[action="/logout"]`, chromedp.ByQuery))
			b.eventually("the viewer is signed out", `document.documentElement.dataset.account === '0'`)
			if !b.is(keepsNone) {
				t.Error("after signing out, the browser keeps something")
			}
		}},
		{"signed out elsewhere", func(s *e2etest.Site, b *tab) {
			s.EndSessions("ada")
			b.open("/")
			b.eventually("the viewer is signed out", `document.documentElement.dataset.account === '0'`)
			if !b.is(keepsNone) {
				t.Error("after the session ended, the browser keeps something")
			}
		}},
		{"replaced", func(*e2etest.Site, *tab) {}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := e2etest.Open(t)
			s.Join("bob")
			b := browse(t, s, siteIsAway...)
			b.join("ada")
			s.Kill()
			b.send("a secret")
			b.eventually("the message is pending", pendingBody+` === 'a secret'`)
			b.write("a secret draft")
			b.leave()
			s.Start()
			test.end(s, b)
			b.enter("bob", "/")
			b.showsNothingOf("secret")
			b.send("mine")
			b.eventually("bob's message is posted", `document.querySelectorAll('#log article:not(.pending)').length === 1`)
			if log := s.Messages(); len(log) != 1 || log[0].Source != "mine" {
				t.Errorf("the log has %v", log)
			}
		})
	}
}

// TestPageOfTheAccountBefore checks a page that was open, and cut off, while its browser signed in with
// another account. When it comes back, it neither posts nor reads as that account.
func TestPageOfTheAccountBefore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, unsent string }{{"a message waits", "a secret"}, {"nothing waits", ""}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := e2etest.Open(t)
			s.Join("bob")
			hers := browse(t, s, siteIsAway...)
			his := hers.another(siteIsAway...)
			hers.join("ada")
			cookies := s.Session("bob")
			s.Kill()
			hers.eventually("the page says that it reconnects", `document.getElementById('connection').textContent === 'Reconnecting…'`)
			if test.unsent != "" {
				hers.send(test.unsent)
				hers.eventually("the message is pending", pendingBody+` === '`+test.unsent+`'`)
			}
			his.take(cookies)
			s.Start()
			hers.eventually("the page has become bob's", `document.getElementById('log').dataset.viewer === 'bob'`)
			hers.connected()
			hers.showsNothingOf("secret")
			hers.send("mine")
			hers.eventually("bob's message is posted", `document.querySelectorAll('#log article:not(.pending)').length === 1`)
			if log := s.Messages(); len(log) != 1 || log[0].Source != "mine" {
				t.Errorf("the log has %v", log)
			}
		})
	}
}

// TestStylesOfTheAccountBefore checks that the browser does not answer from its cache with the stylesheet
// of another account, which names friends and blocked people.
func TestStylesOfTheAccountBefore(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("bob")
	b := browse(t, s)
	b.join("ada")
	address := b.text(`document.querySelector('link[href^="/viewer.css"]').getAttribute('href')`)
	b.enter("bob", "/")
	b.run(chromedp.Evaluate(`fetch('`+address+`', { cache: 'force-cache' }).then((answer) => answer.text()).then((css) => { window.css = css; })`, nil))
	b.eventually("the stylesheet is there", `window.css`)
	if css := b.text(`css`); len(css) < 20 || b.is(`css.includes('"ada"')`) {
		t.Errorf("bob's browser has the stylesheet %.200s", css)
	}
}

// TestClosedTab checks that a draft and a message that could not be sent yet survive the closing of their
// tab.
func TestClosedTab(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	closed := browse(t, s, siteIsAway...)
	b := closed.another(siteIsAway...)
	closed.join("ada")
	s.Kill()
	for _, text := range []string{"one", "two", "three"} {
		closed.send(text)
	}
	closed.eventually("the messages are pending", `document.querySelectorAll('#messages .pending').length === 3`)
	closed.write("a draft")
	closed.run(page.Close())
	s.Start()
	b.open("/")
	b.eventually("the messages are posted", `document.querySelectorAll('#log article:not(.pending)').length === 3 && !document.querySelector('.pending')`)
	b.mustHold("a draft")
	if log := s.Messages(); len(log) != 3 || log[0].Source != "one" || log[1].Source != "two" || log[2].Source != "three" {
		t.Errorf("the log has %v", log)
	}
	b.open("/")
	b.mustHold("a draft")
	b.eventually("the draft is saved, and the browser keeps nothing else", `Object.keys(localStorage).every((key) => key.endsWith(' public'))`)
}

// TestPostedBeforeTheTabClosed checks a message that was posted, without the page seeing it, and that is no
// longer among the newest messages. The page does not show it as pending for ever.
func TestPostedBeforeTheTabClosed(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60), "--limits", "off")
	ada := s.Enter("ada")
	if status, err := s.Post(ada, "long ago", "its-nonce"); err != nil || status != 204 {
		t.Fatalf("post: %d, %v", status, err)
	}
	for i := range 55 {
		s.MustPost(ada, e2etest.Names("later ", 55)[i])
	}
	b := browse(t, s)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(`kept.write('outbox 1 its-nonce ', 'long ago')`, nil))
	b.open("/")
	b.eventually("nothing is pending or kept", `!document.querySelector('.pending') && Object.keys(localStorage).every((key) => key.endsWith(' public'))`)
	if log := s.Messages(); len(log) != 116 {
		t.Errorf("the log has %d messages", len(log))
	}
}

// TestKeptIsBounded checks that a browser keeps texts for a week, only so many, and only so long ones.
// Choices stay.
func TestKeptIsBounded(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.run(chromedp.Evaluate(`{
		kept.write('sound', 'mention', true);
		for (let i = 0; i < 300; i++) kept.write('draft ' + (1000 + i), 'text '.repeat(10_000));
	}`, nil))
	if b.is(`kept.read('draft 1000') || !kept.read('draft 1299') || kept.read('sound') !== 'mention'`) {
		t.Error("the oldest texts are not those that went")
	}
	if most := b.number(`Object.values(localStorage).join('').length`); most > 2_000_000 {
		t.Errorf("the browser keeps %v characters", most)
	}
	b.open("/")
	if b.is(`!kept.read('draft 1299')`) {
		t.Error("texts went before a week was over")
	}
	b.beforeScripts(`{
		const now = Date.now.bind(Date);
		Date.now = () => now() + 7 * 86_400_000 + 60_000;
	}`)
	b.open("/")
	if b.is(`kept.list('draft ').length > 0 || kept.read('sound') !== 'mention'`) {
		t.Error("after a week, texts are still kept, or the choice is not")
	}
}

// TestNothingCanBeKept checks that the chat works in a browser that keeps nothing for sites.
func TestNothingCanBeKept(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.beforeScripts(`Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } })`)
	b.join("ada")
	b.send("hello")
	b.eventually("the message is posted", `document.querySelectorAll('#log article:not(.pending)').length === 1`)
	b.mustHold("")
}
