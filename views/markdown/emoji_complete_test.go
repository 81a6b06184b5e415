package markdown

import (
	"testing"
)

func TestCompleteEmoji(t *testing.T) {
	for text, want := range map[string]NamedEmoji{
		"tad": {"tada", "🎉"}, "TADA": {"tada", "🎉"}, "+1": {"+1", "👍"}, "smi": {"smile", "😄"}, "popper": {},
		"": {"a", "🅰️"}, "stuck_out_tongue_winking": {"stuck_out_tongue_winking_eye", "😜"}, "sunglasses": {"sunglasses", "😎"}, "no-such": {},
	} {
		found := CompleteEmoji(text)
		if len(found) > mostEmoji {
			t.Errorf("%q has %d completions", text, len(found))
		}
		if len(found) == 0 && want == (NamedEmoji{}) {
			continue
		}
		if len(found) == 0 || found[0] != want {
			t.Errorf("%q becomes %v, want %v first", text, found, want)
		}
	}
	if names := emojiNames(); len(names) < 1900 {
		t.Fatalf("there are %d shortcodes", len(names))
	}
	for _, name := range emojiNames() {
		for _, found := range CompleteEmoji(name) {
			if got := Render(":"+found.Name+":", nil).Text; found.Name == name && got != found.Text {
				t.Errorf(":%s: is offered as %s and becomes %s", name, found.Text, got)
			}
		}
	}
}
