package sigma

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// parseCondition reads a condition over selections: "selection and not 1 of filter*".
func parseCondition(text string, selections map[string]node, names []string) (node, error) {
	p := conditionParser{words: conditionWords(text), selections: selections, names: names}
	if strings.ContainsAny(text, "|") {
		return nil, errors.New(`"|" and what follows it is not supported: write a correlation`)
	}
	if len(p.words) == 0 {
		return nil, errors.New("it is empty")
	}
	n, err := p.or(0)
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("%q is not expected here", p.words[0])
	}
	return n, err
}

// conditionWords parts a condition at blanks and parentheses.
func conditionWords(text string) []string {
	text = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	return strings.Fields(text)
}

type conditionParser struct {
	words      []string
	selections map[string]node
	names      []string
}

// next takes a word off if it is the one that is named, whatever its case.
func (p *conditionParser) next(word string) bool {
	if len(p.words) > 0 && strings.EqualFold(p.words[0], word) {
		p.words = p.words[1:]
		return true
	}
	return false
}

func (p *conditionParser) or(depth int) (node, error) {
	first, err := p.and(depth)
	if err != nil {
		return nil, err
	}
	any := or{first}
	for p.next("or") {
		n, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		any = append(any, n)
	}
	if len(any) == 1 {
		return first, nil
	}
	return any, nil
}

func (p *conditionParser) and(depth int) (node, error) {
	first, err := p.not(depth)
	if err != nil {
		return nil, err
	}
	all := and{first}
	for p.next("and") {
		n, err := p.not(depth)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	if len(all) == 1 {
		return first, nil
	}
	return all, nil
}

func (p *conditionParser) not(depth int) (node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("deeper than %d", maxDepth)
	}
	if p.next("not") {
		n, err := p.not(depth + 1)
		if err != nil {
			return nil, err
		}
		return not{n}, nil
	}
	return p.one(depth)
}

func (p *conditionParser) one(depth int) (node, error) {
	if p.next("(") {
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.next(")") {
			return nil, errors.New("a parenthesis is not closed")
		}
		return n, nil
	}
	if len(p.words) == 0 {
		return nil, errors.New("it ends too early")
	}
	word := p.words[0]
	p.words = p.words[1:]
	all := strings.EqualFold(word, "all")
	if (all || word == "1" || strings.EqualFold(word, "any")) && p.next("of") {
		if len(p.words) == 0 {
			return nil, fmt.Errorf("%q of what?", word)
		}
		pattern := p.words[0]
		p.words = p.words[1:]
		return p.of(all, pattern)
	}
	if n, ok := p.selections[word]; ok {
		return n, nil
	}
	return nil, fmt.Errorf("there is no selection %q; there are %s", word, strings.Join(p.names, ", "))
}

// of gathers the selections that a pattern names.
func (p *conditionParser) of(all bool, pattern string) (node, error) {
	var found []node
	for _, name := range p.names {
		matches := strings.EqualFold(pattern, "them")
		if !matches {
			var err error
			if matches, err = path.Match(pattern, name); err != nil {
				return nil, fmt.Errorf("%q: %w", pattern, err)
			}
		}
		// A name with an underscore in front is left out of "them" (Sigma's specification).
		if matches && !(strings.EqualFold(pattern, "them") && strings.HasPrefix(name, "_")) {
			found = append(found, p.selections[name])
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no selection is named %q; there are %s", pattern, strings.Join(p.names, ", "))
	}
	found = slices.Clip(found)
	if all {
		return and(found), nil
	}
	return or(found), nil
}
