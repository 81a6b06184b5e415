package store_test

import (
	"fmt"
	"sync"
	"testing"

	"plaza/store/storetest"
)

func second[T any](_ T, err error) error { return err }

// A block ends a conversation at once, even for concurrent posts.
func TestNoMessageAfterABlock(t *testing.T) {
	t.Parallel()
	_, both := storetest.MustOpenTwice(t)
	s := both[0]
	ada, bob := storetest.MustUser(t, s, "ada"), storetest.MustUser(t, s, "bob")
	for round := range 10 {
		storetest.MustBefriend(t, s, ada, bob)
		room := mustRoom(t, s, ada, bob)
		blocked := make(chan int64, 1)
		var together sync.WaitGroup
		var last int64
		together.Go(func() {
			for i := 0; ; i++ {
				message, err := s.Post(t.Context(), writing(ada, room.ID, fmt.Sprint("message ", round, " ", i)))
				if err != nil {
					return
				}
				last = message.Version
			}
		})
		together.Go(func() {
			if err := both[1].Block(t.Context(), bob, ada); err != nil {
				t.Error(err)
			}
			after, err := both[1].RoomFor(t.Context(), bob.ID, room.ID)
			if err != nil {
				t.Error(err)
			}
			blocked <- after.Version
		})
		together.Wait()
		if version := <-blocked; last > version {
			t.Errorf("a message was posted as version %d after the block at %d", last, version)
		}
		mustDo(t, s.Unblock(t.Context(), bob, ada))
	}
}
