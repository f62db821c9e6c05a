package sigma

import (
	"regexp"
	"regexp/syntax"
)

// literalsOf returns texts that stand in whatever a pattern matches, in any case.
func literalsOf(re *regexp.Regexp) []string {
	if re == nil {
		return nil
	}
	parsed, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	var found []string
	required(parsed.Simplify(), &found)
	return found
}

// required gathers the literals that no alternative leaves out.
func required(re *syntax.Regexp, found *[]string) {
	switch re.Op {
	case syntax.OpLiteral:
		*found = append(*found, string(re.Rune))
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range re.Sub {
			required(sub, found)
		}
	case syntax.OpPlus:
		required(re.Sub[0], found)
	case syntax.OpRepeat:
		if re.Min > 0 {
			required(re.Sub[0], found)
		}
	}
}
