package gallery

import (
	"bytes"
	"fmt"
	"regexp"

	"plaza/static"
)

// foundations are the colours, type, buttons and icons that all components share.
func foundations(theme string) []Entry {
	all := []Entry{
		{"foundations-colours", colours(tokens())},
		{"foundations-type", typeSizes()},
		{"foundations-buttons", buttons()},
		{"foundations-icons", icons(iconNames())},
	}
	for i, e := range all {
		all[i].Component = part{framed(theme, e.Name, e.Component)}
	}
	return all
}

// token is a colour of the stylesheet.
type token struct {
	name  string // without the dashes in front
	isRaw bool   // a raw value; if false, a meaning
}

var (
	tokenLayer      = regexp.MustCompile(`(?s)@layer tokens\s*\{.*?\}`)
	tokenDefinition = regexp.MustCompile(`--([a-z0-9-]+):\s*(light-dark\(|var\()`)
	iconSymbol      = regexp.MustCompile(`<symbol id="([^"]+)"`)
)

// tokens reads the colours from the stylesheet, so that the gallery shows every colour.
func tokens() []token {
	var all []token
	layer := tokenLayer.Find(static.Content(static.Stylesheet))
	for _, found := range tokenDefinition.FindAllSubmatch(layer, -1) {
		all = append(all, token{name: string(found[1]), isRaw: string(found[2]) == "light-dark("})
	}
	return all
}

// tokenStylesheet gives each colour a class of its own, since the policy forbids styles in the page.
func tokenStylesheet() []byte {
	var all bytes.Buffer
	for _, t := range tokens() {
		fmt.Fprintf(&all, ".token-%[1]s { background: var(--%[1]s); }\n", t.name)
	}
	return all.Bytes()
}

func iconNames() []string {
	var names []string
	for _, found := range iconSymbol.FindAllSubmatch(static.Content("icons.svg"), -1) {
		names = append(names, string(found[1]))
	}
	return names
}
