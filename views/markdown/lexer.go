package markdown

import (
	"archive/zip"
	_ "embed"
	"encoding/xml"
	"io/fs"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// packed has chroma's lexers of our languages, as cmd/lexers writes them: a file of XML
// for each. chroma's own package has 200 others, and reads all their configs at start.
//
//go:embed lexers.zip
var packed string

// Lexers returns chroma's names of the lexers that Render has to find in lexers.zip.
func Lexers() []string {
	var names []string
	for _, l := range languages {
		names = append(names, l.source)
	}
	return names
}

var unpacked = sync.OnceValue(func() fs.FS {
	files, err := zip.NewReader(strings.NewReader(packed), int64(len(packed)))
	if err != nil {
		panic(err)
	}
	return files
})

// unguarded returns the language's lexer as chroma has it. Only its config has been
// read.
func (l *language) unguarded() *chroma.RegexLexer {
	return chroma.MustNewXMLLexer(unpacked(), l.source+".xml")
}

// rules returns the rules of the language's lexer, uncompiled.
func (l *language) rules() (chroma.Rules, error) {
	file, err := unpacked().Open(l.source + ".xml")
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var lexer struct {
		Rules chroma.Rules `xml:"rules"`
	}
	err = xml.NewDecoder(file).Decode(&lexer)
	return lexer.Rules, err
}

// lexer returns the language's guarded lexer. It is made when first used: compiling
// the rules of all languages would take a second.
func (l *language) lexer() chroma.Lexer {
	l.once.Do(func() {
		setClock()
		rules, err := l.rules()
		if err != nil {
			panic(err)
		}
		l.guarded, err = guard(l.unguarded().Config(), rules, registry())
		if err != nil {
			panic(err)
		}
	})
	return l.guarded
}

// registry returns where lexers find those of other languages: the ones above alone.
// Otherwise a Markdown block could reach any lexer of chroma's by a fence within it.
var registry = sync.OnceValue(func() *chroma.LexerRegistry {
	r := chroma.NewLexerRegistry()
	for _, l := range languages {
		r.Register(lazyLexer{l.unguarded(), l})
	}
	return r
})

// lazyLexer stands for a language's guarded lexer in the registry, so that this is
// made only when it is used.
type lazyLexer struct {
	chroma.Lexer
	language *language
}

// SetRegistry implements chroma.Lexer; there is one registry for all.
func (l lazyLexer) SetRegistry(*chroma.LexerRegistry) chroma.Lexer { return l }

// Tokenise implements chroma.Lexer.
func (l lazyLexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	return l.language.lexer().Tokenise(options, text)
}
