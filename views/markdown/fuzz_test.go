package markdown

import (
	"hash/crc32"
	"testing"
)

// FuzzRender checks what holds for any source, as a message and as code in one of our
// languages. testdata/fuzz/FuzzRender has sources that may be a problem.
func FuzzRender(f *testing.F) {
	for _, source := range traps {
		// The fuzzing engine is slow with longer sources.
		f.Add(source[:min(len(source), 500)])
	}
	f.Fuzz(func(t *testing.T, source string) {
		message := Render(source, known)
		assertSafe(t, source, message.HTML)
		if len(message.Text) > maxHTML || message.Text != oneLine(message.Text) {
			t.Errorf("%q says %d bytes, not on one line or too many", source, len(message.Text))
		}
		for _, candidate := range Mentions(source) {
			if !isName(candidate) {
				t.Errorf("Mentions(%q) has %q", source, candidate)
			}
		}
		// One language for each source: all of them would leave time for few sources.
		l := languages[crc32.ChecksumIEEE([]byte(source))%uint32(len(languages))]
		code := "~~~~~" + l.label + "\n" + source + "\n~~~~~"
		assertSafe(t, code, Render(code, known).HTML)
	})
}
