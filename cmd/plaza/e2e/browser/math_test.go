package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// TestFormulas checks that formulas become MathML, on a new page, in the stream and in a preview, that what is not TeX or
// would lead somewhere stays text, and that the source shows without scripts.
func TestFormulas(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{
		{Author: "bob", Source: "so $\\frac{a}{b}$ and\n$$\\label{composer} c^2 \\color{red} d$$"},
		{Author: "bob", Source: "not $\\nosuchcommand{$ and $\\href{https://example.org}{a}$ and $\\includegraphics{https://example.org/a.png}$"},
	})
	s.Join("ada")
	const shown = `document.querySelector('#m-1-1 .math mfrac')?.checkVisibility() && document.querySelector('#m-1-1 .math-displayed math[display="block"] msup')`
	b := browse(t, s)
	b.enter("ada", "/")
	b.eventually("the formulas are MathML", shown)
	b.eventually("nothing has an id of its own", `!document.querySelector('#m-1-1 .body [id]')`)
	b.eventually("what is not TeX stays as it is", `document.querySelector('#m-1-2 .body').innerText.includes('$\\nosuchcommand{$') && !document.querySelector('#m-1-2 .body :is(a, img, [href])')`)
	b.connected()
	b.repliesTo("1")
	b.eventually("the quote above an answer has the source", `document.querySelector('#reply-words .quote-text').textContent.startsWith('so $\\frac{a}{b}$ and $$')`)
	b.press(escape)
	s.MustPost(s.Enter("bob"), "new: $x_1$")
	b.eventually("a new message has its formula", `document.querySelector('#m-1-3 .math msub')`)
	b.run(chromedp.Focus("#message", chromedp.ByQuery))
	b.typeIn("$y^3$")
	b.click("#show-preview")
	b.eventually("the preview has its formula", `document.querySelector('#preview .math msup')`)

	b = withoutScripts(t, s)
	b.take(s.Session("ada"))
	b.open("/")
	b.eventually("without scripts the source shows", `document.querySelector('#m-1-1 .math').innerText === '$\\frac{a}{b}$'`)
}
