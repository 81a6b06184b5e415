package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"

	"golang.org/x/image/webp"
)

const (
	riffHead        = 12 // "RIFF", the length and "WEBP"
	webpHeadSize    = 10 // the data of the chunk VP8X
	webpAlphaFlag   = 1 << 4
	webpProfileFlag = 1 << 5
)

// webpReader walks the chunks of a WebP.
type webpReader struct {
	source
	head    []byte // the data of VP8X; nil in a WebP without metadata
	alpha   []byte
	pixels  []byte // a chunk VP8 or VP8L
	profile []byte
	frame   []byte // the head of the first frame of an animation
}

// readWebP reads the chunks of a WebP up to the pixels of its first frame.
func readWebP(upload []byte) (source, error) {
	var r webpReader
	if err := r.walk(upload[riffHead:]); err != nil {
		return source{}, err
	}
	if r.pixels == nil {
		return source{}, Damaged
	}
	config, err := webp.DecodeConfig(bytes.NewReader(webpOf(nil, nil, r.pixels)))
	if err != nil {
		return source{}, UnknownFormat
	}
	part := image.Pt(config.Width, config.Height)
	r.size = part
	if r.head != nil {
		r.size = image.Pt(uint24(r.head[4:])+1, uint24(r.head[7:])+1)
	}
	if r.frame != nil {
		r.place = image.Pt(2*uint24(r.frame), 2*uint24(r.frame[3:]))
	}
	if !(image.Rectangle{Min: r.place, Max: r.place.Add(part)}).In(image.Rectangle{Max: r.size}) {
		return source{}, Damaged
	}
	r.colours = profileColours(r.profile, 3)
	head := r.alphaHead(part)
	whole := webpOf(head, r.alpha, r.pixels)
	r.decode = func() (image.Image, error) {
		decoded, err := webp.Decode(bytes.NewReader(whole))
		if err != nil {
			return nil, err
		}
		switch lossy := decoded.(type) {
		case *image.YCbCr:
			widenRange(lossy)
		case *image.NYCbCrA:
			widenRange(&lossy.YCbCr)
		}
		return decoded, nil
	}
	return r.source, nil
}

// walk notes the chunks up to the first pixels.
func (r *webpReader) walk(rest []byte) error {
	for chunks := 0; len(rest) >= 8 && r.pixels == nil; chunks++ {
		if chunks > maxChunks {
			return TooComplex
		}
		length := int64(binary.LittleEndian.Uint32(rest[4:]))
		if length > int64(len(rest)-8) {
			return Damaged
		}
		end := 8 + int(length)
		if err := r.take(string(rest[:4]), rest[8:end], rest[:end]); err != nil {
			return err
		}
		rest = rest[min(end+end%2, len(rest)):]
	}
	return nil
}

// take notes a chunk.
func (r *webpReader) take(kind string, data, chunk []byte) error {
	const frameHead = 16
	switch kind {
	case "VP8X":
		if len(data) != webpHeadSize {
			return Damaged
		}
		r.head = data
	case "ICCP":
		if r.head != nil && r.head[0]&webpProfileFlag != 0 {
			r.profile = data
		}
	case "ANMF":
		if r.head == nil || len(data) < frameHead || r.frame != nil {
			return Damaged
		}
		r.frame = data[:frameHead]
		return r.walk(data[frameHead:])
	case "ALPH":
		r.alpha = chunk
	case "VP8 ", "VP8L":
		r.pixels = chunk
	}
	return nil
}

// alphaHead returns the chunk VP8X of a picture with an alpha channel beside lossy pixels, or nil.
func (r *webpReader) alphaHead(size image.Point) []byte {
	if r.alpha == nil || string(r.pixels[:4]) != "VP8 " {
		r.alpha = nil
		return nil
	}
	head := append([]byte("VP8X"), webpHeadSize, 0, 0, 0, webpAlphaFlag, 0, 0, 0)
	for _, side := range []int{size.X - 1, size.Y - 1} {
		head = append(head, byte(side), byte(side>>8), byte(side>>16)) //nolint:gosec // 24 bits
	}
	return head
}

// webpOf returns a WebP of chunks.
func webpOf(chunks ...[]byte) []byte {
	whole := []byte("RIFF\x00\x00\x00\x00WEBP")
	for _, chunk := range chunks {
		whole = append(whole, chunk...)
		if len(chunk)%2 == 1 {
			whole = append(whole, 0)
		}
	}
	binary.LittleEndian.PutUint32(whole[4:], uint32(len(whole)-8)) //nolint:gosec // at most MaxUpload
	return whole
}

// widenRange stretches the components of a lossy WebP. There black is 16 and white is 235. The decoder's type
// of image is made for JPEG, where they are 0 and 255.
func widenRange(lossy *image.YCbCr) {
	const black, middle, luma, chroma = 16, 128, 219, 224
	var stretchedLuma, stretchedChroma [256]uint8
	for i := range 256 {
		stretchedLuma[i] = clamped(float64(i-black) / luma)
		stretchedChroma[i] = clamped(float64(i-middle)/chroma + middle/255.0)
	}
	for i, y := range lossy.Y {
		lossy.Y[i] = stretchedLuma[y]
	}
	for _, plane := range [][]uint8{lossy.Cb, lossy.Cr} {
		for i, c := range plane {
			plane[i] = stretchedChroma[c]
		}
	}
}

// clamped returns the byte for a share from 0 to 1.
func clamped(share float64) uint8 { return uint8(math.Round(255 * min(max(share, 0), 1))) }

func uint24(data []byte) int { return int(data[0]) | int(data[1])<<8 | int(data[2])<<16 }
