package picture

import (
	"bytes"
	"image"
)

// source is a picture in an uploaded file. Its parts are counted, and nothing is decoded yet.
type source struct {
	size    image.Point // of the whole picture, as it is stored
	place   image.Point // where the decoded part lies in it: the first frame of an animation may be smaller
	least   int         // the fewest bytes that can hold the pixels
	exif    []byte      // the data that tells the orientation; nil if browsers turn no such picture
	colours *colours
	decode  func() (image.Image, error)
}

// The limits of the parts of a picture. Files that people use are far below them. Each part costs time,
// however few bytes it takes.
const (
	maxScans  = 100    // of a progressive JPEG
	maxChunks = 20_000 // of a PNG or a WebP, and segments of a JPEG
)

// readSource finds out what an uploaded file contains. It takes little memory and time. It decides as
// browsers do what metadata counts: the cropper in the page shows what a browser makes of the file.
func readSource(upload []byte) (source, error) {
	found, err := readFormat(upload)
	switch {
	case err != nil:
		return source{}, err
	case found.size.X <= 0 || found.size.Y <= 0:
		return source{}, Damaged
	case found.size.X > maxPixels/found.size.Y:
		return source{}, TooManyPixels
	case found.least > len(upload):
		return source{}, Damaged
	}
	return found, nil
}

// readFormat detects the format from the content.
func readFormat(upload []byte) (source, error) {
	switch {
	case bytes.HasPrefix(upload, []byte("\xff\xd8")):
		return readJPEG(upload)
	case bytes.HasPrefix(upload, []byte(pngSignature)):
		return readPNG(upload)
	case bytes.HasPrefix(upload, []byte("GIF87a")), bytes.HasPrefix(upload, []byte("GIF89a")):
		return readGIF(upload)
	case len(upload) >= riffHead && string(upload[:4]) == "RIFF" && string(upload[8:riffHead]) == "WEBP":
		return readWebP(upload)
	}
	return source{}, UnknownFormat
}
