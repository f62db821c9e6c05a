package sigma

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"trueboot/alerts"
)

// A node is a part of a condition.
type node interface {
	match(r *alerts.Record) bool
	need() need
}

type (
	and []node
	or  []node
	not struct{ node }
)

func (a and) match(r *alerts.Record) bool {
	for _, n := range a {
		if !n.match(r) {
			return false
		}
	}
	return true
}

func (o or) match(r *alerts.Record) bool {
	for _, n := range o {
		if n.match(r) {
			return true
		}
	}
	return false
}

func (n not) match(r *alerts.Record) bool { return !n.node.match(r) }

// A test is one line of a selection: a field and what it may hold.
type test struct {
	field    string // "" for keywords, which are looked for in the message
	values   []value
	all      bool // each value has to match, not one
	exists   bool // the field has to be there, or not: values has "true" or "false"
	existing bool
}

func (t *test) match(r *alerts.Record) bool {
	if t.exists {
		return r.Fields.Has(t.field) == t.existing
	}
	name := t.field
	if name == "" {
		name = alerts.Message
	}
	if t.all {
		for i := range t.values {
			if !t.any(r, name, t.values[i:i+1]) {
				return false
			}
		}
		return true
	}
	return t.any(r, name, t.values)
}

// any reports whether one of the field's occurrences has one of the values.
func (t *test) any(r *alerts.Record, name string, values []value) bool {
	found := false
	for i := range r.Fields {
		if r.Fields[i].Name != name {
			continue
		}
		found = true
		for v := range values {
			if values[v].match(r.Fields[i].Value) {
				return true
			}
		}
	}
	if found {
		return false
	}
	text, special := ofRecord(r, name)
	return slices.ContainsFunc(values, func(v value) bool { return special && v.match(text) || !special && v.null })
}

// ofRecord are names that stand for what a record states besides its fields.
func ofRecord(r *alerts.Record, name string) (text string, ok bool) {
	switch name {
	case "kind":
		return string(r.Kind), true
	case "format":
		return r.Format, true
	case "platform":
		return r.Platform, true
	}
	return "", false
}

// A value is what a field is compared with.
type value struct {
	text   string // in lower case, unless cased
	how    how
	cased  bool
	null   bool
	re     *regexp.Regexp
	prefix netip.Prefix
	parts  []string // of a text with wildcards, between the stars; each may hold question marks
	marks  bool     // there are question marks
}

type how byte

const (
	equal how = iota
	contains
	startsWith
	endsWith
	matches
	within
	wild
)

func (v *value) match(text string) bool {
	switch v.how {
	case equal:
		if v.null {
			return text == ""
		}
		if v.cased {
			return text == v.text
		}
		return len(text) == len(v.text) && foldedPrefix(text, v.text)
	case contains:
		return v.index(text) >= 0
	case startsWith:
		if v.cased {
			return strings.HasPrefix(text, v.text)
		}
		return foldedPrefix(text, v.text)
	case endsWith:
		if v.cased {
			return strings.HasSuffix(text, v.text)
		}
		return len(text) >= len(v.text) && foldedPrefix(text[len(text)-len(v.text):], v.text)
	case matches:
		return v.re.MatchString(text)
	case within:
		address, err := netip.ParseAddr(text)
		return err == nil && v.prefix.Contains(address.Unmap())
	case wild:
		return wildcard(text, v.parts, v.cased)
	}
	return false
}

func (v *value) index(text string) int {
	if v.cased {
		return strings.Index(text, v.text)
	}
	return foldedIndex(text, v.text)
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// foldedPrefix reports whether a text begins with a word in lower case.
func foldedPrefix(text, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := range len(word) {
		if lower(text[i]) != word[i] {
			return false
		}
	}
	return true
}

// foldedIndex finds a word in lower case.
func foldedIndex(text, word string) int {
	if word == "" {
		return 0
	}
	for i := 0; i+len(word) <= len(text); i++ {
		if lower(text[i]) == word[0] && foldedPrefix(text[i:], word) {
			return i
		}
	}
	return -1
}

// wildcard matches parts in order; the first stands at the beginning, the last at the end. A question mark is any one byte.
func wildcard(text string, parts []string, cased bool) bool {
	at := func(text, part string) bool {
		if len(text) < len(part) {
			return false
		}
		for i := range len(part) {
			c := text[i]
			if !cased {
				c = lower(c)
			}
			if part[i] != anyByte && part[i] != c {
				return false
			}
		}
		return true
	}
	if !at(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	if len(parts) == 1 {
		return text == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := 0
		for i+len(part) <= len(text) && !at(text[i:], part) {
			i++
		}
		if i+len(part) > len(text) {
			return false
		}
		text = text[i+len(part):]
	}
	last := parts[len(parts)-1]
	return len(text) >= len(last) && at(text[len(text)-len(last):], last)
}

// anyByte stands for a question mark within a part; no text in UTF-8 has it.
const anyByte = 0xff

// detect reads the detection of a rule.
func (d *reader) detect(r *Rule, n *yaml.Node) {
	selections := map[string]node{}
	var names []string
	var condition *yaml.Node
	d.each(n, "detection", func(key, value *yaml.Node) {
		switch key.Value {
		case "condition":
			condition = value
		case "timeframe":
			d.problem(key, "timeframe is not supported: write a correlation")
		default:
			if !named.MatchString(key.Value) && len(key.Value) > 1 {
				d.problem(key, "%q is no name of a selection", key.Value)
			}
			selections[key.Value] = d.selection(value)
			names = append(names, key.Value)
		}
	})
	if condition == nil {
		d.problem(n, "a detection needs a condition")
		return
	}
	if len(d.problems) > 0 {
		return
	}
	parse := func(n *yaml.Node) node {
		c, err := parseCondition(d.text(n, "condition"), selections, names)
		if err != nil {
			d.problem(n, "condition: %v", err)
		}
		return c
	}
	if condition.Kind == yaml.SequenceNode { // any of several
		var any or
		for _, item := range condition.Content {
			any = append(any, parse(item))
		}
		r.condition = any
	} else {
		r.condition = parse(condition)
	}
	if len(d.problems) == 0 {
		r.need = r.condition.need()
	}
}

// selection reads a mapping (all of it), a list of mappings (any of them) or a list of keywords (any of them).
func (d *reader) selection(n *yaml.Node) node {
	switch n.Kind {
	case yaml.MappingNode:
		var all and
		d.each(n, "a selection", func(key, value *yaml.Node) { all = append(all, d.test(key, value)) })
		if len(all) == 0 {
			d.problem(n, "a selection of nothing")
		}
		return all
	case yaml.SequenceNode:
		if len(n.Content) == 0 || len(n.Content) > maxValues {
			d.problem(n, "a selection of nothing, or of more than %d", maxValues)
			return or{}
		}
		if n.Content[0].Kind == yaml.MappingNode {
			var any or
			for _, item := range n.Content {
				any = append(any, d.selection(item))
			}
			return any
		}
		t := &test{}
		d.values(t, n, contains, false)
		return t
	case yaml.ScalarNode:
		t := &test{}
		d.values(t, n, contains, false)
		return t
	}
	d.problem(n, "a selection is a mapping, or a list")
	return or{}
}

// test reads one line of a selection: a field with its modifiers, and one value or a list.
func (d *reader) test(key, n *yaml.Node) node {
	modifiers := strings.Split(key.Value, "|")
	t := &test{field: modifiers[0]}
	how, cased, hows := equal, false, 0
	for _, m := range modifiers[1:] {
		switch m {
		case "contains":
			how, hows = contains, hows+1
		case "startswith":
			how, hows = startsWith, hows+1
		case "endswith":
			how, hows = endsWith, hows+1
		case "re":
			how, hows = matches, hows+1
		case "cidr":
			how, hows = within, hows+1
		case "all":
			t.all = true
		case "cased":
			cased = true
		case "exists":
			t.exists = true
		default:
			d.problem(key, "the modifier %q is not supported: contains, startswith, endswith, re, cidr, all, exists, cased", m)
		}
	}
	if hows > 1 || t.exists && (hows > 0 || t.all || cased) || cased && (how == matches || how == within) {
		d.problem(key, "%q: these modifiers do not go together", key.Value)
	}
	if t.field == "" {
		d.problem(key, "a field has no name")
	}
	if t.exists {
		t.existing = d.yes(n, key.Value)
		return t
	}
	d.values(t, n, how, cased)
	return t
}

func (d *reader) values(t *test, n *yaml.Node, how how, cased bool) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	if len(items) == 0 || len(items) > maxValues {
		d.problem(n, "%s: no value, or more than %d", t.field, maxValues)
	}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode {
			d.problem(item, "%s: expected a value", t.field)
			continue
		}
		v := value{how: how, cased: cased, null: item.ShortTag() == "!!null"}
		if v.null && how != equal {
			d.problem(item, "%s: null with a modifier", t.field)
		}
		switch how {
		case matches:
			v.re = d.pattern(item, item.Value)
		case within:
			prefix, err := netip.ParsePrefix(item.Value)
			if err != nil {
				d.problem(item, "%v", err)
			}
			v.prefix = prefix
		default:
			d.wildcards(&v, item.Value)
		}
		t.values = append(t.values, v)
	}
}

// wildcards reads * and ?, and the backslash that takes their meaning away.
func (d *reader) wildcards(v *value, text string) {
	var parts []string
	var b strings.Builder
	stars := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text) && (text[i+1] == '*' || text[i+1] == '?' || text[i+1] == '\\'):
			i++
			b.WriteByte(text[i])
		case c == '*':
			stars = true
			parts = append(parts, b.String())
			b.Reset()
		case c == '?':
			v.marks = true
			b.WriteByte(anyByte)
		case v.cased:
			b.WriteByte(c)
		default:
			b.WriteByte(lower(c))
		}
	}
	parts = append(parts, b.String())
	if !stars && !v.marks {
		v.text = parts[0]
		return
	}
	switch v.how {
	case contains:
		parts = append(append([]string{""}, parts...), "")
	case startsWith:
		parts = append(parts, "")
	case endsWith:
		parts = append([]string{""}, parts...)
	}
	v.how, v.parts = wild, parts
}

// A need is what has to stand in a line for a part of a condition to be met.
type need struct {
	words   []string // one of these, in lower case
	carried bool     // or the line is of a format that carries what is looked for in another spelling
	known   bool     // false: the line may hold anything
}

// shortest is how long a word of a prefilter must be: shorter ones stand in every line.
const shortest = 3

func (a and) need() need {
	best := need{}
	for _, n := range a {
		if one := n.need(); one.known && (!best.known || one.better(best)) {
			best = one
		}
	}
	return best
}

// better prefers what fewer lines have.
func (n need) better(than need) bool {
	if n.carried != than.carried {
		return !n.carried
	}
	return n.weakest() > than.weakest()
}

func (n need) weakest() int {
	least := 1 << 10
	for _, w := range n.words {
		least = min(least, len(w))
	}
	return least
}

func (o or) need() need {
	all := need{known: len(o) > 0}
	for _, n := range o {
		one := n.need()
		if !one.known {
			return need{}
		}
		all.words = append(all.words, one.words...)
		all.carried = all.carried || one.carried
	}
	return all
}

func (not) need() need { return need{} }

// carried are what is put together, or told from the kind of a line. The formats of such lines carry (envelope.Format); where one does not,
// its lines are read when another of the rule's texts stands in them.
//
// verbatim are the fields whose values stand in the line as they are. Those of commands may have been put together, or abbreviated.
var verbatim = map[string]bool{
	"": true, alerts.Message: true, alerts.Mnemonic: true, alerts.Facility: true, alerts.Name: true, alerts.EventID: true, alerts.Process: true, alerts.User: true,
	alerts.Address: true, alerts.File: true, alerts.Vendor: true, alerts.Product: true, alerts.Type: true, alerts.Subtype: true, alerts.Activity: true, alerts.Version: true, alerts.Reason: true,
}

var carried = map[string]bool{
	alerts.Command: true, alerts.CommandLine: true, alerts.CommandSource: true, alerts.CommandDestination: true, alerts.Executable: true, alerts.Parent: true, alerts.Direction: true, alerts.Image: true, "kind": true,
}

func (t *test) need() need {
	if carried[t.field] && !t.exists {
		return need{known: true, carried: true}
	}
	if !verbatim[t.field] || t.exists {
		return need{}
	}
	all := need{known: true}
	for i := range t.values {
		word := t.values[i].literal()
		if t.all {
			if len(word) >= shortest && (len(all.words) == 0 || len(word) > len(all.words[0])) {
				all.words = []string{word}
			}
			continue
		}
		if len(word) < shortest {
			return need{}
		}
		all.words = append(all.words, word)
	}
	if len(all.words) == 0 {
		return need{}
	}
	return all
}

// literal is the longest text that stands in whatever the value matches, in lower case.
func (v *value) literal() string {
	var parts []string
	switch v.how {
	case matches:
		parts = literalsOf(v.re)
	case wild:
		for _, part := range v.parts {
			parts = append(parts, strings.Split(part, string([]byte{anyByte}))...)
		}
	case within:
	default:
		parts = []string{v.text}
	}
	best := ""
	for _, part := range parts {
		// What a format escapes does not stand in the line as it is.
		for piece := range strings.FieldsFuncSeq(strings.ToLower(part), func(r rune) bool { return strings.ContainsRune("\\\"|=\n\t<>&/", r) }) {
			if len(piece) > len(best) {
				best = piece
			}
		}
	}
	return best
}
