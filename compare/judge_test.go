package compare

import (
	"testing"
)

func TestScratch(t *testing.T) {
	for _, r := range []row{{visits: true}, {unapproved: true}, {observed: []edit{unreachable("unreachable")}}, {visits: true, observed: []edit{set("running version", "", "17.6.3"), set("boot variable", "1", "flash:old.17.06.03.bin")}}} {
		for _, f := range r.judge(t, stack) {
			t.Log(f.Control, outcome(f), "|", f.Message)
		}
		t.Log("-----")
	}
}
