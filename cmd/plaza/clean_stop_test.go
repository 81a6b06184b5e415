package main

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"
)

const (
	// mostAway is how soon after the site all pages are to be back.
	mostAway = 3 * time.Second
	// forHandshakes is what a machine that is busy with other tests may need for all of them beside.
	forHandshakes = 3 * time.Second
)

// backOff is how long a page waits before it tries to come back: reconnectDelay, and twice as
// long after each attempt that came to nothing, up to reconnectMaxDelay.
type backOff struct {
	Delay    float64 `json:"reconnectDelay"`    // ms
	MaxDelay float64 `json:"reconnectMaxDelay"` // ms
	Jitter   float64 `json:"reconnectJitter"`   // the share by which a delay may be shorter or longer
}

// backOff reads the rules from a page, with htmx's own where the page says nothing.
func (s *site) backOff(client *http.Client) backOff {
	s.t.Helper()
	answer, err := client.Get(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	_, page := s.page(answer)
	said, _ := page.Find(`meta[name="htmx-config"]`).Attr("content")
	config := struct {
		Stream backOff `json:"ws"`
	}{backOff{Delay: 500, MaxDelay: 60_000, Jitter: 0.3}}
	if err := json.Unmarshal([]byte(said), &config); err != nil {
		s.t.Fatalf("the page's settings for htmx are %q: %v", said, err)
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

// TestCleanStop checks that SIGTERM under load loses nothing, and that everybody is back soon
// after the next start, however long that took. It measures, so it runs beside no other test.
func TestCleanStop(t *testing.T) {
	const authors, readers, load = 4, 300, 100
	c := newChance(t)
	s := open(t, "--limits", "off")
	people := s.people(authors)
	crowd := newCrowd(t, s, c, people, readers, 100*time.Millisecond)
	rules := s.backOff(people[crowd.authors[0].name])
	if longest := time.Duration(rules.MaxDelay*(1+rules.Jitter)) * time.Millisecond; longest > mostAway {
		t.Fatalf("a page may wait for %v until it tries to come back, want less than %v", longest, mostAway)
	}
	for _, r := range crowd.readers {
		luck := c.of(r.name)
		r.away = func(attempt int) time.Duration { return rules.before(attempt, luck) }
	}
	crowd.begin(math.MaxInt)

	version := int64(0) // at which the site was stopped
	restart := func(wait func()) time.Duration {
		crowd.arrive(version + load)
		if status, took := s.stop(); status != 0 || took > mostDrain {
			t.Errorf("exit status %d after %v", status, took)
		}
		version = int64(len(s.messages()))
		wait()
		s.start("--limits", "off")
		began := time.Now()
		crowd.arrive(version)
		return time.Since(began)
	}
	tests := []struct {
		name string
		wait func()
	}{
		{"at once", func() {}},
		{"when everybody waits for as long as pages do", func() {
			for _, r := range crowd.readers {
				eventually(t, "everybody waits for as long as pages do", func() bool { return rules.isAwayForLongest(r) })
			}
		}},
	}
	for _, test := range tests {
		// Of the 3 s, pages may take 2.6, as was checked above. What so many handshakes take then
		// depends on what else the machine does.
		took := restart(test.wait)
		t.Logf("started again %s, all are back in %v", test.name, took)
		if took > mostAway+forHandshakes {
			t.Errorf("started again %s, all are back only in %v, want %v", test.name, took, mostAway)
		}
	}
	close(crowd.ending)
	if _, again, opened := crowd.agree(s); again == 0 || opened < readers*(len(tests)+1) {
		t.Errorf("%d posts were repeated and %d streams opened, want some and at least %d", again, opened, readers*(len(tests)+1))
	}
}
