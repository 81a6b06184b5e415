//go:build !dev

package static

import (
	"embed"
	"sync"
)

//go:embed css js vendor icons.svg waiting.svg
var content embed.FS

var current = sync.OnceValue(load)
