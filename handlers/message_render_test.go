package handlers_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"plaza/store"
	"plaza/store/storetest"
)

// What a server of an older version posts is rendered again while it runs beside this one, and not only
// when this one starts.
func TestPostsOfAnOlderServerAreRenderedAgain(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		ctx, stop := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { s.plaza.Run(ctx) })
		defer running.Wait()
		defer stop()
		old := storetest.New(storetest.MustUser(s.t, s.store, "ada"), "*hello*")
		old.Renderer = 0
		for _, nonce := range []string{"one", "two"} {
			old.Nonce = nonce
			if _, err := s.store.Post(context.Background(), old); err != nil {
				s.t.Fatal(err)
			}
			time.Sleep(2 * time.Minute)
			newest, err := s.store.NewestMessages(context.Background(), store.PublicRoom, 1)
			if err != nil || !strings.Contains(newest.Messages[0].HTML, "<em>hello</em>") {
				s.t.Errorf("after two minutes the message is %+v, %v", newest.Messages, err)
			}
		}
	})
}
