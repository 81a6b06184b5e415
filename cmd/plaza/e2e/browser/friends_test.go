package browser

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/views/gallery"
)

// TestFriendsGrid checks that friends stand in as many columns as fit, and that the buttons of a request stay on
// one line at every width.
func TestFriendsGrid(t *testing.T) {
	t.Parallel()
	const (
		columns = `new Set([...document.querySelectorAll('[aria-labelledby="all"] li')].map((item) => Math.round(item.getBoundingClientRect().left))).size`
		broken  = `[...document.querySelectorAll('.relations li')].filter((item) => {
			const { left, right } = item.getBoundingClientRect();
			const boxes = [...item.querySelectorAll('.relation-buttons :is(a, button)')].map((button) => button.getBoundingClientRect());
			return boxes.some((box) => box.top !== boxes[0].top || box.height > 48 || box.left < left || box.right > right) || item.scrollWidth > item.clientWidth;
		}).map(({ id }) => id)`
	)
	states := httptest.NewServer(gallery.Handler())
	t.Cleanup(states.Close)
	b := browse(t, &e2etest.Site{T: t, URL: states.URL})
	for _, name := range []string{"friends", "friends-long-names"} {
		for width, want := range map[int64]float64{320: 1, 390: 1, 768: 2, 1280: 3} {
			b.look(width, 844, "light")
			b.open("/gallery/" + name)
			if got := b.number(columns); got != want {
				t.Errorf("%s: with a width of %d px, friends stand in %v columns, want %v", name, width, got, want)
			}
			if items := b.texts(broken); len(items) > 0 {
				t.Errorf("%s: with a width of %d px, the buttons of %q are not on one line, or stick out", name, width, items)
			}
			if b.is(`document.documentElement.scrollWidth > innerWidth`) {
				t.Errorf("%s: with a width of %d px, the page scrolls sideways", name, width)
			}
		}
	}
}

// TestProfileAlignment checks that everything on a profile begins at the same line.
func TestProfileAlignment(t *testing.T) {
	t.Parallel()
	states := httptest.NewServer(gallery.Handler())
	t.Cleanup(states.Close)
	b := browse(t, &e2etest.Site{T: t, URL: states.URL})
	for _, name := range []string{"profile", "profile-friend", "profile-blocked", "profile-block"} {
		for _, width := range []int64{390, 1280} {
			b.look(width, 844, "light")
			b.open("/gallery/" + name)
			if lines := b.texts(`[...new Set([...document.querySelectorAll('main > *, .profile-picture, .relation-buttons > :first-child, .faces li:first-child')].map((part) => String(Math.round(part.getBoundingClientRect().left))))]`); len(lines) != 1 {
				t.Errorf("%s: with a width of %d px, the parts begin at %q px", name, width, lines)
			}
		}
	}
}

// TestCopyLink checks that a profile's menu copies the whole address of the profile, and says so.
func TestCopyLink(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	s.Join("ada", "bob")
	b := browse(t, s)
	b.enter("ada", "/u/bob")
	b.run(chromedp.Evaluate(`navigator.clipboard.writeText = async (text) => { window.copied = String(text) }`, nil))
	b.click("#relation .menu-button")
	b.eventually("the menu copies the address, once its script is there", `(() => {
		const button = document.querySelector('.copy-link');
		if (!window.copied) button.click();
		return window.copied === location.origin + '/u/bob' && button.textContent.trim() === 'Copied';
	})()`)
	b.eventually("the button has its name again", `document.querySelector('.copy-link').textContent.trim() === 'Copy link'`)
}
