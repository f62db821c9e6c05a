package collectors

import (
	"regexp"
	"strings"
	"testing"
)

func TestGuardRefuses(t *testing.T) {
	for _, text := range []string{
		"", "configure terminal", "conf t", "reload", "copy running-config startup-config", "write memory", "write core",
		"delete flash:x.bin", "erase startup-config", "format flash:", "archive download-sw", "request platform software process core",
		"test platform software process core", "debug all", "service internal", "tclsh", "squeeze flash:", "fsck flash:",
		"install add file flash:x.bin", "showx version", "show version; reload", "show version\nreload", "show version\rreload",
		"show running-config | redirect flash:x", "show version | tee flash:x", "show version | append flash:x",
		"show version | include a | redirect flash:x", "show version > flash:x", "show `reload`", "show $(reload)",
		"show running-config", "show startup-config", "show tech-support", "more nvram:startup-config", "more flash:private.key",
		"more system:running-config", "verify /md5 system:/text", "show version \x1b[2J", "show véndor", "request system malware-scan",
		"show version ?", "dir /delete flash:", "ls", "ls -la /shared", "sha512sumx /x", "last", "tmsh -q modify cli preference pager disabled", "tmsh -q run util bash",
		"list ltm virtual", "bash -c uptime", "uptime; reboot", "tpm-status | sh", "sha512sum /x > /y", "sha512sum $(x)",
		"admin reload", "admin", "admin install add x", "terminal monitor", "show file bootflash:/backup.cfg",
	} {
		if c, err := newCommand(text, false); err == nil {
			t.Errorf("%q was let through as %q", text, c)
		}
	}
}

func TestGuardArguments(t *testing.T) {
	const template = "verify /md5 {file}"
	for _, good := range []string{"flash:x.bin", "bootflash:/.installer/cat9k-rpbase.17.09.04a.SPA.pkg", "flash0:/a_b-c+d,e=f#1.bin", "stby-bootflash:x"} {
		c, err := newCommand(template, true, good)
		if err != nil || c.String() != "verify /md5 "+good {
			t.Errorf("%q: %q, %v", good, c, err)
		}
	}
	for _, bad := range []string{
		"", " ", "x;reload", "x\nreload", "x reload", "x|redirect flash:y", "x>y", "x`y", "$(x)", "x\"y", "x'y", "x?", "x\\y", "x&y",
		"-rf", "/../x y", "x\x00", "x\x1b[A", "flash:é", strings.Repeat("a", maxArgument+1),
	} {
		if c, err := newCommand(template, true, bad); err == nil {
			t.Errorf("%q was let through as %q", bad, c)
		}
	}
	if _, err := newCommand(template, true); err == nil {
		t.Error("a command without its argument was let through")
	}
	if _, err := newCommand("show version", false, "flash:x"); err == nil {
		t.Error("an argument without its place was let through")
	}
	for template, argument := range map[string]string{
		"more {provisioning file}": "flash:packages.conf", "sha256sum {file}": "flash:/x.bin", "md5sum {file}": "slot2#flash:/x.bin",
	} {
		if _, err := newCommand(template, false, argument); err != nil {
			t.Error(err)
		}
	}
	if c, err := newCommand("more {provisioning file}", false, "flash:private.key"); err == nil {
		t.Errorf("more was let through as %q", c)
	}
}

func TestTerminalCheck(t *testing.T) {
	question := func(pattern, answer string) []Question { return []Question{{regexp.MustCompile(pattern), answer}} }
	for name, test := range map[string]struct {
		terminal Terminal
		harmless bool
	}{
		"nothing":               {Terminal{}, true},
		"a prompt's commands":   {Terminal{Enable: "enable", Prepare: []string{"terminal length 0", "terminal pager 0"}, Leave: "exit"}, true},
		"a preparing command":   {Terminal{Prepare: []string{"terminal length 0", "configure terminal"}}, false},
		"an enable command":     {Terminal{Enable: "reload"}, false},
		"a leaving command":     {Terminal{Leave: "reload"}, false},
		"a scope":               {Terminal{Scopes: []Scope{{Enter: "config global", Leave: "end"}, {Enter: "changeto system"}}}, true},
		"an editing scope":      {Terminal{Scopes: []Scope{{Enter: "config system global", Leave: "end"}}}, false},
		"a scope left badly":    {Terminal{Scopes: []Scope{{Enter: "config global", Leave: "execute reboot"}}}, false},
		"a scope without a way": {Terminal{Scopes: []Scope{{}}}, false},
		"a pager":               {Terminal{Pager: regexp.MustCompile(`^--More--`), Continue: " "}, true},
		"a pager that is told":  {Terminal{Pager: regexp.MustCompile(`^--More--`), Continue: "reload\n"}, false},
		"accepting a banner":    {Terminal{Greeting: question(`Press 'a' to accept`, "a")}, true},
		"no":                    {Terminal{Greeting: question(`Change now\? \[Y/N\]`, "n\n")}, true},
		"yes":                   {Terminal{Greeting: question(`Change now\? \[Y/N\]`, "y\n")}, false},
		"yes, save":             {Terminal{Farewell: question(`save \(y/n\)`, "y")}, false},
		"yes, log out":          {Terminal{Farewell: question(`Do you want to log out \(y/n\)`, "y")}, true},
		"yes, accept":           {Terminal{Greeting: question(`Do you accept and acknowledge the statement above \?`, "yes\n")}, true},
		"yes, accept anything":  {Terminal{Greeting: question(`Do you accept \?`, "yes\n")}, false},
		"a command for answer":  {Terminal{Farewell: question(`log out`, "reload\n")}, false},
	} {
		if err := test.terminal.Check(); (err == nil) != test.harmless {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzGuard holds the promise: whatever argument a device names, what is typed is one line
// that begins with the words of the template.
func FuzzGuard(f *testing.F) {
	for _, seed := range []string{"flash:x.bin", "x;reload", "x\ny", "x | redirect y", "{file}", "{nonce}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, argument string) {
		c, err := newCommand("verify /sha512 {file}", true, argument)
		if err != nil {
			return
		}
		rest, ok := strings.CutPrefix(c.String(), "verify /sha512 ")
		if !ok || rest != argument || strings.ContainsAny(rest, " \t\r\n;|<>&`$'\"\\?") {
			t.Errorf("%q became %q", argument, c)
		}
	})
}
