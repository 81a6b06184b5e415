package markdown

import (
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/dlclark/regexp2/v2"
)

// The limits of a lexer. Some of chroma's lexers loop for ever on a single character, and
// nothing can stop a goroutine from outside. So the lexer counts its own steps.
const (
	// maxSteps is how many rules may match per code point of the code, and maxSpareSteps how many
	// more in all. Lexers that work need less than two per code point.
	maxSteps      = 8
	maxSpareSteps = 1000
	// maxMatch is how long a single rule may look for its match. Chroma's own limit,
	// 250 ms, is longer than a whole message may take.
	maxMatch = 20 * time.Millisecond
	// matchClock is how often a rule checks the time while it looks for its match.
	matchClock = 5 * time.Millisecond
)

// timeoutState is a state that guard adds to a lexer. A step in it sets the time limit of all
// rules.
const timeoutState = "plaza: set the time limit"

// guard returns a lexer with the config and the rules of another one. It panics when it takes
// more steps than maxSteps and maxSpareSteps allow, and each of its rules has maxMatch. It
// finds the lexers of other languages (CSS in HTML, anything in Markdown) in the registry,
// so that these are guarded too.
func guard(config *chroma.Config, rules chroma.Rules, registry *chroma.LexerRegistry) (chroma.Lexer, error) {
	guarded := chroma.Rules{
		timeoutState: {{Pattern: `.`, Type: chroma.EmitterFunc(setTimeouts)}},
	}
	for state, ruleset := range rules {
		for _, rule := range ruleset {
			rule.Type = countedEmitter{rule.Type}
			guarded[state] = append(guarded[state], rule)
		}
	}
	lexer, err := chroma.NewLexer(config, func() chroma.Rules { return guarded })
	if err != nil {
		return nil, err
	}
	lexer.SetRegistry(registry)
	// This step compiles the rules, too.
	_, err = chroma.Tokenise(lexer, &chroma.TokeniseOptions{State: timeoutState}, "-")
	return lexer, err
}

var setClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(matchClock) })

// setTimeouts is an emitter that sets the time limits and emits nothing.
func setTimeouts(_ []string, state *chroma.LexerState) chroma.Iterator {
	for _, rules := range state.Rules {
		for _, rule := range rules {
			rule.Regexp.MatchTimeout = maxMatch
		}
	}
	return chroma.Literator()
}

// stepsKey is the key of the number of steps in a lexer's state.
type stepsKey struct{}

// countedEmitter counts a step each time its rule matches. Every loop of a lexer goes through
// an emitter, because a lexer without a matching rule moves on by one character.
type countedEmitter struct {
	emitter chroma.Emitter // nil for a rule that emits nothing
}

// Emit implements chroma.Emitter.
func (c countedEmitter) Emit(groups []string, state *chroma.LexerState) chroma.Iterator {
	steps, _ := state.Get(stepsKey{}).(int)
	if steps > maxSteps*len(state.Text)+maxSpareSteps {
		panic("a lexer does not come to an end")
	}
	state.Set(stepsKey{}, steps+1)
	if c.emitter == nil {
		return chroma.Literator()
	}
	return c.emitter.Emit(groups, state)
}

// ValidateEmitter implements chroma.ValidatingEmitter.
func (c countedEmitter) ValidateEmitter(rule *chroma.CompiledRule) error {
	if validating, ok := c.emitter.(chroma.ValidatingEmitter); ok {
		return validating.ValidateEmitter(rule)
	}
	return nil
}
