package browser

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// chromium is one Chromium for all tests. Each person has a browser context, with cookies of its own.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop []context.CancelFunc
	err  error
}

func startBrowser() {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-timer-throttling", true),
		// Each window would start a process for its address bar, and one to spare.
		chromedp.Flag("disable-features", "site-per-process,Translate,WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	browser, stopBrowser := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	chromium.ctx, chromium.stop = browser, []context.CancelFunc{stopBrowser, stopAllocator}
	chromium.err = chromedp.Run(browser)
}

func stopBrowser() {
	for _, stop := range chromium.stop {
		stop()
	}
}

// tab is a tab of a person's browser.
type tab struct {
	t    testing.TB
	ctx  context.Context
	site *e2etest.Site

	mu       sync.Mutex
	troubles []string // unexpected errors and warnings of the console
}

// browse opens an empty tab in a browser of its own. The test fails if the console shows an error or a
// warning without one of the expected parts.
func browse(t testing.TB, s *e2etest.Site, expected ...string) *tab {
	t.Helper()
	chromium.once.Do(startBrowser)
	if chromium.err != nil {
		t.Fatalf("start Chromium: %v", chromium.err)
	}
	return attach(t, s, newWindow(t, newPerson(t)), expected)
}

// another opens another empty tab of the same person.
func (b *tab) another(expected ...string) *tab {
	b.t.Helper()
	own, err := target.GetTargetInfo().WithTargetID(chromedp.FromContext(b.ctx).Target.TargetID).Do(browserContext())
	if err != nil {
		b.t.Fatalf("ask for the browser context: %v", err)
	}
	return attach(b.t, b.site, newWindow(b.t, own.BrowserContextID), expected)
}

// attach returns the tab of a window.
func attach(t testing.TB, s *e2etest.Site, window target.ID, expected []string) *tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(chromium.ctx, chromedp.WithTargetID(window))
	ctx, stopTime := context.WithTimeout(ctx, 10*e2etest.Patience)
	opened := &tab{t: t, ctx: ctx, site: s}
	chromedp.ListenTarget(ctx, opened.note)
	// Windows lie on top of each other. Each must act as if it had the focus.
	opened.run(log.Enable(), emulation.SetFocusEmulationEnabled(true))
	opened.beforeScripts(noteConnection)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(opened.describe())
		}
		stopTime()
		stop()
		opened.mu.Lock()
		defer opened.mu.Unlock()
	troubles:
		for _, trouble := range opened.troubles {
			for _, part := range expected {
				if strings.Contains(trouble, part) {
					continue troubles
				}
			}
			t.Errorf("the console shows: %s", trouble)
		}
	})
	return opened
}

// describe says what the tab shows. It is for tests that fail.
func (b *tab) describe() string {
	ctx, stop := context.WithTimeout(b.ctx, 10*time.Second)
	defer stop()
	var shown string
	err := chromedp.Run(ctx, chromedp.Evaluate(`(() => {
		const { x, y, width, height } = document.activeElement.getBoundingClientRect();
		const log = document.getElementById('log');
		return location.href + ', focus on ' + document.activeElement.outerHTML.slice(0, 200)
			+ ' at ' + [x, y, width, height].map(Math.round) + ' of ' + [innerWidth, innerHeight]
			+ ', :focus-visible ' + document.activeElement.matches(':focus-visible')
			+ (log ? ', log scrolled to ' + Math.round(log.scrollTop) + ' of ' + log.scrollHeight : '');
	})()`, &shown))
	if err != nil {
		return "the tab does not answer: " + err.Error()
	}
	return "the tab shows " + shown
}

// browserContext returns the context for actions of the browser, not of a tab.
func browserContext() context.Context {
	return cdp.WithExecutor(chromium.ctx, chromedp.FromContext(chromium.ctx).Browser)
}

// newPerson creates a browser context, with cookies of its own.
func newPerson(t testing.TB) cdp.BrowserContextID {
	t.Helper()
	person, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(browserContext())
	if err != nil {
		t.Fatalf("open a browser context: %v", err)
	}
	return person
}

func newWindow(t testing.TB, person cdp.BrowserContextID) target.ID {
	t.Helper()
	window, err := target.CreateTarget("about:blank").WithBrowserContextID(person).WithNewWindow(true).Do(browserContext())
	if err != nil {
		t.Fatalf("open a window: %v", err)
	}
	return window
}

// note records errors, warnings and violations of the content security policy.
func (b *tab) note(event any) {
	var trouble string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		trouble = e.ExceptionDetails.Error()
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			trouble = fmt.Sprintf("%s %s", e.Entry.Text, e.Entry.URL)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			var words []string
			for _, argument := range e.Args {
				words = append(words, string(argument.Value)+argument.Description)
			}
			trouble = strings.Join(words, " ")
		}
	}
	if trouble != "" {
		b.mu.Lock()
		b.troubles = append(b.troubles, trouble)
		b.mu.Unlock()
	}
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.site.URL + path))
}

// register signs up by the form, as a person does.
func (b *tab) register(username string) {
	b.t.Helper()
	b.open("/register")
	b.run(
		chromedp.SendKeys(`[name="username"]`, username, chromedp.ByQuery),
		chromedp.SendKeys(`[name="email"]`, username+"@example.org", chromedp.ByQuery),
		chromedp.SendKeys(`[name="password"]`, storetest.Password, chromedp.ByQuery),
		chromedp.SendKeys(`[name="password_confirm"]`, storetest.Password+"\r", chromedp.ByQuery),
		chromedp.WaitVisible(`#log, #messages`, chromedp.ByQuery),
	)
}

// signIn signs a member in by the form, and opens a page.
func (b *tab) signIn(username, page string) {
	b.t.Helper()
	b.open("/login?next=" + page)
	b.run(
		chromedp.SendKeys(`[name="login"]`, username, chromedp.ByQuery),
		chromedp.SendKeys(`[name="password"]`, storetest.Password+"\r", chromedp.ByQuery),
	)
	b.eventually("the page after signing in is there", `location.pathname !== '/login' && document.readyState === 'complete'`)
	b.connected()
}

// join creates an account, without the form, and opens the chat with it.
func (b *tab) join(username string) {
	b.t.Helper()
	b.site.Join(username)
	b.enter(username, "/")
}

// enter signs a member in, without the form, and opens a page.
func (b *tab) enter(username, page string) {
	b.t.Helper()
	b.take(b.site.Session(username))
	b.open(page)
	b.connected()
}

// take puts cookies of the site into the browser.
func (b *tab) take(cookies []*http.Cookie) {
	b.t.Helper()
	var taken []*network.CookieParam
	for _, cookie := range cookies {
		taken = append(taken, &network.CookieParam{
			Name: cookie.Name, Value: cookie.Value, URL: b.site.URL, HTTPOnly: true, SameSite: network.CookieSameSiteLax,
		})
	}
	b.run(network.SetCookies(taken))
}

// write types into the composer, as a person does.
func (b *tab) write(text string) {
	b.t.Helper()
	b.run(chromedp.SendKeys(`#message`, text, chromedp.ByQuery))
}

// send types a message and presses Enter.
func (b *tab) send(text string) {
	b.t.Helper()
	b.write(text)
	b.press(enter)
}

// is evaluates a condition in the page.
func (b *tab) is(condition string) bool {
	b.t.Helper()
	var holds bool
	b.run(chromedp.Evaluate("Boolean("+condition+")", &holds))
	return holds
}

// eventually waits until a condition holds in the page. A condition that throws does not hold, so it may
// use elements that are not there yet.
func (b *tab) eventually(what, condition string) {
	b.t.Helper()
	e2etest.Eventually(b.t, what, func() bool {
		var holds bool
		err := chromedp.Run(b.ctx, chromedp.Evaluate(`(() => { try { return Boolean(`+condition+`) } catch { return false } })()`, &holds))
		return err == nil && holds // it fails while the browser loads another page
	})
}

// bodies returns the texts of the messages on the page, in order, with the pending ones.
func (b *tab) bodies() []string {
	b.t.Helper()
	var texts []string
	b.run(chromedp.Evaluate(`[...document.querySelectorAll('#log article .body')].map(b => b.innerText.trim())`, &texts))
	return texts
}
