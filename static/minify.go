//go:build !dev

package static

import (
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// shorten minifies a stylesheet or a script of ours. It runs once, when the program makes the
// first page.
func shorten(kind string, b []byte) ([]byte, error) {
	m := minify.New()
	m.AddFunc("css", css.Minify)
	m.AddFunc("js", js.Minify)
	return m.Bytes(kind, b)
}
