package session

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/Juniper/go-netconf/netconf"

	"trueboot/collectors"
	"trueboot/facts"
)

// Capabilities that choose the framing (RFC 6241, section 8.1; RFC 6242, section 4).
const (
	base10 = "urn:ietf:params:netconf:base:1.0"
	base11 = "urn:ietf:params:netconf:base:1.1"
)

// endOfMessage ends a message under framing 1.0, and every hello.
const endOfMessage = "]]>]]>"

// frames is a netconf.Transport that keeps to RFC 6242.
//
// The library's own finds the end of a chunked message by searching for "##" on a line, leaves the headers of the chunks in
// the text, so that a digest comes back with "#33" in it, takes what came before a cut for a whole message, and
// has no limit. Only its types are used.
type frames struct {
	in      *bufio.Reader
	out     io.Writer
	hangUp  func()
	limit   int    // bytes of one message
	chunked bool   // framing 1.1
	heard   func() // called when bytes have come
	left    int    // bytes that the session may still receive
	sent    []byte // the message that was sent last
	last    []byte // the message that was received last, or what there is of it
}

func newFrames(channel io.ReadWriter, hangUp func(), limit, all int) *frames {
	f := &frames{out: channel, hangUp: hangUp, limit: limit, heard: func() {}, left: all}
	f.in = bufio.NewReader(readerFunc(func(p []byte) (int, error) {
		n, err := channel.Read(p)
		if n > 0 {
			f.heard()
		}
		if f.left -= n; f.left < 0 {
			return 0, failed(facts.ReplyTooLarge, "the device sent more than %d bytes in one session", all)
		}
		return n, err
	}))
	return f
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// SetVersion switches to chunks for "v1.1".
func (f *frames) SetVersion(version string) { f.chunked = version == "v1.1" }

// Close ends the connection.
func (f *frames) Close() error {
	f.hangUp()
	return nil
}

// Send writes one message.
func (f *frames) Send(message []byte) error {
	f.sent = message
	var framed bytes.Buffer
	if f.chunked {
		fmt.Fprintf(&framed, "\n#%d\n%s\n##\n", len(message), message)
	} else {
		if bytes.Contains(message, []byte(endOfMessage)) {
			return failed(facts.UnsafeArgument, "a message that holds the end of a message is not sent")
		}
		fmt.Fprintf(&framed, "%s%s", message, endOfMessage)
	}
	if _, err := f.out.Write(framed.Bytes()); err != nil {
		return failed(facts.SessionLost, "the device closed the connection")
	}
	return nil
}

// Receive reads one message. Its error is a *collectors.Failure, and what came before it stays in last.
func (f *frames) Receive() ([]byte, error) {
	f.last = nil
	var err error
	if f.chunked {
		err = f.receiveChunks()
	} else {
		err = f.receiveDelimited()
	}
	switch {
	case err == nil:
		return f.last, nil
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, failed(facts.SessionLost, "the device closed the connection%s", inTheMiddle(len(f.last) > 0))
	}
	var failure *collectors.Failure
	if errors.As(err, &failure) {
		return nil, failure
	}
	return nil, failed(facts.SessionLost, "%w", err)
}

func inTheMiddle(begun bool) string {
	if begun {
		return " in the middle of a message"
	}
	return ""
}

// receiveDelimited reads up to the end of a message of framing 1.0.
func (f *frames) receiveDelimited() error {
	for {
		part, err := f.in.ReadSlice('>')
		f.last = append(f.last, part...)
		if len(f.last) > f.limit+len(endOfMessage) {
			return f.tooLarge()
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		if bytes.HasSuffix(f.last, []byte(endOfMessage)) {
			f.last = f.last[:len(f.last)-len(endOfMessage)]
			return nil
		}
	}
}

func (f *frames) tooLarge() error {
	return failed(facts.ReplyTooLarge, "the device sent more than %d bytes in one message", f.limit)
}

// receiveChunks reads a message of framing 1.1: chunks, each behind "\n#LENGTH\n", and then "\n##\n". A length is a
// promise and nothing is set aside for it.
func (f *frames) receiveChunks() error {
	for chunks := 0; ; chunks++ {
		length, err := f.chunkHeader()
		switch {
		case err != nil:
			return err
		case length == 0 && chunks == 0:
			return failed(facts.ParseIncomplete, "the device sent a message without a chunk (RFC 6242, section 4.2)")
		case length == 0:
			return nil
		case length > f.limit-len(f.last):
			return f.tooLarge()
		}
		message := bytes.NewBuffer(f.last)
		_, err = io.CopyN(message, f.in, int64(length))
		f.last = message.Bytes()
		if err != nil {
			return err
		}
	}
}

// chunkHeader reads what stands before a chunk and returns its length, 0 for the end of the message.
//
//	\n#1024\n
//	\n##\n
func (f *frames) chunkHeader() (int, error) {
	const longest = len("\n#4294967295\n")
	var header []byte
	for !bytes.HasSuffix(header, []byte("\n")) || len(header) == 1 {
		b, err := f.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if header = append(header, b); len(header) > longest {
			break
		}
	}
	length, ok := strings.CutPrefix(string(header), "\n#")
	length, whole := strings.CutSuffix(length, "\n")
	if ok && whole && length == "#" {
		return 0, nil
	}
	n, err := strconv.ParseUint(length, 10, 32)
	if !ok || !whole || err != nil || n == 0 || length[0] < '1' || length[0] > '9' {
		return 0, failed(facts.ParseIncomplete, "%.40q where the length of a chunk should stand (RFC 6242, section 4.2)", header)
	}
	return int(min(n, 1<<31-1)), nil
}

// hello is what a server says first (RFC 6241, section 8.1). Its namespace is not looked at: old releases leave it out.
type hello struct {
	XMLName      xml.Name `xml:"hello"`
	Capabilities []string `xml:"capabilities>capability"`
	SessionID    int      `xml:"session-id"`
}

// ReceiveHello reads the server's hello and returns an error where it is none.
func (f *frames) ReceiveHello() (*netconf.HelloMessage, error) {
	text, err := f.Receive()
	if err != nil {
		return nil, err
	}
	if _, err := (collectors.Reply{Text: string(text)}).XML(); err != nil {
		return nil, failed(facts.ParseIncomplete, "the device's hello is no NETCONF: %v", err)
	}
	var h hello
	if err := xml.Unmarshal(text, &h); err != nil {
		return nil, failed(facts.ParseIncomplete, "the device's hello is no NETCONF: %v", err)
	}
	for i := range h.Capabilities {
		h.Capabilities[i] = strings.TrimSpace(h.Capabilities[i])
	}
	switch {
	case h.SessionID < 1:
		return nil, failed(facts.ParseIncomplete, "the device's hello has no session-id (RFC 6241, section 8.1)")
	case !slices.Contains(h.Capabilities, base10) && !slices.Contains(h.Capabilities, base11):
		return nil, failed(facts.UnsupportedCommand, "the device speaks neither NETCONF base 1.0 nor 1.1")
	}
	return &netconf.HelloMessage{Capabilities: h.Capabilities, SessionID: h.SessionID}, nil
}

// SendHello writes ours.
func (f *frames) SendHello(h *netconf.HelloMessage) error {
	text, err := xml.Marshal(h)
	if err != nil {
		return err
	}
	return f.Send(append([]byte(xml.Header), text...))
}
