package browser

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
	"plaza/store/storetest/proof"
)

// pageLength is the least number of messages on a new page of the chat, if the chat has as many.
const pageLength = 50

// settled finds the messages on a page, in order, without the pending ones, as stateOf has them.
const settled = `[...document.querySelectorAll('#messages article:not(.pending)')].map((article) => [
	article.id, article.dataset.version, article.querySelector('.body')?.textContent.trim() ?? 'deleted',
	...[...article.querySelectorAll('.reaction')].map((chip) => chip.textContent.trim())].join(' | '))`

// stateOf returns what a page must show of a message.
func stateOf(m store.Message) string {
	state := fmt.Sprintf("%s | %d | %s", idOf(m), m.Version, m.Source)
	if m.Deleted {
		return state + "deleted"
	}
	for reaction := range m.Reactions.All() {
		state += fmt.Sprintf(" | %s %d", reaction.Emoji, reaction.Count)
	}
	return state
}

// later is what an edit adds to a text.
const later = ", and more"

// changes is a function that has a page change a message, with the luck of a number: edit, delete or restore one of the viewer's, or react to
// one. It does not wait for the answer, which may never come.
const changes = `((luck, later) => {
	const log = document.getElementById('log');
	const all = [...document.querySelectorAll('#messages article:not(.pending)')];
	const own = all.filter(({ dataset }) => dataset.author === log.dataset.viewer);
	const ask = ({ id }, path, form = {}) => fetch('/messages/' + id.slice(2).replace('-', '/') + path, { method: 'POST', body: new URLSearchParams(form), headers: { 'HX-Request': 'true' } }).catch(() => {});
	const some = (list) => list[Math.floor(luck / 4) % list.length];
	if (!own.length) return;
	if (luck % 4 === 0) ask(some(own), '/delete');
	else if (luck % 4 === 1) ask(some(own), '/restore');
	else if (luck % 4 === 2) ask(some(all), luck % 8 < 4 ? '/reactions' : '/reactions/remove', { emoji: ['🎉', '👍', '🔥'][luck % 3] });
	else if (!some(own).matches('.deleted')) ask(some(own), '/edit', { body: some(own).querySelector('.body').textContent.trim() + later, version: some(own).dataset.edits ?? 0 });
})`

// TestCrashInBrowser kills the site while people type, send, edit, delete and react. At the end each page must show the
// log, each message once, in order and in its final state, and nothing may be pending.
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
		pages[name].run(chromedp.Evaluate(changes+fmt.Sprintf("(%d, %q)", luck.IntN(1000), later), nil))
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
		pages[name].eventually(name+" sees the newest change", fmt.Sprintf(`document.getElementById('log').dataset.version === '%d'`, e2etest.VersionOf(log)))
	}
	s.Kill()
	log = s.Messages()

	logged := map[string][]string{}
	var ids []string
	changed := 0
	for i, message := range log {
		if i > 0 && message.Seq <= log[i-1].Seq {
			t.Fatalf("message %d of the log has the number %d", i+1, message.Seq)
		}
		name := message.Author.Username
		text, _, _ := strings.Cut(message.Source, later)
		if message.Deleted {
			text = said[name][len(logged[name])]
		}
		logged[name] = append(logged[name], text)
		ids = append(ids, stateOf(message))
		if message.Version > message.Seq {
			changed++
		}
	}
	if changed < proof.Times(0, 1) {
		t.Error("nobody has changed a message")
	}
	for _, name := range names {
		isSame(t, "what the log has of "+name, logged[name], said[name])
		b := pages[name]
		shown := b.texts(settled)
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
