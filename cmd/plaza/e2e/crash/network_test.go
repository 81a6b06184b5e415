package crash

import (
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

// TestNetwork has authors and readers reach the site through a network that delays, cuts in
// the middle of a frame, stalls and half-closes: it may keep them waiting, and no more.
func TestNetwork(t *testing.T) {
	t.Parallel()
	const authors, readers = 8, 40
	messages, least := proof.Times(20, 60), proof.Times(2, 10)
	c := e2etest.NewChance(t)
	s := e2etest.Open(t, "--limits", "off")
	people := people(s, authors)
	reached, network := behindProxy(t, s, c)
	crowd := newCrowd(t, reached, c, people, readers, 200*time.Millisecond)
	for _, a := range crowd.authors {
		a.cutShort = true
	}
	crowd.begin(messages)
	log, again, opened := crowd.agree(s)
	if len(log) < authors*messages {
		t.Errorf("the log has %d messages, want %d and more", len(log), authors*messages)
	}
	network.mu.Lock()
	defer network.mu.Unlock()
	cut := 0
	for _, a := range crowd.authors {
		cut += a.cut
	}
	t.Logf("the network: %v, %d of them inside what was written as one; %d posts came without their end", network.happens, network.inside, cut)
	if cut > network.happens[halfClose] {
		t.Errorf("%d posts were not understood, and %d connections half-closed", cut, network.happens[halfClose])
	}
	// Or the network would have been a good one.
	for _, kind := range troubles {
		if network.happens[kind] < least {
			t.Errorf("%d connections were %s", network.happens[kind], kind)
		}
	}
	if network.inside < readers || again < proof.Times(1, authors) || opened < proof.Times(3, 6)*readers/2 {
		t.Errorf("%d troubles inside a frame, %d posts repeated, %d streams opened", network.inside, again, opened)
	}
}
