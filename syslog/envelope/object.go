package envelope

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"trueboot/alerts"
)

// Bounds of an object. Wider ones are no log line.
const (
	maxPairs = 4096
	maxDepth = 12
)

var (
	errObject = errors.New("no JSON object")
	errBounds = fmt.Errorf("a JSON object of more than %d values, or deeper than %d", maxPairs, maxDepth)
)

// Object reads a JSON object as a flat list, in order: the file of {"tftp":{"file":"x"}} is "tftp.file". Elements of a list come under the
// list's own name, one after the other, null is left out, and numbers are as they were written. An object that gives a key twice is
// refused, since readers differ in which of the two they believe. What follows the object is ignored if it is blank, and is an error
// otherwise.
func Object(text string) (alerts.Fields, error) {
	s := scanner{text: text, fields: make(alerts.Fields, 0, 32)}
	s.space()
	if s.next() != '{' {
		return nil, errObject
	}
	if err := s.value("", 0); err != nil {
		return nil, err
	}
	if s.space(); s.at != len(s.text) {
		return nil, errObject
	}
	return s.fields, nil
}

type scanner struct {
	text   string
	at     int
	fields alerts.Fields
}

func (s *scanner) space() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

// next is the byte to come, or 0 at the end.
func (s *scanner) next() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// value reads one value; name is that of its place.
func (s *scanner) value(name string, depth int) error {
	if depth > maxDepth || len(s.fields) >= maxPairs {
		return errBounds
	}
	switch c := s.next(); {
	case c == '{':
		return s.object(name, depth)
	case c == '[':
		return s.list(name, depth)
	case c == '"':
		value, err := s.quoted()
		s.fields = append(s.fields, alerts.Field{Name: name, Value: value})
		return err
	case c == '-', c >= '0' && c <= '9', c == 't', c == 'f', c == 'n':
		begin := s.at
		for s.at < len(s.text) && strings.IndexByte(",]} \t\r\n", s.text[s.at]) < 0 {
			s.at++
		}
		word := s.text[begin:s.at]
		if !json.Valid([]byte(word)) {
			return errObject
		}
		if word != "null" {
			s.fields = append(s.fields, alerts.Field{Name: name, Value: word})
		}
		return nil
	}
	return errObject
}

func (s *scanner) object(name string, depth int) error {
	s.at++             // {
	var few [32]string // most objects have no more keys
	keys := few[:0]
	var many map[string]bool
	for first := true; ; first = false {
		s.space()
		if s.next() == '}' && first {
			s.at++
			return nil
		}
		if s.next() != '"' {
			return errObject
		}
		key, err := s.quoted()
		if err != nil {
			return err
		}
		twice := false
		if len(keys) < len(few) {
			twice = slices.Contains(keys, key)
			keys = append(keys, key)
		} else {
			if many == nil {
				many = map[string]bool{}
				for _, k := range keys {
					many[k] = true
				}
			}
			twice = many[key]
			many[key] = true
		}
		if twice {
			return fmt.Errorf("the key %q comes twice", key)
		}
		if s.space(); s.next() != ':' {
			return errObject
		}
		s.at++
		s.space()
		if name != "" {
			key = name + "." + key
		}
		if err := s.value(key, depth+1); err != nil {
			return err
		}
		switch s.space(); s.next() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return errObject
		}
	}
}

func (s *scanner) list(name string, depth int) error {
	s.at++ // [
	if s.space(); s.next() == ']' {
		s.at++
		return nil
	}
	for {
		s.space()
		if err := s.value(name, depth+1); err != nil {
			return err
		}
		switch s.space(); s.next() {
		case ',':
			s.at++
		case ']':
			s.at++
			return nil
		default:
			return errObject
		}
	}
}

// quoted reads a string. Most have no escape and cost nothing.
func (s *scanner) quoted() (string, error) {
	begin := s.at
	s.at++ // "
	for escaped := false; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; {
		case c == '\\':
			escaped = true
			s.at++
		case c < ' ':
			return "", errObject
		case c == '"':
			s.at++
			if !escaped {
				return s.text[begin+1 : s.at-1], nil
			}
			var value string
			if err := json.Unmarshal([]byte(s.text[begin:s.at]), &value); err != nil {
				return "", errObject
			}
			return value, nil
		}
	}
	return "", errObject
}
