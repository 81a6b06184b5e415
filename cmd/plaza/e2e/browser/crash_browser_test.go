package browser

import (
	"fmt"
	"testing"
	"time"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
	"plaza/store/storetest/proof"
)

// pageLength is the least number of messages on a new page of the chat, if the chat has as many.
const pageLength = 50

// settledIDs finds the ids of the messages on a page, in order, without the pending ones.
const settledIDs = `[...document.querySelectorAll('#messages article:not(.pending)')].map((article) => article.id)`

// TestCrashInBrowser kills the site while people type and send. At the end each page must show the log,
// each message once and in order, and nothing may be pending.
func TestCrashInBrowser(t *testing.T) {
	t.Parallel()
	kills := proof.Times(2, 5)
	c := e2etest.NewChance(t)
	luck := c.Of("people")
	s := e2etest.Open(t, "--limits", "off")
	names := []string{"ada", "bob", "cleo"}
	pages := map[string]*tab{}
	said := map[string][]string{} // by author, in the order of sending
	for _, name := range names {
		pages[name] = browse(t, s, "WebSocket", "ERR_", "Failed to load resource", "htmx")
		pages[name].join(name)
	}
	say := func(name string) {
		text := fmt.Sprint(name, " says ", len(said[name]))
		pages[name].send(text)
		said[name] = append(said[name], text)
	}
	for range kills {
		life := e2etest.Between(luck, 200*time.Millisecond, 1500*time.Millisecond)
		killed := make(chan struct{})
		time.AfterFunc(life, func() {
			s.Kill()
			close(killed)
		})
		t.Cleanup(func() { <-killed })
		for !isOver(killed) {
			say(names[luck.IntN(len(names))])
		}
		// Messages that are sent while the site is away stay pending until it is back.
		for _, name := range names {
			say(name)
		}
		s.Start("--limits", "off")
		// A reload shows the newest page, and still sends the pending messages.
		pages[names[0]].open("/")
	}
	for _, name := range names {
		pages[name].eventually(name+"'s messages are confirmed", `!document.querySelector('#messages .pending') && document.getElementById('message').value === ''`)
	}
	log := s.Messages()
	for _, name := range names {
		pages[name].eventually(name+" sees the newest message", fmt.Sprintf(`document.getElementById('%s')`, idOf(log[len(log)-1])))
	}
	s.Kill()
	log = s.Messages()

	logged := map[string][]string{}
	var ids []string
	for i, message := range log {
		if message.Seq != int64(i+1) {
			t.Fatalf("message %d of the log has the number %d", i+1, message.Seq)
		}
		logged[message.Author.Username] = append(logged[message.Author.Username], message.Source)
		ids = append(ids, idOf(message))
	}
	for _, name := range names {
		isSame(t, "what the log has of "+name, logged[name], said[name])
		b := pages[name]
		shown := b.texts(settledIDs)
		t.Logf("%s sent %d messages and sees %d of %d", name, len(said[name]), len(shown), len(log))
		if len(shown) < min(pageLength, len(ids)) {
			t.Errorf("%s's page shows %d of %d messages", name, len(shown), len(ids))
		}
		isSame(t, name+"'s page", shown, ids[max(0, len(ids)-len(shown)):])
		if !b.is(`!document.querySelector('#messages .pending')`) {
			t.Errorf("%s's page has a pending message", name)
		}
	}
}

// isSame checks that two lists are equal, and reports where they begin to differ.
func isSame(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s: of %d entries, from place %d on they are %q; want %d, and there %q",
				what, len(got), i, got[min(i, len(got)):min(i+3, len(got))], len(want), want[min(i, len(want)):min(i+3, len(want))])
			return
		}
	}
}

// isOver tells whether a channel is closed.
func isOver(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

// idOf returns the id of a message's article.
func idOf(message store.Message) string { return fmt.Sprintf("m-%d-%d", message.Room, message.Seq) }
