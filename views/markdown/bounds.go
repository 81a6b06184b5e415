package markdown

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	emojiast "github.com/yuin/goldmark-emoji/ast"

	"plaza/store"
)

// Each of these limits keeps one kind of message from costing its readers more than
// 64 kB, or the server more than 100 ms. A message beyond a limit becomes plain text.
const (
	// maxSource is how many code points a message may have. The store refuses more.
	maxSource = 4000
	// maxHTML is how many bytes the HTML of a message may have.
	maxHTML = 64 << 10
	// maxDepth is how deep quotations, lists and emphasis may nest: more than people
	// write (ten nested lists), and less than what slows layout down (browsers stop
	// nesting at 512).
	maxDepth = 32
	// maxCells is how many cells a table may have. Each row is filled up to the width
	// of the heading, so 4 kB of source could make a million of them.
	maxCells = 1000
	// maxAddress is how many bytes the address of a link may have. A reference's
	// address is repeated at each use.
	maxAddress = 2048
	// maxHighlighting is how long highlighting all code of a message may take. The rest
	// of the code has no colours. Usual code takes far less (4,000 code points of Go: 7 ms).
	// The HTML is stored, so it should not depend on how busy the server is.
	maxHighlighting = 60 * time.Millisecond
)

// nests matches a line that opens more than maxDepth quotations and lists at once. The parser
// would look at each following line once for each of them, before there is a tree to measure.
var nests = sync.OnceValue(func() *regexp.Regexp {
	marker := `(?:[ \t]*(?:>|[*+-][ \t]|[0-9]{1,9}[.)][ \t]))`
	return regexp.MustCompile(`(?m)^` + marker + `{` + strconv.Itoa(maxDepth+1) + `}`)
})

// measure tells whether a tree is within maxDepth and has anything to show.
func measure(document ast.Node, source []byte) bool {
	depth, deepest, visible := 0, 0, false
	// The callback returns no error, so Walk does not either.
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		depth++
		deepest = max(deepest, depth)
		visible = visible || shows(n, source)
		return ast.WalkContinue, nil
	})
	return visible && deepest <= maxDepth
}

// shows tells whether a node itself, without its children, is visible.
func shows(n ast.Node, source []byte) bool {
	switch n := n.(type) {
	case *ast.Text:
		value := n.Segment.Value(source)
		if !n.IsRaw() {
			value = resolved(value)
		}
		return bytes.ContainsFunc(value, store.IsVisible)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return len(bytes.TrimSpace(linesOf(n, source))) > 0
	case *ast.AutoLink, *ast.ThematicBreak, *ast.String,
		*ast.Link, *ast.Image, *emojiast.Emoji, *extensionast.TaskCheckBox, *mention, *formula:
		return true
	}
	return false
}

// errFull is the error of a write that would exceed maxHTML.
var errFull = errors.New("the message's HTML is too large")

// output is the buffer that a tree is written to. It grows to at most maxHTML bytes. Then
// each write fails, and our node renderers stop the walk.
type output struct {
	bytes.Buffer
	full bool

	// colours tells whether code is highlighted. highlighting is how long that has taken
	// so far in this message.
	colours      bool
	highlighting time.Duration
}

// room tells whether n more bytes fit. Once they do not, the output is full.
func (o *output) room(n int) bool {
	o.full = o.full || o.Len()+n > maxHTML
	return !o.full
}

// Write implements util.BufWriter, as do WriteString, WriteByte, WriteRune, Available,
// Buffered and Flush.
func (o *output) Write(p []byte) (int, error) {
	if !o.room(len(p)) {
		return 0, errFull
	}
	return o.Buffer.Write(p)
}

func (o *output) WriteString(s string) (int, error) {
	if !o.room(len(s)) {
		return 0, errFull
	}
	return o.Buffer.WriteString(s)
}

func (o *output) WriteByte(b byte) error {
	if !o.room(1) {
		return errFull
	}
	return o.Buffer.WriteByte(b)
}

func (o *output) WriteRune(r rune) (int, error) {
	if !o.room(utf8.RuneLen(r)) {
		return 0, errFull
	}
	return o.Buffer.WriteRune(r)
}

func (o *output) Buffered() int { return 0 }

func (o *output) Flush() error {
	if o.full {
		return errFull
	}
	return nil
}
