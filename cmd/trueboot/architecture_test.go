package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A listed package is what "go list -json" says of it.
type listed struct {
	ImportPath     string
	Dir            string
	Imports, Deps  []string
	IgnoredGoFiles []string
	Standard       bool // of the standard library
}

// listPackages lists our packages as they are built for a system, by their path below the module's.
func listPackages(t *testing.T, system string) map[string]listed {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,Imports,Deps,IgnoredGoFiles", "trueboot/...")
	list.Env = append(os.Environ(), "GOOS="+system)
	packages := map[string]listed{}
	for _, p := range decode(t, list) {
		packages[strings.TrimPrefix(p.ImportPath, "trueboot/")] = p
	}
	return packages
}

func decode(t *testing.T, list *exec.Cmd) (all []listed) {
	t.Helper()
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// mayImport lists, for each room, the rooms of ours that it may import. A room that is not here is new:
// decide where it stands. The vendors' rooms are those that collectors/platforms imports.
var mayImport = map[string][]string{
	"facts":                     {},
	"inventory":                 {},
	"inventory/foreign":         {"delimited", "inventory"},
	"collectors":                {"facts"},
	"collectors/platforms":      {"collectors"}, // and the vendors
	"collectors/session":        {"collectors", "facts", "inventory"},
	"collectors/capture":        {"collectors", "facts"},
	"collectors/emulator":       {"collectors/capture", "collectors", "facts"},
	"collectors/emulator/fleet": {"collectors/capture"},
	"baseline":                  {"facts"},
	"baseline/boltfile":         {},
	"baseline/store":            {"baseline", "baseline/boltfile", "facts"},
	"baseline/hasher":           {},
	"baseline/known":            {"baseline", "baseline/hasher"},
	"baseline/manifest":         {"baseline", "facts"},
	"baseline/signature":        {"baseline"},
	"baseline/anchors":          {"baseline"},
	"baseline/tickets":          {"delimited"},
	"delimited":                 {},
	"baseline/advisories":       {"baseline"},
	"baseline/imagedb":          {"baseline", "baseline/boltfile", "baseline/known", "facts"},
	"history":                   {"facts", "compare", "baseline/boltfile"},
	"compare":                   {"baseline", "facts"},
	"reports":                   {"compare", "baseline", "facts"},
	"reports/outputs":           {"reports", "compare", "facts"},
	"schedule":                  {},
	"sweep":                     {"baseline", "baseline/hasher", "collectors", "collectors/capture", "collectors/platforms", "compare", "facts", "history", "inventory"},
	"alerts":                    {},
	"alerts/literals":           {},
	"alerts/sigma":              {"alerts", "alerts/literals"},
	"alerts/rules":              {},
	"alerts/command":            {"alerts/literals"},
	"alerts/classify":           {"alerts", "alerts/command", "alerts/literals", "alerts/rules", "alerts/sigma"},
	"alerts/chain":              {"alerts", "facts"},
	"alerts/seed":               {"alerts"},
	"alerts/incidents":          {"alerts", "baseline/boltfile"},
	"syslog":                    {"alerts", "alerts/literals", "syslog/accounting", "syslog/cef", "syslog/envelope", "syslog/host", "syslog/network", "syslog/sensor", "syslog/tables", "syslog/transfer"},
	"syslog/envelope":           {"alerts"},
	"syslog/network":            {"alerts", "syslog/envelope"},
	"syslog/cef":                {"alerts", "syslog/envelope"},
	"syslog/accounting":         {"alerts", "syslog/envelope"},
	"syslog/transfer":           {"alerts", "syslog/envelope"},
	"syslog/sensor":             {"alerts", "syslog/envelope"},
	"syslog/host":               {"alerts", "syslog/envelope"},
	"syslog/tables":             {"alerts", "syslog/cef", "syslog/envelope"},
	"syslog/receive":            {},
	"cmd/trueboot":              nil, // everything
}

func TestImportsPointOneWay(t *testing.T) {
	packages := listPackages(t, runtime.GOOS)
	allowedIn := maps.Clone(mayImport)
	for _, i := range packages["collectors/platforms"].Imports {
		vendor, ours := strings.CutPrefix(i, "trueboot/")
		if _, listed := mayImport[vendor]; ours && !listed {
			allowedIn[vendor] = []string{"collectors", "facts"}
			allowedIn["collectors/platforms"] = append(slices.Clip(allowedIn["collectors/platforms"]), vendor)
		}
	}
	for name, p := range packages {
		allowed, known := allowedIn[name]
		if !known {
			t.Errorf("%s is a new room: say in this test what it may import", name)
			continue
		}
		if name == "cmd/trueboot" {
			continue
		}
		for _, i := range p.Imports {
			if room, ours := strings.CutPrefix(i, "trueboot/"); ours && !slices.Contains(allowed, room) {
				t.Errorf("%s imports %s", name, room)
			}
		}
	}
	for name := range mayImport {
		if _, ok := packages[name]; !ok {
			t.Errorf("%s is gone: take it out of this test", name)
		}
	}
}

// mayReach lists, for what leads out of the program or into a file, the rooms that may reach it, however indirectly. No other does: what
// reads, compares and reports is a function of its input.
var mayReach = map[string][]string{
	"net":                           {"collectors/session", "inventory/foreign", "collectors/emulator", "syslog/receive", "reports/outputs", "baseline/known", "baseline/imagedb", "baseline/signature", "baseline/anchors"}, // the last four for what their libraries bring along
	"os/exec":                       {"collectors/session", "reports/outputs"},                                                                                                                                               // the programs that know passwords
	"golang.org/x/crypto/ssh":       {"baseline/signature", "collectors/session", "collectors/emulator"},
	"github.com/scrapli/scrapligo":  {"collectors/session"},
	"github.com/Juniper/go-netconf": {"collectors/session"},
	"go.etcd.io/bbolt":              {"alerts/incidents", "baseline/boltfile", "baseline/imagedb", "baseline/store", "history", "sweep"},
}

func TestReach(t *testing.T) {
	for name, p := range listPackages(t, runtime.GOOS) {
		for library, rooms := range mayReach {
			reaches := slices.ContainsFunc(p.Deps, func(d string) bool {
				return d == library || strings.Contains(library, ".") && strings.HasPrefix(d, library+"/")
			})
			if reaches && name != "cmd/trueboot" && !slices.Contains(rooms, name) {
				t.Errorf("%s reaches %s", name, library)
			}
		}
	}
}

// TestOneImporter holds each of these libraries to the rooms that know how to use it, and those for tests to tests.
func TestOneImporter(t *testing.T) {
	owners := map[string][]string{
		"go.etcd.io/bbolt":              {"alerts/incidents", "history", "baseline/imagedb", "baseline/store", "baseline/boltfile"},
		"github.com/klauspost/compress": {"baseline/boltfile"},
		"github.com/scrapli/scrapligo":  {"collectors/session"},
		"github.com/Juniper/go-netconf": {"collectors/session"},
		"github.com/spf13/cobra":        {"cmd/trueboot"},
		"go.yaml.in/yaml/v3":            {"alerts/sigma", "inventory", "inventory/foreign", "cmd/trueboot"},
		"github.com/emersion/go-ical":   {"baseline/tickets"},
		"github.com/teambition":         {"baseline/tickets"},
		"github.com/robfig/cron":        {"schedule"},
		"github.com/kevinburke":         {"inventory/foreign"},
		"github.com/leodido/go-syslog":  {"syslog/envelope"},
		"github.com/pkg/sftp":           {"collectors/session"},
		"github.com/santhosh-tekuri":    {},
		"github.com/creack/pty":         {},
		"github.com/google/go-cmp":      {},
		"github.com/rogpeppe":           {},
		"go.uber.org/goleak":            {},
		"pgregory.net/rapid":            {},
		"testing":                       {},
	}
	for name, p := range listPackages(t, runtime.GOOS) {
		for library, rooms := range owners {
			for _, i := range p.Imports {
				if (i == library || strings.HasPrefix(i, library+"/")) && !slices.Contains(rooms, name) {
					t.Errorf("%s imports %s", name, i)
				}
			}
		}
	}
}

// TestNothingButGo holds that what reads replies and judges them is our code and the standard library's.
func TestNothingButGo(t *testing.T) {
	pure := []string{"trueboot/facts", "trueboot/collectors", "trueboot/collectors/platforms", "trueboot/collectors/capture", "trueboot/baseline", "trueboot/compare"}
	list := exec.CommandContext(t.Context(), "go", append([]string{"list", "-deps", "-json=ImportPath,Standard"}, pure...)...)
	for _, p := range decode(t, list) {
		if !p.Standard && !strings.HasPrefix(p.ImportPath, "trueboot/") {
			t.Errorf("%s is reached from one of %q", p.ImportPath, pure)
		}
	}
}

// TestNoFileLeftOut notices a file whose name makes Go leave it out in silence: cisco_ios.go is built for GOOS=ios alone. One that is
// meant for some systems says so in its first lines.
func TestNoFileLeftOut(t *testing.T) {
	systems := []string{"linux", "darwin", "windows"}
	left := map[string]int{}
	for _, system := range systems {
		for _, p := range listPackages(t, system) {
			for _, file := range p.IgnoredGoFiles {
				left[filepath.Join(p.Dir, file)]++
			}
		}
	}
	for path, times := range left {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if times == len(systems) {
			t.Errorf("%s is built for none of %q", path, systems)
		}
		if !bytes.HasPrefix(text, []byte("//go:build ")) {
			t.Errorf("%s is left out of a build by its name alone: begin it with //go:build", path)
		}
	}
}

// TestTools holds that the tools that the gate runs are the ones of go.mod, at the versions there.
func TestTools(t *testing.T) {
	gate, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "tool").Output()
	if err != nil {
		t.Fatal(err)
	}
	var tools []string
	for _, tool := range strings.Fields(string(out)) {
		tools = append(tools, path.Base(tool))
	}
	used := regexp.MustCompile(`(?m)^\s*go tool (\S+)`).FindAllStringSubmatch(string(gate), -1)
	if len(used) == 0 {
		t.Error("the gate runs no tool")
	}
	for _, u := range used {
		if !slices.Contains(tools, u[1]) {
			t.Errorf("the gate runs %s, which is not among the tools of go.mod: %q", u[1], tools)
		}
	}
	if strings.Contains(string(gate), "go run ") || strings.Contains(string(gate), "go install ") {
		t.Error("the gate runs a program of another version than go.mod says")
	}
}

// TestLibraryVersions holds that the build has the versions that our code was written against. The module proxy calls an older
// release of go-netconf the latest, and the next one of scrapligo loads a native library.
func TestLibraryVersions(t *testing.T) {
	for module, want := range map[string]string{"github.com/Juniper/go-netconf": "v0.3.1", "github.com/scrapli/scrapligo": "v1.4.3"} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Version}}", module).Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != want {
			t.Errorf("%s is at %q, not at %s (%v)", module, got, want, err)
		}
	}
}
