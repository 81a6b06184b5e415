package nats_test

import (
	"testing"
	"time"

	"plaza/handlers/live"
)

// To follow one more channel costs the same, however many are followed. Otherwise the pages of a busy
// server, when all of them come back, would keep it busy with that alone.
func TestFollowCostsTheSameBesideManyChannels(t *testing.T) {
	t.Parallel()
	bus := startNATS(t)
	const many, rounds = 100_000, 30
	idle := bus.Subscriptions() // the server's own
	end := connectNATS(t, bus.Address())
	eventually(t, "it is connected", func() bool { return bus.Subscriptions() == idle+2 }) // a room's, and that of events
	next, followed := int64(0), idle+2
	follow := func(count int) {
		for range count {
			next++
			end.Follow(live.PersonChannel(next))
		}
		followed += uint32(count)
		eventually(t, "all are followed", func() bool { return bus.Subscriptions() == followed })
	}
	// Between two of them, Run subscribes: what it does for one must not grow.
	least := func() time.Duration {
		took := time.Hour
		for range rounds {
			begun := time.Now()
			next++
			end.Follow(live.PersonChannel(next))
			for followed++; bus.Subscriptions() != followed; {
				time.Sleep(20 * time.Microsecond)
			}
			took = min(took, time.Since(begun))
		}
		return took
	}
	before := least()
	follow(many)
	if after := least(); after > 3*before+2*time.Millisecond {
		t.Errorf("to follow a channel takes %v beside few, and %v beside many", before, after)
	}
	for person := range next {
		end.Forget(live.PersonChannel(person + 1))
	}
	end.Follow(live.PersonChannel(next))
	eventually(t, "what is forgotten is followed no more", func() bool { return bus.Subscriptions() == idle+3 })
	end.say(t, "to the room", connectNATS(t, bus.Address()))
}
