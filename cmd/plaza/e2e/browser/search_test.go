package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const shownPeople = `[...document.querySelectorAll('#results .person')].map((link) => link.pathname)`

// searchboxes are those that one can see, and so those that there are for assistive technology.
const searchboxes = `[...document.querySelectorAll('input[type="search"]')].filter((box) => box.checkVisibility()).length`

// TestSearchAsOneTypes finds somebody by the keyboard alone, from the chat to their page.
func TestSearchAsOneTypes(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	b.press(slash)
	b.eventually("the header's box has the focus", `document.activeElement.matches('header [type="search"]')`)
	b.typeIn("zo")
	b.press(escape)
	b.eventually("the focus leaves it for the log, and the text stays", `document.activeElement.id === 'log' && document.querySelector('header [type="search"]').value === 'zo'`)
	b.press(slash)
	b.press(enter)
	b.arrives("Zoe is found", `location.search === '?q=zo' && `+shownPeople+`.join() === '/u/zoe'`)

	b.press(slash)
	b.run(chromedp.Evaluate(`document.activeElement.select(); window.same = true`, nil))
	b.typeIn("la")
	b.eventually("others are found, on the same page", shownPeople+`.join() === '/u/layla' && same`)
	b.eventually("it is said", `document.querySelector('#found[role="status"]').textContent === '1 person'`)
	b.eventually("the address can be shared", `location.pathname + location.search === '/search?q=la'`)
	b.typeIn("xyz")
	b.eventually("nobody is found", `document.getElementById('found').textContent.startsWith('Nobody') && location.search === '?q=laxyz'`)
	if !b.is(`document.activeElement.matches('[type="search"]') && document.activeElement.value === 'laxyz'`) {
		t.Error("the answer takes the focus or the text away")
	}
	b.run(chromedp.Evaluate(`document.activeElement.select()`, nil))
	b.typeIn("mei")
	b.press(enter) // sooner than it would be looked for by itself
	b.eventually("mei is found, on the same page", shownPeople+`.join() === '/u/mei' && same`)
	b.tabTo(`#results .person`)
	b.press(enter)
	b.arrives("her page is there", `location.pathname === '/u/mei'`)
	b.run(chromedp.NavigateBack())
	b.arrives("what was found is there again", `location.search === '?q=mei' && `+shownPeople+`.join() === '/u/mei'`)
}

// TestSearchboxes checks that each page has one: in the header, or where that is narrow, behind a
// link in it.
func TestSearchboxes(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.enter("ada", "/")
	for _, path := range []string{"/", "/friends", "/search", "/search?q=a"} {
		b.open(path)
		b.look(1280, 800, "light")
		if n := b.number(searchboxes); n != 1 || b.is(`document.querySelector('.to-search')?.checkVisibility()`) {
			t.Errorf("%s has %v searchboxes, or a link to one beside", path, n)
		}
		b.look(390, 844, "light")
		onPage := path != "/" && path != "/friends"
		if b.is(searchboxes+` === 1`) != onPage || b.is(`document.querySelector('.to-search')?.checkVisibility()`) == onPage {
			t.Errorf("on a phone %s wants either a searchbox or a link to one", path)
		}
		b.run(chromedp.Evaluate(`document.getElementById('online').textContent = '88 online'`, nil))
		if height := b.number(`document.querySelector('.site-header').offsetHeight`); height > 60 {
			t.Errorf("on a phone the header of %s is %v px high", path, height)
		}
	}
	b.open("/")
	b.click(".to-search")
	b.arrives("one can type at once", `location.pathname === '/search' && document.activeElement.matches('main [type="search"]')`)
	b.typeIn("zo")
	b.eventually("Zoe is found", shownPeople+`.join() === '/u/zoe' && location.search === '?q=zo'`)
}

func TestSearchWithoutScripts(t *testing.T) {
	t.Parallel()
	b := withoutScripts(t, e2etest.OpenAfter(t, evening()))
	b.open("/")
	b.run(chromedp.SendKeys(`header [type="search"]`, "zo\r", chromedp.ByQuery))
	b.arrives("Zoe is found", `location.search === '?q=zo' && `+shownPeople+`.join() === '/u/zoe'`)
}
