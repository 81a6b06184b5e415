package markdown

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/unicode/norm"
)

// The limits of usernames are those of registration. maxMentions limits the candidates in a
// message, since each is looked up in the database.
const (
	minName     = 2
	maxName     = 32
	maxMentions = 50
	// maxNameBytes is more than the bytes of any username. NFC composes a code point from only a few
	// others, so what is longer need not be normalised.
	maxNameBytes = maxName * utf8.UTFMax * 4
)

// Mentions returns candidates for usernames after an @ in the source. They are in lower case
// (strings.ToLower) and in Unicode's composed form NFC. Each occurs once, in order, and there
// are at most 50. An @ in code, in a link, in a word (ada@example.org), or in a message that becomes
// plain text does not count.
//
// A name may end in '.', '-' or '_', but at the end of a word these are mostly punctuation or
// emphasis. So "@ada." gives "ada." and "ada". Some scripts have no spaces between words, so
// "@adaさん" gives "adaさん" and "ada". Render links the longest known name.
func Mentions(source string) (candidates []string) {
	defer func() {
		if recover() != nil {
			candidates = nil
		}
	}()
	source = clean(source)
	if !strings.Contains(source, "@") {
		return nil
	}
	document, ok := parse(source, nil)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	// The callback returns no error, so Walk does not either.
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Link, *ast.Image:
			return ast.WalkSkipChildren, nil
		case *mention:
			if !entering {
				break
			}
			for _, candidate := range n.candidates {
				if !seen[candidate] && len(candidates) < maxMentions {
					seen[candidate] = true
					candidates = append(candidates, candidate)
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return candidates
}

// mention is a node: an @ with a name after it. It is inline and has no children.
type mention struct {
	ast.BaseInline
	text       string   // as the author wrote it, with the @
	username   string   // the username of the account; "" if no candidate is known
	candidates []string // the possible usernames, the longest first
}

// links tells whether the mention is a link to an account.
func (m *mention) links() bool { return m.username != "" && !insideLink(m) }

// shown returns what readers see: the name as its owner spells it, or the text as written.
func (m *mention) shown() string {
	if m.links() {
		return "@" + m.username
	}
	return m.text
}

// mentioned returns the usernames of the accounts that a tree mentions, each once, in order.
func mentioned(document ast.Node) []string {
	var usernames []string
	// The callback returns no error, so Walk does not either.
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if m, ok := n.(*mention); ok && entering && m.links() && !slices.Contains(usernames, m.username) {
			usernames = append(usernames, m.username)
		}
		return ast.WalkContinue, nil
	})
	return usernames
}

var kindMention = ast.NewNodeKind("Mention")

// Kind implements ast.Node.
func (m *mention) Kind() ast.NodeKind { return kindMention }

// Dump implements ast.Node.
func (m *mention) Dump(source []byte, level int) {
	ast.DumpHelper(m, source, level, map[string]string{"Text": m.text}, nil)
}

// mentionParser makes nodes of @names. Goldmark parses code and bare addresses before it comes
// to an @ inside them. It finds links only afterwards, so the renderer and Mentions look at the
// ancestors of a mention.
type mentionParser struct{}

// Trigger implements parser.InlineParser.
func (mentionParser) Trigger() []byte { return []byte{'@'} }

// Parse implements parser.InlineParser.
func (mentionParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	// A slash does not count either: example.org/@ada is an address of another site.
	if block.PrecendingCharacter() == '/' || isInWord(block) {
		return nil
	}
	line, _ := block.PeekLine()
	run := nameRun(string(line[1:]))
	known := pc.(*context).known
	m := &mention{}
	for _, name := range candidateNames(run) {
		candidate := strings.ToLower(norm.NFC.String(name))
		m.text = "@" + name
		m.candidates = append(m.candidates, candidate)
		if username, ok := known[candidate]; ok {
			m.username = username
			break
		}
	}
	if len(m.candidates) == 0 {
		return nil
	}
	block.Advance(len(m.text))
	return m
}

// nameRun returns the longest prefix of s with only characters of names and marks. A letter
// and a combining accent may be one letter of a name.
func nameRun(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !isNameCharacter(r) && !unicode.Is(unicode.M, r)
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// candidateNames returns the possible names at the start of a run, the longest first: all of it, and
// what ends where the script changes (adaさん), each also without the punctuation and the invisible marks at its end.
func candidateNames(run string) []string {
	var names []string
	for _, end := range slices.Backward(scriptEnds(run)) {
		for _, name := range []string{run[:end], strings.TrimRightFunc(run[:end], mayEndName)} {
			if isName(name) && (len(names) == 0 || names[len(names)-1] != name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// mayEndName tells whether r may stand right behind a name.
func mayEndName(r rune) bool { return strings.ContainsRune("._-", r) || isInvisibleMark(r) }

// scriptEnds returns where the letters of a script end in a run: before the first letter of another script,
// and at the end of the run. It looks only as far as a name may reach.
func scriptEnds(run string) []int {
	var ends []int
	var current *unicode.RangeTable
	for i, r := range run {
		if i > maxNameBytes {
			return ends
		}
		script := scriptAfter(r, current)
		if script != nil && current != nil && script != current {
			ends = append(ends, i)
		}
		if script != nil {
			current = script
		}
	}
	return append(ends, len(run))
}

// isName tells whether name can be a username.
func isName(name string) bool {
	if len(name) > maxNameBytes {
		return false
	}
	name = norm.NFC.String(name)
	length := utf8.RuneCountInString(name)
	return length >= minName && length <= maxName &&
		strings.IndexFunc(name, func(r rune) bool { return !isNameCharacter(r) }) < 0 &&
		strings.Trim(name, "._-") != ""
}

// isNameCharacter tells whether r may stand in a username.
func isNameCharacter(r rune) bool {
	return unicode.In(r, unicode.L, unicode.Nd) || r == '_' || r == '-' || r == '.'
}
