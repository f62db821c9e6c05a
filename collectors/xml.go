package collectors

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// An Element is one element of an XML reply, with its line. Namespaces are left out: a release renames
// them more often than it renames what is in them.
type Element struct {
	Name     string
	Text     string // its own text, without blanks at either end
	Line     int    // in the reply, from 1: of its text where it has one, else of its tag
	Children []*Element

	Attributes map[string]string // by local name, those that declare a namespace left out; nil where there are none
}

// Limits on the shape of a reply; those on its size are the session's.
const (
	deepestElement = 64
	mostElements   = 200_000
)

// XML reads the reply as one XML document. What is not well-formed, too deep, too large, or has a document type or an
// entity of its own is an error, and nothing of it is returned: half a tree could be taken for a whole one.
func (r Reply) XML() (*Element, error) {
	root, err := parseXML(r.Text)
	if err != nil {
		return nil, fmt.Errorf("the XML of the reply: %w", err)
	}
	return root, nil
}

func parseXML(text string) (*Element, error) {
	decoder := xml.NewDecoder(strings.NewReader(text)) // strict: knows the five predefined entities and no other
	var (
		root  *Element
		open  []*Element
		count int
	)
	for {
		line, _ := decoder.InputPos()
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF) && root != nil && len(open) == 0:
			return root, nil
		case errors.Is(err, io.EOF):
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if count++; count > mostElements {
				return nil, fmt.Errorf("more than %d elements", mostElements)
			}
			e := &Element{Name: token.Name.Local, Line: line, Attributes: attributes(token.Attr)}
			switch {
			case len(open) == deepestElement:
				return nil, fmt.Errorf("line %d: elements lie more than %d deep", line, deepestElement)
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.Children = append(parent.Children, e)
			case root != nil:
				return nil, fmt.Errorf("line %d: a second document begins", line)
			default:
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			e := open[len(open)-1]
			e.Text = strings.TrimSpace(e.Text)
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].add(string(token), line)
			} else if strings.TrimSpace(string(token)) != "" {
				return nil, fmt.Errorf("line %d: text outside of the document", line)
			}
		case xml.Directive:
			return nil, fmt.Errorf("line %d: a document type, which no reply needs", line)
		}
	}
}

func attributes(stated []xml.Attr) map[string]string {
	var all map[string]string
	for _, a := range stated {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			continue
		}
		if all == nil {
			all = map[string]string{}
		}
		all[a.Name.Local] = a.Value
	}
	return all
}

// add puts a piece of text that begins in the given line to the element's.
func (e *Element) add(text string, line int) {
	if visible := strings.TrimLeft(text, " \t\r\n"); visible != "" && strings.TrimSpace(e.Text) == "" {
		e.Line = line + strings.Count(text[:len(text)-len(visible)], "\n")
	}
	e.Text += text
}

// All yields the elements of that name at any depth, outermost first; those inside of one that was yielded too.
func (e *Element) All(name string) iter.Seq[*Element] {
	return func(yield func(*Element) bool) { e.walk(name, yield) }
}

func (e *Element) walk(name string, yield func(*Element) bool) bool {
	for _, c := range e.Children {
		if c.Name == name && !yield(c) || !c.walk(name, yield) {
			return false
		}
	}
	return true
}

// Child returns the child at the end of the path of names, nil where there is none. Of several of one
// name it takes the first; a reader for which that matters uses Children.
func (e *Element) Child(path ...string) *Element {
	for _, name := range path {
		var next *Element
		for _, c := range e.Children {
			if c.Name == name {
				next = c
				break
			}
		}
		if next == nil {
			return nil
		}
		e = next
	}
	return e
}

// Value returns the text of the child at the end of the path and its line, "" and 0 where there is none.
func (e *Element) Value(path ...string) (text string, line int) {
	if c := e.Child(path...); c != nil {
		return c.Text, c.Line
	}
	return "", 0
}
