package collectors

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Pattern is a regular expression that looks first for what each match must have.
//
// Nearly every line of a reply is met by nearly every pattern of its reader, and nearly all of them do not match. Whether
// a line begins with a byte with which a match can begin, and holds the words without which a pattern can't match, is known
// 20 times as fast as whether it matches.
type Pattern struct {
	*regexp.Regexp
	begins *byteSet // a match begins a line and with one of these; nil where that is not known
	words  []word   // each match holds one of them; empty where that is not known
}

// MustCompile compiles an expression, and panics where it is none.
func MustCompile(expression string) *Pattern {
	p := &Pattern{Regexp: regexp.MustCompile(expression)}
	if tree, err := syntax.Parse(expression, syntax.Perl); err == nil {
		tree = tree.Simplify()
		p.words = words(tree)
		if first := new(byteSet); anchored(tree) && !first.add(tree) {
			p.begins = first
		}
	}
	return p
}

// MatchString reports whether the line holds a match.
func (p *Pattern) MatchString(line string) bool {
	return p.mayMatch(line) && p.Regexp.MatchString(line)
}

// FindStringSubmatch returns the first match and its groups, nil for none.
func (p *Pattern) FindStringSubmatch(line string) []string {
	if !p.mayMatch(line) {
		return nil
	}
	return p.Regexp.FindStringSubmatch(line)
}

func (p *Pattern) mayMatch(line string) bool {
	if p.begins != nil && (line == "" || !p.begins[line[0]]) {
		return false
	}
	for i := range p.words {
		if p.words[i].in(line) {
			return true
		}
	}
	return len(p.words) == 0
}

// anchored reports whether a match can only stand at the beginning of the text.
func anchored(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpBeginText:
		return true
	case syntax.OpCapture, syntax.OpConcat:
		return anchored(tree.Sub[0])
	case syntax.OpAlternate:
		for _, branch := range tree.Sub {
			if !anchored(branch) {
				return false
			}
		}
		return true
	}
	return false
}

// A byteSet is a set of bytes with which a match can begin. All bytes of characters beyond ASCII are in it or none.
type byteSet [256]bool

func (s *byteSet) addRange(from, to rune) {
	for r := from; r <= to && r < utf8.RuneSelf; r++ {
		s[r] = true
	}
	if to >= utf8.RuneSelf {
		for b := utf8.RuneSelf; b < len(s); b++ {
			s[b] = true
		}
	}
}

// add adds the bytes with which a match of the expression can begin, and reports whether it can be empty.
func (s *byteSet) add(tree *syntax.Regexp) (empty bool) {
	switch tree.Op {
	case syntax.OpLiteral:
		s.addRange(tree.Rune[0], tree.Rune[0])
		if tree.Flags&syntax.FoldCase != 0 {
			for r := unicode.SimpleFold(tree.Rune[0]); r != tree.Rune[0]; r = unicode.SimpleFold(r) {
				s.addRange(r, r)
			}
		}
		return false
	case syntax.OpCharClass:
		for i := 0; i < len(tree.Rune); i += 2 {
			s.addRange(tree.Rune[i], tree.Rune[i+1])
		}
		return false
	case syntax.OpCapture, syntax.OpPlus:
		return s.add(tree.Sub[0])
	case syntax.OpStar, syntax.OpQuest:
		s.add(tree.Sub[0])
		return true
	case syntax.OpConcat:
		for _, part := range tree.Sub {
			if !s.add(part) {
				return false
			}
		}
		return true
	case syntax.OpAlternate:
		for _, branch := range tree.Sub {
			if s.add(branch) {
				empty = true
			}
		}
		return empty
	case syntax.OpNoMatch:
		return false
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary, syntax.OpEmptyMatch:
		return true
	}
	s.addRange(0, utf8.MaxRune) // any character, or an operator that is not known here
	return tree.Op != syntax.OpAnyChar && tree.Op != syntax.OpAnyCharNotNL
}

// A word is a part of each match.
type word struct {
	text  string
	folds bool // the case of letters does not matter, and those of text are small
}

// in reports whether the line holds the word.
func (w *word) in(line string) bool {
	if !w.folds {
		return strings.Contains(line, w.text)
	}
	for i := range len(line) - len(w.text) + 1 {
		if small(line[i]) == w.text[0] && equalFold(line[i:i+len(w.text)], w.text) {
			return true
		}
	}
	return false
}

// equalFold reports whether a text equals one in small letters of the same length.
func equalFold(text, lower string) bool {
	for i := range len(lower) {
		if small(text[i]) != lower[i] {
			return false
		}
	}
	return true
}

func small(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		b += 'a' - 'A'
	}
	return b
}

// mostWords is how many words are looked for; more cost as much as the expression.
const mostWords = 12

// words returns words of which each match of the expression holds at least one, none where there are no such words.
func words(tree *syntax.Regexp) []word {
	switch tree.Op {
	case syntax.OpLiteral:
		return literal(string(tree.Rune), tree.Flags&syntax.FoldCase != 0)
	case syntax.OpCapture, syntax.OpPlus:
		return words(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return words(tree.Sub[0])
		}
	case syntax.OpConcat: // the part whose shortest word is the longest tells most
		var best []word
		for _, part := range tree.Sub {
			if w := words(part); shortest(w) > shortest(best) {
				best = w
			}
		}
		return best
	case syntax.OpAlternate:
		var all []word
		for _, branch := range tree.Sub {
			w := words(branch)
			if len(w) == 0 || len(all)+len(w) > mostWords {
				return nil
			}
			all = append(all, w...)
		}
		return all
	}
	return nil
}

// literal returns the word that a text is. Where the case does not matter, that is its longest part without a letter that is also
// the small form of one beyond ASCII: K (Kelvin) of k, and \u017f (long s) of s.
func literal(text string, folds bool) []word {
	if !folds {
		return []word{{text: text}}
	}
	longest := ""
	others := func(r rune) bool { return r >= utf8.RuneSelf || strings.ContainsRune("KkSs", r) }
	for part := range strings.FieldsFuncSeq(text, others) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	if longest == "" {
		return nil
	}
	return []word{{strings.ToLower(longest), true}}
}

// shortest returns the length of the shortest word, 0 for none.
func shortest(words []word) int {
	least := 0
	for i, w := range words {
		if i == 0 || len(w.text) < least {
			least = len(w.text)
		}
	}
	return least
}
