package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

// groups returns a history with a group of each of two authors.
func groups() []e2etest.Message {
	return []e2etest.Message{
		e2etest.Said(e2etest.Yesterday(12, 0), "ada", "one"),
		e2etest.Said(e2etest.Yesterday(12, 1), "ada", "two"),
		e2etest.Said(e2etest.Yesterday(12, 2), "ada", "three"),
		e2etest.Said(e2etest.Yesterday(12, 3), "bob", "hello @ada, see https://example.com/"),
		e2etest.Said(e2etest.Yesterday(12, 4), "bob", "and you"),
	}
}

const gaps = `[...document.querySelectorAll('article')].slice(1).map((article) =>
	String(Math.round(10 * (article.getBoundingClientRect().top - article.previousElementSibling.getBoundingClientRect().bottom)) / 10))`

// TestRhythm checks the space between messages, and that messages keep it when they arrive.
func TestRhythm(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, groups())
	b := browse(t, s)
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	want := []string{"2", "2", "10", "2"}
	if got := b.texts(gaps); !slices.Equal(got, want) {
		t.Errorf("messages are %q px apart, want %q", got, want)
	}
	b.run(chromedp.Evaluate(`document.querySelector('article').removeAttribute('data-day-start')`, nil))
	bob := s.Enter("bob")
	s.MustPost(bob, "today")
	s.MustPost(bob, "today too")
	b.eventually("both messages are there", `document.querySelectorAll('article').length === 7`)
	if got := b.texts(gaps); got[5] != "2" {
		t.Errorf("a message that arrives is %s px below its group", got[5])
	}
}

// contrasts lists the contrasts of the texts in an element with its background, which lies on that of the page.
const contrasts = `(element) => {
	const surface = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
	const paint = (colour) => {
		surface.fillStyle = colour;
		surface.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...surface.getImageData(0, 0, 1, 1).data].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const { backgroundColor, backgroundImage } = getComputedStyle(element);
	paint(getComputedStyle(document.body).backgroundColor);
	paint(backgroundColor);
	const ground = paint(backgroundImage.match(/gradient\((.*?\)), /)[1]);
	return [...element.querySelectorAll('.author, .when, p, .body a:not(.mention)')].filter((part) => part.checkVisibility()).map((part) => {
		const ink = paint(getComputedStyle(part).color);
		return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
	});
}`

// TestPointerTint checks that the message under the pointer has a tint over its own, on which its text is easy to read.
func TestPointerTint(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, groups()))
	for _, scheme := range []string{"light", "dark"} {
		b.look(1280, 800, scheme)
		b.enter("ada", "/")
		for i := range groups() {
			article := fmt.Sprintf(`document.querySelectorAll('article')[%d]`, i)
			ground := func() string { return b.text(`getComputedStyle(` + article + `).backgroundColor`) }
			b.hover(`document.querySelector('header')`)
			before := ground()
			b.hover(article)
			b.eventually("the message has the tint", `getComputedStyle(`+article+`).backgroundImage.startsWith('linear-gradient(')`)
			if after := ground(); after != before {
				t.Errorf("in the %s theme, the pointer changes the background of message %d from %s to %s", scheme, i, before, after)
			}
			if least := b.number(`Math.min(...(` + contrasts + `)(` + article + `))`); least < 4.5 || least > 21 {
				t.Errorf("in the %s theme, a text in message %d under the pointer has a contrast of %.2f", scheme, i, least)
			}
		}
	}
}

// force turns on the system's own colours, as people with low vision do.
func (b *tab) force() {
	b.t.Helper()
	b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "forced-colors", Value: "active"}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}))
}

// TestForcedColours checks that the viewer's own messages, and those that mention the viewer, have a border in place of
// a tint.
func TestForcedColours(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, groups()))
	b.enter("ada", "/")
	b.force()
	border := func(i int) (style string, seen bool) {
		return b.text(fmt.Sprintf(`getComputedStyle(document.querySelectorAll('article')[%d]).borderTopStyle`, i)),
			b.is(fmt.Sprintf(`getComputedStyle(document.querySelectorAll('article')[%d]).borderTopColor !== getComputedStyle(document.body).backgroundColor`, i))
	}
	for i, want := range []string{"dashed", "dashed", "dashed", "solid", ""} {
		if style, seen := border(i); seen != (want != "") || seen && style != want {
			t.Errorf("message %d has the border %q, shown: %t; want %q", i, style, seen, want)
		}
	}
	if widths := b.texts(`[...new Set([...document.querySelectorAll('article')].map((article) => getComputedStyle(article).borderInlineStartWidth))]`); len(widths) != 1 || widths[0] == "0px" {
		t.Errorf("the borders are %q wide, want one width, so that texts are in line", widths)
	}
}

// TestTheLogFades checks that messages fade at the edges of the log behind which more follow.
func TestTheLogFades(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(45)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	faded := func(where string, top, bottom bool) {
		b.t.Helper()
		for part, want := range map[string]bool{"::after": top, "::before": bottom} {
			b.eventually(fmt.Sprintf("%s, the fade %s is shown: %t", where, part, want),
				fmt.Sprintf(`getComputedStyle(document.getElementById('log'), '%s').opacity === '%d'`, part, map[bool]int{true: 1}[want]))
		}
	}
	faded("at the end", true, false)
	b.mustBeAtTheEnd("with the fade")
	b.scrollBack(500)
	faded("in the middle", true, true)
	b.scrollBack(9000)
	faded("at the beginning", false, true)
	b.look(1280, 3000, "light")
	faded("with all messages in view", false, false)
	b.look(1280, 800, "light")
	shown := func() bool {
		return b.is(`getComputedStyle(document.getElementById('log'), '::before').visibility === 'visible'`)
	}
	if !shown() {
		t.Error("the fade is hidden without the focus")
	}
	b.run(chromedp.Focus("#log", chromedp.ByQuery))
	b.tabTo("#log .author")
	if shown() {
		t.Error("the fade covers the text with the focus")
	}
	b.force()
	if ground := b.text(`getComputedStyle(document.getElementById('log'), '::before').getPropertyValue('--ground-here')`); ground != "Canvas" {
		t.Errorf("with forced colours, messages fade into %q", ground)
	}
}

// TestWideThingsGoOn checks the shadow at the edges of code and tables behind which more follows.
func TestWideThingsGoOn(t *testing.T) {
	t.Parallel()
	cells := strings.Repeat("| many words ", 12) + "|\n"
	b := browse(t, e2etest.OpenAfter(t, []e2etest.Message{
		e2etest.Said(e2etest.Yesterday(12, 0), "ada", "```\n"+strings.Repeat("wide ", 60)+"\n```"),
		e2etest.Said(e2etest.Yesterday(12, 0), "ada", cells+strings.Repeat("|---", 12)+"|\n"+cells),
		e2etest.Said(e2etest.Yesterday(12, 0), "ada", "```\nnarrow\n```"),
		e2etest.Said(e2etest.Yesterday(12, 0), "ada", "| a |\n|---|\n| narrow |"),
	}))
	b.enter("ada", "/")
	// edges returns the sides of the screen at which an element has a shadow that is not transparent.
	edges := func(element string) string {
		return b.text(`(() => {
			const shadows = getComputedStyle(` + element + `).boxShadow.split(/,(?= *(?:rgb|okl|color))/).filter((shadow) => shadow !== 'none' && !/ \/ 0\)|, 0\)/.test(shadow));
			return shadows.map((shadow) => shadow.match(/(-?)[\d.]+px/)[1] ? 'right' : 'left').sort().join(' ');
		})()`)
	}
	for _, scheme := range []string{"light", "dark"} {
		b.look(1280, 800, scheme)
		for i, element := range []string{`document.querySelectorAll('pre')[0]`, `document.querySelectorAll('.table')[0]`} {
			for _, test := range []struct{ direction, scrollTo, want string }{
				{"ltr", "0", "right"},
				{"ltr", "(element.scrollWidth - element.clientWidth) / 2", "left right"},
				{"ltr", "element.scrollWidth", "left"},
				{"rtl", "0", "left"},
				{"rtl", "(element.clientWidth - element.scrollWidth) / 2", "left right"},
				{"rtl", "-element.scrollWidth", "right"},
			} {
				if i == 0 && test.direction == "rtl" {
					continue // code is always from left to right
				}
				b.run(chromedp.Evaluate(`{
					const element = `+element+`;
					element.closest('article').dir = element.closest('.body').dir = '`+test.direction+`';
					element.scrollLeft = `+test.scrollTo+`;
				}`, nil))
				b.nextFrame()
				if got := edges(element); got != test.want {
					t.Errorf("in the %s theme, %s from %s at %s has shadows at %q, want %q: %s", scheme, element, test.direction, test.scrollTo, got, test.want, b.text(`getComputedStyle(`+element+`).boxShadow`))
				}
			}
		}
		for _, narrow := range []string{`document.querySelectorAll('pre')[1]`, `document.querySelectorAll('.table')[1]`} {
			if got := edges(narrow); got != "" {
				t.Errorf("in the %s theme, %s has shadows at %q", scheme, narrow, got)
			}
		}
	}
}

// TestInitialsOfEveryScript checks that the browser's own fonts draw an initial that the embedded font lacks.
func TestInitialsOfEveryScript(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, evening()))
	b.enter("ada", "/")
	for author, want := range map[string]float64{"mei": 256, "layla": 256, "bo": 128} { // px: pictures as SVG are larger
		picture := `document.querySelector('article[data-author="` + author + `"] img')`
		b.run(chromedp.Evaluate(picture+`.scrollIntoView()`, nil))
		b.eventually("the picture of "+author+" is there", picture+`.complete`)
		if side := b.number(picture + `.naturalWidth`); side != want {
			t.Errorf("the picture of %s has %v px, want %v", author, side, want)
		}
	}
}
