package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// spoilerShown tells whether the text of the first spoiler is visible.
const spoilerShown = `document.querySelector('.spoiler-text').checkVisibility({ visibilityProperty: true })`

// TestSpoilers checks that a spoiler hides its text, with and without scripts, until it is clicked or gets the focus
// by keyboard, that the text stays from then on, and that it moves nothing.
func TestSpoilers(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{
		e2etest.Said(e2etest.Yesterday(12, 0), "ada", "It was ||[the butler](https://example.org/butler)||."),
	})
	for name, open := range map[string]func() *tab{
		"scripts": func() *tab { return browse(t, s) }, "no scripts": func() *tab { return withoutScripts(t, s) },
	} {
		for how, reveal := range map[string]func(*tab){
			"click": func(b *tab) { b.click(".spoiler") },
			"keyboard": func(b *tab) {
				b.run(chromedp.Focus("article .when", chromedp.ByQuery))
				b.tabTo(".spoiler")
			},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				b := open()
				b.take(s.Session("ada"))
				b.open("/")
				if b.is(spoilerShown) {
					t.Error("a spoiler shows its text from the start")
				}
				size := b.text(`JSON.stringify(document.querySelector('.spoiler').getBoundingClientRect())`)
				reveal(b)
				if !b.is(spoilerShown) || b.text(`location.pathname`) != "/" {
					t.Error("the text is hidden, or its link was followed")
				}
				if got := b.text(`JSON.stringify(document.querySelector('.spoiler').getBoundingClientRect())`); got != size {
					t.Errorf("the spoiler has moved from %s to %s", size, got)
				}
				if b.press(tabulator); !b.is(`document.activeElement.matches('.spoiler a')`) {
					t.Errorf("after the spoiler, the focus is on %s", b.text(focused))
				}
				b.run(chromedp.Focus("#log", chromedp.ByQuery))
				if !b.is(spoilerShown) {
					t.Error("the text is hidden again")
				}
			})
		}
	}
}

// TestSpoilersAreNotTold checks that screen readers do not read out what a spoiler of a new message hides, and that the
// quote above an answer does not show it.
func TestSpoilersAreNotTold(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(5))
	b := browse(t, s)
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(noteAnnouncements, nil))
	s.MustPost(s.Enter("bob"), "It was ||the butler||.")
	b.eventually("the message is read out", `said.join() === 'bob: It was [spoiler].'`)
	b.repliesTo("6")
	b.eventually("the composer says what it answers", answers("6", "It was [spoiler]."))
}
