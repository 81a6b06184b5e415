package handlers_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coder/websocket"

	"plaza/handlers"
	"plaza/handlers/live"
	"plaza/store/storetest"
)

func TestStreamCarriesWhatIsPosted(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	hers, his := ada.connect("/ws?room=1&after=0"), bob.connect("/ws?room=1&after=0")
	for i := range 5 {
		ada.message(fmt.Sprintf("message %d", i), fmt.Sprint("nonce", i)).expect(http.StatusNoContent)
	}
	all := []string{"message 0", "message 1", "message 2", "message 3", "message 4"}
	hers.expect(all...)
	his.expect(all...)
	page := bob.get("/").document()
	his.document().Find("article").Each(func(_ int, fragment *goquery.Selection) {
		// Scripts mark where a day begins, since a fragment does not know the message before it.
		want, _ := goquery.OuterHtml(page.Find("#" + fragment.AttrOr("id", "none")).RemoveAttr("data-day-start"))
		if got, _ := goquery.OuterHtml(fragment); got != want {
			t.Errorf("the stream's fragment differs from the page's:\n%s\n%s", got, want)
		}
	})
}

func TestStreamGoesOnFromThePagesCursor(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	for i := range 3 {
		ada.message(fmt.Sprintf("message %d", i), fmt.Sprint("nonce", i)).expect(http.StatusNoContent)
	}
	address, _ := ada.get("/").document().Find("[data-hx-ws\\:connect]").Attr("data-hx-ws:connect")
	if !regexp.MustCompile(`^/ws\?room=1&after=3&inbox=0\.0\.0\.0\.0\.0&epoch=[1-9][0-9]*$`).MatchString(address) {
		t.Errorf("the page's stream is at %q", address)
	}
	ada.message("after the page", "nonce after").expect(http.StatusNoContent)
	ada.connect(address).expect("after the page")
	ada.connect("/ws?room=1&after=1").expect("message 1", "message 2", "after the page")
}

// A malformed cursor gets the newest page and the messages after it.
func TestStreamFromAStrangeCursor(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	ada.message("before", "first").expect(http.StatusNoContent)
	var streams []*stream
	for _, cursor := range []string{"-5", "abc", "", "99999", "99999999999999999999999", "1.5", "1&epoch=abc", "1&epoch=1.5", "1&epoch=12345", "1&epoch=-1"} {
		stream := ada.connect("/ws?room=1&after=" + cursor)
		stream.expect("before")
		if !strings.Contains(stream.text(), "fresh:true") {
			t.Errorf("cursor %q: the page is not told that this is all there is", cursor)
		}
		streams = append(streams, stream)
	}
	ada.message("after", "second").expect(http.StatusNoContent)
	for _, stream := range streams {
		stream.expect("before", "after")
	}
}

// A user who leaves a group gets none of its messages, even on a connection that was open.
func TestStreamOfAGroupThatOneLeaves(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	s.befriend(ada, bob, "ada", "bob")
	path := ada.post("/groups/new", url.Values{"name": {"Bees"}, "people": {"bob"}}).expect(http.StatusSeeOther).Header.Get("Location")
	group := strings.TrimPrefix(path, "/rooms/")
	address := "/ws?after=0&room=" + group
	hers, his := ada.connect(address), bob.connect(address)
	ada.write(group, "for both").expect(http.StatusSeeOther)
	eventually(t, "both get the message", func() bool {
		return strings.Contains(hers.text(), "for both") && strings.Contains(his.text(), "for both")
	})
	bob.post(path+"/leave", nil).expect(http.StatusSeeOther)
	ada.write(group, "for ada alone").expect(http.StatusSeeOther)
	eventually(t, "ada gets the message", func() bool { return strings.Contains(hers.text(), "for ada alone") })
	eventually(t, "his is closed", func() bool { return his.code() == 4404 })
	if strings.Contains(his.text(), "for ada alone") {
		t.Error("bob gets a message from after he left")
	}
}

func TestStreamIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	host := strings.TrimPrefix(s.url, "http://")
	for _, test := range []struct {
		name, path, origin string
		browser            *browser
		status             int
	}{
		{"signed out", "/ws?room=1&after=0", s.url, s.browse(), http.StatusUnauthorized},
		{"no origin", "/ws?room=1&after=0", "", ada, http.StatusForbidden},
		{"null", "/ws?room=1&after=0", "null", ada, http.StatusForbidden},
		{"another site", "/ws?room=1&after=0", "http://evil.example", ada, http.StatusForbidden},
		{"a look-alike", "/ws?room=1&after=0", s.url + ".evil.example", ada, http.StatusForbidden},
		{"another port", "/ws?room=1&after=0", s.url + "0", ada, http.StatusForbidden},
		{"another scheme", "/ws?room=1&after=0", "https://" + host, ada, http.StatusForbidden},
		{"an unknown room", "/ws?room=77&after=0", s.url, ada, http.StatusNotFound},
		{"no number", "/ws?room=x&after=0", s.url, ada, http.StatusNotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, response, err := test.browser.handshake(test.path, test.origin)
			if err == nil || response == nil {
				t.Fatalf("handshake: %v %v", response, err)
			}
			if response.StatusCode != test.status {
				t.Errorf("status %d, expected %d", response.StatusCode, test.status)
			}
		})
	}
	if answer := ada.get("/ws?room=1&after=0", "Origin", s.url); answer.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a request that is no handshake: %d", answer.StatusCode)
	}
}

func TestStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	elsewhere := s.browse()
	elsewhere.post("/login", url.Values{"login": {"ada"}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
	for _, test := range []struct {
		name    string
		browser *browser
		end     func()
	}{
		{"signed out", ada, func() { ada.post("/logout", nil).expect(http.StatusSeeOther) }},
		{"ended by another process", elsewhere, func() {
			if err := s.store.ResetPassword(t.Context(), "ada", "another long phrase"); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			page, other := test.browser.connect("/ws?room=1&after=0"), test.browser.connect("/ws")
			eventually(t, "both pages show a count", func() bool { return page.online() != "" && other.online() != "" })
			test.end()
			for _, stream := range []*stream{page, other} {
				eventually(t, "the stream ends", func() bool { return stream.code() != 0 })
				if stream.code() != websocket.StatusPolicyViolation {
					t.Errorf("close code %d", stream.code())
				}
			}
		})
	}
}

// A page counts its viewer, who is online as soon as it is shown.
func TestPageCountsItsViewer(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	expect := func(viewer *browser, path, want string) {
		t.Helper()
		if got := viewer.get(path).text("#online"); got != want {
			t.Errorf("%s says %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{"/", "/friends"} {
		expect(ada, path, "1 online")
	}
	his := bob.connect("/ws")
	eventually(t, "bob is online", func() bool { return his.online() == "1 online" })
	expect(ada, "/", "2 online")
	expect(bob, "/", "1 online")
	expect(bob, "/friends", "1 online")
}

func TestStreamCountsPeople(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	room, tab := ada.connect("/ws?room=1&after=0"), ada.connect("/ws")
	eventually(t, "one person with two tabs counts once", func() bool {
		return room.online() == "1 online" && tab.online() == "1 online"
	})
	his := bob.connect("/ws?room=1&after=0")
	eventually(t, "both are counted", func() bool { return room.online() == "2 online" && tab.online() == "2 online" })
	names := room.document().Find("#people").Last().Text()
	if !strings.Contains(names, "ada") || !strings.Contains(names, "bob") {
		t.Errorf("the list of people says %q", names)
	}
	_ = his.socket.CloseNow()
	eventually(t, "one is left", func() bool { return room.online() == "1 online" && tab.online() == "1 online" })
	ada.message("hello", "nonce").expect(http.StatusNoContent)
	room.expect("hello")
	if got := tab.bodies(); len(got) != 0 {
		t.Errorf("a stream without a room carried %q", got)
	}
}

// Nothing that one page sends disturbs other pages.
func TestStreamTakesNoNonsense(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, eve := s.member("ada"), s.member("eve")
	hers := ada.connect("/ws?room=1&after=0")
	for _, test := range []struct {
		name  string
		kind  websocket.MessageType
		frame []byte
		times int
		code  websocket.StatusCode // 0 if the connection stays open
	}{
		{"rubbish", websocket.MessageText, []byte(`{"rubbish`), 1, 0},
		{"binary", websocket.MessageBinary, []byte{0, 1, 2, 255}, 1, 0},
		{"an unknown form", websocket.MessageText, []byte(`{"body":"hello","headers":{"HX-Request":"true"}}`), 1, 0},
		{"a flood", websocket.MessageText, []byte("x"), 5000, websocket.StatusPolicyViolation},
		{"a frame of 1 MB", websocket.MessageText, bytes.Repeat([]byte("x"), 1<<20), 1, websocket.StatusMessageTooBig},
	} {
		t.Run(test.name, func(t *testing.T) {
			stream := eve.connect("/ws?room=1&after=0")
			for range test.times {
				if stream.socket.Write(t.Context(), test.kind, test.frame) != nil {
					break
				}
			}
			if test.code != 0 {
				// If bytes are still on their way, the reason may be lost.
				eventually(t, "it is closed", func() bool { return stream.code() == test.code || stream.code() == 1 })
				return
			}
			ada.message("after "+test.name, test.name).expect(http.StatusNoContent)
			eventually(t, "it goes on", func() bool { return slices.Contains(stream.bodies(), "after "+test.name) })
		})
	}
	hers.expect("after rubbish", "after binary", "after an unknown form")
	if hers.code() != 0 {
		t.Errorf("another's stream ended with %d", hers.code())
	}
}

func TestStreamsAreLimited(t *testing.T) {
	t.Parallel()
	s := open(t, limited)
	ada, bob := s.member("ada"), s.member("bob")
	for range live.DefaultPerPerson {
		ada.connect("/ws")
	}
	_, response, err := ada.handshake("/ws", s.url)
	if err == nil || response == nil || response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("one connection too many: %v %v", response, err)
	}
	bob.connect("/ws")
}

// Every page gets each version once and without gaps, while users post at the same time and readers come and
// go.
func TestStreamUnderLoad(t *testing.T) {
	t.Parallel()
	s := open(t)
	const people, each = 4, 30
	reader := s.member("reader")
	steady := reader.connect("/ws?room=1&after=0")
	var posting sync.WaitGroup
	for i := range people {
		author := s.member(fmt.Sprint("author", i))
		posting.Go(func() {
			for j := range each {
				nonce := fmt.Sprintf("%d of %d", j, i)
				for range 2 { // sends each message again, as after a lost answer
					if answer := author.message(nonce, nonce); answer.StatusCode != http.StatusNoContent {
						t.Errorf("post: %s", answer.Status)
					}
				}
			}
		})
	}
	seen := map[string]int{}
	for cursor := 0; cursor < people*each; {
		visit := reader.connect(fmt.Sprintf("/ws?room=1&after=%d", cursor))
		eventually(t, "more comes", func() bool { return len(visit.bodies()) > 0 || steady.code() != 0 })
		_ = visit.socket.CloseNow()
		visit.document().Find("article").Each(func(_ int, message *goquery.Selection) {
			cursor++
			if version := message.AttrOr("data-version", ""); version != fmt.Sprint(cursor) {
				t.Errorf("version %s at place %d", version, cursor)
			}
			seen[message.AttrOr("data-nonce", "")]++
		})
	}
	posting.Wait()
	if len(seen) != people*each {
		t.Errorf("%d messages were seen of %d", len(seen), people*each)
	}
	eventually(t, "all came", func() bool { return len(steady.bodies()) == people*each })
}

// The stream sends the same bytes of a room to all readers, whatever their relations. The viewer's stylesheet
// makes the difference.
func TestStreamSaysTheSameToAll(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob, eve, mei := s.member("ada"), s.member("bob"), s.member("eve"), s.member("mei")
	s.befriend(ada, bob, "ada", "bob")
	ada.relate("/blocks/eve").expect(http.StatusSeeOther)
	mei.relate("/blocks/ada").expect(http.StatusSeeOther)
	ada.post("/settings/profile", url.Values{"display_name": {"Ada Lovelace"}, "seen_hidden": {"on"}}).expect(http.StatusSeeOther)
	var streams []*stream
	for _, b := range []*browser{ada, bob, eve, mei} {
		streams = append(streams, b.connect("/ws?room=1&after=0"))
	}
	ada.message("hello @bob and @eve", "1").expect(http.StatusNoContent)
	for _, target := range []string{"#messages", "#people", "#online"} {
		said := make([]string, len(streams))
		eventually(t, "all readers get the same of "+target, func() bool {
			for i, one := range streams {
				partials := one.document().Find(`hx-partial[data-hx-target="` + target + `"]:not([data-hx-swap^="picture"])`)
				if partials.Length() == 0 {
					return false
				}
				var err error
				if said[i], err = goquery.OuterHtml(partials.Last()); err != nil {
					t.Fatal(err)
				}
			}
			return len(slices.Compact(slices.Clone(said))) == 1
		})
		if strings.Contains(said[0], "example.org") {
			t.Errorf("all readers get %s", said[0])
		}
	}
	if said := streams[2].document().Find("article.message"); said.AttrOr("data-mentions", "") != "bob eve" {
		t.Errorf("it is %s", streams[2].text())
	}
}

// The number of streams from one address is limited, for all accounts together. IPv6 addresses of one /64 count as
// one address, and a /48 has a limit of its own.
func TestStreamsOfAnAddress(t *testing.T) {
	t.Parallel()
	s := &site{t: t, store: storetest.MustOpen(t)}
	plaza := handlers.New(handlers.Config{
		Store: s.store, Unlimited: true, Log: slog.New(slog.DiscardHandler), SetupByLoopback: true,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	handlers.BoundStreams(plaza, live.Limits{PerAddress: 2})
	server := httptest.NewServer(plaza)
	t.Cleanup(server.Close)
	t.Cleanup(func() { plaza.Drain(context.Background()) })
	s.url = server.URL
	people := []*browser{s.member("ada"), s.member("bob"), s.member("eve")}
	opened := 0
	opens := func(address string) bool {
		t.Helper()
		opened++
		socket, refused, err := people[opened%len(people)].handshake("/ws", s.url, "X-Forwarded-For", address)
		if err != nil {
			if refused == nil || refused.StatusCode != http.StatusTooManyRequests {
				t.Errorf("%s is answered with %v, %v", address, refused, err)
			}
			return false
		}
		t.Cleanup(func() { _ = socket.CloseNow() })
		return true
	}
	for _, of := range []struct{ network, address string }{{"an IPv4 address", "192.0.2.1"}, {"a /64", "2001:db8:0:ffff::%x"}} {
		for i := range 3 {
			address := of.address
			if strings.Contains(address, "%x") {
				address = fmt.Sprintf(address, i+1)
			}
			if opens(address) != (i < 2) {
				t.Errorf("stream %d of %s is refused or not", i, of.network)
			}
		}
	}
	for i := range 2*8 - 2 + 1 {
		if opens(fmt.Sprintf("2001:db8:0:%x::1", i)) != (i < 2*8-2) {
			t.Errorf("stream %d of the other /64s is refused or not", i)
		}
	}
	if !opens("2001:db8:1::1") || !opens("192.0.2.2") {
		t.Error("another network is refused")
	}
}

// Frames that carry no message count as a flood too: pings, pongs, and parts of a message that are empty.
func TestEmptyFramesAreAFlood(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	frame := func(first byte) []byte { return []byte{first, 0x80, 1, 2, 3, 4} } // masked, without a payload
	for name, frames := range map[string][2][]byte{
		"pings":       {frame(0x89), frame(0x89)},
		"pongs":       {frame(0x8a), frame(0x8a)},
		"empty parts": {frame(0x01), frame(0x00)},
	} {
		flood := append(slices.Clone(frames[0]), bytes.Repeat(frames[1], 5000)...)
		refused := func(t *testing.T, answers io.Reader) {
			content, _ := io.ReadAll(answers) // until the site closes the connection
			closing := append([]byte{0x88, byte(2 + len("too many messages")), 0x03, 0xf0}, "too many messages"...)
			if !bytes.HasSuffix(content, closing) {
				t.Errorf("the stream ends with %q", content[max(0, len(content)-40):])
			}
			if pongs := bytes.Count(content, []byte{0x8a, 0}); pongs > 250 {
				t.Errorf("%d pings are answered", pongs)
			}
		}
		t.Run(name, func(t *testing.T) {
			conn, answers := ada.in(t).rawStream("/ws?room=1&after=0")
			if _, err := conn.Write(flood); err != nil {
				t.Fatal(err)
			}
			refused(t, answers)
		})
		t.Run(name+" with the handshake", func(t *testing.T) {
			_, answers := ada.in(t).rawStream("/ws?room=1&after=0", flood...)
			refused(t, answers)
		})
	}
	quiet, answers := ada.rawStream("/ws")
	for range 30 { // as many as a browser may send
		if _, err := quiet.Write(frame(0x8a)); err != nil {
			t.Fatal(err)
		}
	}
	ada.message("hello", "1").expect(http.StatusNoContent)
	if first, err := answers.ReadByte(); err != nil || first == 0x88 {
		t.Errorf("the stream of a page that answers is closed: %x, %v", first, err)
	}
}

// rawStream opens a stream, and returns its connection and what comes after the handshake. It sends some bytes in one
// go with the handshake.
func (b *browser) rawStream(path string, early ...byte) (net.Conn, *bufio.Reader) {
	b.t.Helper()
	address := mustParse(b.t.(*testing.T), b.site.url)
	conn, err := net.DialTimeout("tcp", address.Host, patience)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	request, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.site.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Origin": b.site.url, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Cookie": "plaza=" + b.token(),
	} {
		request.Header.Set(name, value)
	}
	answers := bufio.NewReader(conn)
	var handshake bytes.Buffer
	err = errors.Join(conn.SetDeadline(time.Now().Add(patience)), request.Write(&handshake))
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := conn.Write(append(handshake.Bytes(), early...)); err != nil {
		b.t.Fatal(err)
	}
	answer, err := http.ReadResponse(answers, request)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		b.t.Fatalf("the handshake is answered with %v, %v", answer, err)
	}
	return conn, answers
}
