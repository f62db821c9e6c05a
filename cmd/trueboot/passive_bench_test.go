package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// benchLines is a log of a million lines, of which one in 200 is about an image.
const benchLines = 1_000_000

// relevantLines are what one in 200 lines says. A host number and a time go before.
var relevantLines = []string{
	"%SYS-5-RELOAD: Reload requested by admin on vty0 (10.0.0.9). Reload Reason: Reload Command.",
	"%PARSER-5-CFGLOG_LOGGEDCMD: User:admin  logged command:boot system flash:c2900-universalk9-mz.SPA.157-3.M8.bin",
	"%SYS-5-RESTART: System restarted --",
	"%INSTALL-5-INSTALL_COMPLETED_INFO: Switch 1 R0/0: install_engine: Completed install one-shot PACKAGE bootflash:cat9k_iosxe.17.09.04a.SPA.bin",
}

// ordinaryLines are what the others say.
var ordinaryLines = []string{
	"%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1, changed state to up",
	"%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
	"%OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.9 on GigabitEthernet0/0/1 from LOADING to FULL, Loading Done",
	"%ASA-6-302013: Built outbound TCP connection 12345 for outside:192.0.2.1/443 (192.0.2.1/443) to inside:10.0.0.1/51234 (10.0.0.1/51234)",
	"%ASA-4-106023: Deny tcp src outside:192.0.2.1/443 dst inside:10.0.0.1/22 by access-group \"outside_in\"",
	"%DOT1X-5-SUCCESS: Authentication successful for client (0011.2233.4455) on Interface Gi1/0/7",
	"%SNMP-3-AUTHFAIL: Authentication failure for SNMP req from host 10.0.0.66",
	"%BGP-5-ADJCHANGE: neighbor 192.0.2.7 Up",
}

// imfileWords are what the 20 filters of rsyslog look for.
var imfileWords = []string{
	"SYS-5-RELOAD", "SYS-5-RESTART", "boot system", "copy tftp", "copy scp", "INSTALL_COMPLETED", "INSTALL_START", "request system software", "archive download-sw", "install add",
	"config-register", "SCHEDULED_RELOAD", "BOOTTIME", "COLDSTART", "SIGNATURE_FAILED", "delete flash", "write erase", "UI_COMMIT", "IMAGE_VERIFY", "last message of the log",
}

// BenchmarkDetect reads a million mixed lines with "trueboot detect", and with rsyslog's imfile and 20 filters, and compares the processor time of both.
func BenchmarkDetect(b *testing.B) {
	rsyslog := "/usr/sbin/rsyslogd"
	if _, err := os.Stat(rsyslog); err != nil {
		b.Skip("rsyslog is not installed: ", err)
	}
	folder := b.TempDir()
	program := filepath.Join(folder, "trueboot")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	log := filepath.Join(folder, "log")
	f, err := os.Create(log)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	start := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for i := range benchLines {
		text := ordinaryLines[i%len(ordinaryLines)]
		if i%200 == 7 {
			text = relevantLines[i/200%len(relevantLines)]
		}
		fmt.Fprintf(w, "<189>%d: r%d: %s: %s\n", i+1, i%1000, start.Add(time.Duration(i)*50*time.Millisecond).Format("Jan 2 15:04:05.000"), text)
	}
	fmt.Fprintf(w, "<189>1: last: Nov 25 23:59:59: %s\n", "%END-5-END: last message of the log")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	var ours, theirs time.Duration
	for b.Loop() {
		detect := exec.Command(program, "detect", "--format", "json", "--events", log)
		detect.Dir, detect.Stdout, detect.Stderr = folder, io.Discard, io.Discard
		if err := detect.Run(); err != nil && detect.ProcessState.ExitCode() != statusFail {
			b.Fatal(err)
		}
		ours += detect.ProcessState.UserTime() + detect.ProcessState.SystemTime()
		theirs += imfile(b, rsyslog, folder, log)
	}
	lines := float64(b.N) * benchLines
	b.ReportMetric(lines/ours.Seconds(), "lines/cpu-s")
	b.ReportMetric(lines/theirs.Seconds(), "rsyslog-lines/cpu-s")
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "times-rsyslog")
}

// imfile reads the log with rsyslog, and returns the processor time that it took.
func imfile(b *testing.B, rsyslog, folder, log string) time.Duration {
	state, found := filepath.Join(folder, "state"), filepath.Join(folder, "found")
	for _, path := range []string{state, found} {
		if err := os.RemoveAll(path); err != nil {
			b.Fatal(err)
		}
	}
	if err := os.Mkdir(state, 0o700); err != nil {
		b.Fatal(err)
	}
	var c strings.Builder
	fmt.Fprintf(&c, "global(workDirectory=%q)\nmodule(load=\"imfile\" mode=\"polling\" pollingInterval=\"1\")\nruleset(name=\"find\") {\n", state)
	for _, word := range imfileWords {
		fmt.Fprintf(&c, "  if $msg contains %q then { action(type=\"omfile\" file=%q) stop }\n", word, found)
	}
	fmt.Fprintf(&c, "}\ninput(type=\"imfile\" file=%q tag=\"log:\" ruleset=\"find\" freshStartTail=\"off\")\n", log)
	configuration := filepath.Join(folder, "rsyslog.conf")
	if err := os.WriteFile(configuration, []byte(c.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	daemon := exec.Command(rsyslog, "-n", "-f", configuration, "-i", filepath.Join(folder, "pid"))
	if err := daemon.Start(); err != nil {
		b.Fatal(err)
	}
	deadline := time.Now().Add(5 * time.Minute)
	for {
		text, _ := os.ReadFile(found)
		if strings.Contains(string(text), "last message of the log") {
			break
		}
		if time.Now().After(deadline) {
			_ = daemon.Process.Kill()
			b.Fatal("rsyslog does not come to the end of the log")
		}
		time.Sleep(200 * time.Millisecond)
	}
	_ = daemon.Process.Signal(syscall.SIGTERM)
	_ = daemon.Wait()
	return daemon.ProcessState.UserTime() + daemon.ProcessState.SystemTime()
}
