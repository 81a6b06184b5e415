package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
)

// longestOutage is how long an author repeats a post. The sites and networks of these tests are never
// away that long.
const longestOutage = 3 * e2etest.Patience

// author posts one message after the other. It repeats each post until it is confirmed.
type author struct {
	site     *e2etest.Site
	name     string
	client   *http.Client
	luck     *rand.Rand
	thinking time.Duration // the longest time between two messages
	// cutShort says that the network may half-close a connection. Then a post may reach the site without
	// its end, and the site answers 400. cut counts these answers.
	cutShort bool
	cut      int

	// confirmed receives a value when a message is confirmed, if a test waits for one.
	confirmed chan<- struct{}

	said  []utterance
	again int // the number of repeated posts
}

// utterance is a message that an author posted. Its body is its nonce too.
type utterance struct {
	author, body     string
	begun, confirmed time.Time
	abandoned        bool // the author left before the answer; the log may have the message or not
}

// speak posts most messages, or fewer if ending is closed. It always finishes a message.
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
		// A page that did not get the answer posts again a message that the log has.
		if earlier := a.said[a.luck.IntN(len(a.said))]; !earlier.abandoned && a.luck.IntN(10) == 0 {
			if err := a.say(ctx, earlier.body); err != nil {
				return err
			}
		}
	}
	return nil
}

// next returns the author's next message.
func (a *author) next() utterance {
	return utterance{author: a.name, body: fmt.Sprintf("%s says %d", a.name, len(a.said)), begun: time.Now()}
}

// tell posts the author's next message.
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

// abandon posts a message from a page that closes at the same moment.
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
			return fmt.Errorf("the answer to %q has status %d, want 204 or 503", body, status)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the test ended before %q was confirmed", body)
		case <-time.After(e2etest.Between(a.luck, 5*time.Millisecond, 50*time.Millisecond)):
		}
	}
	return fmt.Errorf("%q was not confirmed in %v", body, longestOutage)
}
