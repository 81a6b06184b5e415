package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// longestOutage is how long an author tries to have a message confirmed: the sites and
// networks of these tests are never away for so long.
const longestOutage = 3 * e2etest.Patience

// author posts one message after the other, each again and again until it is confirmed.
type author struct {
	site     *e2etest.Site
	name     string
	client   *http.Client
	luck     *rand.Rand
	thinking time.Duration // the most that passes between two messages
	// cutShort says that the network may half-close: then a post may reach the site without its
	// end, and be answered so, as cut counts.
	cutShort bool
	cut      int

	// confirmed tells whoever waits for it that a message was just confirmed.
	confirmed chan<- struct{}

	said  []utterance
	again int // how often a post was repeated because it was not confirmed
}

// utterance is a message that was posted. Its body is its nonce too.
type utterance struct {
	author, body     string
	begun, confirmed time.Time
	abandoned        bool // its author left before the answer came: it may be in the log, or not
}

// speak says so many messages, or until it is told to end; what was begun is finished.
func (a *author) speak(ctx context.Context, ending <-chan struct{}, most int) error {
	for range most {
		select {
		case <-ending:
			return nil
		case <-ctx.Done(): // the test has failed
			return nil
		case <-time.After(e2etest.Between(a.luck, 0, a.thinking)):
		}
		if a.luck.IntN(10) == 0 {
			a.abandon()
		}
		if err := a.tell(ctx); err != nil {
			return err
		}
		// A page whose answer was lost sends again what is long there.
		if earlier := a.said[a.luck.IntN(len(a.said))]; !earlier.abandoned && a.luck.IntN(10) == 0 {
			if err := a.say(ctx, earlier.body); err != nil {
				return err
			}
		}
	}
	return nil
}

// next is what the author says next.
func (a *author) next() utterance {
	return utterance{author: a.name, body: fmt.Sprintf("%s says %d", a.name, len(a.said)), begun: time.Now()}
}

// tell says one message more.
func (a *author) tell(ctx context.Context) error {
	u := a.next()
	if err := a.say(ctx, u.body); err != nil {
		return err
	}
	u.confirmed = time.Now()
	a.said = append(a.said, u)
	select {
	case a.confirmed <- struct{}{}:
	default:
	}
	return nil
}

// abandon posts a message as somebody does whose page is closed at that moment.
func (a *author) abandon() {
	u := a.next()
	leaving := &http.Client{Jar: a.client.Jar, Timeout: e2etest.Between(a.luck, 100*time.Microsecond, 5*time.Millisecond)}
	status, err := a.site.Post(leaving, u.body, u.body)
	u.confirmed, u.abandoned = time.Now(), err != nil || status != http.StatusNoContent
	a.said = append(a.said, u)
}

// say posts a message until it is confirmed.
func (a *author) say(ctx context.Context, body string) error {
	for begun := time.Now(); time.Since(begun) < longestOutage; a.again++ {
		status, err := a.site.Post(a.client, body, body)
		switch {
		case err == nil && status == http.StatusNoContent:
			return nil
		case err == nil && status == http.StatusBadRequest && a.cutShort:
			a.cut++
		case err == nil && status != http.StatusServiceUnavailable:
			return fmt.Errorf("%q is answered with %d, want 204, or 503 where it is to be sent again", body, status)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the test ended before %q was confirmed", body)
		case <-time.After(e2etest.Between(a.luck, 5*time.Millisecond, 50*time.Millisecond)):
		}
	}
	return fmt.Errorf("%q was not confirmed in %v", body, longestOutage)
}
