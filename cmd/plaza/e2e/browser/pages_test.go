package browser

import (
	"fmt"
	"os"
	"testing"

	"plaza/store/storetest/proof"
)

// look is a window's size and the system's color scheme.
type look struct {
	width, height int64 // px
	scheme        string
}

// whole is a height with which nothing is scrolled out of view. axe checks the contrast only in view.
const whole = 4000 // px

// TestPages opens every page in each state once, and checks it with the looks that differ most. With PLAZA_PROOF,
// it checks it with every look.
func TestPages(t *testing.T) {
	t.Parallel()
	if err := os.MkdirAll(screenshots, 0o755); err != nil {
		t.Fatal(err)
	}
	eachScene(t, func(b *tab, name string) {
		at := func(l look, checks ...func(b *tab, name string, l look)) {
			b.look(l.width, l.height, l.scheme)
			for _, check := range checks {
				check(b, name, l)
			}
		}
		at(look{1280, 800, "light"}, looksRight)
		at(look{1280, whole, "dark"}, isAccessible)
		if proof.Enabled() {
			at(look{1280, 800, "dark"}, looksRight)
		}
		if proof.Enabled() && name == "chat" {
			at(look{768, 1024, "light"}, looksRight)
			at(look{768, 1024, "dark"}, looksRight)
		}
		at(look{390, whole, "light"}, isAccessible)
		at(look{390, 844, "light"}, looksRight, isAccessibleAtThisSize, isForFingers, isStill)
		at(look{320, 256, "light"}, reflows)
		if proof.Enabled() {
			at(look{390, 844, "dark"}, looksRight)
			at(look{320, 640, "light"}, reflows)
		}
	})
}

// looksRight saves a screenshot of the page for people. It checks that the page is not blank, and that
// nothing sticks out.
func looksRight(b *tab, name string, l look) {
	b.t.Helper()
	file := fmt.Sprintf("%s-%d-%s", name, l.width, l.scheme)
	if shown := b.screenshot(file); isBlank(shown) {
		b.t.Errorf("%s is blank", file)
	}
	if b.is(`document.documentElement.scrollWidth > innerWidth`) {
		b.t.Errorf("%s scrolls sideways", file)
	}
	if b.is(`document.querySelector('.application') && document.documentElement.scrollHeight > innerHeight`) {
		b.t.Errorf("%s scrolls as a whole", file)
	}
}
