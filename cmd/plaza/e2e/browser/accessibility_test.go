package browser

import (
	_ "embed"
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// TestAnnouncements checks that screen readers read out new messages, and nothing else by itself. The
// count of members online changes by the second, so it must not be read out.
func TestAnnouncements(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60))
	b := browse(t, s)
	b.enter("ada", "/")
	live := b.texts(`[...document.querySelectorAll('[role=log], [role=status], [role=alert], [aria-live]')].map((element) =>
		[element.id, element.role, element.ariaLive].join(' '))`)
	slices.Sort(live)
	want := []string{"announcer status ", "composer-error alert ", "connection status ", "found status ", "inbox  polite", "log log off", "notes status ", "online status off", "preview region polite", "replaced status "}
	if !slices.Equal(live, want) {
		t.Errorf("the live regions are %q, want %q", live, want)
	}
	b.run(chromedp.Evaluate(`{
		window.added = [];
		new MutationObserver((changes) => {
			for (const { addedNodes } of changes) added.push(...[...addedNodes].map((node) => node.textContent.trim()));
		}).observe(document.getElementById('announcer'), { childList: true, subtree: true });
	}`, nil))
	other := browse(t, s)
	other.enter("bob", "/")
	b.eventually("the count has changed", `document.getElementById('online').innerText === '2 online'`)
	s.MustPost(s.Enter("bob"), "read this out")
	b.eventually("the message is read out", `added.length`)
	if added := b.texts(`added`); !slices.Equal(added, []string{"bob: read this out"}) {
		t.Errorf("screen readers read out %q, want one message", added)
	}
}

// TestMotion checks that transitions are short, and that nothing moves with reduced motion.
func TestMotion(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.enter("ada", "/")
	b.run(emulation.SetEmulatedMedia())
	if slow := b.number(`Math.max(...[...document.querySelectorAll('*')].map((element) => parseFloat(getComputedStyle(element).transitionDuration)))`); slow <= 0 || slow > 0.2 {
		t.Errorf("the slowest transition takes %v s", slow)
	}
	b.look(1280, 800, "dark")
	if moving := b.texts(movements); len(moving) > 0 {
		t.Errorf("with reduced motion these move: %s", fmt.Sprint(moving))
	}
}

// movements finds elements with a transition, an animation or smooth scrolling.
const movements = `[...document.querySelectorAll('*')].flatMap((element) => ['', '::before', '::after'].map((part) => {
	const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element, part || undefined);
	const slow = [transitionDuration, animationDuration].some((durations) => durations.split(', ').some((duration) => parseFloat(duration) > 0.01));
	return slow || scrollBehavior === 'smooth' ? element.tagName + '.' + element.className + part : '';
})).filter(Boolean)`

// isStill checks that nothing moves with reduced motion.
func isStill(b *tab, _ string, _ look) {
	b.t.Helper()
	if moving := b.texts(movements); len(moving) > 0 {
		b.t.Errorf("with reduced motion these move: %q", moving)
	}
}
