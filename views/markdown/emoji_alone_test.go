package markdown

import (
	"strings"
	"testing"
)

// One to three emoji and nothing else are shown large.
func TestLargeEmoji(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"🎉": true, "🎉🎉🎉": true, "🎉 👍\n": true, ":tada: :+1:": true, "❤️": true, "©️": true, "1️⃣": true, "🇮🇹🇩🇪": true,
		"👨‍👩‍👧": true, "👍🏽👍🏽👍🏽": true, "🏴󠁧󠁢󠁳󠁣󠁴󠁿": true, "⭐": true, "✅": true, "🫠": true, "🏳️‍🌈": true,
		"🎉🎉🎉🎉": false, "🎉!": false, "hm 🎉": false, "1": false, "123": false, "©": false, "❤": false, "❤︎": false, "好": false, "ℹ": false,
		"# 🎉": false, "- 🎉": false, "> 🎉": false, "🎉\n\n🎉": false, "`🎉`": true, "**🎉**": true, "🇮": false, "🎉\u200b": false, "": false,
		"[🎉](https://example.org)": true, ":octocat:": false,
	} {
		html := Render(source, nil).HTML
		if got := strings.HasPrefix(html, `<p class="large-emoji" dir="auto">`); got != want {
			t.Errorf("%q is shown large: %t, %s", source, got, html)
		}
	}
}
