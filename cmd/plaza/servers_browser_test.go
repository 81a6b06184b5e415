package main

import (
	"slices"
	"testing"

	"plaza/handlers/live/natstest"
	"plaza/store/postgrestest"
	"plaza/store/storetest"
)

// openServers starts a site on so many servers, on one PostgreSQL server and one NATS server.
func openServers(t *testing.T, count int) (servers []*site, database *postgrestest.Server) {
	t.Helper()
	bus, err := natstest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Stop)
	server := storetest.MustServer(t, "fsync=off")
	for range count {
		s := newSite(t)
		s.database = server.Address("plaza")
		s.start("--nats", bus.Address())
		servers = append(servers, s)
	}
	return servers, server
}

// TestServersTwoPeopleTalk has two people talk by two servers, while a third one dies, and then
// the database for a while.
func TestServersTwoPeopleTalk(t *testing.T) {
	t.Parallel()
	servers, database := openServers(t, 3)
	expected := []string{"WebSocket", "ERR_", "Failed to load resource", "htmx", "503"}
	ada, bob := browse(t, servers[0], expected...), browse(t, servers[1], expected...)
	ada.register("ada")
	bob.register("bob")
	eve := servers[2].register("eve")
	for _, b := range []*tab{ada, bob} {
		b.eventually("both are online", `document.getElementById('online').textContent === '2 online'`)
	}
	servers[2].mustPost(eve, "by the third")
	servers[2].kill()
	ada.eventually("what the third server took is there", `document.querySelectorAll('#log article').length === 1`)
	ada.send("Hello Bob")
	bob.eventually("Bob sees it", `document.querySelectorAll('#log article:not(.pending)').length === 2`)
	bob.send("Hello Ada")
	ada.eventually("Ada sees the answer", `document.querySelectorAll('#log article:not(.pending)').length === 3`)

	if err := database.Halt(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the servers say that they are not healthy", func() bool { return !servers[0].isHealthy() && !servers[1].isHealthy() })
	ada.send("into the void")
	ada.eventually("the message is kept", `document.querySelector('#messages .pending .body')?.textContent === 'into the void'`)
	if err := database.Restart(); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*tab{ada, bob} {
		b.eventually("all is there", `document.querySelectorAll('#log article:not(.pending)').length === 4`)
		b.eventually("nothing is pending", `!document.querySelector('#messages .pending')`)
		if got := b.bodies(); !slices.Equal(got, []string{"by the third", "Hello Bob", "Hello Ada", "into the void"}) {
			t.Errorf("the log shows %q", got)
		}
	}
}
