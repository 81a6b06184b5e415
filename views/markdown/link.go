package markdown

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	emojiast "github.com/yuin/goldmark-emoji/ast"
)

// relation is what links that people write tell the browser and search engines: that
// this site does not vouch for them, and that the other site gets neither a handle on
// the page nor its address.
const relation = "nofollow noopener noreferrer ugc"

// address returns the address of a link, escaped as URLs are (not as HTML is), or
// false where it is anything but an absolute http, https or mailto address. One with
// a user's name in it (https://good.example@evil.example) is mostly there to deceive.
// entities tells whether character references in it are to be resolved, as in
// [text](address); a scheme that they hide is thereby seen.
func address(destination []byte, entities bool) (string, bool) {
	if len(destination) > maxAddress {
		return "", false
	}
	escaped := string(util.URLEscape(destination, entities))
	if strings.ContainsFunc(escaped, isUnsafeInAddress) {
		return "", false
	}
	u, err := url.Parse(escaped)
	if err != nil {
		return "", false
	}
	switch u.Scheme {
	case "http", "https":
		return escaped, u.Host != "" && u.User == nil && len(escaped) <= maxAddress
	case "mailto":
		return escaped, u.Opaque != "" && len(escaped) <= maxAddress
	}
	return "", false
}

// isUnsafeInAddress finds what no URL has, and what browsers read as something else
// than we do: they drop control characters, and take a backslash for a slash.
func isUnsafeInAddress(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>`\\", r)
}

// insideLink tells whether a node is in the text of a link or of an image: HTML has no
// links in links.
func insideLink(n ast.Node) bool {
	for n = n.Parent(); n != nil; n = n.Parent() {
		if n.Kind() == ast.KindLink || n.Kind() == ast.KindImage {
			return true
		}
	}
	return false
}

// emojiText returns the emoji, or the shortcode of one that Unicode does not have.
func emojiText(n *emojiast.Emoji) string {
	if n.Value.IsUnicode() {
		return string(n.Value.Unicode)
	}
	return ":" + string(n.ShortName) + ":"
}
