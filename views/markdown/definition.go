package markdown

import (
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// context is the parser's context of one pass over a message. Goldmark takes each definition of a link
// ([guide]: https://example.org) out of the text before it finds the links that use it. So if a definition
// is used by no link, a second pass leaves it in the text: readers must see what they wrote ([12:30]: hello).
type context struct {
	parser.Context
	known map[string]string // the usernames of the accounts that may be mentioned, by their candidates

	isSecond bool
	used     map[string]bool // by their labels, the definitions that the links of the first pass use
	taken    map[string]bool // the definitions that this pass has taken out of the text
}

func newContext(known map[string]string) *context {
	return &context{Context: parser.NewContext(), known: known, used: map[string]bool{}, taken: map[string]bool{}}
}

// Reference implements parser.Context. A definition whose address becomes no link does not exist.
func (c *context) Reference(label string) (parser.Reference, bool) {
	reference, ok := c.Context.Reference(label)
	if !ok || c.isSecond && !c.used[label] {
		return nil, false
	}
	if _, allowed := address(reference.Destination(), true); !allowed {
		return nil, false
	}
	return reference, true
}

// second returns the context of the second pass over a document. It returns false if no definition
// would be lost without it.
func (c *context) second(document ast.Node) (*context, bool) {
	second := newContext(c.known)
	second.isSecond = true
	var definitions []ast.Node
	// The callback returns no error, so Walk does not either.
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if n.Kind() == ast.KindLinkReferenceDefinition {
			definitions = append(definitions, n)
		}
		if link, ok := linkOf(n); ok && link.reference != nil {
			second.used[util.ToLinkReference(link.reference.Value)] = true
		}
		return ast.WalkContinue, nil
	})
	return second, len(definitions) > len(second.used)
}

// takes tells whether a pass takes a definition out of the text. Of several definitions with the same
// label, links use the first.
func (c *context) takes(n *ast.LinkReferenceDefinition) bool {
	if !c.isSecond {
		return true
	}
	label := util.ToLinkReference(n.Label)
	takes := c.used[label] && !c.taken[label]
	c.taken[label] = true
	return takes
}

// definitions finds the definitions of links at the start of a paragraph, as goldmark does, and puts back those that
// links do not use.
type definitions struct{ parser.ParagraphTransformer }

func newDefinitions() parser.ParagraphTransformer {
	return definitions{parser.LinkReferenceParagraphTransformer}
}

// Transform implements parser.ParagraphTransformer.
func (d definitions) Transform(paragraph *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := slices.Clone(paragraph.Lines().Sliced(0, paragraph.Lines().Len()))
	parent, previous := paragraph.Parent(), paragraph.PreviousSibling()
	d.ParagraphTransformer.Transform(paragraph, reader, pc)
	c := pc.(*context)
	if !c.isSecond {
		return
	}
	n := parent.FirstChild()
	if previous != nil {
		n = previous.NextSibling()
	}
	for n != nil && n.Kind() == ast.KindLinkReferenceDefinition {
		definition := n.(*ast.LinkReferenceDefinition)
		n = n.NextSibling()
		if c.takes(definition) {
			lines = slices.DeleteFunc(lines, func(line text.Segment) bool { return isIn(line, definition) })
		}
		parent.RemoveChild(parent, definition)
	}
	if len(lines) == 0 {
		return
	}
	if paragraph.Parent() == nil {
		insertAfter(parent, previous, paragraph)
	}
	last := &lines[len(lines)-1]
	*last = last.TrimRightSpace(reader.Source())
	paragraph.SetLines(segments(lines))
}

// isIn tells whether a line of a paragraph is part of a definition.
func isIn(line text.Segment, definition *ast.LinkReferenceDefinition) bool {
	for i := range definition.Lines().Len() {
		if start := definition.Lines().At(i).Start; line.Start <= start && start < line.Stop {
			return true
		}
	}
	return false
}

// insertAfter inserts a node after another one, or as the first child if that is nil.
func insertAfter(parent, previous, n ast.Node) {
	if previous == nil {
		parent.InsertBefore(parent, parent.FirstChild(), n)
	} else {
		parent.InsertAfter(parent, previous, n)
	}
}
