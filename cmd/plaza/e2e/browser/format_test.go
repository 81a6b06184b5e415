package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// put has the composer hold a text with a part of it selected, which stands in brackets.
func (b *tab) put(marked string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf(`{
		const field = document.getElementById('message');
		const marked = %q;
		field.focus();
		field.select();
		document.execCommand('insertText', false, marked.replace(/[⟦⟧]/g, ''));
		field.setSelectionRange(marked.indexOf('⟦'), marked.indexOf('⟧') - 1);
	}`, marked), nil))
}

// holdsMarked waits until the composer has a text with a part of it selected.
func (b *tab) holdsMarked(what, marked string) {
	b.t.Helper()
	b.eventually(what+" makes "+marked, fmt.Sprintf(`(({ value, selectionStart, selectionEnd }) =>
		value.slice(0, selectionStart) + '⟦' + value.slice(selectionStart, selectionEnd) + '⟧' + value.slice(selectionEnd))(document.getElementById('message')) === %q
		&& document.activeElement.id === 'message'`, marked))
}

// paste has the field with the focus paste a text, as the browser does unless a script prevents it.
func (b *tab) paste(text string) {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf(`{
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', %[1]q);
		if (document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))) {
			document.execCommand('insertText', false, %[1]q);
		}
	}`, text), nil))
}

// TestFormatTools presses each tool of the composer, and then once more to take its marks away, and undoes it.
func TestFormatTools(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	for _, test := range []struct{ tool, before, after string }{
		{"Bold", "ripe ⟦figs ⟧are", "ripe **⟦figs⟧** are"},
		{"Italic", "⟦figs⟧", "*⟦figs⟧*"},
		{"Italic", "**⟦figs⟧**", "***⟦figs⟧***"},
		{"Strike", "⟦figs⟧", "~~⟦figs⟧~~"},
		{"Code", "⟦figs⟧", "`⟦figs⟧`"},
		{"Code", "⟦figs\nand honey⟧", "```\n⟦figs\nand honey⟧\n```"},
		{"Link", "⟦figs⟧", "[figs](⟦https://⟧)"},
		{"Quote", "bread\n⟦figs\nhon⟧ey", "bread\n⟦> figs\n> honey⟧"},
		{"List", "⟦figs\nhoney⟧", "⟦- figs\n- honey⟧"},
	} {
		b.put(test.before)
		b.click(fmt.Sprintf(`.format [aria-label=%q]`, test.tool))
		b.holdsMarked(test.tool, test.after)
		b.run(chromedp.Evaluate(`document.execCommand('undo')`, nil))
		b.eventually(test.tool+" can be undone", fmt.Sprintf(`document.getElementById('message').value === %q.replace(/[⟦⟧]/g, '')`, test.before))
	}
	for _, test := range []struct{ tool, before, after string }{
		{"Bold", "ripe **⟦figs⟧**", "ripe ⟦figs⟧"},
		{"Bold", "⟦**figs**⟧", "⟦figs⟧"},
		{"Italic", "***⟦figs⟧***", "**⟦figs⟧**"},
		{"Strike", "~~⟦figs⟧~~", "⟦figs⟧"},
		{"Code", "```\n⟦figs\nhoney⟧\n```", "⟦figs\nhoney⟧"},
		{"Link", "[⟦figs⟧](https://a.example)", "⟦figs⟧"},
		{"Quote", "> fi⟦⟧gs", "fi⟦⟧gs"},
		{"List", "⟦- figs\n- honey⟧", "⟦figs\nhoney⟧"},
	} {
		b.put(test.before)
		b.click(fmt.Sprintf(`.format [aria-label=%q]`, test.tool))
		b.holdsMarked(test.tool+", pressed again,", test.after)
	}
}

// TestFormatKeys checks the keys of the tools, and that Ctrl+K without a selection opens the switcher.
func TestFormatKeys(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	for key, after := range map[stroke]string{{"b", "b", 66}: "**⟦figs⟧**", {"i", "i", 73}: "*⟦figs⟧*", {"e", "e", 69}: "`⟦figs⟧`", letterK: "[figs](⟦https://⟧)"} {
		b.put("⟦figs⟧")
		b.press(key, input.ModifierCtrl)
		b.holdsMarked("Ctrl+"+key.key, after)
	}
	b.put("figs⟦⟧")
	b.press(letterK, input.ModifierCtrl)
	b.eventually("the switcher is open", `document.getElementById('switcher').open`)
}

// TestPastedAddress checks that an address that is pasted over a text makes a link of it, and over an address does not.
func TestPastedAddress(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	for _, test := range []struct{ before, pasted, after string }{
		{"ripe ⟦figs⟧ are", "https://figs.example/ripe", "ripe [figs](https://figs.example/ripe)⟦⟧ are"},
		{"ripe ⟦figs⟧", "bread", "ripe bread⟦⟧"},
		{"[figs](⟦https://⟧)", "https://figs.example", "[figs](https://figs.example⟦⟧)"},
		{"⟦⟧", "https://figs.example", "https://figs.example⟦⟧"},
	} {
		b.put(test.before)
		b.paste(test.pasted)
		b.holdsMarked("pasting "+test.pasted+" into "+test.before, test.after)
	}
	b.put("⟦⟧")
	b.paste(strings.Repeat("x", 5200))
	b.eventually("the composer says how much is too much", `document.getElementById('left').innerText.startsWith('1,200 too many.')`)
}
