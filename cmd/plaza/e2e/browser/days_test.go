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

// TestGroupsEnd checks that a group ends five minutes after its first message and after 15 messages, in the page that
// posts them too.
func TestGroupsEnd(t *testing.T) {
	t.Parallel()
	var history []e2etest.Message
	for minute := range 8 {
		history = append(history, e2etest.Said(e2etest.Yesterday(12, minute), "ada", fmt.Sprint("minute ", minute)))
	}
	s := e2etest.OpenAfter(t, history)
	b := browse(t, s)
	b.enter("ada", "/")
	for i := range 17 {
		text := fmt.Sprint("quick ", i)
		b.run(chromedp.SetValue("#message", text, chromedp.ByQuery))
		b.run(chromedp.Evaluate(`{
			window.was = undefined;
			new MutationObserver((_, observer) => {
				const copy = document.querySelector('article.pending');
				if (!copy) return;
				was = copy.matches('.continues');
				observer.disconnect();
			}).observe(document.getElementById('messages'), { childList: true });
		}`, nil))
		b.send("")
		b.eventually("the message is confirmed", `document.querySelector('article:last-of-type:not(.pending) .body')?.innerText.trim() === '`+text+`'`)
		if !b.is(`was === document.querySelector('article:last-of-type').matches('.continues')`) {
			t.Errorf("the pending copy of %q is in another group than the message", text)
		}
	}
	firsts := b.texts(`[...document.querySelectorAll('article:not(.continues) .body')].map((body) => body.innerText.trim())`)
	if want := []string{"minute 0", "minute 6", "quick 0", "quick 15"}; !slices.Equal(firsts, want) {
		t.Errorf("groups begin with %q, want %q", firsts, want)
	}
}

// TestTheFirstNewMessageShowsItsAuthor checks the message below the line that says where the reader left off.
func TestTheFirstNewMessageShowsItsAuthor(t *testing.T) {
	t.Parallel()
	s := e2etest.OpenAfter(t, e2etest.Numbered(60))
	b, bob := browse(t, s), s.Enter("bob")
	b.enter("ada", "/")
	post := func(text string) {
		s.MustPost(bob, text)
		b.eventually("the page has the message", `[...document.querySelectorAll('#log .body')].at(-1).innerText.trim() === '`+text+`'`)
	}
	shown := func(text string) bool {
		return b.is(`[...document.querySelectorAll('article')].find((article) => article.innerText.includes('` + text + `')).querySelector('.picture').checkVisibility()`)
	}
	post("seen 0")
	post("seen 1")
	b.scrollBack(500)
	post("new 0")
	post("new 1")
	if first := b.text(`document.querySelector('.left-off').nextElementSibling.querySelector('.body').innerText.trim()`); first != "new 0" {
		t.Fatalf("the line is above %q", first)
	}
	if shown("seen 1") || !shown("new 0") || shown("new 1") {
		t.Errorf("the author is shown at seen 1: %t, at new 0: %t, at new 1: %t; want only the first below the line",
			shown("seen 1"), shown("new 0"), shown("new 1"))
	}
	if b.is(`document.querySelector('.left-off').previousElementSibling.matches('.continued')`) {
		t.Error("the message above the line is joined to the one below")
	}
	b.click("#new-messages")
	b.eventually("the pill is gone", `document.getElementById('new-messages').hidden`)
	b.scrollBack(500)
	post("newer 0")
	if shown("new 0") || !shown("newer 0") {
		t.Errorf("the line moved; the author is shown at new 0: %t, at newer 0: %t", shown("new 0"), shown("newer 0"))
	}
}
