package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trueboot/collectors"
	"trueboot/facts"
)

// rpcPlatform asks one thing over NETCONF.
var rpcPlatform = collectors.Platform{
	Name: "test",
	Queries: map[collectors.Transport][]collectors.Query{collectors.NETCONF: {{
		Commands: []string{"<get-software-information/>"}, Yields: []facts.Kind{facts.RunningVersion},
		Read: func(r collectors.Reply) ([]facts.Fact, error) {
			var reading collectors.Reading
			root, err := r.XML()
			if err != nil {
				return nil, err
			}
			for e := range root.All("junos-version") {
				reading.Add(e.Line, facts.RunningVersion, "", e.Text)
			}
			if reading.Empty() {
				reading.Problem("no version in the reply")
			}
			return reading.Done()
		},
	}}},
}

const (
	hello10 = `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>7</session-id></hello>]]>]]>`
	hello11 = `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability><capability>urn:ietf:params:netconf:base:1.1</capability></capabilities><session-id>7</session-id></hello>]]>]]>`
)

// software is a reply with {id} where the request's message-id belongs.
const software = `<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="{id}"><software-information><junos-version>21.4R3-S5.4</junos-version></software-information></rpc-reply>`

func delimited(text string) string { return text + "]]>]]>" }

// chunked cuts a text after each of the places and frames the parts.
func chunked(text string, cuts ...int) string {
	var framed strings.Builder
	from := 0
	for _, to := range append(slices.Clone(cuts), len(text)) {
		if to > from {
			fmt.Fprintf(&framed, "\n#%d\n%s", to-from, text[from:to])
			from = to
		}
	}
	return framed.String() + "\n##\n"
}

// serveRPC plays a server: its hello, then the answer to the first operation, given its message-id. It returns when the client
// has closed.
func serveRPC(conn net.Conn, hello string, answer func(id string) string) {
	defer conn.Close()
	go io.WriteString(conn, hello)
	in := bufio.NewReader(conn)
	var got strings.Builder
	for !strings.Contains(got.String(), "</rpc>") {
		b, err := in.ReadByte()
		if err != nil {
			return
		}
		got.WriteByte(b)
	}
	_, rest, _ := strings.Cut(got.String(), `message-id="`)
	id, _, _ := strings.Cut(rest, `"`)
	if text := answer(id); text != "" {
		io.WriteString(conn, text)
		io.Copy(io.Discard, in)
	}
}

func replyOf(framed func(string) string) func(string) string {
	return func(id string) string { return framed(strings.ReplaceAll(software, "{id}", id)) }
}

var testRPCLimits = Limits{Idle: time.Minute, Total: 5 * time.Minute, Login: 10 * time.Second, ReplyBytes: 1 << 16, SessionBytes: 1 << 20}.withDefaults()

// TestNETCONF plays what servers do, good and bad (libraries.md, section 3, lists what the library makes of it).
func TestNETCONF(t *testing.T) {
	whole := func(text string) string { return delimited(text) }
	for _, test := range []struct {
		name    string
		hello   string
		answer  func(id string) string
		version string
		reason  facts.Reason // of the gap, or of the session that was not opened
		says    string
	}{
		{name: "framing 1.0", hello: hello10, answer: replyOf(whole), version: "21.4R3-S5.4"},
		{name: "framing 1.1", hello: hello11, answer: replyOf(func(s string) string { return chunked(s) }), version: "21.4R3-S5.4"},
		{name: "a value over two chunks", hello: hello11, version: "21.4R3-S5.4",
			answer: replyOf(func(s string) string { return chunked(s, strings.Index(s, "3-S5")) })},
		{name: "a tag over two chunks", hello: hello11, version: "21.4R3-S5.4",
			answer: replyOf(func(s string) string { return chunked(s, strings.Index(s, "os-version")) })},
		{name: "every byte a chunk", hello: hello11, version: "21.4R3-S5.4", answer: replyOf(func(s string) string {
			var cuts []int
			for i := range s {
				cuts = append(cuts, i)
			}
			return chunked(s, cuts...)
		})},
		{name: "the end of a message in its text", hello: hello11, version: "21.4R3-S5.4", answer: replyOf(func(s string) string {
			return chunked(strings.Replace(s, "<software-information>", "<software-information><note>\n##\n</note>", 1))
		})},
		{name: "comments before the hello, as Junos has them", version: "21.4R3-S5.4", answer: replyOf(whole),
			hello: "<!-- No zombies were killed during the creation of this user interface -->\n<!-- user auditor, class j-read-only -->\n" + hello10},
		{name: "a hello without a namespace", hello: strings.Replace(hello10, ` xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"`, "", 1), answer: replyOf(whole), version: "21.4R3-S5.4"},
		{name: "capabilities with line ends around them", hello: strings.ReplaceAll(strings.ReplaceAll(hello11, "<capability>", "<capability>\n  "), "</capability>", "\n</capability>"),
			answer: replyOf(func(s string) string { return chunked(s) }), version: "21.4R3-S5.4"},

		{name: "an error", hello: hello10, reason: facts.UnsupportedCommand, says: "syntax error", answer: func(id string) string {
			return delimited(`<rpc-reply message-id="` + id + `"><rpc-error><error-type>protocol</error-type><error-tag>operation-failed</error-tag><error-severity>error</error-severity><error-message>syntax error</error-message></rpc-error></rpc-reply>`)
		}},
		{name: "an error of access", hello: hello11, reason: facts.NoPrivilege, says: "access-denied", answer: func(id string) string {
			return chunked(`<rpc-reply message-id="` + id + `"><rpc-error><error-tag>access-denied</error-tag><error-severity>error</error-severity></rpc-error></rpc-reply>`)
		}},
		{name: "the answer to another question", hello: hello10, reason: facts.ParseIncomplete, says: "message-id", answer: func(string) string {
			return delimited(strings.ReplaceAll(software, "{id}", "101"))
		}},
		{name: "an answer to nobody's question", hello: hello10, reason: facts.ParseIncomplete, says: "message-id", answer: func(string) string {
			return delimited(strings.ReplaceAll(software, ` message-id="{id}"`, ""))
		}},
		{name: "cut in the middle", hello: hello10, reason: facts.SessionLost, says: "in the middle of a message", answer: func(id string) string { return "" }},
		{name: "not XML", hello: hello10, reason: facts.ParseIncomplete, says: "no NETCONF", answer: func(string) string { return delimited("% Invalid input") }},
		{name: "another document", hello: hello10, reason: facts.ParseIncomplete, answer: func(id string) string { return delimited(`<hello message-id="` + id + `"/>`) }},
		{name: "endless under 1.0", hello: hello10, reason: facts.ReplyTooLarge, answer: func(string) string { return "<a>" + strings.Repeat("x", 1<<17) }},
		{name: "endless chunks", hello: hello11, reason: facts.ReplyTooLarge, answer: func(string) string { return strings.Repeat("\n#1000\n"+strings.Repeat("x", 1000), 200) }},
		{name: "a chunk that claims 4 GB", hello: hello11, reason: facts.ReplyTooLarge, answer: func(string) string { return "\n#4294967295\nxx" }},
		{name: "a chunk longer than can be", hello: hello11, reason: facts.ParseIncomplete, says: "length of a chunk", answer: func(string) string { return "\n#99999999999\nxx" }},
		{name: "a negative chunk", hello: hello11, reason: facts.ParseIncomplete, says: "length of a chunk", answer: func(string) string { return "\n#-5\nxx\n##\n" }},
		{name: "a chunk with a leading zero", hello: hello11, reason: facts.ParseIncomplete, says: "length of a chunk", answer: func(string) string { return "\n#05\nxxxxx\n##\n" }},
		{name: "a message of no chunk", hello: hello11, reason: facts.ParseIncomplete, says: "without a chunk", answer: func(string) string { return "\n##\n" }},
		{name: "framing 1.0 after 1.1 was agreed", hello: hello11, reason: facts.ParseIncomplete, says: "length of a chunk", answer: replyOf(whole)},
		{name: "deep", hello: hello10, reason: facts.ParseIncomplete, says: "deep", answer: func(id string) string {
			return delimited(`<rpc-reply message-id="` + id + `">` + strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000) + "</rpc-reply>")
		}},
		{name: "an entity", hello: hello10, reason: facts.ParseIncomplete, answer: func(id string) string {
			return delimited(`<!DOCTYPE a [<!ENTITY e "x">]><rpc-reply message-id="` + id + `">&e;</rpc-reply>`)
		}},

		{name: "no hello", hello: "Connection refused by policy\r\n" + delimited(""), reason: facts.ParseIncomplete, says: "hello"},
		{name: "a hello without a session-id", hello: strings.Replace(hello10, "<session-id>7</session-id>", "", 1), reason: facts.ParseIncomplete, says: "session-id"},
		{name: "a hello of another protocol", hello: strings.Replace(hello10, "netconf:base:1.0</cap", "netconf:base:9.0</cap", 1), reason: facts.UnsupportedCommand, says: "neither"},
		{name: "closes at once", hello: "\x00close", reason: facts.SessionLost, says: "closed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			served := make(chan struct{})
			go func() {
				defer close(served)
				if test.hello == "\x00close" {
					theirs.Close()
					return
				}
				serveRPC(theirs, test.hello, func(id string) string {
					if text := test.answer(id); text != "" {
						return text
					}
					io.WriteString(theirs, strings.ReplaceAll(software, "{id}", id)[:90])
					return ""
				})
			}()
			n := newNETCONF(ours, func() { ours.Close() }, testRPCLimits, strings.Repeat("ab", 16))
			defer func() {
				n.Close()
				<-served
			}()
			if f := n.greet(t.Context()); f != nil {
				if f.Reason != test.reason || !strings.Contains(f.Error(), test.says) || test.answer != nil {
					t.Errorf("no session: %s, %v", f.Reason, f)
				}
				return
			}
			set := collectors.Collect(t.Context(), rpcPlatform, sessionOf(n))
			if got := set.Value(facts.RunningVersion); got != test.version {
				t.Errorf("version %q, want %q", got, test.version)
			}
			gap, _ := set.Gap(facts.RunningVersion, "")
			if gap.Reason != test.reason || !strings.Contains(gap.Detail, test.says) {
				t.Errorf("gap %s %q, want %s %q", gap.Reason, gap.Detail, test.reason, test.says)
			}
		})
	}
}

// sessionOf leaves out the host key, which a pipe has none of.
func sessionOf(n *NETCONF) collectors.Session { return keyless{n} }

type keyless struct{ *NETCONF }

func (keyless) Facts() []facts.Fact { return nil }

// TestNETCONFTime holds that a silent server, one that drips for ever and a context that ends each end the session when it is
// time, with the clock of the test.
func TestNETCONFTime(t *testing.T) {
	drip := func(conn net.Conn, every time.Duration) {
		for {
			if _, err := io.WriteString(conn, "x"); err != nil {
				return
			}
			time.Sleep(every)
		}
	}
	for _, test := range []struct {
		name   string
		serve  func(net.Conn)
		hello  bool // it says hello
		give   time.Duration
		after  time.Duration
		reason facts.Reason
	}{
		{"silent before the hello", func(net.Conn) {}, false, time.Hour, 10 * time.Second, facts.Timeout},
		{"a hello that never ends", func(c net.Conn) { drip(c, time.Second) }, false, time.Hour, 10 * time.Second, facts.Timeout},
		{"silent after the question", func(net.Conn) {}, true, time.Hour, 30 * time.Second, facts.Timeout},
		{"an answer that never ends", func(c net.Conn) { drip(c, 20*time.Second) }, true, time.Hour, 5 * time.Minute, facts.Timeout},
		{"out of time", func(net.Conn) {}, true, 20 * time.Second, 20 * time.Second, facts.Timeout},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				var serving sync.WaitGroup
				defer serving.Wait()
				serving.Go(func() { io.Copy(io.Discard, theirs) })
				serving.Go(func() {
					if test.hello {
						io.WriteString(theirs, hello10)
					}
					test.serve(theirs)
				})
				ctx, cancel := context.WithTimeout(t.Context(), test.give)
				defer cancel()
				n := newNETCONF(ours, func() { ours.Close(); theirs.Close() }, testRPCLimits, strings.Repeat("ab", 16))
				began := time.Now()
				f := n.greet(ctx)
				if f == nil {
					set := collectors.Collect(ctx, rpcPlatform, sessionOf(n))
					gap, _ := set.Gap(facts.RunningVersion, "")
					f = failed(gap.Reason, "%s", gap.Detail)
				}
				if took := time.Since(began); f.Reason != test.reason || took != test.after {
					t.Errorf("%s after %v: %v; want %s after %v", f.Reason, took, f, test.reason, test.after)
				}
				n.Close()
			})
		})
	}
}

// TestFramesAnyChunks holds that however a message is cut into chunks and however it arrives, it comes out as it was.
func TestFramesAnyChunks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		message := rapid.StringN(1, 200, -1).Draw(t, "message")
		cuts := rapid.SliceOf(rapid.IntRange(0, len(message))).Draw(t, "cuts")
		slices.Sort(cuts)
		wire := chunked(message, cuts...)
		pieces := rapid.IntRange(1, 9).Draw(t, "bytes that arrive at once")
		f := newFrames(struct {
			io.Reader
			io.Writer
		}{&pieceReader{wire, pieces}, io.Discard}, func() {}, 1<<16, 1<<20)
		f.SetVersion("v1.1")
		got, err := f.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(message, string(got)); diff != "" {
			t.Fatal(diff)
		}
	})
}

type pieceReader struct {
	text string
	most int
}

func (r *pieceReader) Read(p []byte) (int, error) {
	if r.text == "" {
		return 0, io.EOF
	}
	n := copy(p, r.text[:min(r.most, len(r.text))])
	r.text = r.text[n:]
	return n, nil
}

// FuzzFrames holds that no bytes bring the reader down, make it hold more than the limit, or make a message of what was cut.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{hello11 + chunked("<a/>"), hello10 + delimited("<a/>"), "\n#4294967295\nx", "\n##\n", "\n#1\nx\n#", delimited("")} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, wire string, v11 bool) {
		const limit = 1 << 12
		frames := newFrames(struct {
			io.Reader
			io.Writer
		}{strings.NewReader(wire), io.Discard}, func() {}, limit, 1<<20)
		if v11 {
			frames.SetVersion("v1.1")
		}
		for {
			message, err := frames.Receive()
			if len(message) > limit {
				t.Fatalf("a message of %d bytes", len(message))
			}
			if err != nil {
				var failure *collectors.Failure
				if !errors.As(err, &failure) || message != nil {
					t.Fatalf("%v with %q", err, message)
				}
				return
			}
			if !v11 && !strings.Contains(wire, string(message)+endOfMessage) {
				t.Fatalf("%q was never sent", message)
			}
		}
	})
}
