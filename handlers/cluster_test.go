package handlers_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"plaza/handlers"
	livenats "plaza/handlers/live/nats"
	"plaza/handlers/live/nats/natstest"
	"plaza/store/storetest"
)

// servers holds the servers of one site. They share a PostgreSQL database and a NATS server.
type servers struct {
	t    *testing.T
	nats *natstest.Server
	at   []*site
}

// openServers starts a site on a number of servers.
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
	bus, err := livenats.Connect(nats, name, slog.New(slog.DiscardHandler))
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

// also returns the same browser at another server, as behind a load balancer. Its cookie signs it in.
func (b *browser) also(there *site) *browser {
	other := there.browse()
	other.plant(b.token())
	return other
}

// All readers see a message in one order, whichever server it is posted on. They do so while NATS is
// away, and after it is back.
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

// A NATS server that accepts connections and never answers delays nobody.
func TestServersWithAStalledBus(t *testing.T) {
	t.Parallel()
	stalled, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stalled.Close() })
	database := storetest.MustAddress(t)
	one, other := openAt(t, database, "nats://"+stalled.Addr().String()), openAt(t, database, "nats://"+stalled.Addr().String())
	ada, bob := one.member("ada"), other.member("bob")
	his := bob.connect("/ws?room=1&after=0")
	var all []string
	for i := range 5 {
		text := fmt.Sprint("message ", i)
		ada.message(text, text).expect(http.StatusNoContent)
		all = append(all, text)
	}
	his.expect(all...)
}

// If NATS rejects the password of one server, that server still delivers, without NATS.
func TestServersThatTheirBusRefuses(t *testing.T) {
	t.Parallel()
	bus, err := natstest.Start(func(o *server.Options) { o.Username, o.Password = "plaza", "secret" })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Stop)
	database, at := storetest.MustAddress(t), strings.TrimPrefix(bus.Address(), "nats://")
	known, mistaken := openAt(t, database, "nats://plaza:secret@"+at), openAt(t, database, "nats://plaza:mistaken@"+at)
	ada, bob := known.member("ada"), mistaken.member("bob")
	readers := []*stream{ada.connect("/ws?room=1&after=0"), bob.connect("/ws?room=1&after=0")}
	var all []string
	for i := range 6 {
		text := fmt.Sprint("message ", i)
		[]*browser{ada, bob}[i%2].message(text, text).expect(http.StatusNoContent)
		all = append(all, text)
		for _, reader := range readers {
			reader.expect(all...)
		}
	}
}

// A bus may double and reorder messages. Readers get each message once and in order.
func TestServersPutInOrderWhatABusJumbles(t *testing.T) {
	t.Parallel()
	database := storetest.MustAddress(t)
	var addresses [2]string
	var ends [2]*nats.Conn
	for i := range ends {
		server, err := natstest.Start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(server.Stop)
		addresses[i] = server.Address()
		if ends[i], err = nats.Connect(addresses[i], nats.NoEcho()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(ends[i].Close)
	}
	var jumbled atomic.Int64
	for i, from := range ends {
		to := ends[1-i]
		if _, err := from.Subscribe("plaza.>", func(m *nats.Msg) {
			jumbled.Add(1)
			for range 1 + rand.IntN(3) {
				time.AfterFunc(time.Duration(rand.IntN(100))*time.Millisecond, func() { _ = to.Publish(m.Subject, m.Data) })
			}
		}); err != nil {
			t.Fatal(err)
		}
		if err := from.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	one, other := openAt(t, database, addresses[0]), openAt(t, database, addresses[1])
	ada := one.member("ada")
	bob := other.member("bob")
	readers := []*stream{ada.connect("/ws?room=1&after=0"), bob.connect("/ws?room=1&after=0")}
	var all []string
	for i := range 60 {
		text := fmt.Sprint("message ", i)
		[]*browser{ada, bob}[i%2].message(text, text).expect(http.StatusNoContent)
		all = append(all, text)
	}
	for _, reader := range readers {
		reader.expect(all...)
	}
	if jumbled.Load() == 0 {
		t.Error("nothing went by the bus")
	}
}

// A page shows what its reader has just posted, even if another server took the post.
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

// A person counts once, even with several pages at several servers. The people of a server that stops no
// longer count.
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

// A person who hides is counted at all servers, and listed at none.
func TestServersHidePeople(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	ada, bob := s.at[0].member("ada"), s.at[1].member("bob")
	profile := url.Values{"seen_hidden": {"on"}}
	ada.post("/settings/profile", profile).expect(http.StatusSeeOther)
	ada.connect("/ws?room=1&after=0")
	his := bob.connect("/ws?room=1&after=0")
	listed := func() string {
		people := bob.get("/").document().Find("#people li").Map(func(_ int, one *goquery.Selection) string {
			return strings.TrimSpace(one.Text())
		})
		return strings.Join(people, ", ")
	}
	eventually(t, "ada is counted", func() bool { return his.online() == "2 online" && listed() == "bob, and 1 more" })
	if bob.get("/u/ada").document().Find(".here-now").Length() != 0 {
		t.Error("the page of ada says that she is here")
	}
	profile.Del("seen_hidden")
	ada.post("/settings/profile", profile).expect(http.StatusSeeOther)
	eventually(t, "ada is shown", func() bool { return listed() == "ada, bob" })
	profile.Set("seen_hidden", "on")
	ada.post("/settings/profile", profile).expect(http.StatusSeeOther)
	eventually(t, "ada is hidden again", func() bool { return listed() == "bob, and 1 more" })
}

// A server that crashes does not leave the cluster. After ten seconds without a beat the others forget it
// and its people.
func TestServersForgetOneThatDied(t *testing.T) {
	t.Parallel()
	database := storetest.MustAddress(t)
	s := open(t, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, database) })
	ada := s.member("ada")
	s.member("bob")
	beside := storetest.Beside(t, database)
	for _, statement := range []string{
		`INSERT INTO nodes (id, seen_at, changes) VALUES ('dead', (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 7000, 1)`,
		`INSERT INTO node_people (node_id, user_id) SELECT 'dead', id FROM users`,
	} {
		if _, err := beside.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	stream := ada.connect("/ws?room=1&after=0")
	eventually(t, "its people are counted", func() bool { return stream.online() == "2 online" })
	eventually(t, "it is forgotten", func() bool { return stream.online() == "1 online" })
}

// When a session ends on one server, its sockets close on all servers.
func TestServersEndSessions(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	ada := s.at[0].member("ada")
	stream := ada.also(s.at[1]).connect("/ws?room=1&after=0")
	stream.expect()
	ada.post("/logout", nil).expect(http.StatusSeeOther)
	eventually(t, "the socket is closed", func() bool { return stream.code() == websocket.StatusPolicyViolation })
}
