package markdown

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

const typical = `Hi @ada, have you seen **this**? It's in [the docs](https://example.org/docs):

` + "```go" + `
// Serve answers requests until ctx is done.
func Serve(ctx context.Context, address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	for i := 0; i < 10; i++ {
		go accept(ctx, listener)
	}
	<-ctx.Done()
	return listener.Close()
}
` + "```" + `

- it listens :tada:
- it closes
`

func BenchmarkRender(b *testing.B) {
	bench := func(name, source string) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			Render(source, known)
			for b.Loop() {
				Render(source, known)
			}
		})
	}
	bench("short", "Good morning, @ada! Are you *there*?")
	bench("typical with code", typical)
	bench("4,000 characters of text", repeat("", "Some **words** and `more` of them, https://example.org/ and @ada.\n", ""))
	bench("4,000 characters of Go", repeat("```go\n", strings.Split(strings.SplitAfter(typical, "```go\n")[1], "```")[0], "```"))
	for _, name := range slices.Sorted(maps.Keys(traps)) {
		bench("trap/"+name, traps[name])
	}
}

func BenchmarkMentions(b *testing.B) {
	for b.Loop() {
		Mentions("Good morning, @ada! Are you *there*?")
	}
}
