package browser

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/image/draw"

	"plaza/cmd/plaza/e2e/e2etest"
	"plaza/views/picture/picturetest"
)

// TestPreviewIsTheResult compares what people see when they crop a picture with what the site makes of it.
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
	b.look(1280, 1600, "light")
	file := filepath.Join(t.TempDir(), "upload")
	for _, upload := range picturetest.Shown(t, sample("still.webp"), sample("lossless.webp")) {
		if err := os.WriteFile(file, upload.File, 0o600); err != nil {
			t.Fatal(err)
		}
		b.open("/settings/picture")
		b.choosePicture(file)
		preview := b.preview()
		b.click(`#picture-form [type="submit"]`)
		b.eventually(upload.Name+" is saved", `location.search === '?saved=1' && document.querySelector('.saved')`)
		stored := b.fetchPicture(`'/u/ada/picture?size=large'`)
		const most = 6
		if difference := meanDifference(preview, stored); difference > most {
			t.Errorf("%s: preview and result differ by %.1f of 255", upload.Name, difference)
		}
	}
}

// preview returns the cropped picture as the page shows it.
func (b *tab) preview() image.Image {
	b.t.Helper()
	const viewer = `.previews cropper-viewer:not(.round)`
	b.eventually("the preview shows the crop", `(() => {
		const viewer = document.querySelector('`+viewer+`');
		const boxes = [viewer, viewer.$image, document.getElementById('crop'), viewer.$sourceImage];
		const [shown, whole, chosen, source] = boxes.map((element) => element.getBoundingClientRect());
		const near = (one, other) => Math.abs(one - other) < 0.01;
		return near(shown.width / whole.width, chosen.width / source.width) &&
			near((shown.x - whole.x) / whole.width, (chosen.x - source.x) / source.width) &&
			near((shown.y - whole.y) / whole.height, (chosen.y - source.y) / source.height);
	})()`)
	b.nextFrame()
	var shown []byte
	b.run(chromedp.Screenshot(viewer, &shown, chromedp.ByQuery))
	picture, err := png.Decode(bytes.NewReader(shown))
	if err != nil {
		b.t.Fatal(err)
	}
	return picture
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
