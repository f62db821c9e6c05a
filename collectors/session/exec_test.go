package session

import (
	"context"
	"errors"
	"testing"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
)

// execPlatform runs each command in a channel of its own.
var execPlatform = collectors.Platform{
	Name: "f5_tmos",
	Terminal: collectors.Terminal{Exec: true, Refusals: []collectors.Refusal{
		{Pattern: collectors.MustCompile(`^Authorization failed`), Reason: facts.NoPrivilege},
	}},
	Queries: map[collectors.Transport][]collectors.Query{collectors.CLI: {
		{Commands: []string{"tmsh -q show sys version", "show sys version"}, Yields: []facts.Kind{facts.RunningVersion}, Read: everyLine(facts.RunningVersion)},
		{Commands: []string{"tmsh -q list sys file", "show sys file"}, Yields: []facts.Kind{facts.File}, Read: everyLine(facts.File)},
	}},
}

// TestExec asks over channels what devices in every state answer to.
func TestExec(t *testing.T) {
	for name, test := range map[string]struct {
		mode     emulator.Mode
		versions int // how many lines of the reply became facts
		reason   facts.Reason
	}{
		"whole":            {versions: 2},
		"control bytes":    {mode: emulator.ControlBytes, versions: 3},
		"prompt in reply":  {mode: emulator.PromptInReply, versions: 6},
		"byte by byte":     {mode: emulator.Dribble, versions: 2},
		"cut":              {mode: emulator.CutReply, reason: facts.SessionLost},
		"endless":          {mode: emulator.EndlessReply, reason: facts.ReplyTooLarge},
		"a line of 10 MB":  {mode: emulator.LongLine, reason: facts.ReplyTooLarge},
		"dots for ever":    {mode: emulator.SlowDots, reason: facts.Timeout},
		"no exit status":   {mode: emulator.NoExitStatus, reason: facts.SessionLost},
		"silent after all": {mode: emulator.SilentAfterLogin, reason: facts.Timeout},
	} {
		t.Run(name, func(t *testing.T) {
			server := startDevice(t, emulator.Device{Mode: test.mode, ModeCommand: "tmsh -q show sys version", Transcript: &capture.Transcript{Platform: "f5_tmos", Device: "lb1", Exchanges: []capture.Exchange{
				{Command: "tmsh -q show sys version", Text: "Version 17.1\r\nBuild 1\r\n"}, {Command: "show sys file", Text: "file\r\n"},
			}}})
			s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), deviceAt(t, server.Addr()), execPlatform.Terminal)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			set := collectors.Collect(t.Context(), execPlatform, s)
			count := map[facts.Kind]int{}
			for _, f := range set.Facts {
				count[f.Kind]++
			}
			reasons := map[facts.Reason]bool{}
			for _, g := range set.Gaps {
				reasons[g.Reason] = true
			}
			if count[facts.RunningVersion] != test.versions || test.reason != "" && (!reasons[test.reason] || count[facts.File] > 0) {
				t.Errorf("%v, gaps %v; want %d, %q", count, set.Gaps, test.versions, test.reason)
			}
			// The first spelling is unknown: its command fails, and the session goes on with the second.
			if test.reason == "" && (count[facts.File] != 1 || len(set.Gaps) > 0) {
				t.Errorf("%v, gaps %v", count, set.Gaps)
			}
			if a, ok := set.Answer("tmsh -q list sys file"); test.reason == "" && (!ok || a.Reason != facts.UnsupportedCommand || a.Bytes == 0) {
				t.Errorf("the failed command's answer: %+v", a)
			}
		})
	}
}

// TestExecEnds ends a session over channels in the middle of a command.
func TestExecEnds(t *testing.T) {
	server := startDevice(t, emulator.Device{Mode: emulator.SlowDots})
	for name, end := range map[string]func(*Session, context.CancelCauseFunc){
		"its context": func(_ *Session, cancel context.CancelCauseFunc) { cancel(errors.New("enough")) },
		"Close":       func(s *Session, _ context.CancelCauseFunc) { s.Close() },
		"the device":  func(s *Session, _ context.CancelCauseFunc) { s.link.client.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			s, err := newDialer(t, Options{}).Open(t.Context(), deviceAt(t, server.Addr()), execPlatform.Terminal)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			asked := len(server.Commands())
			ended := make(chan error, 1)
			go func() {
				_, err := s.Run(ctx, command(t, "show version"))
				ended <- err
			}()
			waitFor(t, func() bool { return len(server.Commands()) > asked })
			end(s, cancel)
			if err := <-ended; asFailure(err).Reason != facts.SessionLost {
				t.Error(err)
			}
			if _, err := s.Run(t.Context(), command(t, "show version")); asFailure(err).Reason != facts.SessionLost {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}
