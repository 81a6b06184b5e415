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

// orientationOf returns the orientation in Exif data, or upright if the data does not say.
func orientationOf(exif []byte) orientation {
	found := upright
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(exif), ImageFormat: imagemeta.TIFF, Sources: imagemeta.EXIF,
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

// upright returns the size of the upright picture, from the stored size.
func (o orientation) upright(stored image.Point) image.Point {
	if o.isOnItsSide() {
		return image.Pt(stored.Y, stored.X)
	}
	return stored
}

// toSource converts a point of the upright picture to a point of the stored picture, which has the
// given size.
func (o orientation) toSource(at, stored image.Point) image.Point {
	x, y := at.X, at.Y
	if o.isOnItsSide() {
		x, y = y, x
	}
	if o == 2 || o == 3 || o == 7 || o == 8 {
		x = stored.X - 1 - x
	}
	if o == 3 || o == 4 || o == 6 || o == 7 {
		y = stored.Y - 1 - y
	}
	return image.Pt(x, y)
}

// inSource converts a rectangle of the upright picture to a rectangle of the stored picture, which has
// the given size.
func (o orientation) inSource(part image.Rectangle, stored image.Point) image.Rectangle {
	one := o.toSource(part.Min, stored)
	other := o.toSource(part.Max.Sub(image.Pt(1, 1)), stored)
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
	size := square.Rect.Size()
	for y := range size.Y {
		for x := range size.X {
			from := o.toSource(image.Pt(x, y), size)
			turned.SetRGBA(x, y, square.RGBAAt(from.X, from.Y))
		}
	}
	return turned
}
