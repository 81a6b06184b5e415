package markdown

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestBareLinks(t *testing.T) {
	// Each test is a source with its links in ‹›.
	tests := []struct{ name, source string }{
		{"paths", "‹https://a.example/ü/東京?q=é#ß› ‹https://a.example/a*b*c|d\\e› ‹https://a.example/a_b_c~d› ‹https://a.example/{a}[b]^c`d›"},
		{"no Markdown in paths", "‹https://a.example/**a**/__b__/~~c~~/:tada:/@ada/!d[e](f)›"},
		{"schemes", "‹http://a.example› ‹Https://a.example› ‹HTTP://A.EXAMPLE/B› ‹WWW.a.example› ‹Www.a.example/b›"},
		{"hosts", "‹http://127.0.0.1› ‹http://192.168.0.1:8080/a› ‹http://localhost› ‹http://localhost:3000/a?b› ‹https://[2001:db8::1]:8080/a› ‹http://[::1]›"},
		{"international hosts", "‹https://münchen.example/a› ‹https://例え.テスト› ‹http://президент.рф/› ‹https://xn--mnchen-3ya.example›"},
		{"parts", "‹https://a.example?b› ‹https://a.example#b› ‹https://a.example:80› ‹https://a.example.:80/b›"},
		{"other schemes", "ftp://a.example xhttp://a.example éhttps://a.example javascript://a.example mailto:‹a@b.example›"},
		{"no hosts", "http:// https://. https://? http://: http://[ www. www.. www.a WWW"},
		{"user names", "https://good.example@evil.example http://a:b@c.example/d"},
		{"punctuation after", "‹https://a.example›. ‹https://a.example/b›, ‹https://a.example/c›! ‹https://a.example/d›?! ‹https://a.example/e›: ‹https://a.example/f›…"},
		{"semicolons", "‹https://a.example/b;c› ‹https://a.example/b›&amp; ‹https://a.example/?b=1&amp;c›"},
		{"quotes", `"‹https://a.example›" '‹https://a.example/b›' “‹https://a.example/c›” «‹https://a.example/d›» "‹https://a.example/e›"f "see ‹https://a.example/g›"`},
		{"brackets", "(‹https://a.example›) (see ‹https://a.example/b›). (‹https://a.example/c_(d)›) [‹https://a.example/e›] [see ‹https://a.example/f›]. {‹https://a.example/g›} (‹https://a.example/h›)i"},
		{"brackets in paths", "‹https://a.example/b_(c)› ‹https://a.example/b[c]d› ‹https://a.example/b]c›"},
		{"angle brackets", "<b>‹https://a.example/c›</b> ->‹https://a.example›<-"},
		{"emphasis", "**‹https://a.example/b_c›** *‹https://a.example› ‹https://b.example/c›* ~~‹https://a.example/d›~~ _‹www.a.example›_"},
		{"Chinese", "看‹https://a.example/b›，谢谢。（‹https://a.example/c›）「‹www.a.example›」‹https://a.example/三国（游戏）› 邮箱‹a@b.example›。"},
		{"Japanese", "リンクは‹https://a.example›です。‹http://localhost›で。メール‹a@b.example›まで"},
		{"Korean and Thai", "링크‹https://a.example/b› ที่‹https://a.example›"},
		{"shared kana", "ﾒﾝﾊﾞｰ‹https://a.example› 〆‹www.a.example› か\u3099‹a@b.example› ‹https://a.example›ｰ ‹https://b.example›ﾞ ‹a@c.example›〆"},
		{"after emoji", "☎️‹https://a.example› ⚠️‹www.a.example› 1️⃣‹https://b.example› ❤️‹a@b.example›"},
		{"before invisible marks", "‹https://a.example›\ufe0f ‹www.a.example›\ufe0f ‹a@b.example›\ufe0f ‹https://b.example›⃣"},
		{"in words with marks", "e\u0301https://a.example हिन्दीhttps://a.example e\u0301www.a.example"},
		{"after punctuation", "a:‹https://a.example› a,‹https://b.example› a|‹www.c.example›|b a=‹https://d.example›"},
		{"email addresses", "‹a@b.example› ‹first_last@b.example› ‹a.b-c+d@e-f.example›. (‹a@b.example›) \"‹a@b.example›\" <‹a@b.example›, __‹a_b@c.example›__"},
		{"no email addresses", "a@b @b.example a@.example a@b. é@b.example a@"},
		{"dots in a row", "‹www.a.b›...c ‹https://a.example›... a.b.c 1.2.3"},
		{"lines", "‹https://a.example/b›\\\n‹https://c.example›\n‹www.d.example›  \ne"},
		{"code", "`https://a.example`\n\n    https://b.example"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := strings.NewReplacer("‹", "", "›", "").Replace(test.source)
			got := Render(source, known).HTML
			assertSafe(t, source, got)
			var want []string
			for _, part := range strings.Split(test.source, "‹")[1:] {
				link, _, _ := strings.Cut(part, "›")
				want = append(want, link)
			}
			if shown := linked(got); strings.Join(shown, "\n") != strings.Join(want, "\n") {
				t.Errorf("%s\nlinks\n%s\nnot\n%s", source, strings.Join(shown, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestWhereBareLinksLead(t *testing.T) {
	for source, want := range map[string]string{
		"https://a.example/ü*|\\`":   "https://a.example/%C3%BC*%7C%5C%60",
		"WWW.a.example":              "http://WWW.a.example",
		"Https://a.example":          "Https://a.example",
		"http://[::1]:80/[b]":        "http://[::1]:80/%5Bb%5D",
		"https://a.example/100%":     "https://a.example/100%25",
		"https://münchen.example":    "https://m%C3%BCnchen.example",
		"first_last@b.example":       "mailto:first_last@b.example",
		"[a](https://[2001:db8::1])": "https://[2001:db8::1]",
	} {
		got := Render(source, nil).HTML
		if !strings.Contains(got, `href="`+html.EscapeString(want)+`"`) {
			t.Errorf("%s does not lead to %s: %s", source, want, got)
		}
		assertSafe(t, source, got)
	}
}

// linked returns the texts of the links in HTML.
func linked(rendered string) []string {
	var texts []string
	inLink := false
	for tokenizer := html.NewTokenizer(strings.NewReader(rendered)); ; {
		kind := tokenizer.Next()
		token := tokenizer.Token()
		switch {
		case kind == html.ErrorToken:
			return texts
		case token.Data == "a":
			inLink = kind == html.StartTagToken
			if inLink {
				texts = append(texts, "")
			}
		case kind == html.TextToken && inLink:
			texts[len(texts)-1] += token.Data
		}
	}
}
