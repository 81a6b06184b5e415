package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"slices"
)

const (
	pngSignature = "\x89PNG\r\n\x1a\n"
	pngHeadSize  = 13 // the data of the chunk IHDR
)

// pngReader walks the chunks of a PNG.
type pngReader struct {
	source
	head     []byte            // the data of IHDR
	pixels   [][]byte          // the chunks that the decoder needs, in their order
	metadata map[string][]byte // the chunks before the pixels, the first of each kind
	frame    []byte            // the data of the first fcTL
	frames   int               // how many fcTL came
	first    [][]byte          // the chunks of the first frame, if the chunks IDAT are no frame
	started  bool              // a chunk IDAT came
}

// readPNG reads the chunks of a PNG, and gives the decoder only those that it needs. Browsers ignore a
// damaged chunk that is not needed. The decoder would refuse the picture for it.
func readPNG(upload []byte) (source, error) {
	r := pngReader{metadata: map[string][]byte{}}
	rest := upload[len(pngSignature):]
	for chunks := 0; ; chunks++ {
		const overhead = 12 // length, kind and checksum
		if chunks > maxChunks {
			return source{}, TooComplex
		}
		if len(rest) < overhead || int64(len(rest)-overhead) < int64(binary.BigEndian.Uint32(rest)) {
			break // the decoder finds out what is missing
		}
		end := overhead + int(binary.BigEndian.Uint32(rest))
		chunk := rest[:end]
		if string(chunk[4:8]) == "IEND" {
			break
		}
		r.take(chunk)
		rest = rest[end:]
	}
	if len(r.head) != pngHeadSize {
		return source{}, UnknownFormat
	}
	r.size = pointOf(r.head)
	if err := r.chooseFrame(); err != nil {
		return source{}, err
	}
	r.exif = r.metadata["eXIf"]
	var err error
	if r.colours, err = r.readColours(); err != nil {
		return source{}, err
	}
	whole := slices.Concat([]byte(pngSignature), pngChunk("IHDR", r.head), slices.Concat(r.pixels...), pngChunk("IEND", nil))
	r.decode = func() (image.Image, error) { return png.Decode(bytes.NewReader(whole)) }
	return r.source, nil
}

// take notes a chunk.
func (r *pngReader) take(chunk []byte) {
	kind, data := string(chunk[4:8]), chunk[8:len(chunk)-4]
	intact := crc32.ChecksumIEEE(chunk[4:len(chunk)-4]) == binary.BigEndian.Uint32(chunk[len(chunk)-4:])
	switch kind {
	case "IHDR":
		if intact && r.head == nil {
			r.head = slices.Clone(data)
		}
		return
	case "IDAT":
		r.started = true
		r.pixels = append(r.pixels, chunk)
		return
	case "PLTE":
		r.pixels = append(r.pixels, chunk)
		return
	}
	if !intact {
		return
	}
	switch kind {
	case "tRNS":
		r.pixels = append(r.pixels, chunk)
	case "fcTL":
		r.frames++
		if r.frames == 1 && r.started {
			r.frame = data
		}
	case "fdAT":
		const number = 4 // of the chunk, before the pixels
		if r.frames == 1 && r.frame != nil && len(data) >= number {
			r.first = append(r.first, pngChunk("IDAT", data[number:]))
		}
	default:
		if _, known := r.metadata[kind]; !known && !r.started {
			r.metadata[kind] = data
		}
	}
}

// chooseFrame replaces the pixels by those of the first frame of an animation, if they are no frame: a
// browser that shows the animation never shows them.
func (r *pngReader) chooseFrame() error {
	if _, animated := r.metadata["acTL"]; !animated || len(r.first) == 0 {
		return nil
	}
	const size, place, end = 4, 12, 20
	if len(r.frame) < end {
		return Damaged
	}
	r.place = pointOf(r.frame[place:])
	part := image.Rectangle{Min: r.place, Max: r.place.Add(pointOf(r.frame[size:]))}
	if part.Empty() || !part.In(image.Rectangle{Max: r.size}) {
		return Damaged
	}
	copy(r.head, r.frame[size:place])
	r.pixels = slices.DeleteFunc(r.pixels, func(chunk []byte) bool { return string(chunk[4:8]) == "IDAT" })
	r.pixels = append(r.pixels, r.first...)
	return nil
}

// readColours returns the colours of the picture. Of several chunks that describe them, browsers believe
// one, in this order.
func (r *pngReader) readColours() (*colours, error) {
	if points := r.metadata["cICP"]; len(points) == 4 {
		return codedColours([4]byte(points))
	}
	if profile, found := r.metadata["iCCP"]; found {
		const kindAt, gray, grayWithAlpha = 9, 0, 4
		components := 3
		if r.head[kindAt] == gray || r.head[kindAt] == grayWithAlpha {
			components = 1
		}
		return profileColours(inflateProfile(profile), components), nil
	}
	gamma := r.metadata["gAMA"]
	if _, found := r.metadata["sRGB"]; found || len(gamma) != 4 {
		return nil, nil //nolint:nilnil // they are sRGB
	}
	const unit = 100_000
	primaries := srgbChromaticities
	if data := r.metadata["cHRM"]; len(data) == 4*len(primaries) {
		for i := range primaries {
			primaries[i] = float64(binary.BigEndian.Uint32(data[4*i:])) / unit
		}
	}
	return gammaColours(float64(binary.BigEndian.Uint32(gamma))/unit, primaries), nil
}

// inflateProfile returns the profile in the data of a chunk iCCP: a name, a zero, the method and the profile.
func inflateProfile(data []byte) []byte {
	const largest = 4 << 20
	_, packed, found := bytes.Cut(data, []byte{0})
	if !found || len(packed) == 0 {
		return nil
	}
	reader, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(reader, largest))
	if err != nil {
		return nil
	}
	return profile
}

// pointOf reads two numbers.
func pointOf(data []byte) image.Point {
	return image.Pt(int(binary.BigEndian.Uint32(data)), int(binary.BigEndian.Uint32(data[4:])))
}

// pngChunk returns a chunk of a PNG.
func pngChunk(kind string, data []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(make([]byte, 0, len(data)+12), uint32(len(data))) //nolint:gosec // at most MaxUpload
	chunk = append(append(chunk, kind...), data...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}
