package picture

import (
	"bytes"
	"image"
	"image/gif"
)

// readGIF reads the head of a GIF. The decoder stops after the first frame.
func readGIF(upload []byte) (source, error) {
	config, err := gif.DecodeConfig(bytes.NewReader(upload))
	if err != nil {
		return source{}, UnknownFormat
	}
	return source{
		size:   image.Pt(config.Width, config.Height),
		decode: func() (image.Image, error) { return gif.Decode(bytes.NewReader(upload)) },
	}, nil
}
