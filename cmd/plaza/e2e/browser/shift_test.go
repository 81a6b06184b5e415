package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

// noteShifts has each page note what moves without the viewer's doing: cumulative layout shift.
const noteShifts = `{
	globalThis.shifts = [];
	new PerformanceObserver((list) => {
		for (const { value, hadRecentInput, sources } of list.getEntries()) {
			if (!hadRecentInput) shifts.push(value.toFixed(4) + ' ' + sources.map(({ node, previousRect, currentRect }) =>
				[node?.className || node?.id || node?.nodeName, ...[previousRect, currentRect].map(({ x, y, width, height }) => [x, y, width, height])].join(' ')).join());
		}
	}).observe({ type: 'layout-shift', buffered: true });
	globalThis.actedAt = 0;
	for (const act of ['keydown', 'pointerdown', 'click']) addEventListener(act, () => { actedAt = performance.now(); }, true);
}`

// isLeftAlone tells whether the browser no longer takes what moves for the viewer's doing.
const isLeftAlone = `performance.now() - actedAt > 600`

// TestNothingShifts loads the chat, opens the composer, posts ten messages and receives others. The layout
// must not shift.
func TestNothingShifts(t *testing.T) {
	t.Parallel()
	lived := e2etest.New(t)
	lived.MustRemember(evening())
	lived.Start("--limits=off")
	bo := lived.Enter("bo")
	for _, size := range []struct{ width, height int64 }{{1280, 800}, {390, 844}} {
		b := browse(t, lived)
		b.beforeScripts(noteShifts)
		b.run(emulation.SetTouchEmulationEnabled(size.width < 400))
		b.look(size.width, size.height, "light")
		b.enter("ada", "/")
		mustStand := func(when string) {
			b.t.Helper()
			b.nextFrame()
			if shifts := b.texts(`shifts`); len(shifts) > 0 {
				t.Errorf("%d px wide, %s, the layout shifts: %q", size.width, when, shifts)
			}
		}
		// How much of a page the browser has when it first shows something differs.
		for range proof.Times(4, 10) {
			mustStand("while the page loads")
			b.open("/")
			b.connected()
		}
		b.click("#message")
		mustStand("while the composer opens")
		for i := range proof.Times(4, 10) {
			text := fmt.Sprint(size.width, " px, mine ", i)
			b.write(text)
			b.click(".send")
			b.eventually("the message is confirmed", `document.querySelector('article:last-of-type:not(.pending) .body')?.innerText.trim() === '`+text+`'`)
		}
		mustStand("while the viewer posts")
		b.eventually("the viewer rests", isLeftAlone)
		for i := range 5 {
			text := fmt.Sprint(size.width, " px, theirs ", i)
			lived.MustPost(bo, text)
			b.eventually("the message is there", `document.querySelector('article:last-of-type .body').innerText.trim() === '`+text+`'`)
		}
		mustStand("while messages arrive")
		b.run(chromedp.Evaluate(`document.getElementById('composer').style.marginTop = '50px'`, nil))
		b.eventually("the page notes what moves", `shifts.length`)
	}
}
