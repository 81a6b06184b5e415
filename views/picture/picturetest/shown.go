package picturetest

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
)

// Upload is a picture to upload, by what is special about it.
type Upload struct {
	Name string
	File []byte
}

// Gradient returns a picture without sharp edges, so that all scalers agree on it. Its colours are far
// from gray.
func Gradient(width, height int) *image.NRGBA {
	picture := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			across, down := 255*x/(width-1), 255*y/(height-1)
			picture.SetNRGBA(x, y, color.NRGBA{R: uint8(across), G: uint8(down), B: uint8(255 - (across+down)/2), A: 255})
		}
	}
	return picture
}

// Shown returns pictures that browsers show by more than their pixels: metadata, frames, what is missing or
// damaged. A WebP has the pixels of the given still ones, which have 80 by 30.
func Shown(t testing.TB, lossyWebP, losslessWebP []byte) []Upload {
	t.Helper()
	const width, height = 200, 120
	encoded := func(encode func(b *bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	asPNG := func(picture image.Image) []byte {
		return encoded(func(b *bytes.Buffer) error { return png.Encode(b, picture) })
	}
	asJPEG := func(picture image.Image) []byte {
		return encoded(func(b *bytes.Buffer) error { return jpeg.Encode(b, picture, &jpeg.Options{Quality: 95}) })
	}
	photo, drawing := asJPEG(Gradient(width, height)), asPNG(Gradient(width, height))
	gray := image.NewGray(image.Rect(0, 0, width, height))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(255 * (i % width) / width)
	}
	plain := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range plain.Pix {
		plain.Pix[i] = 255
	}
	glass := image.NewNRGBA(image.Rect(0, 0, width, height))
	orientation := func(value uint32) ExifTag {
		return ExifTag{Tag: ExifOrientation, Kind: ExifShort, Value: value}
	}
	turned := Exif(binary.LittleEndian, orientation(6))
	dense := func(value uint32) []byte {
		return Exif(binary.BigEndian, orientation(value),
			ExifTag{Tag: ExifXResolution, Kind: ExifRational, Value: 144, Over: 1},
			ExifTag{Tag: ExifYResolution, Kind: ExifRational, Value: 144, Over: 1},
			ExifTag{Tag: ExifResolutionUnit, Kind: ExifShort, Value: 2},
			ExifTag{Tag: ExifWidth, Kind: ExifLong, Value: width / 2},
			ExifTag{Tag: ExifHeight, Kind: ExifLong, Value: height / 2})
	}
	numbers := func(of ...uint32) (data []byte) {
		for _, n := range of {
			data = binary.BigEndian.AppendUint32(data, n)
		}
		return data
	}
	p3Points := Chunk("cHRM", numbers(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000))
	damaged := func(chunk []byte) []byte {
		chunk = slices.Clone(chunk)
		chunk[len(chunk)-1] ^= 1
		return chunk
	}
	end := len(drawing) - 12 // of the chunks before IEND
	return []Upload{
		{"transparent PNG", asPNG(glass)},
		{"JPEG", photo},
		{"PNG", drawing},
		{"JPEG turned", WithExif(photo, turned)},
		{"PNG turned", WithChunks(drawing, Chunk("eXIf", turned))},
		{"PNG turned after its pixels", slices.Concat(drawing[:end], Chunk("eXIf", turned), drawing[end:])},
		{"PNG turned by a damaged chunk", WithChunks(drawing, damaged(Chunk("eXIf", turned)))},
		{"PNG with a mark before its Exif", WithChunks(drawing, Chunk("eXIf", append([]byte("Exif\x00\x00"), turned...)))},
		{"JPEG turned twice", WithExif(WithExif(photo, turned), Exif(binary.LittleEndian, orientation(3)))},
		{"WebP turned", ExtendedWebP(80, 30, WebPExif, losslessWebP[12:], RIFFChunk("EXIF", turned))},
		{"JPEG of a high density", WithExif(photo, dense(1))},
		{"JPEG of a high density, turned", WithExif(photo, dense(6))},
		{"PNG of a high density", WithChunks(drawing, Chunk("eXIf", dense(1)))},

		{"JPEG in Display P3", WithProfile(photo, Profile(DisplayP3, 2.2))},
		{"JPEG in Adobe RGB", WithProfile(photo, Profile(AdobeRGB, 2.2))},
		{"JPEG with swapped colours", WithProfile(photo, Profile(Swapped, 2.2))},
		{"JPEG with rubbish for a profile", WithProfile(photo, []byte("rubbish"))},
		{"JPEG in colours with a profile for gray", WithProfile(photo, GrayProfile(1.8))},
		{"gray JPEG with its profile", WithProfile(asJPEG(gray), GrayProfile(1.8))},
		{"gray JPEG with a profile for colours", WithProfile(asJPEG(gray), Profile(SRGB, 1.8))},
		{"PNG in Display P3", WithChunks(drawing, ProfileChunk(Profile(DisplayP3, 2.2)))},
		{"PNG in Adobe RGB", WithChunks(drawing, ProfileChunk(Profile(AdobeRGB, 2.2)))},
		{"PNG with a profile and sRGB", WithChunks(drawing, ProfileChunk(Profile(Swapped, 2.2)), Chunk("sRGB", []byte{0}))},
		{"PNG with a damaged profile", WithChunks(drawing, damaged(ProfileChunk(Profile(Swapped, 2.2))))},
		{"gray PNG with its profile", WithChunks(asPNG(gray), ProfileChunk(GrayProfile(1.8)))},
		{"PNG with a gamma", WithChunks(drawing, Chunk("gAMA", numbers(60000)))},
		{"PNG with the gamma of sRGB", WithChunks(drawing, Chunk("gAMA", numbers(45455)))},
		{"PNG with a gamma and sRGB", WithChunks(drawing, Chunk("gAMA", numbers(60000)), Chunk("sRGB", []byte{0}))},
		{"PNG with a gamma and primaries", WithChunks(drawing, Chunk("gAMA", numbers(45455)), p3Points)},
		{"PNG with primaries alone", WithChunks(drawing, p3Points)},
		{"PNG with code points of Display P3", WithChunks(drawing, Chunk("cICP", []byte{12, 13, 0, 1}))},
		{"PNG with code points of BT.2020", WithChunks(drawing, Chunk("cICP", []byte{9, 1, 0, 1}))},
		{"PNG with code points of sRGB and a profile", WithChunks(drawing, Chunk("cICP", []byte{1, 13, 0, 1}), ProfileChunk(Profile(Swapped, 2.2)))},
		{"lossy WebP", lossyWebP},
		{"lossless WebP", losslessWebP},
		{"WebP with swapped colours", ExtendedWebP(80, 30, WebPProfile, RIFFChunk("ICCP", Profile(Swapped, 2.2)), losslessWebP[12:])},
		{"WebP that does not announce its profile", ExtendedWebP(80, 30, 0, RIFFChunk("ICCP", Profile(Swapped, 2.2)), losslessWebP[12:])},

		{"PNG with a damaged comment", WithChunks(drawing, damaged(Chunk("tEXt", []byte("a\x00b"))))},
		{"PNG with a damaged comment at its end", slices.Concat(drawing[:end], damaged(Chunk("tEXt", nil)), drawing[end:])},
		{"PNG with a damaged end", damaged(drawing)},
		{"PNG with damaged transparency", WithChunks(drawing, damaged(Chunk("tRNS", []byte{0, 0, 0, 0, 0, 0})))},
		{"PNG with more at its end", append(slices.Clone(drawing), "more"...)},
		{"JPEG without an end marker", photo[:len(photo)-2]},
		{"JPEG with more at its end", append(slices.Clone(photo), "more"...)},

		{"animated WebP", ExtendedWebP(160, 60, WebPAnimated|WebPAlpha, RIFFChunk("ANIM", make([]byte, 6)),
			Frame(40, 20, 80, 30, losslessWebP[12:]), Frame(0, 0, 80, 30, losslessWebP[12:]))},
		{"animated WebP with lossy frames", ExtendedWebP(160, 60, WebPAnimated, RIFFChunk("ANIM", make([]byte, 6)),
			Frame(40, 20, 80, 30, lossyWebP[12:]), Frame(0, 0, 80, 30, losslessWebP[12:]))},
		{"animated PNG", animatedPNG(drawing, asPNG(plain), false, image.Rect(0, 0, width, height))},
		{"animated PNG that hides its pixels", animatedPNG(asPNG(plain), drawing, true, image.Rect(0, 0, width, height))},
		{"animated PNG with a small frame", animatedPNG(drawing, asPNG(Gradient(60, 50)), true, image.Rect(90, 40, 150, 90))},
		{"GIF with a small frame", encoded(func(b *bytes.Buffer) error {
			frame := image.NewPaletted(image.Rect(60, 30, 140, 90), color.Palette{color.RGBA{B: 255, A: 255}, color.RGBA{R: 255, A: 255}})
			return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: width, Height: height}})
		})},
	}
}

// animatedPNG returns an animation of two PNGs. If the pixels of the first are hidden, the animation begins
// with those of the second, at a place.
func animatedPNG(first, second []byte, hidden bool, place image.Rectangle) []byte {
	const head, end = 33, 12
	number := uint32(0)
	control := func(at image.Rectangle) []byte {
		var data []byte
		for _, n := range []int{int(number), at.Dx(), at.Dy(), at.Min.X, at.Min.Y} {
			data = binary.BigEndian.AppendUint32(data, uint32(n))
		}
		number++
		return Chunk("fcTL", append(data, 0, 1, 0, 1, 0, 0))
	}
	animation := slices.Clone(first[:head])
	frames := uint32(2)
	if hidden {
		frames = 1
	}
	animation = append(animation, Chunk("acTL", binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, frames), 0))...)
	if !hidden {
		animation = append(animation, control(place)...)
	}
	animation = append(animation, first[head:len(first)-end]...)
	animation = append(animation, control(place)...)
	pixels := second[head+8 : len(second)-end-4]
	animation = append(animation, Chunk("fdAT", append(binary.BigEndian.AppendUint32(nil, number), pixels...))...)
	return append(animation, first[len(first)-end:]...)
}
