package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"plaza/views/gallery"
)

// screenshots are for people to look at; git ignores them.
const screenshots = "../../.screenshots"

// TestLooks leaves a picture of every page for people to judge, and judges what it can:
// that there is something on it, and that nothing sticks out.
func TestLooks(t *testing.T) {
	t.Parallel()
	if err := os.MkdirAll(screenshots, 0o755); err != nil {
		t.Fatal(err)
	}
	eachScene(t, func(t *testing.T, b *tab, name string) {
		widths := []int64{1280, 390}
		if name == "chat" {
			widths = append(widths, 768)
		}
		for _, width := range widths {
			height := map[int64]int64{1280: 800, 768: 1024, 390: 844}[width]
			for _, scheme := range []string{"light", "dark"} {
				b.look(width, height, scheme)
				file := fmt.Sprintf("%s-%d-%s", name, width, scheme)
				if shown := b.screenshot(file); isBlank(shown) {
					t.Errorf("%s is blank", file)
				}
				if b.is(`document.documentElement.scrollWidth > innerWidth`) {
					t.Errorf("%s scrolls sideways", file)
				}
				if b.is(`document.querySelector('.application') && document.documentElement.scrollHeight > innerHeight`) {
					t.Errorf("%s scrolls as a whole", file)
				}
			}
		}
	})
}

// TestPrivateLooks checks what the pages of private rooms look like: the list does not move as one reads, and
// what happened in a group has its whole width, and is nobody's message.
func TestPrivateLooks(t *testing.T) {
	t.Parallel()
	states := httptest.NewServer(gallery.Handler())
	t.Cleanup(states.Close)
	b := browse(t, &site{t: t, url: states.URL}, "/read")
	b.look(1280, 800, "light")
	b.open("/gallery/conversation-long")
	if heights := b.texts(`[...new Set([...document.querySelectorAll('.conversation')].map(({ offsetHeight }) => String(offsetHeight)))]`); len(heights) != 1 {
		t.Errorf("the conversations are %q px high", heights)
	}
	b.open("/gallery/group")
	for _, width := range []int64{1280, 390} {
		b.look(width, 844, "light")
		if squeezed := b.texts(`[...document.querySelectorAll('.event .head')].filter(({ clientWidth, parentElement }) => clientWidth < 0.9 * parentElement.clientWidth).map(({ textContent }) => textContent)`); len(squeezed) > 0 {
			t.Errorf("with %d px these are squeezed: %q", width, squeezed)
		}
	}
	if grounds := b.texts(`[...new Set([...document.querySelectorAll('.event')].map((event) => getComputedStyle(event).backgroundColor))]`); len(grounds) != 1 || grounds[0] != "rgba(0, 0, 0, 0)" {
		t.Errorf("the grounds of what happened are %q", grounds)
	}
}

// TestFirstLoad checks how much comes over the wire before a newcomer sees the chat, all
// that it needs included.
func TestFirstLoad(t *testing.T) {
	t.Parallel()
	b := browse(t, openAfter(t, evening()))
	b.signIn("ada", "/u/ada")
	b.run(network.ClearBrowserCache())
	b.open("/")
	b.eventually("all has come", `document.readyState === 'complete' && performance.getEntriesByType('resource').length > 4`)
	const most = 80_000
	bytes := b.number(`performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
		.reduce((sum, { transferSize }) => sum + transferSize, 0)`)
	t.Logf("%.0f bytes", bytes)
	if bytes > most || bytes < 10_000 {
		t.Errorf("the chat takes %v bytes, want at most %d", bytes, most)
	}
}

func (b *tab) screenshot(name string) image.Image {
	b.t.Helper()
	var picture []byte
	b.run(chromedp.CaptureScreenshot(&picture))
	if err := os.WriteFile(screenshots+"/"+name+".png", picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
	shown, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		b.t.Fatal(err)
	}
	return shown
}

// isBlank tells whether nearly all of a picture is of one colour.
func isBlank(picture image.Image) bool {
	const step = 6 // px
	counts := map[[3]uint32]int{}
	total, most := 0, 0
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += step {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += step {
			red, green, blue, _ := picture.At(x, y).RGBA()
			colour := [3]uint32{red, green, blue}
			counts[colour]++
			total++
			most = max(most, counts[colour])
		}
	}
	return float64(most) > 0.995*float64(total)
}
