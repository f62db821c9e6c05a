//go:build linux

package sweep

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/baseline"
	"trueboot/baseline/store"
	"trueboot/collectors"
	"trueboot/collectors/platforms"
	"trueboot/collectors/session"
	"trueboot/facts"
	"trueboot/history"
	"trueboot/inventory"
)

// BenchmarkSweep sweeps a fleet that was swept and approved before, with everything that belongs to it: host keys, login,
// all questions, facts, verdicts against the baseline and the last visit, evidence kept. The limit, in the same run, is a
// client of x/crypto/ssh without any care that sends the same commands in lockstep to the same devices.
//
// It takes ten minutes:
//
//	go test ./sweep -run '^$' -bench Sweep -benchtime 1x -timeout 1h
//
// TRUEBOOT_BENCH_DEVICES sets another number of devices than 2,000.
func BenchmarkSweep(b *testing.B) {
	devices := 2000
	if n, err := strconv.Atoi(os.Getenv("TRUEBOOT_BENCH_DEVICES")); err == nil {
		devices = n
	}
	for _, bm := range []struct {
		sessions    int
		delay, hash time.Duration
	}{
		{100, 0, 0},
		{500, 0, 0},
		{100, 50 * time.Millisecond, 0},
		{500, 50 * time.Millisecond, 0},
		{100, 0, 2 * time.Second},
		{500, 0, 2 * time.Second},
	} {
		b.Run(fmt.Sprintf("devices=%d/sessions=%d/delay=%v/hash=%v", devices, bm.sessions, bm.delay, bm.hash), func(b *testing.B) {
			fleet := newBenchmarkFleet(b, devices, bm.delay, bm.hash)
			for b.Loop() {
				plain := measure(b, "plain", func() error { return fleet.plain(bm.sessions) })
				ours := measure(b, "sweep", func() error { return fleet.sweep(b, bm.sessions) })
				b.ReportMetric(float64(ours.processor)/float64(plain.processor), "cpu-ratio")
				b.ReportMetric(float64(ours.wall)/float64(plain.wall), "wall-ratio")
				b.ReportMetric(float64(ours.processor.Microseconds())/float64(devices), "cpu-µs/device")
				b.ReportMetric(float64(plain.processor.Microseconds())/float64(devices), "plain-cpu-µs/device")
				b.ReportMetric(float64(ours.memory)/1e6, "peak-MB")
				b.ReportMetric(float64(plain.memory)/1e6, "plain-peak-MB")
			}
		})
	}
}

// A benchmarkFleet is a fleet in another process, and what is known of it.
type benchmarkFleet struct {
	devices    []inventory.Device
	commands   []string // of one visit
	store      *history.Store
	approved   *store.Snapshot
	knownHosts string
	pins       string
}

func newBenchmarkFleet(b *testing.B, n int, delay, hash time.Duration) *benchmarkFleet {
	b.Helper()
	b.Setenv("TRUEBOOT_BENCH_PASSWORD", benchmarkPassword)
	folder := b.TempDir()
	f := &benchmarkFleet{knownHosts: filepath.Join(folder, "known_hosts"), pins: filepath.Join(folder, "pins")}
	for i, address := range startFleet(b, n, delay, hash) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			b.Fatal(err)
		}
		number, err := strconv.Atoi(port)
		if err != nil {
			b.Fatal(err)
		}
		f.devices = append(f.devices, inventory.Device{
			Name: fmt.Sprintf("edge%04d", i), Address: host, Port: number, Platform: "cisco_ios", Username: "auditor", Password: "env:TRUEBOOT_BENCH_PASSWORD",
		})
	}
	if err := writeKnownHosts(f.knownHosts, 20_000); err != nil {
		b.Fatal(err)
	}
	f.learn(b, folder)
	return f
}

// learn fills the history and the baseline with what the devices state, without asking them.
func (f *benchmarkFleet) learn(b *testing.B, folder string) {
	b.Helper()
	var err error
	if f.store, err = history.Open(filepath.Join(folder, "history.db")); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.store.Close() })
	writer, err := f.store.Begin(history.Run{Started: benchmarkStart, Devices: len(f.devices)})
	if err != nil {
		b.Fatal(err)
	}
	platform, _ := platforms.ByName("cisco_ios")
	var approvals []baseline.Approval
	for i, d := range f.devices {
		device := benchmarkDevice(i)
		r := replay(b, platform, device.Transcript(benchmarkStart))
		if f.commands == nil {
			f.commands = append(f.commands, platform.Terminal.Prepare...)
			for _, e := range r.Transcript.Exchanges {
				f.commands = append(f.commands, e.Command)
			}
		}
		approvals = append(approvals, baseline.Approval{
			Device: d.Name, Platform: "cisco_ios", Facts: r.Set.Facts, Provenance: baseline.FirstSeen, By: "jo", At: benchmarkStart, SeenAt: benchmarkStart, Reason: "benchmark",
		})
		if err := writer.Add(r.Visit); err != nil {
			b.Fatal(err)
		}
	}
	if err := writer.End(false, nil); err != nil {
		b.Fatal(err)
	}
	file, err := store.Open(filepath.Join(folder, "baseline.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	if _, err := file.ApproveAll(approvals); err != nil {
		b.Fatal(err)
	}
	if f.approved, err = file.Snapshot(); err != nil {
		b.Fatal(err)
	}
}

// sweep is what the command does, without its report.
func (f *benchmarkFleet) sweep(b *testing.B, sessions int) error {
	dialer, err := session.NewDialer(session.Options{KnownHosts: []string{f.knownHosts}, Pins: f.pins})
	if err != nil {
		return err
	}
	defer dialer.Close()
	writer, err := f.store.Begin(history.Run{Started: time.Now(), Devices: len(f.devices)})
	if err != nil {
		return err
	}
	bad := 0
	s := Sweep{
		Platform: platforms.ByName, Profile: core(b), Sessions: sessions,
		Open: func(ctx context.Context, d inventory.Device, p collectors.Platform) (Session, error) {
			return dialer.Open(ctx, d, p.Terminal)
		},
		Approved: f.approved.Current,
		Previous: f.store.LastSet,
		Done: func(r Result) error {
			if r.Outcome != facts.AskedAll || len(r.Findings) == 0 {
				bad++
			}
			return writer.Add(r.Visit)
		},
	}
	err = s.Run(context.Background(), f.devices)
	if bad > 0 {
		err = errors.Join(err, fmt.Errorf("%d devices were not asked everything", bad))
	}
	return errors.Join(err, writer.End(false, nil))
}

// plain visits every device, so many at once, with a client that takes no care of anything.
func (f *benchmarkFleet) plain(sessions int) error {
	var next atomic.Int64
	var mu sync.Mutex
	var all error
	var visitors sync.WaitGroup
	for range sessions {
		visitors.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(f.devices); i = int(next.Add(1)) - 1 {
				if err := plainVisit(f.devices[i], f.commands); err != nil {
					mu.Lock()
					all = errors.Join(all, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	visitors.Wait()
	return all
}

func plainVisit(d inventory.Device, commands []string) error {
	client, err := ssh.Dial("tcp", net.JoinHostPort(d.Address, strconv.Itoa(d.Port)), &ssh.ClientConfig{
		User: d.Username, Auth: []ssh.AuthMethod{ssh.Password(benchmarkPassword)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	if err := session.RequestPty("vt100", 24, 511, nil); err != nil {
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
	buffer, prompt := make([]byte, 32<<10), []byte("\n"+d.Name+"#")
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

// writeKnownHosts writes so many keys of hosts that are none of the fleet's.
func writeKnownHosts(path string, n int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriter(file)
	for i := range n {
		seed := make([]byte, ed25519.SeedSize)
		copy(seed, strconv.Itoa(i))
		key, err := ssh.NewPublicKey(ed25519.NewKeyFromSeed(seed).Public())
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "router%d.example.net,192.0.2.%d %s %s\n", i, i%256, key.Type(), base64.StdEncoding.EncodeToString(key.Marshal()))
	}
	return out.Flush()
}

// A cost is what something took.
type cost struct {
	processor, wall time.Duration
	memory          uint64 // the most that was resident and the process's own, in bytes
}

// measure runs one of the two clients. A profile tells them apart by the label: go tool pprof -tagfocus client=sweep.
func measure(b *testing.B, client string, do func() error) cost {
	b.Helper()
	debug.FreeOSMemory() // what ran before
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		var most uint64
		for {
			select {
			case <-ticker.C:
				most = max(most, ownMemory())
			case <-done:
				peak <- most
				return
			}
		}
	}()
	began, used := time.Now(), processorTime(b)
	var err error
	pprof.Do(b.Context(), pprof.Labels("client", client), func(context.Context) { err = do() })
	if err != nil {
		b.Fatal(err)
	}
	c := cost{processor: processorTime(b) - used, wall: time.Since(began)}
	close(done)
	c.memory = <-peak
	return c
}

// ownMemory is the process's resident memory that is no file's (proc_pid_status(5), RssAnon). The pages of the
// history that are mapped are the system's, and it takes them back when it needs them.
func ownMemory() uint64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	var kilobytes uint64
	fmt.Sscan(rest, &kilobytes)
	return kilobytes << 10
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
