package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trueboot/collectors/emulator"
	"trueboot/collectors/emulator/fleet"
	"trueboot/history"
)

// TestKilledSweep kills a sweep at many points of its way, and goes on with its stores each time: what was there is
// there, and at most the unfinished run is incomplete.
func TestKilledSweep(t *testing.T) {
	const devices, rounds = 8, 10
	folder := t.TempDir()
	now := time.Now()
	var servers []*emulator.Server
	var inventory strings.Builder
	inventory.WriteString("defaults: {platform: cisco_ios, username: auditor, password: \"env:KILL_PASSWORD\"}\ndevices:\n")
	for i := range devices {
		device := fleet.EdgeRouter(fmt.Sprint("edge", i), i, "17.9.4a", now)
		server, err := emulator.Start(emulator.Device{
			Transcript: device.Transcript(now), Username: "auditor", Password: "login-secret", StartPrivileged: true, Delay: 5 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		servers = append(servers, server)
		host, port, err := splitAddress(server.Addr())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&inventory, "  edge%d: {address: %s, port: %d}\n", i, host, port)
	}
	if err := os.WriteFile(filepath.Join(folder, "inventory.yaml"), []byte(inventory.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	commands := func() (n int) {
		for _, s := range servers {
			n += len(s.Commands())
		}
		return n
	}
	sweep := func(output *bytes.Buffer) *exec.Cmd {
		c := exec.Command("trueboot", "sweep", "--sessions", "3", "--logins", "0")
		c.Dir, c.Env, c.Stdout, c.Stderr = folder, append(os.Environ(), "KILL_PASSWORD=login-secret"), output, output
		return c
	}

	var output bytes.Buffer
	whole := sweep(&output)
	whole.Run()
	if code := whole.ProcessState.ExitCode(); code != statusNotAssessed {
		t.Fatalf("exit status %d\n%s", code, &output)
	}
	each := commands() // of a whole sweep
	for round := range rounds {
		output.Reset()
		c := sweep(&output)
		before := commands()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); commands()-before < each*round/rounds; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the sweep does not get on\n%s", &output)
			}
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		c.Wait()
		checkHistory(t, folder, round+1)
	}

	output.Reset()
	last := sweep(&output)
	last.Run()
	if code := last.ProcessState.ExitCode(); code != statusNotAssessed || !strings.Contains(output.String(), "8 devices in") {
		t.Errorf("the sweep after the last kill ended with %d\n%s", code, &output)
	}
}

// checkHistory holds that the first run is whole, and the evidence sound, after so many killed sweeps.
func checkHistory(t *testing.T, folder string, killed int) {
	t.Helper()
	s, err := history.Open(filepath.Join(folder, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	report, err := s.Verify(t.Context(), "")
	if err != nil || len(report.Damages) > 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	runs, err := s.Runs()
	if err != nil {
		t.Fatal(err)
	}
	if len(runs) == 0 || runs[0].Status != history.Complete || runs[0].Visits != 8 {
		t.Fatalf("after %d kills: %+v", killed, runs)
	}
	for _, r := range runs[1:] {
		if r.Status == history.Complete {
			t.Errorf("run %s was killed and is complete", r.ID)
		}
	}
}
