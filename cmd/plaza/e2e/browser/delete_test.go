package browser

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// TestDeletingByKeyboard deletes an account without a pointer. Another member's open page must show it.
func TestDeletingByKeyboard(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(6))
	other := browse(t, s)
	other.enter("ada", "/")
	other.eventually("his messages are there", `document.querySelectorAll('article[data-author="bob"] img').length === 3`)

	b := browse(t, s, "422")
	b.signIn("bob", "/settings")
	b.tabTo(`main a[href="/settings/delete"]`)
	b.press(enter)
	b.arrives("the form is there", `document.getElementById('erase')`)
	b.tabTo(`#password`)
	b.typeIn("not the password")
	b.press(enter)
	b.eventually("the form says what is wrong", `document.activeElement.matches('#password[aria-describedby~="password-error"]') && !document.activeElement.value`)
	b.tabTo(`#erase`, input.ModifierShift)
	b.press(space)
	b.tabTo(`#password`)
	b.typeIn(storetest.Password)
	b.press(enter)
	b.arrives("the page is a visitor's", `document.querySelector('main a[href="/register"]')`)

	other.eventually("his texts are gone, and their places are not", `(() => {
		const erased = [...document.querySelectorAll('article[data-author="~2"].deleted')];
		return erased.length === 3 && erased.every((article) => article.innerText.includes('Message deleted') && !article.querySelector('img'))
			&& [...document.querySelectorAll('#log article')].every((article, i) => article.id === 'm-1-' + (i + 1));
	})()`)
}

func TestDeletingWithoutScripts(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(6))
	b := withoutScripts(t, s, "422")
	b.open("/login?next=/settings/delete")
	b.run(chromedp.SetValue("#login", "bob", chromedp.ByQuery), chromedp.SetValue("#password", storetest.Password, chromedp.ByQuery))
	b.click("main .primary")
	b.arrives("the form is there", `document.getElementById('erase')`)
	b.click("#erase")
	b.run(chromedp.SetValue("#password", "not the password", chromedp.ByQuery))
	b.click("main .danger")
	b.arrives("the form says what is wrong", `document.getElementById('password-error')?.innerText && document.getElementById('erase').checked`)
	b.click("#erase")
	b.run(chromedp.SetValue("#password", storetest.Password, chromedp.ByQuery))
	b.click("main .danger")
	b.arrives("the page is a visitor's", `location.pathname === '/' && document.querySelector('main a[href="/register"]')`)

	other := browse(t, s)
	other.enter("ada", "/")
	other.eventually("his texts stay, without a link to a profile", `(() => {
		const left = [...document.querySelectorAll('article[data-author="~2"]')];
		return left.length === 3 && left.every((article) => article.querySelector('.author').innerText === 'deleted account' && !article.querySelector('[href^="/u/"]'));
	})()`)
}
