package markdown

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMentions(t *testing.T) {
	long := strings.Repeat("a", 32)
	tests := []struct {
		name, source string
		want         []string
	}{
		{"none", "hello", nil},
		{"one", "hi @Ada!", []string{"ada"}},
		{"each once", "@ada @bob @ADA", []string{"ada", "bob"}},
		{"at a sentence's end", "hi @ada.", []string{"ada.", "ada"}},
		{"with dots and dashes within", "@bob.b @a-b @a_b", []string{"bob.b", "a-b", "a_b"}},
		{"in emphasis", "*@ada* _@bob_ **@cy**", []string{"ada", "bob_", "bob", "cy"}},
		{"in a list, a heading, a quotation, a table", "- @aa\n\n# @bb\n\n> @cc\n\n|@dd|\n|-|\n", []string{"aa", "bb", "cc", "dd"}},
		{"after punctuation", "(@ada) \"@bob\" ,@cy", []string{"ada", "bob", "cy"}},
		{"not in an email address", "ada@example.org x@bob 1@bob é@bob", nil},
		{"not on another site", "example.org/@ada https://example.org/@ada", nil},
		{"not in code", "`@ada`\n\n```\n@bob\n```\n\n    @cy", nil},
		{"not in a link, nor an image", "[@ada](https://example.org) ![@bob](https://example.org)", nil},
		{"not escaped", `\@ada`, nil},
		{"too short", "@a @", nil},
		{"as long as can be", "@" + long, []string{long}},
		{"too long", "@" + long + "a", nil},
		{"too long with its punctuation", "@" + long + ".", []string{long}},
		{"only punctuation", "@.. @-- @__", nil},
		{"of other alphabets", "@Ünal @محمد @李雷", []string{"ünal", "محمد", "李雷"}},
		{"decomposed", "@u\u0308nal", []string{"ünal"}},
		{"before a script without spaces", "@adaさん @ada様！ @李雷さん", []string{"adaさん", "ada", "ada様", "李雷さん", "李雷"}},
		{"the longest first", "@adaさんada", []string{"adaさんada", "adaさん", "ada"}},
		{"before much text without spaces", "@ada" + strings.Repeat("あ", 40), []string{"ada"}},
		{"with punctuation before another script", "@ada.さん", []string{"ada.さん", "ada.", "ada"}},
		{"after a script without spaces", "你好@ada メンバー@bob สวัสดี@cy 안녕@dd", []string{"ada", "bob", "cy", "dd"}},
		{"after a letter that kana share", "ﾒﾝﾊﾞｰ@ada ｶﾞﾊﾟ@bob 〆@cy 〱@dd", []string{"ada", "bob", "cy", "dd"}},
		{"before a letter that kana share", "@adaｰ @bobー @cyﾞ @dd〆", []string{"adaｰ", "ada", "bobー", "bob", "cyﾞ", "cy", "dd〆", "dd"}},
		{"after decomposed kana", "か\u3099@ada ハ\u309a@bob", []string{"ada", "bob"}},
		{"after emoji", "❤️@ada ☎️@bob 1️⃣@cy 👍🏽@dd 🏳️‍🌈@ee ©︎@ff", []string{"ada", "bob", "cy", "dd", "ee", "ff"}},
		{"before an invisible mark", "@ada\ufe0fさん @bob\ufe0f", []string{"ada", "bob"}},
		{"with an invisible mark within", "@ada\ufe0fbob", nil},
		{"in a word with marks", "e\u0301@ada हिन्दी@bob 1\u0301@cy", nil},
		{"in a word of another script", "привет@ada 1@bob", nil},
		{"with a mark that does not compose", "@ada\u0335", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Mentions(test.source); !slices.Equal(got, test.want) {
				t.Errorf("Mentions(%q) = %q, want %q", test.source, got, test.want)
			}
		})
	}
}

func TestMentionsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "@user%d ", i)
	}
	if got := Mentions(b.String()); len(got) != 50 || got[49] != "user49" {
		t.Errorf("%d mentions: %q", len(got), got)
	}
	if got := Mentions(strings.Repeat("@ada ", 10_000)); got != nil {
		t.Errorf("mentions in what is shown as plain text: %q", got)
	}
}

func TestRenderMentions(t *testing.T) {
	ada := `<a class="mention" href="/u/Ada">@Ada</a>`
	tests := []struct{ name, source, want string }{
		{"as the account is spelt", "@ADA", ada},
		{"unknown", "@nobody", "@nobody"},
		{"at a sentence's end", "hi @ada.", "hi " + ada + "."},
		{"the longest that is known", "@dot.", `<a class="mention" href="/u/dot.">@dot.</a>`},
		{"in emphasis", "_@ada_ **@ada**", "<em>" + ada + "</em> <strong>" + ada + "</strong>"},
		{"with underscores", "@grace_hopper", `<a class="mention" href="/u/Grace_Hopper">@Grace_Hopper</a>`},
		{"decomposed", "@u\u0308nal", `<a class="mention" href="/u/%C3%9Cnal">@Ünal</a>`},
		{"from right to left", "@محمد", `<a class="mention" href="/u/%D9%85%D8%AD%D9%85%D8%AF">@محمد</a>`},
		{"possessive", "@ada's", ada + "&#39;s"},
		{"in an email address", "x@ada", "x@ada"},
		{"in code", "`@ada`", "<code>@ada</code>"},
		{"in a link", "[@ada](https://example.org)", `<a href="https://example.org"` + rel + `>@ada</a>`},
		{"in an image", "![@ada](https://example.org)", `<a href="https://example.org"` + rel + `>@ada</a>`},
		{"more than the name", "@adalovelace", "@adalovelace"},
		{"between scripts without spaces", "你好@ADAさん", "你好" + ada + "さん"},
		{"longer than the run of one script", "@محمدada", `<a class="mention" href="/u/%D9%85%D8%AD%D9%85%D8%AF">@محمد</a>ada`},
		{"of nobody between scripts", "@adá様", "@adá様"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Render(test.source, known).HTML
			if want := `<p dir="auto">` + test.want + "</p>"; got != want {
				t.Errorf("Render(%q)\n got %s\nwant %s", test.source, got, want)
			}
			assertSafe(t, test.source, got)
		})
	}
}

func TestRenderEscapesUsernames(t *testing.T) {
	got := Render("@ada", map[string]string{"ada": `"><script>/..`}).HTML
	if strings.Contains(got, "<script") || strings.Contains(got, `/..`) && strings.Contains(got, `href="/u/">`) {
		t.Errorf("got %s", got)
	}
	assertSafe(t, "@ada", got)
}
