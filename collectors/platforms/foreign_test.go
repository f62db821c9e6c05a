package platforms

import (
	"os"
	"path/filepath"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

// strangers are the systems in the shared captures that no platform is for: they must not pass for one.
var strangers = []string{"aruba_os", "checkpoint_gaia", "cisco_aireos", "cisco_fxos", "cisco_s300"}

// TestStrangers holds that no reader takes the output of a system that nobody here knows for its own and reads a version out of it
// without a problem, and that the output looks like no platform's.
func TestStrangers(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skipf("the folder of shared captures is not beside this checkout: %v", err)
	}
	for _, stranger := range strangers {
		if _, known := ByName(stranger); known {
			t.Errorf("%s is a platform now; it is no stranger", stranger)
		}
		files, err := filepath.Glob(filepath.Join(shared, stranger, "*", "*.txt"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no capture of %s: %v", stranger, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := Resembles("", []string{string(text)}); got != "" {
				t.Errorf("%s looks like %s", file, got)
			}
			for _, p := range All {
				for _, q := range p.Queries[collectors.CLI] {
					set := p.ReadReply(collectors.CLI, q, collectors.Reply{Command: q.Commands[0], Text: string(text)})
					if set.Has(facts.RunningVersion) && len(set.Gaps) == 0 {
						t.Errorf("%s: %q of %s reads version %q and sees no problem", file, q.Commands[0], p.Name, set.Value(facts.RunningVersion))
					}
				}
			}
		}
	}
}
