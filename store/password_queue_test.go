package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"plaza/store"
	"plaza/store/storetest"
)

// Few passwords wait to be hashed. The others are refused at once, so that nobody waits for long.
func TestPasswordsWaitInABoundedQueue(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), storetest.MustAddress(t), store.Serve) // with real hashes
	mustDo(t, err)
	t.Cleanup(func() { mustDo(t, s.Close()) })
	storetest.MustUser(t, s, "ada")
	var verified, refused atomic.Int64
	var together sync.WaitGroup
	for i := range 120 {
		together.Go(func() {
			switch _, err := s.Authenticate(t.Context(), fmt.Sprint("nobody", i), "a guess"); {
			case errors.Is(err, store.ErrTooManySignIns):
				refused.Add(1)
			case store.KindOf(err) == store.Invalid:
				verified.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	together.Wait()
	if refused.Load() == 0 || verified.Load() == 0 {
		t.Errorf("%d guesses are verified, and %d refused", verified.Load(), refused.Load())
	}
	if _, err := s.Authenticate(t.Context(), "ada", storetest.Password); err != nil {
		t.Errorf("after that: %v", err)
	}
}
