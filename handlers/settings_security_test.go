package handlers_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/piglig/go-qr"

	"plaza/handlers"
	"plaza/store/storetest"
)

// scanned reads the QR code of a page, as a phone does.
func (a *answer) scanned() *url.URL {
	a.t.Helper()
	var side int
	code := a.document().Find("svg.qr")
	for _, attribute := range code.Nodes[0].Attr {
		if strings.EqualFold(attribute.Key, "viewBox") {
			_, _ = fmt.Sscanf(attribute.Val, "0 0 %d", &side)
		}
	}
	const scale = 4
	picture := image.NewRGBA(image.Rect(0, 0, side*scale, side*scale))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	for _, run := range strings.Split(strings.Trim(code.Find("path").AttrOr("d", ""), "Mz"), "zM") {
		var x, y, width, back int
		if _, err := fmt.Sscanf(run, "%d %dh%dv1h-%d", &x, &y, &width, &back); err != nil || width != back {
			a.t.Fatalf("a run is %q: %v", run, err)
		}
		draw.Draw(picture, image.Rect(x*scale, y*scale, (x+width)*scale, (y+1)*scale), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	text, err := go_qr.Decode(picture)
	if err != nil {
		a.t.Fatal(err)
	}
	address, err := url.Parse(text)
	if err != nil {
		a.t.Fatal(err)
	}
	return address
}

func TestTwoStepIsTurnedOnAndOff(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	other := s.browse()
	other.post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther)

	const begin, confirm, remove = "/settings/totp/begin", "/settings/totp/confirm", "/settings/totp/remove"
	ada.get("/settings/security").expect(http.StatusOK)
	ada.post(confirm, url.Values{"code": {"000000"}}).expect(http.StatusConflict)
	if wrong := ada.post(begin, url.Values{"password": {"wrong"}}).expect(http.StatusUnprocessableEntity); wrong.text("#password-error") == "" {
		t.Errorf("it says %s", wrong.body)
	}
	shown := ada.post(begin, url.Values{"password": {storetest.Password}}).expect(http.StatusOK).expectHeader("Cache-Control", "no-store")
	scanned := shown.scanned()
	secret := scanned.Query().Get("secret")
	if scanned.Scheme != "otpauth" || scanned.Host != "totp" || scanned.Path != "/plaza:ada@127.0.0.1" || scanned.Query().Get("issuer") != "plaza" {
		t.Errorf("the QR code says %s", scanned)
	}
	if text := strings.ReplaceAll(shown.text(".totp-key code"), " ", ""); text != secret || len(secret) != 32 {
		t.Errorf("the key is %q, and in the QR code %q", text, secret)
	}
	// A page without the secret is not told it, nor is one with another.
	for given, shows := range map[string]bool{secret: true, "": false, secret[1:] + "A": false} {
		wrong := ada.post(confirm, url.Values{"code": {"00000"}, "secret": {given}}).expect(http.StatusUnprocessableEntity)
		if wrong.text("#code-error") == "" || strings.Contains(wrong.body, secret) != shows {
			t.Errorf("with the secret %q the answer is %s", given, wrong.body)
		}
	}
	ada.post(confirm, url.Values{"code": {"00000"}, "secret": {secret}}, "HX-Request", "true").expect(http.StatusUnprocessableEntity).expectFragment("form#settings")
	if ada.get(confirm).expect(http.StatusSeeOther); strings.Contains(ada.get(begin).expect(http.StatusOK).body, secret) {
		t.Error("the address shows the secret again")
	}
	s.browse().post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther).expectHeader("Location", "/")

	on := ada.post(confirm, url.Values{"code": {storetest.MustCode(t, secret, time.Now())}}).expect(http.StatusOK).expectHeader("Cache-Control", "no-store")
	codes := on.document().Find(".recovery-codes li").Map(func(_ int, code *goquery.Selection) string { return code.Text() })
	if len(codes) != 10 {
		t.Fatalf("the codes are %q", codes)
	}
	for _, page := range []string{"/settings/security", begin, confirm, remove} {
		if body := ada.get(page).body; strings.Contains(body, codes[0]) || strings.Contains(body, secret) {
			t.Errorf("%s shows a code or the secret again", page)
		}
	}
	ada.post(begin, url.Values{"password": {storetest.Password}}).expect(http.StatusConflict)
	ada.post(confirm, url.Values{"code": {storetest.MustNextCode(t, secret)}}).expect(http.StatusConflict)
	if !other.isSignedIn() || !ada.isSignedIn() {
		t.Error("turning it on signs out")
	}
	s.browse().passes().sends(codes[0]).expect(http.StatusSeeOther)

	for _, test := range []struct{ name, password, code, field string }{
		{"without a password", "", codes[1], "password"},
		{"with a wrong password", "wrong", codes[1], "password"},
		{"without a code", storetest.Password, "", "code"},
		{"with a used code", storetest.Password, codes[0], "code"},
	} {
		wrong := ada.post(remove, url.Values{"password": {test.password}, "code": {test.code}}).expect(http.StatusUnprocessableEntity)
		if wrong.text("#"+test.field+"-error") == "" {
			t.Errorf("%s it says %s", test.name, wrong.body)
		}
	}
	ada.post(remove, url.Values{"password": {storetest.Password}, "code": {codes[1]}}).expect(http.StatusSeeOther).expectHeader("Location", "/settings/security")
	s.browse().post("/login", credentials("ada", storetest.Password)).expect(http.StatusSeeOther).expectHeader("Location", "/")
	told := ada.get("/notifications").text("main")
	for _, words := range []string{"Two-step sign-in was turned on", "Two-step sign-in was turned off"} {
		if !strings.Contains(told, words) {
			t.Errorf("ada is told %s", told)
		}
	}
}

// Turning it on and off is told by mail, until there were several mails.
func TestTwoStepIsToldByMail(t *testing.T) {
	t.Parallel()
	address := storetest.MustAddress(t)
	server, withMail := mailing(t)
	s := open(t, withMail, limited, func(config *handlers.Config) { config.Store = storetest.MustOpenAt(t, address) })
	ada := s.member("ada")
	if _, err := storetest.Beside(t, address).ExecContext(t.Context(), `UPDATE users SET email_verified = TRUE`); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		secret := ada.post("/settings/totp/begin", url.Values{"password": {storetest.Password}}).expect(http.StatusOK).scanned().Query().Get("secret")
		ada.post("/settings/totp/confirm", url.Values{"code": {storetest.MustCode(t, secret, time.Now())}}).expect(http.StatusOK)
		ada.post("/settings/totp/remove", url.Values{"password": {storetest.Password}, "code": {storetest.MustNextCode(t, secret)}}).expect(http.StatusSeeOther)
	}
	lastOf(t, server, 3)
	on, off := 0, 0
	for _, mail := range server.Taken() {
		switch {
		case strings.Contains(mail.Body, "turned on"):
			on++
		case strings.Contains(mail.Body, "turned off"):
			off++
		}
	}
	if on != 2 || off != 1 {
		t.Errorf("%d mails say on, and %d off", on, off)
	}
}

// Nobody with an open browser guesses at the code that turns the second step off.
func TestTurningTwoStepOffIsLimited(t *testing.T) {
	t.Parallel()
	s := open(t, limited)
	ada := s.member("ada")
	user, err := s.store.Authenticate(t.Context(), "ada", storetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	storetest.MustTurnOnTwoStep(t, s.store, user)
	for range 5 {
		ada.post("/settings/totp/remove", url.Values{"password": {storetest.Password}, "code": {"0000000"}}).expect(http.StatusUnprocessableEntity)
	}
	ada.post("/settings/totp/remove", url.Values{"password": {storetest.Password}, "code": {"0000000"}}).expectTooMany()
}

// The export says how the account is protected, and has nothing to sign in with.
func TestExportHasNoSecrets(t *testing.T) {
	t.Parallel()
	s := open(t, at(passkeyOrigin))
	ada, phone := s.member("ada"), newDevice()
	ada.adds(phone, "My phone").expect(http.StatusOK)
	user, err := s.store.Authenticate(t.Context(), "ada", storetest.Password)
	if err != nil {
		t.Fatal(err)
	}
	secret, recovery := storetest.MustTurnOnTwoStep(t, s.store, user)
	files := unzipped(t, []byte(ada.get("/settings/export").expect(http.StatusOK).body))
	exported := decoded[struct {
		TwoStepSince time.Time `json:"two_step_since"`
		Left         int       `json:"recovery_codes_left"`
		Passkeys     []struct{ Name string }
	}](t, files["security.json"])
	if time.Since(exported.TwoStepSince) > time.Hour || exported.Left != len(recovery) || len(exported.Passkeys) != 1 || exported.Passkeys[0].Name != "My phone" {
		t.Errorf("it says %s", files["security.json"])
	}
	secrets := append([]string{secret, phone.id(), string(phone.authenticator.Options.UserHandle)}, recovery...)
	for name, text := range files {
		for _, hidden := range secrets {
			if strings.Contains(text, hidden) {
				t.Errorf("%s has a secret in it: %s", name, text)
			}
		}
	}
}
