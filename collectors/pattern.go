package collectors

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// A Pattern is a regular expression that looks for its words first.
//
// Nearly every line of a reply is met by nearly every pattern of its reader, and nearly all of them do not match. Whether
// a line holds the words without which a pattern can't match is known 20 times as fast as whether it matches.
type Pattern struct {
	*regexp.Regexp
	words []string // each match holds one of them; empty where that is not known
}

// MustCompile compiles an expression, and panics where it is none.
func MustCompile(expression string) *Pattern {
	p := &Pattern{Regexp: regexp.MustCompile(expression)}
	if tree, err := syntax.Parse(expression, syntax.Perl); err == nil {
		p.words = words(tree.Simplify())
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
	for _, w := range p.words {
		if strings.Contains(line, w) {
			return true
		}
	}
	return len(p.words) == 0
}

// mostWords is how many words are looked for; more cost as much as the expression.
const mostWords = 12

// words returns words of which each match of the expression holds at least one, none where there are no such words.
func words(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		if tree.Flags&syntax.FoldCase != 0 {
			return nil
		}
		return []string{string(tree.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return words(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return words(tree.Sub[0])
		}
	case syntax.OpConcat: // the part whose shortest word is the longest tells most
		var best []string
		for _, part := range tree.Sub {
			if w := words(part); shortest(w) > shortest(best) {
				best = w
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
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

// shortest returns the length of the shortest word, 0 for none.
func shortest(words []string) int {
	least := 0
	for i, w := range words {
		if i == 0 || len(w) < least {
			least = len(w)
		}
	}
	return least
}
