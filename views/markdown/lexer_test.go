package markdown

import (
	"reflect"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// chromas returns the lexer of chroma's own package.
func chromas(name string) *chroma.RegexLexer {
	return lexers.Get(name).SetRegistry(lexers.GlobalLexerRegistry).(*chroma.RegexLexer)
}

func TestLexersAreChromas(t *testing.T) {
	for _, l := range languages {
		t.Run(l.label, func(t *testing.T) {
			t.Parallel()
			want := chromas(l.source)
			if got := l.unguarded().Config(); !reflect.DeepEqual(got, want.Config()) {
				t.Errorf("its config is %v, not %v", got, want.Config())
			}
			rules, err := l.rules()
			if err != nil {
				t.Fatal(err)
			}
			if want := want.MustRules(); l.label != "Go" && !reflect.DeepEqual(rules, want) {
				t.Errorf("its rules are %v, not %v", rules, want)
			}
		})
	}
}

// Only Go's raw strings differ between chroma's lexers and those that cmd/lexers writes.
func TestRawStringsAreChromas(t *testing.T) {
	l, _ := languageOf("go")
	for _, code := range []string{
		typical,
		"a := `b`\nc := ``",
		"`{{ if .A \"b\" }}c{{ else }}{ d }{{- end -}}` + `{{/* e\n */}}`",
		"`{{ range $i, $x := (len .Y) | printf \"%d\" -0x1f 2.5i 'c' }}\n\t{{ . }}\nend`",
		"`{{ a\nb` + `c }}` + `{{ (d` + `}}` // `{{ e }}`",
		"`{{ ? }}` `not closed {{ f }}",
	} {
		if got, want := spansOf(t, l.lexer(), code), spansOf(t, chromas(l.source), code); got != want {
			t.Errorf("%q:\n got %s\nwant %s", code, got, want)
		}
	}
}

// spansOf returns code as highlight writes it, without the time limits.
func spansOf(t *testing.T, lexer chroma.Lexer, code string) string {
	t.Helper()
	tokens, err := lexer.Tokenise(nil, code)
	if err != nil {
		t.Fatal(err)
	}
	var spans spanWriter
	for token := range tokens.Stdlib() {
		spans.add(classOf(token.Type), token.Value)
	}
	spans.flush()
	return spans.html.String()
}
