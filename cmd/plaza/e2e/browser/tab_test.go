package browser

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// stroke is a key of the keyboard, with the character that it types.
type stroke struct {
	key, character string
	code           int64
}

var (
	tabulator = stroke{"Tab", "", 9}
	enter     = stroke{"Enter", "\r", 13}
	escape    = stroke{"Escape", "", 27}
	space     = stroke{" ", " ", 32}
	letterK   = stroke{"k", "k", 75}
	letterC   = stroke{"c", "c", 67}
	slash     = stroke{"/", "/", 191}
	question  = stroke{"?", "?", 191}
	endKey    = stroke{"End", "", 35}
	homeKey   = stroke{"Home", "", 36}
	rightKey  = stroke{"ArrowRight", "", 39}
	upKey     = stroke{"ArrowUp", "", 38}
	downKey   = stroke{"ArrowDown", "", 40}
)

// press presses and releases a key. Key and character are one event, as from a keyboard, so a page that
// prevents the key prevents the character too.
func (b *tab) press(s stroke, modifiers ...input.Modifier) {
	b.t.Helper()
	down := input.DispatchKeyEvent(input.KeyDown).WithKey(s.key).WithCode(s.key).WithText(s.character).WithWindowsVirtualKeyCode(s.code)
	up := input.DispatchKeyEvent(input.KeyUp).WithKey(s.key).WithCode(s.key).WithWindowsVirtualKeyCode(s.code)
	for _, modifier := range modifiers {
		down.Modifiers |= modifier
	}
	b.run(down, up)
}

// typeIn types into the element with the focus.
func (b *tab) typeIn(text string) {
	b.t.Helper()
	b.run(chromedp.KeyEvent(text))
}

func (b *tab) click(selector string) {
	b.t.Helper()
	b.run(chromedp.ScrollIntoView(selector, chromedp.ByQuery))
	b.eventually(selector+" stands still", fmt.Sprintf(`(() => {
		const { x, y, width, height } = document.querySelector(%q).getBoundingClientRect();
		const before = globalThis.stoodAt;
		globalThis.stoodAt = [x, y, width, height].join();
		return before === globalThis.stoodAt;
	})()`, selector))
	b.run(chromedp.Click(selector, chromedp.ByQuery))
}

// beforeScripts runs a script in each page that the tab opens from here on, before the page's own.
func (b *tab) beforeScripts(script string) {
	b.t.Helper()
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}))
}

// hover moves the pointer over an element.
func (b *tab) hover(element string) {
	b.t.Helper()
	var at []float64
	b.run(chromedp.Evaluate(`(() => {
		const box = `+element+`.getBoundingClientRect();
		return [box.x + box.width / 2, box.y + box.height / 2];
	})()`, &at))
	b.run(input.DispatchMouseEvent(input.MouseMoved, at[0], at[1]))
}

// nextFrame waits until the page has been painted again.
func (b *tab) nextFrame() {
	b.t.Helper()
	b.run(chromedp.Evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`, nil,
		func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
}

// number evaluates a number in the page.
func (b *tab) number(expression string) float64 {
	b.t.Helper()
	var n float64
	b.run(chromedp.Evaluate(expression, &n))
	return n
}

// text evaluates a string in the page.
func (b *tab) text(expression string) string {
	b.t.Helper()
	var s string
	b.run(chromedp.Evaluate(expression, &s))
	return s
}

// texts evaluates a list of strings in the page.
func (b *tab) texts(expression string) []string {
	b.t.Helper()
	var s []string
	b.run(chromedp.Evaluate(expression, &s))
	return s
}

// noteConnection has each page note that its live stream is open.
const noteConnection = `document.addEventListener('htmx:ws:after:connection', () => { globalThis.isConnected = true; });`

// connected waits until the page's live stream is open.
func (b *tab) connected() {
	b.t.Helper()
	b.eventually("the stream is open", `!document.getElementById('stream') || globalThis.isConnected === true`)
}

// look gives the window a size and the system a color scheme, and turns on reduced motion.
func (b *tab) look(width, height int64, scheme string) {
	b.t.Helper()
	b.run(
		emulation.SetDeviceMetricsOverride(width, height, 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}),
	)
}

// withoutScripts opens an empty tab in a browser without JavaScript.
func withoutScripts(t testing.TB, s *e2etest.Site, expected ...string) *tab {
	t.Helper()
	b := browse(t, s, expected...)
	b.run(emulation.SetScriptExecutionDisabled(true))
	return b
}
