package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

const burst = 500

// burst has people post, side by side, as fast as they are answered.
func (s *site) burst(people []*http.Client, topic string) {
	s.t.Helper()
	var posting sync.WaitGroup
	for i, person := range people {
		posting.Go(func() {
			for n := i; n < burst; n += len(people) {
				body := fmt.Sprintf("%s %d", topic, n)
				if status, err := s.post(person, body, body); err != nil || status != http.StatusNoContent {
					s.t.Errorf("post %q: %d, %v", body, status, err)
				}
			}
		})
	}
	posting.Wait()
}

func (s *site) registerMany(count int) []*http.Client {
	s.t.Helper()
	var people []*http.Client
	for i := range count {
		people = append(people, s.register(fmt.Sprint("author", i)))
	}
	return people
}

// TestBurstInAnOpenPage checks that a page drops nothing of five hundred messages that come
// at once, and that one can scroll meanwhile and stays where one reads.
func TestBurstInAnOpenPage(t *testing.T) {
	t.Parallel()
	s := openAfter(t, numbered(60), "--limits", "off")
	people := s.registerMany(4)
	b := browse(t, s)
	b.signIn("ada", "/")
	b.scrollBack(700)
	b.run(chromedp.Evaluate(`{`+reads+`
		window.eye = underTheEye();
		window.was = eye.getBoundingClientRect().top;
		window.scrolled = 0;
		log.addEventListener('scroll', () => { scrolled += 1; });
	}`, nil))
	s.burst(people, "burst")
	b.scrollBack(300)
	b.eventually("scrolling is alive", `scrolled > 0`)
	b.eventually("all of it is there", fmt.Sprintf(`document.querySelectorAll('#log article').length >= %d`, 50+burst))
	shown := b.bodies()
	logged := s.messages()
	var want []string
	for _, message := range logged[len(logged)-burst:] {
		want = append(want, message.Source)
	}
	if got := shown[len(shown)-burst:]; !slices.Equal(got, want) {
		t.Errorf("the page shows %q, want %q", got, want)
	}
	if moved := b.number(`eye.getBoundingClientRect().top - was`); moved < 298 || moved > 302 {
		t.Errorf("what was under the eye moved by %v px, want the 300 that were scrolled", moved)
	}
	if said := b.text(`document.getElementById('new-messages').innerText`); said != fmt.Sprint(burst, " new messages") {
		t.Errorf("the pill says %q", said)
	}
}

// BenchmarkBurst measures how long five hundred messages that come at once keep the page's
// main thread busy.
func BenchmarkBurst(b *testing.B) {
	s := open(b, "--limits", "off")
	people := s.registerMany(8)
	page := browse(b, s)
	page.register("ada")
	page.run(performance.Enable())
	busy, bursts := 0.0, 0
	for b.Loop() {
		bursts++
		before := page.busy()
		s.burst(people, fmt.Sprint("burst ", bursts))
		page.eventually("all of it is there", fmt.Sprintf(`document.querySelectorAll('#log article').length >= %d`, bursts*burst))
		page.nextFrame()
		busy += page.busy() - before
	}
	b.ReportMetric(1000*busy/float64(bursts), "ms-busy/burst")
	b.ReportMetric(0, "ns/op") // which the posting is part of
}

// busy is for how many seconds the page's main thread has had the processor.
func (b *tab) busy() float64 {
	b.t.Helper()
	var seconds float64
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		metrics, err := performance.GetMetrics().Do(ctx)
		for _, metric := range metrics {
			if metric.Name == "ThreadTime" {
				seconds = metric.Value
			}
		}
		return err
	}))
	return seconds
}
