package picture_test

import (
	"bytes"
	"embed"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
	"testing"

	"plaza/views/picture"
	"plaza/views/picture/picturetest"
)

// Each sample has 80 by 30 pixels. Its left half is red, its right half is blue.
//
//go:embed testdata
var samples embed.FS

var (
	red   = color.RGBA{R: 255, A: 255}
	blue  = color.RGBA{B: 255, A: 255}
	white = color.RGBA{R: 255, G: 255, B: 255, A: 255}
)

func sample(t *testing.T, name string) []byte {
	t.Helper()
	content, err := samples.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// twoColoured returns a picture whose left half is red and whose right half is blue.
func twoColoured(width, height int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		c := red
		if i%width >= width/2 {
			c = blue
		}
		picture.SetRGBA(i%width, i/width, c)
	}
	return picture
}

func encoded(t *testing.T, encode func(b *bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, picture) })
}

func asJPEG(t *testing.T, picture image.Image) []byte {
	t.Helper()
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, picture, &jpeg.Options{Quality: 95}) })
}

// expectColour checks that a picture has about the wanted colour at a place. x and y are hundredths of its side.
func expectColour(t *testing.T, picture image.Image, x, y int, want color.RGBA) {
	t.Helper()
	const near = 40
	side := picture.Bounds().Dx()
	r, g, b, _ := picture.At(x*side/100, y*side/100).RGBA()
	for _, pair := range [][2]uint32{{r >> 8, uint32(want.R)}, {g >> 8, uint32(want.G)}, {b >> 8, uint32(want.B)}} {
		if math.Abs(float64(pair[0])-float64(pair[1])) > near {
			t.Errorf("the colour at %d, %d is %d, %d, %d, want %v", x, y, r>>8, g>>8, b>>8, want)
			return
		}
	}
}

// shrink calls Shrink, checks both sizes, and returns the large one.
func shrink(t *testing.T, upload []byte, crop *picture.Crop) image.Image {
	t.Helper()
	large, small, err := picture.Shrink(upload, crop)
	if err != nil {
		t.Fatal(err)
	}
	pictures := make([]image.Image, 2)
	for i, made := range [][]byte{large, small} {
		if pictures[i], err = jpeg.Decode(bytes.NewReader(made)); err != nil {
			t.Fatal(err)
		}
	}
	if got := []image.Rectangle{pictures[0].Bounds(), pictures[1].Bounds()}; !slices.Equal(got, []image.Rectangle{image.Rect(0, 0, 512, 512), image.Rect(0, 0, 96, 96)}) {
		t.Errorf("the sizes are %v", got)
	}
	if len(large) > 120_000 || len(small) > 12_000 {
		t.Errorf("the sizes take %d and %d bytes", len(large), len(small))
	}
	return pictures[0]
}

func TestShrinkReadsEachFormat(t *testing.T) {
	t.Parallel()
	halves := twoColoured(80, 30)
	uploads := map[string][]byte{
		"png":  asPNG(t, halves),
		"jpeg": asJPEG(t, halves),
		"gif":  encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, halves, nil) }),
	}
	for _, name := range []string{"cmyk.jpg", "progressive.jpg", "interlaced16.png", "palette.png", "animated.gif", "still.webp", "lossless.webp"} {
		uploads[name] = sample(t, name)
	}
	for name, upload := range uploads {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			middle := shrink(t, upload, nil)
			expectColour(t, middle, 10, 50, red)
			expectColour(t, middle, 90, 50, blue)
			expectColour(t, shrink(t, upload, &picture.Crop{X: 2, Y: 3, Size: 20}), 50, 50, red)
			expectColour(t, shrink(t, upload, &picture.Crop{X: 50, Y: 0, Size: 30}), 50, 50, blue)
			expectColour(t, shrink(t, upload, &picture.Crop{X: 79, Y: 29, Size: 1}), 50, 50, blue)
		})
	}
}

// Transparent pixels would become black in a JPEG.
func TestShrinkPutsTransparentPicturesOnWhite(t *testing.T) {
	t.Parallel()
	expectColour(t, shrink(t, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 9, 9))), nil), 50, 50, white)
}

// exifOf returns Exif data with an orientation.
func exifOf(orientation uint32, order binary.AppendByteOrder) []byte {
	return picturetest.Exif(order, picturetest.ExifTag{Tag: picturetest.ExifOrientation, Kind: picturetest.ExifShort, Value: orientation})
}

// turned returns a picture as JPEG and as PNG, with an orientation.
func turned(t *testing.T, orientation uint32, picture image.Image, order binary.AppendByteOrder) [2][]byte {
	t.Helper()
	exif := exifOf(orientation, order)
	return [2][]byte{
		picturetest.WithExif(asJPEG(t, picture), exif),
		picturetest.WithChunks(asPNG(t, picture), picturetest.Chunk("eXIf", exif)),
	}
}

// Each orientation has an expected place for the red half of the upright picture.
func TestShrinkTurnsPicturesUpright(t *testing.T) {
	t.Parallel()
	const left, right, top, bottom = "left", "right", "top", "bottom"
	places := map[string][2]int{left: {10, 50}, right: {90, 50}, top: {50, 10}, bottom: {50, 90}}
	opposite := map[string]string{left: right, right: left, top: bottom, bottom: top}
	for orientation, where := range map[uint32]string{0: left, 1: left, 2: right, 3: right, 4: left, 5: top, 6: top, 7: bottom, 8: bottom, 9: left} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for _, upload := range turned(t, orientation, twoColoured(80, 30), order) {
				middle := shrink(t, upload, nil)
				expectColour(t, middle, places[where][0], places[where][1], red)
				other := opposite[where]
				expectColour(t, middle, places[other][0], places[other][1], blue)
				// A crop refers to the upright picture.
				crop := map[string]picture.Crop{left: {Size: 30}, right: {X: 50, Size: 30}, top: {Size: 30}, bottom: {Y: 50, Size: 30}}[where]
				expectColour(t, shrink(t, upload, &crop), 50, 50, red)
				if t.Failed() {
					t.Fatalf("orientation %d", orientation)
				}
			}
		}
	}
	// Two halves cannot show whether a picture turned by a quarter is mirrored too. A marked corner can.
	for orientation, at := range map[uint32][2]int{1: {5, 5}, 2: {95, 5}, 3: {95, 95}, 4: {5, 95}, 5: {5, 5}, 6: {95, 5}, 7: {95, 95}, 8: {5, 95}} {
		marked := image.NewRGBA(image.Rect(0, 0, 40, 40))
		for i := range marked.Pix {
			marked.Pix[i] = 255
		}
		for i := range 100 {
			marked.SetRGBA(i%10, i/10, red)
		}
		for _, upload := range turned(t, orientation, marked, binary.LittleEndian) {
			expectColour(t, shrink(t, upload, nil), at[0], at[1], red)
		}
	}
}

func TestShrinkRefuses(t *testing.T) {
	t.Parallel()
	fine := asPNG(t, twoColoured(80, 30))
	photo := asJPEG(t, twoColoured(80, 30))
	// This GIF claims 65,535 by 65,535 pixels (4 GiB), with a header of 13 bytes and one byte of image data.
	bomb := append([]byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00"), ';')
	whole := picture.Crop{Size: 30}
	for name, test := range map[string]struct {
		upload []byte
		crop   picture.Crop
		why    picture.Refusal
	}{
		"nothing":                  {nil, whole, picture.UnknownFormat},
		"SVG":                      {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`), whole, picture.UnknownFormat},
		"HTML":                     {[]byte("<!DOCTYPE html><script>alert(1)</script>"), whole, picture.UnknownFormat},
		"a head alone":             {fine[:8], whole, picture.UnknownFormat},
		"many scans":               {picturetest.WithScans(sample(t, "progressive.jpg"), 1750), whole, picture.TooComplex},
		"many segments":            {picturetest.WithSegments(photo, 30_000), whole, picture.TooComplex},
		"many chunks":              {picturetest.WithChunks(fine, slices.Repeat([][]byte{picturetest.Chunk("tEXt", nil)}, 30_000)...), whole, picture.TooComplex},
		"many chunks of a WebP":    {picturetest.ExtendedWebP(80, 30, 0, bytes.Repeat(picturetest.RIFFChunk("JUNK", nil), 30_000)), whole, picture.TooComplex},
		"a claim":                  {picturetest.Claiming(sample(t, "progressive.jpg"), 4000, 4000), whole, picture.Damaged},
		"two components":           {bytes.Replace(photo, []byte{0, 30, 0, 80, 3}, []byte{0, 30, 0, 80, 2}, 1), whole, picture.UnknownFormat},
		"two frames":               {picturetest.WithSegment(photo, 0xc0, []byte{8, 0, 30, 0, 80, 1, 1, 0x11, 0}), whole, picture.Damaged},
		"highlights":               {picturetest.WithChunks(fine, picturetest.Chunk("cICP", []byte{9, 16, 0, 1})), whole, picture.Dazzling},
		"a bomb":                   {bomb, whole, picture.TooManyPixels},
		"too many pixels":          {asPNG(t, image.NewGray(image.Rect(0, 0, 4097, 4096))), whole, picture.TooManyPixels},
		"a cut off PNG":            {fine[:len(fine)-30], whole, picture.Damaged},
		"a cut off JPEG":           {photo[:len(photo)-60], whole, picture.Damaged},
		"no width":                 {fine, picture.Crop{}, picture.CropOutside},
		"a negative width":         {fine, picture.Crop{X: 10, Size: -5}, picture.CropOutside},
		"beyond the left":          {fine, picture.Crop{X: -1, Size: 20}, picture.CropOutside},
		"beyond the top":           {fine, picture.Crop{Y: -1, Size: 20}, picture.CropOutside},
		"beyond the right":         {fine, picture.Crop{X: 61, Size: 20}, picture.CropOutside},
		"beyond the bottom":        {fine, picture.Crop{Y: 11, Size: 20}, picture.CropOutside},
		"larger than the picture":  {fine, picture.Crop{Size: 31}, picture.CropOutside},
		"beyond what numbers hold": {fine, picture.Crop{X: math.MaxInt, Y: math.MaxInt, Size: math.MaxInt}, picture.CropOutside},
		"below what numbers hold":  {fine, picture.Crop{X: math.MinInt, Y: math.MinInt, Size: math.MinInt}, picture.CropOutside},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := picture.Shrink(test.upload, &test.crop)
			var refusal picture.Refusal
			if !errors.As(err, &refusal) || refusal != test.why {
				t.Errorf("got the error %v, want %q", err, test.why)
			}
		})
	}
}

// Shrink makes a picture from any upload, or refuses it.
func FuzzShrink(f *testing.F) {
	files, err := samples.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		content, err := samples.ReadFile("testdata/" + file.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content, 0, 0, 20)
	}
	f.Fuzz(func(t *testing.T, upload []byte, x, y, size int) {
		_, _, err := picture.Shrink(upload, &picture.Crop{X: x, Y: y, Size: size})
		var refusal picture.Refusal
		if err != nil && !errors.As(err, &refusal) {
			t.Error(err)
		}
	})
}

func BenchmarkShrink(b *testing.B) {
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, twoColoured(4000, 3000), nil); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := picture.Shrink(encoded.Bytes(), nil); err != nil {
			b.Fatal(err)
		}
	}
}
