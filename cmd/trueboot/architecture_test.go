package main

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A listed package is what "go list -json" says of it.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
	Deps                               []string
	IgnoredGoFiles                     []string
}

func listPackages(t *testing.T) map[string]listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps,IgnoredGoFiles", "trueboot/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[strings.TrimPrefix(p.ImportPath, "trueboot/")] = p
	}
}

// mayImport lists, for each room, the rooms of ours that it may import. A room that is not here is new:
// decide where it stands. The vendors' rooms are those that collectors/platforms imports.
var mayImport = map[string][]string{
	"facts":                     {},
	"inventory":                 {},
	"collectors":                {"facts"},
	"collectors/platforms":      {"collectors"}, // and the vendors
	"collectors/session":        {"collectors", "facts", "inventory"},
	"collectors/capture":        {"collectors", "facts"},
	"collectors/emulator":       {"collectors/capture", "collectors", "facts"},
	"collectors/emulator/fleet": {"collectors/capture"},
	"baseline":                  {"facts"},
	"baseline/boltfile":         {},
	"baseline/store":            {"baseline", "baseline/boltfile", "facts"},
	"history":                   {"facts", "compare", "baseline/boltfile"},
	"compare":                   {"baseline", "facts"},
	"reports":                   {"compare", "baseline", "facts"},
	"sweep":                     {"baseline", "collectors", "collectors/capture", "collectors/platforms", "compare", "facts", "history", "inventory"},
	"cmd/trueboot":              nil, // everything
}

func TestImportsPointOneWay(t *testing.T) {
	packages := listPackages(t)
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

// pureRooms read and judge; the list of platforms reaches what any vendor does.
var pureRooms = []string{"facts", "collectors", "collectors/platforms", "baseline", "compare", "reports"}

// TestPureRooms holds that what reads and judges reaches neither a network nor a store, however indirectly.
func TestPureRooms(t *testing.T) {
	outside := []string{"net", "os/exec", "golang.org/x/crypto/ssh", "go.etcd.io/bbolt", "github.com/scrapli/scrapligo", "github.com/Juniper/go-netconf"}
	packages := listPackages(t)
	for _, name := range pureRooms {
		for _, d := range packages[name].Deps {
			for _, o := range outside {
				if d == o || strings.HasPrefix(d, o+"/") && o != "net" {
					t.Errorf("%s reaches %s", name, d)
				}
			}
		}
	}
}

// TestOneImporter holds each of these libraries to the one room that knows how to use it.
func TestOneImporter(t *testing.T) {
	owners := map[string][]string{
		"go.etcd.io/bbolt":              {"history", "baseline/store", "baseline/boltfile"},
		"github.com/scrapli/scrapligo":  {"collectors/session"},
		"github.com/Juniper/go-netconf": {"collectors/session"},
	}
	for name, p := range listPackages(t) {
		for library, rooms := range owners {
			for _, i := range p.Imports {
				if (i == library || strings.HasPrefix(i, library+"/")) && !slices.Contains(rooms, name) {
					t.Errorf("%s imports %s", name, i)
				}
			}
		}
	}
}

// systemFiles are the files that are meant for one operating system.
var systemFiles = []string{"_windows.go", "_unix.go", "_other.go", "_linux.go"}

// TestNoFileLeftOut notices a file whose name makes Go leave it out in silence: cisco_ios.go is built for
// GOOS=ios alone.
func TestNoFileLeftOut(t *testing.T) {
	for name, p := range listPackages(t) {
		for _, file := range p.IgnoredGoFiles {
			if !slices.ContainsFunc(systemFiles, func(end string) bool { return strings.HasSuffix(file, end) }) {
				t.Errorf("%s/%s is in no build on this system", name, file)
			}
		}
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
