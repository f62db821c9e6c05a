package platforms

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var vrpExpectations = map[string]func([]facts.Fact, any) string{
	"vrp_version":           stated(facts.ComponentVersion, "VRP"),
	"boot_config_file":      stated(facts.StartupSource, ""),
	"boot_config_file_next": stated(facts.NextStartupSource, ""),
	"patch":                 patchStarts("activated"),
	"patch_next":            patchStarts("activated and committed", "deactivated"),
	"modules":               vrpModules,
	"packages":              vrpPackages,
}

var comwareExpectations = map[string]func([]facts.Fact, any) string{
	"inventory": comwareInventory,
}

var aoscxExpectations = map[string]func([]facts.Fact, any) string{
	"vendor": func([]facts.Fact, any) string { return "" }, // says nothing about a device
	"members": parts("switch", map[string]facts.Kind{"serial": facts.SerialNumber, "state": facts.ComponentRole, "mac_address": facts.BaseMAC}, func(number string) []string {
		if number == "Stack" {
			return []string{"", "stack status"}
		}
		return []string{"member " + number}
	}),
	"modules": parts("slot", map[string]facts.Kind{"model": facts.Model, "type": facts.Component, "serial": facts.SerialNumber, "status": facts.ComponentState}, func(number string) []string {
		return []string{"management module " + number, "line module " + number}
	}),
}

var aossExpectations = map[string]func([]facts.Fact, any) string{
	"rommon":          anyOf(facts.BootLoaderVersion),
	"boot_image":      stated(facts.RunningImage, ""),
	"build_date":      stated(facts.CompileTime, ""),
	"active_boot_rom": stated(facts.BootSetting, "active boot rom"),
	"uptime": func(found []facts.Fact, want any) string {
		var days, hours, minutes int
		if _, err := fmt.Sscanf(want.(string), "%dd %dh %dm", &days, &hours, &minutes); err != nil {
			return compareFact(found, "uptime", want)
		}
		return stated(facts.Uptime, "")(found, fmt.Sprint(((days*24+hours)*60+minutes)*60))
	},
	"members": parts("switch", map[string]facts.Kind{
		"model": facts.Model, "serial": facts.SerialNumber, "rommon": facts.BootLoaderVersion, "state": facts.ComponentRole,
	}, func(number string) []string { return []string{"member " + number} }),
}

// anyOf expects a value of a kind, whatever it is about.
func anyOf(kind facts.Kind) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		if got := values(found, kind, nil); !slices.Contains(got, want.(string)) {
			return fmt.Sprintf("missing or wrong: %s is %q, want %q", kind, got, want)
		}
		return ""
	}
}

// parts expects the rows of a table, each about one of the subjects that its number stands for.
func parts(sort string, kinds map[string]facts.Kind, subjects func(number string) []string) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		for _, w := range want.([]any) {
			part := w.(map[string]any)
			same := func(subject string) bool { return slices.Contains(subjects(part[sort].(string)), subject) }
			for key, kind := range kinds {
				v, ok := part[key].(string)
				if !ok {
					continue
				}
				got := append(values(found, kind, same), values(found, facts.Redundancy, same)...)
				if !slices.Contains(got, v) {
					return fmt.Sprintf("missing or wrong: %s of %s %v is %q, want %q", key, sort, part[sort], got, v)
				}
			}
		}
		return ""
	}
}

// comwareInventory compares parts by what their headings say: "Chassis 1", "Slot 0".
func comwareInventory(found []facts.Fact, want any) string {
	for _, w := range want.([]any) {
		part := w.(map[string]any)
		place := ""
		for _, name := range []string{"kind", "number"} {
			if word, ok := part[name].(string); ok && word != "self" {
				place += " " + strings.ToLower(word)
			}
		}
		chassis, inChassis := part["chassis"].(string)
		same := func(subject string) bool {
			switch {
			case part["number"] == "self":
				return inChassis && subject == "chassis "+chassis
			case inChassis && !strings.HasPrefix(subject, "chassis "+chassis+" "):
				return false
			}
			return strings.HasSuffix(" "+subject, place)
		}
		for key, kind := range map[string]facts.Kind{"pid": facts.Model, "sn": facts.SerialNumber, "mac": facts.BaseMAC} {
			v, ok := part[key].(string)
			if !ok || v == "NONE" {
				continue
			}
			if got := values(found, kind, same); !slices.Contains(got, v) {
				return fmt.Sprintf("missing or wrong: %s of %q is %q, want %q", key, place, got, v)
			}
		}
	}
	return ""
}

// stated expects one value.
func stated(kind facts.Kind, subject string) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		switch got := values(found, kind, is(subject)); {
		case len(got) == 0:
			return fmt.Sprintf("missing %s %q, want %q", kind, subject, want)
		case !slices.Equal(slices.Compact(got), []string{want.(string)}):
			return fmt.Sprintf("%s %q is %q, want %q", kind, subject, got, want)
		}
		return ""
	}
}

// patchStarts expects a patch file whose state begins with one of the words.
func patchStarts(words ...string) func([]facts.Fact, any) string {
	return func(found []facts.Fact, want any) string {
		got := values(found, facts.PackageState, is(want.(string)))
		if len(got) != 1 || !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(got[0], w) }) {
			return fmt.Sprintf("missing or wrong: the state of %q is %q", want, got)
		}
		return ""
	}
}

// vrpModules compares boards and the parts that they hold: the source names each by its slot alone.
func vrpModules(found []facts.Fact, want any) string {
	for _, w := range want.([]any) {
		part := w.(map[string]any)
		board := "slot " + part["slot"].(string)
		same := func(subject string) bool {
			return subject == board || strings.HasPrefix(subject, board+" ") || strings.HasPrefix(subject, board+"/")
		}
		for key, kind := range map[string]facts.Kind{"model": facts.Model, "status": facts.ComponentState, "role": facts.ComponentRole} {
			v, ok := part[key]
			if !ok || v == "NA" {
				continue
			}
			if got := values(found, kind, same); !slices.Contains(got, v.(string)) {
				return fmt.Sprintf("missing or wrong: %s of %s is %q, want %q", key, board, got, v)
			}
		}
	}
	return ""
}

func vrpPackages(found []facts.Fact, want any) string {
	for _, w := range want.([]any) {
		p := w.(map[string]any)
		name := is(p["name"].(string))
		if got := values(found, facts.Package, name); !slices.Equal(got, []string{p["version"].(string)}) {
			return fmt.Sprintf("missing or wrong: the version of %s is %q", p["name"], got)
		}
		state := map[string]string{"Running": "activated and committed"}[p["state"].(string)]
		if got := values(found, facts.PackageState, name); !slices.Equal(got, []string{state}) {
			return fmt.Sprintf("missing or wrong: the state of %s is %q", p["name"], got)
		}
	}
	return ""
}
