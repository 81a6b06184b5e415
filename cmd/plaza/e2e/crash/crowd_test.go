package crash

import (
	"cmp"
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
	"plaza/store/storetest/proof"
)

// crowd is the authors and the readers of the public chat.
type crowd struct {
	t       testing.TB
	authors []*author
	readers []*reader

	posting, reading sync.WaitGroup
	ending           chan struct{}
	confirmed        chan struct{}      // receives a value when a message is confirmed
	changed          chan struct{}      // receives a value when a change of a message is confirmed
	leave            context.CancelFunc // makes readers leave and authors give up
}

// newCrowd makes a crowd of members. Each is an author, and they share the streams as readers. They
// reach the site at the address of reached. An author waits at most thinking between two messages.
func newCrowd(t testing.TB, reached *e2etest.Site, c e2etest.Chance, people map[string]*http.Client, streams int, thinking time.Duration) *crowd {
	gathered := &crowd{t: t, ending: make(chan struct{}), confirmed: make(chan struct{}), changed: make(chan struct{})}
	names, read := slices.Sorted(maps.Keys(people)), &frames{seed: maphash.MakeSeed()}
	for _, name := range names {
		gathered.authors = append(gathered.authors, &author{
			site: reached, name: name, client: people[name], luck: c.Of(name), thinking: thinking,
			confirmed: gathered.confirmed, changed: gathered.changed,
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

// said returns all messages of the authors, by nonce, how often they changed some in which way, and the number of
// repeated requests.
func (c *crowd) said() (said map[string]utterance, did [deeds]int, again int) {
	said = map[string]utterance{}
	for _, a := range c.authors {
		again += a.again
		for i, times := range a.did {
			did[i] += times
		}
		for _, u := range a.said {
			said[u.nonce] = u
		}
	}
	return said, did, again
}

// agree waits until all posts and changes are confirmed and read. It checks that the log has each once and in order,
// and that all readers have the log. It returns the log, the number of repeated requests and the number of streams
// that readers opened.
func (c *crowd) agree(database *e2etest.Site) (log []store.Message, again, opened int) {
	c.t.Helper()
	c.posting.Wait()
	// A post whose author left may still arrive, and readers get it too.
	for arrived := int64(-1); arrived != e2etest.VersionOf(log); log = database.Messages() {
		arrived = e2etest.VersionOf(log)
		c.arrive(arrived)
	}
	said, did, again := c.said()
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
	counts := fmt.Sprintf("%d messages; %d edited, %d deleted, %d restored, %d reactions, %d taken back; %d requests repeated, %d streams opened, %d pages replaced",
		len(log), did[edited], did[deleted], did[restored], did[reacted], did[unreacted], again, opened, fresh)
	c.t.Log(counts)
	if slices.Min(did[:]) < proof.Times(0, 1) {
		c.t.Error(counts)
	}
	return log, again, opened
}

// step is a change of the log that is known to have a version: a post, or the latest change of a message.
type step struct {
	version int64
	period
	nonce     string
	abandoned bool
}

// isHistoryOf checks that a log has exactly the messages said, as their authors were told last, without gaps in its
// versions, and in order: what was confirmed before something else was begun has the lower version.
func isHistoryOf(said map[string]utterance, log []store.Message) error {
	found := map[string]bool{}
	var steps []step
	replies := map[int64]int{} // by the seq of the message that began the thread
	for _, message := range log {
		if message.Thread > 0 && !message.Deleted {
			replies[message.Thread]++
		}
	}
	taken, last := int64(0), int64(0)
	for _, message := range log {
		u, ok := said[message.Nonce]
		if !ok || message.Author.Username != u.author || u.seq != message.Seq && !u.abandoned {
			return fmt.Errorf("the log has %+v, which no author posted", message)
		}
		if found[u.nonce] || message.Seq <= last {
			return fmt.Errorf("the log has %+v twice, or after message %d", message, last)
		}
		found[u.nonce], last = true, message.Seq
		text := u.text
		if u.deleted {
			text = ""
		}
		if message.Source != text || message.Deleted != u.deleted || message.Edits != u.edits {
			return fmt.Errorf("the log has %+v, and its author was told %+v", message, u)
		}
		if message.Answers.Seq != u.answers || message.Thread == 0 && message.Replies != replies[message.Seq] {
			return fmt.Errorf("the log has %+v, which answers message %d and has %d replies", message, u.answers, replies[message.Seq])
		}
		if hasReaction := message.Reactions != ""; hasReaction != (u.reacted && !u.deleted) {
			return fmt.Errorf("the log has %+v, and its author was told %+v", message, u)
		}
		steps = append(steps, step{message.Seq, u.posted, u.nonce, u.abandoned})
		if u.changes > 0 {
			steps = append(steps, step{message.Version, u.changed, u.nonce, false})
		} else if message.Version != message.Seq {
			return fmt.Errorf("the log has %+v, which nobody changed", message)
		}
		taken += 1 + int64(u.changes)
	}
	if version := e2etest.VersionOf(log); version != taken {
		return fmt.Errorf("the log has version %d, and %d posts and changes", version, taken)
	}
	for _, u := range said {
		if !found[u.nonce] && !u.abandoned {
			return fmt.Errorf("%q was confirmed, but the log lacks it", u.nonce)
		}
	}
	return areInOrder(steps)
}

// areInOrder checks that each step has a version of its own, and that one that was confirmed before another was begun
// has the lower version.
func areInOrder(steps []step) error {
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.version, b.version) })
	var begun step // the step so far that was begun last
	for i, one := range steps {
		if i > 0 && one.version == steps[i-1].version {
			return fmt.Errorf("%+v and %+v have the same version", steps[i-1], one)
		}
		if one.confirmed.Before(begun.begun) && !one.abandoned {
			return fmt.Errorf("%+v comes after %+v, but it was confirmed before the other was begun", one, begun)
		}
		if one.begun.After(begun.begun) {
			begun = one
		}
	}
	return nil
}
