package markdown

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"plaza/store"
)

// bareLinkParser makes links of addresses that stand in the text: https://example.org, www.example.org and
// ada@example.org. Goldmark calls a parser only at punctuation, so this one looks back from the ://, the first
// dot and the @. Goldmark's own parser of such links knows fewer hosts and paths, and finds links only behind
// spaces and some punctuation.
type bareLinkParser struct{}

const (
	// maxLocal is how many bytes the part of an email address before the @ may have.
	maxLocal = 64
	// maxLookBack is how far the parser looks back from an @. It includes the start of a URL with a user name.
	maxLookBack = 256
)

// Trigger implements parser.InlineParser.
func (bareLinkParser) Trigger() []byte { return []byte{':', '.', '@'} }

// Parse implements parser.InlineParser.
func (bareLinkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	before := textBefore(parent, block.Source(), segment.Start)
	after := strings.TrimRight(string(line), "\n")
	var found bareLink
	switch line[0] {
	case ':':
		found = findURL(before, after, pc.IsInLinkLabel())
	case '.':
		found = findWWW(before, after, pc.IsInLinkLabel())
	case '@':
		found = findEmail(before, after)
	}
	if found.after == 0 {
		return nil
	}
	start := segment.Start - found.before
	link := ast.NewAutoLink(found.kind, ast.NewTextSegment(text.NewSegment(start, segment.Start+found.after)))
	link.SetPos(start)
	link.Protocol = found.protocol
	if _, _, ok := autoLink(link, block.Source()); !ok {
		return nil
	}
	takeBack(parent, pc, start)
	block.Advance(found.after)
	return link
}

// textBefore returns the text that the parser has read before a position, without a break or markup, as far as an
// address may reach back. Underscores and bars may still become markup, but not in an address.
func textBefore(parent ast.Node, source []byte, end int) string {
	start := end
	for n := parent.LastChild(); n != nil && end-start < maxLookBack; n = n.PreviousSibling() {
		var segment text.Segment
		switch n := n.(type) {
		case *ast.Text:
			if n.SoftLineBreak() || n.HardLineBreak() {
				break
			}
			segment = n.Segment
		case *parser.Delimiter:
			if n.Char == '_' || n.Char == '|' {
				segment = n.Segment
			}
		}
		if segment.Stop != start {
			break
		}
		start = segment.Start
	}
	return string(source[max(start, end-maxLookBack):end])
}

// takeBack removes the text from start on that the parser has read.
func takeBack(parent ast.Node, pc parser.Context, start int) {
	for {
		switch last := parent.LastChild().(type) {
		case *parser.Delimiter:
			if last.Segment.Start < start {
				return
			}
			// This makes text of it.
			pc.RemoveDelimiter(last)
		case *ast.Text:
			if last.Segment.Start < start {
				last.Segment = last.Segment.WithStop(min(last.Segment.Stop, start))
				return
			}
			parent.RemoveChild(parent, last)
		default:
			return
		}
	}
}

// bareLink is an address in the text.
type bareLink struct {
	before, after int // how many of its bytes are before the position that it was found at, and how many after
	kind          ast.AutoLinkType
	protocol      []byte
}

var schemes = []string{"https", "http"}

// findURL finds an address with a scheme. after begins with the colon.
func findURL(before, after string, inLabel bool) bareLink {
	rest, ok := strings.CutPrefix(after, "://")
	if !ok {
		return bareLink{}
	}
	for _, scheme := range schemes {
		preceding, ok := cutSuffixFold(before, scheme)
		if !ok {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(preceding)
		length := addressLength(rest, last, inLabel)
		if endsInWord(preceding) || length == 0 {
			return bareLink{}
		}
		return bareLink{before: len(scheme), after: len("://") + length, kind: ast.AutoLinkURL}
	}
	return bareLink{}
}

// findWWW finds an address that begins with www. after begins with the dot behind that.
func findWWW(before, after string, inLabel bool) bareLink {
	preceding, ok := cutSuffixFold(before, "www")
	last, _ := utf8.DecodeLastRuneInString(preceding)
	if !ok || endsInWord(preceding) || strings.ContainsRune("./@", last) {
		return bareLink{}
	}
	length := addressLength(after[1:], last, inLabel)
	if host := after[1 : 1+min(length, hostLength(after[1:]))]; !strings.Contains(host, ".") {
		return bareLink{}
	}
	return bareLink{before: len("www"), after: 1 + length, kind: ast.AutoLinkURL, protocol: []byte("http")}
}

// findEmail finds an email address. after begins with the @. The user name of a URL is none.
func findEmail(before, after string) bareLink {
	word := before[strings.LastIndexFunc(before, unicode.IsSpace)+1:]
	local := before
	if at := strings.LastIndexFunc(before, func(r rune) bool { return !isLocal(r) }); at >= 0 {
		_, size := utf8.DecodeRuneInString(before[at:])
		local = before[at+size:]
	}
	local = strings.TrimLeft(local, "._-+")
	preceding := strings.TrimSuffix(before, local)
	host := strings.TrimRight(after[1:1+hostLength(after[1:])], ".-_")
	if local == "" || len(local) > maxLocal || endsInWord(preceding) || strings.Contains(word, "://") || !strings.Contains(host, ".") {
		return bareLink{}
	}
	return bareLink{before: len(local), after: 1 + len(host), kind: ast.AutoLinkEmail}
}

// isLocal tells whether r may stand before the @ of a bare email address.
func isLocal(r rune) bool {
	return r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-+", r))
}

func cutSuffixFold(s, suffix string) (before string, found bool) {
	split := len(s) - len(suffix)
	if split < 0 || !strings.EqualFold(s[split:], suffix) {
		return s, false
	}
	return s[:split], true
}

var (
	ipv6     = regexp.MustCompile(`^\[[0-9A-Fa-f:.]+\]`)
	port     = regexp.MustCompile(`^:[0-9]{1,5}`)
	userInfo = regexp.MustCompile("^[!-.0-;=A-~]*@") // ASCII but /?#<>
)

// addressLength returns the length of an address at the start of s, without its scheme. It returns 0 if there is
// none, or one with a user name. preceding is the character before the scheme. inLabel says whether a bracket is open.
func addressLength(s string, preceding rune, inLabel bool) int {
	length := len(ipv6.FindString(s))
	if length == 0 {
		length = hostLength(s)
	}
	if length == 0 || userInfo.MatchString(s) || strings.HasPrefix(s[length:], "@") {
		return 0
	}
	length += len(port.FindString(s[length:]))
	if rest := s[length:]; rest != "" && strings.ContainsRune("/?#", rune(rest[0])) {
		length += pathLength(rest, preceding, inLabel)
	}
	return len(trimAddress(s[:length]))
}

// hostLength returns the length of a host at the start of s. Text may follow without a space, so the last label of a
// name ends where a script without spaces begins: example.orgです.
func hostLength(s string) int {
	previous := '.'
	end, cut := len(s), 0
	for i, r := range s {
		isLetter := unicode.In(r, unicode.L, unicode.Nd, unicode.Mn, unicode.Mc) && store.IsVisible(r)
		if !isLetter && (!strings.ContainsRune("-._", r) || previous == '.') {
			end = i
			break
		}
		switch {
		case r == '.':
			cut = 0
		case cut == 0 && previous <= unicode.MaxASCII && joins(previous) && unicode.In(r, unspaced...):
			cut = i
		}
		previous = r
	}
	if cut > 0 {
		return cut
	}
	return end
}

// closers are what ends an address that stands between two of them.
var closers = map[rune]rune{
	'"': '"', '\'': '\'', '|': '|', '(': ')', '[': ']', '{': '}', '<': '>',
	'“': '”', '„': '“', '‘': '’', '«': '»', '‹': '›',
	'（': '）', '［': '］', '｛': '｝', '「': '」', '『': '』', '【': '】', '《': '》', '〈': '〉', '〔': '〕',
}

// pathLength returns the length of a path at the start of s, with its query and fragment. As in GFM, it ends at a
// space or a <. It also ends at the punctuation of scripts without spaces, and at what closes a bracket or a
// quotation that was opened before.
func pathLength(s string, preceding rune, inLabel bool) int {
	open := map[rune]int{}
	for i, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("<，。、；：！？", r) {
			return i
		}
		closes := r == closers[preceding] || r == ']' && inLabel || r > unicode.MaxASCII && isCloser(r)
		switch {
		case closes && open[r] == 0:
			return i
		case closes:
			open[r]--
		case closers[r] != 0:
			open[closers[r]]++
		}
	}
	return len(s)
}

// isCloser tells whether r closes a bracket or a quotation.
func isCloser(r rune) bool { return unicode.In(r, unicode.Pe, unicode.Pf) }

// trimAddress returns an address without the punctuation of the text behind it, as GFM does: a bracket or
// a quotation mark belongs to an address that opens it.
func trimAddress(s string) string {
	for s != "" {
		last, size := utf8.DecodeLastRuneInString(s)
		switch {
		case strings.ContainsRune(`?!.,:*_~|\…`, last):
		case strings.ContainsRune(`"'`, last) && strings.Count(s, string(last))%2 == 1:
		case last == ';' && entityAtEnd.MatchString(s):
			size = len(entityAtEnd.FindString(s))
		case isUnopened(s, '(', ')') || isUnopened(s, '[', ']') || isUnopened(s, '{', '}'):
		default:
			return s
		}
		s = s[:len(s)-size]
	}
	return s
}

// isUnopened tells whether s ends with a bracket that it does not open.
func isUnopened(s string, opening, closing byte) bool {
	return s[len(s)-1] == closing && strings.Count(s, string(closing)) > strings.Count(s, string(opening))
}

var entityAtEnd = regexp.MustCompile(`&[A-Za-z0-9]+;$`)
