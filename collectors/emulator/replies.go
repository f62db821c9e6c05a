package emulator

import (
	"cmp"
	"strings"

	"trueboot/collectors/capture"
	"trueboot/facts"
)

// A reply is ready to be sent.
type reply struct {
	text   string // lines end in CR LF, the last one too
	rows   int
	widest int // bytes of the longest line
	end    ending
}

// An ending is what follows a reply's text.
type ending int

const (
	prompts ending = iota // the next prompt
	fails                 // the next prompt; in a channel of its own, an exit status that says so
	silence               // nothing: the recorded visit timed out here
	hangUp                // the connection ends: the recorded visit lost it, or gave it up
)

// A book holds the replies of a transcript by command.
type book struct {
	replies map[string][]reply
	nonce   string // as the transcript has it
}

func newBook(t *capture.Transcript) book {
	b := book{replies: make(map[string][]reply, len(t.Exchanges)), nonce: cmp.Or(t.Nonce, strings.Repeat("0", nonceDigits))}
	for _, e := range t.Exchanges {
		if e.Reason == facts.NotCollected {
			continue
		}
		b.replies[e.Command] = append(b.replies[e.Command], newReply(e))
	}
	return b
}

func newReply(e capture.Exchange) reply {
	r := reply{text: e.Text}
	if !isRPC(e.Command) { // a terminal's
		r.text = wireLines(e.Text)
	}
	switch e.Reason {
	case "", facts.UnsupportedCommand:
		if e.Reason != "" {
			r.end = fails
		}
		if r.text != "" && !isRPC(e.Command) && !strings.HasSuffix(r.text, "\n") {
			r.text += "\r\n"
		}
	case facts.Timeout:
		r.end = silence
	default:
		r.end = hangUp
	}
	for line := range strings.Lines(r.text) {
		r.rows++
		r.widest = max(r.widest, len(strings.TrimRight(line, "\r\n")))
	}
	return r
}

// isRPC tells a NETCONF operation from a command.
func isRPC(command string) bool { return strings.HasPrefix(command, "<") }

// wireLines ends every line in CR LF. A text that does so already, as recorded ones do, is
// shared and not copied.
func wireLines(text string) string {
	if strings.Count(text, "\n") == strings.Count(text, "\r\n") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}

const nonceDigits = 32

// find returns the name under which the book knows a command, and the nonce that the
// command carries, "" where there is none. Each visit sends a nonce of its own; the book knows
// the one of the visit that was recorded.
func (b *book) find(command string) (name, nonce string, ok bool) {
	if _, ok := b.replies[command]; ok {
		return command, "", true
	}
	name = command
	for word := range strings.SplitSeq(command, " ") {
		if len(word) == nonceDigits && strings.Trim(word, "0123456789abcdef") == "" {
			name, nonce = strings.Replace(command, word, b.nonce, 1), word
			break
		}
	}
	if _, ok := b.replies[name]; !ok {
		name = capture.FileName(name)
	}
	_, ok = b.replies[name]
	return name, nonce, ok
}

// withNonce puts the client's nonce in the place of the recorded one.
func (b *book) withNonce(r reply, nonce string) reply {
	if nonce != "" {
		r.text = strings.ReplaceAll(r.text, b.nonce, nonce)
		r.text = strings.ReplaceAll(r.text, strings.ToUpper(b.nonce), strings.ToUpper(nonce))
	}
	return r
}
