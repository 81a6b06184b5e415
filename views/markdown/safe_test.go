package markdown

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// allowed is what HTML of messages may contain, independent of the policy: for each element
// its attributes, and a pattern for each attribute.
var allowed = map[string]map[string]string{
	"p": {"dir": "auto"}, "br": {}, "hr": {},
	"h3": {"dir": "auto"}, "h4": {"dir": "auto"}, "h5": {"dir": "auto"}, "h6": {"dir": "auto"},
	"blockquote": {"dir": "auto"}, "ul": {"dir": "auto"}, "ol": {"dir": "auto", "start": `\d+`}, "li": {"value": `\d+`},
	"strong": {}, "em": {}, "del": {},
	"table": {}, "thead": {}, "tbody": {}, "tr": {},
	"th":    {"dir": "auto", "class": `align-(left|center|right)`},
	"td":    {"dir": "auto", "class": `align-(left|center|right)`},
	"code":  {"class": "chroma"},
	"span":  {"class": `code-language|spoiler|spoiler-text|math|math math-displayed|[a-z][a-z0-9]{0,2}`, "tabindex": "0", "role": "group", "aria-label": "Spoiler"},
	"div":   {"class": "code|code-head|table", "tabindex": "0", "role": "group", "aria-label": "Table"},
	"pre":   {"dir": "ltr", "tabindex": "0", "role": "group", "aria-label": `Code(, [^\n]+)?`},
	"input": {"type": "checkbox", "disabled": "", "checked": "", "aria-label": "Done"},
	"a":     {"href": `(?i:https?)://[^/@]+(/.*)?|(?i:mailto):.+|/u/[^/?#]+`, "rel": relation, "class": "mention"},
}

var patterns = func() map[string]*regexp.Regexp {
	compiled := map[string]*regexp.Regexp{}
	for _, attributes := range allowed {
		for _, pattern := range attributes {
			compiled[pattern] = regexp.MustCompile(`^(?s:` + pattern + `)$`)
		}
	}
	return compiled
}()

// assertSafe checks everything that must hold for the HTML of any message.
func assertSafe(t *testing.T, source, rendered string) {
	t.Helper()
	if len(rendered) > 64<<10 {
		t.Fatalf("%.100q: %d bytes of HTML", source, len(rendered))
	}
	if !utf8.ValidString(rendered) || strings.Contains(rendered, "\x00") {
		t.Fatalf("%.100q: not valid UTF-8, or with NUL: %q", source, rendered)
	}
	var open []string
	for tokenizer := html.NewTokenizer(strings.NewReader(rendered)); ; {
		tokenizer.Next()
		token := tokenizer.Token()
		switch token.Type {
		case html.ErrorToken:
			if !errors.Is(tokenizer.Err(), io.EOF) || len(open) > 0 {
				t.Fatalf("%.100q: %v, and left open: %v", source, tokenizer.Err(), open)
			}
			assertCanonical(t, source, rendered)
			return
		case html.TextToken:
		case html.StartTagToken:
			assertAllowed(t, source, token, slices.Contains(open, "a"))
			if !slices.Contains([]string{"br", "hr", "input"}, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%.100q: </%s> within %v", source, token.Data, open)
			}
			open = open[:len(open)-1]
		default:
			t.Fatalf("%.100q: has %v", source, token)
		}
	}
}

// assertAllowed checks one start tag.
func assertAllowed(t *testing.T, source string, token html.Token, inLink bool) {
	t.Helper()
	attributes, ok := allowed[token.Data]
	if !ok {
		t.Fatalf("%.100q: has %v", source, token)
	}
	values := map[string]string{}
	for _, attribute := range token.Attr {
		pattern, ok := attributes[attribute.Key]
		if !ok || !patterns[pattern].MatchString(attribute.Val) {
			t.Fatalf("%.100q: has %v", source, token)
		}
		values[attribute.Key] = attribute.Val
	}
	if token.Data != "a" {
		return
	}
	local := strings.HasPrefix(values["href"], "/u/")
	if inLink || values["href"] == "" || local != (values["class"] == "mention") || local == (values["rel"] == relation) {
		t.Fatalf("%.100q: has %v (in a link: %v)", source, token, inLink)
	}
}

// assertCanonical checks that a browser's parser finds nothing to repair.
func assertCanonical(t *testing.T, source, rendered string) {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(rendered),
		&html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatalf("%.100q: %v", source, err)
	}
	var b strings.Builder
	for _, node := range nodes {
		if err := html.Render(&b, node); err != nil {
			t.Fatalf("%.100q: %v", source, err)
		}
	}
	if again := strings.ReplaceAll(b.String(), "/>", ">"); again != strings.ReplaceAll(rendered, "/>", ">") {
		t.Fatalf("%.100q: a parser makes of\n%q\n%q", source, rendered, again)
	}
}
