package browser

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/image/draw"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/store/storetest/proof"
	"plaza/views/picture/picturetest"
)

// TestPreviewIsTheResult compares what people see when they crop a picture with what the site makes of it, for one
// of three pictures. With PLAZA_PROOF, it does so for all.
func TestPreviewIsTheResult(t *testing.T) {
	t.Parallel()
	sample := func(name string) []byte {
		content, err := os.ReadFile("../../../../views/picture/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	b := browse(t, e2etest.Open(t, "--limits", "off"))
	b.join("ada")
	file := filepath.Join(t.TempDir(), "upload")
	for i, upload := range picturetest.Shown(t, sample("still.webp"), sample("lossless.webp")) {
		if i%proof.Times(3, 1) > 0 {
			continue
		}
		if err := os.WriteFile(file, upload.File, 0o600); err != nil {
			t.Fatal(err)
		}
		schemes := []string{"light"}
		if strings.HasPrefix(upload.Name, "transparent") {
			schemes = []string{"dark", "light"}
		}
		for _, scheme := range schemes {
			b.look(1280, 1600, scheme)
			b.open("/settings/picture")
			b.choosePicture(file)
			preview := b.preview()
			b.click(`#picture-form [type="submit"]`)
			b.eventually(upload.Name+" is saved", `document.querySelector('.saved')`)
			stored := b.fetchPicture(`'/u/ada/picture?size=large'`)
			const most = 6
			if difference := meanDifference(preview, stored); difference > most {
				t.Errorf("%s, %s: preview and result differ by %.1f of 255", upload.Name, scheme, difference)
			}
		}
	}
}

// previewsFollow waits until all previews show the part in the frame.
func (b *tab) previewsFollow() {
	b.t.Helper()
	b.eventually("the previews show the crop", `[...document.querySelectorAll('.previews cropper-viewer')].every((viewer) => {
		const boxes = [viewer, viewer.$image, document.getElementById('crop'), viewer.$sourceImage];
		const [shown, whole, chosen, source] = boxes.map((element) => element.getBoundingClientRect());
		const near = (one, other) => Math.abs(one - other) < 0.01;
		return near(shown.width / whole.width, chosen.width / source.width) &&
			near((shown.x - whole.x) / whole.width, (chosen.x - source.x) / source.width) &&
			near((shown.y - whole.y) / whole.height, (chosen.y - source.y) / source.height);
	})`)
}

// preview returns the cropped picture as the page shows it.
func (b *tab) preview() image.Image {
	b.t.Helper()
	const viewer = `.previews cropper-viewer:not(.small)`
	b.previewsFollow()
	b.run(chromedp.Evaluate(`document.querySelector('`+viewer+`').style.borderRadius = 0`, nil)) // the result has corners
	b.nextFrame()
	var shown []byte
	b.run(chromedp.Screenshot(viewer, &shown, chromedp.ByQuery))
	picture, err := png.Decode(bytes.NewReader(shown))
	if err != nil {
		b.t.Fatal(err)
	}
	return picture
}

// TestCropLooks checks the page of a picture that is cropped: the frame is round, the previews are round, have the sizes
// that the site shows, and follow the frame, and the button is in sight.
func TestCropLooks(t *testing.T) {
	t.Parallel()
	b := browse(t, e2etest.Open(t))
	b.join("ada")
	for _, l := range []look{{390, 844, "light"}, {1280, 800, "light"}} {
		b.look(l.width, l.height, l.scheme)
		b.open("/settings/picture")
		sizes := b.text(`[...document.querySelectorAll('.picture-now img')].map(({ offsetWidth, offsetHeight }) => offsetWidth + '×' + offsetHeight).join()`)
		b.choosePicture(redAndBlue(t))
		const button = `document.querySelector('#picture-form > [type=submit]')`
		if !b.is(`scrollY === 0 && (({ x, y, width, height }) => y + height <= innerHeight && document.elementFromPoint(x + width / 2, y + height - 1) === ` + button + `)(` + button + `.getBoundingClientRect())`) {
			t.Errorf("%v: the button is out of sight", l)
		}
		const round = `(element) => { const { borderRadius } = getComputedStyle(element); return borderRadius === '50%' && Math.abs(element.offsetWidth - element.offsetHeight) <= 1 && element.offsetWidth > 20; }`
		if square := b.texts(`[...document.querySelectorAll('#crop, .previews cropper-viewer, cropper-shade:not([hidden])')].filter((element) => !(` + round + `)(element)).map(({ outerHTML }) => outerHTML.slice(0, 60))`); len(square) > 0 {
			t.Errorf("%v: these are not round: %q", l, square)
		}
		if previews := b.text(`[...document.querySelectorAll('.previews cropper-viewer')].map(({ offsetWidth, offsetHeight }) => offsetWidth + '×' + offsetHeight).join()`); previews != "112×112,28×28" || previews != sizes {
			t.Errorf("%v: the previews are %s, and the pictures before %s", l, previews, sizes)
		}
		b.previewsFollow()
		b.tabTo("#zoom")
		for range 20 {
			b.press(rightKey)
		}
		b.tabTo("#across")
		b.press(endKey)
		b.previewsFollow()
	}
}

// meanDifference returns the mean difference of the components of two pictures, without their edges.
func meanDifference(one, other image.Image) float64 {
	const side, edge = 40, 4
	small := func(picture image.Image) *image.RGBA {
		drawn := image.NewRGBA(image.Rect(0, 0, side, side))
		draw.CatmullRom.Scale(drawn, drawn.Rect, picture, picture.Bounds(), draw.Src, nil)
		return drawn
	}
	a, b := small(one), small(other)
	var sum, count float64
	for y := edge; y < side-edge; y++ {
		for x := edge; x < side-edge; x++ {
			at := a.PixOffset(x, y)
			for i := range 3 {
				sum += math.Abs(float64(a.Pix[at+i]) - float64(b.Pix[at+i]))
				count++
			}
		}
	}
	return sum / count
}
