//go:build unix

package session

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
)

// benchmarkCommands and the sizes of their replies are those of a small router.
var benchmarkCommands = []struct {
	text  string
	lines int
}{
	{"show version", 40}, {"show inventory", 30}, {"show bootvar", 8}, {"show file systems", 15},
	{"dir flash:", 60}, {"show redundancy", 50}, {"show platform", 25}, {"verify /md5 flash:image.bin", 4},
}

func benchmarkTranscript() *capture.Transcript {
	t := &capture.Transcript{Device: "core1"}
	for _, c := range benchmarkCommands {
		text := strings.Repeat("GigabitEthernet0/0/1 is up, line protocol is up, nothing to see\r\n", c.lines)
		t.Exchanges = append(t.Exchanges, capture.Exchange{Command: c.text, Text: text})
	}
	return t
}

const emulateVariable = "TRUEBOOT_BENCHMARK_EMULATE"

// emulate is what this test binary does when it runs as the devices of a benchmark: it prints their addresses
// and ends with its standard input.
func emulate(settings string) error {
	var devices int
	var delay, hash time.Duration
	fields := strings.Fields(settings)
	if _, err := fmt.Sscan(fields[0], &devices); err != nil {
		return err
	}
	var err error
	if delay, err = time.ParseDuration(fields[1]); err != nil {
		return err
	}
	if hash, err = time.ParseDuration(fields[2]); err != nil {
		return err
	}
	transcript := benchmarkTranscript()
	for range devices {
		server, err := emulator.Start(emulator.Device{
			Transcript: transcript, Password: testPassword, StartPrivileged: true, Delay: delay, VerifyDelay: hash,
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

// visitAll visits every address, so many at once, and returns what it cost.
func visitAll(b *testing.B, addresses []string, atOnce int, visit func(address string) error) (cpu, wall time.Duration) {
	began, used := time.Now(), processorTime(b)
	var next atomic.Int64
	var visitors sync.WaitGroup
	for range atOnce {
		visitors.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(addresses)); i = next.Add(1) - 1 {
				if err := visit(addresses[i]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	visitors.Wait()
	return processorTime(b) - used, time.Since(began)
}

func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// plainVisit is the limit: a client without any of our care that sends the same commands in lockstep.
func plainVisit(address string) error {
	client, err := ssh.Dial("tcp", address, &ssh.ClientConfig{
		User: "auditor", Auth: []ssh.AuthMethod{ssh.Password(testPassword)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	if err := session.RequestPty("vt100", terminalRows, terminalColumns, nil); err != nil {
		return err
	}
	keyboard, err := session.StdinPipe()
	if err != nil {
		return err
	}
	screen, err := session.StdoutPipe()
	if err != nil {
		return err
	}
	if err := session.Shell(); err != nil {
		return err
	}
	buffer, prompt := make([]byte, 64<<10), []byte("\ncore1#")
	untilPrompt := func() error {
		var reply []byte
		for !bytes.HasSuffix(reply, prompt) {
			n, err := screen.Read(buffer)
			if err != nil {
				return err
			}
			reply = append(reply, buffer[:n]...)
		}
		return nil
	}
	if err := untilPrompt(); err != nil {
		return err
	}
	commands := testTerminal.Prepare
	for _, c := range benchmarkCommands {
		commands = append(commands[:len(commands):len(commands)], c.text)
	}
	for _, c := range commands {
		if _, err := io.WriteString(keyboard, c+"\n"); err != nil {
			return err
		}
		if err := untilPrompt(); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkSessions compares visits with those of a plain client to the same devices in the same run: processor time of
// the client and wall time, each as a ratio and for one device. It takes minutes:
//
//	go test ./collectors/session -run '^$' -bench Sessions -benchtime 1x
func BenchmarkSessions(b *testing.B) {
	for _, bm := range []struct {
		devices, atOnce int
		delay, hash     time.Duration
	}{
		{1000, 100, 0, 0},
		{1000, 100, 50 * time.Millisecond, 0},
		{1000, 500, 50 * time.Millisecond, 2 * time.Second},
	} {
		b.Run(fmt.Sprintf("devices=%d/sessions=%d/delay=%v/hash=%v", bm.devices, bm.atOnce, bm.delay, bm.hash), func(b *testing.B) {
			addresses := startFleet(b, bm.devices, bm.delay, bm.hash)
			var commands []collectors.Command
			for _, c := range benchmarkCommands {
				commands = append(commands, command(b, c.text))
			}
			device := deviceAt(b, addresses[0])
			devices := make(map[string]int)
			for _, a := range addresses {
				devices[a] = deviceAt(b, a).Port
			}
			d, err := NewDialer(Options{Pins: filepath.Join(b.TempDir(), "pins")})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			visit := func(address string) error {
				device := device
				device.Port = devices[address]
				s, err := d.Open(context.Background(), device, testTerminal)
				if err != nil {
					return err
				}
				defer s.Close()
				for _, c := range commands {
					if _, err := s.Run(context.Background(), c); err != nil {
						return err
					}
				}
				return nil
			}
			var cpu, wall, plainCPU, plainWall time.Duration
			for b.Loop() {
				c, w := visitAll(b, addresses, bm.atOnce, plainVisit)
				plainCPU, plainWall = plainCPU+c, plainWall+w
				c, w = visitAll(b, addresses, bm.atOnce, visit)
				cpu, wall = cpu+c, wall+w
			}
			visits := float64(b.N * bm.devices)
			b.ReportMetric(float64(cpu)/float64(plainCPU), "cpu-ratio")
			b.ReportMetric(float64(wall)/float64(plainWall), "wall-ratio")
			b.ReportMetric(float64(cpu.Microseconds())/visits, "cpu-µs/device")
			b.ReportMetric(float64(plainCPU.Microseconds())/visits, "plain-cpu-µs/device")
		})
	}
}
