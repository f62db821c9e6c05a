package fleet

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/cisco"
	"trueboot/facts"
)

var now = time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC)

func devices() []Device {
	return []Device{
		BranchRouter("branch1", 1, "15.7(3)M8", now),
		AccessSwitch("access1", 2, "15.2(7)E8", now),
		EdgeRouter("edge1", 3, "17.9.4a", now),
		StackSwitch("stack1", 4, 3, "17.9.4a", now),
		StackSwitch("single1", 9, 1, "17.6.3", now),
	}
}

// TestTranscript asks every composed device everything: the facts are the fields, and no reply is left
// that the readers do not understand.
func TestTranscript(t *testing.T) {
	for _, d := range devices() {
		t.Run(d.Name, func(t *testing.T) {
			set := collectors.Collect(t.Context(), cisco.IOS, d.Transcript(now).Session())
			for kind, want := range map[facts.Kind]string{
				facts.Hostname: d.Name, facts.RunningVersion: d.Version, facts.RunningImage: d.RunningImage, facts.ConfigRegister: d.Register,
				facts.NextConfigRegister: d.Register, facts.ReloadReason: "Reload Command",
			} {
				if got := set.Value(kind); got != want {
					t.Errorf("%s is %q, want %q", kind, got, want)
				}
			}
			for _, kind := range []facts.Kind{facts.SerialNumber, facts.Model, facts.BootLoaderVersion, facts.BootVariable, facts.File, facts.ImageDigest, facts.RunningBootCommand, facts.StartupBootCommand} {
				if !set.Has(kind) {
					t.Errorf("no %s", kind)
				}
			}
			for _, g := range set.Gaps {
				t.Logf("%s: %s: %s", g.Command, g.Reason, g.Detail)
				if g.Reason == facts.ParseIncomplete || g.Reason == facts.UnsafeArgument || g.Reason == facts.NotCollected {
					t.Errorf("%s: %s: %s", g.Command, g.Reason, g.Detail)
				}
			}
		})
	}
}

var update = flag.Bool("update", false, "write the captures of testdata anew")

// captures are the devices whose captures stand in testdata: a good one of each kind, and what an
// attacker or an old release makes of them.
func captures() map[string]Device {
	downgraded := EdgeRouter("edge1", 3, "16.12.10a", now)
	trap := EdgeRouter("edge1", 3, "17.9.4a", now)
	trap.NextRegister = "0x2142"
	older := BranchRouter("branch1", 1, "15.7(3)M8", now)
	older.BootVariable = "flash0:c2900-universalk9-mz.SPA.157-3.M2.bin,1;" + older.BootVariable
	older.Images = append(older.Images, Image{Path: "flash0:c2900-universalk9-mz.SPA.157-3.M2.bin", Size: 103_000_000, Content: content("c2900-universalk9-mz.SPA.157-3.M2.bin"), Signed: true})
	refusing := AccessSwitch("access1", 2, "15.2(4)E6", now)
	refusing.Refuses = []string{"show boot", "show inventory", "show file systems", "show archive", "show switch detail"}
	mixed := StackSwitch("stack1", 4, 2, "17.9.4a", now)
	mixed.Members[1].Version = "17.6.3"
	return map[string]Device{
		"branch-router": BranchRouter("branch1", 1, "15.7(3)M8", now), "branch-router-older-image-first": older,
		"access-switch": AccessSwitch("access1", 2, "15.2(7)E8", now), "access-switch-refusing": refusing,
		"edge-router": EdgeRouter("edge1", 3, "17.9.4a", now), "edge-router-downgraded": downgraded, "edge-router-reload-trap": trap,
		"stack": StackSwitch("stack1", 4, 2, "17.9.4a", now), "stack-mixed-versions": mixed,
	}
}

// TestCaptures holds the captures in testdata against the devices that they were composed from.
func TestCaptures(t *testing.T) {
	for name, d := range captures() {
		dir := filepath.Join("../../../testdata/cisco_ios", name)
		transcript := d.Transcript(now)
		for i, e := range transcript.Exchanges { // as a visit would have written it down
			if strings.Contains(e.Command, "-config | section") {
				transcript.Exchanges[i].Text = collectors.NewSecrets(nil).Mask(e.Text)
			}
		}
		if *update {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			if err := transcript.Save(dir); err != nil {
				t.Fatal(err)
			}
			continue
		}
		saved, err := capture.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(transcript.Exchanges, saved.Exchanges); diff != "" {
			t.Errorf("%s (-composed +saved), \"go test ./collectors/emulator/fleet -run Captures -update\" writes it anew:\n%s", name, diff)
		}
	}
}
