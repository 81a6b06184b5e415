package main

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"plaza/store"
	"plaza/store/database"
)

// talk is people who post side by side, each as fast as they are answered, until a post of
// theirs is not confirmed. The body of each post is its nonce too.
type talk struct {
	room    string
	posting sync.WaitGroup
	ending  chan struct{}

	mu          sync.Mutex
	confirmed   []string
	unconfirmed map[string]*http.Client // by whom it was posted
}

// talk has people begin to post to the public chat; what they say begins with the topic, which is
// to be new.
func (s *site) talk(people []*http.Client, topic string) *talk {
	return s.talkIn(strconv.FormatInt(store.PublicRoom, 10), people, topic)
}

// talkIn is talk for any room.
func (s *site) talkIn(room string, people []*http.Client, topic string) *talk {
	c := &talk{room: room, ending: make(chan struct{}), unconfirmed: map[string]*http.Client{}}
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
	status, err := s.postTo(c.room, person, body, body)
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
func (s *site) messages() []store.Message { return s.messagesOf(store.PublicRoom) }

// messagesOf is messages for any room.
func (s *site) messagesOf(room int64) []store.Message {
	s.t.Helper()
	archive, err := store.Open(s.t.Context(), s.database, store.Admin)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	messages, err := archive.Changes(s.t.Context(), room, 0, math.MaxInt64)
	if err != nil {
		s.t.Fatal(err)
	}
	var version int64
	err = archive.InTx(s.t.Context(), func(tx *database.Tx) error {
		return tx.QueryRowContext(s.t.Context(), `SELECT version FROM rooms WHERE id = $1`, room).Scan(&version)
	})
	if err != nil || version != int64(len(messages)) {
		s.t.Errorf("the room is at version %d with %d messages, %v", version, len(messages), err)
	}
	return messages
}

// holds checks that each of these posts is in the database once, and that the versions there
// have no gaps. It returns how many messages there are.
func (s *site) holds(bodies []string) int {
	s.t.Helper()
	return s.holdsIn(store.PublicRoom, bodies)
}

// holdsIn is holds for any room.
func (s *site) holdsIn(room int64, bodies []string) int {
	s.t.Helper()
	messages := s.messagesOf(room)
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

// The public chat and a private room, side by side.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	const rounds, people, enough = 3, 8, 300
	s := open(t, "--limits", "off")
	var clients []*http.Client
	for i := range people {
		clients = append(clients, s.register(fmt.Sprint("author", i)))
	}
	group := s.group("author", clients)
	id, err := strconv.ParseInt(group, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	rooms := []int64{store.PublicRoom, id}
	posted := make([][]string, len(rooms))
	for round := range rounds {
		talks := []*talk{s.talk(clients[:people/2], fmt.Sprint("round ", round)), s.talkIn(group, clients[people/2:], fmt.Sprint("private round ", round))}
		eventually(t, "enough posts are confirmed", func() bool {
			return talks[0].confirmedSoFar() >= enough && talks[1].confirmedSoFar() >= enough
		})
		s.kill()
		var unconfirmed []map[string]*http.Client
		for i, talk := range talks {
			confirmed, lost := talk.end()
			posted[i], unconfirmed = append(posted[i], confirmed...), append(unconfirmed, lost)
		}
		s.start("--limits", "off")
		for i, room := range rooms {
			if count := s.holdsIn(room, posted[i]); count > len(posted[i])+len(unconfirmed[i]) {
				t.Errorf("%d messages are there, of %d posts", count, len(posted[i])+len(unconfirmed[i]))
			}
			if len(unconfirmed[i]) == 0 {
				t.Error("nobody was posting when the program was killed")
			}
			for body, person := range unconfirmed[i] {
				s.mustPostTo(talks[i].room, person, body)
				posted[i] = append(posted[i], body)
			}
			if count := s.holdsIn(room, posted[i]); count != len(posted[i]) {
				t.Errorf("%d messages are there, of %d posts that were sent again where they were not confirmed", count, len(posted[i]))
			}
		}
	}
}
