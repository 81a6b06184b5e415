package markdown

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

func TestLanguagesAsPeopleWriteThem(t *testing.T) {
	if len(languages) < 40 {
		t.Errorf("only %d languages", len(languages))
	}
	want := map[string]string{
		"js": "JavaScript", "ts": "TypeScript", "tsx": "TypeScript", "jsx": "JSX", "py": "Python", "sh": "Shell",
		"bash": "Shell", "yml": "YAML", "cpp": "C++", "c++": "C++", "cs": "C#", "golang": "Go", "rs": "Rust",
		"rb": "Ruby", "kt": "Kotlin", "ps1": "PowerShell", "tf": "Terraform", "hcl": "HCL", "md": "Markdown",
		"tex": "LaTeX", "objc": "Objective-C", "proto": "Protocol Buffers", "Dockerfile": "Dockerfile",
		"MAKEFILE": "Makefile", "hs": "Haskell", "ex": "Elixir", "erl": "Erlang", "clj": "Clojure",
		"fsharp": "F#", "ml": "OCaml", "asm": "Assembly", "patch": "Diff", "vim": "Vim script", "pl": "Perl",
	}
	for name, label := range want {
		if l, ok := languageOf(name); !ok || l.label != label {
			t.Errorf("%s is not %s", name, label)
		}
	}
	names := map[string]string{}
	for _, l := range languages {
		for _, name := range append([]string{l.label, l.source}, l.aliases...) {
			name = strings.ToLower(name)
			if other, ok := names[name]; ok && other != l.label {
				t.Errorf("%q means %s and %s", name, other, l.label)
			}
			names[name] = l.label
		}
	}
}

// What stands behind a fence may be the start of the code, so readers see all of it. The name for assistive technology
// is short, because it is read out before the code.
func TestWhatStandsBehindAFence(t *testing.T) {
	for _, test := range []struct{ source, label, name string }{
		{"```go title=main.go\na\n```", "Go title=main.go", "Code, Go title=main.go"},
		{"```some words here\na\n```", "some words here", "Code, some words here"},
		{"hello\n``` code  here\nmore", "code here", "Code, code here"},
		{"a\n~~~ruby\n", "Ruby", "Code, Ruby"},
		{"```a\u202eb\u200b\na", "ab", "Code, ab"},
		{"```" + strings.Repeat("x", 3000) + "\na\n```", strings.Repeat("x", 3000), "Code, " + strings.Repeat("x", 24) + "…"},
	} {
		got := Render(test.source, nil).HTML
		if want := `<span class="code-language">` + test.label + `</span>`; !strings.Contains(got, want) {
			t.Errorf("%.50q: no %.100s in %.300s", test.source, want, got)
		}
		if want := `aria-label="` + test.name + `"`; !strings.Contains(got, want) {
			t.Errorf("%.50q: no %s in %.300s", test.source, want, got)
		}
		assertSafe(t, test.source, got)
	}
}

// nasty is code that makes some lexers slow or endless.
func nasty() []string {
	var all []string
	for c := rune(1); c < 0x80; c++ {
		all = append(all, string(c))
	}
	for _, unit := range strings.Fields("\" ' ` { ( [ < /* (* {- <!-- <? <% #{ ${ {{ {% @ \\ \\\" \"\"\" ''' $( 0x --[[ <<EOF R\"( q{ %{ é 😀") {
		all = append(all, unit, strings.Repeat(unit, 100/len(unit)), unit+"\n"+unit)
	}
	// The longest messages: a long line of each punctuation character, and a message of
	// one character.
	var lines strings.Builder
	for _, c := range "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" {
		lines.WriteString(strings.Repeat(string(c), 124) + "\n")
	}
	return append(all, lines.String(), strings.Repeat("{", 4000))
}

// TestLexersEnd finds lexers that loop for ever. One of them would take a processor until the
// server restarts. The test waits far longer than maxHighlighting, for slow machines.
func TestLexersEnd(t *testing.T) {
	inputs := nasty()
	for _, l := range languages {
		t.Run(l.label, func(t *testing.T) {
			t.Parallel()
			for _, input := range inputs {
				done := make(chan string, 1)
				go func() {
					highlighted, _ := (&output{colours: true}).highlight(l, input)
					done <- highlighted
				}()
				select {
				case highlighted := <-done:
					assertSafe(t, input, cut(highlighted))
				case <-time.After(5 * time.Second):
					t.Fatalf("%.20q has not come to an end", input)
				}
			}
		})
	}
}

// cut returns HTML that is short enough for assertSafe. highlight bounds the HTML only
// roughly, and output does the rest.
func cut(highlighted string) string {
	if len(highlighted) > maxHTML {
		return ""
	}
	return highlighted
}

// TestGuardStopsLexersThatDoNotEnd tries lexers that loop or panic on one character. They
// are not among our languages for that reason.
func TestGuardStopsLexersThatDoNotEnd(t *testing.T) {
	for source, input := range map[string]string{"JSONata": `"`, "Jungle": "{", "YANG": "/*"} {
		t.Run(source, func(t *testing.T) {
			if _, ok := languageOf(source); ok {
				t.Fatalf("%s is allowed", source)
			}
			l := &language{source: source}
			l.once.Do(func() {
				unguarded := chromas(source)
				guarded, err := guard(unguarded.Config(), unguarded.MustRules(), registry())
				if err != nil {
					t.Fatal(err)
				}
				l.guarded = guarded
			})
			done := make(chan bool, 1)
			go func() {
				_, ok := (&output{colours: true}).highlight(l, input)
				done <- ok
			}()
			select {
			case <-done:
			case <-time.After(5 * time.Second):
				t.Fatal("has not come to an end")
			}
			got := Render("```"+source+"\n"+input+"\n```", nil).HTML
			if strings.Contains(got, "<span class=\"k") || !strings.Contains(got, html.EscapeString(input)) {
				t.Errorf("got %s", got)
			}
			// A fence in a Markdown block must not reach the lexer either.
			nested := "~~~~md\n```" + strings.ToLower(source) + "\n" + input + "\n```\n~~~~"
			assertSafe(t, nested, Render(nested, nil).HTML)
		})
	}
}

func TestHighlightingKeepsTheText(t *testing.T) {
	code := "# a <b> & \"c\"\n\tif (x == 1) { return 'ü😀'; } // ok\n/* open"
	for _, l := range languages {
		highlighted, ok := (&output{colours: true}).highlight(l, code)
		if !ok {
			t.Logf("%s shows it without colours", l.label)
			continue
		}
		nodes, err := html.Parse(strings.NewReader("<pre>" + highlighted + "</pre>"))
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for node := range nodes.Descendants() {
			if node.Type == html.TextNode {
				text.WriteString(node.Data)
			}
		}
		if got := text.String(); got != code+"\n" {
			t.Errorf("%s: got %q, want %q", l.label, got, code)
		}
	}
}

func TestWithoutTimeCodeHasNoColours(t *testing.T) {
	l, _ := languageOf("go")
	if _, ok := (&output{colours: true, highlighting: maxHighlighting}).highlight(l, "var a"); ok {
		t.Error("highlighted without time")
	}
	if _, ok := (&output{}).highlight(l, "var a"); ok {
		t.Error("highlighted without colours")
	}
}
