package compare

import (
	"regexp"
	"slices"
	"testing"
)

// catalogue are the controls of ndi.md, section 3.
var catalogue = []string{
	"HW-01", "HW-02", "HW-03", "BC-01", "BC-02", "BC-03", "BC-04", "BC-05", "BC-06", "BC-07", "BC-08", "ST-01", "ST-02", "ST-03", "ST-04", "ST-05", "ST-06", "ST-07", "ST-08",
	"RN-01", "RN-02", "RN-03", "RN-04", "RN-05", "RN-06", "RN-07", "PK-01", "PK-02", "PK-03", "PK-04", "PK-05", "VR-01", "VR-02", "VR-03", "VR-04", "LG-01", "LG-02", "LG-03", "LG-04",
	"AP-01", "AP-02", "AP-03", "AP-04", "CC-01", "CC-02", "CC-03", "EV-01",
}

// TestCatalogue holds that every control of the catalogue is judged, once and in its order, and has its places in the tables.
func TestCatalogue(t *testing.T) {
	var judged []string
	nistID := regexp.MustCompile(`^[a-z]{2}-\d+(\.\d+)?$`)
	for _, r := range rules {
		if id := r.Control[len("NDI-"):]; !regexp.MustCompile(`^XC-`).MatchString(id) {
			judged = append(judged, id)
		}
		if len(NIST(r.Control)) == 0 || slices.ContainsFunc(NIST(r.Control), func(id string) bool { return !nistID.MatchString(id) }) {
			t.Errorf("%s: NIST %q", r.Control, NIST(r.Control))
		}
	}
	if len(catalogue) != 47 || !slices.Equal(judged, catalogue) {
		t.Errorf("%d controls are judged: %q", len(judged), judged)
	}
}

func TestCoverage(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range GuidanceCoverage() {
		if (len(c.Controls) == 0) != (c.Note != "") {
			t.Errorf("%s: %q, %q", c.Name, c.Controls, c.Note)
		}
		for _, id := range c.Controls {
			covered[id] = true
		}
	}
	for _, id := range []string{"NDI-PK-01", "NDI-PK-02", "NDI-PK-04", "NDI-PK-05", "NDI-EV-01", "NDI-VR-03", "NDI-VR-04"} {
		covered[id] = true // of the catalogue's own, or in a group that no item names
	}
	for _, id := range catalogue {
		if !covered["NDI-"+id] {
			t.Errorf("no item of the guidance asks for %s", id)
		}
	}
	for _, c := range AttackCoverage() {
		if len(c.Controls) == 0 {
			t.Errorf("%s: no control", c.Name)
		}
	}
}
