package crash

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// mostAway bounds how long a page waits until it tries to come back.
const mostAway = 3 * time.Second

// backOff is how long a page waits before it tries to come back: reconnectDelay, and twice as
// long after each attempt that came to nothing, up to reconnectMaxDelay.
type backOff struct {
	Delay    float64 `json:"reconnectDelay"`    // ms
	MaxDelay float64 `json:"reconnectMaxDelay"` // ms
	Jitter   float64 `json:"reconnectJitter"`   // the share by which a delay may be shorter or longer
}

// backOffOf reads the rules from a page, with htmx's own where the page says nothing.
func backOffOf(s *e2etest.Site, client *http.Client) backOff {
	s.T.Helper()
	answer, err := client.Get(s.URL)
	if err != nil {
		s.T.Fatal(err)
	}
	_, page := s.Page(answer)
	said, _ := page.Find(`meta[name="htmx-config"]`).Attr("content")
	config := struct {
		Stream backOff `json:"ws"`
	}{backOff{Delay: 500, MaxDelay: 60_000, Jitter: 0.3}}
	if err := json.Unmarshal([]byte(said), &config); err != nil {
		s.T.Fatalf("the page's settings for htmx are %q: %v", said, err)
	}
	return config.Stream
}

// before returns how long a page waits before an attempt; the first one is 1.
func (b backOff) before(attempt int, luck *rand.Rand) time.Duration {
	delay := min(b.Delay*math.Pow(2, float64(attempt-1)), b.MaxDelay)
	delay += (2*luck.Float64() - 1) * b.Jitter * delay
	return time.Duration(delay * float64(time.Millisecond))
}

// isAwayForLongest tells whether the waits before further attempts are as long as they get.
func (b backOff) isAwayForLongest(r *reader) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.breach != nil || r.attempt > 0 && b.Delay*math.Pow(2, float64(r.attempt-1)) >= b.MaxDelay
}

// restarts is a site that is stopped and started again while a crowd writes and reads.
type restarts struct {
	site    *e2etest.Site
	crowd   *crowd
	rules   backOff
	version int64 // at which the site was stopped
}

// restartsUnder opens a site for so many readers, who come back by the rules of the site's pages.
func restartsUnder(t testing.TB, readers int) *restarts {
	t.Helper()
	const authors = 4
	c := e2etest.NewChance(t)
	s := e2etest.Open(t, "--limits", "off")
	people := people(s, authors)
	crowd := newCrowd(t, s, c, people, readers, 100*time.Millisecond)
	rules := backOffOf(s, people[crowd.authors[0].name])
	if longest := time.Duration(rules.MaxDelay*(1+rules.Jitter)) * time.Millisecond; longest > mostAway {
		t.Fatalf("a page may wait for %v until it tries to come back, want less than %v", longest, mostAway)
	}
	for _, r := range crowd.readers {
		luck := c.Of(r.name)
		r.away = func(attempt int) time.Duration { return rules.before(attempt, luck) }
	}
	crowd.begin(math.MaxInt)
	return &restarts{site: s, crowd: crowd, rules: rules}
}

// once stops the site under load, waits, starts it and waits until everybody is back. It returns
// how long the stop took, and how long after the start everybody was back.
func (r *restarts) once(t testing.TB, wait func()) (stopping, comingBack time.Duration) {
	t.Helper()
	const load = 100
	r.crowd.arrive(r.version + load)
	began := time.Now()
	if status := r.site.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	stopping = time.Since(began)
	r.version = int64(len(r.site.Messages()))
	wait()
	r.site.Start("--limits", "off")
	began = time.Now()
	r.crowd.arrive(r.version)
	return stopping, time.Since(began)
}

// TestCleanStop checks that SIGTERM under load loses nothing, and that everybody is back after the
// next start, also after a long while.
func TestCleanStop(t *testing.T) {
	t.Parallel()
	const readers = 300
	r := restartsUnder(t, readers)
	waits := []func(){
		func() {},
		func() {
			for _, one := range r.crowd.readers {
				e2etest.Eventually(t, "everybody waits for as long as pages do", func() bool { return r.rules.isAwayForLongest(one) })
			}
		},
	}
	for _, wait := range waits {
		r.once(t, wait)
	}
	close(r.crowd.ending)
	if _, again, opened := r.crowd.agree(r.site); again == 0 || opened < readers*(len(waits)+1) {
		t.Errorf("%d posts were repeated and %d streams opened, want some and at least %d", again, opened, readers*(len(waits)+1))
	}
}

// BenchmarkCleanStop measures how long the program takes to end under load, and how soon after the
// next start all its readers are back.
func BenchmarkCleanStop(b *testing.B) {
	r := restartsUnder(b, 300)
	var stopping, comingBack time.Duration
	count := 0.0
	for b.Loop() {
		stopped, back := r.once(b, func() {})
		stopping, comingBack = stopping+stopped, comingBack+back
		count++
	}
	b.ReportMetric(1000*stopping.Seconds()/count, "ms/stop")
	b.ReportMetric(1000*comingBack.Seconds()/count, "ms/back")
	b.ReportMetric(0, "ns/op") // which the load is part of
}
