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

// packed is a file of XML for each of our languages: chroma's lexer, as cmd/lexers writes it.
// Chroma's own package has 200 more, and reads all their configs at start.
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

// unguarded returns chroma's own lexer of the language. It has read only the config.
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

// lexer returns the language's guarded lexer. The first call makes it, because compiling
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

// registry returns the registry in which lexers find the lexers of other languages. It has only
// our languages. Otherwise a fence in a Markdown block could reach any lexer of chroma.
var registry = sync.OnceValue(func() *chroma.LexerRegistry {
	r := chroma.NewLexerRegistry()
	for _, l := range languages {
		r.Register(lazyLexer{l.unguarded(), l})
	}
	return r
})

// lazyLexer is the language's guarded lexer in the registry. It makes the lexer on first use.
type lazyLexer struct {
	chroma.Lexer
	language *language
}

// SetRegistry implements chroma.Lexer. It does nothing, since all lexers share one registry.
func (l lazyLexer) SetRegistry(*chroma.LexerRegistry) chroma.Lexer { return l }

// Tokenise implements chroma.Lexer.
func (l lazyLexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	return l.language.lexer().Tokenise(options, text)
}
