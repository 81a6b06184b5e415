package gallery

import (
	"strings"

	"github.com/a-h/templ"

	"plaza/store"
	"plaza/views"
)

func chats(theme string) []Entry {
	return []Entry{
		{"chat", chat(theme, room(conversation(), 12, everybody()))},
		{"chat-empty", chat(theme, room(nil, 0, views.People{Users: []store.Person{ada}}))},
		{"chat-full", chat(theme, room(fullLog(), 34, crowd()))},
		{"chat-refused", chat(theme, withComposer(views.Composer{
			Body:  "Everything I have to say, in far more words than anybody would want to read.\n\nAnd more.",
			Error: "This message has 4,001 characters, and 4,000 is the most there can be. Please shorten it.",
		}))},
		{"chat-preview", chat(theme, withComposer(views.Composer{
			Body:    "A **strong** word, and a list:\n\n- one\n- two",
			Preview: "<p>A <strong>strong</strong> word, and a list:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
		}))},
		{"chat-previewing", scripted(chat(theme, withComposer(views.Composer{
			Body:    "A **strong** word",
			Preview: "<p>A <strong>strong</strong> word</p>",
		})), `id="composer"`, `id="composer" data-mode="preview"`,
			`aria-pressed="true">Write`, `aria-pressed="false">Write`,
			`formaction="/messages/preview" aria-pressed="false"`, `formaction="/messages/preview" aria-pressed="true"`)},
		{"chat-pending", pending(theme)},
		{"chat-left-above", leftAbove(theme)},
		{"chat-trouble", scripted(
			chat(theme, room(conversation(), 12, everybody())),
			`href="/" hidden>Jump to the newest</a>`, `href="/">3 new messages</a>`,
			`role="status"></p>`, `role="status">Reconnecting…</p>`,
		)},
		{"chat-formatting", scripted(chat(theme, room(conversation(), 0, everybody())), `<details class="formatting">`, `<details class="formatting" open>`)},
		{"chat-draft", chat(theme, withComposer(views.Composer{
			Draft: store.Draft{Body: "There are figs, and", Replaced: "Who brings bread?", Version: 1},
		}))},
		{"chat-completing", scripted(
			chat(theme, withComposer(views.Composer{Body: "Hello @"})),
			`aria-label="Suggestions" hidden>`, `aria-label="Suggestions">`+string(rendered(views.PeopleCompletions([]store.Person{lengthy, bo, layla, mei}))),
			`aria-selected="false"`, `aria-selected="true"`,
		)},
		{"chat-shortcuts", scripted(chat(theme, room(conversation(), 0, everybody())), `<dialog id="shortcuts"`, `<dialog open id="shortcuts"`)},
		{"chat-older", chat(theme, further(fullLog()))},
		{"frame-long-name", views.Settings(longStates(crowded(theme)), views.ProfileForm{})},
		{"navigation", scripted(views.Settings(longStates(member(theme)), views.ProfileForm{}), `popover aria-label="Places"`, `aria-label="Places"`)},
		{"composer-alone", views.ComposerPage(visitor(theme), views.Composer{
			Room: store.PublicRoom, Nonce: "0198f3", Body: "I am on my way.", To: "everyone",
			Error: "The site cannot do this right now. Nothing is lost; please try again in a moment.",
		})},
	}
}

func chat(theme string, r views.Room) templ.Component {
	return views.Chat(member(theme), r)
}

// leftAbove is the chat of a viewer who comes back after a long time.
func leftAbove(theme string) templ.Component {
	r := room(fullLog(), 0, everybody())
	r.Unread, r.LeftAt, r.LeftAbove = 120, 12, true
	return views.Chat(unconnected(theme), r)
}

// further is the chat at a message that is far from its newest ones.
func further(messages []store.Message) views.Room {
	r := room(nil, 0, everybody())
	middle := messages[len(messages)/2].Seq
	r.Newer, r.Log = true, rendered(views.Messages(views.Part{Room: r.ID, Messages: messages, Older: 12, Newer: 57, Marked: middle}))
	return r
}

// withComposer is the chat with another composer.
func withComposer(c views.Composer) views.Room {
	r := room(conversation(), 0, everybody())
	c.Room, c.Nonce, c.To = r.ID, "0198f3", "everyone"
	r.Composer = c
	return r
}

// pending is a chat with messages that are not confirmed yet, and the line where the
// reader left off, as the scripts make them.
func pending(theme string) templ.Component {
	r := room(conversation(), 0, everybody())
	const copyOf = `<article class="message %" data-seq="0" data-version="0" data-author="ada" data-nonce="p">` +
		`<a class="picture" href="/u/ada" tabindex="-1" aria-hidden="true"><img src="/u/ada/picture" width="40" height="40" alt=""></a>` +
		`<div class="head"><a class="author" href="/u/ada"><bdi>Ada Lovelace</bdi></a><a class="when"><time datetime="2026-11-24T08:50:00Z"></time></a></div>` +
		`<div class="body" dir="auto">I am on my way.</div>` +
		`<form hidden><input type="hidden" name="nonce" value="p"><textarea name="body" aria-label="Message">I am on my way.</textarea></form>`
	r.Log = append(r.Log, `<p class="left-off">New<button type="button" data-mark-read>Mark as read</button></p>`...)
	r.Log = append(r.Log, strings.Replace(copyOf, "%", "pending", 1)+`<p class="pending-status">Sending…</p></article>`...)
	r.Log = append(r.Log, strings.Replace(copyOf, "%", "pending continues failed", 1)+`<p class="pending-status">Not sent yet. Trying again…</p></article>`...)
	return views.Chat(member(theme), r)
}
