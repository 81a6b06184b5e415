package e2etest

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"plaza/store"
)

// Talk is people who post side by side, each as fast as they are answered, until a post of
// theirs is not confirmed. The body of each post is its nonce too.
type Talk struct {
	Room string

	posting sync.WaitGroup
	ending  chan struct{}

	mu          sync.Mutex
	confirmed   []string
	unconfirmed map[string]*http.Client // by whom it was posted
}

// Talk has people begin to post to the public chat. What they say begins with the topic, which
// is to be new.
func (s *Site) Talk(people []*http.Client, topic string) *Talk {
	return s.TalkIn(strconv.FormatInt(store.PublicRoom, 10), people, topic)
}

// TalkIn is Talk for any room.
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

// post returns false where the person is to post no more.
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

// Confirmed returns how many posts are confirmed so far.
func (c *Talk) Confirmed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.confirmed)
}

// Wait waits until everybody has a post that is not confirmed.
func (c *Talk) Wait() { c.posting.Wait() }

// End has everybody stop, and returns what was confirmed, and by whom what was not.
func (c *Talk) End() (confirmed []string, unconfirmed map[string]*http.Client) {
	close(c.ending)
	c.posting.Wait()
	return c.confirmed, c.unconfirmed
}
