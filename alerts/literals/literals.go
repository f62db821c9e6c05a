package literals

import "slices"

// A Set finds any of its words in a text. Letters of ASCII match in either case; all other bytes match themselves. It is an automaton
// with one transition for each byte of the text, whatever the number of words, and is safe for concurrent use.
type Set struct {
	words   []string
	classes [256]uint8 // bytes that no word tells apart are one class
	width   uint32     // number of classes
	next    []uint32   // by state and class; a state is its number times the width
	matches uint32     // states from here on end a word
	ends    [][]int    // of those states, the words that end there, by place
}

// New makes the set. Empty words match nothing.
func New(words []string) *Set {
	s := &Set{words: slices.Clone(words)}
	s.classify()
	s.build()
	return s
}

// Words are the words of the set, in the order in which New got them.
func (s *Set) Words() []string { return s.words }

func fold(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// classify gives each byte that a word has its class, and all the others one. There may be 255 of them, which is more than any text needs:
// letters are folded.
func (s *Set) classify() {
	s.width = 1
	var seen [256]bool
	for _, word := range s.words {
		for i := range len(word) {
			seen[fold(word[i])] = true
		}
	}
	for c := range 256 {
		if seen[c] && byte(c) == fold(byte(c)) {
			s.classes[c] = uint8(s.width)
			s.width++
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		s.classes[c] = s.classes[fold(byte(c))]
	}
}

// A node is a state while the automaton is built.
type node struct {
	next map[uint8]int
	fail int
	ends []int
}

func (s *Set) build() {
	nodes := []node{{next: map[uint8]int{}}}
	for w, word := range s.words {
		if word == "" {
			continue
		}
		at := 0
		for i := range len(word) {
			class := s.classes[word[i]]
			to, ok := nodes[at].next[class]
			if !ok {
				to = len(nodes)
				nodes = append(nodes, node{next: map[uint8]int{}})
				nodes[at].next[class] = to
			}
			at = to
		}
		nodes[at].ends = append(nodes[at].ends, w)
	}
	// In breadth: a failure leads to a shallower state, whose transitions are complete by then.
	order := []int{0}
	table := make([]int, len(nodes)*int(s.width))
	for i := 0; i < len(order); i++ {
		at := order[i]
		n := &nodes[at]
		row := table[at*int(s.width) : (at+1)*int(s.width)]
		if at != 0 {
			copy(row, table[n.fail*int(s.width):(n.fail+1)*int(s.width)])
			n.ends = append(n.ends, nodes[n.fail].ends...)
		}
		for class, to := range n.next {
			if at != 0 {
				nodes[to].fail = row[class]
			}
			row[class] = to
			order = append(order, to)
		}
	}
	// States that end a word stand last, so that one comparison tells.
	number := make([]uint32, len(nodes))
	count := uint32(0)
	for _, ending := range []bool{false, true} {
		if ending {
			s.matches = count * s.width
		}
		for _, at := range order {
			if (len(nodes[at].ends) > 0) == ending {
				number[at] = count * s.width
				count++
				if ending {
					slices.Sort(nodes[at].ends)
					s.ends = append(s.ends, slices.Compact(nodes[at].ends))
				}
			}
		}
	}
	s.next = make([]uint32, len(table))
	for at := range nodes {
		for class := range int(s.width) {
			s.next[int(number[at])+class] = number[table[at*int(s.width)+class]]
		}
	}
}

// Any reports whether one of the words stands in the text.
func (s *Set) Any(text string) bool {
	state, next, classes, matches := uint32(0), s.next, &s.classes, s.matches
	for i := range len(text) {
		state = next[state+uint32(classes[text[i]])]
		if state >= matches {
			return true
		}
	}
	return false
}

// AnyBytes is Any of bytes.
func (s *Set) AnyBytes(text []byte) bool {
	state, next, classes, matches := uint32(0), s.next, &s.classes, s.matches
	for _, c := range text {
		state = next[state+uint32(classes[c])]
		if state >= matches {
			return true
		}
	}
	return false
}

// Each calls with the place of each word that ends in the text, as often as it does, until it returns false.
func (s *Set) Each(text string, with func(word int) bool) {
	state := uint32(0)
	for i := range len(text) {
		state = s.next[state+uint32(s.classes[text[i]])]
		if state < s.matches {
			continue
		}
		for _, word := range s.ends[(state-s.matches)/s.width] {
			if !with(word) {
				return
			}
		}
	}
}
