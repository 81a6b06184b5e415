package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"

	"github.com/kovidgoyal/imaging/prism/meta"
	"github.com/kovidgoyal/imaging/prism/meta/icc"
)

// colours convert the colours of a picture to sRGB. They are nil if the picture has those already.
type colours struct {
	components int // of a colour: 1 for gray, 3, or 4 for inks
	pipeline   *icc.Pipeline
}

// coloursBy returns the colours that describe builds, or nil if there are none. The library panics at some
// damaged descriptions, which browsers ignore.
func coloursBy(components int, describe func() *icc.Pipeline) (found *colours) {
	defer func() {
		if recover() != nil {
			found = nil
		}
	}()
	pipeline := describe()
	if pipeline == nil {
		return nil
	}
	return &colours{components, pipeline}
}

// profileColours returns the colours of a picture with a number of components and an ICC profile. As browsers
// do, it ignores a profile that is damaged, or made for pictures of another kind.
func profileColours(data []byte, components int) *colours {
	const gray, rgb, inks = 1, 3, 4
	if !isWellFormed(data) {
		return nil
	}
	profile, err := icc.DecodeProfile(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	described := map[icc.ColorSpace]int{
		icc.ColorSpaceGray: gray, icc.ColorSpaceRGB: rgb, icc.ColorSpaceCMYK: inks,
	}[profile.Header.DataColorSpace]
	if described != components && (described != rgb || components != gray) {
		return nil
	}
	return coloursBy(described, func() *icc.Pipeline {
		if profile.IsSRGB() {
			return nil
		}
		pipeline, err := profile.CreateTransformerToSRGB(profile.Header.RenderingIntent, false, described, true, false, true)
		if err != nil {
			return nil
		}
		return pipeline
	})
}

// isWellFormed tells whether an ICC profile has its signature, and whether its tags lie in it. The library
// takes as much memory as the profile claims to need.
func isWellFormed(profile []byte) bool {
	const head, entry, mostTags = 128, 12, 100
	if len(profile) < head+4 || string(profile[36:40]) != "acsp" {
		return false
	}
	tags := int64(binary.BigEndian.Uint32(profile[head:]))
	if tags > mostTags || head+4+tags*entry > int64(len(profile)) {
		return false
	}
	for i := range tags {
		at := profile[head+4+i*entry:]
		if int64(binary.BigEndian.Uint32(at[4:]))+int64(binary.BigEndian.Uint32(at[8:])) > int64(len(profile)) {
			return false
		}
	}
	return true
}

// chromaticities are x and y of the white, the red, the green and the blue of a colour space.
type chromaticities [8]float64

var (
	srgbChromaticities = chromaticities{0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06}
	// codedChromaticities are those of the code points of ITU-T H.273 that pictures use: sRGB, BT.2020 and
	// Display P3.
	codedChromaticities = map[byte]chromaticities{
		1:  srgbChromaticities,
		9:  {0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046},
		12: {0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060},
	}
)

// codedColours returns the colours that the code points of ITU-T H.273 describe: of the primaries, of the
// transfer function, of the matrix and of the range. They are nil for points that browsers ignore. It
// returns the Refusal Dazzling for a picture with highlights brighter than white, since each screen shows
// those in its own way.
func codedColours(points [4]byte) (*colours, error) {
	const primariesAt, transferAt = 0, 1
	primaries, known := codedChromaticities[points[primariesAt]]
	if !known {
		return nil, nil //nolint:nilnil // as documented
	}
	switch points[transferAt] {
	case 1, 6, 14, 15: // BT.709 and its kin
		return primaryColours(primaries, power(2.4)), nil
	case 4:
		return primaryColours(primaries, power(2.2)), nil
	case 5:
		return primaryColours(primaries, power(2.8)), nil
	case 8:
		return primaryColours(primaries, power(1)), nil
	case 13: // sRGB
		return primaryColours(primaries, icc.SRGBCurve().Transform), nil
	case 16, 18: // PQ and HLG
		return nil, Dazzling
	}
	return nil, nil //nolint:nilnil // as documented
}

// power returns the function from a sample to linear light that is a power of the sample.
func power(exponent float64) func(float64) float64 {
	return func(sample float64) float64 { return math.Pow(sample, exponent) }
}

// gammaColours returns the colours of a PNG by the exponent of its samples.
func gammaColours(exponent float64, primaries chromaticities) *colours {
	// Files say this and mean sRGB.
	const srgbExponent = 0.45455
	if exponent == 0 || exponent == srgbExponent && primaries == srgbChromaticities {
		return nil
	}
	return primaryColours(primaries, power(1/exponent))
}

// primaryColours returns the colours by their primaries, and by a function from a sample to linear light.
func primaryColours(at chromaticities, linear func(sample float64) float64) *colours {
	return coloursBy(3, func() *icc.Pipeline {
		primaries := meta.Primaries{
			White: meta.XY{X: at[0], Y: at[1]}, Red: meta.XY{X: at[2], Y: at[3]},
			Green: meta.XY{X: at[4], Y: at[5]}, Blue: meta.XY{X: at[6], Y: at[7]},
		}
		toXYZ := primaries.CalculateRGBtoXYZMatrix()
		white := icc.XYZType{X: at[0] / at[1], Y: 1, Z: (1 - at[0] - at[1]) / at[1]}
		pipeline := &icc.Pipeline{}
		pipeline.Append(icc.NewUniformFunctionTransformer("linear", linear), &toXYZ, icc.NewXYZtosRGB(white, true, false))
		pipeline.Finalize(true)
		return pipeline
	})
}

// scaled draws a square of a picture with the given side, in sRGB. Parts that the picture does not cover,
// such as the edges of a smaller first frame, stay transparent.
func (c *colours) scaled(source image.Image, square image.Rectangle, side int) *image.RGBA {
	inks, isInks := source.(*image.CMYK)
	if c == nil || (c.components == 4) != isInks {
		return scaled(source, square, side)
	}
	if isInks {
		return c.scaledInks(inks, square, side)
	}
	drawn := scaled(source, square, side)
	for i := 0; i < len(drawn.Pix); i += 4 {
		pixel := drawn.Pix[i : i+4 : i+4]
		alpha := float64(pixel[3])
		if alpha == 0 {
			continue
		}
		r, g, b := c.pipeline.Transform(float64(pixel[0])/alpha, float64(pixel[1])/alpha, float64(pixel[2])/alpha)
		for at, component := range [...]float64{r, g, b} {
			pixel[at] = uint8(math.Round(alpha * min(max(component, 0), 1)))
		}
	}
	return drawn
}

// scaledInks scales each ink by itself: four components fit no picture that the scaler knows.
func (c *colours) scaledInks(source *image.CMYK, square image.Rectangle, side int) *image.RGBA {
	const inks = 4
	var scaledInk [inks]*image.RGBA
	plane := image.NewGray(source.Rect)
	for ink := range inks {
		for i := range plane.Pix {
			plane.Pix[i] = source.Pix[inks*i+ink]
		}
		scaledInk[ink] = scaled(plane, square, side)
	}
	drawn := scaledInk[0]
	colour, shares := make([]float64, inks), make([]float64, inks)
	for i := 0; i < len(drawn.Pix); i += 4 {
		for ink := range inks {
			shares[ink] = float64(scaledInk[ink].Pix[i]) / 255
		}
		c.pipeline.TransformGeneral(colour, shares)
		for at := range 3 {
			drawn.Pix[i+at] = clamped(colour[at])
		}
	}
	return drawn
}
