package session

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
)

func re(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// terminals are the command lines of other vendors, each with what is peculiar to it.
var terminals = map[string]struct {
	terminal collectors.Terminal
	device   emulator.Device
	typed    []string // before and after the two commands; the enable secret is not among them
	paged    bool     // the pager can't be turned off
}{
	"cisco_iosxr": {
		terminal: collectors.Terminal{
			Prompt:  re(`^RP/\d+/RS?P\d+/CPU\d+:[\w.-]+#$`),
			Prepare: []string{"terminal exec prompt no-timestamp", "terminal length 0", "terminal width 511"}, Leave: "exit",
		},
		typed: []string{"terminal exec prompt no-timestamp", "terminal length 0", "terminal width 511", "", "exit"},
	},
	"cisco_nxos": {
		terminal: collectors.Terminal{Prompt: re(`^[\w.-]+#$`), Prepare: []string{"terminal length 0", "terminal width 511"}, Leave: "exit"},
		typed:    []string{"terminal length 0", "terminal width 511", "", "exit"},
	},
	"cisco_asa": {
		terminal: collectors.Terminal{
			Prompt: re(`^[\w.-]+(?:/[\w.-]+)*[>#]$`), Privileged: re(`#$`), Enable: "enable", Password: re(`^Password:$`),
			Prepare: []string{"terminal pager 0"}, Scopes: []collectors.Scope{{From: re(`^[\w.-]+/`), Enter: "changeto system"}}, Leave: "exit",
		},
		device: emulator.Device{Scoped: true, EnableSecret: testEnable},
		typed:  []string{"enable", "terminal pager 0", "changeto system", "", "exit"},
	},
	"cisco_asa without contexts": {
		terminal: collectors.Terminal{
			Prompt: re(`^[\w.-]+(?:/[\w.-]+)*[>#]$`), Privileged: re(`#$`), Enable: "enable", Password: re(`^Password:$`),
			Prepare: []string{"terminal pager 0"}, Scopes: []collectors.Scope{{From: re(`^[\w.-]+/`), Enter: "changeto system"}}, Leave: "exit",
		},
		device: emulator.Device{EnableSecret: testEnable},
		typed:  []string{"enable", "terminal pager 0", "", "exit"},
	},
	"juniper_junos": {
		terminal: collectors.Terminal{
			Prompt: re(`^[\w.-]+@[\w.-]+>$`), Above: re(`^\{(?:master|backup|linecard|primary|secondary)(?::\w+)?\}$`),
			Prepare: []string{"set cli screen-length 0", "set cli screen-width 511", "set cli complete-on-space off"}, Leave: "exit",
		},
		typed: []string{"set cli screen-length 0", "set cli screen-width 511", "set cli complete-on-space off", "", "exit"},
	},
	"arista_eos": {
		terminal: collectors.Terminal{
			Prompt: re(`^[\w.-]+[>#]$`), Privileged: re(`#$`), Enable: "enable", Password: re(`^Password:$`),
			Prepare: []string{"terminal length 0", "terminal width 32767"}, Leave: "exit",
		},
		device: emulator.Device{EnableSecret: testEnable},
		typed:  []string{"enable", "terminal length 0", "terminal width 32767", "", "exit"},
	},
	"paloalto_panos": {
		terminal: collectors.Terminal{
			Prompt:  re(`^[\w.-]+@[\w.-]+(?P<state>\((?:active|passive)\))?>$`),
			Prepare: []string{"set cli scripting-mode on", "set cli pager off", "set cli terminal width 500"}, Leave: "exit",
		},
		device: emulator.Device{Mode: emulator.PromptStateChanges},
		typed:  []string{"set cli scripting-mode on", "set cli pager off", "set cli terminal width 500", "", "exit"},
	},
	"fortinet_fortios": {
		terminal: fortiOS, paged: true,
		device: emulator.Device{Greets: true, Scoped: true},
		typed:  []string{"(Press 'a' to accept):a", "config global", "", "end", "exit"},
	},
	"fortinet_fortios without VDOMs": {
		terminal: fortiOS, paged: true,
		typed: []string{"config global", "", "exit"},
	},
	"huawei_vrp": {
		terminal: collectors.Terminal{
			Prompt: re(`^(?:HRP_[MAS])?<[\w.-]+>$`), Greeting: []collectors.Question{{Pattern: re(`Change now\? \[Y/N\]:$`), Answer: "n\n"}},
			Prepare: []string{"screen-length 0 temporary", "undo terminal monitor"}, Unasked: re(`^Info: `), Leave: "quit",
		},
		device: emulator.Device{Greets: true},
		typed:  []string{"The password needs to be changed. Change now? [Y/N]:n", "screen-length 0 temporary", "undo terminal monitor", "", "quit"},
	},
	"hpe_comware": {
		terminal: collectors.Terminal{Prompt: re(`^<[\w.-]+>$`), Prepare: []string{"screen-length disable", "undo terminal monitor"}, Leave: "quit"},
		typed:    []string{"screen-length disable", "undo terminal monitor", "", "quit"},
	},
	"aruba_aoscx": {
		terminal: collectors.Terminal{Prompt: re(`^[\w.-]+#$`), Prepare: []string{"no page"}, Leave: "exit"},
		typed:    []string{"no page", "", "exit"},
	},
	"aruba_aoss": {
		terminal: collectors.Terminal{
			Prompt: re(`^[\w.-]+[>#]$`), Privileged: re(`#$`), Enable: "enable", Password: re(`^Password:$`),
			Greeting: []collectors.Question{{Pattern: re(`^Press any key to continue$`), Answer: " "}}, Prepare: []string{"no page"}, Leave: "logout",
			Farewell: []collectors.Question{{Pattern: re(`^Do you want to log out \(y/n\)\?$`), Answer: "y"}, {Pattern: re(`^Do you want to save .*\(y/n/\^C\)\?$`), Answer: "n"}},
		},
		device: emulator.Device{Greets: true, EnableSecret: testEnable},
		typed: []string{"Press any key to continue ", "enable", "no page", "", "logout", "Do you want to log out (y/n)? y",
			"Do you want to save current configuration (y/n/^C)? n"},
	},
	"f5_tmos": {terminal: collectors.Terminal{Exec: true}, typed: []string{""}},
}

var fortiOS = collectors.Terminal{
	Prompt: re(`^[\w.-]+(?: \([\w.-]+\))? [#$]$`), Greeting: []collectors.Question{{Pattern: re(`^\(Press 'a' to accept\):$`), Answer: "a"}},
	Scopes: []collectors.Scope{{From: re(`^[\w.-]+ [#$]$`), Enter: "config global", Leave: "end"}},
	Pager:  re(`^--More--$`), Continue: " ", Leave: "exit",
}

// TestTerminals visits a device of each platform. What is typed is what the terminal says and nothing else, and the replies come
// back as the device has them.
func TestTerminals(t *testing.T) {
	replies := map[string]string{
		"show version": "Version 1\r\n" + strings.Repeat("  indented\r\n", 60) + "the end\r\n",
		"show x":       "x\r\n",
	}
	for name, test := range terminals {
		t.Run(name, func(t *testing.T) {
			platform, _, _ := strings.Cut(name, " ")
			test.device.Transcript = &capture.Transcript{Device: "d1", Platform: platform}
			for command, text := range replies {
				test.device.Transcript.Exchanges = append(test.device.Transcript.Exchanges, capture.Exchange{Command: command, Text: text})
			}
			server := startDevice(t, test.device)
			s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), deviceAt(t, server.Addr()), test.terminal)
			if err != nil {
				t.Fatal(err)
			}
			for _, asked := range []string{"show version", "show x", "show version"} {
				r, err := s.Run(t.Context(), command(t, asked))
				if err != nil {
					t.Fatal(err)
				}
				var lines []string
				for _, line := range r.Lines() {
					lines = append(lines, line)
				}
				want := strings.Split(strings.TrimSuffix(replies[asked], "\r\n"), "\r\n")
				if diff := cmp.Diff(want, withoutBlank(lines)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", asked, diff)
				}
				if platform != "aruba_aoss" && !test.paged && strings.TrimRight(r.Text, "\r\n") != strings.TrimRight(replies[asked], "\r\n") {
					t.Errorf("%s: %q", asked, r.Text)
				}
			}
			if err := s.Settle(t.Context()); err != nil {
				t.Error(err)
			}
			if len(s.Warnings()) > 0 {
				t.Errorf("warnings: %q", s.Warnings())
			}
			s.Close()
			waitFor(t, func() bool { return server.Sessions() == 0 })
			var typed []string
			for _, c := range server.Commands() {
				if !slices.Contains([]string{"show version", "show x"}, c) {
					typed = append(typed, c)
				} else if len(typed) == 0 || typed[len(typed)-1] != "" {
					typed = append(typed, "")
				}
			}
			if diff := cmp.Diff(test.typed, typed); diff != "" {
				t.Errorf("typed (-want +got):\n%s", diff)
			}
		})
	}
}

// withoutBlank leaves the empty lines out that a device prints around its prompt.
func withoutBlank(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// TestGuardedTerminal holds that a terminal with an answer that the guard does not know is never used.
func TestGuardedTerminal(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true})
	p := testTerminal
	p.Farewell = []collectors.Question{{Pattern: re(`save`), Answer: "y\n"}}
	_, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), deviceAt(t, server.Addr()), p)
	if err == nil || asFailure(err).Reason != facts.WouldModify {
		t.Errorf("error %v", err)
	}
	if typed := server.Commands(); len(typed) > 0 {
		t.Errorf("typed %q", typed)
	}
}

// TestEndlessFarewell leaves a device that asks whatever is answered.
func TestEndlessFarewell(t *testing.T) {
	server := startDevice(t, emulator.Device{StartPrivileged: true, Transcript: &capture.Transcript{
		Device: "d1", Platform: "aruba_aoss", Exchanges: []capture.Exchange{{Command: "show x", Text: "x\r\n"}},
	}})
	p := terminals["aruba_aoss"].terminal
	p.Farewell = []collectors.Question{{Pattern: re(`Do you want to log out`), Answer: "n"}}
	s, err := newDialer(t, Options{Limits: hurried}).Open(t.Context(), deviceAt(t, server.Addr()), p)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s.Close()
	if took := time.Since(began); took > 10*hurried.Echo {
		t.Errorf("it took %v", took)
	}
	waitFor(t, func() bool { return server.Sessions() == 0 })
}
