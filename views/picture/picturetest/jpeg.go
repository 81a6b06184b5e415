package picturetest

import (
	"bytes"
	"slices"
)

// WithSegment returns a JPEG with a further segment at its start.
func WithSegment(jpeg []byte, marker byte, data []byte) []byte {
	length := len(data) + 2
	return slices.Concat(jpeg[:2], []byte{0xff, marker, byte(length >> 8), byte(length)}, data, jpeg[2:])
}

// WithSegments returns a JPEG with a number of comments.
func WithSegments(jpeg []byte, times int) []byte {
	return slices.Concat(jpeg[:2], bytes.Repeat([]byte{0xff, 0xfe, 0, 2}, times), jpeg[2:])
}

// WithExif returns a JPEG with Exif data.
func WithExif(jpeg, exif []byte) []byte {
	return WithSegment(jpeg, 0xe1, append([]byte("Exif\x00\x00"), exif...))
}

// WithProfile returns a JPEG with a colour profile.
func WithProfile(jpeg, profile []byte) []byte {
	return WithSegment(jpeg, 0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), profile...))
}

// WithScans returns a progressive JPEG with its last scan repeated a number of times.
func WithScans(jpeg []byte, times int) []byte {
	last := bytes.LastIndex(jpeg, []byte{0xff, 0xda})
	end := len(jpeg) - 2
	return slices.Concat(jpeg[:end], bytes.Repeat(jpeg[last:end], times), jpeg[end:])
}

// Claiming returns the head of a progressive JPEG, up to its first scan, that claims another size.
func Claiming(jpeg []byte, width, height int) []byte {
	frame := bytes.Index(jpeg, []byte{0xff, 0xc2})
	scan := bytes.Index(jpeg, []byte{0xff, 0xda})
	claimed := slices.Clone(jpeg[:scan+14])
	copy(claimed[frame+5:], []byte{byte(height >> 8), byte(height), byte(width >> 8), byte(width)})
	return append(claimed, 0xff, 0xd9)
}
