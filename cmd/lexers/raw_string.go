package main

import (
	"slices"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// rawString is the pattern of Go's raw strings. Chroma calls a function to find templates in them.
// A function cannot be written to a file, and this is the only one in the lexers of our languages.
const rawString = "(`)([^`]*)(`)"

// rawStringState is the state with the rules of templates, which take the place of the function.
const rawStringState = "raw string"

// withoutFunctions returns the rules in a form that can be written to a file.
func withoutFunctions(rules chroma.Rules) chroma.Rules {
	isRawString := func(rule chroma.Rule) bool { return rule.Pattern == rawString }
	at := slices.IndexFunc(rules["root"], isRawString)
	if at < 0 {
		return rules
	}
	template := lexers.GoTextTemplate.(*chroma.RegexLexer).MustRules()
	rules = rules.Merge(template.Rename("root", rawStringState))
	rules["root"][at].Type = chroma.ByGroups(chroma.LiteralString, chroma.UsingSelf(rawStringState), chroma.LiteralString)
	for i, rule := range rules[rawStringState] {
		if rule.Type == chroma.Other {
			rules[rawStringState][i].Type = chroma.LiteralString
		}
	}
	return rules
}
