//go:build !dev

package static

import (
	"embed"
	"sync"
)

//go:embed css js vendor icons.svg
var content embed.FS

var current = sync.OnceValue(load)
