package emulator

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// netconfHello announces both framings (RFC 6242, section 4), so that the client chooses chunks.
const netconfHello = `<?xml version="1.0" encoding="UTF-8"?>
<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability>` +
	`<capability>urn:ietf:params:netconf:base:1.1</capability></capabilities><session-id>4711</session-id></hello>`

const (
	netconfNamespace = "urn:ietf:params:xml:ns:netconf:base:1.0"
	endOfMessage     = "]]>]]>"

	// chunk is small, so that values lie over the border between two.
	chunk = 500

	mostRequest = 1 << 20
)

// netconf serves the NETCONF subsystem: each operation gets the reply that was recorded for it, with the message-id of the
// question. What was not recorded is an operation that the device does not know.
func (c *connection) netconf(channel io.ReadWriteCloser) {
	defer channel.Close()
	if _, err := io.WriteString(channel, netconfHello+endOfMessage); err != nil {
		return
	}
	in := bufio.NewReader(channel)
	greeting, err := readDelimited(in)
	if err != nil {
		return
	}
	chunked := bytes.Contains(greeting, []byte("netconf:base:1.1"))
	for {
		read := readDelimited
		if chunked {
			read = readChunks
		}
		message, err := read(in)
		if err != nil {
			return
		}
		var request struct {
			XMLName   xml.Name `xml:"rpc"`
			MessageID string   `xml:"message-id,attr"`
			Operation string   `xml:",innerxml"`
		}
		if err := xml.Unmarshal(message, &request); err != nil {
			return
		}
		operation := strings.TrimSpace(request.Operation)
		c.server.note(operation)
		r := c.answerRPC(operation)
		if r.end == silence {
			io.Copy(io.Discard, in)
			return
		}
		text := withMessageID(r.text, request.MessageID)
		if r.end == hangUp && operation != closeSession {
			text = r.text // what came before the end
		}
		if err := writeMessage(channel, text, chunked); err != nil || r.end == hangUp {
			return
		}
	}
}

const closeSession = "<close-session/>"

// answerRPC returns the reply to an operation.
func (c *connection) answerRPC(operation string) reply {
	switch {
	case operation == closeSession:
		return reply{text: "<ok/>", end: hangUp}
	case len(c.device.book.replies[operation]) > 0:
		return c.next(operation)
	}
	return reply{text: `<rpc-error><error-type>protocol</error-type><error-tag>operation-not-supported</error-tag>` +
		`<error-severity>error</error-severity></rpc-error>`}
}

// speaksNETCONF reports whether the device was asked over NETCONF when it was recorded.
func (d *device) speaksNETCONF() bool {
	for command := range d.book.replies {
		if isRPC(command) {
			return true
		}
	}
	return false
}

// withMessageID returns an <rpc-reply> to the question of that id. A recorded reply that is a whole one has the id of
// the day on which it was recorded.
func withMessageID(reply, id string) string {
	before, rest, ok := strings.Cut(reply, "<rpc-reply")
	if !ok {
		return fmt.Sprintf(`<rpc-reply xmlns="%s" message-id="%s">%s</rpc-reply>`, netconfNamespace, id, reply)
	}
	tag, rest, _ := strings.Cut(rest, ">")
	if start := strings.Index(tag, `message-id="`); start >= 0 {
		value := tag[start+len(`message-id="`):]
		tag = tag[:start] + value[strings.IndexByte(value+`"`, '"')+1:]
	}
	return before + "<rpc-reply" + tag + ` message-id="` + id + `">` + rest
}

func writeMessage(out io.Writer, message string, chunked bool) error {
	var framed strings.Builder
	if !chunked {
		framed.WriteString(message + endOfMessage)
	} else {
		for len(message) > 0 {
			part := message[:min(chunk, len(message))]
			message = message[len(part):]
			fmt.Fprintf(&framed, "\n#%d\n%s", len(part), part)
		}
		framed.WriteString("\n##\n")
	}
	_, err := io.WriteString(out, framed.String())
	return err
}

var errFraming = errors.New("framing")

func readDelimited(in *bufio.Reader) ([]byte, error) {
	var message []byte
	for {
		b, err := in.ReadByte()
		if err != nil {
			return nil, err
		}
		message = append(message, b)
		if whole, ok := bytes.CutSuffix(message, []byte(endOfMessage)); ok {
			return whole, nil
		}
		if len(message) > mostRequest {
			return nil, errFraming
		}
	}
}

func readChunks(in *bufio.Reader) ([]byte, error) {
	var message []byte
	for {
		if b, err := in.ReadByte(); err != nil || b != '\n' {
			return nil, errors.Join(err, errFraming)
		}
		header, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		length, ok := strings.CutPrefix(strings.TrimSuffix(header, "\n"), "#")
		if ok && length == "#" {
			return message, nil
		}
		n, err := strconv.Atoi(length)
		if !ok || err != nil || n < 1 || n > mostRequest-len(message) {
			return nil, errFraming
		}
		part := make([]byte, n)
		if _, err := io.ReadFull(in, part); err != nil {
			return nil, err
		}
		message = append(message, part...)
	}
}
