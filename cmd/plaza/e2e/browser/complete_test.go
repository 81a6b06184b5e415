package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// offered are the texts that the options of the list beside the composer put into it; the chosen one is in brackets.
const offered = `[...document.querySelectorAll('#completions:not([hidden]) [role="option"]')].map((option) =>
	option.ariaSelected === 'true' && document.getElementById('message').getAttribute('aria-activedescendant') === option.id
		? '[' + option.dataset.value + ']' : option.dataset.value).join()`

func (b *tab) offers(want string) {
	b.t.Helper()
	b.eventually("the composer offers "+want, offered+` === '`+want+`'`)
}

// TestCompletion completes people and emoji by keyboard, by mouse and by touch, and closes the list.
func TestCompletion(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(9))
	s.Join("bobby")
	b := browse(t, s)
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	b.run(chromedp.Evaluate(noteAnnouncements, nil))
	b.write("hm @bo")
	b.offers("[@bob ],@bobby ")
	b.eventually("the number is read out", `document.getElementById('announcer').textContent === '2 suggestions'`)
	b.press(downKey)
	b.offers("@bob ,[@bobby ]")
	b.press(downKey)
	b.press(upKey)
	b.press(enter)
	b.mustHold("hm @bobby ")
	b.offers("")
	if b.is(`document.querySelector('#log .pending') || !document.activeElement.matches('#message')`) {
		t.Error("Enter has sent the message, or moved the focus")
	}
	b.write(":tad")
	b.offers("[🎉]")
	b.press(tabulator)
	b.mustHold("hm @bobby 🎉")
	b.write(" :rocke")
	b.offers("[🚀]")
	b.press(escape)
	b.offers("")
	b.write("t")
	b.offers("")
	b.mustHold("hm @bobby 🎉 :rocket")
	b.run(chromedp.Evaluate(`document.execCommand('undo')`, nil))
	b.write(" @bob")
	b.eventually("the composer offers bob", offered+`.startsWith('[@bob ]')`)
	b.click("#completions li:nth-child(2)")
	b.eventually("the composer has bobby", `document.getElementById('message').value.endsWith(' @bobby ')`)
	if !b.is(`document.activeElement.matches('#message')`) {
		t.Error("a click takes the focus")
	}
	b.write("8:30 a:b :p :) ")
	b.offers("")
	b.press(enter)
	b.eventually("Enter sends when there is no list", `document.querySelectorAll('#log article').length === 10`)

	b.look(390, 844, "light")
	b.run(emulation.SetTouchEmulationEnabled(true))
	b.open("/")
	b.connected()
	b.write("@bo")
	b.offers("[@bob ],@bobby ")
	if !b.is(`[...document.querySelectorAll('.completion')].every((option) => option.offsetHeight >= 44)`) {
		t.Error("an option is too low for a finger")
	}
	b.click("#completions li:nth-child(2)")
	b.mustHold("@bobby ")
}
