package picture

import (
	"fmt"
	"hash/fnv"
	"image/color"
	"math"
	"strings"
)

// white is the colour of letters and silhouettes. It is close to the paper of the light theme.
var white = color.RGBA{R: 0xff, G: 0xfd, B: 0xfa, A: 0xff}

// The backgrounds share a lightness and a chroma, so that no account stands out. White
// on them has a contrast of at least 4.5:1 (WCAG 2 AA).
const (
	lightness = 0.54
	chroma    = 0.115
)

// hues are the hues of the twelve backgrounds, in degrees of OKLCH. The warm ones lie
// closer together. Terracotta, the site's accent, is one of them.
var hues = [...]float64{18, 38, 58, 80, 110, 140, 170, 205, 245, 280, 315, 345}

// background returns the colour of an account. It depends only on the username, without
// regard to case, so that it stays the same when the display name changes.
func background(username string) color.RGBA {
	hash := fnv.New32a()
	// Writing to a hash never fails.
	_, _ = hash.Write([]byte(strings.ToLower(username)))
	// The low bits of FNV are its weakest. Mix the high bits in.
	sum := hash.Sum32()
	return oklch(lightness, chroma, hues[(sum^sum>>16)%uint32(len(hues))])
}

// hex returns a colour as CSS and SVG write it.
func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// oklch converts a colour to sRGB and clips colours that sRGB does not have. The numbers
// are from https://bottosson.github.io/posts/oklab/.
func oklch(lightness, chroma, hue float64) color.RGBA {
	sin, cos := math.Sincos(hue * math.Pi / 180)
	a, b := chroma*cos, chroma*sin
	l := cube(lightness + 0.3963377774*a + 0.2158037573*b)
	m := cube(lightness - 0.1055613458*a - 0.0638541728*b)
	s := cube(lightness - 0.0894841775*a - 1.2914855480*b)
	return color.RGBA{
		R: encode(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		G: encode(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		B: encode(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		A: 0xff,
	}
}

func cube(x float64) float64 { return x * x * x }

// encode converts a linear component (0 to 1) to a byte of sRGB.
func encode(linear float64) uint8 {
	linear = min(max(linear, 0), 1)
	if linear <= 0.0031308 {
		return uint8(math.Round(255 * 12.92 * linear))
	}
	return uint8(math.Round(255 * (1.055*math.Pow(linear, 1/2.4) - 0.055)))
}

// decode is the inverse of encode.
func decode(component uint8) float64 {
	c := float64(component) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// shades is the number of steps from a background to white, for smooth edges. With 16
// steps a pixel of the PNG takes four bits. More steps look the same.
const shades = 16

// palette returns the shades from a background to white. The steps are even in linear
// light. Otherwise letters would look too thin.
func palette(background color.RGBA) color.Palette {
	colours := make(color.Palette, shades)
	for i := range colours {
		share := float64(i) / (shades - 1)
		blend := func(from, to uint8) uint8 {
			return encode(decode(from)*(1-share) + decode(to)*share)
		}
		colours[i] = color.RGBA{
			R: blend(background.R, white.R),
			G: blend(background.G, white.G),
			B: blend(background.B, white.B),
			A: 0xff,
		}
	}
	return colours
}
