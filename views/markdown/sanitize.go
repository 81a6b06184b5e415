package markdown

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// policy returns the allowlist for all HTML of messages. The renderer makes only what the
// policy allows, so the policy removes something only if the renderer has a bug. It allows no
// id, style, hx-* or data-* attribute: only the page itself uses them.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li",
		"strong", "em", "del", "code", "table", "thead", "tbody", "tr", "th", "td")
	exactly := func(pattern string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + pattern + `)$`) }

	p.AllowAttrs("dir").Matching(exactly("auto")).
		OnElements("p", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "th", "td")
	p.AllowAttrs("start").Matching(exactly(`[0-9]{1,9}`)).OnElements("ol")
	p.AllowAttrs("value").Matching(exactly(`[0-9]{1,9}`)).OnElements("li")
	p.AllowAttrs("class").Matching(exactly("align-(left|center|right)")).OnElements("th", "td")

	p.AllowAttrs("href").Matching(exactly("(?:(?i:https?)://[^/]|(?i:mailto):)[!-~]*|/u/[A-Za-z0-9._~%-]+")).OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(relation)).OnElements("a")
	p.AllowAttrs("class").Matching(exactly("mention")).OnElements("a")

	p.AllowAttrs("class").Matching(exactly("code|code-head|table")).OnElements("div")
	p.AllowAttrs("class").Matching(exactly("chroma")).OnElements("code")
	// chroma's classes are one to three lower-case letters and digits.
	p.AllowAttrs("class").Matching(exactly("code-language|spoiler(-text)?|math( math-displayed)?|[a-z][a-z0-9]{0,2}")).OnElements("span")
	p.AllowAttrs("dir").Matching(exactly("ltr")).OnElements("pre")
	p.AllowAttrs("tabindex").Matching(exactly("0")).OnElements("pre", "div", "span")
	p.AllowAttrs("role").Matching(exactly("group")).OnElements("pre", "div", "span")
	p.AllowAttrs("aria-label").Matching(exactly("Code(, .{1,32})?")).OnElements("pre")
	p.AllowAttrs("aria-label").Matching(exactly("Table")).OnElements("div")
	p.AllowAttrs("aria-label").Matching(exactly("Spoiler")).OnElements("span")

	p.AllowAttrs("type").Matching(exactly("checkbox")).OnElements("input")
	p.AllowAttrs("disabled", "checked").Matching(exactly("")).OnElements("input")
	p.AllowAttrs("aria-label").Matching(exactly("Done")).OnElements("input")
	return p
})
