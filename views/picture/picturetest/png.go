package picturetest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// Chunk returns a chunk of a PNG.
func Chunk(kind string, data []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	chunk = append(append(chunk, kind...), data...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}

// WithChunks returns a PNG with further chunks before its pixels.
func WithChunks(png []byte, chunks ...[]byte) []byte {
	const head = 8 + 12 + 13 // the signature and the chunk IHDR
	return slices.Concat(png[:head], slices.Concat(chunks...), png[head:])
}

// ProfileChunk returns a chunk of a PNG with a colour profile.
func ProfileChunk(profile []byte) []byte {
	data := bytes.NewBufferString("a profile\x00\x00")
	compressor := zlib.NewWriter(data)
	_, _ = compressor.Write(profile)
	_ = compressor.Close()
	return Chunk("iCCP", data.Bytes())
}
