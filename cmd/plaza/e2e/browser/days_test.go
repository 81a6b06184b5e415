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

// TestDays checks that days begin where they begin for the reader: in Tokyo, nine hours
// before they do for the server.
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
			got[i] = strings.ReplaceAll(got[i], ",", "") // by the browser's version
		}
		if !slices.Equal(got, want) {
			t.Errorf("in %s the days begin with %q, want %q", zone, got, want)
		}
		if got := b.text(`document.querySelectorAll('article[data-day-start] .body')[1].innerText.trim()`); got != second {
			t.Errorf("in %s the second day begins with %q, want %q", zone, got, second)
		}
		if !b.is(`getComputedStyle(document.querySelector('article[data-day-start]'), '::before').content.includes(document.querySelector('article').dataset.dayStart)`) {
			t.Error("the day is not shown")
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
		t.Errorf("%v pictures are shown, want one for the group and one for what came later", got)
	}
	third := `document.querySelectorAll('article')[2]`
	shown := `getComputedStyle(` + third + `.querySelector('.head')).opacity === '1'`
	if b.is(shown) {
		t.Error("a time is shown within the group before one asks")
	}
	b.hover(third)
	b.eventually("the time is shown under the pointer", shown)
	b.hover(`document.querySelector('header')`)
	b.eventually("the time is hidden without the pointer", "!("+shown+")")
	b.run(chromedp.Evaluate(third+`.querySelector('.when').focus(); null`, nil))
	b.eventually("the time is shown to the keyboard", shown)
}
