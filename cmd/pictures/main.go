// Command pictures draws the pictures of the site that other programs show: the preview of a shared address, and
// the icons. Chromium draws them from the welcome page and from the icon in static/icons.svg, so run it again
// after a change of those.
package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plaza/static"
	"plaza/views"
)

//go:embed pictures.css
var stylesheet string

// shown is how many people are in the picture.
const shown = 12

func main() {
	if err := makeAll(); err != nil {
		log.Fatal(err)
	}
}

func makeAll() error {
	pages := httptest.NewServer(handler())
	defer pages.Close()
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)...)
	defer stopAllocator()
	browser, stopBrowser := chromedp.NewContext(allocator)
	defer stopBrowser()
	preview, err := picture(browser, pages.URL+"/preview", 1200, 630)
	if err != nil {
		return err
	}
	touch, err := picture(browser, pages.URL+"/icon", 180, 180)
	if err != nil {
		return err
	}
	small, err := picture(browser, pages.URL+"/icon", smallSide, smallSide)
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"preview.png": preview, "touch-icon.png": touch, "favicon.ico": ico(small)} {
		if err := os.WriteFile("static/"+name, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// handler serves the pages that become pictures.
func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/static/", static.Serve)
	mux.HandleFunc("/pictures.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = w.Write([]byte(stylesheet))
	})
	mux.HandleFunc("/preview", func(w http.ResponseWriter, r *http.Request) {
		page, err := templ.ToGoHTML(r.Context(), views.Welcome(views.Page{Online: shown, Theme: "light", Path: "/"}))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = w.Write([]byte(strings.Replace(string(page), "</head>", `<link rel="stylesheet" href="/pictures.css"></head>`, 1)))
	})
	mux.HandleFunc("/icon", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `<!doctype html><link rel="stylesheet" href="/pictures.css"><svg class="site-icon"><use href="%s#plaza"/></svg>`, static.Address("icons.svg"))
	})
	return mux
}

// picture returns a page as a PNG with a palette, which is a third as large as Chromium's own.
func picture(browser context.Context, address string, width, height int64) ([]byte, error) {
	var drawn []byte
	err := chromedp.Run(browser, emulation.SetDeviceMetricsOverride(width, height, 1, false),
		chromedp.Navigate(address), chromedp.CaptureScreenshot(&drawn))
	if err != nil {
		return nil, err
	}
	read, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		return nil, err
	}
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err = encoder.Encode(&small, withPalette(read))
	return small.Bytes(), err
}

// withPalette returns a picture in its 256 commonest colors.
func withPalette(drawn image.Image) image.Image {
	counts := map[color.Color]int{}
	for y := range drawn.Bounds().Dy() {
		for x := range drawn.Bounds().Dx() {
			counts[drawn.At(x, y)]++
		}
	}
	colors := slices.Collect(maps.Keys(counts))
	slices.SortFunc(colors, func(a, b color.Color) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	paletted := image.NewPaletted(drawn.Bounds(), colors[:min(len(colors), 256)])
	draw.Draw(paletted, paletted.Bounds(), drawn, image.Point{}, draw.Src)
	return paletted
}

// smallSide is the width of the picture in favicon.ico, in pixels.
const smallSide = 48

// ico returns an icon file with one picture in it: a header, an entry for the picture, and the PNG.
func ico(picture []byte) []byte {
	const header, entry = 6, 16
	var file bytes.Buffer
	for _, field := range []any{
		[]uint16{0, 1, 1},                              // an icon, with one picture
		[]uint8{smallSide, smallSide, 0, 0},            // its size, without a palette
		[]uint16{1, 32},                                // planes, and bits of each pixel
		[]uint32{uint32(len(picture)), header + entry}, //nolint:gosec // the picture has a few kilobytes
	} {
		_ = binary.Write(&file, binary.LittleEndian, field) // a Buffer never fails
	}
	file.Write(picture)
	return file.Bytes()
}
