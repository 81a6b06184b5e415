//go:build !dev

package static

import (
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// shorten makes a stylesheet or a script of ours smaller, without changing what it does. It is
// done once, when the first page is made.
func shorten(kind string, b []byte) ([]byte, error) {
	m := minify.New()
	m.AddFunc("css", css.Minify)
	m.AddFunc("js", js.Minify)
	return m.Bytes(kind, b)
}
