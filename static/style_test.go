package static

import (
	"io/fs"
	"regexp"
	"testing"
)

var (
	component = regexp.MustCompile(`(?m)^  \.([\w-]+)(?: \{|,|::?\w)`)
	variant   = regexp.MustCompile(`&\.([\w-]+)`)
)

// TestVariantsAreNoComponents checks that no class changes one component and styles another. An element
// would get the styles of both.
func TestVariantsAreNoComponents(t *testing.T) {
	names, err := fs.Glob(content, "css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	components := map[string]string{}
	var style []byte
	for _, name := range names {
		css, err := fs.ReadFile(content, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range component.FindAllSubmatch(css, -1) {
			components[string(found[1])] = name
		}
		style = append(style, css...)
	}
	variants := variant.FindAllSubmatch(style, -1)
	if len(components) == 0 || len(variants) == 0 {
		t.Fatalf("%d components and %d variants", len(components), len(variants))
	}
	for _, found := range variants {
		if name, ok := components[string(found[1])]; ok {
			t.Errorf("the variant %s is a component in %s", found[0], name)
		}
	}
}

// TestSumsKeepTheirSpaces checks that the minified stylesheet has a space on each side of a plus in calc(). Without them
// browsers ignore the declaration, and the minifier takes them away after some units.
func TestSumsKeepTheirSpaces(t *testing.T) {
	style := current().byName[Stylesheet].content
	if len(style) == 0 {
		t.Fatal("there is no stylesheet")
	}
	for _, found := range regexp.MustCompile(`.{0,80}calc\([^;{}]*[^ ]\+[^ ][^;{}]*`).FindAll(style, -1) {
		t.Errorf("a sum has no spaces: %s", found)
	}
}
