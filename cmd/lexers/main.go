// Command lexers writes chroma's lexers for the languages that plaza highlights to an archive.
// views/markdown loads them from there. Chroma's own package would add 200 more lexers to the program.
package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"slices"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/klauspost/compress/flate"

	"plaza/views/markdown"
)

const file = "views/markdown/lexers.zip"

func main() {
	archive, err := pack(markdown.Lexers())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(file, archive, 0o600); err != nil {
		log.Fatal(err)
	}
}

// pack returns an archive with one file for each lexer. Its bytes depend on go.mod alone. Go's own
// compression can change with the version of Go, so pack does not use it.
func pack(names []string) ([]byte, error) {
	var archive bytes.Buffer
	files := zip.NewWriter(&archive)
	files.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, name := range names {
		lexer, err := marshal(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		w, err := files.Create(name + ".xml")
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(lexer); err != nil {
			return nil, err
		}
	}
	if err := files.Close(); err != nil {
		return nil, err
	}
	return archive.Bytes(), nil
}

// state is a state of a lexer, in chroma's XML.
type state struct {
	Name  string        `xml:"name,attr"`
	Rules []chroma.Rule `xml:"rule"`
}

// marshal returns a lexer as chroma.Marshal does, but with its states in the order of their names.
func marshal(name string) ([]byte, error) {
	// Chroma wraps some lexers. SetRegistry returns the lexer inside.
	lexer := lexers.Get(name).SetRegistry(lexers.GlobalLexerRegistry).(*chroma.RegexLexer)
	rules := withoutFunctions(lexer.MustRules())
	written := struct {
		XMLName xml.Name       `xml:"lexer"`
		Config  *chroma.Config `xml:"config"`
		States  []state        `xml:"rules>state"`
	}{Config: lexer.Config()}
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		written.States = append(written.States, state{name, rules[name]})
	}
	return xml.Marshal(written)
}
