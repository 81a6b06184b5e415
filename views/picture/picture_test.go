package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
)

func mustGenerate(t *testing.T, username, displayName string, side int) []byte {
	t.Helper()
	picture, err := Generate(username, displayName, side)
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func TestGenerate(t *testing.T) {
	tests := []struct{ name, username, displayName string }{
		{"two words", "ada", "Ada Lovelace"},
		{"one word", "ada", "Ada"},
		{"no display name", "grace_hopper", ""},
		{"wide letters", "ww", "Willy Wonka"},
		{"Greek and Cyrillic", "x", "Ωμέγα Жук"},
		{"Arabic", "محمد", ""},
		{"Chinese", "李雷", "李 雷"},
		{"emoji", "x", "😀 😀"},
		{"nothing", "", ""},
		{"punctuation", "__", "--"},
		{"invalid UTF-8", "\xff\xfe", "\xff"},
		{"huge", strings.Repeat("é", 100_000), strings.Repeat("a ", 100_000)},
	}
	for _, test := range tests {
		for _, side := range []int{8, 32, 128, 256} {
			t.Run(fmt.Sprintf("%s, %d", test.name, side), func(t *testing.T) {
				picture := mustGenerate(t, test.username, test.displayName, side)
				decoded, err := png.Decode(bytes.NewReader(picture))
				if err != nil {
					t.Fatal(err)
				}
				if bounds := decoded.Bounds(); bounds.Dx() != side || bounds.Dy() != side {
					t.Errorf("the bounds are %v, want a side of %d", bounds, side)
				}
				if got := decoded.At(0, 0); got != color.Color(background(test.username)) {
					t.Errorf("the corner is %v, not %v", got, background(test.username))
				}
				if side == 128 && len(picture) > 1500 {
					t.Errorf("the picture takes %d bytes, want at most 1500", len(picture))
				}
				if !bytes.Equal(picture, mustGenerate(t, test.username, test.displayName, side)) {
					t.Error("the same arguments give different bytes")
				}
			})
		}
	}
}

func TestGenerateRefusesOtherSides(t *testing.T) {
	for _, side := range []int{-1, 0, 7, 1025, 1 << 30} {
		if _, err := Generate("ada", "", side); err == nil {
			t.Errorf("made a picture with a side of %d pixels", side)
		}
	}
}

func TestGenerateIsSafeForConcurrentUse(t *testing.T) {
	want := mustGenerate(t, "ada", "Ada Lovelace", 64)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got, err := Generate("ada", "Ada Lovelace", 64); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v, %d bytes", err, len(got))
			}
		})
	}
	group.Wait()
}

func TestPicturesAreInTheMiddle(t *testing.T) {
	for _, name := range []string{"A", "J", "T", "Q", "L", "WW", "IJ", "Å", "محمد"} {
		decoded, err := png.Decode(bytes.NewReader(mustGenerate(t, "x", name, 128)))
		if err != nil {
			t.Fatal(err)
		}
		first, last := 128, 0
		for x := range 128 {
			for y := range 128 {
				if decoded.At(x, y) != color.Color(background("x")) {
					first, last = min(first, x), max(last, x)
				}
			}
		}
		if left, right := first, 127-last; left-right > 1 || right-left > 1 || left < 16 {
			t.Errorf("%s has %d pixels at the left, %d at the right", name, left, right)
		}
	}
}

func TestInitials(t *testing.T) {
	tests := []struct{ username, displayName, want string }{
		{"ada", "Ada Lovelace", "AL"},
		{"ada", "ada king noel", "AK"},
		{"ada", "Ada", "A"},
		{"ada", "", "A"},
		{"ada", "  ", "A"},
		{"ada", "--- 😀", "😀"},
		{"ada", "---", "A"},
		{"zoe", "🌻 Zoë", "Z"},
		{"x", "Ada 李", "A李"},
		{"x", "ლია", "ლ"},
		{"x", "ǆemo", "ǅ"},
		{"grace_hopper", "", "GH"},
		{"grace.hopper-x", "", "GH"},
		{"_ada", "", "A"},
		{"42", "", "4"},
		{"x", "(Émile) “zola”", "ÉZ"},
		{"x", "e\u0301mile", "É"},
		{"ünal", "", "Ü"},
		{"x", "ßa", "ß"},
		{"", "", ""},
	}
	for _, test := range tests {
		if got := strings.Join(initials(test.username, test.displayName), ""); got != test.want {
			t.Errorf("initials(%q, %q) = %q, want %q", test.username, test.displayName, got, test.want)
		}
	}
}

func TestVector(t *testing.T) {
	for name, want := range map[string]string{
		"ليلى الفاسي": "ل", "王小梅": "王", "אדא": "א", "अदा": "अ", "कि": "कि", "นิด": "นิ", "각": "각", "\u1100\u1161\u11a8": "각", "n\u0308a": "N\u0308",
		"👩‍🚀": "👩‍🚀", "🇺🇦 🇫🇷": "🇺🇦", "👋🏽": "👋🏽", "---🌻": "🌻", "李 Ada": "李", "ǆ": "ǅ",
		"Ada": "", "Жук": "", "Ωμέγα": "", "Ada 李": "", "42": "", "--": "",
	} {
		svg, err := Vector("x", name)
		if err != nil {
			t.Fatal(err)
		}
		var drawn struct {
			XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
			Ground  struct {
				Fill string `xml:"fill,attr"`
			} `xml:"rect"`
			Text string `xml:"text"`
		}
		if svg != nil {
			if err := xml.Unmarshal(svg, &drawn); err != nil {
				t.Fatalf("%s: %v in %s", name, err, svg)
			}
		}
		if drawn.Text != want || want != "" && drawn.Ground.Fill != hex(background("x")) {
			t.Errorf("%q is drawn as %q on %q, want %q", name, drawn.Text, drawn.Ground.Fill, want)
		}
	}
}

// FuzzVector checks that no name adds to the picture's elements.
func FuzzVector(f *testing.F) {
	for _, name := range []string{"م", "<script>", "王</text><script>alert(1)</script>", "\u202eא", "م&#x3c;", "ม\u0e31\u0e31\u0e31", "﷽", "\u200d王", "\ufffe😀"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		svg, err := Vector("x", name)
		if err != nil {
			t.Fatal(err)
		}
		if svg == nil {
			return
		}
		var elements []string
		for decoder := xml.NewDecoder(bytes.NewReader(svg)); ; {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%v in %q", err, svg)
			}
			if start, ok := token.(xml.StartElement); ok {
				elements = append(elements, start.Name.Local)
			}
		}
		if !slices.Equal(elements, []string{"svg", "rect", "text"}) || len(svg) > 1500 {
			t.Errorf("%d bytes have %q: %s", len(svg), elements, svg)
		}
	})
}

func BenchmarkGenerate(b *testing.B) {
	for name, displayName := range map[string]string{"letters": "Ada Lovelace", "silhouette": "محمد"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				picture, err := Generate("ada", displayName, 128)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(picture)), "bytes")
			}
		})
	}
}
