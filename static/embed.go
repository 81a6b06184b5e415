//go:build !dev

package static

import (
	"embed"
	"sync"
)

//go:embed css js vendor icons.svg waiting.svg preview.png touch-icon.png favicon.ico robots.txt
var content embed.FS

var current = sync.OnceValue(load)
