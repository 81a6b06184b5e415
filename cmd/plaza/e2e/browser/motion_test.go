package browser

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// noteMotion has each page note which messages move, which panels do, and whether the page fades in.
const noteMotion = `
	globalThis.moved = [];
	document.addEventListener('animationstart', ({ animationName, target }) => {
		if (animationName === 'arrive') moved.push(target.querySelector('.body').innerText.trim());
	});
	document.addEventListener('transitionrun', ({ target }) => target.matches('.panel') && moved.push(target.id));
	addEventListener('pagereveal', ({ viewTransition }) => {
		globalThis.fades = Boolean(viewTransition);
		viewTransition?.ready.then(() => document.getAnimations().forEach((animation) => animation.pause()));
		viewTransition?.finished.then(() => { globalThis.faded = true; });
	});
`

// TestNewMessagesArrive checks that only the messages of others that arrive in an open page move.
func TestNewMessagesArrive(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(80))
	b, bob := browse(t, s), s.Enter("bob")
	b.beforeScripts(noteMotion)
	b.enter("ada", "/")
	s.MustPost(bob, "theirs")
	b.eventually("the message arrives", `moved.includes('theirs')`)
	if slow := b.number(`parseFloat(getComputedStyle(document.querySelector('article:last-of-type')).animationDuration)`); slow < 0.12 || slow > 0.2 {
		t.Errorf("it takes %v s", slow)
	}
	b.mustBeAtTheEnd("after the message")
	b.send("mine")
	b.eventually("the viewer's own message is confirmed", `document.querySelector('article:last-of-type:not(.pending) .body').innerText.trim() === 'mine'`)
	b.run(chromedp.Evaluate(`document.getElementById('log').scrollTop = -99999`, nil))
	b.eventually("older messages are there", `document.querySelectorAll('article').length > 80`)
	s.MustPost(bob, "the last")
	b.eventually("the next message arrives", `moved.includes('the last')`)
	if moved := b.texts(`moved`); !slices.Equal(moved, []string{"theirs", "the last"}) {
		t.Errorf("these messages moved: %q", moved)
	}
}

// TestPanelsAppear checks that menus and dialogs move when they open.
func TestPanelsAppear(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.beforeScripts(noteMotion)
	b.join("ada")
	b.click(`.menu-button`)
	b.eventually("the menu moves", `moved.includes('site-menu')`)
	b.press(escape)
	b.opensSwitcher()
	b.eventually("the dialog moves", `moved.includes('switcher')`)
}

// TestPagesFade checks that the content of a page fades away over the next page, which takes clicks at once.
func TestPagesFade(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.run(emulation.SetDeviceMetricsOverride(1280, 1200, 1, false)) // so high that no page scrolls
	b.beforeScripts(noteMotion)
	b.join("ada")
	b.click(`header a[href="/notifications"]`)
	const fading = `document.getAnimations().filter(({ effect }) => effect.pseudoElement?.startsWith('::view-transition'))`
	b.eventually("the page fades", `location.pathname === '/notifications' && fades && `+fading+`.length > 0`)
	if parts := b.texts(`[...new Set(` + fading + `.map(({ effect }) => effect.pseudoElement))]`); !slices.Equal(parts, []string{"::view-transition-old(page)"}) {
		t.Errorf("%q are in motion, want only the old content", parts)
	}
	if slow := b.number(`Math.max(...` + fading + `.map(({ effect }) => effect.getComputedTiming().duration))`); slow < 120 || slow > 200 {
		t.Errorf("the fade takes %v ms", slow)
	}
	b.click(`main a[href="/settings/notifications"]`)
	b.eventually("the fading page takes a click", `location.pathname === '/settings/notifications'`)
	b.eventually("the next page fades", fading+`.length > 0`)
	b.run(chromedp.Evaluate(fading+`.forEach((animation) => animation.finish())`, nil))
	b.eventually("the fade ends", `faded`)
	b.run(chromedp.Evaluate(`history.back()`, nil))
	b.eventually("the page before is there again, whole", `location.pathname === '/notifications' && !document.querySelector('.leaving')`)
}

// TestNothingMovesWithReducedMotion checks messages, panels and pages.
func TestNothingMovesWithReducedMotion(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("ada", "bob")
	b := browse(t, s)
	b.beforeScripts(noteMotion)
	b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}))
	b.enter("ada", "/")
	s.MustPost(s.Enter("bob"), "theirs")
	b.eventually("the message is there", `document.querySelector('article.arrived')`)
	if slow := b.number(`parseFloat(getComputedStyle(document.querySelector('.arrived')).animationDuration)`); slow != 0 {
		t.Errorf("a message moves for %v s", slow)
	}
	b.click(`.menu-button`)
	b.eventually("the menu is open", `document.querySelector('#site-menu:popover-open')`)
	b.nextFrame()
	if moved := b.texts(`moved.filter((what) => what !== 'theirs')`); len(moved) > 0 {
		t.Errorf("%q moved", moved)
	}
	b.press(escape)
	b.click(`header a[href="/notifications"]`)
	b.eventually("the page is there", `location.pathname === '/notifications' && 'fades' in globalThis`)
	if b.is(`fades`) {
		t.Error("the page fades in")
	}
}
