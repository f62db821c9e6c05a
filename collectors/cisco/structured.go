package cisco

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"trueboot/collectors"
)

// NX-OS answers as JSON to "… | json", and as JSON or XML over NX-API. The names of the leaves are the same in all three.

// A leaf is a value of a structured reply, with its name.
type leaf struct {
	name  string
	value string
	line  int
	row   int // counts the objects, so that leaves of one object can be told from those of the next
}

// Limits on the shape of a JSON reply; those on its size are the session's.
const (
	deepestObject = 64
	mostLeaves    = 200_000
)

// isStructured reports whether the reply is JSON or XML and not a text for people.
func isStructured(reply collectors.Reply) bool {
	for _, line := range reply.Lines() {
		if text := strings.TrimSpace(line); text != "" {
			return text[0] == '{' || text[0] == '[' || strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<ins_api")
		}
	}
	return false
}

// leavesOf takes a structured reply apart. Nothing is returned of one that is not well-formed.
func leavesOf(reply collectors.Reply) ([]leaf, error) {
	if strings.HasPrefix(strings.TrimSpace(reply.Text), "<") {
		root, err := reply.XML()
		if err != nil {
			return nil, err
		}
		var leaves []leaf
		rows := 0
		xmlLeaves(root, 0, &rows, &leaves)
		return leaves, nil
	}
	leaves, err := jsonLeaves(reply)
	if err != nil {
		return nil, fmt.Errorf("the JSON of the reply: %w", err)
	}
	return leaves, nil
}

func xmlLeaves(e *collectors.Element, row int, rows *int, leaves *[]leaf) {
	for _, c := range e.Children {
		if len(c.Children) == 0 {
			*leaves = append(*leaves, leaf{c.Name, c.Text, c.Line, row})
			continue
		}
		*rows++
		xmlLeaves(c, *rows, rows, leaves)
	}
}

// jsonLeaves reads one JSON value and its leaves.
func jsonLeaves(reply collectors.Reply) ([]leaf, error) {
	// Lines leaves out what the terminal monitor printed into the reply, and so the lines are counted by hand.
	var text strings.Builder
	var numbers, ends []int // of each line of the text: its number in the reply, and where it ends in the text
	for n, line := range reply.Lines() {
		text.WriteString(line)
		text.WriteByte('\n')
		numbers, ends = append(numbers, n), append(ends, text.Len())
	}
	decoder := json.NewDecoder(strings.NewReader(text.String()))
	decoder.UseNumber()
	at := 0
	line := func() int {
		for at < len(ends)-1 && int64(ends[at]) < decoder.InputOffset() {
			at++
		}
		return numbers[at]
	}

	// An open value: an object or a list, the name under which its next value stands, and the row that it is.
	type open struct {
		list, named bool
		name        string
		row         int
	}
	var (
		stack  []open
		leaves []leaf
		rows   int
	)
	for {
		token, err := decoder.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		}
		top := len(stack) - 1
		if delimiter, ok := token.(json.Delim); ok {
			if delimiter == '}' || delimiter == ']' {
				if stack = stack[:top]; top == 0 {
					break
				}
				stack[top-1].named = false
				continue
			}
			if len(stack) == deepestObject {
				return nil, fmt.Errorf("line %d: objects lie more than %d deep", line(), deepestObject)
			}
			next := open{list: delimiter == '['}
			if top >= 0 {
				next.name, next.row = stack[top].name, stack[top].row
			}
			if !next.list {
				rows++
				next.row = rows
			}
			stack = append(stack, next)
			continue
		}
		if top < 0 {
			return nil, errors.New("neither an object nor a list")
		}
		current := &stack[top]
		if !current.list && !current.named {
			current.name, _ = token.(string) // a key
			current.named = true
			continue
		}
		current.named = false
		if len(leaves) == mostLeaves {
			return nil, fmt.Errorf("more than %d values", mostLeaves)
		}
		if token != nil {
			leaves = append(leaves, leaf{current.name, fmt.Sprint(token), line(), current.row})
		}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("line %d: something follows the end", line())
	}
	return leaves, nil
}
