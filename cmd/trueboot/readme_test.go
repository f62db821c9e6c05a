package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/collectors"
	"trueboot/collectors/emulator"
	"trueboot/collectors/emulator/fleet"
	"trueboot/collectors/platforms"
)

const readmePath = "../../README.md"

// blocks returns the code blocks of the README.
func blocks(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(readmePath)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for i, part := range strings.Split(string(text), "```") {
		if i%2 == 1 {
			all = append(all, part)
		}
	}
	return all
}

// block returns the code block that holds a text.
func block(t *testing.T, holds string) string {
	t.Helper()
	for _, b := range blocks(t) {
		if strings.Contains(b, holds) {
			return b
		}
	}
	t.Fatalf("the README has no block with %q", holds)
	return ""
}

// TestReadmeFreshMachine runs the first command of a fresh machine, and holds that the second is the gate's.
func TestReadmeFreshMachine(t *testing.T) {
	commands := strings.Split(strings.TrimSpace(block(t, "go run ./cmd/trueboot demo")), "\n")
	if len(commands) != 2 {
		t.Fatalf("two commands for a fresh machine, not %q", commands)
	}
	gate, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	test := strings.Fields(commands[1]) // go test ./..., which this is a part of; the gate adds flags
	if pattern := strings.Join(test[:2], " ") + ".* " + regexp.QuoteMeta(test[2]) + "\n"; !regexp.MustCompile(pattern).Match(gate) {
		t.Errorf("the gate does not run %q", commands[1])
	}

	words := strings.Fields(commands[0])
	demo := exec.CommandContext(t.Context(), words[0], append(words[1:], "--folder", filepath.Join(t.TempDir(), "demo"))...)
	demo.Dir = "../.."
	var stderr bytes.Buffer
	demo.Stderr = &stderr
	out, err := demo.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", commands[0], err, out, &stderr)
	}
	_, found, _ := strings.Cut(string(out), "5. Planted and found:\n\n")
	found, _, _ = strings.Cut(found, "\n\n")
	rest := found
	for line := range strings.Lines(block(t, "nothing was done to them")) { // a part of it, in its order
		if strings.TrimSpace(line) == "" {
			continue
		}
		_, after, ok := strings.Cut("\n"+rest+"\n", "\n"+line)
		if !ok {
			t.Fatalf("the README shows\n%s\nand the demonstration does not print it there:\n%s", line, found)
		}
		rest = after
	}
}

// TestReadmeCommands runs the commands for one's own network, in their order, on an emulated one.
func TestReadmeCommands(t *testing.T) {
	now := time.Now()
	readme := block(t, "trueboot baseline approve")
	device := fleet.EdgeRouter("core1", 1, "17.9.4a", now)
	server, err := emulator.Start(emulator.Device{Transcript: device.Transcript(now), Username: "auditor", Password: "login-secret", StartPrivileged: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	host, port, err := net.SplitHostPort(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	t.Setenv("README_PASSWORD", "login-secret")
	inventory := "devices:\n  core1: {address: " + host + ", port: " + port + ", platform: cisco_ios, username: auditor, password: \"env:README_PASSWORD\"}\n"

	want := map[string]int{"trueboot check": statusNotAssessed, "trueboot sweep": statusNotAssessed}
	for line := range strings.Lines(readme) {
		line, _, _ = strings.Cut(line, "#")
		words := splitWords(line)
		if len(words) == 0 {
			continue
		}
		if words[0] != "trueboot" {
			t.Errorf("%q is no command of trueboot", line)
			continue
		}
		for i, w := range words {
			if w == "admin@192.0.2.1" {
				words[i] = "auditor@" + server.Addr()
				words = append(words, "--password-from", "env:README_PASSWORD")
			}
		}
		var stdout, stderr bytes.Buffer
		got := run(context.Background(), words[1:], strings.NewReader(""), &stdout, &stderr)
		if status := want[strings.TrimSpace(strings.Join(words[:2], " "))]; got != status && got != statusPass {
			t.Errorf("%s: exit status %d, want %d\n%s%s", strings.TrimSpace(line), got, status, &stdout, &stderr)
		}
		if words[1] == "init" {
			if err := os.WriteFile("inventory.yaml", []byte(inventory), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if words[1] == "baseline" {
			want["trueboot sweep"] = statusPass
		}
	}
	if server.Logins() != 3 {
		t.Errorf("%d logins; check and two sweeps make 3", server.Logins())
	}
}

// TestReadmeAccount holds that the TACACS+ account of the README may type all that a visit does, and nothing worse.
func TestReadmeAccount(t *testing.T) {
	permits := map[string][]*regexp.Regexp{}
	command := ""
	for line := range strings.Lines(block(t, "group = trueboot")) {
		if m := regexp.MustCompile(`cmd = (\S+) \{`).FindStringSubmatch(line); m != nil {
			command = m[1]
		}
		if m := regexp.MustCompile(`permit "?(.*?)"?(?: \})?\n`).FindStringSubmatch(line); m != nil {
			permits[command] = append(permits[command], regexp.MustCompile(m[1]))
		}
	}
	permitted := func(text string) bool {
		word, rest, _ := strings.Cut(text, " ")
		return slices.ContainsFunc(permits[word], func(r *regexp.Regexp) bool { return r.MatchString(strings.TrimSpace(rest + " <cr>")) })
	}
	arguments := strings.NewReplacer("{provisioning file}", "flash:packages.conf", "{file}", "flash:/image.bin", "{filesystem}", "flash:", "{member}", "1",
		"{processor}", "R0", "{nonce}", "0123456789abcdef0123456789abcdef")
	platform, ok := platforms.ByName("cisco_ios")
	if !ok {
		t.Fatal("cisco_ios is gone")
	}
	for _, c := range platform.EveryCommand(collectors.CLI) {
		if text := arguments.Replace(c); c != platform.Terminal.Enable && !permitted(text) {
			t.Errorf("the account may not type %q", text)
		}
	}
	for _, c := range []string{
		"configure terminal", "copy flash:a tftp:", "delete flash:a", "reload", "show tech-support", "show running-config", "show running-config | include password",
		"show startup-config", "more flash:config.text", "more nvram:startup-config", "terminal monitor", "debug all", "enable",
	} {
		if permitted(c) {
			t.Errorf("the account may type %q", c)
		}
	}
}

// splitWords takes a command line apart at blanks outside of double quotes.
func splitWords(line string) (words []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// TestReadmeLength keeps the README at what a newcomer reads.
func TestReadmeLength(t *testing.T) {
	text, err := os.ReadFile(readmePath)
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(text, []byte("\n")); lines < 100 || lines > 150 {
		t.Errorf("%d lines, want 100 to 150", lines)
	}
}
