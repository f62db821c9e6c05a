package collectors

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"trueboot/facts"
)

// A ConfigurationRule says what a line of a configuration is about and what it means.
type ConfigurationRule struct {
	// Line matches the line behind those below which it stands, parted by facts.SectionSeparator: "line vty 0 4 / transport input telnet".
	Line *Pattern
	// Topic is one of facts.Topics; empty for that of the line above, and of the reply where there is none.
	Topic string
	// Traits are what the line means; nil where it means nothing by itself.
	Traits []string
}

// A Configuration reads sections of a configuration.
type Configuration struct {
	Topics []string            // what the reply is about; a line that no rule puts elsewhere is about the first
	Rules  []ConfigurationRule // the first with a topic decides on that; the traits of all count
}

// Yields lists the kinds that the running configuration may state.
func (Configuration) Yields() []facts.Kind {
	return []facts.Kind{facts.ConfigurationSection, facts.RunningConfigLine, facts.ConfigurationTrait}
}

// StartupYields lists those of the startup configuration.
func (Configuration) StartupYields() []facts.Kind {
	return []facts.Kind{facts.ConfigurationSection, facts.StartupConfigLine}
}

// Running is the Read of a query for the running configuration.
func (c Configuration) Running(reply Reply) ([]facts.Fact, error) {
	return c.read(reply, facts.RunningConfigLine)
}

// Startup is the Read of a query for the startup configuration.
func (c Configuration) Startup(reply Reply) ([]facts.Fact, error) {
	return c.read(reply, facts.StartupConfigLine)
}

// configurationNoise are lines about the configuration.
//
//	Building configuration...
//	Current configuration : 5217 bytes
//	Using 2214 out of 524288 bytes
//	! Last configuration change at 10:11:12 UTC Mon Mar 1 2026 by admin
//	!Command: show running-config snmp
//	## Last commit: 2026-03-01 10:11:12 UTC by admin
//	: Saved
//	version 9.3(10) Bios:version 05.47
//	Mon Mar  1 10:11:12.123 UTC
//
// and one that the device changes by itself, as its clock drifts:
//
//	ntp clock-period 17179869
var configurationNoise = MustCompile(`^(?:Building configuration|Current configuration ?:|Using \d+ out of|[!#:]|/\*|version \d|end$|exit$|next$|return$|[{}]+$|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\d|startup-config is not present|% ?No entries|running configuration:|Running configuration:|ntp clock-period )`)

// Lines are bounded: what does not fit into a fact is told by a digest of it.
const (
	longestConfigurationLine = 400
	mostConfigurationLines   = 5000
)

func (c Configuration) read(reply Reply, kind facts.Kind) ([]facts.Fact, error) {
	var (
		r     Reading
		above []section
		found = map[string]int{} // lines of each topic
		seen  = map[string]bool{}
		lines int
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if text == "" || configurationNoise.MatchString(text) {
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		for len(above) > 0 && above[len(above)-1].indent >= indent {
			above = above[:len(above)-1]
		}
		text = strings.Join(strings.Fields(strings.TrimRight(text, " {")), " ")
		path, topic := text, ""
		if len(above) > 0 {
			path, topic = above[len(above)-1].path+facts.SectionSeparator+text, above[len(above)-1].topic
		}
		path = boundedLine(path)
		rules, traits := "", []string(nil)
		for _, rule := range c.Rules {
			if !rule.Line.MatchString(path) {
				continue
			}
			if rules == "" {
				rules = rule.Topic
			}
			for _, t := range rule.Traits {
				if !slices.Contains(traits, t) {
					traits = append(traits, t)
				}
			}
		}
		switch {
		case rules != "":
			topic = rules
		case topic == "":
			topic = c.Topics[0]
		}
		above = append(above, section{indent, path, topic})
		if seen[path] {
			continue
		}
		if lines++; lines > mostConfigurationLines {
			r.Problem("more than %d lines", mostConfigurationLines)
			break
		}
		seen[path] = true
		found[topic]++
		r.Add(n, kind, path, topic)
		if kind == facts.RunningConfigLine && len(traits) > 0 {
			r.Add(n, facts.ConfigurationTrait, path, strings.Join(traits, ", "))
		}
	}
	for _, topic := range c.Topics {
		state, subject := "present", topic
		if found[topic] == 0 {
			state = "empty"
		}
		if kind == facts.StartupConfigLine {
			subject = "startup " + topic
		}
		r.Add(1, facts.ConfigurationSection, subject, state) // the whole reply says so
	}
	return r.Done()
}

// A section is a line with others below it.
type section struct {
	indent      int
	path, topic string
}

func boundedLine(path string) string {
	if len(path) <= longestConfigurationLine {
		return path
	}
	sum := sha256.Sum256([]byte(path))
	return strings.ToValidUTF8(path[:longestConfigurationLine], "") + "… sha256:" + hex.EncodeToString(sum[:8])
}

// RunningSection is the query for sections of the running configuration.
func RunningSection(rules []ConfigurationRule, commands []string, topics ...string) Query {
	c := Configuration{Topics: topics, Rules: rules}
	return Query{Commands: commands, Yields: c.Yields(), Read: c.Running}
}

// StartupSection is the query for sections of the startup configuration.
func StartupSection(rules []ConfigurationRule, commands []string, topics ...string) Query {
	c := Configuration{Topics: topics, Rules: rules}
	return Query{Commands: commands, Yields: c.StartupYields(), Read: c.Startup}
}

// WithSections puts the queries for sections of the configuration ahead of those that make the device read whole files.
func WithSections(queries, sections []Query) []Query {
	at := slices.IndexFunc(queries, func(q Query) bool { return q.Hash })
	if at < 0 {
		at = len(queries)
	}
	return slices.Concat(queries[:at], sections, queries[at:])
}
