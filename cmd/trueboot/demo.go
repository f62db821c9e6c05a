package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/collectors/capture"
	"trueboot/collectors/cisco"
	"trueboot/collectors/emulator"
	"trueboot/collectors/emulator/fleet"
	"trueboot/compare"
	"trueboot/facts"
	"trueboot/reports"
)

func (p *program) demoCommand() *cobra.Command {
	var folder string
	c := &cobra.Command{
		Use:   "demo",
		Short: "an emulated fleet on loopback: learn, approve, tamper, sweep, report; no set-up",
		Long: `Start a fleet of emulated Cisco devices on the loopback interface, sweep them over real SSH, approve what they state, tamper
with some of them, sweep again, and compare what was found with what was planted.

It needs no set-up, no network and no rights. It leaves the inventory, the stores and the reports in a folder that it names;
the other commands work on the stores.`,
		Annotations: exits(`  0  it found exactly what it planted
  1  it did not, or could not run
  2  wrong usage`),
		Args: takes("argument", 0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return p.demo(c.Context(), folder) },
	}
	c.Flags().StringVar(&folder, "folder", "", "`where` to leave the stores and the reports (default: a new one below the temporary folder)")
	return c
}

// A planted fault is what the demonstration does to one device between the two sweeps, and what it
// must find there: these controls FAIL and no other.
type planted struct {
	what   string
	tamper func(*fleet.Device)
	mode   emulator.Mode
	newKey bool
	fails  []string
}

// A demoDevice is one device of the fleet.
type demoDevice struct {
	fleet.Device                     // made up; where it plays captures, only its name counts
	plays, then  *capture.Transcript // what it plays in its stead: before the night, and after it
	fault        planted
	server       *emulator.Server
}

// The demonstration's credentials. They open nothing but the emulated devices.
const (
	demoUser     = "trueboot"
	demoPassword = "demonstration-password"
	demoEnable   = "demonstration-enable"
)

func demoFleet(now time.Time) []*demoDevice {
	return []*demoDevice{
		{Device: fleet.BranchRouter("branch1", 11, "15.7(3)M8", now), fault: planted{
			what: "runs an older image: somebody booted 15.7(3)M2",
			tamper: func(d *fleet.Device) {
				*d = fleet.BranchRouter("branch1", 11, "15.7(3)M2", now)
				d.Uptime, d.Restarted = 0, time.Now()
			},
			fails: []string{"NDI-BC-04", "NDI-CC-02", "NDI-RN-01", "NDI-RN-05", "NDI-ST-01", "NDI-ST-05", "NDI-ST-06", "NDI-VR-01", "NDI-VR-02"},
		}},
		{Device: fleet.AccessSwitch("access1", 21, "15.2(7)E8", now), fault: planted{
			what: "runs 15.2(4)E6 from a file that bears the approved name",
			tamper: func(d *fleet.Device) {
				old := fleet.AccessSwitch("access1", 21, "15.2(4)E6", now)
				d.Version, d.Compiled, d.Year = old.Version, old.Compiled, old.Year
				d.Members[0].Version = old.Version
				d.Images[0].Content = old.Images[0].Content
			},
			fails: []string{"NDI-CC-02", "NDI-RN-01", "NDI-RN-03", "NDI-ST-02", "NDI-ST-05", "NDI-VR-01", "NDI-VR-02", "NDI-VR-03"},
		}},
		{Device: fleet.AccessSwitch("access2", 22, "15.2(7)E8", now), fault: planted{
			what: "will boot an older file that was put beside the approved one",
			tamper: func(d *fleet.Device) {
				old := fleet.AccessSwitch("access2", 22, "15.2(4)E6", now)
				d.Images = append(d.Images, old.Images[0])
				d.BootVariable, d.BootCommands = old.BootVariable, old.BootCommands
			},
			fails: []string{"NDI-BC-04", "NDI-CC-02", "NDI-RN-01", "NDI-ST-06", "NDI-ST-07"},
		}},
		{Device: fleet.EdgeRouter("edge1", 31, "17.9.4a", now), fault: planted{
			what:   "ignores its startup configuration: configuration register 0x2142",
			tamper: func(d *fleet.Device) { d.Register, d.NextRegister = "0x2142", "" },
			fails:  []string{"NDI-BC-03", "NDI-CC-02"},
		}},
		{Device: fleet.EdgeRouter("edge2", 32, "17.9.4a", now), fault: planted{
			what:   "is set to change its configuration register at the next reload",
			tamper: func(d *fleet.Device) { d.NextRegister = "0x2142" },
			fails:  []string{"NDI-BC-03", "NDI-CC-02"},
		}},
		{Device: fleet.EdgeRouter("edge3", 33, "17.9.4a", now), fault: planted{
			what: "holds a file that nobody approved",
			tamper: func(d *fleet.Device) {
				d.Files = append(d.Files, fleet.File{Path: "bootflash:/guest-share/.update.sh", Size: 40_211})
			},
			fails: []string{"NDI-ST-06"},
		}},
		{Device: fleet.EdgeRouter("edge4", 34, "17.9.4a", now), fault: planted{
			what:   `answers "Verified" to a digest that was wrong on purpose`,
			tamper: func(d *fleet.Device) { d.SaysVerified = true },
			fails:  []string{"NDI-ST-02", "NDI-XC-02"},
		}},
		{Device: fleet.StackSwitch("stack1", 41, 2, "17.9.4a", now), fault: planted{
			what: "has a package with another digest under its old name and size",
			tamper: func(d *fleet.Device) {
				for i := range d.PackageSet {
					if strings.HasPrefix(d.PackageSet[i].Path, "flash:") && strings.Contains(d.PackageSet[i].Path, "rpbase") {
						d.PackageSet[i].Content += ", patched"
					}
				}
			},
			fails: []string{"NDI-CC-02", "NDI-ST-02"},
		}},
		{Device: fleet.BranchRouter("branch2", 12, "15.7(3)M8", now), fault: planted{
			what: "shows another SSH host key", newKey: true, fails: []string{"NDI-HW-01"},
		}},
		{Device: fleet.AccessSwitch("access3", 23, "15.2(7)E8", now), fault: planted{
			what: "accepts connections and says nothing", mode: emulator.SilentFromStart,
		}},
		{Device: fleet.BranchRouter("branch3", 13, "15.7(3)M8", now), fault: planted{
			what: "has an event policy that answers in the place of show running-config, and a new account",
			tamper: func(d *fleet.Device) {
				d.Scripts = []string{"event manager applet HIDE", ` event cli pattern "show running-config.*" sync yes`, ` action 1.0 cli command "show clock"`}
				d.ExtraAccess = []string{"username maintenance privilege 15 secret 9 $9$0hE1Wd1yU0x0aa$Q9tQm3eWc1Z3u0m1"}
			},
			fails: []string{"NDI-AP-03", "NDI-AP-04", "NDI-CC-01", "NDI-CC-02"},
		}},
		{Device: fleet.StackSwitch("stack2", 45, 3, "17.9.4a", now), fault: planted{
			what:   "does not enforce SELinux any more",
			tamper: func(d *fleet.Device) { d.SELinux = "Permissive" },
			fails:  []string{"NDI-RN-07"},
		}},
		{Device: fleet.StackSwitch("single1", 51, 1, "17.6.3", now)},
	}
}

// demoTimeout bounds the wait for the device that says nothing.
const demoTimeout = 5 * time.Second

func (p *program) demo(ctx context.Context, folder string) error {
	started := time.Now()
	folder, err := demoFolder(folder)
	if err != nil {
		return err
	}
	devices := demoFleet(started)
	others, err := demoPlayed()
	if err != nil {
		return err
	}
	devices = append(devices, others...)
	for _, d := range devices {
		if d.server, err = emulator.Start(d.emulated()); err != nil {
			return err
		}
		defer d.server.Close()
	}
	if err := writeDemoInventory(folder, devices); err != nil {
		return err
	}
	p.settings.inventory, p.settings.store = filepath.Join(folder, "inventory.yaml"), folder
	p.settings.profile, p.settings.failOn = "core", string(compare.Low) // whatever a settings file says
	out := p.stdout
	fmt.Fprintf(out, "1. %d emulated devices listen on loopback. First sweep: nothing is approved yet.\n\n", len(devices))
	if _, err := p.demoSweep(ctx, io.Discard, folder, "first"); err != nil {
		return err
	}
	fmt.Fprintf(out, "2. What they stated is approved:\n\n   trueboot baseline approve --all --reason \"demonstration\"\n\n")
	if err := p.quietly(func(q *program) error {
		return q.command(ctx, "baseline", "approve", "--all", "--reason", "demonstration", "--store", folder)
	}); err != nil {
		return err
	}
	fmt.Fprintln(out, "3. Overnight, somebody was there:")
	fmt.Fprintln(out)
	for _, d := range devices {
		if d.fault.what == "" {
			continue
		}
		fmt.Fprintf(out, "   %-8s  %s\n", d.Name, d.fault.what)
		if d.fault.tamper != nil {
			d.fault.tamper(&d.Device)
		}
		if err := d.server.Replace(d.emulatedAfter()); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\n4. The nightly sweep:\n\n")
	found, err := p.demoSweep(ctx, out, folder, "second")
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	return p.demoResult(folder, devices, found, time.Since(started))
}

// demoResult compares what was found with what was planted.
func (p *program) demoResult(folder string, devices []*demoDevice, found map[string]reports.Device, took time.Duration) error {
	fmt.Fprintf(p.stdout, "\n5. Planted and found:\n\n")
	width := 100
	if file := p.screen(); file != nil {
		width = cmp.Or(reports.Width(file), width)
	}
	say := func(label, text string) {
		fmt.Fprintf(p.stdout, "%s%s\n", label, reports.Wrap(text, len(label), width))
	}
	wrong := 0
	var clean []string
	for _, d := range devices {
		got := failedControls(found[d.Name])
		expected, outcome := d.fault.fails, facts.AskedAll
		if d.fault.newKey || d.fault.mode != "" {
			outcome = facts.NoSession
		}
		verdict := "found"
		switch {
		case !slices.Equal(got, expected) || found[d.Name].Outcome != outcome || d.fault.what == "" && found[d.Name].Status() != reports.StatusOK:
			verdict = "WRONG"
			wrong++
		case d.fault.what == "":
			clean = append(clean, d.Name)
			continue
		}
		say(fmt.Sprintf("   %s  %-8s  ", verdict, d.Name), cmp.Or(d.fault.what, "nothing was done to it"))
		const below = "                    "
		switch line := strings.Join(got, " "); {
		case line != "":
			say(below, "FAIL: "+line)
		case outcome == facts.NoSession:
			say(below, "not assessed: "+string(found[d.Name].Reason))
		}
		if verdict == "WRONG" {
			say(below, fmt.Sprintf("expected: %s, %s", cmp.Or(strings.Join(expected, " "), "no FAIL"), outcome))
		}
	}
	say("   clean  ", strings.Join(clean, ", ")+": nothing was done to them")
	fmt.Fprintln(p.stdout)
	say("", fmt.Sprintf("It took %.1f seconds. Everything is in %s: the whole report in second-sweep.txt, for programs in second-sweep.jsonl, "+
		"and the stores, for a look with", took.Seconds(), folder))
	fmt.Fprintf(p.stdout, `
   trueboot history --store %[1]s branch1
   trueboot baseline diff --store %[1]s access2
   trueboot evidence verify --store %[1]s
   trueboot explain BC-03
`, folder)
	if wrong > 0 {
		return fmt.Errorf("on %d devices the demonstration did not find exactly what it planted", wrong)
	}
	return nil
}

// failedControls lists the controls that FAIL on a device, each once, in order.
func failedControls(d reports.Device) []string {
	var ids []string
	for _, f := range d.Findings {
		if f.Verdict == compare.Fail && !slices.Contains(ids, f.Control) {
			ids = append(ids, f.Control)
		}
	}
	slices.Sort(ids)
	return ids
}

// demoSweep sweeps the whole fleet, leaves both forms of the report in the folder, and returns the devices.
func (p *program) demoSweep(ctx context.Context, out io.Writer, folder, name string) (map[string]reports.Device, error) {
	text, err := newFile(filepath.Join(folder, name+"-sweep.txt"))
	if err != nil {
		return nil, err
	}
	defer text.Close()
	lines, err := newFile(filepath.Join(folder, name+"-sweep.jsonl"))
	if err != nil {
		return nil, err
	}
	defer lines.Close()
	found := map[string]reports.Device{}
	f := sweepFlags{sessions: 20, quiet: true, live: liveFlags{timeout: demoTimeout}}
	screen := p.text(out)
	screen.Most = 3
	handlers := tee{screen, &reports.Text{Out: text}, &reports.JSON{Out: lines}, collect(found)}
	_, err = p.sweepInventory(ctx, f, func(io.Writer) reports.Handler { return handlers })
	return found, errors.Join(err, text.Close(), lines.Close())
}

// newFile makes a file that nobody else can read.
func newFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// emulated is the device as it stands before anybody tampers with it. Switches ask for the enable
// password, as they often do.
func (d *demoDevice) emulated() emulator.Device {
	if d.plays != nil {
		return emulator.Device{Transcript: d.plays, Username: demoUser, Password: demoPassword, StartPrivileged: true, EnableSecret: demoEnable}
	}
	return emulator.Device{
		Hostname: d.Name, Transcript: d.Transcript(time.Now().UTC()), Username: demoUser, Password: demoPassword,
		KeyboardInteractive: d.XE, NoPasswordMethod: d.XE, StartPrivileged: !d.Switch, EnableSecret: demoEnable,
	}
}

// platform is the token of what it runs.
func (d *demoDevice) platform() string {
	if d.plays != nil {
		return d.plays.Platform
	}
	return cisco.IOS.Name
}

// emulatedAfter is the device after the fault was planted.
func (d *demoDevice) emulatedAfter() emulator.Device {
	e := d.emulated()
	if d.then != nil {
		e.Transcript = d.then
	}
	e.Mode = d.fault.mode
	if key, err := emulator.NewHostKey(); d.fault.newKey && err == nil {
		e.HostKey = key
	}
	return e
}

func demoFolder(folder string) (string, error) {
	if folder == "" {
		return os.MkdirTemp("", "trueboot-demo-")
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	entries, err := os.ReadDir(folder)
	if err == nil && len(entries) > 0 {
		return "", fmt.Errorf("%s is not empty; the demonstration wants a folder of its own", folder)
	}
	return folder, err
}

// writeDemoInventory writes the inventory that both sweeps read, and the password file beside it.
func writeDemoInventory(folder string, devices []*demoDevice) error {
	var b strings.Builder
	b.WriteString("# The emulated fleet of the demonstration. It is gone when the demonstration ends.\n")
	fmt.Fprintf(&b, "defaults:\n  username: %s\n  password: file:password\n  enable: file:enable\n\ndevices:\n", demoUser)
	for _, d := range devices {
		host, port, err := splitAddress(d.server.Addr())
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "  %s: {address: %s, port: %d, platform: %s}\n", d.Name, host, port, d.platform())
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "inventory.yaml"), []byte(b.String()), 0o600),
		os.WriteFile(filepath.Join(folder, "password"), []byte(demoPassword+"\n"), 0o600),
		os.WriteFile(filepath.Join(folder, "enable"), []byte(demoEnable+"\n"), 0o600),
	)
}

// quietly runs another command of this program without its output.
func (p *program) quietly(do func(*program) error) error {
	return do(&program{stdin: p.stdin, stdout: &results{to: io.Discard}, stderr: p.stderr})
}

// tee hands a run to several handlers.
type tee []reports.Handler

func (t tee) Begin(r reports.Run) error {
	return t.each(func(h reports.Handler) error { return h.Begin(r) })
}

func (t tee) Device(d reports.Device) error {
	return t.each(func(h reports.Handler) error { return h.Device(d) })
}

func (t tee) End(r *reports.Recap) error {
	return t.each(func(h reports.Handler) error { return h.End(r) })
}

func (t tee) each(do func(reports.Handler) error) error {
	var all error
	for _, h := range t {
		all = errors.Join(all, do(h))
	}
	return all
}

// collect keeps the devices of a run.
type collect map[string]reports.Device

func (collect) Begin(reports.Run) error  { return nil }
func (collect) End(*reports.Recap) error { return nil }
func (c collect) Device(d reports.Device) error {
	c[d.Name] = d
	return nil
}
