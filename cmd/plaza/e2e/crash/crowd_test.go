package crash

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
)

// crowd is the authors and the readers of the public chat.
type crowd struct {
	t       testing.TB
	authors []*author
	readers []*reader

	posting, reading sync.WaitGroup
	ending           chan struct{}
	confirmed        chan struct{}      // receives a value when a message is confirmed
	leave            context.CancelFunc // makes readers leave and authors give up
}

// newCrowd makes a crowd of members. Each is an author, and they share the streams as readers. They
// reach the site at the address of reached. An author waits at most thinking between two messages.
func newCrowd(t testing.TB, reached *e2etest.Site, c e2etest.Chance, people map[string]*http.Client, streams int, thinking time.Duration) *crowd {
	gathered := &crowd{t: t, ending: make(chan struct{}), confirmed: make(chan struct{})}
	names, read := slices.Sorted(maps.Keys(people)), &frames{seed: maphash.MakeSeed()}
	for _, name := range names {
		gathered.authors = append(gathered.authors, &author{
			site: reached, name: name, client: people[name], luck: c.Of(name), thinking: thinking, confirmed: gathered.confirmed,
		})
	}
	for i := range streams {
		name := fmt.Sprint("reader ", i)
		luck := c.Of(name)
		longest := 100 * time.Millisecond
		if i%8 == 7 { // a phone in a pocket
			longest = 2 * time.Second
		}
		gathered.readers = append(gathered.readers, &reader{
			site: reached, name: name, client: people[names[i%len(names)]], frames: read, cut: errors.New("never connected"),
			away: func(int) time.Duration { return e2etest.Between(luck, 5*time.Millisecond, longest) },
		})
	}
	return gathered
}

// people creates count accounts and returns their clients, by name.
func people(s *e2etest.Site, count int) map[string]*http.Client {
	s.T.Helper()
	clients := map[string]*http.Client{}
	names := e2etest.Names("author", count)
	for i, client := range s.Newcomers(names...) {
		clients[names[i]] = client
	}
	return clients
}

// begin starts the readers and the authors. Each author writes most messages, or stops when ending is
// closed.
func (c *crowd) begin(most int) {
	ctx, leave := context.WithCancel(context.Background())
	c.leave = leave
	for _, r := range c.readers {
		c.reading.Go(func() { r.read(ctx) })
	}
	for _, a := range c.authors {
		c.posting.Go(func() {
			if err := a.speak(ctx, c.ending, most); err != nil {
				c.t.Errorf("%s: %v", a.name, err)
			}
		})
	}
	c.t.Cleanup(func() {
		leave()
		c.posting.Wait()
		c.reading.Wait()
	})
}

// arrive waits until all readers are connected and have a version.
func (c *crowd) arrive(version int64) {
	c.t.Helper()
	var missing error
	defer func() {
		if missing != nil {
			c.t.Error(missing)
		}
	}()
	e2etest.Eventually(c.t, fmt.Sprintf("all readers are connected and have version %d", version), func() bool {
		for _, r := range c.readers {
			var broken bool
			if broken, missing = r.isAt(version); broken {
				c.t.FailNow()
			}
			if missing != nil {
				return false
			}
		}
		return true
	})
}

// said returns all messages of the authors, by body, and the number of repeated posts.
func (c *crowd) said() (said map[string]utterance, again int) {
	said = map[string]utterance{}
	for _, a := range c.authors {
		again += a.again
		for _, u := range a.said {
			said[u.body] = u
		}
	}
	return said, again
}

// agree waits until all posts are confirmed and read. It checks that the log has each message once and
// in order, and that all readers have the log. It returns the log, the number of repeated posts and the
// number of streams that readers opened.
func (c *crowd) agree(database *e2etest.Site) (log []store.Message, again, opened int) {
	c.t.Helper()
	c.posting.Wait()
	// A post whose author left may still arrive, and readers get it too.
	for arrived := -1; arrived != len(log); log = database.Messages() {
		arrived = len(log)
		c.arrive(int64(arrived))
	}
	said, again := c.said()
	if err := isHistoryOf(said, log); err != nil {
		c.t.Error(err)
	}
	c.leave()
	c.reading.Wait()
	fresh := 0
	for _, r := range c.readers {
		if err := r.agrees(log); err != nil {
			c.t.Errorf("%s: %v", r.name, err)
		}
		opened += r.opened
		fresh += r.fresh
	}
	c.t.Logf("%d messages, %d posts repeated, %d streams opened, %d pages replaced", len(log), again, opened, fresh)
	return log, again, opened
}

// isHistoryOf checks that a log has exactly the messages said, without gaps in its versions, and in
// order: a message that was confirmed before another was begun comes first.
func isHistoryOf(said map[string]utterance, log []store.Message) error {
	places := map[string]int{}
	var begun utterance // the message so far that was begun last
	for i, message := range log {
		if place := int64(i + 1); message.Seq != place || message.Version != place {
			return fmt.Errorf("message %d of the log has the number %d and version %d", place, message.Seq, message.Version)
		}
		u, ok := said[message.Nonce]
		if !ok || message.Source != u.body || message.Author.Username != u.author {
			return fmt.Errorf("the log has %q by %s with the nonce %q, which no author posted", message.Source, message.Author.Username, message.Nonce)
		}
		if first := places[u.body]; first > 0 {
			return fmt.Errorf("the log has %q twice, as messages %d and %d", u.body, first, i+1)
		}
		places[u.body] = i + 1
		if u.confirmed.Before(begun.begun) && !u.abandoned {
			return fmt.Errorf("the log has %q after %q, but it was confirmed before the other was begun", u.body, begun.body)
		}
		if u.begun.After(begun.begun) {
			begun = u
		}
	}
	for body, u := range said {
		if places[body] == 0 && !u.abandoned {
			return fmt.Errorf("%q was confirmed, but the log lacks it", body)
		}
	}
	return nil
}
