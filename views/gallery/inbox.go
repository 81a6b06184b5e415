package gallery

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"plaza/store"
	"plaza/views"
)

// inboxes are the badges and notices that tell members what is new.
func inboxes(theme string) []Entry {
	return []Entry{
		{"inbox", waiting(theme, 1, 3, 12)},
		{"inbox-full", waiting(theme, 100, 200, 4321)},
		{"toasts", toasts(theme,
			store.Notification{ID: 1, Kind: store.FriendRequest, Actor: lengthy, Count: 12},
			store.Notification{ID: 2, Kind: store.PrivateMessage, Actor: layla, Count: 1, Room: store.RoomSummary{ID: 2, Kind: store.Pair, Other: layla}, Seq: 3, Excerpt: "مساء الخير يا جماعة، هل يمكنك إحضار بعض التين من أجلي؟"},
			store.Notification{ID: 3, Kind: store.SignedInAnew, Count: 1},
		)},
		{"toast-long", toasts(theme, store.Notification{
			ID: 4, Kind: store.Mentioned, Actor: wide, Count: 10_000, Room: store.RoomSummary{ID: store.PublicRoom, Kind: store.Public}, Seq: 3,
			Excerpt: "Does anybody know when the market opens tomorrow, and whether there will be figs, and honey, and bread from the bakery by the fountain?",
		})},
		{"switcher", switching(theme, views.Destinations{
			Viewer: user(ada), Public: 120, Conversations: manyConversations().List[:6],
		}.Named(""))},
		{"switcher-nothing", switching(theme, nil)},
		{"notices-on-this-device", part{framed(theme, "notices-on-this-device", scripted(views.NoticesOnThisDevice(),
			`aria-labelledby="device-notices-title" hidden`, `aria-labelledby="device-notices-title"`,
			`>Turn on sounds<`, `>Turn off sounds<`, `class="kinds" hidden`, `class="kinds"`,
			`role="status"></p><div class="kinds" hidden`, `role="status">Your browser does not allow them. Allow notifications for this site in its settings, and try again.</p><div class="kinds" hidden`,
		))}},
	}
}

// waiting is a page with these numbers in its badges.
func waiting(theme string, requests, notifications, messages int) templ.Component {
	page := member(theme)
	page.Inbox = store.Inbox{Requests: requests, Notifications: notifications, Messages: messages, Public: store.PublicUnread{Count: messages, Newest: 9000}}
	return views.Friends(page, views.FriendsPage{})
}

// toasts is the chat with the notices that a script shows as the stream brings them.
func toasts(theme string, news ...store.Notification) templ.Component {
	const opening = `<div class="panel toast"`
	var shown strings.Builder
	for _, n := range news {
		n.At = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		_, toast, _ := strings.Cut(string(rendered(views.Inbox(store.Inbox{Notifications: 1, Newest: n}))), opening)
		shown.WriteString(opening + strings.TrimSuffix(toast, "</div>"))
	}
	const region = `data-newest="0" data-read="0">`
	return scripted(chat(theme, room(conversation(), 12, everybody())), region, region+shown.String())
}

// switching is the chat with the switcher open and its results.
func switching(theme string, places []views.Place) templ.Component {
	const found = `<div id="places">`
	return scripted(views.Chat(unconnected(theme), room(conversation(), 0, everybody())), `<dialog id="switcher"`, `<dialog open id="switcher"`,
		found, found+string(rendered(views.Places(places))))
}
