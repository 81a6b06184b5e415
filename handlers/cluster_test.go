package handlers_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"plaza/handlers"
	"plaza/handlers/live"
	"plaza/handlers/live/natstest"
	"plaza/store/storetest"
)

// servers are several servers of one site, on one PostgreSQL database, with a NATS server between
// them.
type servers struct {
	t    *testing.T
	nats *natstest.Server
	at   []*site
}

// openServers starts a site on so many servers.
func openServers(t *testing.T, count int) *servers {
	t.Helper()
	nats, err := natstest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nats.Stop)
	s := &servers{t: t, nats: nats}
	address := storetest.MustAddress(t)
	for range count {
		s.at = append(s.at, openAt(t, address, nats.Address()))
	}
	return s
}

// openAt starts a server on a database, with its own connection to a bus.
func openAt(t *testing.T, database, nats string) *site {
	t.Helper()
	there := storetest.MustOpenAt(t, database)
	name, err := there.SiteID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bus, err := live.ConnectNATS(nats, name, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var carrying sync.WaitGroup
	carrying.Go(func() { bus.Run(ctx) })
	t.Cleanup(func() {
		stop()
		carrying.Wait()
	})
	return open(t, func(config *handlers.Config) { config.Store, config.Bus = there, bus })
}

// also is the same browser at another server, as behind a balancer: signed in by its cookie.
func (b *browser) also(there *site) *browser {
	other := there.browse()
	other.plant(b.token())
	return other
}

// Whatever server a message is posted on, all readers see it, in one order; where NATS is away,
// too, and once it is back.
func TestServersCarryWhatIsPosted(t *testing.T) {
	t.Parallel()
	s := openServers(t, 3)
	ada, bob := s.at[0].member("ada"), s.at[1].member("bob")
	eve := ada.also(s.at[2])
	readers := []*stream{ada.connect("/ws?room=1&after=0"), bob.connect("/ws?room=1&after=0"), eve.connect("/ws?room=1&after=0")}
	var all []string
	talk := func(topic string) {
		for i, author := range []*browser{ada, bob, eve, ada} {
			text := fmt.Sprint(topic, " ", i)
			author.message(text, text).expect(http.StatusNoContent)
			all = append(all, text)
		}
		for _, reader := range readers {
			reader.expect(all...)
		}
	}
	talk("with NATS")
	s.nats.Stop()
	talk("without NATS")
	if err := s.nats.Restart(); err != nil {
		t.Fatal(err)
	}
	talk("with NATS again")
}

// A page shows what its reader has just posted, whichever server made either.
func TestServersShowOnesOwnMessage(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	s.nats.Stop() // so that nothing else tells the other server
	ada := s.at[0].member("ada")
	there := ada.also(s.at[1])
	for i := range 5 {
		text := fmt.Sprint("message ", i)
		ada.message(text, text).expect(http.StatusNoContent)
		if log := there.get("/").text("[role=log]"); !strings.Contains(log, text) {
			t.Errorf("the other server's page lacks %q: %q", text, log)
		}
	}
}

// People are counted once, wherever they are and however often, and a server that ends takes its
// people with it.
func TestServersCountPeople(t *testing.T) {
	t.Parallel()
	s := openServers(t, 3)
	ada, bob := s.at[0].member("ada"), s.at[1].member("bob")
	hers, his := ada.connect("/ws?room=1&after=0"), bob.connect("/ws?room=1&after=0")
	again := ada.also(s.at[2]).connect("/ws?room=1&after=0")
	for _, reader := range []*stream{hers, his, again} {
		eventually(t, "two are online", func() bool { return reader.online() == "2 online" })
	}
	_ = his.socket.CloseNow()
	for _, reader := range []*stream{hers, again} {
		eventually(t, "one is online", func() bool { return reader.online() == "1 online" })
	}
}

// A session that ends on one server closes its sockets on all.
func TestServersEndSessions(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	ada := s.at[0].member("ada")
	stream := ada.also(s.at[1]).connect("/ws?room=1&after=0")
	stream.expect()
	ada.post("/logout", nil).expect(http.StatusSeeOther)
	eventually(t, "the socket is closed", func() bool { return stream.code() == websocket.StatusPolicyViolation })
}
