package markdown

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	emojiast "github.com/yuin/goldmark-emoji/ast"
)

// constructs are all that Markdown has, each with words that readers must see.
var constructs = []string{
	"[12:30]: hello", "[12:30]: hello\nworld", "[a1]: b2 'c3'\n[d4]: <e5>\n(f6)\n\ng7", "[a]: https://a.example\n[a]: https://b.example\n\n[a]",
	"> [a1]: b2\n\n- [c3]: d4\n\n[e5]: f6\n===", "[a1]: <>\n\n[a1]", "[a]: https://a.example \"title one\"\n\n[text][a] [a][] [a]",
	"[guide](www.example.org/guide)", "[a1](ftp://b2) [c3](tel:45) [d5](/e6) [f7](g8 'h9') [i1](<j2 k3>)", "[a]() [](b) []() [c](#d)",
	"![a1](b2.png) ![](data:c3) ![d4](https://e.example/f5 'g6') [![h7](https://i.example)](https://j.example)",
	"![a [b](https://b.example) c](https://c.example)", "[a ![b](c) *d*](https://e.example \"f g\")", "[![a][b]][c]\n\n[b]: https://b.example\n[c]: https://c.example",
	"<!-- a comment --> <b>bold</b> <script>one()</script>\n<div class=two>\nthree\n</div>", "<!-- a\nb --> <?php c ?> <!DOCTYPE d> <![CDATA[e]]>",
	"```go title=main.go\ncode\n```", "text\n```some words here\nmore\n```", "~~~ js one two\n~~~", "hello\n``` unclosed words", "hello\n```1", "    ```\n    indented\n",
	"|a|b|\n|-|-|\n|1|2|3 lost|\n|4|", "a b\n|c|\n|-|\n|d|e\nf|g|", "1. one\n3. three\n10) ten\n", "1986. A year\n1. a\n1. b", "- [x] done\n- [ ] not\n- [a] b",
	"# a # b #\n#\n## c\n\nd\n---\ne\n***", `\*a\* b\_c d\\e ¯\_(ツ)_/¯ C:\new\f`, "a\\\nb  \nc\rd", "&nbsp; &copy; &notathing; &#65; &#x; &amp", "~~a~~ ~b~ 3~5 7~9 ~~~c~~~",
	"<https://a.example> <b@c.example> <javascript:d> <e:f> std::vector<g>", "https://a.example/b*c*d_e_f|g\\h www.i.example/j@k l@m.example",
	":tada: :no_such: a:tada:b :tada::+1:", "@ada @nobody @adaさん 你好@ada [@ada](https://a.example)", "> a\n>> b\n- c\n  - d\n\n      e", "*a **b c* d** _e __f_ g__ ***h*** `i ``j` k",
	"[a\n\nb](https://c.example)", "[a](https://b.example\n'c\nd')", "[a]:\nb\n'c\nd", "[x]: y 'z' w", "[^1]: a note[^1]", "Term\n: meaning", "a[^b] ==c== ^d^ $e$ {{f}} {#g}",
	"||a1|| b2||c3||d4 || e5 ||f6 |||g7|||", "||*h1 [i2](https://j.example \"k3\")* :tada: @ada `l||m` **n||o**", "[||p1||](https://q.example) ||https://r.example/s||",
}

// FuzzWords checks that readers see every word of a message, in its HTML and, but for what spoilers hide, in its text.
func FuzzWords(f *testing.F) {
	for _, source := range constructs {
		f.Add(source)
		f.Add("before " + source + " after\n" + source)
		f.Add("- " + source + "\n\n" + source)
	}
	for _, source := range traps {
		f.Add(source[:min(len(source), 500)])
	}
	f.Fuzz(func(t *testing.T, source string) {
		if utf8.RuneCountInString(source) > maxSource {
			return // no message is that long
		}
		message := Render(source, known)
		text, attributes, spoilers := read(t, message.HTML)
		elsewhere := attributes + " " + strings.Join(understood(clean(source)), " ")
		for _, word := range word.FindAllString(norm.NFC.String(entity.ReplaceAllString(clean(source), " ")), -1) {
			for name, shown := range map[string]string{"HTML": text, "text": message.Text + " " + spoilers} {
				if !strings.Contains(folded(shown+" "+elsewhere), folded(word)) {
					t.Errorf("the %s of %q has no %q:\n%s\n%s", name, source, word, message.HTML, message.Text)
				}
			}
		}
	})
}

var (
	word   = regexp.MustCompile(`[\pL\pN\pM]+`)
	entity = regexp.MustCompile(`&#?[0-9A-Za-z]+;`)
)

func folded(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// read returns the text of HTML, and what browsers make of its attributes: the addresses of links and the numbers
// of lists. It also returns which part of the text is in spoilers.
func read(t *testing.T, rendered string) (text, attributes, spoilers string) {
	t.Helper()
	var shown, known, hidden strings.Builder
	inSpoiler := false
	for tokenizer := html.NewTokenizer(strings.NewReader(rendered)); ; {
		switch tokenizer.Next() {
		case html.ErrorToken:
			return shown.String(), known.String(), hidden.String()
		case html.TextToken:
			words := tokenizer.Text()
			shown.Write(words)
			if inSpoiler {
				hidden.Write(words)
			}
		case html.EndTagToken:
			name, _ := tokenizer.TagName()
			inSpoiler = inSpoiler && string(name) != "span"
		default:
			for _, attribute := range tokenizer.Token().Attr {
				switch attribute.Key {
				case "class":
					inSpoiler = inSpoiler || attribute.Val == "spoiler-text"
				case "href":
					known.WriteString(" " + attribute.Val)
					if unescaped, err := url.PathUnescape(attribute.Val); err == nil {
						known.WriteString(" " + unescaped)
					}
				case "start", "value":
					known.WriteString(" " + attribute.Val)
				}
			}
		}
	}
}

// understood returns what of the source becomes something else that says the same: an emoji, a checkbox, the number of
// an item, the name of a language, and which address a link has.
func understood(source string) []string {
	document, ok := parse(source, nil)
	if !ok {
		return nil
	}
	var words []string
	_ = ast.Walk(document, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *emojiast.Emoji:
			words = append(words, string(n.ShortName))
		case *extensionast.TaskCheckBox:
			words = append(words, "x")
		case *ast.ListItem:
			words = append(words, word.FindString(source[n.Pos():])) // 007 is 7
		case *ast.FencedCodeBlock:
			if info := infoOf(n, []byte(source)); info.language != nil {
				words = append(words, info.name)
			}
		case *ast.Link, *ast.Image:
			if link, _ := linkOf(n); link.reference != nil {
				words = append(words, string(link.reference.Value))
			}
		}
		return ast.WalkContinue, nil
	})
	return words
}
