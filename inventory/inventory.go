// Package inventory says which devices there are, what each of them runs, how it is reached and where
// the credentials for it come from.
//
// An inventory is one YAML file that a person writes; reference.yaml shows and explains every field of
// it. [Load] reads it strictly: a field it does not know, a name that stands there twice or a jump host that does not
// exist is an error with the line it stands on, because a device that drops out of a sweep through a
// typing error would never be missed. [Inventory.Select] picks the devices that one sweep is about.
//
// A credential never stands in the file: a [Secret] says where it is. Fetching it, dialling and logging in
// belong to collectors/session; which platforms there are is known to collectors/platforms and reaches
// this package as data.
package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// A Device is one system to visit, with all that its groups and the defaults add to it.
type Device struct {
	Name          string   // unique in the inventory, whatever the case; letters, digits, '.', '_' and '-'
	Address       string   // IP address or host name; the device's name where the file states none
	Port          int      // 0 stands for 22
	Platform      string   // the token, "cisco_ios"
	Transport     string   // CLI, NETCONF or Both; empty stands for CLI
	NETCONFPort   int      // 0 stands for 830
	Tags          []string // its own, then those of its groups and of the defaults
	Site, Role    string   // free text for reports
	Username      string   // empty where the file states none
	Password      Secret
	Enable        Secret // for the platform's privileged level
	KeyFile       string // private key; a relative path is taken from the inventory's folder
	KeyPassphrase Secret
	Agent         bool   // offer the keys of the SSH agent
	Jump          string // name of a jump host; empty for a direct connection
	LegacySSH     bool   // accept algorithms that are off by default because they are weak
	Line          int    // where in the file it begins
}

// What a device's transport may be.
const (
	CLI     = "cli"
	NETCONF = "netconf"
	Both    = "both" // the command line, and then the same again over NETCONF
)

// A JumpHost is a machine through which devices are reached. The defaults of the inventory do not
// apply to it, so that no router's password is offered to a server.
type JumpHost struct {
	Name          string
	Address       string
	Port          int // 0 stands for 22
	Username      string
	Password      Secret
	KeyFile       string
	KeyPassphrase Secret
	Agent         bool
	LegacySSH     bool
}

// An Inventory is what one file holds, in the order of the file.
type Inventory struct {
	Path      string
	Devices   []Device
	JumpHosts []JumpHost
}

// JumpHost returns the jump host of that name.
func (i *Inventory) JumpHost(name string) (JumpHost, bool) {
	for _, host := range i.JumpHosts {
		if host.Name == name {
			return host, true
		}
	}
	return JumpHost{}, false
}

// maxFile bounds what is read: ten times an inventory of 100,000 devices that share nothing.
const maxFile = 256 << 20

// Platforms are the names that a platform may have in an inventory, in lower case, each with the platform's token:
// "cisco.ios.ios" stands for "cisco_ios", and "cisco_ios" for itself.
type Platforms map[string]string

// Load reads the inventory at path, for a program that knows these platforms.
//
// The error names up to 20 problems of the file, one a line as "path:line: …". None of them
// quotes a credential.
func Load(path string, known Platforms) (*Inventory, error) {
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("inventory: %w; trueboot init writes an annotated one", err)
	case err != nil:
		return nil, fmt.Errorf("inventory: %w", err)
	}
	defer file.Close()
	// Room for the whole file at once: read otherwise grows its buffer by copying.
	var data bytes.Buffer
	if info, err := file.Stat(); err == nil && info.Size() < maxFile {
		data.Grow(int(info.Size()) + bytes.MinRead)
	}
	if _, err := data.ReadFrom(io.LimitReader(file, maxFile+1)); err != nil {
		return nil, fmt.Errorf("inventory: %w", err)
	}
	if data.Len() > maxFile {
		return nil, fmt.Errorf("inventory: %s is larger than %d MiB; divide it into several", path, maxFile>>20)
	}
	return Parse(path, data.Bytes(), known)
}
