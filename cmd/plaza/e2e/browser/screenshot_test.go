package browser

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// screenshots is a folder of pictures for people. Git ignores it.
const screenshots = "../../../../.screenshots"

func (b *tab) screenshot(name string) image.Image {
	b.t.Helper()
	var picture []byte
	b.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture, err = page.CaptureScreenshot().WithOptimizeForSpeed(true).Do(ctx)
		return err
	}))
	if err := os.WriteFile(screenshots+"/"+name+".png", picture, 0o644); err != nil {
		b.t.Fatal(err)
	}
	shown, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		b.t.Fatal(err)
	}
	return shown
}

// isBlank tells whether nearly all of a picture has one color.
func isBlank(picture image.Image) bool {
	const step = 6 // px
	counts := map[[3]uint32]int{}
	total, most := 0, 0
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += step {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += step {
			red, green, blue, _ := picture.At(x, y).RGBA()
			colour := [3]uint32{red, green, blue}
			counts[colour]++
			total++
			most = max(most, counts[colour])
		}
	}
	return float64(most) > 0.995*float64(total)
}
