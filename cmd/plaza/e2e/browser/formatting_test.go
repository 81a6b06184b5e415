package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// TestFormattingCloses opens the help on formatting. It closes on Escape, which then does nothing else,
// and on a click outside.
func TestFormattingCloses(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.enter("ada", "/")
	const isShown = `document.querySelector('.formatting-help td')?.checkVisibility()`
	show := func() {
		b.t.Helper()
		b.run(chromedp.Focus("#message", chromedp.ByQuery))
		b.click(".formatting summary")
		b.eventually("the page shows the help", isShown)
	}
	closes := func(how string) {
		b.t.Helper()
		b.eventually("the help closes "+how, `!`+isShown)
	}
	show()
	b.click(".formatting-help")
	if !b.is(isShown) {
		t.Error("a click on the help closes it")
	}
	b.press(escape)
	closes("on Escape")
	show()
	b.run(chromedp.Focus(".formatting summary", chromedp.ByQuery))
	b.press(escape)
	if closes("on Escape"); !b.is(`document.activeElement.matches('.formatting summary')`) {
		t.Errorf("after Escape, the focus is on %s", b.text(focused))
	}
	show()
	b.write("a draft")
	b.press(escape)
	if closes("on Escape"); !b.is(`document.activeElement.id === 'message'`) {
		t.Error("the same Escape closes the help and leaves the composer")
	}
	b.press(escape)
	b.eventually("the next Escape leaves the composer", `document.activeElement.id === 'log'`)
	for _, elsewhere := range []string{"#message", ".site-header", "#log"} {
		show()
		// The help may cover the middle of the log.
		b.run(chromedp.MouseClickXY(b.number(`document.querySelector('`+elsewhere+`').getBoundingClientRect().x + 5`),
			b.number(`document.querySelector('`+elsewhere+`').getBoundingClientRect().y + 5`)))
		closes("on a click on " + elsewhere)
	}
}
