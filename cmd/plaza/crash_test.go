package main

import (
	"math"
	"testing"
	"time"
)

// TestCrash kills the site under load, again and again: whatever an author saw confirmed is
// in the log, once and in order, and every reader has exactly the log.
func TestCrash(t *testing.T) {
	t.Parallel()
	const kills, authors, readers = 25, 8, 40
	c := newChance(t)
	s := open(t, "--limits", "off")
	crowd := newCrowd(t, s, c, s.people(authors), readers, 50*time.Millisecond)
	crowd.begin(math.MaxInt)
	lives := c.of("lives")
	for kill := range kills {
		// Some lives are so short that readers are still catching up. Two of three end as soon as
		// a post is confirmed: were that before its commit, it would be lost.
		life := between(lives, 30*time.Millisecond, 800*time.Millisecond)
		time.Sleep(life)
		if kill%3 > 0 {
			select {
			case <-crowd.confirmed:
			case <-time.After(patience):
				t.Fatalf("nothing was confirmed %v after the site had lived for %v", patience, life)
			}
		}
		s.kill()
		s.start("--limits", "off")
	}
	close(crowd.ending)
	_, again, opened := crowd.agree(s)
	// Or the crashes would have hit nobody.
	if again < kills || opened < readers*kills/2 {
		t.Errorf("%d posts were repeated and %d streams opened, in %d crashes", again, opened, kills)
	}
}
