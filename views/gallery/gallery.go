// Package gallery shows every component in each of its states, without a database or a
// sign-in. Designers look at it, and a test checks it.
package gallery

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"plaza/store"
	"plaza/views"
)

// Entry is one page of the gallery.
type Entry struct {
	Name      string
	Component templ.Component
}

// part is a page around a component that is not a page itself.
type part struct{ templ.Component }

// isPart reports whether the entry needs only a part of a screen.
func (e Entry) isPart() bool {
	_, ok := e.Component.(part)
	return ok
}

// Entries returns the gallery in a theme: "light", "dark", or "" for the device's theme.
func Entries(theme string) []Entry {
	var all []Entry
	for _, room := range []func(string) []Entry{foundations, accounts, allSettings, chats, replies, allReactions, messageActions, rooms, inboxes, parts, problems} {
		all = append(all, room(theme)...)
	}
	return all
}

// visitor is a page as somebody without an account sees it.
func visitor(theme string) views.Page {
	return views.Page{Online: 12, Theme: theme, Path: "/", Origin: "https://plaza.example.org"}
}

// member is a page as ada sees it, who is signed in.
func member(theme string) views.Page {
	viewer := user(ada)
	return views.Page{
		Viewer: &viewer, Online: 12, Stream: "/ws?room=1&after=57&inbox=0.0.0.0.0", Theme: theme, Path: "/",
		Navigation: views.NavigationPanel(views.Navigation{Path: "/", Conversations: navigationRooms()}),
	}
}

// unconnected is the same page without a stream, since the gallery serves none.
func unconnected(theme string) views.Page {
	page := member(theme)
	page.Stream = ""
	return page
}

// crowded is a page with as much in its header as there can be.
func crowded(theme string) views.Page {
	page, viewer := unconnected(theme), user(lengthy)
	page.Viewer, page.Online = &viewer, 12_345
	page.Inbox = store.Inbox{Requests: 100, Notifications: 100, Messages: 100}
	page.Navigation = views.NavigationPanel(views.Navigation{
		Inbox: page.Inbox, Conversations: navigationRooms(), Requests: []store.Person{lengthy, layla}, Folded: []string{"messages"},
	})
	return page
}

// room is the public chat with a log.
func room(messages []store.Message, older int64, people views.People) views.Room {
	return views.Room{
		Room:     store.Room{RoomSummary: store.RoomSummary{ID: store.PublicRoom, Kind: store.Public}, Version: 57},
		Log:      rendered(views.Messages(views.Part{Room: store.PublicRoom, Messages: messages, Older: older})),
		People:   rendered(views.PeopleList(people)),
		Composer: views.Composer{Room: store.PublicRoom, Nonce: "0198f3", To: "everyone"},
	}
}

func rendered(c templ.Component) []byte {
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		panic("gallery: " + err.Error())
	}
	return b.Bytes()
}

// scripted returns a component as a script leaves it. Each pair is a text that the script replaces, and its
// replacement. scripted panics if the component does not contain the text, since the component has changed.
func scripted(c templ.Component, pairs ...string) templ.Component {
	html := string(rendered(c))
	for pair := range slices.Chunk(pairs, 2) {
		was, became := pair[0], pair[1]
		if !strings.Contains(html, was) {
			panic("gallery: no " + was)
		}
		html = strings.Replace(html, was, became, 1)
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, html)
		return err
	})
}
