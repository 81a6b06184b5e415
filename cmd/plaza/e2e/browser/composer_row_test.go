package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const (
	composerHeight = `document.getElementById('composer').offsetHeight`
	toolsShown     = `document.querySelector('.composer-tools').checkVisibility()`
	logEnd         = `document.getElementById('log').getBoundingClientRect().bottom`
)

// TestComposerIsOneRow checks that the composer is one row with the button Send until it has the focus or a
// text, with and without scripts. In a window with room nothing else moves when the tools appear.
func TestComposerIsOneRow(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(20))
	writers := e2etest.Names("writer", 4)
	s.Join(writers...)
	for name, open := range map[string]func() *tab{
		"scripts": func() *tab { return browse(t, s) }, "no scripts": func() *tab { return withoutScripts(t, s) },
	} {
		for _, size := range []struct {
			width, height int64
			room          bool
		}{{1280, 800, true}, {390, 844, false}} {
			b := open()
			b.look(size.width, size.height, "light")
			b.run(emulation.SetTouchEmulationEnabled(!size.room))
			b.take(s.Session(writers[0])) // who has no draft
			writers = writers[1:]
			b.open("/")
			b.run(chromedp.Focus("#log", chromedp.ByQuery))
			end, height := b.number(logEnd), b.number(composerHeight)
			if height > 56 || b.is(toolsShown) || !b.is(`document.querySelector('.send').checkVisibility()`) {
				t.Errorf("%s, %d px: the composer is %v px high and shows its tools, or not the button", name, size.width, height)
			}
			b.run(chromedp.Focus("#message", chromedp.ByQuery))
			grown := b.number(composerHeight) - height
			if !b.is(toolsShown) || grown < 36 || grown > 50 {
				t.Errorf("%s, %d px: the composer with the focus has no tools, or grew by %v px", name, size.width, grown)
			}
			moved := end - b.number(logEnd)
			if size.room && moved != 0 || !size.room && moved != grown {
				t.Errorf("%s, %d px: the log moved by %v px", name, size.width, moved)
			}
			b.typeIn("figs")
			b.run(chromedp.Focus("#log", chromedp.ByQuery))
			if !b.is(toolsShown) {
				t.Errorf("%s, %d px: the composer with a text has no tools", name, size.width)
			}
		}
	}
}

// TestFocusOnLoad checks that the composer has the focus from the start where that disturbs nobody.
func TestFocusOnLoad(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60))
	b := browse(t, s)
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	if !b.is(`document.activeElement.id === 'message'`) {
		t.Errorf("on a desktop, the focus is on %s", b.text(focused))
	}
	b.mustBeAtTheEnd("when the page opens")
	elsewhere := func(why string) {
		t.Helper()
		b.connected()
		if b.is(`document.activeElement.id === 'message'`) {
			t.Errorf("%s, the composer takes the focus", why)
		}
	}
	b.open("/friends")
	b.open("/#m-1-30")
	elsewhere("if the page opens at a message")
	b.open("/friends")
	b.look(844, 390, "light")
	b.open("/")
	elsewhere("in a low window")
	b.run(emulation.SetTouchEmulationEnabled(true))
	b.look(1280, 800, "light")
	b.open("/")
	elsewhere("on a touch screen")
}

// TestTypingAnywhere checks that what is typed or pasted outside of a field goes into the composer, with the
// first character, and that other keys keep their meaning.
func TestTypingAnywhere(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	leave := func() {
		t.Helper()
		b.run(chromedp.Focus("#message", chromedp.ByQuery))
		b.press(escape)
		b.eventually("the focus is on the log", `document.activeElement.id === 'log'`)
	}
	leave()
	b.press(space)
	if !b.is(`document.activeElement.id === 'log'`) {
		t.Error("a space leaves the log")
	}
	b.press(letterC)
	b.typeIn("rusty bread")
	b.mustHold("crusty bread")
	leave()
	b.run(chromedp.Focus("article .when", chromedp.ByQuery))
	b.typeIn("!")
	b.mustHold("crusty bread!")

	leave()
	b.press(slash)
	b.typeIn("figs")
	b.mustHold("crusty bread!")
	if got := b.text(`document.querySelector('[type=search]').value`); got != "figs" {
		t.Errorf("the search has %q, want figs", got)
	}
	leave()
	b.press(question)
	b.eventually("the shortcuts are listed", `document.getElementById('shortcuts').open`)
	b.typeIn("x")
	b.press(escape)
	b.mustHold("crusty bread!")

	b.click("#show-preview")
	b.eventually("the preview is there", `document.getElementById('preview').checkVisibility()`)
	leavePreview := `document.getElementById('log').focus()`
	b.run(chromedp.Evaluate(leavePreview, nil))
	b.typeIn(" ok")
	b.mustHold("crusty bread!ok") // the space scrolls the log

	leave()
	b.run(chromedp.Evaluate(`{
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', ', and honey');
		document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
	}`, nil))
	b.mustHold("crusty bread!ok, and honey")
	if !b.is(`document.activeElement.id === 'message'`) {
		t.Errorf("after pasting, the focus is on %s", b.text(focused))
	}
}

// linesOfTheLog counts the lines of text that the log shows in full.
const linesOfTheLog = `(() => {
	const { top, bottom } = document.getElementById('log').getBoundingClientRect();
	const lines = new Set();
	for (const part of document.querySelectorAll('#log .author, #log .body')) {
		const text = document.createRange();
		text.selectNodeContents(part);
		for (const box of text.getClientRects()) if (box.height > 0 && box.top >= Math.max(top, 0) && box.bottom <= Math.min(bottom, innerHeight)) lines.add(Math.round(box.bottom / 12));
	}
	return lines.size;
})()`

// TestPhoneOnItsSide checks that a phone on its side shows enough of the log, also with its keyboard open.
func TestPhoneOnItsSide(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60))
	b := browse(t, s)
	b.run(emulation.SetTouchEmulationEnabled(true))
	for _, size := range []struct{ width, height, keyboard int64 }{{844, 390, 200}, {740, 360, 180}} {
		b.look(size.width, size.height, "light")
		b.enter("ada", "/")
		if lines := b.number(linesOfTheLog); lines < 5 {
			t.Errorf("a phone of %d × %d px shows %v lines of the log, want 5", size.width, size.height, lines)
		}
		b.click("#message")
		b.look(size.width, size.keyboard, "light")
		b.nextFrame()
		if lines := b.number(linesOfTheLog); lines < 2 {
			t.Errorf("with a keyboard, a phone of %d × %d px shows %v lines of the log, want 2", size.width, size.height, lines)
		}
		if !b.is(`(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.getElementById('composer').getBoundingClientRect())`) {
			t.Errorf("with a keyboard, a phone of %d × %d px shows only a part of the composer", size.width, size.height)
		}
	}
}

// TestTapIntoTheComposer taps on the composer of a phone. The tools that appear below the text are not pressed by that.
func TestTapIntoTheComposer(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(20))
	b := browse(t, s)
	b.look(390, 844, "light")
	b.run(emulation.SetTouchEmulationEnabled(true))
	b.take(s.Session("ada"))
	b.open("/")
	b.connected()
	b.nextFrame()
	for _, part := range []float64{0.2, 0.5, 0.7} {
		b.tap(`document.getElementById('message')`, part)
		b.eventually("the text has the focus, and its tools are there", `document.activeElement.id === 'message' && `+toolsShown)
		if !b.is(`!document.querySelector('.formatting').open && document.getElementById('composer').dataset.mode !== 'preview' && document.getElementById('message').value === ''`) {
			t.Errorf("a tap at %v of the width presses a tool", part)
		}
		b.run(chromedp.Focus("#log", chromedp.ByQuery))
		b.eventually("the tools are gone", `!`+toolsShown)
		b.nextFrame()
	}
	// The log moves when the tools go, and not under the finger that takes the focus away.
	b.run(chromedp.Focus("#message", chromedp.ByQuery))
	b.eventually("the tools are there", toolsShown)
	b.nextFrame()
	b.tap(`document.querySelector('#m-1-19 .message-actions')`, 0.5)
	b.eventually("the tap opens the menu of the message", `document.querySelector('#message-menu:popover-open') && !`+toolsShown)
}

// tap touches an element, at a part of its width, for a moment. On a busy machine the end of the
// touch may come so late that the browser takes it for a long one: then it is made again.
func (b *tab) tap(element string, part float64) {
	b.t.Helper()
	for {
		var at []float64
		b.run(chromedp.Evaluate(fmt.Sprintf(`(({ x, y, width, height }) => {
			window.touched = '';
			for (const name of ['mousedown', 'contextmenu', 'pointercancel']) addEventListener(name, () => { window.touched ||= name }, { capture: true, once: true });
			return [x + width * %v, y + height / 2];
		})(%s.getBoundingClientRect())`, part, element), &at))
		b.run(input.DispatchTouchEvent(input.TouchStart, []*input.TouchPoint{{X: at[0], Y: at[1]}}), input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}))
		b.eventually("the touch is over", `window.touched`)
		if b.text(`window.touched`) == "mousedown" {
			return
		}
	}
}
