// Package foreign reads the lists of devices that other tools keep, and makes an inventory of them.
//
// Each format has a reader, which returns a [List]: what the tool says of each device, in the tool's own words, and what the reader did not
// understand. [List.Settle] then turns the words into ours: names that can be names here, platforms that trueboot can visit, one entry a
// device. What can't be an entry is left, with the reason: a device that is lost on the way would never be missed. Passwords are never taken
// over; that there was one is said.
package foreign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Device is what a list says of one device. All but the name may be empty.
type Device struct {
	Name        string
	Address     string
	Port        int
	Platform    string // the tool's word for it: "cisco.ios.ios", "junos"
	Transport   string // inventory.NETCONF, or empty
	NETCONFPort int
	Tags        []string
	Site, Role  string
	Username    string
	KeyFile     string
	Jump        string // the name of a jump host of the list
	Line        int    // 0 where the list has no lines
}

// A JumpHost is a machine through which devices of a list are reached.
type JumpHost struct {
	Name, Address     string
	Port              int
	Username, KeyFile string
}

// A List is what a file or a server said.
type List struct {
	Format    string
	Source    string // a path or URL
	Devices   []Device
	JumpHosts []JumpHost
	Left      []Left
	Secrets   int // how many credentials stood in it
}

// A Left is something that was not taken over, and why. Both texts may quote the list.
type Left struct {
	Line   int    `json:"line,omitempty"`   // 0 where there is none
	Device string `json:"device,omitempty"` // empty where it is not about one
	Reason string `json:"reason"`
	// Lost says that the list has a device which the inventory has not, and does not itself say that nobody should visit it.
	Lost bool `json:"lost,omitempty"`
}

// leave notes what was not taken over.
func (l *List) leave(line int, device, format string, arguments ...any) {
	l.note(Left{Line: line, Device: device, Reason: fmt.Sprintf(format, arguments...)})
}

// lose notes that a device was not taken over.
func (l *List) lose(line int, device, format string, arguments ...any) {
	l.note(Left{Line: line, Device: device, Reason: fmt.Sprintf(format, arguments...), Lost: true})
}

func (l *List) note(left Left) {
	if len(l.Left) < mostLeft {
		l.Left = append(l.Left, left)
	}
}

// Lost counts the devices that were lost.
func (l *List) Lost() int {
	n := 0
	for _, left := range l.Left {
		if left.Lost {
			n++
		}
	}
	return n
}

// Bounds of what is read.
const (
	maxFile     = 256 << 20
	mostDevices = 100_000
	mostLeft    = 100_000
)

// The formats.
const (
	AnsibleList = "ansible-list" // what ansible-inventory --list prints
	AnsibleYAML = "ansible-yaml"
	AnsibleINI  = "ansible-ini"
	RouterDB    = "router.db" // of RANCID and Oxidized
	Nornir      = "nornir"    // hosts.yaml of SimpleInventory, with groups.yaml and defaults.yaml beside it
	NetBox      = "netbox"    // a reply of /api/dcim/devices/ of NetBox or Nautobot
	Table       = "csv"
	SSHConfig   = "ssh-config"
)

// readers are those of files, by format.
var readers = map[string]func(l *List, data []byte) error{
	AnsibleList: readAnsibleList,
	AnsibleYAML: readAnsibleYAML,
	AnsibleINI:  readAnsibleINI,
	RouterDB:    readRouterDB,
	Nornir:      readNornir,
	NetBox:      readNetBoxPage,
	Table:       readTable,
	SSHConfig:   readSSHConfig,
}

// Formats returns the names of the formats, sorted.
func Formats() []string {
	var names []string
	for name := range readers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ReadFile reads the list at path. An empty format is guessed from the file's name and content.
func ReadFile(path, format string) (*List, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s is larger than %d MiB", path, maxFile>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // spreadsheets begin a file so
	if format == "" {
		if format = guess(path, data); format == "" {
			return nil, fmt.Errorf("%s: can't tell which tool wrote it; say so: one of %s", path, strings.Join(Formats(), ", "))
		}
	}
	read, ok := readers[format]
	if !ok {
		return nil, fmt.Errorf("format %q is not known; one of %s", format, strings.Join(Formats(), ", "))
	}
	l := &List{Format: format, Source: path}
	if err := read(l, data); err != nil {
		return nil, fmt.Errorf("%s: not read as %s: %w", path, format, err)
	}
	return l, l.check()
}

// check refuses what is no list.
func (l *List) check() error {
	switch {
	case len(l.Devices) > mostDevices:
		return fmt.Errorf("%s names more than %d devices", l.Source, mostDevices)
	case len(l.Devices) == 0 && len(l.Left) == 0:
		return fmt.Errorf("%s, read as %s, names no device", l.Source, l.Format)
	}
	return nil
}

var errTooMany = errors.New("too many devices")

// guess tells the formats apart, by the name of the file where tools agree on one, and else by what it begins with.
func guess(path string, data []byte) string {
	name := strings.ToLower(filepath.Base(path))
	text := bytes.TrimSpace(data)
	switch {
	case strings.HasSuffix(name, ".db"):
		return RouterDB
	case strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".tsv"):
		return Table
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[{")):
		if bytes.Contains(text, []byte(`"_meta"`)) || bytes.Contains(text, []byte(`"hostvars"`)) {
			return AnsibleList
		}
		if bytes.Contains(text, []byte(`"results"`)) || bytes.Contains(text, []byte(`"device_type"`)) {
			return NetBox
		}
		return ""
	case strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".yml"):
		return guessYAML(data)
	case name == "config", strings.HasPrefix(name, "ssh_config"), strings.HasSuffix(name, ".sshconfig"), sshHost.Match(data):
		return SSHConfig
	case strings.HasSuffix(name, ".ini"), iniSection.Match(data):
		return AnsibleINI
	}
	return ""
}
