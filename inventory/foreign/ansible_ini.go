package foreign

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	// [core:children]
	iniSection = regexp.MustCompile(`(?m)^\[([^\]:\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$`)
	// www[01:50].example.net
	// rack-[a:f]
	hostRange = regexp.MustCompile(`\[(\w+):(\w+)(?::(\d+))?\]`)
)

// readAnsibleINI reads a static inventory in Ansible's INI format.
//
//	[core]
//	core1 ansible_host=192.0.2.1 ansible_network_os=cisco.ios.ios
func readAnsibleINI(l *List, data []byte) error {
	a := newAnsible(l)
	section, kind := "ungrouped", ""
	n := 0
	for raw := range bytes.Lines(data) {
		n++
		text := strings.TrimSpace(string(raw))
		if text == "" || text[0] == '#' || text[0] == ';' {
			continue
		}
		if text[0] == '[' {
			m := iniSection.FindStringSubmatch(text)
			if m == nil {
				return fmt.Errorf("line %d: want [group], [group:vars] or [group:children]", n)
			}
			if section, kind = m[1], m[2]; kind != "" && kind != "vars" && kind != "children" {
				return fmt.Errorf("line %d: a section %q is not known; want vars or children", n, kind)
			}
			a.group(section)
			continue
		}
		words, err := shellWords(text)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		switch kind {
		case "children":
			child := words[0]
			a.group(child)
			a.group(section).children = append(a.group(section).children, child)
		case "vars":
			name, value, ok := strings.Cut(text, "=")
			if !ok {
				return fmt.Errorf("line %d: want name = value", n)
			}
			a.keep(a.group(section).vars, strings.TrimSpace(name), unquoted(strings.TrimSpace(value)))
		default:
			hosts, err := expand(words[0])
			if err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
			if len(a.order)+len(hosts) > mostDevices {
				return errTooMany
			}
			for _, host := range hosts {
				h := a.host(host, n)
				for _, word := range words[1:] {
					if name, value, ok := strings.Cut(word, "="); ok {
						a.keep(h.vars, name, value)
					} else {
						l.leave(n, host, "%q is no variable: want name=value", word)
					}
				}
				a.group(section).hosts = append(a.group(section).hosts, host)
			}
		}
	}
	return a.finish()
}

// shellWords divides a line at blanks, as a shell does: quotation marks hold words together, and a # after a blank begins a comment.
func shellWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	for _, c := range line {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '"' || c == '\'':
			quote, inWord = c, true
		case c == '#' && !inWord:
			return words, nil
		case c == ' ' || c == '\t':
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		default:
			inWord = true
			word.WriteRune(c)
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quotation mark is not closed")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

func unquoted(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// expand writes the ranges of a host's name out.
func expand(pattern string) ([]string, error) {
	hosts := []string{pattern}
	for {
		at := hostRange.FindStringSubmatchIndex(hosts[0])
		if at == nil {
			return hosts, nil
		}
		var next []string
		for _, host := range hosts {
			at := hostRange.FindStringSubmatchIndex(host)
			m := hostRange.FindStringSubmatch(host)
			values, err := between(m[1], m[2], m[3])
			if err != nil {
				return nil, err
			}
			if len(next)+len(values) > mostDevices {
				return nil, errTooMany
			}
			for _, value := range values {
				next = append(next, host[:at[0]]+value+host[at[1]:])
			}
		}
		hosts = next
	}
}

// between returns the values of a range: numbers, with the zeros that the first one leads with, or single letters.
func between(first, last, step string) ([]string, error) {
	by := 1
	if step != "" {
		var err error
		if by, err = strconv.Atoi(step); err != nil || by < 1 {
			return nil, fmt.Errorf("a step of %q", step)
		}
	}
	wrong := fmt.Errorf("[%s:%s] is no range", first, last)
	from, err := strconv.Atoi(first)
	if err != nil { // letters
		if len(first) != 1 || len(last) != 1 || first[0] > last[0] {
			return nil, wrong
		}
		var values []string
		for c := int(first[0]); c <= int(last[0]); c += by {
			values = append(values, string(rune(c)))
		}
		return values, nil
	}
	to, err := strconv.Atoi(last)
	if err != nil || to < from || to-from > mostDevices || by > mostDevices {
		return nil, wrong
	}
	width := 0
	if first[0] == '0' && len(first) > 1 {
		width = len(first)
	}
	var values []string
	for n := from; n <= to; n += by {
		values = append(values, fmt.Sprintf("%0*d", width, n))
	}
	return values, nil
}
