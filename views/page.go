// Package views makes plaza's HTML: pages, and their fragments for htmx requests and for the live
// stream. A page and its fragment use the same component, so that they never differ.
package views

import (
	"cmp"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"plaza/static"
	"plaza/store"
)

// Page is the data that the layout of each page needs.
type Page struct {
	Title  string      // the page's own title, before the site's name
	Site   store.Site  // what the owner has chosen
	Viewer *store.User // nil for a visitor
	Online int         // distinct people with a live connection
	Inbox  store.Inbox // the viewer's unread counts and newest notification
	// Navigation is the rendered component NavigationPanel, or reads what it shows when it is rendered. It is nil for a visitor.
	Navigation templ.Component
	Stream     string // the address of the live stream; "" for visitors
	AsOf       int64  // when the page was made, in Unix milliseconds; it shows all earlier changes. 0: unknown
	Theme      string // "light" or "dark", by the viewer's choice; "" follows the system
	Script     string // a module that the page loads in addition to the site's script; "" for none
	Path       string // the page's path with its query; the theme switch redirects there
	Origin     string // the scheme and host of the site, for addresses that other sites show

	preview preview
}

// shape is the layout of a page in the window, and the content of its header.
type shape struct {
	class  string
	people bool   // the page has the list of people online, which the header opens on a narrow page
	signIn bool   // the header has a link to sign in, if the viewer is a visitor
	search bool   // the page is the search page
	query  string // of the search page
}

// An application fills the window and scrolls inside itself. A document is as long as its content.
// An error page may not know whether the viewer is signed in, so it has no link to sign in.
func chatShape() shape     { return shape{class: "application with-people", people: true} }
func roomShape() shape     { return shape{class: "application"} }
func documentShape() shape { return shape{class: "document", signIn: true} }

func problemShape(toVisitor bool) shape { return shape{class: "document", signIn: toVisitor} }

func searchShape(query string) shape {
	return shape{class: "document", signIn: true, search: true, query: query}
}

// htmxConfig keeps the socket of a hidden tab open, so that the tab is up to date when the viewer
// returns. It limits the delay of reconnects, so that a page connects within 3 s after the site is
// back. It turns off htmx's own styles, which the policy forbids. Counts come only by the stream: what a page
// requests again may be older. Going back is left to the browser and to our own scripts. A list that reloads leaves
// open what the viewer has opened.
const htmxConfig = `{"ws":{"pauseOnBackground":false,"reconnectMaxDelay":2000},"includeIndicatorCSS":false,"history":false,"morphSkip":".badge","morphIgnore":["data-htmx-powered","open"]}`

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

// account returns whose page it is: the number of an account, "0" for a visitor, or "" if the page does not
// know. Scripts keep nothing in a browser beyond the session of an account.
func (p Page) account(s shape) string {
	switch {
	case p.Viewer != nil:
		return strconv.FormatInt(p.Viewer.ID, 10)
	case s.signIn:
		return "0"
	}
	return ""
}

// siteName returns the name of the site.
func (p Page) siteName() string { return cmp.Or(p.Site.Name, "plaza") }

func (p Page) colorScheme() string {
	if p.Theme != "" {
		return p.Theme
	}
	return "light dark"
}

// fullTitle returns the title of the browser's tab. It counts notifications, and only marks that the public
// chat has unread messages.
func (p Page) fullTitle() string {
	title := p.Title + " · " + p.siteName()
	switch {
	case p.Inbox.Notifications > 0:
		return fmt.Sprintf("(%s) %s", count(p.Inbox.Notifications), title)
	case p.Inbox.Public.Count > 0:
		return "• " + title
	}
	return title
}

// Online renders the text of the counter in the header.
func Online(n int) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, words.online(n))
		return err
	})
}

// PublicNews renders the newest messages of the public chat as pages elsewhere are told of them: the seq and
// the author's id of each, newest first.
func PublicNews(posts []store.PublicPost) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		marks := make([]string, len(posts))
		for i, post := range posts {
			marks[i] = fmt.Sprintf("%d:%d", post.Seq, post.Author)
		}
		_, err := io.WriteString(w, strings.Join(marks, " "))
		return err
	})
}

// raw writes HTML that a component has rendered before.
func raw(html []byte) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(html)
		return err
	})
}

// count returns a number that is short enough for a badge.
func count(n int) string {
	if n > 99 {
		return "99+"
	}
	return fmt.Sprint(n)
}

func profilePath(username string) string { return "/u/" + url.PathEscape(username) }

// PictureVersion returns a version that changes with an account's picture. It is the hash of the uploaded
// picture, or of the names that the picture is generated from. It is part of the picture's address,
// so that browsers can cache the picture for ever.
func PictureVersion(u store.Person) string {
	if u.Picture != "" {
		return u.Picture
	}
	const drawing = "2" // changes when the same names give another picture
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(drawing+"\x00"+u.Username+"\x00"+u.Name()))), 16)
}

// picturePath returns the address of a person's picture, in the small or the large size.
func picturePath(u store.Person, large bool) string {
	size := ""
	if large {
		size = "&size=large"
	}
	return profilePath(u.Username) + "/picture?v=" + PictureVersion(u) + size
}

func iconAddress(name string) string { return static.Address("icons.svg") + "#" + name }

// toTheMinute drops the seconds, for the privacy of the person whose time it is.
func toTheMinute(t time.Time) time.Time { return t.UTC().Truncate(time.Minute) }

// longDate returns a day in UTC, such as 2 January 2006.
func longDate(t time.Time) string { return t.UTC().Format("2 January 2006") }
