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

// maxLanguage is how many code points of what stands behind a fence the name of the block has.
const maxLanguage = 24

// renderCode writes a block of code. Its head has the language, and a script adds a button
// to copy the code. The code scrolls by itself, so it has a name and the keyboard can reach
// it. It is a group, not a region: many landmarks with the same name in a log would help
// nobody. Code is written from left to right.
func renderCode(out *output, source []byte, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	info := infoOf(n, source)
	label, accessible := "Code", "Code"
	if info.name != "" {
		label, accessible = info.label(), "Code, "+info.label()
		if utf8.RuneCountInString(label) > maxLanguage {
			accessible = "Code, " + string([]rune(label)[:maxLanguage]) + "…"
		}
	}
	out.write(`<div class="code"><div class="code-head"><span class="code-language">`,
		html.EscapeString(label), `</span></div><pre dir="ltr" tabindex="0" role="group" aria-label="`,
		html.EscapeString(accessible), `"><code class="chroma">`)
	code := string(linesOf(n, source))
	if highlighted, ok := out.highlight(info.language, code); ok {
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

// codeInfo is what stands behind the fence of a block of code: the name of a language, and what else the author
// wrote there. Readers see all of it, since "```some words" may be the start of the code.
type codeInfo struct {
	name, rest string
	language   *language // nil if the name is not known
}

// infoOf returns what stands behind the fence of a block of code, without invisible characters.
func infoOf(n ast.Node, source []byte) codeInfo {
	fenced, ok := n.(*ast.FencedCodeBlock)
	if !ok || fenced.Info == nil {
		return codeInfo{}
	}
	written := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(fenced.Info.Segment.Value(source)))
	name, rest, _ := strings.Cut(oneLine(written), " ")
	language, _ := languageOf(name)
	return codeInfo{name, rest, language}
}

// label returns what readers see above the code.
func (i codeInfo) label() string {
	if i.language == nil {
		return oneLine(i.name + " " + i.rest)
	}
	return oneLine(i.language.label + " " + i.rest)
}

// text returns what belongs to the text of the message: all but the name of a language.
func (i codeInfo) text() string {
	if i.language == nil {
		return oneLine(i.name + " " + i.rest)
	}
	return i.rest
}

// highlight returns the HTML of code with its tokens in <span>s. It returns false if the
// lexer failed or the message has used up its time.
func (o *output) highlight(l *language, code string) (highlighted string, ok bool) {
	if l == nil || !o.colours || o.highlighting >= maxHighlighting {
		return "", false
	}
	begin := time.Now()
	defer func() {
		// Some lexers panic on code that they do not understand. The guard panics too.
		if recover() != nil {
			highlighted, ok = "", false
		}
		o.highlighting += time.Since(begin)
	}()
	// Some lexers add a missing newline at the end, others do not.
	if !strings.HasSuffix(code, "\n") {
		code += "\n"
	}
	lexer := l.lexer()
	// The program makes each lexer once. That time does not count for this block, but it
	// does for later blocks of the message.
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
	// A faulty lexer could drop or add text. Then the code has no colours.
	return spans.html.String(), spans.all.String() == code
}

// spanWriter writes tokens as HTML. Neighbours of the same class share a <span>.
type spanWriter struct {
	html, all, pending strings.Builder
	class              string
}

// add adds a token. A blank token joins the <span> before it, since it looks the same in any.
func (s *spanWriter) add(class, value string) {
	s.all.WriteString(value)
	if class != s.class && strings.TrimSpace(value) != "" {
		s.flush()
		s.class = class
	}
	s.pending.WriteString(value)
}

// flush writes the pending text. Blanks at its end stay outside the <span>.
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

// classOf returns the class of a token (Pygments' short names). It returns "" for tokens that
// look like the text around them: names, punctuation, and text that a lexer does not
// understand. Most tokens are of these kinds, so their <span>s would double the HTML.
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
