package session

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
)

// testPlatform takes every line of a reply for a fact.
var testPlatform = collectors.Platform{
	Name: "cisco_ios", Terminal: testTerminal,
	Queries: map[collectors.Transport][]collectors.Query{collectors.CLI: {
		{Commands: []string{"show inventory"}, Yields: []facts.Kind{facts.Model}, Read: everyLine(facts.Model)},
		{Commands: []string{"show version"}, Yields: []facts.Kind{facts.RunningVersion}, Read: everyLine(facts.RunningVersion)},
		{Commands: []string{"dir flash:"}, Yields: []facts.Kind{facts.File}, Read: everyLine(facts.File)},
	}},
}

func everyLine(kind facts.Kind) func(collectors.Reply) ([]facts.Fact, error) {
	return func(reply collectors.Reply) ([]facts.Fact, error) {
		var r collectors.Reading
		for n, line := range reply.Lines() {
			r.Add(n, kind, line, line)
		}
		return r.Done()
	}
}

// TestCutEarly lets a line that looks like the prompt end a reply early, in the middle and at the end of a visit. No fact of a reply
// that was cut stays, and a capture of the visit yields the same as the visit did.
func TestCutEarly(t *testing.T) {
	transcript := &capture.Transcript{Platform: "cisco_ios", Device: "core1", Exchanges: []capture.Exchange{
		{Command: "show inventory", Text: "model\r\n"},
		{Command: "show version", Text: "version\r\nrest of the version\r\n"},
		{Command: "dir flash:", Text: "image.bin\r\nimplant.bin\r\n"},
	}}
	for _, test := range []struct {
		mode    emulator.Mode
		command string
		left    []facts.Kind // of which facts may be left
	}{
		{"", "", []facts.Kind{facts.Model, facts.RunningVersion, facts.File}},
		{emulator.PromptInReply, "show version", []facts.Kind{facts.Model, facts.RunningVersion, facts.File}},
		{emulator.LogBeforeEcho, "", []facts.Kind{facts.Model, facts.RunningVersion, facts.File}},
		{emulator.GarbageAfterPrompt, "dir flash:", []facts.Kind{facts.Model}},
		{emulator.GarbageAfterPrompt, "show version", nil},
		{emulator.EchoesAhead, "dir flash:", []facts.Kind{facts.Model}},
		{emulator.EchoesAhead, "show version", nil},
		{emulator.CutReply, "dir flash:", []facts.Kind{facts.Model, facts.RunningVersion}},
	} {
		t.Run(string(test.mode)+" "+test.command, func(t *testing.T) {
			server := startDevice(t, emulator.Device{StartPrivileged: true, Transcript: transcript, Mode: test.mode, ModeCommand: test.command})
			s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), deviceAt(t, server.Addr()), testTerminal)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			recorder := capture.NewRecorder(s)
			live := collectors.Collect(t.Context(), testPlatform, recorder)

			var left []facts.Kind
			for _, f := range live.Facts {
				if f.Kind != facts.HostKey && !slices.Contains(left, f.Kind) {
					left = append(left, f.Kind)
				}
			}
			if diff := cmp.Diff(test.left, left); diff != "" {
				t.Errorf("kinds (-want +got):\n%s", diff)
			}
			for _, kind := range []facts.Kind{facts.Model, facts.RunningVersion, facts.File} {
				if !slices.Contains(left, kind) && !slices.ContainsFunc(live.Gaps, func(g facts.Gap) bool { return slices.Contains(g.Kinds, kind) }) {
					t.Errorf("no gap says why the %s is missing", kind)
				}
			}

			folder := filepath.Join(t.TempDir(), "core1")
			if err := recorder.Transcript().Save(folder); err != nil {
				t.Fatal(err)
			}
			loaded, err := capture.Load(folder)
			if err != nil {
				t.Fatal(err)
			}
			replayed := collectors.Collect(t.Context(), testPlatform, loaded.Session())
			if diff := cmp.Diff(live, replayed, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("replay (-live +replayed):\n%s", diff)
			}
		})
	}
}

// TestSettle holds that a session which can't be settled says why, and that one which has ended says the same again.
func TestSettle(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), deviceAt(t, server.Addr()), testTerminal)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 2 {
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := s.Run(t.Context(), command(t, "show version")); err != nil || r.Text != testTranscript.Exchanges[0].Text {
		t.Errorf("after it: %q, %v", r.Text, err)
	}
	server.Close()
	err = s.Settle(t.Context())
	if f := asFailure(err); err == nil || f.Reason != facts.SessionLost {
		t.Errorf("without the device: %v", err)
	}
	if again := s.Settle(t.Context()); again == nil || !strings.Contains(again.Error(), err.Error()) {
		t.Errorf("again: %v, first %v", again, err)
	}
}

// TestSettleTape holds that whatever comes behind the last reply is told from the prompt, however the session ends.
func TestSettleTape(t *testing.T) {
	for name, test := range map[string]struct {
		says    string
		hangsUp bool
		reason  facts.Reason
	}{
		"the prompt":               {says: "\r\ncore1#"},
		"the prompt twice":         {says: "\r\ncore1#\r\ncore1#"},
		"a log message":            {says: "\r\n%SYS-5-CONFIG_I: Configured from console by admin\r\ncore1#"},
		"more of the reply":        {says: "\r\nimplant.bin\r\ncore1#", reason: facts.ParseIncomplete},
		"more, and silence":        {says: "\r\nimplant.bin\r\n", reason: facts.ParseIncomplete},
		"more, and the end":        {says: "\r\nimplant.bin\r\n", hangsUp: true, reason: facts.ParseIncomplete},
		"a blank line and silence": {says: "\r\n", reason: facts.Timeout},
		"the end":                  {hangsUp: true, reason: facts.SessionLost},
		"another prompt, for good": {says: "\r\ncore2#", reason: facts.ParseIncomplete},
	} {
		t.Run(name, func(t *testing.T) {
			d := &tape{hangsUp: test.hangsUp}
			if test.says != "" {
				d.says = [][]byte{[]byte(test.says)}
			}
			limits := hurried.withDefaults()
			limits.Prompt, limits.Quiet = 20*time.Millisecond, time.Millisecond
			d.t = newTerminal(d, func() {}, limits, nil, testTerminal)
			d.t.prompt, d.t.echoes = "core1#", true
			err := d.t.settle(t.Context())
			if test.reason == "" && err != nil || test.reason != "" && (err == nil || asFailure(err).Reason != test.reason) {
				t.Errorf("%v, want %q", err, test.reason)
			}
		})
	}
}
