package markdown

import (
	"slices"
	"strings"
	"testing"
)

func TestPlainText(t *testing.T) {
	for _, test := range []struct{ source, text string }{
		{"Hi there, **how** are *you*?", "Hi there, how are you?"},
		{"one\ntwo  \nthree\n\nfour", "one two three four"},
		{"# Title\ntext\n\n---\n> said", "Title text said"},
		{"- figs\n- honey\n  1. chestnut", "figs honey chestnut"},
		{"- [x] done\n- [ ] not", "done not"},
		{"| a | b |\n|---|---|\n| 1 | **2** |", "a b 1 2"},
		{"Here is code:\n```go\nfunc main() {\n\treturn\n}\n```\nand `mo re`.", "Here is code: func main() { return } and mo re."},
		{"    indented\n", "indented"},
		{"[a *link*](https://example.org) and [](https://example.org/bare)", "a link and https://example.org/bare"},
		{"![a picture](https://example.org/a.png) ![](https://example.org/b.png)", "a picture https://example.org/b.png"},
		{"see https://example.org/a or <ada@example.org>", "see https://example.org/a or ada@example.org"},
		{"std <std::vector<std::string>>", "std <std::vector<std::string>>"},
		{"1 < 2 &amp; <b>bold</b> \\*stars\\* :tada:", "1 < 2 & <b>bold</b> *stars* 🎉"},
		{"hello @ADA and @nobody", "hello @Ada and @nobody"},
		{"[to @ada](https://example.org)", "to @ada"},
		{"it is ||the [*butler*](https://a.example \"yes\") `x` @ada\n:tada:||, ||https://b.example|| and [||c||](https://d.example)", "it is [spoiler], [spoiler] and ||c||"},
		{"so $a_1 < b$ and $$\nc\n$$", "so $a_1 < b$ and $$ c $$"},
		{"> ||a||\n\n- ||b **c**|| d", "[spoiler] [spoiler] d"},
		{">", ">"},
		{strings.Repeat(">", 100) + " deep\n*as it is*", strings.Repeat(">", 100) + " deep *as it is*"},
	} {
		if got := Render(test.source, map[string]string{"ada": "Ada"}).Text; got != test.text {
			t.Errorf("%q says %q, want %q", test.source, got, test.text)
		}
	}
}

func TestWhoIsMentioned(t *testing.T) {
	known := map[string]string{"ada": "Ada", "zoë.k": "Zoë.K"}
	for _, test := range []struct {
		source string
		want   []string
	}{
		{"@ada, @Zoë.k and @ada", []string{"Ada", "Zoë.K"}},
		{"@nobody", nil},
		{"`@ada` and [@ada](https://example.org)", nil},
		{strings.Repeat(">", 100) + " @ada", nil},
	} {
		if got := Render(test.source, known).Mentions; !slices.Equal(got, test.want) {
			t.Errorf("%q mentions %q, want %q", test.source, got, test.want)
		}
	}
}
