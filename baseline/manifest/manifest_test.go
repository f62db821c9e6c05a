package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trueboot/baseline"
	"trueboot/facts"
)

var day = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// memory is a baseline in memory.
type memory struct {
	devices   map[string][]baseline.Approval
	decisions []string
}

func (m memory) Devices() ([]string, error) {
	var names []string
	for name := range m.devices {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

func (m memory) Approvals(device string) ([]baseline.Approval, error) { return m.devices[device], nil }

func (m memory) DecisionRecords() ([][]byte, error) {
	var all [][]byte
	for _, d := range m.decisions {
		all = append(all, []byte(d))
	}
	return all, nil
}

func approval(device string, number uint64, all ...facts.Fact) baseline.Approval {
	return baseline.Approval{Device: device, Number: number, Platform: "cisco_ios", Facts: all, Provenance: baseline.FirstSeen,
		By: "jo", At: day.AddDate(0, 0, int(number)), Reason: "survey", SeenAt: day}
}

func fact(kind facts.Kind, subject, value string) facts.Fact {
	return facts.Fact{Kind: kind, Subject: subject, Value: value, Command: "show version", Line: 3, Tier: facts.E0}
}

// TestDeviceText holds the form, and that a new approval changes nothing about what stayed as it was.
func TestDeviceText(t *testing.T) {
	version, image := fact(facts.RunningVersion, "", "17.9.4a"), fact(facts.RunningImage, "", "flash:packages.conf")
	first := []baseline.Approval{approval("core1", 1, version, image)}
	text, err := DeviceText("core1", first)
	if err != nil {
		t.Fatal(err)
	}
	const want = `# trueboot baseline, device "core1"
approval {"device":"core1","number":1,"platform":"cisco_ios","provenance":"first-seen","by":"jo","at":"2026-11-26T08:00:00Z","reason":"survey","seen_at":"2026-11-25T08:00:00Z"}
fact	1-	running image		flash:packages.conf	show version	3	E0
fact	1-	running version		17.9.4a	show version	3	E0
`
	if string(text) != want {
		t.Errorf("is\n%s", text)
	}
	retired := first[0]
	retired.Retired = &baseline.Retirement{By: "ada", At: day, Reason: "upgraded"}
	then, err := DeviceText("core1", []baseline.Approval{retired, approval("core1", 2, fact(facts.RunningVersion, "", "17.12.1"), image), approval("core1", 3, version, image)})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"fact\t1-\trunning image\t", "fact\t1,3-\trunning version\t\t17.9.4a\t", "fact\t2\trunning version\t\t17.12.1\t", `retired 1 {"by":"ada"`} {
		if !strings.Contains(string(then), "\n"+line) {
			t.Errorf("%q is not in\n%s", line, then)
		}
	}
}

// TestDeviceTextComesBack draws approvals, writes and reads them.
func TestDeviceTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		device := rapid.StringMatching(`[ -~é]{1,20}`).Draw(t, "device")
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab\\\t\n\x00é, -")), 0, 6, -1)
		var all []baseline.Approval
		for n := range rapid.IntRange(1, 5).Draw(t, "approvals") {
			a := approval(device, uint64(n+1))
			for range rapid.IntRange(1, 6).Draw(t, "facts") {
				a.Facts = append(a.Facts, fact(facts.File, text.Draw(t, "subject"), text.Draw(t, "value")))
			}
			if rapid.Bool().Draw(t, "retired") {
				a.Retired = &baseline.Retirement{By: "jo", At: day, Reason: "x\n"}
			}
			all = append(all, a)
		}
		written, err := DeviceText(device, all)
		if err != nil {
			t.Fatal(err)
		}
		name, back, err := ParseDevice(written)
		if err != nil || name != device || len(back) != len(all) {
			t.Fatalf("comes back as %q with %d approvals: %v\n%s", name, len(back), err, written)
		}
		for i := range all {
			if !all[i].Same(back[i]) || (all[i].Retired == nil) != (back[i].Retired == nil) {
				t.Fatalf("approval %d comes back as another\n%s", i+1, written)
			}
		}
		again, err := DeviceText(device, back)
		if err != nil || !bytes.Equal(again, written) {
			t.Fatalf("the text is not the same again: %v\n%s\n%s", err, written, again)
		}
	})
}

func TestParseDeviceRefuses(t *testing.T) {
	good, err := DeviceText("core1", []baseline.Approval{approval("core1", 1, fact(facts.RunningVersion, "", "17.9.4a"))})
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range []struct{ old, new, says string }{
		{"# trueboot", "# another", "line 1"},
		{`"number":1`, `"number":2`, "approval 2 of \"core1\" stands where 1"},
		{`"by":"jo"`, `"by":"jo","bye":"x"`, "unknown field"},
		{`"by":"jo"`, `"by":""`, `"by" is empty`},
		{"fact\t1-", "fact\t2-", "in which of 1 approvals"},
		{"fact\t1-", "fact\t1-1000000000", "in which of 1 approvals"},
		{"fact\t1-", "fact\t-", "in which of 1 approvals"},
		{"\t3\tE0", "\tthree\tE0", "facts of approval 1"},
		{"fact\t1-", "fiction\t1-", "is no sort of line"},
		{"E0\n", "E0", "cut short"},
		{"fact\t", "retired 1 {}\nfact\t", `is empty`},
		{"fact\t", "retired 2 {}\nfact\t", "a retirement follows its approval"},
	} {
		text := strings.Replace(string(good), edit.old, edit.new, 1)
		if _, _, err := ParseDevice([]byte(text)); err == nil || !strings.Contains(err.Error(), edit.says) {
			t.Errorf("%q for %q: %v", edit.new, edit.old, err)
		}
	}
}

func TestBuild(t *testing.T) {
	long := strings.Repeat("x", 255)
	from := memory{map[string][]baseline.Approval{}, []string{`{"waiver":{}}`, `{"ending":{}}`}}
	for _, device := range []string{"core1", "2001:db8::1", "..", "a/b", "Core1", long} {
		from.devices[device] = []baseline.Approval{approval(device, 1, fact(facts.RunningVersion, "", "17.9.4a"))}
	}
	folder := t.TempDir()
	m, err := Write(folder, from, func(Manifest) []byte { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if m.Serial != 8 || len(m.Files) != 7 {
		t.Errorf("serial %d, %d files", m.Serial, len(m.Files))
	}
	if again, err := Parse(m.Text()); err != nil || again.Digest() != m.Digest() {
		t.Errorf("the manifest does not come back: %v", err)
	}
	if bare, err := Build(from, nil); err != nil || bare.Digest() != m.Digest() {
		t.Errorf("without writing it is another: %v", err)
	}
	export, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	devices := map[string]bool{}
	if err := export.Each(func(device string, all []baseline.Approval) error { devices[device] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(devices) != 6 || len(export.Decisions) != 2 || !devices[long] || !devices[".."] {
		t.Errorf("came back: %v, %d decisions", devices, len(export.Decisions))
	}

	delete(from.devices, "a/b")
	if _, err := Write(folder, from, func(Manifest) []byte { return nil }); err == nil || !strings.Contains(err.Error(), "a%2Fb.txt: is not of this baseline") {
		t.Errorf("a folder of another baseline: %v", err)
	}
	swapped := filepath.Join(folder, "devices", "core1.txt")
	if err := os.WriteFile(swapped, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := export.Each(func(string, []baseline.Approval) error { return nil }); !errors.Is(err, ErrChanged) {
		t.Errorf("an edited file: %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	sum := strings.Repeat("a", 64)
	for _, text := range []string{
		"", "# trueboot baseline, serial x\n", title + "1\n" + sum + " devices/a.txt\n", title + "1\n" + sum + "  ../a.txt\n",
		title + "1\n" + sum + "  devices/../a\n", title + "1\n" + sum + "  devices/b\n" + sum + "  devices/a\n", title + "1\n" + sum + "  devices/a",
		title + "1\n" + sum + "  /etc/passwd\n",
	} {
		if m, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q is read as %+v", text, m)
		}
	}
}

func FuzzParseDevice(f *testing.F) {
	good, err := DeviceText("core1", []baseline.Approval{approval("core1", 1, fact(facts.RunningVersion, "", "17.9.4a"))})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, text []byte) {
		device, all, err := ParseDevice(text)
		if err != nil {
			return
		}
		written, err := DeviceText(device, all)
		if err != nil {
			t.Fatal(err)
		}
		if _, back, err := ParseDevice(written); err != nil || len(back) != len(all) {
			t.Fatalf("what was read and written is not read again: %v", err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(title + "1\n" + strings.Repeat("a", 64) + "  devices/a.txt\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if m, err := Parse(text); err == nil && !bytes.Equal(m.Text(), text) && m.Serial != 0 {
			if again, err := Parse(m.Text()); err != nil || fmt.Sprint(again) != fmt.Sprint(m) {
				t.Fatalf("%q comes back as %q", text, m.Text())
			}
		}
	})
}

// BenchmarkBuild makes the manifest of 1,000 devices with two approvals of 400 facts each, which a sweep with --signers does before it begins.
func BenchmarkBuild(b *testing.B) {
	from := memory{map[string][]baseline.Approval{}, nil}
	for i := range 1000 {
		device := fmt.Sprintf("edge%04d", i)
		var all []facts.Fact
		for n := range 400 {
			all = append(all, fact(facts.File, fmt.Sprintf("flash:/folder/file-%03d.bin", n), fmt.Sprint(n*1000+i)))
		}
		from.devices[device] = []baseline.Approval{approval(device, 1, all...), approval(device, 2, all...)}
	}
	for b.Loop() {
		if m, err := Build(from, nil); err != nil || m.Serial != 2000 {
			b.Fatal(m.Serial, err)
		}
	}
}
