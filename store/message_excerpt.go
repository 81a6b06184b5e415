package store

import (
	"html"
	"strings"
)

// excerptLength is how much of a message is shown where it is only mentioned, in Unicode code points.
const excerptLength = 120

// inline are the elements inside a line of a rendered message, which part no words.
var inline = map[string]bool{"a": true, "code": true, "del": true, "em": true, "input": true, "span": true, "strong": true}

// excerpt is the beginning of what a rendered message says, in one line, without formatting.
func excerpt(body string) string {
	var text strings.Builder
	for body != "" {
		said, rest, _ := strings.Cut(body, "<")
		tag, after, _ := strings.Cut(rest, ">")
		text.WriteString(said)
		if tag == `span class="code-language"` { // the site's word, not the author's
			_, after, _ = strings.Cut(after, "</span>")
		}
		if name, _, _ := strings.Cut(strings.TrimPrefix(tag, "/"), " "); !inline[name] {
			text.WriteByte(' ')
		}
		body = after
	}
	words := []rune(strings.Join(strings.Fields(html.UnescapeString(text.String())), " "))
	if len(words) > excerptLength {
		return string(words[:excerptLength-1]) + "…"
	}
	return string(words)
}
