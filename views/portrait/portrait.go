// Package portrait makes profile pictures of uploaded ones: decoded by what they are, never by what
// they are called, turned upright, cropped, and encoded anew, so that nothing else of them is kept.
package portrait

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // what a picture may be
	"image/jpeg"
	_ "image/png" // so is this
	"strconv"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // and this
)

// What an uploaded picture may have at most: so much is held in memory for a moment.
const (
	MaxUpload = 10 << 20 // bytes
	maxPixels = 16 << 20 // of the whole picture
)

// The sides of what is made of an uploaded picture, in pixels: for a page of its own, and for a
// line of text.
const (
	LargeSide = 512
	SmallSide = 96
)

// jpegQuality is where artefacts are hard to find at the large size, which has some 50 kB then.
const jpegQuality = 85

// Crop is a square of the upright picture, in its pixels.
type Crop struct{ X, Y, Size int }

// ParseCrop reads what a form says of a crop. It is nil where the form says nothing; a Refusal where
// one of these is no whole number.
func ParseCrop(x, y, size string) (*Crop, error) {
	if x == "" && y == "" && size == "" {
		return nil, nil //nolint:nilnil // as documented
	}
	var numbers [3]int
	for i, text := range []string{x, y, size} {
		number, err := strconv.Atoi(text)
		if err != nil {
			return nil, CropOutside
		}
		numbers[i] = number
	}
	return &Crop{X: numbers[0], Y: numbers[1], Size: numbers[2]}, nil
}

// Refusal is the code of why a picture cannot be taken, which views put into words.
type Refusal string

// Error returns the code, for the log.
func (r Refusal) Error() string { return "picture refused: " + string(r) }

// What may be wrong with a picture.
const (
	Missing       Refusal = "missing"
	LargeFile     Refusal = "large_file" // more than MaxUpload
	UnknownFormat Refusal = "unknown_format"
	TooManyPixels Refusal = "too_many_pixels"
	Damaged       Refusal = "damaged"
	CropOutside   Refusal = "crop_outside" // the crop is not within the picture
)

// Shrink makes the two sizes of a profile picture, as JPEG, of a square of an uploaded PNG, JPEG,
// GIF (its first frame) or WebP; a nil crop is the largest square in the middle. A Refusal where the
// picture cannot be read, has too many pixels, or does not hold the crop.
//
// It takes some 200 MB for the largest pictures, so few are to be made at once.
func Shrink(upload []byte, crop *Crop) (large, small []byte, err error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(upload))
	switch {
	case err != nil:
		return nil, nil, UnknownFormat
	case config.Width <= 0 || config.Height <= 0:
		return nil, nil, Damaged
	case config.Width > maxPixels/config.Height:
		return nil, nil, TooManyPixels
	}
	turn := orientationOf(upload, format)
	square, err := squareOf(turn.upright(config.Width, config.Height), crop)
	if err != nil {
		return nil, nil, err
	}
	source, _, err := image.Decode(bytes.NewReader(upload))
	if err != nil {
		return nil, nil, Damaged
	}
	picture := scaled(source, turn.inSource(square, config.Width, config.Height), LargeSide)
	picture = turn.apply(picture)
	large, err = encode(picture)
	if err != nil {
		return nil, nil, err
	}
	small, err = encode(scaled(picture, picture.Rect, SmallSide))
	return large, small, err
}

// squareOf returns the part of an upright picture that a crop picks.
func squareOf(size image.Point, crop *Crop) (image.Rectangle, error) {
	if crop == nil {
		side := min(size.X, size.Y)
		crop = &Crop{X: (size.X - side) / 2, Y: (size.Y - side) / 2, Size: side}
	}
	// Compared so that no sum overflows.
	if crop.X < 0 || crop.Y < 0 || crop.Size < 1 || crop.Size > min(size.X, size.Y) ||
		crop.X > size.X-crop.Size || crop.Y > size.Y-crop.Size {
		return image.Rectangle{}, CropOutside
	}
	return image.Rect(crop.X, crop.Y, crop.X+crop.Size, crop.Y+crop.Size), nil
}

// scaled draws a square of a picture at another size, on white where it is transparent. What the
// picture does not cover, such as the edges of a GIF whose first frame is smaller, is white too.
func scaled(source image.Image, square image.Rectangle, side int) *image.RGBA {
	drawn := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(drawn, drawn.Rect, image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(drawn, drawn.Rect, source, square, draw.Over, nil)
	return drawn
}

func encode(picture image.Image) ([]byte, error) {
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, picture, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, fmt.Errorf("cannot encode a picture: %w", err)
	}
	return encoded.Bytes(), nil
}
