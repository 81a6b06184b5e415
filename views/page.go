// Package views makes plaza's HTML: pages, and the fragments of them that htmx requests
// and the live stream ask for. A component is used for both, so that they never differ.
package views

import (
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"plaza/static"
	"plaza/store"
)

// Page is what the layout of each page needs to know.
type Page struct {
	Title  string      // the page's own title, before the site's name
	Viewer *store.User // nil for a visitor
	Online int         // distinct people with a live connection
	Inbox  store.Inbox // what waits for the viewer
	Stream string      // the address of the live stream; "" for visitors
	AsOf   int64       // when it was made, in Unix milliseconds: what the stream says of before, it shows
	Theme  string      // "light" or "dark", by the viewer's choice; "" follows the system
	Script string      // a module that this page loads beside the site's script; "" for none
	Path   string      // the page's path with its query, where the theme switch comes back to
}

// shape is how a page uses the window, and what its header offers.
type shape struct {
	class  string
	people bool // opens the list of who is online, where that has no place of its own
	signIn bool // invites a visitor to sign in
	search bool // is where one searches
	query  string
}

// The shapes: an application fills the window and scrolls inside itself, a document is as
// long as what it says. A problem's page does not know who is asking, so it invites nobody.
func chatShape() shape     { return shape{class: "application with-people", people: true} }
func privateShape() shape  { return shape{class: "application with-conversations"} }
func readingShape() shape  { return shape{class: "application"} }
func documentShape() shape { return shape{class: "document", signIn: true} }
func problemShape() shape  { return shape{class: "document"} }

func searchShape(query string) shape {
	return shape{class: "document", signIn: true, search: true, query: query}
}

// htmxConfig keeps the socket of a hidden tab open, so that coming back to it shows
// everything at once; has it come back within 3 s of the site, however long that was away;
// and leaves the styles to our own stylesheet.
const htmxConfig = `{"ws":{"pauseOnBackground":false,"reconnectMaxDelay":2000},"includeIndicatorCSS":false}`

// titled returns the page with a title.
func (p Page) titled(title string) Page {
	p.Title = title
	return p
}

// with returns the page with a module of its own.
func (p Page) with(script string) Page {
	p.Script = script
	return p
}

func (p Page) colorScheme() string {
	if p.Theme != "" {
		return p.Theme
	}
	return "light dark"
}

// fullTitle is what the browser's tab says.
func (p Page) fullTitle() string {
	title := p.Title + " · plaza"
	if p.Inbox.Notifications > 0 {
		title = fmt.Sprintf("(%s) %s", count(p.Inbox.Notifications), title)
	}
	return title
}

// Online is the text of the counter in the header.
func Online(n int) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, words.online(n))
		return err
	})
}

// raw writes HTML that was rendered before.
func raw(html []byte) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(html)
		return err
	})
}

// count is a number, as there is room for it in a badge.
func count(n int) string {
	if n > 99 {
		return "99+"
	}
	return fmt.Sprint(n)
}

func profilePath(username string) string { return "/u/" + url.PathEscape(username) }

// PictureVersion changes with what an account's picture looks like. It is part of the picture's
// address, so that browsers can keep it for ever: the hash of a picture that was set, or else of
// the names that one is generated from.
func PictureVersion(u store.Person) string {
	if u.Picture != "" {
		return u.Picture
	}
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(u.Username+"\x00"+u.Name()))), 16)
}

// picturePath is where a picture is served, in the size for a line of text or for a page of its own.
func picturePath(u store.Person, large bool) string {
	size := ""
	if large {
		size = "&size=large"
	}
	return profilePath(u.Username) + "/picture?v=" + PictureVersion(u) + size
}

func iconAddress(name string) string { return static.Address("icons.svg") + "#" + name }

// toTheMinute leaves out the seconds: of people's comings and goings they are nobody's business.
func toTheMinute(t time.Time) time.Time { return t.UTC().Truncate(time.Minute) }

// longDate is a day as people say it.
func longDate(t time.Time) string { return t.UTC().Format("2 January 2006") }
