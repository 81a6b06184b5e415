package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const shownPeople = `[...document.querySelectorAll('#results .person')].map((link) => link.pathname)`

// searchboxes finds the visible search boxes. Screen readers find the same ones.
const searchboxes = `[...document.querySelectorAll('input[type="search"]')].filter((box) => box.checkVisibility()).length`

// leavesComposer waits until the composer of the chat has the focus, and leaves it.
func (b *tab) leavesComposer() {
	b.t.Helper()
	b.eventually("the composer has the focus", `document.activeElement.id === 'message'`)
	b.press(escape)
	b.eventually("the log has the focus", `document.activeElement.id === 'log'`)
}

// TestSearchAsOneTypes finds members with the keyboard alone, from the chat to their pages.
func TestSearchAsOneTypes(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	b.leavesComposer()
	b.press(slash)
	b.eventually("the search box of the header has the focus", `document.activeElement.matches('header [type="search"]')`)
	b.typeIn("zo")
	b.press(escape)
	b.eventually("the focus moves to the log, and the text stays", `document.activeElement.id === 'log' && document.querySelector('header [type="search"]').value === 'zo'`)
	b.press(slash)
	b.press(enter)
	b.arrives("Zoe is found", `location.search === '?q=zo' && `+shownPeople+`.join() === '/u/zoe'`)

	b.press(slash)
	b.run(chromedp.Evaluate(`document.activeElement.select(); window.same = true`, nil))
	b.typeIn("la")
	b.eventually("layla is found, on the same page", shownPeople+`.join() === '/u/layla' && same`)
	b.eventually("the status says how many", `document.querySelector('#found[role="status"]').textContent === '1 person'`)
	b.eventually("the address can be shared", `location.pathname + location.search === '/search?q=la'`)
	b.typeIn("xyz")
	b.eventually("no member is found", `document.getElementById('found').textContent.startsWith('Nobody') && location.search === '?q=laxyz'`)
	if !b.is(`document.activeElement.matches('[type="search"]') && document.activeElement.value === 'laxyz'`) {
		t.Error("the answer took the focus or the text away")
	}
	b.run(chromedp.Evaluate(`document.activeElement.select()`, nil))
	b.typeIn("mei")
	b.press(enter) // before the page searches by itself
	b.eventually("mei is found, on the same page", shownPeople+`.join() === '/u/mei' && same`)
	b.tabTo(`#results .person`)
	b.press(enter)
	b.arrives("her page is there", `location.pathname === '/u/mei'`)
	b.run(chromedp.NavigateBack())
	b.arrives("the results are back", `location.search === '?q=mei' && `+shownPeople+`.join() === '/u/mei'`)
}

// TestSearchboxes checks that each page has one search box: in the header, or behind a link if the header
// is narrow.
func TestSearchboxes(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.enter("ada", "/")
	for _, path := range []string{"/", "/friends", "/search", "/search?q=a"} {
		b.open(path)
		b.look(1280, 800, "light")
		if n := b.number(searchboxes); n != 1 || b.is(`document.querySelector('.to-search')?.checkVisibility()`) {
			t.Errorf("%s has %v search boxes, or a link beside one", path, n)
		}
		b.look(390, 844, "light")
		onPage := path != "/" && path != "/friends"
		if b.is(searchboxes+` === 1`) != onPage || b.is(`document.querySelector('.to-search').ariaCurrent === 'page'`) != onPage {
			t.Errorf("on a phone, %s has neither one search box nor one link to it, or both", path)
		}
		b.run(chromedp.Evaluate(`document.getElementById('online').textContent = '88 online'`, nil))
		if height := b.number(`document.querySelector('.site-header').offsetHeight`); height > 60 {
			t.Errorf("on a phone, the header of %s is %v px high", path, height)
		}
	}
	b.open("/")
	b.click(".to-search")
	b.arrives("the search box of the page has the focus", `location.pathname === '/search' && document.activeElement.matches('main [type="search"]')`)
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

// panel shows what the header's search finds.
const panel = `[...document.querySelectorAll('#search-panel .person')].filter((link) => link.checkVisibility()).map((link) => link.pathname)`

// TestSearchPanel finds members in the panel below the header, with the keyboard alone.
func TestSearchPanel(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.look(1280, 800, "light")
	b.beforeScripts(`window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => { shifted += value; })).observe({ type: 'layout-shift', buffered: true });`)
	b.enter("ada", "/")
	b.leavesComposer()
	b.press(slash)
	b.nextFrame()
	b.run(chromedp.Evaluate(`shifted = 0`, nil))
	b.typeIn("e")
	b.eventually("the panel shows members", panel+`.length > 1`)
	if !b.is(`document.getElementById('found').textContent === ` + panel + `.length + ' people' && document.getElementById('found').role === 'status'`) {
		t.Errorf("the status says %q", b.text(`document.getElementById('found').textContent`))
	}
	if !b.is(`(({ x, y, width }) => document.elementFromPoint(x + width / 2, y + 10).closest('#search-panel'))(document.querySelector('#search-panel .person').getBoundingClientRect())`) {
		t.Error("something covers the panel")
	}
	b.press(downKey)
	b.press(downKey)
	b.eventually("the second member has the focus", `document.activeElement === document.querySelectorAll('#search-panel a')[1]`)
	b.press(upKey)
	b.press(upKey)
	b.eventually("the field has the focus", `document.activeElement.matches('header [type="search"]')`)
	b.press(downKey)
	b.press(escape)
	b.eventually("Escape goes back to the field, which keeps its text", `document.activeElement.matches('header [type="search"]') && document.activeElement.value === 'e'`)
	b.press(escape)
	b.eventually("Escape leaves the field, and the panel is gone", `document.activeElement.id === 'log' && `+panel+`.length === 0 && document.querySelector('header [type="search"]').value === 'e'`)
	if shift := b.number(`shifted`); shift > 0 {
		t.Errorf("the page shifts by %v", shift)
	}

	b.press(slash)
	b.eventually("the panel is back", panel+`.length > 1`)
	b.run(chromedp.Evaluate(`document.activeElement.select()`, nil))
	b.typeIn("xyz")
	b.eventually("the panel says that there is nobody", `document.getElementById('found').textContent.startsWith('Nobody') && document.getElementById('found').getBoundingClientRect().width > 100`)
	b.run(chromedp.Evaluate(`document.activeElement.select()`, nil))
	b.typeIn("mei")
	b.eventually("the panel shows mei", panel+`.join() === '/u/mei'`)
	b.press(downKey)
	b.press(enter)
	b.arrives("her page is there", `location.pathname === '/u/mei'`)
	b.run(chromedp.Evaluate(`document.querySelector('header [type="search"]').focus()`, nil))
	b.typeIn("zo")
	b.eventually("the panel shows Zoe", panel+`.join() === '/u/zoe'`)
	b.press(enter)
	b.arrives("Enter leads to the page of the search", `location.pathname + location.search === '/search?q=zo'`)
}

// TestStaleSearch checks that an answer that comes late does not replace a newer one.
func TestStaleSearch(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.look(1280, 800, "light")
	b.beforeScripts(`{
		const ask = window.fetch;
		window.searches = [];
		window.late = Promise.withResolvers();
		window.fetch = async (address, options) => {
			const query = new URL(address, location).searchParams.get('q');
			if (query) searches.push(query);
			if (query === 'l') await late.promise;
			return ask(address, options).catch((error) => { searches.push(error.name); throw error; });
		};
	}`)
	b.enter("ada", "/")
	b.leavesComposer()
	b.press(slash)
	b.typeIn("l")
	b.eventually("the first search waits", `searches.join() === 'l'`)
	b.run(chromedp.Evaluate(`document.activeElement.select()`, nil))
	b.typeIn("mei")
	b.eventually("the second one is answered", panel+`.join() === '/u/mei'`)
	b.run(chromedp.Evaluate(`late.resolve()`, nil))
	b.eventually("the first one is aborted", `searches.includes('AbortError')`)
	b.nextFrame()
	if !b.is(panel + `.join() === '/u/mei'`) {
		t.Error("the late answer took the place of the newer one")
	}
}
