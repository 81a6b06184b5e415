package main

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"testing"

	"plaza/store"
)

// talk is people who post side by side, each as fast as they are answered, until a post of
// theirs is not confirmed. The body of each post is its nonce too.
type talk struct {
	posting sync.WaitGroup
	ending  chan struct{}

	mu          sync.Mutex
	confirmed   []string
	unconfirmed map[string]*http.Client // by whom it was posted
}

// talk has people begin to post; what they say begins with the topic, which is to be new.
func (s *site) talk(people []*http.Client, topic string) *talk {
	c := &talk{ending: make(chan struct{}), unconfirmed: map[string]*http.Client{}}
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
func (c *talk) post(s *site, person *http.Client, body string) bool {
	select {
	case <-c.ending:
		return false
	default:
	}
	status, err := s.post(person, body, body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || status != http.StatusNoContent {
		c.unconfirmed[body] = person
		return false
	}
	c.confirmed = append(c.confirmed, body)
	return true
}

func (c *talk) confirmedSoFar() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.confirmed)
}

// end has everybody stop, and returns what was confirmed, and by whom what was not.
func (c *talk) end() ([]string, map[string]*http.Client) {
	close(c.ending)
	c.posting.Wait()
	return c.confirmed, c.unconfirmed
}

// messages reads all of the public chat from the database, beside the site or without it.
func (s *site) messages() []store.Message {
	s.t.Helper()
	archive, err := store.Open(s.t.Context(), s.database, store.Admin)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	messages, err := archive.Changes(s.t.Context(), store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		s.t.Fatal(err)
	}
	room, err := archive.RoomFor(s.t.Context(), 0, store.PublicRoom)
	if err != nil || room.Version != int64(len(messages)) {
		s.t.Errorf("the room is at version %d with %d messages, %v", room.Version, len(messages), err)
	}
	return messages
}

// holds checks that each of these posts is in the database once, and that the versions there
// have no gaps. It returns how many messages there are.
func (s *site) holds(bodies []string) int {
	s.t.Helper()
	messages := s.messages()
	times := map[string]int{}
	for i, message := range messages {
		times[message.Source]++
		if message.Version != int64(i+1) || message.Seq != message.Version {
			s.t.Fatalf("at place %d is the message %d with version %d", i+1, message.Seq, message.Version)
		}
	}
	for _, body := range bodies {
		if times[body] != 1 {
			s.t.Errorf("%q was confirmed, and is there %d times", body, times[body])
		}
	}
	return len(messages)
}

func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	const rounds, people, enough = 3, 8, 300
	s := open(t, "--limits", "off")
	var clients []*http.Client
	for i := range people {
		clients = append(clients, s.register(fmt.Sprint("author", i)))
	}
	var posted []string
	for round := range rounds {
		talk := s.talk(clients, fmt.Sprint("round ", round))
		eventually(t, "enough posts are confirmed", func() bool { return talk.confirmedSoFar() >= enough })
		s.kill()
		confirmed, unconfirmed := talk.end()
		s.start("--limits", "off")
		posted = append(posted, confirmed...)
		if count := s.holds(posted); count > len(posted)+len(unconfirmed) {
			t.Errorf("%d messages are there, of %d posts", count, len(posted)+len(unconfirmed))
		}
		if len(unconfirmed) == 0 {
			t.Error("nobody was posting when the program was killed")
		}
		for body, person := range unconfirmed {
			s.mustPost(person, body)
			posted = append(posted, body)
		}
		if count := s.holds(posted); count != len(posted) {
			t.Errorf("%d messages are there, of %d posts that were sent again where they were not confirmed", count, len(posted))
		}
	}
}
