package crash

import (
	"math"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

// TestCrash kills the site under load, again and again. The log must have every confirmed message once
// and in order, and every reader must have exactly the log.
func TestCrash(t *testing.T) {
	t.Parallel()
	const authors, readers = 8, 40
	kills := proof.Times(3, 25)
	c := e2etest.NewChance(t)
	s := e2etest.Open(t, "--limits", "off")
	crowd := newCrowd(t, s, c, people(s, authors), readers, 50*time.Millisecond)
	crowd.begin(math.MaxInt)
	lives := c.Of("lives")
	for kill := range kills {
		// Some lives are so short that readers are still catching up. Two of three lives end as soon as a
		// post or a change is confirmed. One that was confirmed before its commit would be lost.
		life := e2etest.Between(lives, 30*time.Millisecond, 800*time.Millisecond)
		time.Sleep(life)
		if kill%3 > 0 {
			select {
			case <-[]chan struct{}{crowd.confirmed, crowd.changed}[kill%3-1]:
			case <-time.After(e2etest.Patience):
				t.Fatalf("no post or change was confirmed in %v, after the site ran for %v", e2etest.Patience, life)
			}
		}
		s.Kill()
		s.Start("--limits", "off")
	}
	close(crowd.ending)
	_, again, opened := crowd.agree(s)
	// Otherwise the crashes hit no author and no reader.
	if again < kills || opened < readers*kills/2 {
		t.Errorf("authors repeated %d posts and readers opened %d streams, in %d crashes", again, opened, kills)
	}
}
