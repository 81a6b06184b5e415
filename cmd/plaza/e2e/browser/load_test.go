package browser

import (
	"testing"

	"github.com/chromedp/cdproto/network"

	"plaza/cmd/plaza/e2e/e2etest"
)

// The most bytes that the chat takes, over the wire.
const (
	mostAtFirst = 80_000 // with an empty cache
	mostAgain   = 10_000 // with what an earlier visit left in the cache
)

// loadedBytes is the size of the page and of all that it has loaded, with headers. What comes from the cache
// has the size 0.
const loadedBytes = `performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
	.reduce((sum, { transferSize }) => sum + transferSize, 0)`

// TestLoad checks how many bytes a browser loads for the chat and for the welcome page, at the first visit and
// at the next.
func TestLoad(t *testing.T) {
	t.Parallel()
	site := e2etest.OpenAfter(t, evening())
	member, visitor := browse(t, site), browse(t, site)
	member.enter("ada", "/u/ada")
	visitor.open("/login")
	for _, b := range []*tab{member, visitor} {
		b.run(network.ClearBrowserCache())
		for _, most := range []float64{mostAtFirst, mostAgain} {
			b.open("/")
			b.connected()
			b.eventually("the page and its files are loaded", `document.readyState === 'complete' && performance.getEntriesByType('resource').length > 2`)
			bytes := b.number(loadedBytes)
			t.Logf("%.0f bytes", bytes)
			if bytes > most || bytes < 1000 {
				t.Errorf("%s takes %v bytes, want at most %v", b.text(`document.title`), bytes, most)
			}
		}
	}
}
