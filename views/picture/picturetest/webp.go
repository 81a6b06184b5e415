package picturetest

import (
	"encoding/binary"
	"slices"
)

// Flags of an extended WebP.
const (
	WebPAnimated = 1 << 1
	WebPExif     = 1 << 3
	WebPAlpha    = 1 << 4
	WebPProfile  = 1 << 5
)

// RIFFChunk returns a chunk of a WebP.
func RIFFChunk(kind string, data []byte) []byte {
	chunk := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		chunk = append(chunk, 0)
	}
	return chunk
}

// ExtendedWebP returns a WebP of a size, with chunks.
func ExtendedWebP(width, height int, flags byte, chunks ...[]byte) []byte {
	head := append([]byte{flags, 0, 0, 0}, uint24(width-1)...)
	head = append(head, uint24(height-1)...)
	body := slices.Concat([]byte("WEBP"), RIFFChunk("VP8X", head), slices.Concat(chunks...))
	return RIFFChunk("RIFF", body)
}

// Frame returns a frame of an animated WebP: the chunks of a still picture, at a place.
func Frame(x, y, width, height int, chunks []byte) []byte {
	data := slices.Concat(uint24(x/2), uint24(y/2), uint24(width-1), uint24(height-1), uint24(1000), []byte{0}, chunks)
	return RIFFChunk("ANMF", data)
}

func uint24(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16)} }
