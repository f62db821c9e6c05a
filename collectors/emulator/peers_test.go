//go:build unix

package emulator_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
)

// The clients in this file are none of ours: RANCID's clogin and netmiko, as Debian packages them (rancid, python3-netmiko).
// They take the emulator for a Cisco device, or it is none.

// plainPassword has no blank, which clogin's file of passwords knows no way to write.
const plainPassword = "horse-battery"

// believable is a device with the reply that both clients ask for: more lines than a page has.
func believable(t *testing.T) (*emulator.Server, string) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/cisco_ios/branch-router/show_version.txt")
	if err != nil {
		t.Fatal(err)
	}
	long := string(text) + strings.Repeat("interface GigabitEthernet0/0/1 is up, line protocol is up\r\n", 60)
	s := start(t, emulator.Device{
		Hostname: "branch1", Username: "admin", Password: plainPassword, EnableSecret: "second-secret", MOTD: "Unauthorised access is prohibited\r\n",
		Transcript: &capture.Transcript{Platform: "cisco_ios", Device: "branch1", Exchanges: []capture.Exchange{
			{Command: "show version", Text: long},
			{Command: "verify /md5 flash:x.bin", Text: ".....Done!\r\nverify /md5 (flash:x.bin) = 0f58a02f3d3f1e1be8f509d2e5b58fb8\r\n"},
		}},
	})
	return s, long
}

// checkRead holds what a client printed against what the device was to say, blanks at the ends of lines aside.
func checkRead(t *testing.T, printed, said string) {
	t.Helper()
	printed = strings.ReplaceAll(printed, "\r", "")
	for line := range strings.Lines(strings.ReplaceAll(said, "\r", "")) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.Contains(printed, line) {
			t.Errorf("the client did not read the line %q; it printed\n%s", line, printed)
			return
		}
	}
	if strings.Contains(printed, "--More--") {
		t.Errorf("the pager is left in what the client read:\n%s", printed)
	}
	if !strings.Contains(printed, "0f58a02f3d3f1e1be8f509d2e5b58fb8") {
		t.Errorf("the client did not read the digest, which needs privileges:\n%s", printed)
	}
}

// client runs a program that logs in, in a home of its own.
func client(t *testing.T, program string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, program, arguments...)
	c.Env = append(os.Environ(), "HOME="+t.TempDir(), "TERM=vt100")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

func TestClogin(t *testing.T) {
	program, err := exec.LookPath("clogin")
	if err != nil {
		t.Skip("clogin is not installed (Debian's package rancid)")
	}
	s, said := believable(t)
	_, port, _ := net.SplitHostPort(s.Addr())
	// ssh looks for known hosts in the account's home, whatever HOME says: a port that comes again would have another key there.
	folder := t.TempDir()
	ssh := filepath.Join(folder, "ssh")
	if err := os.WriteFile(ssh, []byte("#!/bin/sh\nexec ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile="+folder+"/known_hosts \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	rc := filepath.Join(folder, "cloginrc")
	text := fmt.Sprintf("add user * admin\nadd password * %s second-secret\nadd method * {ssh:%s}\nadd sshcmd * %s\n", plainPassword, port, ssh)
	if err := os.WriteFile(rc, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	checkRead(t, client(t, program, "-t", "60", "-f", rc, "-c", "show version;verify /md5 flash:x.bin", "127.0.0.1"), said)
}

// netmikoScript logs in, becomes privileged and asks. The secrets come in the environment.
const netmikoScript = `
import os, netmiko
c = netmiko.ConnectHandler(device_type="cisco_ios", host="127.0.0.1", port=int(os.environ["PORT"]), username="admin",
    password=os.environ["PASSWORD"], secret="second-secret", fast_cli=False)
c.enable()
print(c.find_prompt())
print(c.send_command("show version"))
print(c.send_command("verify /md5 flash:x.bin"))
c.disconnect()
`

func TestNetmiko(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's, for which its packages are
	if err := exec.CommandContext(t.Context(), python, "-c", "import netmiko").Run(); err != nil {
		t.Skip("netmiko is not installed (Debian's package python3-netmiko)")
	}
	s, said := believable(t)
	_, port, _ := net.SplitHostPort(s.Addr())
	t.Setenv("PORT", port)
	t.Setenv("PASSWORD", plainPassword)
	printed := client(t, python, "-W", "ignore", "-c", netmikoScript)
	checkRead(t, printed, said)
	if !strings.Contains(printed, "branch1#") {
		t.Errorf("netmiko is not privileged:\n%s", printed)
	}
}
