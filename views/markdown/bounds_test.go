package markdown

import (
	"strings"
	"testing"
	"time"
)

// repeat returns a message of full length: start, many times unit, and end.
func repeat(start, unit, end string) string {
	room := 4000 - len([]rune(start)) - len([]rune(end))
	return start + strings.Repeat(unit, room/len([]rune(unit))) + end
}

// traps are messages that cost far more than others of their length. The test, the benchmark
// and the fuzz test render them.
var traps = map[string]string{
	"a table of many columns and rows":      repeat(strings.Repeat("|a", 500)+"\n"+strings.Repeat("|-", 500)+"\n", "a\n", ""),
	"a table of many columns":               strings.Repeat("|", 1990) + "\n" + strings.Repeat("|-", 1000),
	"a table of many rows":                  repeat("|a|b|\n|-|-|\n", "a\n", ""),
	"references to a long address":          repeat("[a]: https://example.org/"+strings.Repeat("x", 2000)+"\n\n", "[a]", ""),
	"references to many addresses":          repeat("", "[a]: /b\n", "[a]"),
	"nested quotations":                     repeat("", ">", "a"),
	"nested quotations with lines":          repeat(strings.Repeat("> ", 700), "\na", ""),
	"nested lists":                          repeat("", "- ", "a"),
	"nested lists with blank lines":         repeat(strings.Repeat("+ ", 1000), "\n", "a"),
	"nested numbers":                        repeat("", "1. ", "a"),
	"nested lists by indentation":           stairs(80),
	"nested emphasis":                       repeat("", "*a **a ", ""),
	"unclosed emphasis":                     repeat("", "*a_ ", ""),
	"closed emphasis of different lengths":  repeat("", "a**b*c ", ""),
	"opening brackets":                      repeat("", "[", ""),
	"opening and closing brackets":          repeat(strings.Repeat("[", 2000), "]", ""),
	"images in images":                      repeat(strings.Repeat("![", 600), "](x)", ""),
	"links that do not end":                 repeat("", "[a](<b", ""),
	"parentheses":                           repeat("[a](", "(", ")"),
	"backticks of all lengths":              backticks(),
	"angle brackets":                        repeat("", "<", ""),
	"addresses that are none":               repeat("", "<a:", ""),
	"addresses":                             repeat("", "http://a ", ""),
	"email addresses that are none":         repeat("", "a@", ""),
	"mentions":                              repeat("", "@ada ", ""),
	"mentions of nobody":                    repeat("", "@aa", ""),
	"combining marks after an @":            repeat("@a", "\u0301", ""),
	"entities":                              repeat("", "&amp;", ""),
	"quotation marks":                       repeat("", "\"", ""),
	"line breaks":                           repeat("a", "\n", "a"),
	"lines":                                 repeat("", "a\n", ""),
	"setext headings":                       repeat("", "a\n=\n", ""),
	"empty blocks of code":                  repeat("", "```go\n```\n", ""),
	"blocks of code":                        repeat("", "```go\nx\n```\n", ""),
	"code of one-character tokens":          repeat("```js\n", "1+", "\n```"),
	"code that a lexer is slow with":        repeat("```sql\n", "//", "\n```"),
	"code of blank lines":                   repeat("```c\n", "\n", "a\n```"),
	"raw HTML":                              repeat("", "<b>", ""),
	"emoji":                                 repeat("", "😀", ""),
	"shortcodes":                            repeat("", ":a", ""),
	"task lists":                            repeat("", "- [ ] a\n", ""),
	"right-to-left overrides":               repeat("", "\u202e", "a"),
	"carriage returns":                      repeat("a", "\r", "a"),
	"invalid UTF-8":                         strings.Repeat("a\xff\xc0", 1300),
	"NUL":                                   repeat("", "\x00", ""),
	"more than a message may have":          strings.Repeat("**a** ", 100_000),
	"more than a message may have, escaped": strings.Repeat("\"'&<\n", 100_000),
}

// stairs returns a list whose items lie deeper and deeper.
func stairs(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", 2*i) + "- a\n")
	}
	return b.String()[:min(b.Len(), 4000)]
}

// backticks returns runs of backticks, each longer than the last.
func backticks() string {
	var b strings.Builder
	for i := 1; b.Len() < 3900; i++ {
		b.WriteString(strings.Repeat("`", i) + " ")
	}
	return b.String()[:min(b.Len(), 4000)]
}

// TestTraps waits for a minute. A message that takes longer would never end. BenchmarkRender
// measures the time of each.
func TestTraps(t *testing.T) {
	for name, source := range traps {
		t.Run(name, func(t *testing.T) {
			rendered := make(chan string, 1)
			go func() { rendered <- Render(source, known).HTML }()
			var got string
			select {
			case got = <-rendered:
			case <-time.After(time.Minute):
				t.Fatal("still not rendered")
			}
			if !strings.Contains(got, "<") {
				t.Errorf("nothing is shown: %q", got)
			}
			assertSafe(t, source, got)
			Mentions(source)
		})
	}
}

func TestWhatExceedsTheBoundsIsPlainText(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"nested quotations", strings.Repeat(">", 40) + " a *b*\nc", "<p dir=\"auto\">" + strings.Repeat("&gt;", 40) + " a *b*<br>\nc</p>"},
		{"nested emphasis", strings.Repeat("**a *b ", 20) + "c" + strings.Repeat("* d**", 20), ""},
		{"nested lists by indentation", stairs(40), ""},
		{"too long", strings.Repeat("*a* ", 1001), ""},
		{"too large", traps["references to a long address"], ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Render(test.source, nil).HTML
			if test.want != "" && got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if !strings.HasPrefix(got, `<p dir="auto">`) || strings.Count(got, "<") != strings.Count(got, "<br>")+2 {
				t.Errorf("not plain text: %.200s", got)
			}
		})
	}
}

func TestWhatIsWithinTheBoundsIsNot(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"five quotations", ">>>>> a", "<blockquote>"},
		{"ten lists", stairs(10), "<ul>"},
		{"a table of 10 by 40", strings.Repeat("|a", 10) + "|\n" + strings.Repeat("|-", 10) + "|\n" + strings.Repeat(strings.Repeat("|b", 10)+"|\n", 40), "<table>"},
		{"a line of dashes", "a\n\n" + strings.Repeat("-", 200), "<hr>"},
		{"a hundred addresses", strings.Repeat("https://example.org/ ", 100), "<a "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Render(test.source, nil).HTML; !strings.Contains(got, test.want) {
				t.Errorf("no %s in %.200s", test.want, got)
			}
		})
	}
}

func TestTooLargeTablesAreParagraphs(t *testing.T) {
	got := Render("**a**\n\n"+traps["a table of many columns and rows"][:3900], nil).HTML
	if strings.Contains(got, "<table") || !strings.Contains(got, "<strong>a</strong>") {
		t.Errorf("got %.200s", got)
	}
}

func TestCodeThatWouldBeTooLargeLosesItsColoursOnly(t *testing.T) {
	got := Render("**a**\n"+repeat("```js\n", "1+", "\n```")[:3900]+"\n```\n", nil).HTML
	if !strings.Contains(got, "<strong>a</strong>") || !strings.Contains(got, `<code class="chroma">1+1+`) {
		t.Errorf("got %.500s", got)
	}
}

func TestTheOutputStopsAtItsLimit(t *testing.T) {
	out := &output{}
	out.write(strings.Repeat("a", maxHTML))
	if _, err := out.WriteRune('é'); err == nil {
		t.Error("grew past its limit")
	}
	if err := out.WriteByte('a'); err == nil || out.Flush() == nil || out.Len() != maxHTML {
		t.Error("forgot that it is full")
	}
}
