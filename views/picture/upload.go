package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"strconv"

	"golang.org/x/image/draw"
)

// The limits of an uploaded picture. The server holds that much in memory while it decodes the picture.
const (
	MaxUpload = 10 << 20 // bytes
	maxPixels = 16 << 20 // width times height
)

// The sides of the pictures that Shrink makes, in pixels. The large one is for an account's page, the
// small one for a line of text.
const (
	LargeSide = 512
	SmallSide = 96
)

// jpegQuality shows no visible artefacts at LargeSide. A large picture then takes about 50 kB.
const jpegQuality = 85

// Crop is a square of the upright picture. Its corner and side are in pixels of that picture.
type Crop struct{ X, Y, Size int }

// ParseCrop parses the fields of a form. It returns nil if all of them are empty, and the Refusal
// CropOutside if one of them is not a whole number.
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

// Refusal is the code of the reason for which a picture is refused. Package views puts it into words.
type Refusal string

// Error returns the code, for the log.
func (r Refusal) Error() string { return "picture refused: " + string(r) }

// The reasons for which a picture is refused.
const (
	Missing       Refusal = "missing"
	LargeFile     Refusal = "large_file" // more than MaxUpload
	UnknownFormat Refusal = "unknown_format"
	TooManyPixels Refusal = "too_many_pixels"
	TooComplex    Refusal = "too_complex" // it takes too much time or memory
	Damaged       Refusal = "damaged"
	Dazzling      Refusal = "dazzling"     // it has highlights brighter than white (HDR)
	CropOutside   Refusal = "crop_outside" // the crop is not inside the picture
)

// Shrink makes a profile picture in two sizes from an uploaded PNG, JPEG, GIF or WebP. Of an animation it
// takes the first frame. It detects the format from the content, turns the picture upright, crops it,
// converts its colours to sRGB and encodes it as JPEG. It keeps no metadata. A nil crop is the largest
// square in the middle.
//
// Shrink returns a Refusal if it cannot read the picture, if the picture takes too much to read, or if the
// crop is not inside the picture.
//
// Shrink takes up to 400 MB of memory and several seconds. See package handlers/shrink.
func Shrink(upload []byte, crop *Crop) (large, small []byte, err error) {
	from, err := readSource(upload)
	if err != nil {
		return nil, nil, err
	}
	turn := orientationOf(from.exif)
	square, err := squareOf(turn.upright(from.size), crop)
	if err != nil {
		return nil, nil, err
	}
	decoded, err := from.decode()
	if err != nil {
		return nil, nil, Damaged
	}
	picture := from.colours.scaled(decoded, turn.inSource(square, from.size).Sub(from.place), LargeSide)
	picture = turn.apply(onWhite(picture))
	large, err = encodeJPEG(picture)
	if err != nil {
		return nil, nil, err
	}
	small, err = encodeJPEG(scaled(picture, picture.Rect, SmallSide))
	return large, small, err
}

// squareOf returns the crop as a rectangle of an upright picture of that size.
func squareOf(size image.Point, crop *Crop) (image.Rectangle, error) {
	if crop == nil {
		side := min(size.X, size.Y)
		crop = &Crop{X: (size.X - side) / 2, Y: (size.Y - side) / 2, Size: side}
	}
	// These comparisons add nothing up, so that no sum overflows.
	if crop.X < 0 || crop.Y < 0 || crop.Size < 1 || crop.Size > min(size.X, size.Y) ||
		crop.X > size.X-crop.Size || crop.Y > size.Y-crop.Size {
		return image.Rectangle{}, CropOutside
	}
	return image.Rect(crop.X, crop.Y, crop.X+crop.Size, crop.Y+crop.Size), nil
}

// scaled draws a square of a picture with the given side, and leaves its colours as they are.
func scaled(source image.Image, square image.Rectangle, side int) *image.RGBA {
	drawn := image.NewRGBA(image.Rect(0, 0, side, side))
	if !square.In(source.Bounds()) {
		source = framed{source}
	}
	draw.CatmullRom.Scale(drawn, drawn.Rect, source, square, draw.Over, nil)
	return drawn
}

// framed is a picture that is transparent outside of its bounds. Other types of pictures have colours there.
type framed struct{ image.Image }

// At implements image.Image.
func (f framed) At(x, y int) color.Color {
	if !image.Pt(x, y).In(f.Bounds()) {
		return color.Transparent
	}
	return f.Image.At(x, y)
}

// onWhite returns a picture without transparency. A JPEG would show it black.
func onWhite(picture *image.RGBA) *image.RGBA {
	drawn := image.NewRGBA(picture.Rect)
	draw.Draw(drawn, drawn.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(drawn, drawn.Rect, picture, picture.Rect.Min, draw.Over)
	return drawn
}

func encodeJPEG(picture image.Image) ([]byte, error) {
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, picture, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, fmt.Errorf("cannot encode a picture: %w", err)
	}
	return encoded.Bytes(), nil
}
