package main

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axe is axe-core, which finds what automatic tests can find of WCAG's violations.
//
//go:embed testdata/axe/axe.min.js
var axe string

// People may skip levels in the headings that they write; the site may not.
const runAxe = `axe.run(document, {
	resultTypes: ['violations'],
	runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes
	.filter(({ element, target }) => id !== 'heading-order' || !document.querySelector(target[0])?.closest('.body'))
	.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' — ' + failureSummary)))`

// violations lists what is wrong with the page as it looks now.
func (b *tab) violations() []string {
	b.t.Helper()
	if !b.is(`window.axe`) {
		b.run(chromedp.Evaluate(axe+"; null", nil))
	}
	var found []string
	b.run(chromedp.Evaluate(runAxe, &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return found
}

func TestAccessibility(t *testing.T) {
	t.Parallel()
	const whole = 4000 // px, at which nothing is scrolled out of sight, where no contrast is checked
	looks := []struct {
		width, height int64
		scheme        string
	}{
		{1280, whole, "dark"}, {390, whole, "light"}, {390, 844, "light"},
	}
	eachScene(t, func(t *testing.T, b *tab, _ string) {
		for _, look := range looks {
			b.look(look.width, look.height, look.scheme)
			for _, violation := range b.violations() {
				t.Errorf("%v: %s", look, violation)
			}
		}
	})
}

// tooSmall finds targets under 44 px, except for links inside sentences, of which a word is
// as high as its line, and for boxes, which are ticked by their labels too.
const tooSmall = `[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden], [type=checkbox], [type=radio], [disabled]), :is(.choice, .choose) label, textarea')]
	.filter((target) => target.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
	.filter((target) => !target.matches('p a, .body a, .skip:not(:focus), .head a, [tabindex="-1"]'))
	.filter((target) => !target.closest('[popover]:not(:popover-open)') || target.closest('.people-panel')?.checkVisibility())
	.map((target) => [target, target.getBoundingClientRect()])
	.filter(([, { width, height }]) => width < 43.9 || height < 43.9)
	.map(([target, { width, height }]) => target.outerHTML.slice(0, 100) + ' is ' + width + ' × ' + height)`

// cutOff finds text that does not fit where it stands, and cannot be scrolled to.
const cutOff = `[...document.querySelectorAll('h1, h2, p, button, label, td, th, dd, .button, .author, .body, .online')]
	.filter((element) => element.checkVisibility() && !element.matches('.hidden-visually') && !element.closest('.table, pre, .composer-box'))
	.filter((element) => {
		const { left, right } = element.getBoundingClientRect();
		return left < -1 || right > document.documentElement.clientWidth + 1;
	})
	.map((element) => element.outerHTML.slice(0, 100))`

// brokenLabels finds buttons whose words do not fit on one line.
const brokenLabels = `[...document.querySelectorAll('button, .button, summary')]
	.filter((button) => button.checkVisibility() && !button.matches('.hidden-visually'))
	.filter((button) => {
		const words = document.createRange();
		words.selectNodeContents(button);
		return words.getBoundingClientRect().height > 40 || button.scrollWidth > button.clientWidth + 1;
	})
	.map((button) => button.outerHTML.slice(0, 100))`

// TestReflow checks pages at 320 px, which is a desktop's window at 400 %.
func TestReflow(t *testing.T) {
	t.Parallel()
	eachScene(t, func(t *testing.T, b *tab, _ string) {
		for _, height := range []int64{640, 256} {
			b.look(320, height, "light")
			if wide := b.number(`document.documentElement.scrollWidth`); wide > 320 {
				t.Errorf("at %d px of height the page is %v px wide", height, wide)
			}
			for _, element := range slices.Concat(b.texts(cutOff), b.texts(brokenLabels)) {
				t.Errorf("at %d px of height this is cut off: %s", height, element)
			}
		}
		b.look(390, 844, "light")
		for _, target := range b.texts(tooSmall) {
			t.Errorf("on a phone %s", target)
		}
		if moving := b.texts(movements); len(moving) > 0 {
			t.Errorf("with reduced motion these move: %q", moving)
		}
	})
}

// movements finds what takes its time to change.
const movements = `[...document.querySelectorAll('*')].flatMap((element) => ['', '::before', '::after'].map((part) => {
	const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element, part || undefined);
	const slow = [transitionDuration, animationDuration].some((durations) => durations.split(', ').some((duration) => parseFloat(duration) > 0.01));
	return slow || scrollBehavior === 'smooth' ? element.tagName + '.' + element.className + part : '';
})).filter(Boolean)`

// TestAnnouncements checks that messages are read out as they come, and nothing else is
// without being asked: not the count of those online, which changes by the second.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	s := openAfter(t, numbered(60))
	b := browse(t, s)
	b.signIn("ada", "/")
	live := b.texts(`[...document.querySelectorAll('[role=log], [role=status], [role=alert], [aria-live]')].map((element) =>
		[element.id, element.role, element.ariaLive].join(' '))`)
	slices.Sort(live)
	want := []string{"composer-error alert ", "connection status ", "inbox  polite", "log log ", "online status off", "preview region polite"}
	if !slices.Equal(live, want) {
		t.Errorf("what is read out: %q, want %q", live, want)
	}
	b.run(chromedp.Evaluate(`{
		window.added = [];
		new MutationObserver((changes) => {
			for (const { addedNodes } of changes) added.push(...[...addedNodes].map((node) => node.textContent.trim()));
		}).observe(document.getElementById('log'), { childList: true, subtree: true });
	}`, nil))
	other := browse(t, s)
	other.signIn("bob", "/")
	b.eventually("the count has changed", `document.getElementById('online').innerText === '2 online'`)
	s.mustPost(s.enter("bob"), "read this out")
	b.eventually("the message is there", `added.length`)
	if added := b.texts(`added`); len(added) != 1 || !strings.HasSuffix(added[0], "read this out") {
		t.Errorf("%q is read out, want one message", added)
	}
}

// TestMotion checks that what moves, moves briefly.
func TestMotion(t *testing.T) {
	t.Parallel()
	b := browse(t, openAfter(t, numbered(5)))
	b.signIn("ada", "/")
	b.run(emulation.SetEmulatedMedia())
	if slow := b.number(`Math.max(...[...document.querySelectorAll('*')].map((element) => parseFloat(getComputedStyle(element).transitionDuration)))`); slow <= 0 || slow > 0.2 {
		t.Errorf("the slowest transition takes %v s", slow)
	}
	b.look(1280, 800, "dark")
	if moving := b.texts(movements); len(moving) > 0 {
		t.Errorf("with reduced motion these move: %s", fmt.Sprint(moving))
	}
}
