package markdown

import (
	"bytes"
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/yuin/goldmark/ast"
)

// maxLanguage is how many code points of the name of a language that we do not know
// are shown.
const maxLanguage = 24

// renderCode writes a block of code: a head with its language (where the page's script
// adds a button to copy), and code that scrolls by itself, so it has to be reachable by
// keyboard and to have a name. It is a group, not a region: landmarks with one and the
// same name throughout the log would help nobody. Code is written left to right.
func renderCode(out *output, source []byte, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	name := ""
	if fenced, ok := n.(*ast.FencedCodeBlock); ok {
		name = languageName(fenced.Language(source))
	}
	known, isKnown := languageOf(name)
	label, accessible := name, "Code, "+name
	switch {
	case isKnown:
		label, accessible = known.label, "Code, "+known.label
	case name == "":
		label, accessible = "Code", "Code"
	}
	out.write(`<div class="code"><div class="code-head"><span class="code-language">`,
		html.EscapeString(label), `</span></div><pre dir="ltr" tabindex="0" role="group" aria-label="`,
		html.EscapeString(accessible), `"><code class="chroma">`)
	code := string(linesOf(n, source))
	if highlighted, ok := out.highlight(known, code); isKnown && ok {
		out.write(highlighted)
	} else {
		out.write(html.EscapeString(code))
	}
	out.write("</code></pre></div>\n")
	return ast.WalkSkipChildren
}

// linesOf returns the lines of a block.
func linesOf(n ast.Node, source []byte) []byte {
	var b bytes.Buffer
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		b.Write(line.Value(source))
	}
	return b.Bytes()
}

// languageName returns the name of a language as somebody wrote it, bounded, and
// without what cannot be seen.
func languageName(written []byte) string {
	name := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, string(written))
	if utf8.RuneCountInString(name) > maxLanguage {
		name = string([]rune(name)[:maxLanguage]) + "…"
	}
	return strings.TrimSpace(name)
}

// highlight returns the HTML of code with its tokens in <span>s, or false where it is
// better shown without: a lexer failed, or the message has used up its time.
func (o *output) highlight(l *language, code string) (highlighted string, ok bool) {
	if l == nil || !o.colours || o.highlighting >= maxHighlighting {
		return "", false
	}
	begin := time.Now()
	defer func() {
		// Some lexers panic on code that they do not understand, and so does the guard.
		if recover() != nil {
			highlighted, ok = "", false
		}
		o.highlighting += time.Since(begin)
	}()
	// Some lexers add a newline where the last line has none, others do not.
	if !strings.HasSuffix(code, "\n") {
		code += "\n"
	}
	lexer := l.lexer()
	// Making a lexer happens once in the life of the program, so it costs this block no
	// colours, but those after it.
	start := time.Now()
	tokens, err := lexer.Tokenise(nil, code)
	if err != nil {
		return "", false
	}
	var spans spanWriter
	for token := range tokens.Stdlib() {
		if time.Since(start)+o.highlighting > maxHighlighting || spans.html.Len() > maxHTML {
			return "", false
		}
		spans.add(classOf(token.Type), token.Value)
	}
	spans.flush()
	// A lexer that swallows or makes up text would put words into somebody's mouth.
	return spans.html.String(), spans.all.String() == code
}

// spanWriter writes tokens as HTML, neighbours of one class as one <span>.
type spanWriter struct {
	html, all, pending strings.Builder
	class              string
}

// add adds a token. Blank ones join the <span> before them: they look the same in any.
func (s *spanWriter) add(class, value string) {
	s.all.WriteString(value)
	if class != s.class && strings.TrimSpace(value) != "" {
		s.flush()
		s.class = class
	}
	s.pending.WriteString(value)
}

// flush writes what is pending; blanks at its end stay outside the <span>.
func (s *spanWriter) flush() {
	pending := s.pending.String()
	s.pending.Reset()
	text := strings.TrimRight(pending, " \t\n")
	blank := pending[len(text):]
	if s.class == "" || text == "" {
		s.html.WriteString(html.EscapeString(pending))
		return
	}
	s.html.WriteString(`<span class="` + s.class + `">` + html.EscapeString(text) + `</span>` + blank)
}

// classOf returns the class of a token (Pygments' short names), or "" for those that
// look like the text around them: names, punctuation, and what a lexer does not
// understand. They are most of all tokens, so their <span>s would double the HTML.
func classOf(t chroma.TokenType) string {
	for t > 0 {
		switch class := chroma.StandardTypes[t]; class {
		case "n", "nx", "p", "w", "x", "err":
			return ""
		case "":
			t = t.Parent()
		default:
			return class
		}
	}
	return ""
}
