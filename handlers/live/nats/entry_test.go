package nats_test

import (
	"context"
	"log/slog"
	"reflect"
	"sync"
	"testing"

	"plaza/handlers/live"
	"plaza/handlers/live/nats"
)

// echo is an end of a bus that keeps the last entry it heard.
type echo struct {
	mu    sync.Mutex
	heard map[live.Channel]live.Entry
}

// Changed implements live.Listener.
func (e *echo) Changed(channel live.Channel, entry live.Entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard[channel] = entry
}

// Events implements live.Listener.
func (e *echo) Events() {}

// What is said on a channel comes as it was said, to those that follow it, whatever there is of it.
func TestNATSCarriesEntries(t *testing.T) {
	t.Parallel()
	bus := startNATS(t)
	one, other := connectNATS(t, bus.Address()), &echo{heard: map[live.Channel]live.Entry{}}
	end, err := nats.Connect(bus.Address(), "site", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	end.Listen(other)
	ctx, stop := context.WithCancel(t.Context())
	var carrying sync.WaitGroup
	carrying.Go(func() { end.Run(ctx) })
	t.Cleanup(func() {
		stop()
		carrying.Wait()
	})
	want := map[live.Channel]live.Entry{
		live.RoomChannel(5):   {Version: 1 << 40, History: live.History{Epoch: 1 << 50, From: 4, Before: 3}, Leaves: 7, Author: 8, State: 9, Fragment: []byte("<p>hello</p>")},
		live.RoomChannel(6):   {State: 3, Fragment: []byte{}},
		live.TypingChannel(5): {Fragment: []byte("{}")},
		live.PersonChannel(7): {Fragment: []byte{}},
	}
	for channel := range want {
		end.Follow(channel)
	}
	eventually(t, "all that is followed is heard", func() bool {
		for channel, entry := range want {
			one.Publish(channel, entry)
		}
		one.Publish(live.RoomChannel(50), live.Entry{Version: 1, Fragment: []byte("of another room")})
		other.mu.Lock()
		defer other.mu.Unlock()
		return len(other.heard) >= len(want)
	})
	other.mu.Lock()
	defer other.mu.Unlock()
	if !reflect.DeepEqual(other.heard, want) {
		t.Errorf("heard %v, want %v", other.heard, want)
	}
}
