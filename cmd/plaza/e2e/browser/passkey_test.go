package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest"
)

// atLocalhost opens a site that browsers reach by a name, as passkeys need.
func atLocalhost(t *testing.T) *e2etest.Site {
	t.Helper()
	s := e2etest.Open(t)
	s.URL = strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	return s
}

// plugIn gives the tab an authenticator that keeps passkeys and verifies its user.
func (b *tab) plugIn() (id webauthn.AuthenticatorID) {
	b.t.Helper()
	b.run(webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) (err error) {
		id, err = webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
	return id
}

// addsPasskey adds a passkey by the form.
func (b *tab) addsPasskey(name string) {
	b.t.Helper()
	b.open("/passkeys/register")
	b.run(chromedp.SetValue("#name", name, chromedp.ByQuery), chromedp.SendKeys("#password", storetest.Password, chromedp.ByQuery))
	b.click(`#passkey [type="submit"]`)
}

// signOut signs out by the button.
func (b *tab) signOut() {
	b.t.Helper()
	b.open("/friends")
	b.click(".menu-button")
	b.click(".sign-out")
	b.arrives("the browser is signed out", `location.pathname === '/' && document.querySelector('a[href^="/login"]')`)
}

func TestPasskey(t *testing.T) {
	t.Parallel()
	s := atLocalhost(t)
	b := browse(t, s, "status of 422")
	b.join("ada")
	b.plugIn()
	b.open("/passkeys/register")
	b.run(chromedp.SendKeys("#password", "not the password\r", chromedp.ByQuery))
	b.eventually("a wrong password is said", `document.getElementById('form-error').textContent.includes('not your password')`)
	b.addsPasskey("My key")
	b.arrives("the list has the passkey", `location.pathname === '/settings/security' && document.querySelector('.sessions strong')?.textContent === 'My key'`)
	b.addsPasskey("Twice")
	b.eventually("a device adds no second one", `document.getElementById('form-error').textContent.includes('already')`)

	arrives := func(how string) {
		t.Helper()
		b.arrives(how+", the browser is signed in", `location.pathname === '/settings/security' && document.querySelector('.sessions strong')?.textContent === 'My key'`)
	}
	b.signOut()
	b.open("/login?next=/settings/security") // the authenticator chooses at once
	arrives("in the field")
	b.signOut()
	b.beforeScripts(`PublicKeyCredential.isConditionalMediationAvailable = async () => false`)
	b.open("/login?next=/settings/security")
	for _, l := range []look{{1280, whole, "dark"}, {390, whole, "light"}} {
		b.look(l.width, l.height, l.scheme)
		isAccessible(b, "login-passkey", l)
	}
	b.click("#passkey-sign-in button")
	arrives("by the button")

	b.click(`.sessions a`)
	b.arrives("the page asks for the password", `location.pathname.endsWith('/remove') && document.getElementById('password')`)
	b.run(chromedp.SendKeys("#password", storetest.Password+"\r", chromedp.ByQuery))
	b.arrives("the passkey is gone", `location.pathname === '/settings/security' && !document.querySelector('.sessions')`)
	b.signOut()
	b.open("/login")
	b.click("#passkey-sign-in button")
	b.eventually("a removed passkey is refused", `document.querySelector('#passkey-sign-in [role="alert"]').textContent.includes('does not sign in here')`)
}

// TestPasskeyIsCancelled checks that the page stays usable when the person chooses no passkey.
func TestPasskeyIsCancelled(t *testing.T) {
	t.Parallel()
	s := atLocalhost(t)
	b := browse(t, s)
	b.join("ada")
	authenticator := b.plugIn()
	b.run(webauthn.SetUserVerified(authenticator, false))
	b.addsPasskey("My key")
	b.eventually("the page says that there is none", `document.getElementById('form-error').textContent && !document.querySelector('#passkey [type="submit"]').disabled`)
	b.signOut()
	b.open("/login")
	b.click("#passkey-sign-in button")
	b.eventually("the page says that there is none", `document.querySelector('#passkey-sign-in [role="alert"]').textContent`)
	b.run(chromedp.SendKeys("#login", "ada", chromedp.ByQuery), chromedp.SendKeys("#password", storetest.Password+"\r", chromedp.ByQuery))
	b.arrives("the password signs in", `location.pathname === '/' && document.getElementById('message')`)
}

// TestTwoStepInABrowser checks the forms of the second step with scripts, which swap only parts of a page.
func TestTwoStepInABrowser(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	b := browse(t, s, "status of 422")
	b.join("ada")
	b.open("/settings/totp/begin")
	b.run(chromedp.SendKeys("#password", storetest.Password+"\r", chromedp.ByQuery), chromedp.WaitVisible(".qr", chromedp.ByQuery))
	secret := strings.ReplaceAll(b.text(`document.querySelector('.totp-key code').textContent`), " ", "")
	b.run(chromedp.SendKeys("#code", "12345\r", chromedp.ByQuery), chromedp.WaitVisible("#code-error", chromedp.ByQuery), chromedp.WaitVisible(".qr", chromedp.ByQuery))
	b.run(chromedp.SendKeys("#code", storetest.MustCode(t, secret, time.Now())+"\r", chromedp.ByQuery), chromedp.WaitVisible(".recovery-codes", chromedp.ByQuery))
	if !b.is(`document.activeElement.id === 'settings' && !document.querySelector('.qr')`) {
		t.Error("the codes have no focus, or the secret stays on the page")
	}
	recovery := b.text(`document.querySelector('.recovery-codes li').textContent`)
	b.signOut()
	b.open("/login?next=/settings/security")
	b.run(chromedp.SendKeys("#login", "ada", chromedp.ByQuery), chromedp.SendKeys("#password", storetest.Password+"\r", chromedp.ByQuery))
	b.arrives("the page asks for a code", `location.pathname === '/login/code' && document.getElementById('code')`)
	b.run(chromedp.SendKeys("#code", "12345\r", chromedp.ByQuery), chromedp.WaitVisible("#code-error", chromedp.ByQuery))
	b.run(chromedp.SendKeys("#code", recovery+"\r", chromedp.ByQuery))
	b.arrives("the recovery code signs in", `location.pathname === '/settings/security' && document.body.textContent.includes('9 recovery codes')`)
}
