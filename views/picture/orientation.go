package picture

import (
	"bytes"
	"image"

	"github.com/bep/imagemeta"
)

// orientation is the number that Exif gives the way a camera was held (CIPA DC-008, tag
// 0x0112). 1 is upright. The others, 2 to 8, are turned or mirrored.
type orientation int

const upright orientation = 1

// orientationOf returns the orientation of an uploaded picture. Only a JPEG has one, since
// browsers turn no other format. It returns upright if the file does not say.
func orientationOf(upload []byte, format string) orientation {
	if format != "jpeg" {
		return upright
	}
	found := upright
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(upload), ImageFormat: imagemeta.JPEG, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if value, ok := tag.Value.(uint16); ok && value >= 1 && value <= 8 {
				found = orientation(value)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return found
}

// isOnItsSide tells whether turning the picture swaps its width and height.
func (o orientation) isOnItsSide() bool { return o >= 5 }

// upright returns the size of the upright picture, from the stored width and height.
func (o orientation) upright(width, height int) image.Point {
	if o.isOnItsSide() {
		return image.Pt(height, width)
	}
	return image.Pt(width, height)
}

// toSource converts a point of the upright picture to a point of the stored picture, which
// is width by height pixels.
func (o orientation) toSource(at image.Point, width, height int) image.Point {
	x, y := at.X, at.Y
	if o.isOnItsSide() {
		x, y = y, x
	}
	if o == 2 || o == 3 || o == 7 || o == 8 {
		x = width - 1 - x
	}
	if o == 3 || o == 4 || o == 6 || o == 7 {
		y = height - 1 - y
	}
	return image.Pt(x, y)
}

// inSource converts a rectangle of the upright picture to a rectangle of the stored picture,
// which is width by height pixels.
func (o orientation) inSource(part image.Rectangle, width, height int) image.Rectangle {
	one := o.toSource(part.Min, width, height)
	other := o.toSource(part.Max.Sub(image.Pt(1, 1)), width, height)
	return image.Rectangle{
		Min: image.Pt(min(one.X, other.X), min(one.Y, other.Y)),
		Max: image.Pt(max(one.X, other.X)+1, max(one.Y, other.Y)+1),
	}
}

// apply returns the square, turned upright.
func (o orientation) apply(square *image.RGBA) *image.RGBA {
	if o == upright {
		return square
	}
	turned := image.NewRGBA(square.Rect)
	side := square.Rect.Dx()
	for y := range side {
		for x := range side {
			from := o.toSource(image.Pt(x, y), side, side)
			turned.SetRGBA(x, y, square.RGBAAt(from.X, from.Y))
		}
	}
	return turned
}
