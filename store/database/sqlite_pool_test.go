package database_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"plaza/store/database"
)

// A request waits for a connection that reads only as long as the request lasts.
func TestWaitForAReaderEndsWithItsRequest(t *testing.T) {
	t.Parallel()
	db, err := database.Open(t.Context(), filepath.Join(t.TempDir(), "plaza.db"), database.Serve)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	const one = `SELECT 1`
	size := db.(*database.SQLite).Readers().Stats().MaxOpenConnections
	reading, over := make(chan struct{}, size), make(chan struct{})
	var readers sync.WaitGroup
	for range size {
		readers.Go(func() {
			err := db.Each(context.Background(), func(database.Row) error {
				reading <- struct{}{}
				<-over
				return nil
			}, one)
			if err != nil {
				t.Error(err)
			}
		})
	}
	for range size {
		<-reading
	}
	var value int
	asks := map[string]func(ctx context.Context) error{
		"one":  func(ctx context.Context) error { return db.One(ctx, []any{&value}, one) },
		"each": func(ctx context.Context) error { return db.Each(ctx, func(database.Row) error { return nil }, one) },
		"ping": db.Ping,
	}
	for name, ask := range asks {
		ctx, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
		answered := make(chan error, 1)
		go func() { answered <- ask(ctx) }()
		select {
		case err := <-answered:
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v, want that its time is over", name, err)
			}
		case <-time.After(inTime):
			t.Errorf("%s still waits after its request has ended", name)
		}
		end()
	}
	close(over)
	readers.Wait()
	for name, ask := range asks {
		if err := ask(t.Context()); err != nil {
			t.Errorf("%s, once the others have read: %v", name, err)
		}
	}
}
