// Package markdown turns the Markdown of a message into HTML. The HTML is safe to show to
// others, and bounded in size and time.
//
// A message goes through five steps: clean (valid text) → goldmark (a tree) → measure (is the
// tree within bounds?) → output (HTML that stops growing at its limit) → sanitize (an
// allowlist, in case an earlier step is wrong). If a step fails, the message becomes
// plain text, so that readers never lose its content.
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
)

// Renderer is the version of this renderer. Raise it when Render returns other HTML for some
// source. Stored messages of a lower version are then rendered again.
const Renderer = 6

// Message is a rendered message.
type Message struct {
	HTML     string
	Text     string   // the message on one line, without markup, and without what spoilers hide
	Mentions []string // the usernames of the accounts that the HTML links to, each once
}

// Render renders the source of a message. For any source, the HTML has only the elements and
// attributes of policy (sanitize.go). It is balanced and has at most 64 kB. It links only to
// http, https and mailto addresses and to /u/ pages.
//
// known maps candidates, spelt as Mentions returns them, to the usernames of accounts,
// spelt as their owners spell them. Only these become links to accounts.
//
// Render is safe for concurrent use.
func Render(source string, known map[string]string) (rendered Message) {
	source = clean(source)
	// A bug of the parser must not break the page: the message becomes plain text.
	defer func() {
		if recover() != nil {
			rendered = plain(source)
		}
	}()
	document, ok := parse(source, known)
	if !ok {
		return plain(source)
	}
	// If the HTML is too large, try again without the colours of code.
	for _, colours := range []bool{true, false} {
		if html, ok := write(document, source, colours); ok {
			text := plainText(document, []byte(source))
			return Message{HTML: enlarged(html, text, document), Text: text, Mentions: mentioned(document)}
		}
	}
	return plain(source)
}

// clean returns source as valid UTF-8 without NUL. Its lines end in \n, also the last one: goldmark overlooks
// some characters at the end of a text without it.
func clean(source string) string {
	source = strings.ToValidUTF8(source, "\uFFFD")
	return strings.TrimSuffix(cleaner.Replace(source), "\n") + "\n"
}

var cleaner = strings.NewReplacer("\x00", "\uFFFD", "\r\n", "\n", "\r", "\n")

// parse returns the tree of a cleaned source. It returns false if the tree exceeds the bounds or
// has nothing to show: a lone ">" is an empty quotation in Markdown, but text to readers.
func parse(source string, known map[string]string) (ast.Node, bool) {
	if utf8.RuneCountInString(source)-1 > maxSource || nests().MatchString(source) {
		return nil, false
	}
	parse := func(c *context) ast.Node {
		return newParser().Parse(text.NewReader([]byte(source)), parser.WithContext(c))
	}
	first := newContext(known)
	document := parse(first)
	if second, ok := first.second(document); ok {
		document = parse(second)
	}
	return document, measure(document, []byte(source))
}

// write returns the sanitised HTML of a tree, or false if it is too large.
func write(document ast.Node, source string, colours bool) (string, bool) {
	out := &output{colours: colours}
	if err := newRenderer().Render(out, []byte(source), document); err != nil {
		return "", false
	}
	rendered := strings.TrimSpace(policy().Sanitize(out.String()))
	return rendered, len(rendered) <= maxHTML
}

// plain returns the source, escaped, in one paragraph. It cuts a source that is longer than
// maxSource, so that its HTML is bounded too.
func plain(source string) Message {
	source = strings.TrimSpace(source)
	if utf8.RuneCountInString(source) > maxSource {
		source = string([]rune(source)[:maxSource]) + "…"
	}
	lines := strings.ReplaceAll(html.EscapeString(source), "\n", "<br>\n")
	return Message{HTML: `<p dir="auto">` + lines + "</p>", Text: oneLine(source)}
}

// newParser returns the parser of CommonMark and GFM. It has no parser for raw HTML, so
// tags are text that readers see.
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
			util.Prioritized(formulaParser{}, 150),
			util.Prioritized(newLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewEmphasisParser(), 500),
			util.Prioritized(newStrikethroughParser(), 500),
			util.Prioritized(spoilerParser{}, 500),
			util.Prioritized(bareLinkParser{}, 550),
			util.Prioritized(mentionParser{}, 600),
			util.Prioritized(newEmojiParser(), 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(newDefinitions(), 100),
			util.Prioritized(newTables(), 200),
		),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
		),
	)
})

// newRenderer returns the renderer. Our node renderers replace some of goldmark's.
var newRenderer = sync.OnceValue(func() renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(blocks{}, 100),
		util.Prioritized(inlines{}, 100),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(rendererhtml.NewRenderer(rendererhtml.WithHardWraps()), 1000),
	))
})
