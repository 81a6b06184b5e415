package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/oauth2-proxy/mockoidc"

	"plaza/handlers"
	"plaza/handlers/openid"
	"plaza/store/storetest"
)

// provided is a site whose members may sign in by a provider.
type provided struct {
	*site
	provider *mockoidc.MockOIDC
}

func openProvided(t *testing.T) *provided {
	t.Helper()
	provider, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown() })
	s := open(t, func(config *handlers.Config) {
		config.Provider = openid.New(openid.Config{
			Issuer: provider.Issuer(), ID: provider.Config().ClientID, Secret: provider.Config().ClientSecret,
		})
	})
	return &provided{s, provider}
}

// at signs a person in at the provider, to whose address the site leads, and returns the address that leads back. It
// changes the query that the provider gets, where change is not nil.
func (p *provided) at(address, subject string, change func(url.Values)) (back string) {
	p.t.Helper()
	p.provider.QueueUser(&mockoidc.MockUser{Subject: subject, PreferredUsername: subject + "@work"})
	parsed, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	if query := parsed.Query(); change != nil {
		change(query)
		parsed.RawQuery = query.Encode()
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(parsed.String())
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	back = answer.Header.Get("Location")
	if !strings.HasPrefix(back, p.url+"/oidc/callback?") {
		p.t.Fatalf("the provider answers %s and leads to %q", answer.Status, back)
	}
	return strings.TrimPrefix(back, p.url)
}

// start begins to sign in, and returns where the browser is led.
func (b *browser) start(next string) string {
	b.t.Helper()
	return b.get("/oidc/start?next=" + url.QueryEscape(next)).expect(http.StatusSeeOther).Header.Get("Location")
}

// At the first sign-in by a provider, people enter their password once to link their account. After that, the provider
// signs them in.
func TestSignInByProvider(t *testing.T) {
	t.Parallel()
	p := openProvided(t)
	p.member("ada")
	ada := p.browse()
	if link := ada.get("/login?next=/friends").document().Find(`a[href^="/oidc/start"]`); link.AttrOr("href", "") != "/oidc/start?next=%2Ffriends" {
		t.Fatalf("the sign-in page leads to %q", link.AttrOr("href", ""))
	}
	ada.get(p.at(ada.start("/friends"), "ada-1", nil)).expect(http.StatusSeeOther).expectHeader("Location", "/oidc/link?next=%2Ffriends")
	if ada.isSignedIn() {
		t.Fatal("an identity that no account has signs in")
	}
	if said := ada.get("/oidc/link?next=/friends").expect(http.StatusOK).text("main"); !strings.Contains(said, "ada-1@work") {
		t.Errorf("the page says %s", said)
	}
	ada.post("/oidc/link", url.Values{"login": {"ada"}, "password": {"wrong password"}}).expect(http.StatusUnprocessableEntity)
	right := url.Values{"login": {"ada"}, "password": {storetest.Password}, "next": {"/friends"}}
	p.browse().post("/oidc/link", right).expect(http.StatusUnprocessableEntity) // a browser that has no identity
	ada.post("/oidc/link", right).expect(http.StatusSeeOther).expectHeader("Location", "/friends")
	if !ada.isSignedIn() {
		t.Fatal("the right password does not sign in")
	}
	ada.post("/oidc/link", right).expect(http.StatusUnprocessableEntity) // the identity is used up
	if said := ada.get("/notifications").text("main"); !strings.Contains(said, "linked") {
		t.Errorf("ada is told %s", said)
	}

	other := p.browse()
	other.get(p.at(other.start("/"), "ada-1", nil)).expect(http.StatusSeeOther).expectHeader("Location", "/")
	if said := other.get("/settings/sessions").expect(http.StatusOK).text("main"); !strings.Contains(said, "Signed in by another site.") {
		t.Errorf("the sessions say %s", said)
	}
	if said := other.get("/settings/security").text("main"); !strings.Contains(said, "ada-1@work") {
		t.Errorf("the settings say %s", said)
	}
}

// Somebody new makes an account that the provider signs in from then on.
func TestRegisterByProvider(t *testing.T) {
	t.Parallel()
	p := openProvided(t)
	p.browse().get("/register?identity=1").expect(http.StatusUnprocessableEntity) // without an identity
	ada := p.browse()
	ada.get(p.at(ada.start("/"), "ada-1", nil)).expect(http.StatusSeeOther)
	link := ada.get("/oidc/link").document().Find(`a[href^="/register"]`).AttrOr("href", "")
	page := ada.get(link).expect(http.StatusOK)
	if said := page.text("main"); !strings.Contains(said, "ada-1@work") {
		t.Errorf("the page says %s", said)
	}
	form := registration("ada")
	form.Set("identity", page.document().Find(`input[name="identity"]`).AttrOr("value", ""))
	wrong := registration("ada")
	wrong.Set("identity", "1")
	wrong.Set("password_confirm", "another")
	if again := ada.post("/register", wrong).expect(http.StatusUnprocessableEntity); again.document().Find(`input[name="identity"]`).Length() != 1 {
		t.Error("the form forgets the identity after a mistake")
	}
	ada.post("/register", form).expect(http.StatusSeeOther)
	other := p.browse()
	other.get(p.at(other.start("/"), "ada-1", nil)).expect(http.StatusSeeOther).expectHeader("Location", "/")
	if !other.isSignedIn() {
		t.Error("the provider does not sign the new account in")
	}

	// Without the field, an account is not linked to whoever used the browser before.
	shared := p.browse()
	shared.get(p.at(shared.start("/"), "eve-1", nil)).expect(http.StatusSeeOther)
	shared.post("/register", registration("bob")).expect(http.StatusSeeOther)
	eve := p.browse()
	eve.get(p.at(eve.start("/"), "eve-1", nil)).expect(http.StatusSeeOther).expectHeader("Location", "/oidc/link?next=%2F")
}

// Members link an account in their settings, with their password, and remove it.
func TestLinkInSettings(t *testing.T) {
	t.Parallel()
	p := openProvided(t)
	ada, bob := p.member("ada"), p.member("bob")
	ada.post("/settings/oidc", url.Values{"password": {"wrong password"}}).expect(http.StatusUnprocessableEntity)
	begin := func(b *browser) string {
		page := b.post("/settings/oidc", url.Values{"password": {storetest.Password}}).expect(http.StatusOK)
		return page.document().Find("#settings a").AttrOr("href", "")
	}
	back := p.at(begin(ada), "shared", nil)
	bob.get(back).expect(http.StatusUnprocessableEntity) // the answer is ada's
	ada.get(back).expect(http.StatusSeeOther).expectHeader("Location", "/settings/security")
	bob.get(p.at(begin(bob), "shared", nil)).expect(http.StatusConflict) // one identity signs in one account

	remove := ada.get("/settings/security").document().Find(`a[href^="/settings/oidc/"]`).AttrOr("href", "")
	bob.get(remove).expect(http.StatusNotFound)
	bob.post(remove, url.Values{"password": {storetest.Password}}).expect(http.StatusNotFound)
	ada.post(remove, url.Values{"password": {"wrong password"}}).expect(http.StatusUnprocessableEntity)
	ada.post(remove, url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther)
	later := p.browse()
	later.get(p.at(later.start("/"), "shared", nil)).expect(http.StatusSeeOther).expectHeader("Location", "/oidc/link?next=%2F")

	// A change of the password ends what was begun with the old one.
	address := begin(ada)
	ada.post("/settings/password", url.Values{
		"current_password": {storetest.Password}, "password": {"another long password"}, "password_confirm": {"another long password"},
	}).expect(http.StatusSeeOther)
	ada.get(p.at(address, "late", nil)).expect(http.StatusUnprocessableEntity)
}

// An account whose second step is on is asked for its code after a sign-in by a provider too.
func TestProviderDoesNotReplaceTheSecondStep(t *testing.T) {
	t.Parallel()
	p := openProvided(t)
	ada := p.member("ada")
	page := ada.post("/settings/oidc", url.Values{"password": {storetest.Password}}).expect(http.StatusOK)
	ada.get(p.at(page.document().Find("#settings a").AttrOr("href", ""), "ada-1", nil)).expect(http.StatusSeeOther)
	user, err := p.store.Authenticate(t.Context(), "ada", storetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	storetest.MustTurnOnTwoStep(t, p.store, user)
	other := p.browse()
	other.get(p.at(other.start("/"), "ada-1", nil)).expect(http.StatusSeeOther).expectHeader("Location", "/login/code?next=%2F")
	if other.isSignedIn() {
		t.Error("the provider signs in without a code")
	}
}

// Answers that are not the provider's answer to this browser sign nobody in.
func TestAnswersOfProviderThatAreRefused(t *testing.T) {
	t.Parallel()
	p := openProvided(t)
	refused := func(what, back string, b *browser) {
		t.Helper()
		if b.get(back).expect(http.StatusUnprocessableEntity); b.isSignedIn() {
			t.Errorf("%s signs in", what)
		}
		b.get("/oidc/link").expect(http.StatusUnprocessableEntity) // nor does it bring an identity
	}
	b := p.browse()
	back := p.at(b.start("/"), "eve", nil)
	refused("an answer in another browser", back, p.browse())
	b.get(back).expect(http.StatusSeeOther)
	again := p.browse()
	again.Jar.SetCookies(mustParse(t, p.url), b.Jar.Cookies(mustParse(t, p.url)))
	again.get(back).expect(http.StatusUnprocessableEntity) // an answer counts once

	b = p.browse()
	refused("a changed nonce", p.at(b.start("/"), "eve", func(q url.Values) { q.Set("nonce", "another") }), b)
	b = p.browse()
	refused("a changed state", p.at(b.start("/"), "eve", func(q url.Values) { q.Set("state", "another") }), b)
	b = p.browse()
	refused("an answer of another issuer", p.at(b.start("/"), "eve", nil)+"&iss=https%3A%2F%2Fevil.example", b)
	b = p.browse()
	refused("a refusal", strings.Replace(p.at(b.start("/"), "eve", nil), "code=", "error=access_denied&was=", 1), b)

	// A code of somebody else's sign-in, which PKCE binds to their browser.
	b, other := p.browse(), p.browse()
	code := mustParse(t, p.at(other.start("/"), "eve", nil)).Query().Get("code")
	own := mustParse(t, p.at(b.start("/"), "mallory", nil))
	query := own.Query()
	query.Set("code", code)
	refused("another's code", own.Path+"?"+query.Encode(), b)

	// Whatever next says, it leads to this site.
	b = p.browse()
	b.get(p.at(b.start("https://evil.example/"), "eve", nil)).expect(http.StatusSeeOther).expectHeader("Location", "/oidc/link?next=%2F")
}

// Two at the same moment with one answer: one is served.
func TestAnswerOfProviderTwiceAtOnce(t *testing.T) {
	t.Parallel()
	p := openProvided(t)
	b := p.browse()
	back := p.at(b.start("/"), "ada-1", nil)
	cookies := b.Jar.Cookies(mustParse(t, p.url))
	var both sync.WaitGroup
	statuses := make([]int, 2)
	for i := range statuses {
		each := p.browse()
		each.Jar.SetCookies(mustParse(t, p.url), cookies)
		both.Go(func() { statuses[i] = each.get(back).StatusCode })
	}
	both.Wait()
	if statuses[0]+statuses[1] != http.StatusSeeOther+http.StatusUnprocessableEntity {
		t.Errorf("the answers are %v", statuses)
	}
}

// A provider that is away, or is not what it says, costs nobody the password.
func TestProviderIsAway(t *testing.T) {
	t.Parallel()
	impostor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"issuer": "https://another.example", "authorization_endpoint": "https://evil.example/"}`))
	}))
	t.Cleanup(impostor.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, issuer := range []string{impostor.URL, closed.URL} {
		s := open(t, func(config *handlers.Config) {
			config.Provider = openid.New(openid.Config{Issuer: issuer, ID: "plaza", Secret: "secret"})
		})
		page := s.browse().get("/oidc/start").expect(http.StatusServiceUnavailable)
		if said := page.text("main"); !strings.Contains(said, "does not answer") || page.document().Find(`input[name="password"]`).Length() == 0 {
			t.Errorf("of %s the page says %s", issuer, said)
		}
		s.member("ada")
		s.browse().post("/login", url.Values{"login": {"ada"}, "password": {storetest.Password}}).expect(http.StatusSeeOther)
	}
}
