package browser

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store"
	"plaza/views"
)

// receives gives a page an inbox as the live stream does.
func (b *tab) receives(i store.Inbox) {
	b.t.Helper()
	var frame strings.Builder
	frame.WriteString(`<hx-partial data-hx-target="#inbox" data-hx-swap="inbox">`)
	if err := views.Inbox(i).Render(b.t.Context(), &frame); err != nil {
		b.t.Fatal(err)
	}
	frame.WriteString(`</hx-partial>`)
	text, err := json.Marshal(frame.String())
	if err != nil {
		b.t.Fatal(err)
	}
	b.run(chromedp.Evaluate(fmt.Sprintf(`htmx.swap({ sourceElement: stream, target: stream, swap: 'none', text: %s }); null`, text), nil))
}

// notices returns a function that makes inboxes with a notification by actor, each newer than the last.
func notices(actor string) func(id int64, kind store.NotificationKind, count int, room int64) store.Inbox {
	at := time.Now()
	return func(id int64, kind store.NotificationKind, count int, room int64) store.Inbox {
		at = at.Add(time.Second)
		user := store.Person{ID: 2, Username: actor}
		newest := store.Notification{ID: id, Kind: kind, Actor: user, Count: count, At: at}
		if room > 0 {
			newest.Seq, newest.Excerpt = 3, fmt.Sprint("excerpt ", count)
		}
		switch room {
		case 0:
		case store.PublicRoom:
			newest.Room = store.RoomSummary{ID: room, Kind: store.Public}
		default:
			newest.Room = store.RoomSummary{ID: room, Kind: store.Pair, Other: user}
		}
		return store.Inbox{Requests: 1, Notifications: 3, Messages: 120, Newest: newest}
	}
}

// shown returns the ids of the toasts.
func (b *tab) shown() []string {
	b.t.Helper()
	return b.texts(`[...document.querySelectorAll('#inbox > .toast')].map((toast) => toast.dataset.notification)`)
}

// quickly makes a page remove toasts at once.
const quickly = `{
	const later = setTimeout;
	window.setTimeout = (f, time, ...rest) => later(f, time === 8000 ? 10 : time, ...rest);
}`

// TestInbox checks the counts, the title, the icon and the toasts of a page as its inbox changes.
func TestInbox(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.enter("ada", "/")
	b.run(chromedp.Focus("#message", chromedp.ByQuery), chromedp.Evaluate(`{
		window.events = [];
		document.addEventListener('plaza:inbox', ({ detail }) => events.push(detail ? detail.dataset.notification : 'nothing new'));
		window.asksFor = () => {
			const connection = { url: '/ws?room=1&after=0&inbox=0.0.0.0.0' };
			document.dispatchEvent(new CustomEvent('htmx:ws:before:connection', { detail: { connection } }));
			return connection.url;
		};
	}`, nil))
	says := func(messages, notifications, requests, title, icon string) {
		t.Helper()
		for id, want := range map[string]string{"messages-count": messages, "notifications-count": notifications, "requests-count": requests} {
			if got := b.text(`(({ hidden, textContent }) => hidden ? '' : textContent)(document.getElementById('` + id + `'))`); got != want {
				t.Errorf("%s says %q, want %q", id, got, want)
			}
		}
		if got := b.text(`document.title`); got != title {
			t.Errorf("the title is %q, want %q", got, title)
		}
		if got := b.text(`document.querySelector('link[rel="icon"]').href`); !strings.Contains(got, "/static/"+icon+".") {
			t.Errorf("the icon is %s, want %s", got, icon)
		}
	}
	says("", "", "", "Public chat · plaza", "icons")

	next := notices("bob")
	declined, here := next(1, store.RequestDeclined, 1, 0), next(2, store.Mentioned, 1, store.PublicRoom)
	first, again := next(3, store.PrivateMessage, 1, 7), next(3, store.PrivateMessage, 2, 7)
	for _, step := range []struct {
		what  string
		inbox store.Inbox
		shown []string
	}{
		{"a declined request shows no toast", declined, nil},
		{"a mention in the open room shows no toast", here, nil},
		{"a message", first, []string{"3"}},
		{"another message takes the place of the first", again, []string{"3"}},
		{"an older notification shows no new toast", first, []string{"3"}},
		{"the next toast stands below", next(4, store.FriendRequest, 1, 0), []string{"3", "4"}},
		{"there are three toasts at most", next(5, store.RequestAccepted, 1, 0), []string{"3", "4", "5"}},
		{"the oldest toast goes", next(6, store.Unfriended, 1, 0), []string{"4", "5", "6"}},
	} {
		b.receives(step.inbox)
		if got := b.shown(); !slices.Equal(got, step.shown) {
			t.Errorf("%s: the page shows the toasts %q, want %q", step.what, got, step.shown)
		}
		says("99+ unread", "3 unread", "1 request", "(3) Public chat · plaza", "waiting")
		if got := b.text(`asksFor()`); !strings.HasSuffix(got, "&inbox="+step.inbox.Mark()) {
			t.Errorf("%s: the stream reconnects to %s", step.what, got)
		}
	}
	if got := b.texts(`events`); !slices.Equal(got, []string{"1", "2", "3", "3", "nothing new", "4", "5", "6"}) {
		t.Errorf("the page's events are %q", got)
	}
	if !b.is(`document.activeElement.id === 'message'`) {
		t.Errorf("the focus moved to %s", b.text(focused))
	}
	b.click(`.toast[data-notification="5"] button`)
	if got := b.shown(); !slices.Equal(got, []string{"4", "6"}) {
		t.Errorf("after one is closed, the page shows the toasts %q", got)
	}
	if got := b.text(`(({ pathname, search }) => pathname + search)(document.querySelector('.toast[data-notification="6"] a'))`); got != "/notifications/open?id=6" {
		t.Errorf("a toast leads to %q", got)
	}
	b.receives(store.Inbox{})
	if got := b.shown(); len(got) > 0 {
		t.Errorf("after they are read elsewhere, the page shows the toasts %q", got)
	}
	says("", "", "", "Public chat · plaza", "icons")
}

// TestNoticesGo checks that a toast stays while it has the focus, and otherwise goes by itself.
func TestNoticesGo(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.OpenAfter(t, e2etest.Numbered(5)))
	b.look(1280, 800, "light")
	b.beforeScripts(quickly)
	b.enter("ada", "/friends")
	b.run(chromedp.Evaluate(`new MutationObserver(() => document.querySelector('.toast[data-notification="1"] a')?.focus())
		.observe(document.getElementById('inbox'), { childList: true })`, nil))
	next := notices("bob")
	b.receives(next(1, store.RequestAccepted, 1, 0))
	b.receives(next(2, store.Mentioned, 1, store.PublicRoom))
	b.eventually("the toast without the focus goes", `!document.querySelector('.toast[data-notification="2"]')`)
	b.eventually("the toast with the focus stays", `document.activeElement.matches('.toast[data-notification="1"] a')`)
	b.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
	b.eventually("the toast goes without the focus", `!document.querySelector('.toast')`)
}

// TestListKeepsFocus marks a notification as read with the keyboard. The focus must stay on it while
// another notification arrives.
func TestListKeepsFocus(t *testing.T) {
	t.Parallel()
	ada, bob := befriended(t, e2etest.Open(t))
	bob.open("/notifications")
	bob.connected()
	bob.tabTo(`#notifications li button`)
	bob.press(enter)
	const isThere = `document.activeElement.matches('#notifications li:not(.unread) a') && document.activeElement.textContent.includes('is your friend now')`
	bob.eventually("the focus is on the notification that was read", isThere)
	ada.open("/dm/bob")
	ada.connected()
	ada.send("hello")
	bob.eventually("another notification is above it", `document.querySelector('#notifications li').textContent.includes('hello')`)
	if !bob.is(isThere) {
		t.Errorf("the focus is on %s", bob.text(focused))
	}
	bob.tabTo(`#notifications li button`, input.ModifierShift)
	ada.send("and again")
	bob.eventually("that notification changes", `document.querySelector('#notifications li').textContent.includes('again')`)
	if !bob.is(`document.activeElement.matches('#notifications li button')`) {
		t.Errorf("the focus is on %s", bob.text(focused))
	}
}
