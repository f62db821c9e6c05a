package platforms

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

// shared is a folder of real captures with the facts that their own sources state. It stands beside
// the checkout, not in it.
const shared = "../../../shared/captures"

// TestScoreboard reads every capture of a known platform and compares with what its source
// says about it: no value may be wrong, none may be missing. "go test -run Scoreboard -v
// ./collectors/..." prints the counts.
func TestScoreboard(t *testing.T) {
	file, err := os.Open(filepath.Join(shared, "expected.jsonl"))
	if err != nil {
		t.Skipf("the folder of shared captures is not beside this checkout: %v", err)
	}
	defer file.Close()
	type score struct{ right, missing, wrong int }
	board := map[string]*score{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var want struct {
			File, Platform, Command string
			Facts                   map[string]any
		}
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		platform, ok := ByName(want.Platform)
		if !ok {
			continue
		}
		key := fmt.Sprintf("%-14s %s", want.Platform, want.Command)
		if board[key] == nil {
			board[key] = &score{}
		}
		text, err := os.ReadFile(filepath.Join(shared, want.File))
		if err != nil {
			t.Fatal(err)
		}
		command := strings.TrimSuffix(want.Command, " (nxapi)")
		query, ok := platform.Reader(collectors.CLI, command)
		if !ok {
			query, ok = platform.Reader(collectors.NETCONF, command)
		}
		if !ok && len(want.Facts) == 0 {
			continue // a command that is not asked, of which nothing is expected
		}
		if !ok {
			t.Errorf("%s: no reader for %q", want.File, want.Command)
			continue
		}
		found, err := query.Read(collectors.Reply{Command: want.Command, Text: string(text)})
		if err != nil {
			t.Logf("%s: %v", want.File, err)
		}
		checkLines(t, want.File, text, found)
		for name, value := range want.Facts {
			problem := ""
			if compare, ok := expectations[platform.Name][name]; ok {
				problem = compare(found, value)
			} else {
				problem = compareFact(found, name, value)
			}
			switch {
			case problem == "":
				board[key].right++
			case strings.HasPrefix(problem, "missing"):
				board[key].missing++
				t.Errorf("%s: %s: %s", want.File, name, problem)
			default:
				board[key].wrong++
				t.Errorf("%s: %s: %s", want.File, name, problem)
			}
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	keys := make([]string, 0, len(board))
	for key := range board {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		t.Logf("%-40s right %3d  missing %3d  wrong %3d", key, board[key].right, board[key].missing, board[key].wrong)
	}
}

// expectations are how the values of a platform's own keys, or those that its source cuts in its own way, are compared with facts.
var expectations = map[string]map[string]func(found []facts.Fact, want any) string{
	"cisco_asa":     asaExpectations,
	"cisco_nxos":    nxosExpectations,
	"huawei_vrp":    vrpExpectations,
	"hpe_comware":   comwareExpectations,
	"juniper_junos": junosExpectations,
	"aruba_aoscx":   aoscxExpectations,
	"aruba_aoss":    aossExpectations,
	"arista_eos":    eosExpectations,
}

// checkLines holds each fact against the line that it names: a value that is not there was made up.
// Values that the reader derives (seconds, states spelled out) are left to the comparison.
func checkLines(t *testing.T, file string, text []byte, found []facts.Fact) {
	t.Helper()
	lines := bytes.Split(text, []byte("\n"))
	for _, f := range found {
		if f.Line < 1 || f.Line > len(lines) {
			t.Errorf("%s: %s %q has line %d of %d", file, f.Kind, f.Subject, f.Line, len(lines))
			continue
		}
		line := lines[f.Line-1]
		switch f.Kind {
		case facts.File:
			line = bytes.ReplaceAll(line, []byte(","), nil) // of thousands
			fallthrough
		case facts.SerialNumber, facts.RunningVersion, facts.RunningImage, facts.BootVariable:
			if !bytes.Contains(line, []byte(f.Value)) {
				t.Errorf("%s: %s %q = %q is not in line %d: %q", file, f.Kind, f.Subject, f.Value, f.Line, lines[f.Line-1])
			}
		}
	}
}

// simple maps the keys of the expectations to the kind that holds their value for the device as a whole.
var simple = map[string]facts.Kind{
	"version": facts.RunningVersion, "hostname": facts.Hostname, "config_register": facts.ConfigRegister, "reload_reason": facts.ReloadReason,
	"restarted": facts.BootTime, "image_id": facts.SoftwareImage, "release": facts.Release,
}

func values(found []facts.Fact, kind facts.Kind, subject func(string) bool) []string {
	var vs []string
	for _, f := range found {
		if f.Kind == kind && (subject == nil || subject(f.Subject)) {
			vs = append(vs, f.Value)
		}
	}
	return vs
}

func is(s string) func(string) bool { return func(subject string) bool { return subject == s } }

// compareFact returns "" when the facts say what is expected, and else what is wrong.
func compareFact(found []facts.Fact, name string, want any) string {
	one := func(kind facts.Kind, subject string, want string) string {
		got := values(found, kind, is(subject))
		if len(got) == 0 {
			got = values(found, kind, nil)
		}
		switch {
		case len(got) == 0:
			return fmt.Sprintf("missing %s %q, want %q", kind, subject, want)
		case !slices.Contains(got, want):
			return fmt.Sprintf("%s %q is %q, want %q", kind, subject, got, want)
		}
		return ""
	}
	list := func(kind facts.Kind) string {
		for _, v := range want.([]any) {
			if !slices.Contains(values(found, kind, nil), v.(string)) {
				return fmt.Sprintf("missing %s %q in %q", kind, v, values(found, kind, nil))
			}
		}
		return ""
	}
	if name == "version" && len(values(found, facts.RunningVersion, nil)) == 0 {
		return one(facts.ComponentVersion, "", want.(string)) // a table of members
	}
	if kind, ok := simple[name]; ok {
		return one(kind, "", want.(string))
	}
	if f, ok := firewalls[name]; ok {
		return one(f.kind, f.subject, want.(string))
	}
	if subject, ok := xrBuild[name]; ok {
		return one(facts.BuildID, subject, want.(string))
	}
	switch name {
	case "uptime_seconds":
		return one(facts.Uptime, "", strconv.Itoa(int(want.(float64))))
	case "uptime":
		return one(facts.Uptime, "", seconds(want.(string)))
	case "running_image":
		for _, v := range values(found, facts.RunningImage, nil) {
			if strings.HasSuffix(v, want.(string)) {
				return ""
			}
		}
		return fmt.Sprintf("missing or wrong: %q", values(found, facts.RunningImage, nil))
	case "serial":
		return list(facts.SerialNumber)
	case "model":
		return list(facts.Model)
	case "mac":
		return list(facts.BaseMAC)
	case "files":
		return compareFiles(found, want.([]any))
	case "filesystem":
		if got := values(found, facts.File, nil); len(got) == 0 {
			return "missing files"
		}
		for _, f := range found {
			if f.Kind == facts.File && !strings.HasPrefix(f.Subject, want.(string)) {
				return fmt.Sprintf("file %q is not in %q", f.Subject, want)
			}
		}
		return ""
	case "total_bytes":
		return one(facts.TotalSpace, "", fmt.Sprintf("%.0f", want))
	case "free_bytes":
		return one(facts.FreeSpace, "", fmt.Sprintf("%.0f", want))
	case "boot_variable", "boot_variable_next", "peer_boot_variable":
		return compareBootList(found, name, want.(string))
	case "peer_config_register":
		if got := values(found, facts.ConfigRegister, nil); len(got) != 2 || got[1] != want {
			return fmt.Sprintf("missing or wrong: %q", got)
		}
		return ""
	case "boot_config_file":
		return one(facts.StartupSource, "", want.(string))
	case "private_config_file":
		return one(facts.StartupSource, "private", want.(string))
	case "manual_boot", "enable_break", "boot_mode":
		return one(facts.BootSetting, strings.ReplaceAll(name, "_", " "), want.(string))
	case "mode":
		return one(facts.Redundancy, "operating mode", want.(string))
	case "hardware_mode":
		return one(facts.Redundancy, "hardware mode", want.(string))
	case "switchover_reason":
		return one(facts.Redundancy, "last switchover reason", want.(string))
	case "active_location":
		got := values(found, facts.Redundancy, is("active location"))
		if len(got) != 1 || !strings.HasSuffix(got[0], " "+want.(string)) {
			return fmt.Sprintf("missing or wrong: %q", got)
		}
		return ""
	case "partitions":
		return comparePartitions(found, want.([]any))
	case "state", "peer_state":
		if roles := values(found, facts.ComponentRole, is("local")); len(roles) == 1 && roles[0] == want {
			return "" // of a pair of firewalls
		}
		return one(facts.ComponentState, "", want.(string))
	case "next_file":
		return one(facts.ConfigurationArchive, "next", want.(string))
	case "archives":
		return list(facts.ConfigurationArchive)
	case "members":
		if _, names := want.([]any)[0].(string); names {
			return list(facts.Hostname)
		}
		return compareParts(found, want.([]any), "switch", map[string]facts.Kind{
			"role": facts.ComponentRole, "mac_address": facts.BaseMAC, "priority": facts.ComponentPriority, "version": facts.HardwareVersion, "state": facts.ComponentState,
		})
	case "modules":
		return compareParts(found, want.([]any), "slot", map[string]facts.Kind{
			"model": facts.Model, "serial": facts.SerialNumber, "sw": facts.ComponentVersion, "fw": facts.BootLoaderVersion,
			"hw": facts.HardwareVersion, "status": facts.ComponentState, "type": facts.Component,
		})
	case "filesystems":
		return compareFileSystems(found, want.([]any))
	case "inventory":
		for _, part := range want.([]any) {
			p := part.(map[string]any)
			for key, kind := range map[string]facts.Kind{"descr": facts.Component, "pid": facts.Model, "vid": facts.HardwareVersion, "sn": facts.SerialNumber} {
				if v, ok := p[key]; ok && !slices.Contains(values(found, kind, func(s string) bool { return strings.HasPrefix(s, p["name"].(string)) }), v.(string)) {
					return fmt.Sprintf("missing %s %v of %v", key, v, p["name"])
				}
			}
		}
		return ""
	case "nodes", "packages":
		return compareNodes(found, want.([]any))
	case "version_string":
		version := values(found, facts.RunningVersion, nil)
		if len(version) == 0 || !strings.Contains(want.(string), "Version "+version[0]+",") && !strings.Contains(want.(string), " v"+version[0]+",build") {
			return fmt.Sprintf("running version %q is not that of %q", version, want)
		}
		return ""
	case "rommon":
		return "" // the first word of the line: "System", no version
	}
	return "missing: nothing is known about " + name
}

var term = regexp.MustCompile(`(\d+) (year|week|day|hour|minute|second)`)

// 2 days, 2:38:49
var clock = regexp.MustCompile(`(?:^| )(\d+):(\d\d):(\d\d)$`)

// seconds reads a duration independently of the reader under test.
func seconds(text string) string {
	total := 0
	for _, m := range term.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		total += n * map[string]int{"year": 31536000, "week": 604800, "day": 86400, "hour": 3600, "minute": 60, "second": 1}[m[2]]
	}
	if m := clock.FindStringSubmatch(text); m != nil {
		for i, in := range []int{3600, 60, 1} {
			n, _ := strconv.Atoi(m[i+1])
			total += n * in
		}
	}
	return strconv.Itoa(total)
}

func compareFiles(found []facts.Fact, want []any) string {
	if got := values(found, facts.File, nil); len(got) != len(want) {
		return fmt.Sprintf("missing or wrong: %d files, want %d", len(got), len(want))
	}
	for _, w := range want {
		file := w.(map[string]any)
		path := func(subject string) bool { return strings.HasSuffix(subject, "/"+file["name"].(string)) }
		for key, kind := range map[string]facts.Kind{"size": facts.File, "perm": facts.FilePermissions, "date": facts.FileTime} {
			v, ok := file[key]
			if !ok {
				continue
			}
			if n, ok := v.(float64); ok {
				v = strconv.FormatInt(int64(n), 10)
			}
			if got := values(found, kind, path); !slices.Contains(got, v.(string)) {
				return fmt.Sprintf("missing or wrong: %s of %s is %q, want %q", key, file["name"], got, v)
			}
		}
	}
	return ""
}

func compareBootList(found []facts.Fact, name, want string) string {
	kind := facts.BootVariable
	if name == "boot_variable_next" {
		kind = facts.NextBootVariable
	}
	want, _, _ = strings.Cut(strings.TrimSuffix(want, ";"), ",")
	got := values(found, kind, nil)
	if name == "peer_boot_variable" && len(got) == 2 {
		got = got[1:]
	}
	if len(got) == 0 {
		return "missing"
	}
	if got[0] != want {
		return fmt.Sprintf("is %q, want %q", got, want)
	}
	return ""
}

// compareParts compares the rows of a table, each with its number under "slot" or "switch".
func compareParts(found []facts.Fact, want []any, sort string, kinds map[string]facts.Kind) string {
	for _, w := range want {
		part := w.(map[string]any)
		number, ok := part[sort]
		if !ok {
			number = part["switch"]
		}
		subject := func(s string) bool {
			words := strings.Fields(s)
			return s == number || len(words) >= 2 && words[len(words)-1] == number && (words[len(words)-2] == sort || words[len(words)-2] == "switch")
		}
		for key, v := range part {
			kind, ok := kinds[key]
			if !ok {
				continue
			}
			// The source's template splits "Unknown Module", a card type without a model, in two.
			if v == "Module" && key == "model" || v == "Unknown" && key == "type" {
				continue
			}
			if got := values(found, kind, subject); !slices.Contains(got, v.(string)) {
				return fmt.Sprintf("missing or wrong: %s of %s %v is %q, want %q", key, sort, number, got, v)
			}
		}
	}
	return ""
}

func compareFileSystems(found []facts.Fact, want []any) string {
	for _, w := range want {
		system := w.(map[string]any)
		prefix := strings.Fields(system["prefixes"].(string))[0]
		for key, kind := range map[string]facts.Kind{"type": facts.FileSystem, "flags": facts.FileSystemAccess, "size": facts.TotalSpace, "free": facts.FreeSpace} {
			v, ok := system[key]
			if !ok {
				continue
			}
			if n, ok := v.(float64); ok {
				v = strconv.FormatInt(int64(n), 10)
			}
			if got := values(found, kind, is(prefix)); !slices.Contains(got, v.(string)) {
				return fmt.Sprintf("missing or wrong: %s of %s is %q, want %q", key, prefix, got, v)
			}
		}
	}
	return ""
}
