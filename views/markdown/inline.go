package markdown

import (
	"html"
	"net/url"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"

	emojiast "github.com/yuin/goldmark-emoji/ast"
)

// nodeRenderer writes the start (entering) or the end of a node. It can ignore errors of
// writing, because the output remembers them.
type nodeRenderer func(out *output, source []byte, n ast.Node, entering bool) ast.WalkStatus

// register registers a renderer that stops when the output is full.
func register(reg renderer.NodeRendererFuncRegisterer, kind ast.NodeKind, render nodeRenderer) {
	reg.Register(kind, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		// write passes only outputs to Render.
		out := w.(*output)
		if out.full {
			return ast.WalkStop, errFull
		}
		return render(out, source, n, entering), nil
	})
}

// write writes all parts, unescaped.
func (o *output) write(parts ...string) {
	for _, part := range parts {
		// A full output remembers that it is full.
		_, _ = o.WriteString(part)
	}
}

// startLink writes the start tag of a link to another site.
func (o *output) startLink(target string) {
	o.write(`<a href="`, html.EscapeString(target), `" rel="`+relation+`">`)
}

// inlines renders inline elements.
type inlines struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (inlines) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	register(reg, ast.KindLink, renderLink)
	register(reg, ast.KindImage, renderImage)
	register(reg, ast.KindAutoLink, renderAutoLink)
	register(reg, kindMention, renderMention)
	register(reg, kindSpoiler, renderSpoiler)
	register(reg, kindFormula, renderFormula)
	register(reg, emojiast.KindEmoji, renderEmoji)
	register(reg, extensionast.KindTaskCheckBox, renderTaskCheckBox)
}

// renderLink writes a link whose text may have markup. A link without text shows its address, because
// nobody sees an empty link.
func renderLink(out *output, source []byte, n ast.Node, entering bool) ast.WalkStatus {
	l, _ := linkOf(n)
	if !entering {
		out.write("</a>", html.EscapeString(l.shownTitle()))
		return ast.WalkContinue
	}
	target, _ := address(l.destination, true)
	out.startLink(target)
	if textOf(n, source) == "" {
		out.write(html.EscapeString(string(l.destination)))
	}
	return ast.WalkContinue
}

// renderImage writes a link to the image. The image itself would tell its server who reads the message.
func renderImage(out *output, source []byte, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		l, _ := linkOf(n)
		target, _ := address(l.destination, true)
		out.startLink(target)
		out.write(html.EscapeString(labelOf(n, source)), "</a>", html.EscapeString(l.shownTitle()))
	}
	return ast.WalkSkipChildren
}

// renderAutoLink writes a bare address.
func renderAutoLink(out *output, source []byte, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	label, target, ok := autoLink(n.(*ast.AutoLink), source)
	writeLinked(out, target, label, ok && !insideLink(n))
	return ast.WalkContinue
}

// autoLink returns the label and the target of a bare address, and whether it becomes a link. Text in
// angle brackets that does not become a link (std::vector<std::string>) keeps its brackets.
func autoLink(link *ast.AutoLink, source []byte) (label, target string, ok bool) {
	label = string(link.Label(source))
	destination := link.URL(source)
	if link.AutoLinkType == ast.AutoLinkEmail {
		destination = append([]byte("mailto:"), destination...)
	}
	target, ok = address(destination, false)
	if !ok && source[link.Pos()] == '<' {
		label = "<" + label + ">"
	}
	return label, target, ok
}

// writeLinked writes a label, in a link if linked is true.
func writeLinked(out *output, target, label string, linked bool) {
	if !linked {
		out.write(html.EscapeString(label))
		return
	}
	out.startLink(target)
	out.write(html.EscapeString(label), "</a>")
}

func renderMention(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	m := n.(*mention)
	if !m.links() {
		out.write(html.EscapeString(m.shown()))
		return ast.WalkContinue
	}
	out.write(`<a class="mention" href="/u/`, html.EscapeString(url.PathEscape(m.username)), `">`, html.EscapeString(m.shown()), "</a>")
	return ast.WalkContinue
}

func renderEmoji(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	if entering {
		out.write(html.EscapeString(emojiText(n.(*emojiast.Emoji))))
	}
	return ast.WalkContinue
}

// renderTaskCheckBox writes a checkbox that readers cannot change.
func renderTaskCheckBox(out *output, _ []byte, n ast.Node, entering bool) ast.WalkStatus {
	if !entering {
		return ast.WalkContinue
	}
	out.write(`<input type="checkbox" disabled="" aria-label="Done"`)
	if n.(*extensionast.TaskCheckBox).IsChecked {
		out.write(` checked=""`)
	}
	out.write("> ")
	return ast.WalkContinue
}
