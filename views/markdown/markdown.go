// Package markdown turns what people write into HTML that is safe to show to
// strangers and bounded in size and time.
//
// The way of a message: clean (cleaned text) → goldmark (a tree) → measure (is the
// tree within bounds?) → output (HTML that stops growing at its limit) → sanitize (an
// allowlist, in case anything before it was wrong). Whatever falls out on this way is
// shown as plain text, so that nothing that somebody wrote is ever lost to its readers.
package markdown

import (
	"html"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	rendererhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	emoji "github.com/yuin/goldmark-emoji"
)

// Renderer is the version of this renderer. Raise it whenever it makes something else of some
// source: a stored message of a lower version is then rendered again.
const Renderer = 1

// Message is what a source was made into.
type Message struct {
	HTML     string
	Text     string   // what the message says on one line, without markup
	Mentions []string // the usernames of the accounts that it links to, each once
}

// Render returns what a message's source is made into. Whatever the source is, the HTML has only the
// elements and attributes of policy (sanitize.go), is balanced, links to http, https
// and mailto addresses and to /u/ pages alone, and has at most 64 kB.
//
// known maps candidates, spelt as Mentions returns them, to the usernames of accounts,
// spelt as their owners do; only these become links to accounts.
//
// Render is safe for concurrent use.
func Render(source string, known map[string]string) (rendered Message) {
	source = clean(source)
	// A parser's bug may cost a message its looks, but not its readers a page.
	defer func() {
		if recover() != nil {
			rendered = plain(source)
		}
	}()
	document, ok := parse(source, known)
	if !ok {
		return plain(source)
	}
	// Colours are the first thing to give up when a message would grow too large.
	for _, colours := range []bool{true, false} {
		if html, ok := write(document, source, colours); ok {
			return Message{HTML: html, Text: plainText(document, []byte(source)), Mentions: mentioned(document)}
		}
	}
	return plain(source)
}

// clean makes source valid UTF-8 without NUL, with lines that end in \n alone.
func clean(source string) string {
	source = strings.ToValidUTF8(source, "\uFFFD")
	return cleaner.Replace(source)
}

var cleaner = strings.NewReplacer("\x00", "\uFFFD", "\r\n", "\n", "\r", "\n")

// parse returns the tree of a cleaned source, or false where it exceeds the bounds or
// has nothing to show (a lone ">" is an empty quotation to Markdown, and a message to
// its readers).
func parse(source string, known map[string]string) (ast.Node, bool) {
	if utf8.RuneCountInString(source) > maxSource || nests().MatchString(source) {
		return nil, false
	}
	pc := parser.NewContext()
	pc.Set(knownKey, known)
	document := newParser().Parse(text.NewReader([]byte(source)), parser.WithContext(pc))
	return document, measure(document, []byte(source))
}

// write returns the sanitised HTML of a tree, or false where it is too large.
func write(document ast.Node, source string, colours bool) (string, bool) {
	out := &output{colours: colours}
	if err := newRenderer().Render(out, []byte(source), document); err != nil {
		return "", false
	}
	rendered := strings.TrimSpace(policy().Sanitize(out.String()))
	return rendered, len(rendered) <= maxHTML
}

// plain returns the source as it is, escaped, in one paragraph. What is longer than a
// message can be is cut, so that this too is bounded.
func plain(source string) Message {
	source = strings.TrimSpace(source)
	if utf8.RuneCountInString(source) > maxSource {
		source = string([]rune(source)[:maxSource]) + "…"
	}
	lines := strings.ReplaceAll(html.EscapeString(source), "\n", "<br>\n")
	return Message{HTML: `<p dir="auto">` + lines + "</p>", Text: oneLine(source)}
}

// newParser returns the parser of CommonMark and GFM. It has no parser for raw HTML:
// so tags are text like any other, and readers see them.
var newParser = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewSetextHeadingParser(), 100),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
			util.Prioritized(mentionParser{}, 600),
			util.Prioritized(emoji.NewParser(), 999),
			util.Prioritized(extension.NewLinkifyParser(extension.WithLinkifyAllowedProtocols(
				[][]byte{[]byte("http:"), []byte("https:")},
			)), 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(boundedTables{extension.NewTableParagraphTransformer()}, 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
		),
	)
})

// newRenderer returns the renderer: our own for all that differs from goldmark's.
var newRenderer = sync.OnceValue(func() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(blocks{}, 100),
		util.Prioritized(inlines{}, 100),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(rendererhtml.NewRenderer(rendererhtml.WithHardWraps()), 1000),
	))
})
