package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(120))
	b := withoutScripts(t, s, "422")
	b.register("carol")

	b.run(chromedp.SetValue("#message", "typed **without** scripts", chromedp.ByQuery))
	b.click("#show-preview")
	b.arrives("the preview is below the text", `document.querySelector('#preview strong')?.checkVisibility()`)
	b.mustHold("typed **without** scripts")
	if b.is(`document.getElementById('write').checkVisibility()`) {
		t.Error("the page has a button that needs scripts")
	}
	b.click(".send")
	b.arrives("the message is posted", `document.querySelector('article:last-of-type .body')?.innerText.trim() === 'typed without scripts'`)
	b.mustHold("")
	b.mustBeAtTheEnd("without scripts")

	long := strings.Repeat("x", 4001)
	b.run(chromedp.SetValue("#message", long, chromedp.ByQuery))
	b.click(".send")
	b.arrives("the page shows the reason", composerError+`.includes('4,000')`)
	b.mustHold(long)

	b.open("/")
	b.click("#older")
	b.arrives("older messages are there", `document.querySelectorAll('#log article').length === 50 && document.querySelector('main a[href="/"]')`)
	b.click("#older")
	b.arrives("the oldest messages are there", `document.querySelector('#log article .body').innerText.trim() === 'message 1'`)
	b.click(`main a[href="/"]`)
	b.arrives("the newest messages are back", `document.querySelector('#composer')`)

	b.run(chromedp.Focus("#message", chromedp.ByQuery))
	b.click(".formatting summary")
	b.eventually("the page shows the help", `document.querySelector('.formatting-help td').checkVisibility()`)
	b.look(390, 844, "light")
	b.click(".navigation-button")
	b.eventually("the page shows where one can go", `document.querySelector('.navigation a[href="/friends"]').checkVisibility()`)
	b.press(escape)
	b.click(".menu-button")
	b.eventually("the page shows the menu", `document.querySelector('#site-menu a[href="/settings"]').checkVisibility()`)
	b.click(".sign-out")
	b.arrives("the viewer is signed out", `!document.querySelector('#log')`)
}

func TestSigningInWithoutScripts(t *testing.T) {
	t.Parallel()
	b := withoutScripts(t, e2etest.OpenAfter(t, e2etest.Numbered(6)), "422")
	b.open("/login?next=/u/bob")
	signIn := func(password string) {
		b.run(
			chromedp.SetValue("#login", "ada", chromedp.ByQuery),
			chromedp.SetValue("#password", password, chromedp.ByQuery),
		)
		b.click("main .primary")
	}
	signIn("not the password")
	b.arrives("the form says that name and password do not match", `document.getElementById('form-error')?.innerText`)
	if b.text(`document.getElementById('login').value`) != "ada" || b.text(`document.getElementById('password').value`) != "" {
		t.Error("the form lost the name, or shows the password")
	}
	signIn(storetest.Password)
	b.arrives("the page that the viewer wanted is there", `location.pathname === '/u/bob'`)
}

func TestThemeWithoutScripts(t *testing.T) {
	t.Parallel()
	b := withoutScripts(t, e2etest.Open(t))
	b.look(1280, 800, "light")
	b.open("/register")
	b.choosesTheme(t)
}
