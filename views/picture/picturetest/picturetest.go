// Package picturetest makes pictures to upload, for tests.
package picturetest

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// MustRedAndBlue returns a PNG of width by height pixels. Its left half is red, its right half is blue.
func MustRedAndBlue(t testing.TB, width, height int) []byte {
	t.Helper()
	halves := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}})
	for i := range halves.Pix {
		if i%width >= width/2 {
			halves.Pix[i] = 1
		}
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, halves); err != nil {
		t.Fatal(err)
	}
	return encoded.Bytes()
}
