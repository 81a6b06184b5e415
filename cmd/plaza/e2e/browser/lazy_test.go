package browser

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// loaded counts the scripts that the page has loaded after its first one.
const loaded = `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/static/js/')).length`

// TestScriptsLoadWhenNeeded checks that the page loads the script of cards when the pointer first rests on
// a person, and then shows the card.
func TestScriptsLoadWhenNeeded(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	if got := b.number(loaded); got != 0 {
		t.Errorf("the chat loads %v scripts that it does not need", got)
	}
	for range 2 {
		b.hover(`document.querySelector('#people a[href="/u/ada"]')`)
		b.seesCard("ada")
		b.away()
		b.seesNoCard()
	}
	if got := b.number(loaded); got != 1 {
		t.Errorf("cards load %v scripts, want 1", got)
	}
}

// TestScriptDoesNotCome checks that the page works without the script of cards, and loads it on a later
// try.
func TestScriptDoesNotCome(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)), "ERR_BLOCKED_BY_CLIENT")
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	block := func(is bool) {
		b.run(network.SetBlockedURLs().WithURLPatterns([]*network.BlockPattern{{URLPattern: "*://*:*/static/js/lazy/card.*", Block: is}}))
	}
	b.run(network.Enable())
	block(true)
	author := `document.querySelector('article[data-author="bob"] .author')`
	b.hover(author)
	b.outlast()
	if b.is(cardShown) {
		t.Error("the page shows a card without the script")
	}
	block(false)
	b.away()
	b.hover(author)
	b.seesCard("bob")
	block(true)
	b.open("/")
	b.hover(author)
	b.outlast()
	b.run(chromedp.Click(`article[data-author="bob"] .author`, chromedp.ByQuery))
	b.arrives("the link leads on", `location.pathname === '/u/bob'`)
}
