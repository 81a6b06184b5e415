package markdown

import (
	"regexp"
	"strings"
	"sync"
	"testing"
)

var known = map[string]string{
	"ada": "Ada", "bob.b": "bob.b", "grace_hopper": "Grace_Hopper", "ünal": "Ünal", "dot.": "dot.", "محمد": "محمد",
}

const (
	rel   = ` rel="nofollow noopener noreferrer ugc"`
	shade = `<span class="spoiler" tabindex="0" role="group" aria-label="Spoiler"><span class="spoiler-text">`
)

func TestRender(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"text", "Hello, *you* and **you** and ~~you~~ and `you`", `<p dir="auto">Hello, <em>you</em> and <strong>you</strong> and <del>you</del> and <code>you</code></p>`},
		{"hard line breaks", "one\ntwo\r\nthree\rfour", "<p dir=\"auto\">one<br>\ntwo<br>\nthree<br>\nfour</p>"},
		{"paragraphs", "one\n\ntwo", "<p dir=\"auto\">one</p>\n<p dir=\"auto\">two</p>"},
		{"emoji", ":tada: :+1: 12:30:45 :no-such:", `<p dir="auto">🎉 👍 12:30:45 :no-such:</p>`},
		{"an emoji that Unicode does not have", ":octocat:", `<p dir="auto">:octocat:</p>`},
		{"emoji side by side", ":tada::tada: (:+1:) 好:tada:好", `<p dir="auto">🎉🎉 (👍) 好🎉好</p>`},
		{"emoji after emoji", "❤️:tada: 1️⃣:tada: ﾒﾝﾊﾞｰ:tada:ｰ か\u3099:tada: e\u0301:tada:", "<p dir=\"auto\">❤️🎉 1️⃣🎉 ﾒﾝﾊﾞｰ🎉ｰ か\u3099🎉 e\u0301:tada:</p>"},
		{"no emoji in words and numbers", "2001:db8:100::1 fe80::100: root:x:0:0 user:id:name a:tada: :id:s", `<p dir="auto">2001:db8:100::1 fe80::100: root:x:0:0 user:id:name a:tada: :id:s</p>`},
		{"one tilde strikes nothing", "3~5 days or 7~9, ~a~ ~~b~ ~c~ ~~~d~~~", `<p dir="auto">3~5 days or 7~9, ~a~ ~~b~ ~c~ ~~~d~~~</p>`},
		{"a spoiler", "it is ||the *butler*||.", `<p dir="auto">it is ` + shade + `the <em>butler</em></span></span>.</p>`},
		{"a spoiler on two lines, in markup and with markup", "**||a\nb||** ||`c||d`||e", "<p dir=\"auto\"><strong>" + shade + "a<br>\nb</span></span></strong> " + shade + "<code>c||d</code></span></span>e</p>"},
		{"a spoiler with a link", "||[a](https://a.example) https://b.example/c||", `<p dir="auto">` + shade + `<a href="https://a.example"` + rel + `>a</a> <a href="https://b.example/c"` + rel + `>https://b.example/c</a></span></span></p>`},
		{"a spoiler that is an address", "||https://a.example/b||c ||d@e.example||", `<p dir="auto">` + shade + `<a href="https://a.example/b"` + rel + `>https://a.example/b</a></span></span>c ` + shade + `<a href="mailto:d@e.example"` + rel + `>d@e.example</a></span></span></p>`},
		{"a spoiler in a spoiler", "||a ||b|| c||", `<p dir="auto">` + shade + `a b c</span></span></p>`},
		{"no spoiler in a link", "[||a||](https://b.example) ![||c||](https://d.example)", `<p dir="auto"><a href="https://b.example"` + rel + `>||a||</a> <a href="https://d.example"` + rel + `>||c||</a></p>`},
		{"a formula", `so $a_1*b*c < \frac{1}{2}\$$, (**$x$**)`, `<p dir="auto">so <span class="math">$a_1*b*c &lt; \frac{1}{2}\$$</span>, (<strong><span class="math">$x$</span></strong>)</p>`},
		{"a formula that stands out", "so\n$$\n a \\\\\n@ada $b\n$$ and $$c$$", "<p dir=\"auto\">so<br>\n<span class=\"math math-displayed\">$$\na \\\\\n@ada $b\n$$</span> and <span class=\"math math-displayed\">$$c$$</span></p>"},
		{"no formula", "$5 or $6, US$7 and CA$8, $HOME/$PATH, $ a$ $b $ $$ $$$$ $c\nd$ $e\\$ $$$f$$$", "<p dir=\"auto\">$5 or $6, US$7 and CA$8, $HOME/$PATH, $ a$ $b $ $$ $$$$ $c<br>\nd$ $e$ $$$f$$$</p>"},
		{"no formula in code", "`$a$`", `<p dir="auto"><code>$a$</code></p>`},
		{"a formula that is too long", "$" + strings.Repeat("a", 1001) + "$", `<p dir="auto">$` + strings.Repeat("a", 1001) + `$</p>`},
		{"no spoiler in code", "`||a||`", `<p dir="auto"><code>||a||</code></p>`},
		{"bars that hide nothing", "a || b || c, ||d, e |||f||| ||| |||| \\||g\\|| ||", `<p dir="auto">a || b || c, ||d, e |||f||| ||| |||| ||g|| ||</p>`},
		{"bars in a table", "|a|b|\n|-|-|\n|1 || 2|", "<p dir=\"auto\">|a|b|<br>\n|-|-|<br>\n|1 || 2|</p>"},
		{"headings are shifted", "# a\n\n## b\n\n###### c", "<h3 dir=\"auto\">a</h3>\n<h4 dir=\"auto\">b</h4>\n<h6 dir=\"auto\">c</h6>"},
		{"a quotation", "> a\n> b", "<blockquote dir=\"auto\"><p>a<br>\nb</p>\n</blockquote>"},
		{"a list", "- a\n- b", "<ul dir=\"auto\"><li>a</li>\n<li>b</li>\n</ul>"},
		{"a list that starts late", "7. a\n8. b", "<ol start=\"7\" dir=\"auto\"><li>a</li>\n<li>b</li>\n</ol>"},
		{"a list whose numbers leap", "1. a\n3. b\n4. c\n4. d", "<ol dir=\"auto\"><li>a</li>\n<li value=\"3\">b</li>\n<li>c</li>\n<li value=\"4\">d</li>\n</ol>"},
		{"a list that leaves the counting to us", "2. a\n2. b\n2. c", "<ol start=\"2\" dir=\"auto\"><li>a</li>\n<li>b</li>\n<li>c</li>\n</ol>"},
		{"tasks", "- [ ] a\n- [x] b", "<ul dir=\"auto\"><li><input type=\"checkbox\" disabled=\"\" aria-label=\"Done\"> a</li>\n<li><input type=\"checkbox\" disabled=\"\" aria-label=\"Done\" checked=\"\"> b</li>\n</ul>"},
		{"a line across", "a\n\n---\n\nb", "<p dir=\"auto\">a</p>\n<hr>\n<p dir=\"auto\">b</p>"},
		{"a table", "|a|b|\n|-|-:|\n|1|2|", "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>\n<thead><tr>\n<th dir=\"auto\">a</th>\n<th dir=\"auto\" class=\"align-right\">b</th>\n</tr></thead>\n<tbody>\n<tr>\n<td dir=\"auto\">1</td>\n<td dir=\"auto\" class=\"align-right\">2</td>\n</tr>\n</tbody>\n</table></div>"},

		{"an address", "see https://example.org/a?b=1&c='2'.", `<p dir="auto">see <a href="https://example.org/a?b=1&amp;c=&#39;2&#39;"` + rel + `>https://example.org/a?b=1&amp;c=&#39;2&#39;</a>.</p>`},
		{"an address without a scheme", "www.example.org", `<p dir="auto"><a href="http://www.example.org"` + rel + `>www.example.org</a></p>`},
		{"an email address", "ada@example.org", `<p dir="auto"><a href="mailto:ada@example.org"` + rel + `>ada@example.org</a></p>`},
		{"a link shows its title", `[a *b*](https://example.org "a &amp; \"b\"")`, `<p dir="auto"><a href="https://example.org"` + rel + `>a <em>b</em></a> &#34;a &amp; &#34;b&#34;&#34;</p>`},
		{"a link by reference shows its title", "[a]\n\n[a]: https://example.org 'title'", `<p dir="auto"><a href="https://example.org"` + rel + `>a</a> &#34;title&#34;</p>`},
		{"an image shows its title", `![a](https://example.org "title")`, `<p dir="auto"><a href="https://example.org"` + rel + `>a</a> &#34;title&#34;</p>`},
		{"a link by reference", "[a]\n\n[a]: https://example.org", `<p dir="auto"><a href="https://example.org"` + rel + `>a</a></p>`},
		{"a link in capitals", "[a](HTTPS://EXAMPLE.ORG)", `<p dir="auto"><a href="HTTPS://EXAMPLE.ORG"` + rel + `>a</a></p>`},
		{"another alphabet's host", "[a](https://münchen.example)", `<p dir="auto"><a href="https://m%C3%BCnchen.example"` + rel + `>a</a></p>`},
		{"an empty link shows its address", "[](https://example.org)", `<p dir="auto"><a href="https://example.org"` + rel + `>https://example.org</a></p>`},
		{"an invisible link shows its address", "[\u200b](https://a.example) [*\u3164*](https://b.example) [&#x2800;](https://c.example) [\u00a0\ufe0f](https://d.example)", `<p dir="auto">` +
			`<a href="https://a.example"` + rel + ">https://a.example\u200b</a> " + `<a href="https://b.example"` + rel + ">https://b.example<em>\u3164</em></a> " +
			`<a href="https://c.example"` + rel + ">https://c.example\u2800</a> " + `<a href="https://d.example"` + rel + ">https://d.example\u00a0\ufe0f</a></p>"},
		{"an invisible image shows its address", "![\u200b](https://a.example) ![\u3164](https://b.example)", `<p dir="auto">` +
			`<a href="https://a.example"` + rel + ">https://a.example</a> " + `<a href="https://b.example"` + rel + ">https://b.example</a></p>"},
		{"an image is a link", "![a **b** :tada:](https://example.org/a.png)", `<p dir="auto"><a href="https://example.org/a.png"` + rel + `>a b 🎉</a></p>`},
		{"an image without a text", "![](https://example.org/a.png)", `<p dir="auto"><a href="https://example.org/a.png"` + rel + `>https://example.org/a.png</a></p>`},
		{"an image in a link", "[![a](https://a.example)](https://b.example)", `<p dir="auto"><a href="https://b.example"` + rel + `>![a](https://a.example)</a></p>`},
		{"a link in an image", "![a [b](https://b.example)](https://a.example)", `<p dir="auto"><a href="https://a.example"` + rel + `>a [b](https://b.example)</a></p>`},
		{"an address in a link", "[<https://a.example>](https://b.example)", `<p dir="auto"><a href="https://b.example"` + rel + `>https://a.example</a></p>`},
		{"a local address is no link", "[a](/settings) [b](//evil.example) [c](#x)", `<p dir="auto">[a](/settings) [b](//evil.example) [c](#x)</p>`},
		{"an address of another kind is no link", "[a](ftp://a.example) [b](tel:112) ![c](b.png) [*d*]()", `<p dir="auto">[a](ftp://a.example) [b](tel:112) ![c](b.png) [<em>d</em>]()</p>`},
		{"an address without a scheme is a link by itself", "[guide](www.example.org/guide)", `<p dir="auto">[guide](<a href="http://www.example.org/guide"` + rel + `>www.example.org/guide</a>)</p>`},
		{"javascript", "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](vbscript:x) [d](data:text/html,x) [e](file:///etc)", `<p dir="auto">[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](vbscript:x) [d](data:text/html,x) [e](file:///etc)</p>`},
		{"javascript behind entities", "[a](&#106;avascript:alert&#40;1&#41;) [b](java&#x0A;script:x) [c](&#x6A;avascript&colon;x)", "<p dir=\"auto\">[a](javascript:alert(1)) [b](java\nscript:x) [c](javascript:x)</p>"},
		{"javascript behind white space", "[a](<java\tscript:x>) [b](< javascript:x>) [c](\u00a0javascript:x)", "<p dir=\"auto\">[a](&lt;java\tscript:x&gt;) [b](&lt; javascript:x&gt;) [c](\u00a0javascript:x)</p>"},
		{"javascript as an image", "![a](javascript:alert(1)) ![](data:image/png;base64,AAAA)", `<p dir="auto">![a](javascript:alert(1)) ![](data:image/png;base64,AAAA)</p>`},
		{"javascript by reference", "[a][b] [b][]\n\n[b]: javascript:x", "<p dir=\"auto\">[a][b] [b][]</p>\n<p dir=\"auto\">[b]: javascript:x</p>"},
		{"javascript as an address", "<javascript:alert(1)> <data:text/html,x>", `<p dir="auto">&lt;javascript:alert(1)&gt; &lt;data:text/html,x&gt;</p>`},
		{"a backslash in a host", `[a](https://good.example\\@evil.example)`, `<p dir="auto">[a](https://good.example\@evil.example)</p>`},
		{"a user's name before a host", "[a](https://good.example@evil.example) [b](http://a:b@c.example)", `<p dir="auto">[a](https://good.example@evil.example) [b](http://a:b@c.example)</p>`},
		{"C++ is no address", "std::vector<std::string>", `<p dir="auto">std::vector&lt;std::string&gt;</p>`},

		{"raw HTML is text", "<b onclick=\"x\">a</b> <script>alert(1)</script>", `<p dir="auto">&lt;b onclick=&#34;x&#34;&gt;a&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>`},
		{"a raw HTML block is text, with Markdown", "<div hx-get=\"/\">\n*a*\n</div>\n<!-- b -->", "<p dir=\"auto\">&lt;div hx-get=&#34;/&#34;&gt;<br>\n<em>a</em><br>\n&lt;/div&gt;<br>\n&lt;!-- b --&gt;</p>"},
		{"entities are characters, not markup", "&lt;b&gt; &copy; &#60;i&#62; &#0;", "<p dir=\"auto\">&lt;b&gt; © &lt;i&gt; \uFFFD</p>"},
		{"invalid UTF-8 and NUL", "a\xffb\x00c", "<p dir=\"auto\">a\uFFFDb\uFFFDc</p>"},

		{"code", "```go\nfunc f() {}\n```", `<div class="code"><div class="code-head"><span class="code-language">Go</span></div><pre dir="ltr" tabindex="0" role="group" aria-label="Code, Go"><code class="chroma"><span class="kd">func</span> <span class="nf">f</span>() {}` + "\n</code></pre></div>"},
		{"code without a language", "```\n<a>\n```", `<div class="code"><div class="code-head"><span class="code-language">Code</span></div><pre dir="ltr" tabindex="0" role="group" aria-label="Code"><code class="chroma">&lt;a&gt;` + "\n</code></pre></div>"},
		{"indented code", "    a\n     b", `<div class="code"><div class="code-head"><span class="code-language">Code</span></div><pre dir="ltr" tabindex="0" role="group" aria-label="Code"><code class="chroma">a` + "\n b\n</code></pre></div>"},
		{"code in a language that we do not know", "```\"><script>\na\n```", `<div class="code"><div class="code-head"><span class="code-language">&#34;&gt;&lt;script&gt;</span></div><pre dir="ltr" tabindex="0" role="group" aria-label="Code, &#34;&gt;&lt;script&gt;"><code class="chroma">a` + "\n</code></pre></div>"},

		{"a lone quotation mark of Markdown", ">", `<p dir="auto">&gt;</p>`},
		{"a lone bullet", "-", `<p dir="auto">-</p>`},
		{"a lone fence", "```", "<p dir=\"auto\">```</p>"},
		{"nothing that can be seen", "&nbsp; &#8203;", `<p dir="auto">&amp;nbsp; &amp;#8203;</p>`},
		{"a lone definition", "[a]: /b", `<p dir="auto">[a]: /b</p>`},
		{"a definition that no link uses", "[12:30]: **hello**\n[b]: @ada \"c\"\nd", "<p dir=\"auto\">[12:30]: <strong>hello</strong><br>\n[b]: <a class=\"mention\" href=\"/u/Ada\">@Ada</a> &#34;c&#34;<br>\nd</p>"},
		{"a second definition", "[a]: https://a.example\n[A]: https://b.example\n[c]: d\n\n[a]", "<p dir=\"auto\"><a href=\"https://a.example\"" + rel + ">A</a>: <a href=\"https://b.example\"" + rel + ">https://b.example</a><br>\n[c]: d</p>\n<p dir=\"auto\"><a href=\"https://a.example\"" + rel + ">a</a></p>"},
		{"a definition above a heading", "[a]: b\n===", "<h3 dir=\"auto\">[a]: b</h3>"},
		{"a definition that a link in a link uses", "[![a][b]](https://c.example)\n\n[b]: https://b.example", `<p dir="auto"><a href="https://c.example"` + rel + ">![a][b]</a></p>\n<p dir=\"auto\">[b]: <a href=\"https://b.example\"" + rel + ">https://b.example</a></p>"},
		{"a row with more cells than its table", "a\n\n|b|c|\n|-|-|\n|1|2|3|", "<p dir=\"auto\">a</p>\n<p dir=\"auto\">|b|c|<br>\n|-|-|<br>\n|1|2|3|</p>"},
		{"nothing", "", `<p dir="auto"></p>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Render(test.source, known).HTML
			if got != test.want {
				t.Errorf("Render(%q)\n got %s\nwant %s", test.source, got, test.want)
			}
			assertSafe(t, test.source, got)
		})
	}
}

// Code loses its colours if the time runs out, as on a busy machine.
func TestRenderIsSafeForConcurrentUse(t *testing.T) {
	source := "# @ada\n\n```go\nvar a\n```\n\n```html\n<b>\n```\n\n|a|\n|-|\n"
	colours := regexp.MustCompile(`<span class="[a-z0-9]{1,3}">([^<]*)</span>`)
	render := func() string { return colours.ReplaceAllString(Render(source, known).HTML, "$1") }
	want := render()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 5 {
				if got := render(); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				Mentions(source)
			}
		})
	}
	group.Wait()
}

func TestDirectionIsFoundByBlocks(t *testing.T) {
	for _, source := range []string{"سلام", "# سلام", "> سلام", "- سلام", "1. سلام", "|سلام|\n|-|\n|b|"} {
		if got := Render("Hello\n\n"+source, nil).HTML; strings.Count(got, `dir="auto"`) < 2 {
			t.Errorf("Render(%q) has no direction: %s", source, got)
		}
	}
	if got := Render("> a\n>\n> b", nil).HTML; strings.Count(got, "dir=") != 1 {
		t.Errorf("paragraphs do not follow their quotation: %s", got)
	}
}
