package picture

import (
	"image"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// letterSize is the size of the letters, as a share of the picture's side. letterRoom is
// the largest width of the text, as a share of that side. Wider text (WW) is set smaller.
const (
	letterSize = 0.44
	letterRoom = 0.70
)

var medium = sync.OnceValues(func() (*opentype.Font, error) {
	return opentype.Parse(gomedium.TTF)
})

// hasGlyphs tells whether the font has every letter of the text.
func hasGlyphs(f *opentype.Font, text string) (bool, error) {
	var buffer sfnt.Buffer
	for _, r := range text {
		index, err := f.GlyphIndex(&buffer, r)
		if err != nil || index == 0 {
			return false, err
		}
	}
	return true, nil
}

// drawLetters draws text into the middle of a square mask. It centres the visible shape,
// not the space that the font reserves, so that J and T do not look pushed aside.
func drawLetters(mask *image.Alpha, f *opentype.Font, text string) error {
	side := mask.Bounds().Dx()
	size := letterSize * float64(side)
	bounds, err := measure(f, text, size)
	if err != nil {
		return err
	}
	if width, room := float64(bounds.Max.X-bounds.Min.X)/64, letterRoom*float64(side); width > room {
		size *= room / width
	}
	face, err := newFace(f, size)
	if err != nil {
		return err
	}
	bounds, _ = font.BoundString(face, text)
	// All text is as high as a capital H, so that Q does not stand higher than O.
	capital, _, _ := face.GlyphBounds('H')
	centre := fixed.I(side) / 2
	drawer := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.Point26_6{
		X: centre - (bounds.Min.X+bounds.Max.X)/2,
		Y: centre - (capital.Min.Y+capital.Max.Y)/2,
	}}
	drawer.DrawString(text)
	return face.Close()
}

// measure returns the bounds of text at a size.
func measure(f *opentype.Font, text string, size float64) (fixed.Rectangle26_6, error) {
	face, err := newFace(f, size)
	if err != nil {
		return fixed.Rectangle26_6{}, err
	}
	bounds, _ := font.BoundString(face, text)
	return bounds, face.Close()
}

// newFace returns a face of size pixels. A face is not safe for concurrent use.
func newFace(f *opentype.Font, size float64) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
}
