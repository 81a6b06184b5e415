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

// mostAway is the longest that a page may wait before it reconnects.
const mostAway = 3 * time.Second

// backOff holds the rules by which a page reconnects. It waits for reconnectDelay, and twice as long
// after each attempt that fails, up to reconnectMaxDelay.
type backOff struct {
	Delay    float64 `json:"reconnectDelay"`    // ms
	MaxDelay float64 `json:"reconnectMaxDelay"` // ms
	Jitter   float64 `json:"reconnectJitter"`   // by this share a delay may be shorter or longer
}

// backOffOf reads the rules from a page. htmx's defaults apply if the page sets none.
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

// before returns how long a page waits before an attempt. The first attempt is 1.
func (b backOff) before(attempt int, luck *rand.Rand) time.Duration {
	delay := min(b.Delay*math.Pow(2, float64(attempt-1)), b.MaxDelay)
	delay += (2*luck.Float64() - 1) * b.Jitter * delay
	return time.Duration(delay * float64(time.Millisecond))
}

// isAwayForLongest tells whether a reader has reached the longest wait.
func (b backOff) isAwayForLongest(r *reader) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.breach != nil || r.attempt > 0 && b.Delay*math.Pow(2, float64(r.attempt-1)) >= b.MaxDelay
}

// restarts is a site that stops and starts again while a crowd writes and reads.
type restarts struct {
	site    *e2etest.Site
	crowd   *crowd
	rules   backOff
	version int64 // of the public chat when the site stopped
}

// restartsUnder opens a site for a number of readers, who reconnect by the rules of the site's pages.
func restartsUnder(t testing.TB, readers int) *restarts {
	t.Helper()
	const authors = 4
	c := e2etest.NewChance(t)
	s := e2etest.Open(t, "--limits", "off")
	people := people(s, authors)
	crowd := newCrowd(t, s, c, people, readers, 100*time.Millisecond)
	rules := backOffOf(s, people[crowd.authors[0].name])
	if longest := time.Duration(rules.MaxDelay*(1+rules.Jitter)) * time.Millisecond; longest > mostAway {
		t.Fatalf("a page may wait %v before it reconnects, want at most %v", longest, mostAway)
	}
	for _, r := range crowd.readers {
		luck := c.Of(r.name)
		r.away = func(attempt int) time.Duration { return rules.before(attempt, luck) }
	}
	crowd.begin(math.MaxInt)
	return &restarts{site: s, crowd: crowd, rules: rules}
}

// once stops the site under load, calls wait, starts the site and waits until all readers are back. It
// returns how long the stop took, and how long the readers took to come back after the start.
func (r *restarts) once(t testing.TB, wait func()) (stopping, comingBack time.Duration) {
	t.Helper()
	const load = 100
	r.crowd.arrive(r.version + load)
	began := time.Now()
	if status := r.site.Stop(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	stopping = time.Since(began)
	r.version = e2etest.VersionOf(r.site.Messages())
	wait()
	r.site.Start("--limits", "off")
	began = time.Now()
	r.crowd.arrive(r.version)
	return stopping, time.Since(began)
}

// TestCleanStop checks that SIGTERM under load loses nothing, and that all readers come back after the
// next start, even after a long time.
func TestCleanStop(t *testing.T) {
	t.Parallel()
	const readers = 300
	r := restartsUnder(t, readers)
	waits := []func(){
		func() {},
		func() {
			for _, one := range r.crowd.readers {
				e2etest.Eventually(t, "all readers have reached the longest wait", func() bool { return r.rules.isAwayForLongest(one) })
			}
		},
	}
	for _, wait := range waits {
		r.once(t, wait)
	}
	close(r.crowd.ending)
	if _, again, opened := r.crowd.agree(r.site); again == 0 || opened < readers*(len(waits)+1) {
		t.Errorf("authors repeated %d posts and readers opened %d streams, want some and at least %d", again, opened, readers*(len(waits)+1))
	}
}

// BenchmarkCleanStop measures how long the program takes to end under load, and how soon after the
// next start all readers are back.
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
	b.ReportMetric(0, "ns/op") // it would include the load
}
