package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// TestCharactersLeft checks that the composer counts near the limit, in code points, and that screen readers
// read out the count when the writer pauses, not at each key.
func TestCharactersLeft(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t), "422")
	b.join("ada")
	const shown = `document.getElementById('left').innerText`
	says := func(want string) {
		b.t.Helper()
		b.eventually("the composer says "+want, shown+` === '`+want+`'`)
	}
	b.run(chromedp.SetValue("#message", "🎉🎉", chromedp.ByQuery), chromedp.Evaluate(`document.getElementById('message').value += 'x'.repeat(3596)`, nil))
	b.write("x")
	if got := b.text(shown); got != "" {
		t.Errorf("with 401 characters left, the composer says %q", got)
	}
	b.write("x")
	says("400 left")
	b.run(chromedp.Evaluate(`{
		window.said = [];
		const announcer = document.getElementById('announcer');
		new MutationObserver(() => said.push(announcer.textContent)).observe(announcer, { childList: true });
	}`, nil))
	// All keys come within the pause.
	b.run(chromedp.Evaluate(`for (let i = 0; i < 5; i++) document.execCommand('insertText', false, 'y')`, nil))
	says("395 left")
	b.eventually("the count is read out", `said.includes('395 left')`)
	if got := b.texts(`said`); len(got) != 1 {
		t.Errorf("screen readers read out %q", got)
	}
	b.run(chromedp.Evaluate(`document.getElementById('message').value += 'x'.repeat(396)`, nil))
	b.write("x")
	says("2 too many. Shorten the message, or send it in parts.")
	b.send("")
	b.eventually("the message is refused", composerError+`.includes('4,000')`)
	says("2 too many. Shorten the message, or send it in parts.")
	for range 2 {
		b.press(stroke{"Backspace", "", 8})
	}
	says("0 left")
	b.send("")
	says("")
}
