package platforms

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"trueboot/facts"
)

var eosExpectations = map[string]func([]facts.Fact, any) string{
	"inventory":   eosInventory,
	"modules":     eosModules,
	"files":       eosFiles,
	"reload_time": eosReloadTime,
}

// eosInventory leaves out the rows of the table of ports, which are no parts: the source takes their number for a name.
func eosInventory(found []facts.Fact, want any) string {
	parts := slices.DeleteFunc(slices.Clone(want.([]any)), func(w any) bool { return w.(map[string]any)["pid"] == nil })
	return partsInventory(found, parts)
}

// eosModules compares the modules. The source carries version, hardware and state of the first module on to the others.
func eosModules(found []facts.Fact, want any) string {
	first := want.([]any)[0].(map[string]any)
	for _, w := range want.([]any) {
		part := w.(map[string]any)
		slot := is("slot " + part["slot"].(string))
		for key, kind := range map[string]facts.Kind{"model": facts.Model, "serial": facts.SerialNumber, "sw": facts.ComponentVersion, "hw": facts.HardwareVersion, "status": facts.ComponentState, "type": facts.Component} {
			v, got := part[key].(string), values(found, kind, slot)
			switch {
			case slices.Contains(got, v), key == "type" && len(got) == 1 && strings.HasSuffix(got[0], " "+v):
			case v == first[key] && slices.Contains([]string{"sw", "hw", "status"}, key):
			default:
				return fmt.Sprintf("missing or wrong: %s of %s is %q, want %q", key, part["slot"], got, v)
			}
		}
	}
	return ""
}

// eosFiles leaves out what stands in the place of a date.
func eosFiles(found []facts.Fact, want any) string {
	var files []any
	for _, w := range want.([]any) {
		file := maps.Clone(w.(map[string]any))
		if file["date"] == "<no date>" {
			delete(file, "date")
		}
		files = append(files, file)
	}
	return compareFiles(found, files)
}

func eosReloadTime(found []facts.Fact, want any) string {
	got := values(found, facts.BootTime, is(""))
	if len(got) != 1 || !strings.Contains(want.(string), got[0]) {
		return fmt.Sprintf("missing or wrong: %q, want %q", got, want)
	}
	return ""
}
