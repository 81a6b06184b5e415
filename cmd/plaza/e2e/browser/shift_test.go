package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"plaza/cmd/plaza/e2e/e2etest"
)

// noteShifts has each page note what moves without the viewer's doing: cumulative layout shift.
const noteShifts = `{
	globalThis.shifts = [];
	new PerformanceObserver((list) => {
		for (const { value, hadRecentInput, sources } of list.getEntries()) {
			if (!hadRecentInput) shifts.push(value.toFixed(4) + ' ' + sources.map(({ node }) => node?.className || node?.id || node?.nodeName).join());
		}
	}).observe({ type: 'layout-shift', buffered: true });
}`

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
		mustStand("while the page loads")
		b.click("#message")
		mustStand("while the composer opens")
		for i := range 10 {
			text := fmt.Sprint(size.width, " px, mine ", i)
			b.write(text)
			b.click(".send")
			b.eventually("the message is confirmed", `document.querySelector('article:last-of-type:not(.pending) .body')?.innerText.trim() === '`+text+`'`)
		}
		mustStand("while the viewer posts")
		for i := range 5 {
			text := fmt.Sprint(size.width, " px, theirs ", i)
			lived.MustPost(bo, text)
			b.eventually("the message is there", `document.querySelector('article:last-of-type .body').innerText.trim() === '`+text+`'`)
		}
		mustStand("while messages arrive")
	}
}
