package handlers_test

import (
	"bytes"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"plaza/views/picture/picturetest"
)

// upload sends the form for a picture. Its other fields are pairs of name and value.
func (b *browser) upload(picture []byte, fields ...string) *answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("picture", "../evil.html")
	if err == nil {
		_, err = part.Write(picture)
	}
	if err != nil || form.Close() != nil {
		b.t.Fatal(err)
	}
	return b.send(http.MethodPost, "/settings/picture", &body, "Content-Type", form.FormDataContentType())
}

// shownPicture returns the address of a user's picture on their profile.
func (b *browser) shownPicture(name string) string {
	b.t.Helper()
	return b.get("/u/"+name).expect(http.StatusOK).document().Find(".profile-picture").AttrOr("src", "")
}

func expectMostly(t testing.TB, picture *answer, want string) {
	t.Helper()
	decoded, err := jpeg.Decode(strings.NewReader(picture.expect(http.StatusOK).body))
	if err != nil {
		t.Fatal(err)
	}
	middle := decoded.Bounds().Dx() / 2
	r, _, b, _ := decoded.At(middle, middle).RGBA()
	if got := map[bool]string{true: "red", false: "blue"}[r > b]; got != want {
		t.Errorf("the picture is %s, not %s", got, want)
	}
}

const forEver = "public, max-age=31536000, immutable"

// Each version of a picture has its own address in two sizes, which browsers keep. They ask for the plain
// address each time. When the picture changes, all pages use its new address.
func TestPictureIsUploadedShownAndRemoved(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	ada.message("hello", "1").expect(http.StatusNoContent)
	generated := bob.shownPicture("ada")
	bob.get(generated).expect(http.StatusOK).expectHeader("Cache-Control", forEver).expectHeader("Content-Type", "image/png")
	stream := bob.connect("/ws")

	ada.upload(picturetest.MustRedAndBlue(t, 90, 40), "x", "60", "y", "5", "size", "30", "is_owner", "1").expect(http.StatusSeeOther).expectHeader("Location", "/settings/picture")
	first := bob.shownPicture("ada")
	large := bob.get(first).expectHeader("Cache-Control", forEver).expectHeader("Content-Type", "image/jpeg")
	expectMostly(t, large, "blue")
	eventually(t, "the chat shows it", func() bool {
		src := bob.get("/").document().Find("#messages article img").AttrOr("src", "")
		return src != "" && src+"&size=large" == first
	})
	small := s.browse().get(strings.TrimSuffix(first, "&size=large"))
	expectMostly(t, small, "blue")
	if len(small.body) >= len(large.body) {
		t.Errorf("the small one has %d bytes, the large one %d", len(small.body), len(large.body))
	}
	eventually(t, "open pages get the picture", func() bool { return strings.Contains(stream.text(), strings.TrimSuffix(first, "&size=large")) })

	plain := bob.get("/u/ada/picture").expectHeader("Cache-Control", "private, no-cache")
	bob.get("/u/ada/picture", "If-None-Match", plain.Header.Get("ETag")).expect(http.StatusNotModified)
	ada.upload(picturetest.MustRedAndBlue(t, 90, 40), "x", "0", "y", "0", "size", "30").expect(http.StatusSeeOther)
	second := bob.shownPicture("ada")
	if second == first {
		t.Error("another picture has the same address")
	}
	bob.get(first).expectHeader("Cache-Control", "private, no-cache")
	expectMostly(t, bob.get("/u/ada/picture", "If-None-Match", plain.Header.Get("ETag")), "red")

	ada.post("/settings/picture/remove", url.Values{}).expect(http.StatusSeeOther)
	if shown := bob.shownPicture("ada"); shown != generated {
		t.Errorf("after it was removed the page shows %s", shown)
	}
	ada.post("/settings/picture/remove", url.Values{}).expect(http.StatusSeeOther)
	s.browse().upload(picturetest.MustRedAndBlue(t, 90, 40)).expect(http.StatusSeeOther).expectHeader("Location", "/login?next=%2F")
}

// A name in a script that the embedded font lacks has its own initial, in the viewer's fonts. A program that does not
// ask for SVG gets a bitmap.
func TestPictureOfAnyScript(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada, bob := s.member("ada"), s.member("bob")
	const browserAccepts = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
	before := bob.shownPicture("ada")
	bob.get(before, "Accept", browserAccepts).expect(http.StatusOK).expectHeader("Content-Type", "image/png").expectHeader("Vary", "")

	ada.post("/settings/profile", url.Values{"display_name": {"مريم <b>"}}).expect(http.StatusSeeOther)
	shown := bob.shownPicture("ada")
	if shown == before {
		t.Error("another name has the same address")
	}
	svg := bob.get(shown, "Accept", browserAccepts).expect(http.StatusOK).expectHeader("Content-Type", "image/svg+xml").
		expectHeader("Cache-Control", forEver).expectHeader("Vary", "Accept").expectHeader("X-Content-Type-Options", "nosniff")
	if text := svg.text("text"); text != "م" {
		t.Errorf("the picture has %q: %s", text, svg.body)
	}
	if policy := svg.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy of the picture is %q", policy)
	}
	png := bob.get(shown, "Accept", "*/*").expect(http.StatusOK).expectHeader("Content-Type", "image/png").
		expectHeader("Cache-Control", forEver).expectHeader("Vary", "Accept")
	if svg.Header.Get("ETag") == png.Header.Get("ETag") {
		t.Error("the picture as SVG and as a bitmap have the same tag")
	}
	bob.get(shown, "Accept", browserAccepts, "If-None-Match", svg.Header.Get("ETag")).expect(http.StatusNotModified).expectHeader("Vary", "Accept")
	bob.get(shown, "Accept", "*/*", "If-None-Match", svg.Header.Get("ETag")).expect(http.StatusOK)
	bob.get("/u/ada/picture", "Accept", browserAccepts).expectHeader("Cache-Control", "private, no-cache").expectHeader("Content-Type", "image/svg+xml")

	ada.upload(picturetest.MustRedAndBlue(t, 40, 40)).expect(http.StatusSeeOther)
	bob.get(bob.shownPicture("ada"), "Accept", browserAccepts).expectHeader("Content-Type", "image/jpeg").expectHeader("Vary", "")
}

// Without a crop the picture is the middle of the upload.
func TestPictureWithoutJavaScript(t *testing.T) {
	t.Parallel()
	ada := open(t).member("ada")
	for _, fields := range [][]string{nil, {"x", "", "y", "", "size", ""}} {
		ada.upload(picturetest.MustRedAndBlue(t, 300, 100), fields...).expect(http.StatusSeeOther)
		decoded, err := jpeg.Decode(strings.NewReader(ada.get(ada.shownPicture("ada")).body))
		if err != nil {
			t.Fatal(err)
		}
		for x, isRed := range map[int]bool{10: true, 500: false} {
			if r, _, b, _ := decoded.At(x, 256).RGBA(); (r > b) != isRed {
				t.Errorf("at %d it is %d red and %d blue", x, r>>8, b>>8)
			}
		}
	}
}

func TestPictureRefuses(t *testing.T) {
	t.Parallel()
	s := open(t)
	ada := s.member("ada")
	fine := picturetest.MustRedAndBlue(t, 90, 40)
	bomb := []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;")
	for name, test := range map[string]struct {
		picture []byte
		fields  []string
		says    string
	}{
		"nothing":             {nil, nil, "choose one first"},
		"SVG":                 {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), nil, "as a picture"},
		"HTML":                {[]byte("<html><script>alert(1)</script>"), nil, "as a picture"},
		"a bomb":              {bomb, nil, "megapixels"},
		"a picture cut off":   {fine[:len(fine)-20], nil, "damaged"},
		"30 MB":               {bytes.Repeat(fine, 30<<20/len(fine)), nil, "larger than 10 MB"},
		"a crop outside":      {fine, []string{"x", "61", "y", "0", "size", "30"}, "not inside"},
		"a negative crop":     {fine, []string{"x", "-1", "y", "0", "size", "30"}, "not inside"},
		"a crop of nothing":   {fine, []string{"x", "0", "y", "0", "size", "0"}, "not inside"},
		"a crop of NaN":       {fine, []string{"x", "NaN", "y", "0", "size", "30"}, "not inside"},
		"a huge crop":         {fine, []string{"x", "1", "y", "1", "size", "99999999999999999999999"}, "not inside"},
		"a crop without size": {fine, []string{"x", "1", "y", "1"}, "not inside"},
	} {
		t.Run(name, func(t *testing.T) {
			page := ada.in(t).upload(test.picture, test.fields...).expect(http.StatusUnprocessableEntity)
			if said := page.text("#picture-error"); !strings.Contains(said, test.says) {
				t.Errorf("it says %q", said)
			}
		})
	}
	form := url.Values{"picture": {"me.png"}}
	ada.post("/settings/picture", form).expect(http.StatusUnprocessableEntity)
	ada.send(http.MethodPost, "/settings/picture", strings.NewReader("--x\r\ncut off"), "Content-Type", "multipart/form-data; boundary=x").expect(http.StatusBadRequest)
	if user, err := s.store.UserByName(t.Context(), "ada"); err != nil || user.Picture != "" {
		t.Errorf("a picture was kept: %+v, %v", user, err)
	}
}

func TestUploadsAreLimited(t *testing.T) {
	t.Parallel()
	ada := open(t, limited).member("ada")
	const enough = 20
	for range enough {
		if page := ada.upload(nil); page.StatusCode == http.StatusTooManyRequests {
			if page.text("#picture-error") == "" || page.Header.Get("Retry-After") == "" {
				t.Errorf("it says %s", page.body)
			}
			return
		}
	}
	t.Errorf("%d uploads were taken", enough)
}

// Pages of every server show a picture that one server took, as does their list of who is online.
func TestServersShowANewPicture(t *testing.T) {
	t.Parallel()
	s := openServers(t, 2)
	ada := s.at[0].member("ada")
	ada.message("hello", "1").expect(http.StatusNoContent)
	ada.connect("/ws")
	bob := s.at[1].member("bob")
	stream := bob.connect("/ws?room=1&after=0")
	eventually(t, "bob sees ada online", func() bool { return bob.get("/").document().Find(`#people a[href="/u/ada"]`).Length() == 1 })
	ada.upload(picturetest.MustRedAndBlue(t, 40, 40)).expect(http.StatusSeeOther)
	picture := strings.TrimSuffix(ada.shownPicture("ada"), "&size=large")
	eventually(t, "an open page gets the picture", func() bool { return strings.Contains(stream.text(), picture) })
	eventually(t, "the log and the list have it", func() bool {
		page := bob.get("/").document()
		return page.Find(`#messages img[src="`+picture+`"]`).Length() == 1 && page.Find(`#people img[src="`+picture+`"]`).Length() == 1
	})
}
