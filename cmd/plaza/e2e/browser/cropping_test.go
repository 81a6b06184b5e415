package browser

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/views/picture/picturetest"
)

// redAndBlue returns a file with a picture of 900 by 400 pixels that is red on the left and blue on the right.
func redAndBlue(t testing.TB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "halves.png")
	if err := os.WriteFile(file, picturetest.MustRedAndBlue(t, 900, 400), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// choosePicture chooses a file in the page's form.
func (b *tab) choosePicture(file string) {
	b.t.Helper()
	b.run(chromedp.SetUploadFiles("#picture", []string{file}, chromedp.ByQuery))
	b.eventually("the form shows the crop", `document.querySelector('[name="size"]').value`)
}

func (b *tab) expectCrop(x, y, size int) {
	b.t.Helper()
	var crop []string
	b.run(chromedp.Evaluate(`['x', 'y', 'size'].map((name) => document.querySelector('[name="' + name + '"]').value)`, &crop))
	if got, want := fmt.Sprint(crop), fmt.Sprint([]int{x, y, size}); got != want {
		b.t.Errorf("the crop is %v, want %v", got, want)
	}
}

// savePicture calls save, and returns the picture that the page shows then.
func (b *tab) savePicture(save func()) image.Image {
	b.t.Helper()
	save()
	b.eventually("the picture is saved", `document.querySelector('.saved')`)
	return b.fetchPicture(`document.querySelector('.picture-now img').src`)
}

// fetchPicture returns the JPEG at an address.
func (b *tab) fetchPicture(address string) image.Image {
	b.t.Helper()
	b.run(chromedp.Evaluate(`fetch(`+address+`).then((answer) => answer.blob()).then((blob) => new Promise((done) => {
		const reader = new FileReader();
		reader.onload = () => { window.stored = reader.result.split(',')[1]; done(); };
		reader.readAsDataURL(blob);
	}))`, nil))
	var stored string
	b.eventually("the page has read the picture", `window.stored`)
	b.run(chromedp.Evaluate(`window.stored`, &stored))
	picture, err := jpeg.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(stored)))
	if err != nil {
		b.t.Fatal(err)
	}
	return picture
}

func isBlue(picture image.Image, x int) bool {
	r, _, b, _ := picture.At(x, picture.Bounds().Dy()/2).RGBA()
	return b > r
}

// TestCropWithThePointer drags the crop to the blue side. A page of the chat must show the new picture at
// once.
func TestCropWithThePointer(t *testing.T) {
	t.Parallel()
	s := e2etest.Open(t)
	ada, bob := browse(t, s), browse(t, s)
	ada.join("ada")
	ada.send("hello")
	bob.join("bob")
	bob.connected()
	bob.eventually("ada has a generated picture", `document.querySelector('#messages article img').src.includes('/u/ada/picture?v=')`)
	bob.run(chromedp.Evaluate(`window.before = document.querySelector('#messages article img').src`, nil))
	ada.open("/settings/picture")
	ada.look(1280, 1400, "light")
	ada.choosePicture(redAndBlue(t))
	ada.expectCrop(250, 0, 400)
	var box struct{ X, Y, Width, Height float64 }
	ada.run(chromedp.Evaluate(`document.getElementById('crop').getBoundingClientRect().toJSON()`, &box))
	x, y := box.X+box.Width/2, box.Y+box.Height/2
	ada.run(chromedp.MouseEvent(input.MousePressed, x, y, chromedp.ButtonLeft))
	for step := range 10 {
		ada.run(chromedp.MouseEvent(input.MouseMoved, x+float64(20*step), y, chromedp.ButtonLeft))
	}
	ada.run(chromedp.MouseEvent(input.MouseReleased, x+200, y, chromedp.ButtonLeft))
	ada.expectCrop(500, 0, 400)
	picture := ada.savePicture(func() { ada.click(`#picture-form [type="submit"]`) })
	for _, at := range []int{5, 256, 506} {
		if !isBlue(picture, at) {
			t.Errorf("the picture is red at %d px", at)
		}
	}
	bob.eventually("the chat refers to the new picture", `document.querySelector('#messages article img').src !== before && document.querySelector('#people [href="/u/ada"] img').src === document.querySelector('#messages article img').src`)
	bob.eventually("the chat shows the new picture", `document.querySelector('#messages article img').naturalWidth === 96`)
	ada.click(`[action="/settings/picture/remove"] button`)
	bob.eventually("the generated picture is back", `document.querySelector('#messages article img').src === before`)
}

// TestOldPictureStaysAway checks that a page ignores a picture from before the page was made. The stream
// brings recent changes to new pages too.
func TestOldPictureStaysAway(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.connected()
	const shown = `document.querySelector('.own-profile img').getAttribute('src')`
	for _, test := range []struct{ at, shows string }{
		{`document.getElementById('stream').dataset.asOf - 5000`, b.text(shown)},
		{`Date.now()`, "/u/ada/picture?v=0123456789abcdef"},
	} {
		b.run(chromedp.Evaluate(`htmx.swap({ sourceElement: document.getElementById('stream'), target: document.getElementById('stream'), swap: 'none',
			text: '<hx-partial data-hx-target="#online" data-hx-swap="picture at:' + (`+test.at+`) + '"><img src="/u/ada/picture?v=0123456789abcdef"></hx-partial>'
				+ '<hx-partial data-hx-target="#online" data-hx-swap="textContent">told '+`+"`${"+test.at+"}`"+`+'</hx-partial>' })`, nil))
		b.eventually("the page has the frame", `document.getElementById('online').textContent.startsWith('told')`)
		if got := b.text(shown); got != test.shows {
			t.Errorf("after a picture of the time %s, the page shows %s", test.at, got)
		}
		b.run(chromedp.Evaluate(`document.getElementById('online').textContent = ''`, nil))
	}
}

// TestUploadShowsItsProgress checks that the page shows the progress of a slow upload.
func TestUploadShowsItsProgress(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.open("/settings/picture")
	file := filepath.Join(t.TempDir(), "noise.png")
	noise := image.NewGray(image.Rect(0, 0, 600, 600))
	for i := range noise.Pix {
		noise.Pix[i] = byte(i*i>>7 ^ i*7)
	}
	var encoded bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&encoded, noise); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, encoded.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	b.choosePicture(file)
	const slow = 100_000 // bytes a second
	b.run(network.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := network.EmulateNetworkConditionsByRule([]*network.Conditions{{UploadThroughput: slow, DownloadThroughput: -1}}).Do(ctx)
		return err
	}))
	b.run(chromedp.Evaluate(`{
		window.seen = [];
		const bar = document.querySelector('.upload');
		new MutationObserver(() => bar.hidden || seen.push(bar.value)).observe(bar, { attributes: true });
	}`, nil))
	b.click(`#picture-form [type="submit"]`)
	b.eventually("the page shows a part of the upload", `seen.some((value) => value > 0 && value < 1)`)
	b.eventually("the picture is saved", `document.querySelector('.saved')`)
}

// TestCropWithTheKeyboard crops with the sliders.
func TestCropWithTheKeyboard(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	b.open("/settings/picture")
	b.choosePicture(redAndBlue(t))
	b.tabTo("#zoom")
	for range 40 {
		b.press(rightKey)
	}
	b.tabTo("#across")
	b.press(endKey)
	b.tabTo("#down")
	b.press(homeKey)
	size := int(b.number(`Number(document.querySelector('[name="size"]').value)`))
	if size < 150 || size > 200 {
		t.Errorf("zoomed in, the crop has %d pixels, want 150 to 200", size)
	}
	b.expectCrop(900-size, 0, size)
	b.tabTo(`#picture-form [type="submit"]`)
	if picture := b.savePicture(func() { b.press(enter) }); !isBlue(picture, 5) || !isBlue(picture, 506) {
		t.Error("the picture is not blue")
	}
}

// TestPictureIsDroppedAndPasted checks that the page takes a dropped and a pasted picture, and says at
// once if a file is no picture or too large.
func TestPictureIsDroppedAndPasted(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t), "422", "blob:")
	b.join("ada")
	b.open("/settings/picture")
	const bring = `(async () => {
		const canvas = Object.assign(document.createElement('canvas'), { width: %d, height: 100 });
		canvas.getContext('2d').fillRect(0, 0, 10, 10);
		const blob = await new Promise((done) => canvas.toBlob(done));
		const data = new DataTransfer();
		data.items.add(new File([blob], 'me.png', { type: 'image/png' }));
		document.querySelector('main').dispatchEvent(new %s('%s', { %s: data, bubbles: true, cancelable: true }));
	})()`
	b.run(chromedp.Evaluate(fmt.Sprintf(bring, 300, "DragEvent", "drop", "dataTransfer"), nil))
	b.eventually("the form shows the dropped picture", `document.querySelector('[name="x"]').value === '100'`)
	b.run(chromedp.Evaluate(fmt.Sprintf(bring, 500, "ClipboardEvent", "paste", "clipboardData"), nil))
	b.eventually("the form shows the pasted picture", `document.querySelector('[name="x"]').value === '200'`)
	if crops := b.number(`document.querySelectorAll('.crop').length`); crops != 1 {
		t.Errorf("the form shows %v crops, want 1", crops)
	}
	text := filepath.Join(t.TempDir(), "me.png")
	if err := os.WriteFile(text, []byte("<html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.run(chromedp.SetUploadFiles("#picture", []string{text}, chromedp.ByQuery))
	b.eventually("the page says that the file is no picture", `document.querySelector('#picture-form #form-error').textContent.includes('as a picture') && !document.querySelector('.crop')`)
	b.click(`#picture-form [type="submit"]`)
	b.eventually("the site says that the file is no picture", `!document.querySelector('#picture-form [type=submit]').disabled && document.querySelector('#form-error').textContent.includes('as a picture')`)
	large := filepath.Join(t.TempDir(), "large.png")
	if err := os.WriteFile(large, make([]byte, 11<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	b.run(chromedp.SetUploadFiles("#picture", []string{large}, chromedp.ByQuery))
	b.eventually("the page says that the file is too large", `document.querySelector('#form-error').textContent.includes('10 MB')`)
}
