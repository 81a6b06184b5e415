package e2etest

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"plaza/store"
)

// Talk is a group of authors who post side by side. Each posts the next message when the last is
// confirmed, and stops if one is not. The body of a post is its nonce too.
type Talk struct {
	Room string

	posting sync.WaitGroup
	ending  chan struct{}

	mu          sync.Mutex
	confirmed   []string
	unconfirmed map[string]*http.Client // the author's client, by body
}

// Talk makes people post to the public chat until End. Their messages begin with the topic. A site must
// have each topic only once.
func (s *Site) Talk(people []*http.Client, topic string) *Talk {
	return s.TalkIn(strconv.FormatInt(store.PublicRoom, 10), people, topic)
}

// TalkIn is like Talk, for any room.
func (s *Site) TalkIn(room string, people []*http.Client, topic string) *Talk {
	c := &Talk{Room: room, ending: make(chan struct{}), unconfirmed: map[string]*http.Client{}}
	for i, person := range people {
		c.posting.Go(func() {
			for n := 0; ; n++ {
				if !c.post(s, person, fmt.Sprintf("%s %d of %d", topic, n, i)) {
					return
				}
			}
		})
	}
	return c
}

// post posts a message. It returns false if the author must stop.
func (c *Talk) post(s *Site, person *http.Client, body string) bool {
	select {
	case <-c.ending:
		return false
	default:
	}
	status, err := s.PostTo(c.Room, person, body, body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || status != http.StatusNoContent {
		c.unconfirmed[body] = person
		return false
	}
	c.confirmed = append(c.confirmed, body)
	return true
}

// Confirmed returns the number of posts confirmed so far.
func (c *Talk) Confirmed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.confirmed)
}

// Wait waits until each author has stopped because of a post that was not confirmed.
func (c *Talk) Wait() { c.posting.Wait() }

// End stops the authors. It returns the bodies that were confirmed, and the clients of those that were
// not, by body.
func (c *Talk) End() (confirmed []string, unconfirmed map[string]*http.Client) {
	close(c.ending)
	c.posting.Wait()
	return c.confirmed, c.unconfirmed
}
