package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.etcd.io/bbolt"

	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/collectors/emulator/fleet"
	"trueboot/history"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"trueboot": main, "screen": screenMain})
}

// TestScript runs whole command lines: testdata/script has a file for each matter, with its inputs and what it
// must print. "go test ./cmd/trueboot -run Script/sweep" runs one of them.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			captures, err := os.Getwd()
			if err != nil {
				return err
			}
			e.Setenv("TESTDATA", captures+"/../../testdata")
			e.Values[devicesKey{}] = map[string]*scriptDevice{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"status":    statusCommand,
			"fleet":     fleetCommand,
			"play":      playCommand,
			"misbehave": misbehaveCommand,
			"tamper":    tamperCommand,
			"slow":      slowCommand,
			"asking":    askingCommand,
			"hold":      holdCommand,
			"spoil":     spoilCommand,
			"printable": printableCommand,
			"typed":     typedCommand,
			"until":     untilCommand,
			"logins":    loginsCommand,
			"alike":     alikeCommand,
			"allow":     allowCommand,
			"edit":      editCommand,
		},
	})
}

type devicesKey struct{}

// A scriptDevice is an emulated device of a script.
type scriptDevice struct {
	fleet.Device
	server *emulator.Server
	place  int // in the inventory
}

func (d *scriptDevice) emulated() emulator.Device {
	return emulator.Device{
		Hostname: d.Name, Transcript: d.Transcript(time.Now().UTC()), Username: "auditor", Password: "login-secret",
		KeyboardInteractive: d.XE, StartPrivileged: !d.Switch, EnableSecret: "enable-secret",
	}
}

// statusCommand runs a command that must end with a status: status 3 trueboot sweep.
func statusCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status NUMBER COMMAND…")
	}
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
	if args[1] == "trueboot" && len(args) > 2 && slices.Contains([]string{"sweep", "check", "report"}, args[2]) {
		checkRecord(ts, ts.ReadFile("stdout"))
	}
}

// record is the schema of what a report's JSON says (docs/report.schema.json).
var record = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("../../docs/report.schema.json")
})

// checkRecord holds each message of a report among a command's output against the schema.
func checkRecord(ts *testscript.TestScript, output string) {
	for line := range strings.Lines(output) {
		if !slices.ContainsFunc([]string{"run", "device", "finding", "recap"}, func(what string) bool { return strings.HasPrefix(line, `{"`+what+`":{`) }) {
			continue
		}
		schema, err := record()
		ts.Check(err)
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		ts.Check(err)
		if err := schema.Validate(value); err != nil {
			ts.Fatalf("%.200s is not as docs/report.schema.json says: %v", line, err)
		}
	}
}

// fleetCommand starts a router and a switch, and writes their inventory. The variable ROUTER gets the router's
// address.
func fleetCommand(ts *testscript.TestScript, neg bool, args []string) {
	now := time.Now()
	devices := devicesOf(ts)
	for _, d := range []fleet.Device{fleet.EdgeRouter("edge1", 31, "17.9.4a", now), fleet.AccessSwitch("access1", 21, "15.2(7)E8", now)} {
		start(ts, &scriptDevice{Device: d}, emulator.Device{})
	}
	ts.Setenv("ROUTER", devices["edge1"].server.Addr())
	writeInventory(ts)
}

// playCommand serves a capture of testdata as a device: play cisco_ios/edge-router. The variables PLAYED and PORT get its address
// and its port, the file password its password.
func playCommand(ts *testscript.TestScript, neg bool, args []string) {
	transcript, err := capture.Load(filepath.Join(ts.Getenv("TESTDATA"), filepath.FromSlash(args[0])))
	ts.Check(err)
	server, err := emulator.Start(emulator.Device{Hostname: transcript.Device, Transcript: transcript, Username: "auditor", Password: "login-secret", StartPrivileged: true})
	ts.Check(err)
	ts.Defer(func() { server.Close() })
	_, port, err := splitAddress(server.Addr())
	ts.Check(err)
	ts.Setenv("PLAYED", server.Addr())
	ts.Setenv("PORT", strconv.Itoa(port))
	ts.Check(os.WriteFile(ts.MkAbs("password"), []byte("login-secret\n"), 0o600))
}

// misbehaveCommand starts a sound device and, for each mode that is named, one that misbehaves in that way.
func misbehaveCommand(ts *testscript.TestScript, neg bool, modes []string) {
	now := time.Now()
	start(ts, &scriptDevice{Device: fleet.EdgeRouter("sound", 1, "17.9.4a", now)}, emulator.Device{})
	for i, mode := range modes {
		if !slices.Contains(emulator.Modes(), emulator.Mode(mode)) {
			ts.Fatalf("%q is no mode of the emulator", mode)
		}
		device := fleet.EdgeRouter(strings.ReplaceAll(mode, " ", "-"), i+2, "17.9.4a", now)
		start(ts, &scriptDevice{Device: device}, emulator.Device{Mode: emulator.Mode(mode), ModeCommand: "dir /recursive bootflash:"})
	}
	writeInventory(ts)
}

func devicesOf(ts *testscript.TestScript) map[string]*scriptDevice {
	return ts.Value(devicesKey{}).(map[string]*scriptDevice)
}

func start(ts *testscript.TestScript, d *scriptDevice, with emulator.Device) {
	e := d.emulated()
	e.Mode, e.ModeCommand = with.Mode, with.ModeCommand
	if e.Mode == emulator.RefuseEnable {
		e.StartPrivileged = false
	}
	server, err := emulator.Start(e)
	ts.Check(err)
	ts.Defer(func() { server.Close() })
	d.server, d.place = server, len(devicesOf(ts))
	devicesOf(ts)[d.Name] = d
}

func writeInventory(ts *testscript.TestScript) {
	var b strings.Builder
	b.WriteString("defaults: {username: auditor, password: \"file:password\", enable: \"env:ENABLE\", platform: cisco_ios}\ndevices:\n")
	byPlace := func(a, b *scriptDevice) int { return cmp.Compare(a.place, b.place) }
	for _, d := range slices.SortedFunc(maps.Values(devicesOf(ts)), byPlace) {
		host, port, err := splitAddress(d.server.Addr())
		ts.Check(err)
		fmt.Fprintf(&b, "  %s: {address: %s, port: %d, tags: [%s]}\n", d.Name, host, port, map[bool]string{true: "switch", false: "router"}[d.Switch])
	}
	ts.Setenv("ENABLE", "enable-secret")
	ts.Check(os.WriteFile(ts.MkAbs("inventory.yaml"), []byte(b.String()), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("password"), []byte("login-secret\n"), 0o600))
}

// tamperCommand changes a device: register 0x2142, version 17.6.3, file PATH, patched, serves, away, newkey, nothing.
func tamperCommand(ts *testscript.TestScript, neg bool, args []string) {
	d := devicesOf(ts)[args[0]]
	e := d.emulated()
	switch args[1] {
	case "register":
		d.Register = args[2]
		e = d.emulated()
	case "file":
		d.Files = append(d.Files, fleet.File{Path: args[2], Size: 4711})
		e = d.emulated()
	case "version": // of the router
		d.Device = fleet.EdgeRouter(d.Name, 31, args[2], time.Now())
		if len(args) > 3 && args[3] == "booted" { // just now, as an upgrade does
			d.Uptime, d.Restarted = 0, time.Now()
		}
		e = d.emulated()
	case "serves": // its images over SCP; "other": not the bytes that it computes digests of
		e.Served = map[string]string{}
		for _, i := range d.Images {
			e.Served[i.Path] = i.Content
			if len(args) > 2 && args[2] == "other" {
				e.Served[i.Path] += ", as it really is"
			}
		}
	case "patched": // other bytes under the old name and size
		d.Images[0].Content += ", patched"
		e = d.emulated()
	case "away":
		e.Mode = emulator.CloseAtOnce
	case "password":
		e.Password = "another"
	case "newkey":
		key, err := emulator.NewHostKey()
		ts.Check(err)
		e.HostKey = key
	default:
		ts.Fatalf("tamper: %q is not known", args[1])
	}
	ts.Check(d.server.Replace(e))
}

// askingCommand makes an inventory one that has its passwords asked for: asking inventory.yaml.
func askingCommand(ts *testscript.TestScript, neg bool, args []string) {
	text := strings.ReplaceAll(ts.ReadFile(args[0]), `"file:password"`, "prompt")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// slowCommand gives a device a delay before each reply: slow edge1 40ms.
func slowCommand(ts *testscript.TestScript, neg bool, args []string) {
	d := devicesOf(ts)[args[0]]
	e := d.emulated()
	var err error
	e.Delay, err = time.ParseDuration(args[1])
	ts.Check(err)
	ts.Check(d.server.Replace(e))
}

// holdCommand keeps a history open, as a sweep that runs elsewhere does.
func holdCommand(ts *testscript.TestScript, neg bool, args []string) {
	s, err := history.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { s.Close() })
}

// spoilCommand damages a file: cut FILE BYTES keeps its beginning, flip FILE TEXT changes the first byte of a text wherever it stands,
// byte FILE PLACE one byte, from the end where the place is negative. newer FILE makes a store that of a newer program.
func spoilCommand(ts *testscript.TestScript, neg bool, args []string) {
	path := ts.MkAbs(args[1])
	content, err := os.ReadFile(path)
	ts.Check(err)
	switch args[0] {
	case "cut":
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		content = content[:n]
	case "flip":
		if !bytes.Contains(content, []byte(args[2])) {
			ts.Fatalf("%s holds no %q", args[1], args[2])
		}
		other := []byte(args[2])
		other[0] ^= 1
		content = bytes.ReplaceAll(content, []byte(args[2]), other) // some of them stand in pages that are free
	case "byte":
		at, err := strconv.Atoi(args[2])
		ts.Check(err)
		content[(at+len(content))%len(content)] ^= 0x55
	case "newer":
		ts.Check(newer(path))
		return
	default:
		ts.Fatalf("spoil: %q is not known", args[0])
	}
	ts.Check(os.WriteFile(path, content, 0o600))
}

// newer writes the next format into a store.
func newer(path string) error {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("meta")).Put([]byte("format"), []byte("2")) })
	return errors.Join(err, db.Close())
}

// printableCommand holds that files have no control character but the line feed.
func printableCommand(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		for _, r := range ts.ReadFile(name) {
			if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0) {
				ts.Fatalf("%s holds %U", name, r)
			}
		}
	}
}

// typedCommand holds that a device was sent a command that begins so, or with ! that it was not.
func typedCommand(ts *testscript.TestScript, neg bool, args []string) {
	commands := devicesOf(ts)[args[0]].server.Commands()
	if slices.ContainsFunc(commands, func(c string) bool { return strings.HasPrefix(c, args[1]) }) == neg {
		ts.Fatalf("%s was sent %q", args[0], commands)
	}
}

// untilCommand waits until a device was sent a command that begins so, as often as is said: until edge1 'show version' 2.
func untilCommand(ts *testscript.TestScript, neg bool, args []string) {
	want := 1
	if len(args) > 2 {
		var err error
		want, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		got := 0
		for _, c := range devicesOf(ts)[args[0]].server.Commands() {
			if strings.HasPrefix(c, args[1]) {
				got++
			}
		}
		if got >= want {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%s was sent %q %d times", args[0], args[1], got)
		}
	}
}

// loginsCommand holds how often somebody logged in to a device: logins edge1 2.
func loginsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if got := devicesOf(ts)[args[0]].server.Logins(); strconv.Itoa(got) != args[1] {
		ts.Fatalf("%s had %d logins, not %s", args[0], got, args[1])
	}
}

// alikeCommand starts routers that differ in nothing but their serial numbers, and writes their inventory: alike 4.
func alikeCommand(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	now := time.Now()
	for i := range n {
		start(ts, &scriptDevice{Device: fleet.EdgeRouter(fmt.Sprint("edge", i+1), 31+i, "17.9.4a", now)}, emulator.Device{})
	}
	writeInventory(ts)
}

// allowCommand writes a file of allowed signers: allow FILE PRINCIPALS-AND-OPTIONS PUBLIC-KEY …
func allowCommand(ts *testscript.TestScript, neg bool, args []string) {
	var lines string
	for i := 1; i+1 < len(args); i += 2 {
		lines += args[i] + " " + strings.TrimSpace(ts.ReadFile(args[i+1])) + "\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(lines), 0o600))
}

// editCommand puts one text in another's place: edit FILE OLD NEW.
func editCommand(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("edit: %s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}
