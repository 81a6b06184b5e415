package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const dayLines = `[...document.querySelectorAll('article[data-day-start]')].map((article) => article.dataset.dayStart)`

// TestDays checks that days begin in the viewer's time zone. In Tokyo they begin nine hours before the
// server's.
func TestDays(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{
		e2etest.Said(e2etest.Yesterday(-24+9, 0), "ada", "the day before"),
		e2etest.Said(e2etest.Yesterday(-24+14, 59), "ada", "late there"),
		e2etest.Said(e2etest.Yesterday(-24+15, 1), "ada", "the next day in Tokyo"),
		e2etest.Said(e2etest.Yesterday(1, 0), "bob", "still that day in Tokyo"),
	})
	want := []string{e2etest.Yesterday(-24, 0).Format("Monday 2 January 2006"), e2etest.Yesterday(0, 0).Format("Monday 2 January 2006")}
	for zone, second := range map[string]string{"UTC": "still that day in Tokyo", "Asia/Tokyo": "the next day in Tokyo"} {
		b := browse(t, s)
		b.run(emulation.SetTimezoneOverride(zone))
		b.enter("ada", "/")
		got := b.texts(dayLines)
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], ",", "") // some versions of the browser write a comma
		}
		if !slices.Equal(got, want) {
			t.Errorf("in %s the days begin with %q, want %q", zone, got, want)
		}
		if got := b.text(`document.querySelectorAll('article[data-day-start] .body')[1].innerText.trim()`); got != second {
			t.Errorf("in %s the second day begins with %q, want %q", zone, got, second)
		}
		if !b.is(`getComputedStyle(document.querySelector('article[data-day-start]'), '::before').content.includes(document.querySelector('article').dataset.dayStart)`) {
			t.Error("the page does not show the day")
		}
	}
}

const pictures = `[...document.querySelectorAll('article .picture')].filter((picture) => picture.checkVisibility()).length`

func TestGroups(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, []e2etest.Message{
		e2etest.Said(e2etest.Yesterday(12, 0), "ada", "one"),
		e2etest.Said(e2etest.Yesterday(12, 1), "ada", "two"),
		e2etest.Said(e2etest.Yesterday(12, 2), "ada", "three"),
		e2etest.Said(e2etest.Yesterday(12, 3), "ada", "four"),
		e2etest.Said(e2etest.Yesterday(12, 4), "ada", "five"),
		e2etest.Said(e2etest.Yesterday(12, 20), "ada", "much later"),
	})
	b := browse(t, s)
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	if got := b.number(pictures); got != 2 {
		t.Errorf("the page shows %v pictures, want one for the group and one for the later message", got)
	}
	third := `document.querySelectorAll('article')[2]`
	shown := `getComputedStyle(` + third + `.querySelector('.head')).opacity === '1'`
	if b.is(shown) {
		t.Error("a time shows within the group without pointer or focus")
	}
	b.hover(third)
	b.eventually("the pointer shows the time", shown)
	b.hover(`document.querySelector('header')`)
	b.eventually("the time is hidden without the pointer", "!("+shown+")")
	b.run(chromedp.Evaluate(third+`.querySelector('.when').focus(); null`, nil))
	b.eventually("the focus shows the time", shown)
}
