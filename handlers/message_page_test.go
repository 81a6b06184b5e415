package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/store/storetest"
)

// shows returns the part of a log that an answer shows: its first and its last message, the marked message, and where
// its links lead.
func (a *answer) shows() string {
	articles := a.document().Find("article[data-seq]:not([data-seq='0'])")
	seqs := articles.Map(func(_ int, one *goquery.Selection) string { return one.AttrOr("data-seq", "") })
	if len(seqs) == 0 {
		return "nothing"
	}
	shown := fmt.Sprintf("%s to %s", seqs[0], seqs[len(seqs)-1])
	if marked := articles.Filter(".marked[autofocus]"); marked.Length() > 0 {
		shown += ", at " + marked.AttrOr("data-seq", "")
	}
	for _, id := range []string{"older", "newer"} { // a script sets the seq of the links in templates
		if link := a.document().Find("a#" + id + ":not([href$='=0'])"); link.Length() > 0 {
			shown += ", " + link.AttrOr("href", "")
		}
	}
	return shown
}

// talk posts messages of ada to the public chat.
func (s *site) talk(count int) {
	s.t.Helper()
	author, err := s.store.UserByName(s.t.Context(), "ada")
	if err != nil {
		s.t.Fatal(err)
	}
	for i := range count {
		storetest.MustPost(s.t, s.store, author, fmt.Sprint("message ", i+1))
	}
}

// A link to a message leads to a page at the message, from which links lead on in both directions.
func TestRoomAtAMessage(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.talk(120)
	ada.post("/messages/1/1/edit", url.Values{"body": {"edited"}, "version": {"0"}}).expect(http.StatusSeeOther)
	ada.write("1", "message 122").expect(http.StatusSeeOther)
	const newest = "72 to 122, /?before=72"
	for _, test := range []struct{ query, want string }{
		{"at=1", "1 to 25, at 1, /?after=25"},
		{"at=0", "1 to 25, at 1, /?after=25"},
		{"at=-5", "1 to 25, at 1, /?after=25"},
		{"at=40", "15 to 64, at 40, /?before=15, /?after=64"},
		{"at=97", "72 to 122, at 97, /?before=72"},
		{"at=121", "96 to 122, at 122, /?before=96"}, // the edit
		{"at=122", "96 to 122, at 122, /?before=96"},
		{"at=123", "97 to 122, at 122, /?before=97"},
		{"at=4611686018427387903", "97 to 122, at 122, /?before=97"},
		{"at=x", newest},
		{"at=", newest},
		{"at=9223372036854775808", newest},
		{"before=72", "22 to 71, /?before=22, /?after=71"},
		{"before=22", "1 to 21, /?after=21"},
		{"before=1", newest},
		{"after=71", newest},
		{"after=21", "22 to 71, /?before=22, /?after=71"},
		{"after=0", "1 to 50, /?after=50"},
		{"after=122", newest},
		{"after=4611686018427387903", newest},
	} {
		page := ada.get("/?" + test.query).expect(http.StatusOK)
		if got := page.shows(); got != test.want {
			t.Errorf("%s shows %s, want %s", test.query, got, test.want)
		}
		_, isHidden := page.document().Find("a#new-messages[href='/']").Attr("hidden")
		if isBehind := strings.Contains(test.want, "after="); isHidden == isBehind || page.document().Find("#composer").Length() != 1 {
			t.Errorf("%s has a link to the newest: %t, or no composer", test.query, !isHidden)
		}
		if stream := page.document().Find("#stream").AttrOr("data-hx-ws:connect", ""); !strings.HasPrefix(stream, "/ws?room=1&after=122&") {
			t.Errorf("%s follows the stream %s", test.query, stream)
		}
	}
}

// Messages before and after a seq come as fragments, with a link to those that follow in that direction.
func TestMessagesInBothDirections(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	s.talk(120)
	for _, test := range []struct{ query, want string }{
		{"before=71", "21 to 70, /?before=21"},
		{"before=21", "1 to 20"},
		{"before=1", "nothing"},
		{"before=4611686018427387903", "71 to 120, /?before=71"},
		{"after=0", "1 to 50, /?after=50"},
		{"after=50", "51 to 100, /?after=100"},
		{"after=70", "71 to 120"},
		{"after=120", "nothing"},
		{"after=-1", "1 to 50, /?after=50"},
		{"after=4611686018427387903", "nothing"},
	} {
		if got := ada.get("/messages?room=1&" + test.query).expect(http.StatusOK).shows(); got != test.want {
			t.Errorf("%s shows %s, want %s", test.query, got, test.want)
		}
	}
	for _, query := range []string{"", "&after=", "&after=x", "&before=x", "&after=9223372036854775807"} {
		ada.get("/messages?room=1" + query).expect(http.StatusBadRequest)
	}
}

// A place in the log that is an event is shown as well.
func TestRoomAtAnEvent(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	path := ada.post("/groups/new", url.Values{"name": {"Figs"}, "people": {"bob"}}).expect(http.StatusSeeOther).Header.Get("Location")
	ada.post(path+"/name", url.Values{"name": {"Dates"}}).expect(http.StatusSeeOther)
	if got := bob.get(path + "?at=1").expect(http.StatusOK).shows(); !strings.Contains(got, ", at 1") {
		t.Errorf("the page shows %s", got)
	}
}

// Who may not read a room learns nothing of it by a seq, and visitors are asked to sign in first.
func TestRoomAtAMessageIsForItsReaders(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve := s.member("ada"), s.member("bob"), s.member("eve")
	s.befriend(ada, bob, "ada", "bob")
	room := s.pair()
	ada.write(room, "a secret").expect(http.StatusSeeOther)
	for _, path := range []string{"/rooms/%s?at=1", "/rooms/%s?after=0", "/messages?room=%s&after=0", "/messages?room=%s&before=9"} {
		hers, none := eve.get(fmt.Sprintf(path, room)), eve.get(fmt.Sprintf(path, "999"))
		if hers.expect(http.StatusNotFound); hers.text("main") != none.expect(http.StatusNotFound).text("main") {
			t.Errorf("%s says %q of a room, and %q of none", path, hers.text("main"), none.text("main"))
		}
	}
	for _, reader := range []*browser{ada, bob} {
		if got := reader.get("/rooms/" + room + "?at=1").expect(http.StatusOK).shows(); got != "1 to 1, at 1" {
			t.Errorf("a member sees %s", got)
		}
	}
	visitor := s.browse()
	for path, next := range map[string]string{
		"/?at=7": "/login?next=%2F%3Fat%3D7", "/rooms/1?at=7": "/login?next=%2Frooms%2F1%3Fat%3D7",
		"/messages?room=1&after=7": "/login?next=%2Fmessages%3Froom%3D1%26after%3D7",
	} {
		visitor.get(path).expect(http.StatusSeeOther).expectHeader("Location", next)
	}
	visitor.get("/").expect(http.StatusOK)
}
