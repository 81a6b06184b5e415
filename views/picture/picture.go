// Package picture draws the profile pictures of accounts that have not set one: their
// initials on one of twelve colours.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
)

// The sides that a picture may have, in pixels: the smallest that still shows letters,
// and far more than any page shows.
const (
	minSide = 8
	maxSide = 1024
)

// Generate returns a square PNG of side pixels (8 to 1024) for an account without a
// picture: initials on one of twelve colours chosen by the username's hash, or a
// silhouette where the font has none of these letters. The same arguments give the
// same bytes; a picture of 128 pixels has about 1 kB.
//
// Generate is safe for concurrent use.
func Generate(username, displayName string, side int) ([]byte, error) {
	if side < minSide || side > maxSide {
		return nil, fmt.Errorf("a generated picture has %d to %d pixels, not %d", minSide, maxSide, side)
	}
	mask := image.NewAlpha(image.Rect(0, 0, side, side))
	if err := draw(mask, initials(username, displayName)); err != nil {
		return nil, fmt.Errorf("cannot draw initials: %w", err)
	}
	paletted := image.NewPaletted(mask.Bounds(), palette(background(username)))
	for i, alpha := range mask.Pix {
		paletted.Pix[i] = uint8((int(alpha)*(shades-1) + 127) / 255) //nolint:gosec // less than shades
	}
	var buffer bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&buffer, paletted); err != nil {
		return nil, fmt.Errorf("cannot encode a picture: %w", err)
	}
	return buffer.Bytes(), nil
}

// draw draws initials, or the silhouette, into a mask.
func draw(mask *image.Alpha, initials string) error {
	f, err := medium()
	if err != nil {
		return err
	}
	drawable, err := hasGlyphs(f, initials)
	if err != nil {
		return err
	}
	if !drawable || initials == "" {
		drawSilhouette(mask)
		return nil
	}
	return drawLetters(mask, f, initials)
}
