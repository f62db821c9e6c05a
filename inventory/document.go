package inventory

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The document is read as a tree of nodes and not into structs: nodes keep their lines, and reading goes on
// after a mistake. Aliases are refused before anything follows one; what they would save is what
// groups are for, and a file without them can't grow while it is read.

// yaml: line 3: did not find expected key
// yaml: unknown anchor 'x' referenced
var (
	errorLine     = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)
)

// root returns the top node of the file's only document, or nil after a problem.
func (p *problems) root(data []byte) *yaml.Node {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		p.add(1, "the file is empty; want devices, with at least one device")
		return nil
	case err != nil:
		p.syntax(data, err)
		return nil
	}
	root := document.Content[0]
	if p.aliases(root); len(p.found) > 0 {
		return nil
	}
	var second yaml.Node
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		p.syntax(data, err)
		return nil
	default:
		p.add(second.Line, "a second document begins; want one document a file")
		return nil
	}
	return root
}

// syntax reports text that is not YAML. Where an unquoted password begins with an asterisk, the
// library's message would quote it.
func (p *problems) syntax(data []byte, err error) {
	parts := errorLine.FindStringSubmatch(err.Error())
	if parts == nil {
		p.add(1, "not YAML: %s", quote(err.Error()))
		return
	}
	line, _ := strconv.Atoi(parts[1])
	text := parts[2]
	if strings.HasPrefix(text, "did not find expected") {
		line++ // the library counts these from zero
		line = min(line, 1+bytes.Count(bytes.TrimSpace(data), []byte("\n")))
	}
	if anchor := unknownAnchor.FindStringSubmatch(text); anchor != nil {
		before, _, _ := bytes.Cut(data, []byte("*"+anchor[1]))
		line = 1 + bytes.Count(before, []byte("\n"))
		text = "a value that begins with an asterisk is an alias; put it between quotation marks"
	}
	p.add(line, "not YAML: %s", text)
}

func (p *problems) aliases(node *yaml.Node) {
	if node.Kind == yaml.AliasNode {
		p.add(node.Line, "an alias (*name) is not read here; put what devices share into a group")
	}
	for _, child := range node.Content {
		p.aliases(child)
	}
}

// fields are the readers of a mapping's values, by key.
type fields map[string]func(key string, value *yaml.Node)

// mapping reads a mapping whose keys are known beforehand.
func (p *problems) mapping(what string, node *yaml.Node, known fields) {
	p.entries(what, node, func(key string, _, value *yaml.Node) {
		if read, ok := known[key]; ok {
			read(key, value)
			return
		}
		line := value.Line
		// "password:secret", without the blank, is one key in a mapping between braces.
		if field, _, ok := strings.Cut(key, ":"); ok {
			p.add(line, "%s: want a blank behind the colon of %s", what, quote(field))
			return
		}
		p.add(line, "%s: unknown field %s; %s", what, quote(key), Suggest(key, slices.Sorted(maps.Keys(known))))
	})
}

// entries calls do for each entry of a mapping and reports keys that stand there twice.
func (p *problems) entries(what string, node *yaml.Node, do func(key string, name, value *yaml.Node)) {
	if isNull(node) {
		return
	}
	if node.Kind != yaml.MappingNode {
		p.add(node.Line, "%s: want fields (name: value), found %s", what, kindOf(node))
		return
	}
	first := make(map[string]int, len(node.Content)/2)
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if name.Kind != yaml.ScalarNode {
			p.add(name.Line, "%s: want a name before the colon, found %s", what, kindOf(name))
			continue
		}
		if line, twice := first[name.Value]; twice {
			p.add(name.Line, "%s: %s stands here again; it is already on line %d", what, quote(name.Value), line)
			continue
		}
		first[name.Value] = name.Line
		do(name.Value, name, value)
	}
}

// items calls do for each element of a list.
func (p *problems) items(what string, node *yaml.Node, do func(*yaml.Node)) {
	if isNull(node) {
		return
	}
	if node.Kind != yaml.SequenceNode {
		p.add(node.Line, "%s: want a list, [a, b], found %s", what, kindOf(node))
		return
	}
	for _, item := range node.Content {
		do(item)
	}
}

// scalar returns the text of a single value, "" for an empty one, and false after a problem.
func (p *problems) scalar(what string, node *yaml.Node) (string, bool) {
	switch {
	case isNull(node):
		return "", true
	case node.Kind != yaml.ScalarNode:
		p.add(node.Line, "%s: want a single value, found %s", what, kindOf(node))
		return "", false
	case node.Style&yaml.TaggedStyle != 0:
		p.add(node.Line, "%s: a value that begins with an exclamation mark is a YAML tag; put it between quotation marks", what)
		return "", false
	}
	return strings.TrimSpace(node.Value), true
}

func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null"
}

// kindOf names a node without its content, which may be a secret in the wrong place.
func kindOf(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "fields"
	case yaml.SequenceNode:
		return "a list"
	default:
		return "a single value"
	}
}
