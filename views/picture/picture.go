// Package picture makes profile pictures. Generate and Vector draw initials for an account without a picture. Shrink
// makes a picture from an uploaded file.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
)

// The allowed sides of a generated picture, in pixels. Letters are unreadable below minSide. No page shows
// more than maxSide.
const (
	minSide = 8
	maxSide = 1024
)

// Generate returns a square PNG of side pixels (8 to 1024) for an account without a
// picture. It shows initials on one of twelve colours, which the username's hash chooses.
// It shows a silhouette if the font lacks the first letter: see Vector. The same arguments give the
// same bytes. A picture of 128 pixels takes about 1 kB.
//
// Generate is safe for concurrent use.
func Generate(username, displayName string, side int) ([]byte, error) {
	if side < minSide || side > maxSide {
		return nil, fmt.Errorf("a generated picture has %d to %d pixels, not %d", minSide, maxSide, side)
	}
	mask := image.NewAlpha(image.Rect(0, 0, side, side))
	if err := drawInitials(mask, initials(username, displayName)); err != nil {
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

// drawInitials draws the initials into the mask, up to the first that the font lacks. It draws the silhouette if that
// leaves none.
func drawInitials(mask *image.Alpha, initials []string) error {
	f, err := medium()
	if err != nil {
		return err
	}
	text := ""
	for _, initial := range initials {
		drawable, err := hasGlyphs(f, initial)
		if err != nil {
			return err
		}
		if !drawable {
			break
		}
		text += initial
	}
	if text == "" {
		drawSilhouette(mask)
		return nil
	}
	return drawLetters(mask, f, text)
}
