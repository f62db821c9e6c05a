package sweep

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"trueboot/collectors/emulator"
	"trueboot/collectors/emulator/fleet"
)

// emulateVariable makes this test binary a fleet of devices.
const emulateVariable = "TRUEBOOT_TEST_EMULATE"

const benchmarkPassword = "login-secret"

// benchmarkStart is when the devices of a benchmark say that it is; it is fixed, so that two fleets state the same.
var benchmarkStart = time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)

func benchmarkDevice(i int) fleet.Device {
	return fleet.EdgeRouter(fmt.Sprintf("edge%04d", i), i, "17.9.4a", benchmarkStart)
}

// emulate prints the addresses of so many devices and ends with its standard input. The settings are their number, the
// delay of each reply, and the time that a hash takes.
func emulate(settings string) error {
	var devices int
	var delayText, hashText string
	if _, err := fmt.Sscan(settings, &devices, &delayText, &hashText); err != nil {
		return err
	}
	delay, err := time.ParseDuration(delayText)
	if err != nil {
		return err
	}
	hash, err := time.ParseDuration(hashText)
	if err != nil {
		return err
	}
	for i := range devices {
		d := benchmarkDevice(i)
		server, err := emulator.Start(emulator.Device{
			Transcript: d.Transcript(benchmarkStart), Password: benchmarkPassword, StartPrivileged: true, Delay: delay, VerifyDelay: hash,
		})
		if err != nil {
			return err
		}
		fmt.Println(server.Addr())
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// startFleet runs devices in a process of their own, so that the processor time of this one is the client's.
func startFleet(b *testing.B, devices int, delay, hash time.Duration) []string {
	b.Helper()
	fleet := exec.Command(os.Args[0])
	fleet.Env = append(os.Environ(), fmt.Sprintf("%s=%d %v %v", emulateVariable, devices, delay, hash))
	fleet.Stderr = os.Stderr
	stdin, err := fleet.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := fleet.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := fleet.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		stdin.Close()
		fleet.Wait()
	})
	var addresses []string
	for lines := bufio.NewScanner(stdout); len(addresses) < devices && lines.Scan(); {
		addresses = append(addresses, lines.Text())
	}
	if len(addresses) < devices {
		b.Fatalf("%d devices started, not %d", len(addresses), devices)
	}
	return addresses
}
