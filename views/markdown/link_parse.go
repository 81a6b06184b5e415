package markdown

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// linkParser makes links and images of those whose address becomes a link. The others stay text, as they
// were typed, so that readers see the address: [guide](www.example.org/guide), [call](tel:112). So do the
// links, images and spoilers in the text of a link, because HTML does not allow links, or what has the focus, in links.
type linkParser struct{ closingParser }

// closingParser is an inline parser that must hear of the end of its block.
type closingParser interface {
	parser.InlineParser
	parser.CloseBlocker
}

func newLinkParser() parser.InlineParser {
	return linkParser{parser.NewLinkParser().(closingParser)}
}

// Parse implements parser.InlineParser.
func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	n := p.closingParser.Parse(parent, block, pc)
	link, ok := linkOf(n)
	if !ok {
		return n
	}
	if _, allowed := address(link.destination, true); allowed {
		for _, inner := range nodesIn(n, ast.KindLink, ast.KindImage) {
			unlink(inner)
		}
		for _, inner := range nodesIn(n, kindSpoiler) {
			reveal(inner)
		}
		return n
	}
	// Goldmark goes on behind the text of the link, and finds what there is in the address.
	parent.AppendChild(parent, written(link.opening()))
	moveChildren(n, func(child ast.Node) { parent.AppendChild(parent, child) })
	return nil
}

// link is what links and images have in common.
type link struct {
	isImage            bool
	destination, title []byte
	reference          *ast.ReferenceLink
}

// linkOf returns the link that a node is. It returns false for other nodes.
func linkOf(n ast.Node) (link, bool) {
	switch n := n.(type) {
	case *ast.Link:
		return link{false, n.Destination, n.Title, n.Reference}, true
	case *ast.Image:
		return link{true, n.Destination, n.Title, n.Reference}, true
	}
	return link{}, false
}

// nodesIn returns the nodes of some kinds within a node, without the node itself.
func nodesIn(n ast.Node, kinds ...ast.NodeKind) []ast.Node {
	var found []ast.Node
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if slices.Contains(kinds, child.Kind()) {
			found = append(found, child)
		}
		found = append(found, nodesIn(child, kinds...)...)
	}
	return found
}

// unlink replaces a link or an image in the tree by what was typed.
func unlink(n ast.Node) {
	l, _ := linkOf(n)
	parent := n.Parent()
	parent.InsertBefore(parent, n, written(l.opening()))
	moveChildren(n, func(child ast.Node) { parent.InsertBefore(parent, n, child) })
	parent.ReplaceChild(parent, n, written(l.ending()))
}

func moveChildren(from ast.Node, move func(child ast.Node)) {
	for child := from.FirstChild(); child != nil; child = from.FirstChild() {
		from.RemoveChild(from, child)
		move(child)
	}
}

// opening returns what is typed before the text of the link.
func (l link) opening() string {
	if l.isImage {
		return "!["
	}
	return "["
}

// ending returns what is typed after the text of the link.
func (l link) ending() string {
	if l.reference != nil {
		switch l.reference.Type {
		case ast.ReferenceLinkFull:
			return "][" + string(l.reference.Value) + "]"
		case ast.ReferenceLinkCollapsed:
			return "][]"
		default:
			return "]"
		}
	}
	destination := string(l.destination)
	if bytes.ContainsAny(l.destination, " \t()") {
		destination = "<" + destination + ">"
	}
	return "](" + destination + l.shownTitle() + ")"
}

// shownTitle returns the title as readers see it behind the link. The title attribute of HTML would hide it from
// those who have no mouse.
func (l link) shownTitle() string {
	if len(bytes.TrimSpace(l.title)) == 0 {
		return ""
	}
	return ` "` + string(resolved(l.title)) + `"`
}

// written returns a node of text without markup.
func written(text string) ast.Node {
	n := ast.NewString([]byte(text))
	n.SetRaw(true)
	return n
}
