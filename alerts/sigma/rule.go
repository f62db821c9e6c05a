package sigma

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"trueboot/alerts"
)

// Bounds of what a rule may hold. Nobody writes so much by hand.
const (
	maxRules    = 5000
	maxFile     = 1 << 20
	maxValues   = 1000
	maxPattern  = 1000
	maxDepth    = 40
	maxLiterals = 20000
)

// A Rule is one rule, ready to be matched.
type Rule struct {
	ID, Title, Status, Description, Author, Level, Date, Modified string
	References, Tags, FalsePositives, Fields                      []string
	LogSource                                                     LogSource
	Place                                                         string // file and line, for people

	Stage      alerts.Stage
	Sub        string
	Weight     alerts.Weight
	SeedPoints int
	Confidence string
	Failed     bool
	Benign     bool // what it matches is a look-alike: no event, and no other rule is asked
	Platforms  []string
	Priority   int
	Extract    []Extract
	Positive   []string
	Negative   []string

	condition node
	need      need
	detection *yaml.Node // for export
}

// A LogSource says where the lines of a rule come from.
type LogSource struct{ Category, Product, Service string }

// Attack are the ids of MITRE ATT&CK among the tags, as ATT&CK spells them: "T1601.002".
func (r *Rule) Attack() []string {
	var ids []string
	for _, tag := range r.Tags {
		if id, ok := strings.CutPrefix(tag, "attack.t"); ok {
			ids = append(ids, "T"+id)
		}
	}
	return ids
}

// An Extract fills a field of the event: from a field of the record, from what a pattern finds in one, or with a fixed value.
type Extract struct {
	Field string
	From  string
	Value string
	re    *regexp.Regexp
	Map   map[string]string // what is found, to what it is called
}

// Find returns what the record has for it, "" for nothing. A pattern's group named value, or else its first, is what is found.
func (x *Extract) Find(r *alerts.Record) string {
	found := x.Value
	if x.From != "" {
		found = r.Fields.Get(x.From)
		if x.re != nil {
			m := x.re.FindStringSubmatch(found)
			if m == nil {
				return ""
			}
			found = m[0]
			if len(m) > 1 {
				found = ""
				for _, group := range m[1:] {
					if group != "" {
						found = group
						break
					}
				}
			}
		}
	}
	if x.Map != nil {
		if called, ok := x.Map[strings.ToLower(found)]; ok {
			return called
		}
	}
	return found
}

// Rules are rules that were loaded together.
type Rules struct {
	All          []*Rule
	Correlations []*Correlation
	index        index
}

// ByID returns a rule, nil if there is none.
func (r *Rules) ByID(id string) *Rule {
	i := slices.IndexFunc(r.All, func(rule *Rule) bool { return rule.ID == id })
	if i < 0 {
		return nil
	}
	return r.All[i]
}

// Load reads every .yml and .yaml file of a tree. Its error joins all problems, each with file and line; there are no rules then.
func Load(fsys fs.FS) (*Rules, error) {
	rules := &Rules{}
	var problems []error
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ext := path.Ext(name); entry.IsDir() || ext != ".yml" && ext != ".yaml" {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Size() > maxFile {
			problems = append(problems, fmt.Errorf("%s: %d bytes: a file of rules has no more than %d", name, info.Size(), maxFile))
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		problems = append(problems, rules.read(name, data)...)
		return nil
	})
	if err != nil {
		problems = append(problems, err)
	}
	seen := map[string]string{}
	for _, r := range rules.All {
		if first, ok := seen[r.ID]; ok {
			problems = append(problems, fmt.Errorf("%s: rule %q is in %s already", r.Place, r.ID, first))
		}
		seen[r.ID] = r.Place
	}
	for _, c := range rules.Correlations {
		for _, id := range c.Rules {
			if seen[id] == "" {
				problems = append(problems, fmt.Errorf("%s: there is no rule %q to correlate", c.Place, id))
			}
		}
	}
	if len(rules.All) > maxRules {
		problems = append(problems, fmt.Errorf("%d rules: no more than %d are taken", len(rules.All), maxRules))
	}
	if len(rules.All) == 0 && len(problems) == 0 {
		problems = append(problems, errors.New("there is no rule"))
	}
	if len(problems) == 0 {
		rules.index, err = newIndex(rules.All)
		if err != nil {
			problems = append(problems, err)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return rules, nil
}

// read reads the documents of a file.
func (r *Rules) read(name string, data []byte) (problems []error) {
	decoder := yaml.NewDecoder(strings.NewReader(string(data)))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); err != nil {
			if err.Error() != "EOF" {
				problems = append(problems, fmt.Errorf("%s: %w", name, err))
			}
			return problems
		}
		if len(document.Content) == 0 || document.Content[0].ShortTag() == "!!null" {
			continue // nothing behind the last "---"
		}
		d := reader{file: name}
		root := document.Content[0]
		if d.field(root, "correlation") != nil {
			if c := d.correlation(root); len(d.problems) == 0 {
				r.Correlations = append(r.Correlations, c)
			}
		} else if rule := d.rule(root); len(d.problems) == 0 {
			r.All = append(r.All, rule)
		}
		problems = append(problems, d.problems...)
	}
}

// A reader reads one document and notes every problem with its line.
type reader struct {
	file     string
	problems []error
}

func (d *reader) problem(n *yaml.Node, format string, arguments ...any) {
	d.problems = append(d.problems, fmt.Errorf("%s:%d: %s", d.file, n.Line, fmt.Sprintf(format, arguments...)))
}

// field is the value of a key of a mapping, nil if it is not there.
func (d *reader) field(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// each calls with each key of a mapping, and notes what is no mapping, and keys that stand twice.
func (d *reader) each(n *yaml.Node, what string, with func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		d.problem(n, "%s: expected a mapping", what)
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if value.Kind == yaml.AliasNode {
			d.problem(value, "aliases are not read: write the value out")
			continue
		}
		if seen[key.Value] {
			d.problem(key, "%s: %s stands here twice", what, key.Value)
			continue
		}
		seen[key.Value] = true
		with(key, value)
	}
}

func (d *reader) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode {
		d.problem(n, "%s: expected one value", what)
		return ""
	}
	if n.ShortTag() == "!!null" {
		return ""
	}
	return n.Value
}

func (d *reader) texts(n *yaml.Node, what string) (all []string) {
	if n.Kind == yaml.ScalarNode {
		if text := d.text(n, what); text != "" {
			return []string{text}
		}
		return nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) > maxValues {
		d.problem(n, "%s: expected a list, of no more than %d values", what, maxValues)
		return nil
	}
	for _, item := range n.Content {
		all = append(all, d.text(item, what))
	}
	return all
}

func (d *reader) yes(n *yaml.Node, what string) bool {
	var b bool
	if n.Kind != yaml.ScalarNode || n.Decode(&b) != nil {
		d.problem(n, "%s: true or false", what)
	}
	return b
}

func (d *reader) number(n *yaml.Node, what string, most int) int {
	var i int
	if n.Kind != yaml.ScalarNode || n.Decode(&i) != nil || i < 0 || i > most {
		d.problem(n, "%s: a number from 0 to %d", what, most)
	}
	return i
}

var (
	statuses    = []string{"stable", "test", "experimental"}
	levels      = []string{"informational", "low", "medium", "high", "critical"}
	weights     = []alerts.Weight{alerts.WeightInfo, alerts.WeightLow, alerts.WeightMedium, alerts.WeightHigh, alerts.WeightCritical}
	confidences = []string{"high", "medium", "low"}
)

// named is what an id looks like: letters, digits and hyphens; Sigma's own are UUIDs.
var named = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_-]{1,79}$`)

func (d *reader) rule(root *yaml.Node) *Rule {
	r := &Rule{Place: fmt.Sprintf("%s:%d", d.file, root.Line), Status: "stable", Level: "informational", Weight: alerts.WeightInfo, Confidence: "high"}
	var section *yaml.Node
	d.each(root, "a rule", func(key, value *yaml.Node) {
		switch key.Value {
		case "title":
			r.Title = d.text(value, "title")
		case "id":
			r.ID = d.text(value, "id")
			if !named.MatchString(r.ID) {
				d.problem(value, "id %q: letters, digits and hyphens", r.ID)
			}
		case "name", "license", "related", "scope", "taxonomy":
		case "status":
			if r.Status = d.text(value, "status"); !slices.Contains(statuses, r.Status) {
				d.problem(value, "status %q: one of %s", r.Status, strings.Join(statuses, ", "))
			}
		case "description":
			r.Description = d.text(value, "description")
		case "references":
			r.References = d.texts(value, "references")
		case "author":
			r.Author = d.text(value, "author")
		case "date":
			r.Date = d.text(value, "date")
		case "modified":
			r.Modified = d.text(value, "modified")
		case "tags":
			r.Tags = d.texts(value, "tags")
		case "fields":
			r.Fields = d.texts(value, "fields")
		case "falsepositives":
			r.FalsePositives = d.texts(value, "falsepositives")
		case "level":
			if r.Level = d.text(value, "level"); !slices.Contains(levels, r.Level) {
				d.problem(value, "level %q: one of %s", r.Level, strings.Join(levels, ", "))
			}
		case "logsource":
			d.each(value, "logsource", func(key, value *yaml.Node) {
				switch key.Value {
				case "category":
					r.LogSource.Category = d.text(value, "category")
				case "product":
					r.LogSource.Product = d.text(value, "product")
				case "service":
					r.LogSource.Service = d.text(value, "service")
				case "definition":
				default:
					d.problem(key, "logsource: %q is not known: category, product, service, definition", key.Value)
				}
			})
		case "detection":
			r.detection = value
			d.detect(r, value)
		case "trueboot":
			section = value
		default:
			d.problem(key, "%q is not supported: title, id, status, description, references, author, date, modified, logsource, detection, fields, falsepositives, level, tags, trueboot", key.Value)
		}
	})
	for _, missing := range []struct {
		what  string
		there bool
	}{{"title", r.Title != ""}, {"id", r.ID != ""}, {"logsource", r.LogSource != LogSource{}}, {"detection", r.detection != nil}} {
		if !missing.there {
			d.problem(root, "a rule needs %s", missing.what)
		}
	}
	if section == nil {
		r.Stage, r.Weight = alerts.StageContext, weightOf(r.Level) // a rule of somebody else's
		return r
	}
	d.own(r, section)
	return r
}

// weightOf is the weight of a rule that has a level and no section of ours.
func weightOf(level string) alerts.Weight {
	if level == "informational" {
		return alerts.WeightInfo
	}
	return alerts.Weight(level)
}

// own reads the section that is this program's.
func (d *reader) own(r *Rule, section *yaml.Node) {
	d.each(section, "trueboot", func(key, value *yaml.Node) {
		switch key.Value {
		case "stage":
			r.Stage = alerts.Stage(d.text(value, "stage"))
			if !slices.Contains(alerts.Stages, r.Stage) {
				d.problem(value, "stage %q is not known: one of %v", r.Stage, alerts.Stages)
			}
		case "sub":
			r.Sub = d.text(value, "sub")
		case "weight":
			if r.Weight = alerts.Weight(d.text(value, "weight")); !slices.Contains(weights, r.Weight) {
				d.problem(value, "weight %q: one of %v", r.Weight, weights)
			}
		case "seed_points":
			r.SeedPoints = d.number(value, "seed_points", 9)
		case "confidence":
			if r.Confidence = d.text(value, "confidence"); !slices.Contains(confidences, r.Confidence) {
				d.problem(value, "confidence %q: one of %s", r.Confidence, strings.Join(confidences, ", "))
			}
		case "failed":
			r.Failed = d.yes(value, "failed")
		case "benign":
			r.Benign = d.yes(value, "benign")
		case "platforms":
			r.Platforms = d.texts(value, "platforms")
		case "priority":
			r.Priority = d.number(value, "priority", 100)
		case "extract":
			d.extracts(r, value)
		case "tests":
			d.each(value, "tests", func(key, value *yaml.Node) {
				switch key.Value {
				case "positive":
					r.Positive = d.texts(value, "positive")
				case "negative":
					r.Negative = d.texts(value, "negative")
				default:
					d.problem(key, "tests: %q is not known: positive, negative", key.Value)
				}
			})
		default:
			d.problem(key, "trueboot: %q is not known: stage, sub, weight, seed_points, confidence, failed, benign, platforms, priority, extract, tests", key.Value)
		}
	})
	if r.Stage == "" && !r.Benign {
		d.problem(section, "trueboot: stage is missing")
	}
}

// EventFields are the fields of an event that a rule may fill.
var EventFields = []string{
	"user", "address", "terminal", "server", "command", "file", "digest", "size", "direction", "old_version", "new_version", "reason", "due", "operation", "result", "unit", "device", "sub",
}

func (d *reader) extracts(r *Rule, list *yaml.Node) {
	if list.Kind != yaml.SequenceNode || len(list.Content) > 40 {
		d.problem(list, "extract: expected a list, of no more than 40")
		return
	}
	for _, item := range list.Content {
		var x Extract
		pattern := ""
		d.each(item, "extract", func(key, value *yaml.Node) {
			switch key.Value {
			case "field":
				if x.Field = d.text(value, "field"); !slices.Contains(EventFields, x.Field) {
					d.problem(value, "extract: an event has no field %q; it has %s", x.Field, strings.Join(EventFields, ", "))
				}
			case "from":
				x.From = d.text(value, "from")
			case "value":
				x.Value = d.text(value, "value")
			case "re":
				pattern = d.text(value, "re")
				x.re = d.pattern(value, pattern)
			case "map":
				x.Map = map[string]string{}
				d.each(value, "map", func(key, value *yaml.Node) { x.Map[strings.ToLower(key.Value)] = d.text(value, "map") })
			default:
				d.problem(key, "extract: %q is not known: field, from, re, value, map", key.Value)
			}
		})
		if pattern != "" && x.From == "" {
			x.From = alerts.Message
		}
		if x.Field == "" || (x.From == "") == (x.Value == "") {
			d.problem(item, "extract: name a field, and either where it comes from or a value")
		}
		r.Extract = append(r.Extract, x)
	}
}

// pattern compiles a regular expression. Go's run in time linear in the text, so a rule can't stall the program.
func (d *reader) pattern(n *yaml.Node, text string) *regexp.Regexp {
	if len(text) > maxPattern {
		d.problem(n, "a pattern of %d bytes: no more than %d", len(text), maxPattern)
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		d.problem(n, "%v", err)
	}
	return re
}

// duration reads Sigma's timespan: 15s, 10m, 24h, 30d.
func duration(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		hours, err := time.ParseDuration(days + "h")
		return 24 * hours, err == nil && hours > 0
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d > 0
}
