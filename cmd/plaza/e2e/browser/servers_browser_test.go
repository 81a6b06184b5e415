package browser

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/handlers/live/nats/natstest"
	"plaza/store/postgrestest"
	"plaza/store/storetest"
)

// openServers starts a site on count servers, with one PostgreSQL server and one NATS server.
func openServers(t *testing.T, count int) (servers []*e2etest.Site, database *postgrestest.Server) {
	t.Helper()
	bus, err := natstest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Stop)
	server := storetest.MustServer(t, "fsync=off")
	for range count {
		s := e2etest.New(t)
		s.Database = server.Address("plaza")
		s.Start("--nats", bus.Address())
		servers = append(servers, s)
	}
	return servers, server
}

// TestServersTwoPeopleTalk makes two people talk through two servers, while a third one dies, and then the
// database goes away for a while.
func TestServersTwoPeopleTalk(t *testing.T) {
	t.Parallel()
	servers, database := openServers(t, 3)
	expected := []string{"WebSocket", "ERR_", "Failed to load resource", "htmx", "503"}
	ada, bob := browse(t, servers[0], expected...), browse(t, servers[1], expected...)
	ada.join("ada")
	bob.join("bob")
	eve := servers[2].Newcomer("eve")
	for _, b := range []*tab{ada, bob} {
		b.eventually("both are online", `document.getElementById('online').textContent === '2 online'`)
	}
	servers[2].MustPost(eve, "by the third")
	servers[2].Kill()
	ada.eventually("the message to the third server is there", `document.querySelectorAll('#log article').length === 1`)
	ada.send("Hello Bob")
	bob.eventually("Bob sees it", `document.querySelectorAll('#log article:not(.pending)').length === 2`)
	bob.send("Hello Ada")
	ada.eventually("Ada sees the answer", `document.querySelectorAll('#log article:not(.pending)').length === 3`)

	if err := database.Halt(); err != nil {
		t.Fatal(err)
	}
	e2etest.Eventually(t, "the servers say that they are not healthy", func() bool { return !servers[0].IsHealthy() && !servers[1].IsHealthy() })
	ada.send("into the void")
	ada.eventually("the page keeps the message", `document.querySelector('#messages .pending .body')?.textContent === 'into the void'`)
	if err := database.Restart(); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*tab{ada, bob} {
		b.eventually("all messages are there", `document.querySelectorAll('#log article:not(.pending)').length === 4`)
		b.eventually("nothing is pending", `!document.querySelector('#messages .pending')`)
		if got := b.bodies(); !slices.Equal(got, []string{"by the third", "Hello Bob", "Hello Ada", "into the void"}) {
			t.Errorf("the log shows %q", got)
		}
	}
}

// TestServersPageOfADatabaseThatLostCommits has open pages go back to what the database has after a failover,
// and then go on.
func TestServersPageOfADatabaseThatLostCommits(t *testing.T) {
	t.Parallel()
	servers, database := openServers(t, 2)
	expected := []string{"WebSocket", "ERR_", "Failed to load resource", "htmx", "503"}
	ada, bob := browse(t, servers[0], expected...), browse(t, servers[1], expected...)
	ada.join("ada")
	bob.join("bob")
	ada.send("kept")
	bob.eventually("bob sees it", `document.querySelectorAll('#log article:not(.pending)').length === 1`)
	if err := database.Keep(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		ada.send("lost")
	}
	bob.eventually("bob sees what will be lost", `document.querySelectorAll('#log article:not(.pending)').length === 4`)
	if err := database.Rewind(); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*tab{ada, bob} {
		b.eventually("the page shows nothing that is lost", `document.querySelectorAll('#log article').length === 1`)
	}
	bob.send("later")
	for _, b := range []*tab{ada, bob} {
		b.eventually("the page goes on", `document.querySelectorAll('#log article:not(.pending)').length === 2`)
		if got := b.bodies(); !slices.Equal(got, []string{"kept", "later"}) {
			t.Errorf("the log shows %q", got)
		}
		if !b.is(`(() => {
			const connection = { url: document.getElementById('stream').getAttribute('data-hx-ws:connect') };
			const { version, epoch } = document.getElementById('log').dataset;
			document.dispatchEvent(new CustomEvent('htmx:ws:before:connection', { detail: { connection } }));
			return version === '2' && epoch > 0 && connection.url.includes('&after=2&') && connection.url.endsWith(` + "`&epoch=${epoch}`" + `);
		})()`) {
			t.Error("the page does not come back with its cursor")
		}
	}
}

// TestServersPageWithoutTheDatabase takes the database away from open pages. They must stay, say what is
// wrong and keep messages, and recover by themselves once the database is back. A new page must be a 503
// with a sentence for people.
func TestServersPageWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	servers, database := openServers(t, 1)
	expected := []string{"Failed to load resource", "htmx", "503"}
	ada, bob := browse(t, servers[0], expected...), browse(t, servers[0], expected...)
	ada.join("ada")
	bob.join("bob")
	ada.send("Hello Bob")
	const saying = `document.getElementById('connection').textContent`
	for _, b := range []*tab{ada, bob} {
		b.eventually("both are online", `document.getElementById('online').textContent === '2 online'`)
		b.eventually("the message is there", `document.querySelectorAll('#log article:not(.pending)').length === 1`)
		if said := b.text(saying); said != "" {
			t.Errorf("before the outage the page says %q", said)
		}
	}
	ada.run(chromedp.Evaluate(`
		window.stays = true;
		window.breaks = 0;
		document.addEventListener('htmx:ws:close', () => { breaks += 1; });
	`, nil))

	if err := database.Halt(); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*tab{ada, bob} { // bob sends nothing
		b.eventually("the page says that something is wrong", saying+` === 'Messages cannot be saved now. Yours wait here.'`)
	}
	ada.send("into the void")
	ada.eventually("the message shows that it is not sent", `document.querySelector('.failed .pending-status').textContent === 'Not sent yet. Trying again…'`)
	ada.send("and after it")
	ada.eventually("the next message is pending behind it", `document.querySelectorAll('#messages .pending').length === 2`)
	bob.open("/")
	if status := bob.number(`performance.getEntriesByType('navigation')[0].responseStatus`); status != 503 {
		t.Errorf("the answer to a page has status %v, want 503", status)
	}
	if said := bob.text(`document.querySelector('main .lead').innerText`); said != "The site cannot do this right now. Nothing is lost; please try again in a moment." {
		t.Errorf("the page says %q", said)
	}
	if bob.is(`/postgres|sql|connect|127\.0\.0\.1/i.test(document.querySelector('main').innerText)`) {
		t.Errorf("the page shows an internal error: %q", bob.text(`document.querySelector('main').innerText`))
	}

	if err := database.Restart(); err != nil {
		t.Fatal(err)
	}
	ada.eventually("the pending messages are posted", `document.querySelectorAll('#log article:not(.pending)').length === 3 && !document.querySelector('#messages .pending')`)
	ada.eventually("the page says no more that something is wrong", saying+` === ''`)
	bob.click("main .actions a")
	bob.eventually("the link leads back to the chat", `document.querySelectorAll('#log article').length === 3`)
	bob.eventually("the stream is open again", `document.getElementById('online').textContent === '2 online'`)
	bob.send("Here I am")
	ada.eventually("Ada sees it", `document.querySelectorAll('#log article:not(.pending)').length === 4`)
	if got := ada.bodies(); !slices.Equal(got, []string{"Hello Bob", "into the void", "and after it", "Here I am"}) {
		t.Errorf("the log shows %q", got)
	}
	if !ada.is(`stays && breaks === 0`) {
		t.Error("the page reloaded, or its stream broke")
	}
}
