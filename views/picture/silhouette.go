package picture

import (
	"image"

	"golang.org/x/image/vector"
)

// drawSilhouette draws a head and shoulders into a square mask, for names that the font
// cannot write.
func drawSilhouette(mask *image.Alpha) {
	side := mask.Bounds().Dx()
	z := vector.NewRasterizer(side, side)
	scale := float32(side)
	ellipse(z, 0.5*scale, 0.40*scale, 0.165*scale, 0.165*scale)
	// The lower half of the shoulders lies outside the picture.
	ellipse(z, 0.5*scale, 1.0*scale, 0.335*scale, 0.375*scale)
	z.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
}

// ellipse adds an ellipse of four Bézier curves. Each handle is (√2-1)·4/3 of its radius
// long. The error is less than a thousandth of the radius.
func ellipse(z *vector.Rasterizer, x, y, radiusX, radiusY float32) {
	const handle = 0.5522847
	hx, hy := radiusX*handle, radiusY*handle
	z.MoveTo(x+radiusX, y)
	z.CubeTo(x+radiusX, y+hy, x+hx, y+radiusY, x, y+radiusY)
	z.CubeTo(x-hx, y+radiusY, x-radiusX, y+hy, x-radiusX, y)
	z.CubeTo(x-radiusX, y-hy, x-hx, y-radiusY, x, y-radiusY)
	z.CubeTo(x+hx, y-radiusY, x+radiusX, y-hy, x+radiusX, y)
	z.ClosePath()
}
