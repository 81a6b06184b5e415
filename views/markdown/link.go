package markdown

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// relation is the rel attribute of links in messages. It tells search engines that this site
// does not vouch for them. It keeps the page and its address from the other site.
const relation = "nofollow noopener noreferrer ugc"

// address returns the address of a link, escaped for URLs, not for HTML. It returns false
// unless the address is an absolute http, https or mailto address. It also refuses addresses
// with a user name (https://good.example@evil.example), which mostly deceive. entities says
// whether to resolve character references first, as in [text](address), so that they cannot
// hide a scheme.
func address(destination []byte, entities bool) (string, bool) {
	if len(destination) > maxAddress {
		return "", false
	}
	// URLEscape escapes the brackets of an IPv6 address too.
	escaped := escapedIPv6.ReplaceAllString(string(util.URLEscape(destination, entities)), "$1[$2]")
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

var escapedIPv6 = regexp.MustCompile(`^((?i:https?)://)%5B([0-9A-Fa-f:.]+)%5D`)

// isUnsafeInAddress matches characters that no URL contains, or that browsers read in another
// way than we do: they drop control characters, and read a backslash as a slash.
func isUnsafeInAddress(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>`\\", r)
}

// insideLink tells whether a node is in the text of a link or of an image. HTML does not
// allow links in links.
func insideLink(n ast.Node) bool { return isInside(n, ast.KindLink, ast.KindImage) }

// isInside tells whether a node is in another one of some kind.
func isInside(n ast.Node, kinds ...ast.NodeKind) bool {
	for n = n.Parent(); n != nil; n = n.Parent() {
		if slices.Contains(kinds, n.Kind()) {
			return true
		}
	}
	return false
}
