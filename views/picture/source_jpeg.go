package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
	"slices"

	"github.com/kovidgoyal/imaging/jpeg"
)

// The markers of a JPEG that matter here.
const (
	sofBaseline    = 0xc0
	sofExtended    = 0xc1
	sofProgressive = 0xc2
	firstRestart   = 0xd0
	lastRestart    = 0xd7
	endOfImage     = 0xd9
	startOfScan    = 0xda
	app1           = 0xe1
	app2           = 0xe2
)

// jpegReader walks the segments of a JPEG.
type jpegReader struct {
	source
	components int
	scans      int
	profile    [][]byte // the parts of the colour profile, by their number
}

// readJPEG reads the segments of a JPEG up to its end marker.
func readJPEG(upload []byte) (source, error) {
	var r jpegReader
	for rest, segments := upload[2:], 0; ; segments++ {
		marker, content, after := nextSegment(rest)
		if marker == 0 || marker == endOfImage {
			break
		}
		if err := r.take(marker, content); err != nil {
			return source{}, err
		}
		if segments > maxChunks || r.scans > maxScans {
			return source{}, TooComplex
		}
		rest = after
	}
	if r.components == 0 {
		return source{}, UnknownFormat
	}
	r.colours = profileColours(slices.Concat(r.profile...), r.components)
	// Browsers show a picture without an end marker. The decoder demands one.
	r.decode = func() (image.Image, error) {
		return jpeg.Decode(io.MultiReader(bytes.NewReader(upload), bytes.NewReader([]byte{0xff, endOfImage})))
	}
	return r.source, nil
}

// nextSegment returns a segment's marker and content, and what follows it. It skips the data of a scan
// before the marker. The marker is 0 if there is none.
func nextSegment(rest []byte) (marker byte, content, after []byte) {
	for {
		at := bytes.IndexByte(rest, 0xff)
		if at < 0 || at+1 >= len(rest) {
			return 0, nil, nil
		}
		marker, rest = rest[at+1], rest[at+1:]
		switch {
		case marker == 0xff: // a fill byte
		case marker == 0, marker >= firstRestart && marker <= lastRestart: // in the data of a scan
			rest = rest[1:]
		case marker == endOfImage:
			return marker, nil, nil
		default:
			if len(rest) < 3 {
				return 0, nil, nil
			}
			length := int(binary.BigEndian.Uint16(rest[1:]))
			if length < 2 || length+1 > len(rest) {
				return 0, nil, nil
			}
			return marker, rest[3 : 1+length], rest[1+length:]
		}
	}
}

// take notes what a segment says.
func (r *jpegReader) take(marker byte, content []byte) error {
	exifMark, profileMark := []byte("Exif\x00\x00"), []byte("ICC_PROFILE\x00")
	switch {
	case marker == sofBaseline || marker == sofExtended || marker == sofProgressive:
		return r.takeFrame(content)
	case marker == startOfScan:
		r.scans++
	case marker == app1 && r.exif == nil && bytes.HasPrefix(content, exifMark):
		r.exif = content[len(exifMark):]
	case marker == app2 && bytes.HasPrefix(content, profileMark) && len(content) > len(profileMark)+2:
		// The part's number and the number of all parts follow. Browsers expect the parts in their order.
		if int(content[len(profileMark)]) == len(r.profile)+1 {
			r.profile = append(r.profile, content[len(profileMark)+2:])
		}
	}
	return nil
}

// takeFrame reads the size and the components of the picture.
func (r *jpegReader) takeFrame(content []byte) error {
	const head, each = 6, 3
	if r.components > 0 || len(content) < head {
		return Damaged
	}
	r.size = image.Pt(int(binary.BigEndian.Uint16(content[3:])), int(binary.BigEndian.Uint16(content[1:])))
	r.components = int(content[5])
	if r.components != 1 && r.components != 3 && r.components != 4 || len(content) != head+each*r.components {
		return UnknownFormat
	}
	widest, highest := 1, 1
	var shares int
	for i := range r.components {
		across, down := int(content[head+each*i+1]>>4), int(content[head+each*i+1]&15)
		widest, highest = max(widest, across), max(highest, down)
		shares += across * down
	}
	const side = 8
	if r.components == 1 { // whatever its sampling
		widest, highest, shares = 1, 1, 1
	}
	across, down := (r.size.X+side*widest-1)/(side*widest), (r.size.Y+side*highest-1)/(side*highest)
	r.least = across * down * shares / 8 // a bit for each block
	return nil
}
