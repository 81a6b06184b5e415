package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"plaza/handlers"
	"plaza/handlers/live/nats/natstest"
	"plaza/store/storetest"
)

// openPage is a page of the public chat that stays open: it shows what its stream brings, and connects
// again with its cursor.
type openPage struct {
	browser *browser
	path    string // of its stream

	mu     sync.Mutex
	bodies []string
	ids    []string
}

// openPage opens a page, whose stream is connected once connect is called.
func (b *browser) openPage() *openPage {
	b.t.Helper()
	p := &openPage{browser: b}
	document := b.get("/").expect(http.StatusOK).document()
	p.path, _ = document.Find("[data-hx-ws\\:connect]").Attr("data-hx-ws:connect")
	p.show(document.Find("#messages"))
	return p
}

// connect has the page follow its stream until ctx ends.
func (p *openPage) connect(ctx context.Context) {
	var following sync.WaitGroup
	ctx, stop := context.WithCancel(ctx)
	following.Go(func() {
		for ctx.Err() == nil {
			socket, _, err := p.browser.handshake(p.path, p.browser.site.url)
			for err == nil {
				var frame []byte
				if _, frame, err = socket.Read(ctx); err == nil {
					p.take(string(frame))
				}
			}
			if socket != nil {
				_ = socket.CloseNow()
			}
		}
	})
	p.browser.t.Cleanup(func() {
		stop()
		following.Wait()
	})
}

func (p *openPage) take(frame string) {
	document, err := goquery.NewDocumentFromReader(strings.NewReader(frame))
	if err != nil {
		panic(err)
	}
	document.Find(`hx-partial[data-hx-target="#messages"]`).Each(func(_ int, partial *goquery.Selection) {
		swap := partial.AttrOr("data-hx-swap", "")
		var version, epoch int64
		if _, err := fmt.Sscanf(swap, "log version:%d epoch:%d", &version, &epoch); err != nil {
			panic(swap)
		}
		address, err := url.Parse(p.path)
		if err != nil {
			panic(err)
		}
		query := address.Query()
		query.Set("after", fmt.Sprint(version))
		query.Set("epoch", fmt.Sprint(epoch))
		p.path = "/ws?" + query.Encode()
		if strings.HasSuffix(swap, "fresh:true") {
			p.mu.Lock()
			p.ids, p.bodies = nil, nil
			p.mu.Unlock()
		}
		p.show(partial)
	})
}

// show adds messages, and replaces those that are there.
func (p *openPage) show(messages *goquery.Selection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	messages.Find("article").Each(func(_ int, article *goquery.Selection) {
		id, body := article.AttrOr("id", ""), strings.TrimSpace(article.Find(".body").Text())
		if at := slices.Index(p.ids, id); at >= 0 {
			p.bodies[at] = body
			return
		}
		p.ids, p.bodies = append(p.ids, id), append(p.bodies, body)
	})
}

func (p *openPage) shows(bodies []string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Equal(p.bodies, bodies)
}

// say posts messages, and returns their texts.
func (b *browser) say(topic string, count int) []string {
	b.t.Helper()
	var said []string
	for i := range count {
		text := fmt.Sprint(topic, " ", i)
		eventually(b.t, text+" is posted", func() bool { return b.message(text, text).StatusCode == http.StatusNoContent })
		said = append(said, text)
	}
	return said
}

// After a failover that lost commits, pages show what the database has: those that stay open, also while
// nobody posts, and those that come back once the room has passed them. What was lost can be posted again.
func TestServersOfADatabaseThatLostCommits(t *testing.T) {
	t.Parallel()
	bus, err := natstest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bus.Stop)
	database := storetest.MustServer(t, "fsync=off")
	one, other := openAt(t, database.Address("plaza"), bus.Address()), openAt(t, database.Address("plaza"), bus.Address())
	ada, bob := one.member("ada"), other.member("bob")
	all := ada.say("kept", 3)
	if err := database.Keep(); err != nil {
		t.Fatal(err)
	}
	pages := []*openPage{ada.openPage(), bob.openPage(), ada.also(other).openPage()}
	for _, page := range pages {
		page.connect(t.Context())
	}
	lost := bob.say("lost", 4)
	for _, page := range pages {
		eventually(t, "all show what will be lost", func() bool { return page.shows(slices.Concat(all, lost)) })
	}
	asleep := []*openPage{ada.openPage(), bob.openPage()}
	if err := database.Rewind(); err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		eventually(t, "none shows what is lost", func() bool { return page.shows(all) })
	}
	all = append(all, ada.say("later", 3)...)
	all = append(all, bob.say("lost", 4)...)
	for _, page := range asleep {
		page.connect(t.Context())
	}
	for i, page := range append(pages, asleep...) {
		eventually(t, fmt.Sprint("page ", i, " shows what is in the log"), func() bool { return page.shows(all) })
	}
	for _, reader := range []*browser{ada, bob} {
		if page := reader.openPage(); !page.shows(all) {
			t.Errorf("a new page shows %q, want %q", page.bodies, all)
		}
	}
}

// If a backup takes the place of a site's file, pages from before show what the file has, also once the
// room has passed them.
func TestStreamOfARestoredFile(t *testing.T) {
	t.Parallel()
	path := storetest.MustFile(t)
	var session string
	var kept []string
	var before, asleep *openPage
	serve := func(what string, do func(t *testing.T, s *site)) {
		if !t.Run(what, func(t *testing.T) {
			do(t, open(t, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, path) }))
		}) {
			t.FailNow()
		}
	}
	// back is a page of an earlier server, at this one.
	back := func(b *browser, page *openPage) *openPage {
		return &openPage{browser: b, path: page.path, ids: slices.Clone(page.ids), bodies: slices.Clone(page.bodies)}
	}
	serve("the backup", func(_ *testing.T, s *site) {
		ada := s.member("ada")
		session = ada.token()
		kept = ada.say("kept", 3)
		before = ada.openPage()
	})
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	serve("what is lost", func(t *testing.T, s *site) {
		ada := s.browse()
		ada.plant(session)
		page := back(ada, before)
		page.connect(t.Context())
		shown := slices.Concat(kept, ada.say("lost", 4))
		eventually(t, "a page goes on over a restart", func() bool { return page.shows(shown) })
		asleep = ada.openPage()
	})
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	serve("the restored file", func(t *testing.T, s *site) {
		ada := s.browse()
		ada.plant(session)
		there := back(ada, asleep)
		there.connect(t.Context())
		eventually(t, "a page that returns shows nothing that is lost", func() bool { return there.shows(kept) })
		shown := slices.Concat(kept, ada.say("later", 6))
		for _, page := range []*openPage{before, asleep} {
			returns := back(ada, page)
			returns.connect(t.Context())
			eventually(t, "a page that returns later shows what is in the log", func() bool { return returns.shows(shown) })
		}
		eventually(t, "a page that stays shows what is in the log", func() bool { return there.shows(shown) })
	})
}
