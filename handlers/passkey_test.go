package handlers_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"plaza/handlers"
	"plaza/store"
	"plaza/store/storetest"
)

// passkeyOrigin is the configured address of sites with passkeys. Tests reach them at another one.
const passkeyOrigin = "http://localhost"

// device is an authenticator with one passkey, and the page that asks it to sign.
type device struct {
	page          virtualwebauthn.RelyingParty
	authenticator virtualwebauthn.Authenticator
	passkey       virtualwebauthn.Credential
}

func newDevice() *device {
	passkey := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	const whole = 77                                  // bytes
	for len(passkey.Key.AttestationData()) != whole { // the library drops zeros at the beginning of a number
		passkey = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	}
	return &device{
		page:          virtualwebauthn.RelyingParty{ID: "localhost", Name: "plaza", Origin: passkeyOrigin},
		authenticator: virtualwebauthn.NewAuthenticator(),
		passkey:       passkey,
	}
}

// but returns a copy of the device with a change.
func (d device) but(change func(d *device)) *device {
	change(&d)
	return &d
}

// id returns the id of the passkey, as JSON has it.
func (d *device) id() string { return base64.RawURLEncoding.EncodeToString(d.passkey.ID) }

// creates answers the options for a new passkey, and remembers the account.
func (d *device) creates(t testing.TB, options string) string {
	t.Helper()
	parsed, err := virtualwebauthn.ParseAttestationOptions(options)
	if err != nil {
		t.Fatalf("%v in %s", err, options)
	}
	d.authenticator.Options.UserHandle = []byte(parsed.UserID)
	return virtualwebauthn.CreateAttestationResponse(d.page, d.authenticator, d.passkey, *parsed)
}

// signs answers the options for a sign-in.
func (d *device) signs(t testing.TB, options string) string {
	t.Helper()
	parsed, err := virtualwebauthn.ParseAssertionOptions(options)
	if err != nil {
		t.Fatalf("%v in %s", err, options)
	}
	return virtualwebauthn.CreateAssertionResponse(d.page, d.authenticator, d.passkey, *parsed)
}

// asks returns the options for a sign-in.
func (b *browser) asks() string {
	b.t.Helper()
	return b.post("/passkeys/login/begin", nil).expect(http.StatusOK).expectHeader("Content-Type", "application/json").body
}

// answers sends an answer to options, as the script of a page does.
func (b *browser) answers(path, answer string) *answer {
	b.t.Helper()
	return b.send(http.MethodPost, path, strings.NewReader(answer), "Content-Type", "application/json")
}

// signsInBy signs in with a device.
func (b *browser) signsInBy(d *device) *answer {
	b.t.Helper()
	return b.answers("/passkeys/login/finish?next=/u/ada", d.signs(b.t, b.asks()))
}

// adds adds a device's passkey to the account of the browser.
func (b *browser) adds(d *device, name string, codes ...string) *answer {
	b.t.Helper()
	form := url.Values{"name": {name}, "password": {storetest.Password}, "code": codes}
	options := b.post("/passkeys/register/begin", form).expect(http.StatusOK).body
	return b.answers("/passkeys/register/finish", d.creates(b.t, options))
}

// refused returns what an answer for a script says, and beside which field.
func (a *answer) refused() (sentence string, fields map[string]string) {
	a.t.Helper()
	said := decodedBy[struct {
		Error  string
		Fields map[string]string
	}](a.t, a.body)
	return said.Error, said.Fields
}

func decodedBy[T any](t testing.TB, text string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

func TestPasskeySignsIn(t *testing.T) {
	t.Parallel()
	s := open(t, at(passkeyOrigin))
	ada, phone, key := s.member("ada"), newDevice(), newDevice()
	for _, test := range []struct{ name, password, title, field string }{
		{"without a password", "", "Phone", "password"},
		{"with a wrong password", "wrong", "Phone", "password"},
		{"with a long name", storetest.Password, strings.Repeat("x", 65), "name"},
	} {
		said := ada.post("/passkeys/register/begin", url.Values{"name": {test.title}, "password": {test.password}}).expect(http.StatusUnprocessableEntity)
		if sentence, fields := said.refused(); sentence == "" || fields[test.field] == "" {
			t.Errorf("%s it says %s", test.name, said.body)
		}
	}
	if done := ada.adds(phone, "Phone").expect(http.StatusOK); decodedBy[map[string]string](t, done.body)["location"] != "/settings/security" {
		t.Errorf("it says %s", done.body)
	}
	ada.adds(key, " ").expect(http.StatusOK) // which gets the name of the browser
	if string(phone.authenticator.Options.UserHandle) != string(key.authenticator.Options.UserHandle) || len(key.authenticator.Options.UserHandle) != 32 {
		t.Error("authenticators know the account by two handles")
	}
	if again := ada.adds(phone, "Phone"); again.StatusCode != http.StatusConflict {
		t.Errorf("the same passkey again: %d, %s", again.StatusCode, again.body)
	}
	page := ada.get("/settings/security")
	if names := page.document().Find(".sessions strong"); names.Length() != 2 || names.First().Text() != "Phone" || page.text(".saved") != "Saved." {
		t.Errorf("the page says %s", page.text("main"))
	}
	for _, device := range []*device{phone, key, phone} { // the password is not asked for
		device.passkey.Counter++
		visitor := s.browse()
		done := visitor.signsInBy(device).expect(http.StatusOK)
		if location := decodedBy[map[string]string](t, done.body)["location"]; location != "/u/ada" || !visitor.isSignedIn() {
			t.Errorf("it goes on to %s, signed in: %t", location, visitor.isSignedIn())
		}
	}
	if list := ada.get("/settings/sessions").text(".sessions"); strings.Count(list, "Signed in with a passkey.") != 3 {
		t.Errorf("the list of sessions is %s", list)
	}
	if told := ada.get("/notifications").text("main"); !strings.Contains(told, "2 passkeys were added") {
		t.Errorf("ada is told %s", told)
	}
	if state := ada.settingState("security"); state != "Password, or 2 passkeys" {
		t.Errorf("the state is %s", state)
	}
	outside := s.browse().answers("/passkeys/login/finish?next=//evil.example", phone.signs(t, s.browse().asks())).expect(http.StatusUnprocessableEntity)
	if sentence, _ := outside.refused(); sentence == "" { // its counter stands still
		t.Errorf("it says %s", outside.body)
	}
	phone.passkey.Counter++
	local := s.browse().answers("/passkeys/login/finish?next=//evil.example", phone.signs(t, s.browse().asks())).expect(http.StatusOK)
	if location := decodedBy[map[string]string](t, local.body)["location"]; location != "/" {
		t.Errorf("it goes on to %s", location)
	}
}

// A passkey signs in without a code. So adding one needs a code, where sign-in asks for codes.
func TestPasskeyBesideTwoStep(t *testing.T) {
	t.Parallel()
	s := open(t, at(passkeyOrigin))
	ada := s.member("ada")
	user, err := s.store.Authenticate(t.Context(), "ada", storetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	_, recovery := storetest.MustTurnOnTwoStep(t, s.store, user)
	if labels := ada.get("/passkeys/register").labels(); labels["Code"] != "code" {
		t.Errorf("the fields are %v", labels)
	}
	for _, code := range []string{"", "000000"} {
		form := url.Values{"password": {storetest.Password}, "code": {code}}
		if _, fields := ada.post("/passkeys/register/begin", form).expect(http.StatusUnprocessableEntity).refused(); fields["code"] == "" {
			t.Errorf("with the code %q it says %v", code, fields)
		}
	}
	phone := newDevice()
	ada.adds(phone, "Phone", recovery[0]).expect(http.StatusOK)
	s.browse().passes().sends(recovery[0]).expect(http.StatusUnprocessableEntity) // it is used up
	phone.passkey.Counter++
	visitor := s.browse()
	if visitor.signsInBy(phone).expect(http.StatusOK); !visitor.isSignedIn() {
		t.Error("the passkey does not sign in")
	}
}

func TestPasskeyIsRefused(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := open(t, at(passkeyOrigin), func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, address) })
	ada, bob, phone, bobs := s.member("ada"), s.member("bob"), newDevice(), newDevice()
	phone.passkey.Counter = 7
	phone.authenticator.Options.BackupEligible = true
	ada.adds(phone, "Phone").expect(http.StatusOK)
	bob.adds(bobs, "Phone").expect(http.StatusOK)
	phone.passkey.Counter, bobs.passkey.Counter = 8, 8
	execute := func(statement string, arguments ...any) {
		t.Helper()
		if _, err := storetest.Beside(t, address).ExecContext(t.Context(), statement, arguments...); err != nil {
			t.Fatal(err)
		}
	}
	sign := func(change func(d *device)) func(t *testing.T, options string) string {
		return func(t *testing.T, options string) string { return phone.but(change).signs(t, options) }
	}
	for _, test := range []struct {
		name   string
		answer func(t *testing.T, options string) string
	}{
		{"of another origin", sign(func(d *device) { d.page.Origin = "http://localhost.evil.example" })},
		{"of another scheme", sign(func(d *device) { d.page.Origin = "https://localhost" })},
		{"of another port", sign(func(d *device) { d.page.Origin = "http://localhost:8080" })},
		{"of another site", sign(func(d *device) { d.page.ID = "evil.example" })},
		{"without its user's fingerprint", sign(func(d *device) { d.authenticator.Options.UserNotVerified = true })},
		{"without its user", sign(func(d *device) { d.authenticator.Options.UserNotPresent = true })},
		{"that is unknown", sign(func(d *device) { d.passkey = virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2) })},
		{"with another key", sign(func(d *device) { d.passkey.Key = bobs.passkey.Key })},
		{"for another account", sign(func(d *device) { d.authenticator.Options.UserHandle = bobs.authenticator.Options.UserHandle })},
		{"for no account", sign(func(d *device) { d.authenticator.Options.UserHandle = nil })},
		{"that counts backwards", sign(func(d *device) { d.passkey.Counter = 6 })},
		{"that counts no further", sign(func(d *device) { d.passkey.Counter = 7 })},
		{"that may no longer be copied", sign(func(d *device) { d.authenticator.Options.BackupEligible = false })},
		{"that is new", func(t *testing.T, options string) string {
			return phone.but(func(d *device) { d.passkey.Counter++ }).creates(t, strings.Replace(options, `"publicKey":{`, `"publicKey":{"rp":{"id":"localhost"},"user":{"id":""},`, 1))
		}},
		{"after its time", func(t *testing.T, options string) string {
			execute(`UPDATE challenges SET made_at = $1`, time.Now().Add(-store.ChallengeLifetime-time.Second).UnixMilli())
			return phone.signs(t, options)
		}},
		{"to a challenge of somebody's own", func(t *testing.T, options string) string {
			parsed, err := virtualwebauthn.ParseAssertionOptions(options)
			if err != nil {
				t.Fatal(err)
			}
			parsed.Challenge = []byte(strings.Repeat("x", 32))
			return virtualwebauthn.CreateAssertionResponse(phone.page, phone.authenticator, phone.passkey, *parsed)
		}},
		{"to a challenge for a new passkey", func(t *testing.T, _ string) string {
			return phone.signs(t, ada.in(t).post("/passkeys/register/begin", url.Values{"password": {storetest.Password}}).expect(http.StatusOK).body)
		}},
		{"that is no JSON", func(*testing.T, string) string { return "<b>" }},
		{"that is empty", func(*testing.T, string) string { return "{}" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			eve := s.in(t).browse()
			refused := eve.answers("/passkeys/login/finish", test.answer(t, eve.asks())).expect(http.StatusUnprocessableEntity)
			if sentence, _ := refused.refused(); sentence == "" || eve.isSignedIn() || len(refused.Cookies()) > 0 {
				t.Errorf("it says %q, signed in: %t", sentence, eve.isSignedIn())
			}
		})
	}
	// What was refused has changed nothing, and a challenge works once.
	visitor := s.browse()
	options := visitor.asks()
	visitor.answers("/passkeys/login/finish", phone.but(func(d *device) { d.page.Origin = "http://evil.example" }).signs(t, options)).expect(http.StatusUnprocessableEntity)
	visitor.answers("/passkeys/login/finish", phone.signs(t, options)).expect(http.StatusUnprocessableEntity) // it is used up
	answer := phone.signs(t, visitor.asks())
	visitor.answers("/passkeys/login/finish", answer).expect(http.StatusOK)
	s.browse().answers("/passkeys/login/finish", answer).expect(http.StatusUnprocessableEntity)
}

// Of sign-ins with the same answer at the same moment, one gets in.
func TestOnePasskeyAnswerSignsInOnce(t *testing.T) {
	t.Parallel()
	s := open(t, at(passkeyOrigin))
	phone := newDevice()
	s.member("ada").adds(phone, "Phone").expect(http.StatusOK)
	phone.passkey.Counter++
	answer := phone.signs(t, s.browse().asks())
	var in atomic.Int64
	var together sync.WaitGroup
	for range 6 {
		together.Go(func() {
			if s.browse().answers("/passkeys/login/finish", answer).StatusCode == http.StatusOK {
				in.Add(1)
			}
		})
	}
	together.Wait()
	if in.Load() != 1 {
		t.Errorf("%d got in", in.Load())
	}
}

func TestNewPasskeyIsRefused(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	s := open(t, at(passkeyOrigin), func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, address) })
	ada, bob := s.member("ada"), s.member("bob")
	begin := func(b *browser) string {
		return b.post("/passkeys/register/begin", url.Values{"password": {storetest.Password}}).expect(http.StatusOK).body
	}
	create := func(change func(d *device)) func(options string) string {
		return func(options string) string {
			d := newDevice()
			change(d)
			return d.creates(t, options)
		}
	}
	as := create(func(*device) {})
	for name, answer := range map[string]func(options string) string{
		"another origin":             create(func(d *device) { d.page.Origin = "http://evil.example" }),
		"another site":               create(func(d *device) { d.page.ID = "evil.example" }),
		"without a fingerprint":      create(func(d *device) { d.authenticator.Options.UserNotVerified = true }),
		"another account's":          func(string) string { return as(begin(bob)) },
		"a challenge for signing in": func(options string) string { return as(replaceChallenge(t, options, ada.asks())) },
		"after its time": func(options string) string {
			if _, err := storetest.Beside(t, address).ExecContext(t.Context(), `UPDATE challenges SET made_at = 1`); err != nil {
				t.Fatal(err)
			}
			return as(options)
		},
		"no JSON": func(string) string { return "[" },
	} {
		ada.answers("/passkeys/register/finish", answer(begin(ada))).expect(http.StatusUnprocessableEntity)
		if keys := ada.get("/settings/security").document().Find(".sessions li").Length(); keys != 0 {
			t.Errorf("%s: ada has %d passkeys", name, keys)
		}
	}
	// What a page has begun ends with the password and with all other sessions.
	options := begin(ada)
	ada.post("/settings/sessions/revoke", nil).expect(http.StatusSeeOther)
	ada.answers("/passkeys/register/finish", as(options)).expect(http.StatusUnprocessableEntity)
	options = begin(ada)
	ada.post("/settings/password", url.Values{"current_password": {storetest.Password}, "password": {"another long phrase"}, "password_confirm": {"another long phrase"}}).
		expect(http.StatusSeeOther)
	ada.answers("/passkeys/register/finish", as(options)).expect(http.StatusUnprocessableEntity)
	s.browse().post("/passkeys/register/begin", url.Values{"password": {storetest.Password}}).expect(http.StatusSeeOther)
}

// replaceChallenge puts the challenge of other options into options.
func replaceChallenge(t testing.TB, options, other string) string {
	t.Helper()
	type parts struct {
		PublicKey struct{ Challenge string }
	}
	return strings.ReplaceAll(options, decodedBy[parts](t, options).PublicKey.Challenge, decodedBy[parts](t, other).PublicKey.Challenge)
}

func TestPasskeyIsRemoved(t *testing.T) {
	t.Parallel()
	s := open(t, at(passkeyOrigin))
	ada, bob, phone, key := s.member("ada"), s.member("bob"), newDevice(), newDevice()
	ada.adds(phone, "Phone").expect(http.StatusOK)
	ada.adds(key, "Key").expect(http.StatusOK)
	links := ada.get("/settings/security").document().Find(".sessions a")
	remove := links.First().AttrOr("href", "")
	if page := ada.get(remove).expect(http.StatusOK); !strings.Contains(page.text("main"), "Phone") {
		t.Errorf("the page says %s", page.text("main"))
	}
	right := url.Values{"password": {storetest.Password}}
	for range 2 {
		bob.get(remove).expect(http.StatusNotFound)
		bob.post(remove, right).expect(http.StatusNotFound)
	}
	for _, path := range []string{"/passkeys/0/remove", "/passkeys/x/remove", "/passkeys/99/remove"} {
		ada.post(path, right).expect(http.StatusNotFound)
	}
	if wrong := ada.post(remove, url.Values{"password": {"wrong"}}).expect(http.StatusUnprocessableEntity); wrong.text("#password-error") == "" {
		t.Errorf("it says %s", wrong.body)
	}
	ada.post(remove, url.Values{"password": {"wrong"}}, "HX-Request", "true").expect(http.StatusUnprocessableEntity).expectFragment("form#settings")
	ada.post(remove, right).expect(http.StatusSeeOther).expectHeader("Location", "/settings/security")
	ada.post(remove, right).expect(http.StatusNotFound)
	phone.passkey.Counter, key.passkey.Counter = 1, 1
	s.browse().signsInBy(phone).expect(http.StatusUnprocessableEntity)
	s.browse().signsInBy(key).expect(http.StatusOK)
	if told := ada.get("/notifications").text("main"); !strings.Contains(told, "A passkey was removed") {
		t.Errorf("ada is told %s", told)
	}
	ada.post("/settings/delete", right).expect(http.StatusUnprocessableEntity) // she owns the site
	bobs := newDevice()
	bob.adds(bobs, "Phone").expect(http.StatusOK)
	bob.post("/settings/delete", right).expect(http.StatusSeeOther)
	bobs.passkey.Counter++
	s.browse().signsInBy(bobs).expect(http.StatusUnprocessableEntity)
}

// A site that is reached by a number has no passkeys, and says so.
func TestPasskeysNeedAName(t *testing.T) {
	t.Parallel()
	s := open(t) // at 127.0.0.1
	if s.browse().get("/login").document().Find("#passkey-sign-in").Length() != 0 {
		t.Error("the sign-in page offers passkeys")
	}
	ada := s.member("ada")
	if page := ada.get("/settings/security"); page.document().Find(`main a[href="/passkeys/register"]`).Length() != 0 || !strings.Contains(page.text("main"), "where the site has a name") {
		t.Errorf("the page says %s", page.text("main"))
	}
	for _, path := range []string{"/passkeys/login/begin", "/passkeys/register/begin"} {
		if sentence, _ := ada.post(path, url.Values{"password": {storetest.Password}}).expect(http.StatusUnprocessableEntity).refused(); !strings.Contains(sentence, "name") {
			t.Errorf("%s says %q", path, sentence)
		}
	}
}

// Visitors get so many challenges, since each one is a row.
func TestChallengesAreLimited(t *testing.T) {
	t.Parallel()
	simulate(t, func(s *simulation) {
		one, other := s.from("192.0.2.1"), s.from("192.0.2.2")
		for range 30 {
			one.asks()
		}
		one.post("/passkeys/login/begin", nil).expect(http.StatusTooManyRequests).expectHeader("Retry-After", "2")
		other.asks()
		time.Sleep(2 * time.Second)
		one.asks()
	})
}

// The login form offers passkeys in the field for the name, and the options that a browser gets name no account.
func TestPasskeyOptions(t *testing.T) {
	t.Parallel()
	s := open(t, at(passkeyOrigin))
	page := s.browse().get("/login").document()
	if words := page.Find(`input[name="login"]`).AttrOr("autocomplete", ""); words != "username webauthn" {
		t.Errorf("the field completes %q", words)
	}
	options := decodedBy[map[string]map[string]any](t, s.browse().asks())["publicKey"]
	if options["rpId"] != "localhost" || options["userVerification"] != "required" || options["allowCredentials"] != nil {
		t.Errorf("the options are %v", options)
	}
	ada := s.member("ada")
	ada.adds(newDevice(), "Phone").expect(http.StatusOK)
	form := url.Values{"password": {storetest.Password}}
	creation := decodedBy[map[string]map[string]any](t, ada.post("/passkeys/register/begin", form).expect(http.StatusOK).body)["publicKey"]
	chosen, _ := creation["authenticatorSelection"].(map[string]any)
	excluded, _ := creation["excludeCredentials"].([]any)
	if chosen["residentKey"] != "required" || chosen["userVerification"] != "required" || len(excluded) != 1 {
		t.Errorf("the options are %v", creation)
	}
	if user := fmt.Sprint(creation["user"]); strings.Contains(user, "example.org") || !strings.Contains(user, "ada") {
		t.Errorf("the authenticator is told %s", user)
	}
	names := []string{}
	for _, script := range page.Find("script[src]").Nodes {
		for _, attribute := range script.Attr {
			names = append(names, attribute.Val)
		}
	}
	if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(name, "/passkey") }) {
		t.Errorf("the scripts are %v", names)
	}
}
