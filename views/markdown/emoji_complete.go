package markdown

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark-emoji/definition"
)

// mostEmoji is how many emoji complete a word.
const mostEmoji = 8

// NamedEmoji is an emoji with a shortcode.
type NamedEmoji struct {
	Name string // the shortcode, without its colons
	Text string // the emoji
}

// CompleteEmoji returns up to eight emoji whose shortcode, or a word of it, begins with a text. Those whose
// shortcode does so come first, and shorter ones before longer ones.
func CompleteEmoji(text string) []NamedEmoji {
	sought := strings.ToLower(text)
	var names []string
	for _, name := range emojiNames() {
		if strings.Contains("_"+name, "_"+sought) {
			names = append(names, name)
		}
	}
	begins := func(name string) int {
		if strings.HasPrefix(name, sought) {
			return 0
		}
		return 1
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(begins(a), begins(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	var found []NamedEmoji
	for _, name := range names[:min(mostEmoji, len(names))] {
		emoji, _ := definition.Github().Get(name)
		found = append(found, NamedEmoji{name, string(emoji.Unicode)})
	}
	return found
}

// emojiNames returns all shortcodes. The definition finds an emoji by its shortcode, but lists none.
var emojiNames = sync.OnceValue(func() []string {
	var names []string
	for _, name := range reflect.ValueOf(definition.Github()).Elem().FieldByName("m").MapKeys() {
		names = append(names, name.String())
	}
	return names
})
