package picture

import (
	"fmt"
	"image/color"
	"testing"
)

// luminance and contrast follow the definitions of WCAG 2.
func luminance(c color.RGBA) float64 {
	return 0.2126*decode(c.R) + 0.7152*decode(c.G) + 0.0722*decode(c.B)
}

func contrast(a, b color.RGBA) float64 {
	lighter, darker := max(luminance(a), luminance(b)), min(luminance(a), luminance(b))
	return (lighter + 0.05) / (darker + 0.05)
}

func TestColoursHaveContrast(t *testing.T) {
	if len(hues) != 12 {
		t.Errorf("there are %d hues, want 12", len(hues))
	}
	for _, hue := range hues {
		c := oklch(lightness, chroma, hue)
		if got := contrast(c, white); got < 4.5 {
			t.Errorf("hue %v (%v) has a contrast of %.2f", hue, c, got)
		}
	}
}

func TestColoursAreSpread(t *testing.T) {
	const names = 6000
	counts := map[color.RGBA]int{}
	for i := range names {
		counts[background(fmt.Sprintf("user%d", i))]++
	}
	if len(counts) != len(hues) {
		t.Errorf("the names use %d colours, want %d", len(counts), len(hues))
	}
	for c, count := range counts {
		if fair := names / len(hues); count < fair*3/4 || count > fair*5/4 {
			t.Errorf("%v has %d of %d names", c, count, names)
		}
	}
}

func TestColoursStay(t *testing.T) {
	if background("Ada") != background("ada") {
		t.Error("the case of a username changes its colour")
	}
	if got, want := background("ada"), background("bob"); got == want {
		t.Error("ada and bob look the same")
	}
}

func TestOklch(t *testing.T) {
	// CSS Color 4 gives these values for red and for white.
	if got, want := oklch(0.62796, 0.25768, 29.234), (color.RGBA{R: 255, A: 255}); got != want {
		t.Errorf("red is %v", got)
	}
	if got, want := oklch(1, 0, 0), (color.RGBA{R: 255, G: 255, B: 255, A: 255}); got != want {
		t.Errorf("white is %v", got)
	}
}
