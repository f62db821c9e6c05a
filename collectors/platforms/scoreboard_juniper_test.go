package platforms

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var junosExpectations = map[string]func([]facts.Fact, any) string{
	"boot_time":          stated(facts.BootTime, ""),
	"last_configured":    junosLastConfigured,
	"last_configured_by": stated(facts.ConfigurationAuthor, ""),
	"serial":             junosChassis(facts.SerialNumber, "Virtual"),
	"model":              junosChassis(facts.Model, "Chassis"),
	"inventory":          partsInventory,
}

// junosLastConfigured compares the time alone: the source leaves the zone out.
func junosLastConfigured(found []facts.Fact, want any) string {
	got := values(found, facts.ConfigurationTime, is(""))
	if len(got) != 1 || !strings.HasPrefix(got[0], want.(string)+" ") {
		return fmt.Sprintf("missing or wrong: %q, want %q", got, want)
	}
	return ""
}

// junosChassis expects the values. The source takes the description "Virtual Chassis" for serial number and model.
func junosChassis(kind facts.Kind, word string) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		for _, v := range want.([]any) {
			mistaken := v == word && slices.Contains(values(found, facts.Model, is("")), "Virtual Chassis")
			if !mistaken && !slices.Contains(values(found, kind, nil), v.(string)) {
				return fmt.Sprintf("missing %s %q", kind, v)
			}
		}
		return ""
	}
}

// partsInventory looks for a part for each expected one that says all of it.
func partsInventory(found []facts.Fact, want any) string {
	kinds := map[string]facts.Kind{"descr": facts.Component, "pid": facts.Model, "vid": facts.HardwareVersion, "sn": facts.SerialNumber}
	parts := map[string]map[facts.Kind]string{}
	for _, f := range found {
		if parts[f.Subject] == nil {
			parts[f.Subject] = map[facts.Kind]string{}
		}
		parts[f.Subject][f.Kind] = f.Value
	}
	used := map[string]bool{}
	for _, w := range want.([]any) {
		expected, there := w.(map[string]any), false
		for subject, part := range parts {
			fits := !used[subject]
			for key, kind := range kinds {
				if v, ok := expected[key]; ok && part[kind] != v {
					fits = false
				}
			}
			if fits {
				used[subject], there = true, true
				break
			}
		}
		if !there {
			return fmt.Sprintf("missing or wrong: %v", expected)
		}
	}
	return ""
}
