package f5

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"trueboot/collectors"
)

// An object is what "tmsh list" prints of one object of the configuration.
//
//	sys software volume HD1.1 {
//	    active
//	    build 0.0.3
//	    media {
//	        HD1.1 {
//	            default-boot-location
//	            media hd
//	        }
//	    }
//	}
//
// or, with "one-line", the same in one line.
type object struct {
	line       int
	words      []string // before the brace: the type, and the name behind it
	properties []property
}

// A property is a value with the names of the braces that it stands in, the object's own left out.
type property struct {
	line  int
	path  []string // "media", "HD1.1", "default-boot-location"
	value string   // empty for a flag
}

// name returns the last word in front of the brace, unless the type alone stands there.
func (o object) name() string { return o.words[len(o.words)-1] }

// find returns the first property of the object itself that has the name.
func (o object) find(name string) (property, bool) {
	i := slices.IndexFunc(o.properties, func(p property) bool { return len(p.path) == 1 && p.path[0] == name })
	if i < 0 {
		return property{}, false
	}
	return o.properties[i], true
}

// flags are the properties without a value. In one line nothing else tells them from the others.
var flags = []string{"active", "default-boot-location"}

// Limits on what a reply may make of braces.
const (
	deepestBrace = 8
	longestName  = 256
)

// A token is a word, a quoted text or a brace.
type token struct {
	text   string
	line   int
	quoted bool
}

var errCut = errors.New("the reply ends within an object")

// readObjects takes the reply of "tmsh list" apart. With an error, the objects before it are returned.
func readObjects(reply collectors.Reply) ([]object, error) {
	tokens, err := tokensOf(reply)
	var all []object
	for at := 0; at < len(tokens); {
		o := object{line: tokens[at].line}
		for at < len(tokens) && !tokens[at].is("{") {
			if tokens[at].line != o.line || tokens[at].is("}") || len(o.words) > deepestBrace {
				return all, fmt.Errorf("line %d: not an object: %.80q", tokens[at].line, tokens[at].text)
			}
			o.words = append(o.words, tokens[at].text)
			at++
		}
		if at == len(tokens) || len(o.words) == 0 {
			return all, errors.Join(err, fmt.Errorf("line %d: an object without its braces", o.line))
		}
		end, bodyErr := o.body(tokens, at+1, nil)
		if bodyErr != nil {
			return all, errors.Join(err, bodyErr)
		}
		all = append(all, o)
		at = end
	}
	return all, err
}

// body reads what stands between two braces, from behind the first one, and returns where the text goes on behind the second.
func (o *object) body(tokens []token, at int, path []string) (int, error) {
	if len(path) == deepestBrace {
		return 0, fmt.Errorf("line %d: braces lie more than %d deep", o.line, deepestBrace)
	}
	opened := tokens[at-1].line
	for at < len(tokens) {
		t := tokens[at]
		at++
		switch {
		case t.is("}"):
			return at, nil
		case t.is("{"): // a list of nameless groups
			end, err := o.body(tokens, at, append(slices.Clip(path), ""))
			if err != nil {
				return 0, err
			}
			at = end
			continue
		case len(t.text) > longestName:
			return 0, fmt.Errorf("line %d: a name of %d bytes", t.line, len(t.text))
		}
		under := append(slices.Clip(path), t.text)
		if at < len(tokens) && tokens[at].is("{") {
			end, err := o.body(tokens, at+1, under)
			if err != nil {
				return 0, err
			}
			at = end
			continue
		}
		// On a line of its own a property goes on to the line's end; in one line it has one word, a flag none.
		var value []string
		for at < len(tokens) && tokens[at].line == t.line && !tokens[at].is("{") && !tokens[at].is("}") {
			if opened == t.line && (len(value) == 1 || slices.Contains(flags, t.text) && !isSwitch(tokens[at].text)) {
				break
			}
			value = append(value, tokens[at].text)
			at++
		}
		o.properties = append(o.properties, property{t.line, under, strings.Join(value, " ")})
	}
	return 0, errCut
}

func (t token) is(brace string) bool { return !t.quoted && t.text == brace }

// isSwitch reports whether the text can be the value of a flag.
func isSwitch(text string) bool {
	return slices.Contains([]string{"yes", "no", "true", "false", "enabled", "disabled"}, text)
}

// set reports whether a flag stands for yes.
func (p property) set() bool {
	return p.value == "" || p.value == "yes" || p.value == "true" || p.value == "enabled"
}

// tokensOf cuts the reply into tokens. Quoted text may go on over lines, and a backslash in it takes the next character as it is.
func tokensOf(reply collectors.Reply) ([]token, error) {
	var (
		tokens []token
		quote  strings.Builder
		quoted int // line of the quote that is open, 0 for none
	)
	for n, line := range reply.Lines() {
		if quoted != 0 {
			quote.WriteByte('\n')
		}
		for at := 0; at < len(line); {
			switch c := line[at]; {
			case quoted != 0 && c == '\\' && at+1 < len(line):
				quote.WriteByte(line[at+1])
				at += 2
			case quoted != 0 && c == '"':
				tokens = append(tokens, token{quote.String(), quoted, true})
				quote.Reset()
				quoted = 0
				at++
			case quoted != 0:
				quote.WriteByte(c)
				at++
			case c == ' ' || c == '\t':
				at++
			case c == '"':
				quoted = n
				at++
			default:
				end := at + 1
				for end < len(line) && line[end] != ' ' && line[end] != '\t' {
					end++
				}
				tokens = append(tokens, token{line[at:end], n, false})
				at = end
			}
		}
	}
	if quoted != 0 {
		return tokens, fmt.Errorf("line %d: a quote that is not closed", quoted)
	}
	return tokens, nil
}
