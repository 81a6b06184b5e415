package markdown

import (
	"strings"
	"testing"
)

func TestEmoji(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"🎉": "🎉", "😀": "😀", "❤️": "❤️", "❤": "❤️", "☺": "☺️", "©": "©️", "1️⃣": "1️⃣", "#⃣": "#️⃣",
		"👍🏽": "👍🏽", "👨‍👩‍👧": "👨‍👩‍👧", "👩🏻‍❤️‍💋‍👨🏿": "👩🏻‍❤️‍💋‍👨🏿", "👁‍🗨": "👁️‍🗨️", "🏳‍🌈": "🏳️‍🌈", "🇩🇪": "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
		"\U0001FAFF": "\U0001FAFF", // reserved for a future emoji
	} {
		if got, ok := Emoji(text); !ok || got != want {
			t.Errorf("%q is %q, %t, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", " ", "a", "1", "#", "\uFE0F", "❤\uFE0E", "🎉🎉", "👍 ", " 👍", "👍\n", "😀\n😃", "❤ ❤️", ":tada:", "🏽", "🇦🇦", "🇩", "👨\u200d", "\u200d👧",
		"👨👩👧", "👍‍👍", "👍\u0301", "🎉" + strings.Repeat("\u0301", 1000), "🎉\uFE0E", "<b>", "\xff", "🎉\x00", "é", "中",
		strings.Repeat("🎉", 100),
	} {
		if got, ok := Emoji(text); ok {
			t.Errorf("%q is %q", text, got)
		}
	}
	family, parts := "👨‍👩‍👧", []string{"👨", "👩", "👧"}
	for _, part := range parts {
		if got, ok := Emoji(part); !ok || got == family {
			t.Errorf("%q of %q is %q", part, family, got)
		}
	}
}

func BenchmarkEmoji(b *testing.B) {
	for b.Loop() {
		Emoji("🏴‍☠️")
	}
}
