package browser

import (
	"net/http/httptest"
	"testing"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/views/gallery"
)

// TestPrivateLooks checks the looks of private rooms. All rows of the list have the same height, so that
// reading does not move them. Events of a group take the whole width, and do not look like a message.
func TestPrivateLooks(t *testing.T) {
	t.Parallel()
	states := httptest.NewServer(gallery.Handler())
	t.Cleanup(states.Close)
	b := browse(t, &e2etest.Site{T: t, URL: states.URL}, "/read")
	b.look(1280, 800, "light")
	b.open("/gallery/conversations")
	if heights := b.texts(`[...new Set([...document.querySelectorAll('.conversation')].map(({ offsetHeight }) => String(offsetHeight)))]`); len(heights) != 1 {
		t.Errorf("the rows of the list are %q px high, want one height", heights)
	}
	b.open("/gallery/group")
	for _, width := range []int64{1280, 390} {
		b.look(width, 844, "light")
		if squeezed := b.texts(`[...document.querySelectorAll('.event .head')].filter(({ clientWidth, parentElement }) => clientWidth < 0.9 * parentElement.clientWidth).map(({ textContent }) => textContent)`); len(squeezed) > 0 {
			t.Errorf("with a width of %d px, these events are squeezed: %q", width, squeezed)
		}
	}
	if grounds := b.texts(`[...new Set([...document.querySelectorAll('.event')].map((event) => getComputedStyle(event).backgroundColor))]`); len(grounds) != 1 || grounds[0] != "rgba(0, 0, 0, 0)" {
		t.Errorf("the backgrounds of events are %q", grounds)
	}
}
