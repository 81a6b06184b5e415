package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// crowd is the number of accounts in a gathering.
const crowd = 8

// gathering is a database with many accounts. It is made once, because hashing their passwords is
// slow.
var gathering = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "plaza")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "plaza.db")
	s, err := store.Open(context.Background(), path, store.Serve, store.CheapHashes)
	if err != nil {
		return nil, err
	}
	for i := range crowd {
		name := fmt.Sprint("author", i)
		_, err := s.CreateUser(context.Background(), store.NewUser{
			Username: name, Email: name + "@example.org", Password: storetest.Password,
		})
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// gather makes the database of a gathering.
func gather(t testing.TB, path string) {
	t.Helper()
	content, err := gathering()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// authors returns the first accounts of a gathering, as messages show them.
func authors(t testing.TB, s *store.Store, n int) []store.User {
	t.Helper()
	people := make([]store.User, n)
	for i := range people {
		user, err := s.UserByName(t.Context(), fmt.Sprint("author", i))
		if err != nil {
			t.Fatal(err)
		}
		people[i] = store.User{Person: store.Person{ID: user.ID, Username: user.Username}}
	}
	return people
}

// talk is a group of authors who post concurrently, each as fast as possible. An author stops after
// a refused post.
type talk struct {
	store   *store.Store
	posting sync.WaitGroup
	ending  chan struct{}
	enough  chan struct{} // closed after enoughPosts confirmed posts

	mu        sync.Mutex
	confirmed []store.Message
	refused   []store.NewMessage
	refusing  []time.Time   // the times of the refusals
	refusal   chan struct{} // closed at the first refusal
	wrong     []error       // unexpected errors
}

const (
	enoughPosts = 40
	mostPosts   = 1000 // of each author
)

// begin starts the authors. Their messages begin with the topic, which must be unique.
func begin(s *store.Store, people []store.User, topic string) *talk {
	c := &talk{store: s, ending: make(chan struct{}), enough: make(chan struct{}), refusal: make(chan struct{})}
	for i, author := range people {
		c.posting.Go(func() {
			for j := range mostPosts {
				select {
				case <-c.ending:
					return
				default:
				}
				n := storetest.New(author, fmt.Sprintf("%s %d of %d", topic, j, i))
				n.HTML = strings.Repeat(n.HTML, 400)
				if !c.post(n) {
					return
				}
			}
		})
	}
	return c
}

// post returns false if the message was refused.
func (c *talk) post(n store.NewMessage) bool {
	m, err := c.store.Post(context.Background(), n)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.confirmed = append(c.confirmed, m.Message)
		if len(c.confirmed) == enoughPosts {
			close(c.enough)
		}
	case store.KindOf(err) == store.Unavailable:
		c.refused, c.refusing = append(c.refused, n), append(c.refusing, time.Now())
		if len(c.refused) == 1 {
			close(c.refusal)
		}
	default:
		c.wrong = append(c.wrong, fmt.Errorf("post %q: %w", n.Nonce, err))
	}
	return err == nil
}

// wait waits until enough posts are confirmed, or all authors have stopped.
func (c *talk) wait() {
	over := make(chan struct{})
	go func() { c.posting.Wait(); close(over) }()
	select {
	case <-c.enough:
	case <-over:
	}
}

// commitWait is how long a commit waits for another program, minus the imprecision of clocks.
const commitWait = 4900 * time.Millisecond

// refusals returns the number of refused posts, the time until the first refusal, and the number of
// refused commits. Each commit waits after the one before.
func (c *talk) refusals(began time.Time) (refused int, waited time.Duration, commits int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, at := range c.refusing {
		if i == 0 || at.Sub(c.refusing[i-1]) >= commitWait {
			commits++
		}
	}
	if len(c.refusing) > 0 {
		waited = c.refusing[0].Sub(began)
	}
	return len(c.refusing), waited, commits
}

func (c *talk) end() {
	close(c.ending)
	c.posting.Wait()
}

// again posts the refused messages again. All of them must be confirmed.
func (c *talk) again(t *testing.T) {
	t.Helper()
	for _, n := range c.refused {
		m, err := c.store.Post(t.Context(), n)
		if err != nil {
			t.Errorf("post %q again: %v", n.Nonce, err)
		}
		c.confirmed = append(c.confirmed, m.Message)
	}
}

// holds checks that a room has exactly these confirmed messages.
func holds(t *testing.T, s *store.Store, talks ...*talk) {
	t.Helper()
	messages, err := s.Changes(t.Context(), store.PublicRoom, 0, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range messages {
		if m.Seq != int64(i+1) || m.Version != m.Seq {
			t.Fatalf("place %d has the message %d with version %d", i+1, m.Seq, m.Version)
		}
	}
	confirmed := 0
	for _, c := range talks {
		for _, err := range c.wrong {
			t.Error(err)
		}
		confirmed += len(c.confirmed)
		for _, m := range c.confirmed {
			if m.Seq > int64(len(messages)) || messages[m.Seq-1] != m {
				t.Errorf("the message %d is not as it was confirmed: %q", m.Seq, m.Nonce)
			}
		}
	}
	if len(messages) != confirmed {
		t.Errorf("%d messages are there, %d were confirmed", len(messages), confirmed)
	}
	room, err := s.NewestMessages(t.Context(), store.PublicRoom, 1)
	if err != nil || room.Version != int64(len(messages)) {
		t.Errorf("the room is at version %d with %d messages, %v", room.Version, len(messages), err)
	}
}

// reads checks that the room can be read up to the last confirmed message.
func reads(t *testing.T, s *store.Store, c *talk) {
	t.Helper()
	newest, err := s.NewestMessages(t.Context(), store.PublicRoom, 50)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || newest.Version < int64(len(c.confirmed)) {
		t.Errorf("of %d messages, version %d is read, %v", len(c.confirmed), newest.Version, err)
	}
}
