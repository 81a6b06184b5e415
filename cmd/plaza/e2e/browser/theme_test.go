package browser

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
)

const isDark = `document.readyState === 'complete' && getComputedStyle(document.body).color.match(/[\d.]+/)[0] > 0.5`

// choosesTheme tries the theme switch on the page that is open.
func (b *tab) choosesTheme(t *testing.T) {
	t.Helper()
	choose := func(theme string) {
		b.click(`.menu-button`)
		b.run(chromedp.WaitVisible(`.theme [value="`+theme+`"]`, chromedp.ByQuery))
		b.click(`.theme [value="` + theme + `"]`)
		b.arrives("the switch says "+theme, `document.querySelector('.theme [value="`+theme+`"]')?.ariaPressed === 'true'`)
	}
	page := b.text(`location.pathname`)
	for _, system := range []string{"dark", "light"} {
		b.look(1280, 800, system)
		if got := b.is(isDark); got != (system == "dark") {
			t.Errorf("the page does not follow a %s system", system)
		}
	}
	choose("dark")
	if !b.is(isDark) || b.text(`location.pathname`) != page {
		t.Error("choosing dark does nothing, or leads to another page")
	}
	b.open("/login")
	if !b.is(isDark) {
		t.Error("the next page forgot the choice")
	}
	choose("light")
	b.look(1280, 800, "dark")
	b.run(chromedp.Reload())
	if b.is(isDark) {
		t.Error("after choosing light, the page follows the system")
	}
	choose("system")
	if !b.is(isDark) {
		t.Error("after choosing the system, the page does not follow it")
	}
}

func TestTheme(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.open("/register")
	b.choosesTheme(t)
}

// TestSignedOutElsewhere checks that a page goes to sign-in when its session ends in another
// window.
func TestSignedOutElsewhere(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	b := browse(t, s, "WebSocket", "htmx")
	b.join("ada")
	b.connected()
	other := browse(t, s)
	var cookies []*network.CookieParam
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		own, err := network.GetCookies().Do(ctx)
		for _, cookie := range own {
			cookies = append(cookies, &network.CookieParam{Name: cookie.Name, Value: cookie.Value, URL: s.URL})
		}
		return err
	}))
	other.run(network.SetCookies(cookies))
	other.open("/u/ada")
	other.click(".menu-button")
	other.click(".sign-out")
	b.arrives("the first window shows the sign-in page", `location.pathname === '/login' && document.getElementById('login')`)
	b.run(chromedp.SendKeys("#login", "ada", chromedp.ByQuery))
}

// TestSigningOutLeadsHome checks that a page whose form ends the session does not go to the sign-in page when its
// stream ends first, and that any other page does.
func TestSigningOutLeadsHome(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.connected()
	b.run(chromedp.Evaluate(`navigation.addEventListener('navigate', (event) => { window.went = event.destination.url; event.preventDefault(); })`, nil))
	ends := func(isPrevented string) string {
		b.run(chromedp.Evaluate(`{
			const event = new Event('submit', { bubbles: true, cancelable: true });
			if (`+isPrevented+`) event.preventDefault();
			document.querySelector('[action="/logout"]').dispatchEvent(event);
			document.dispatchEvent(new CustomEvent('htmx:ws:close', { detail: { reason: 'closed', code: 1008 } }));
		}`, nil))
		return b.text(`window.went ?? ''`)
	}
	if went := ends("false"); went != "" {
		t.Errorf("a page that signs out goes to %s", went)
	}
	if went := ends("true"); !strings.Contains(went, "/login") {
		t.Errorf("a page whose session has ended goes to %q", went)
	}
}
