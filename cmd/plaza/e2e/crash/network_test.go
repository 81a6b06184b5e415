package crash

import (
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
)

// TestNetwork puts a bad network between the site and its authors and readers. The network delays,
// stalls, half-closes, and cuts in the middle of a frame. That may make them wait, and nothing else.
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
		t.Errorf("the log has %d messages, want at least %d", len(log), authors*messages)
	}
	network.mu.Lock()
	defer network.mu.Unlock()
	cut := 0
	for _, a := range crowd.authors {
		cut += a.cut
	}
	t.Logf("the network: %v, %d of them inside one write; %d posts arrived without their end", network.happens, network.inside, cut)
	if cut > network.happens[halfClose] {
		t.Errorf("the site refused %d posts as cut short, and %d connections were half-closed", cut, network.happens[halfClose])
	}
	// Otherwise the network was a good one.
	for _, kind := range troubles {
		if network.happens[kind] < least {
			t.Errorf("only %d connections were %s", network.happens[kind], kind)
		}
	}
	if network.inside < readers || again < proof.Times(1, authors) || opened < proof.Times(3, 6)*readers/2 {
		t.Errorf("only %d troubles inside a frame, %d posts repeated or %d streams opened", network.inside, again, opened)
	}
}
