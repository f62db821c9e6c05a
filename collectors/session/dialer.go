package session

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/inventory"
)

// Options say what the sessions of one sweep have in common. The zero value trusts no host and reaches
// devices directly.
type Options struct {
	// KnownHosts are files in the format of OpenSSH's known_hosts. Each has to exist.
	KnownHosts []string
	// Pins is the file to which the key of a host is added that no file names. It is made when it is needed. Empty
	// means that such a host is not logged in to.
	Pins string
	// JumpHosts are those that devices name.
	JumpHosts []inventory.JumpHost
	// Credentials may be shared by several dialers; nil stands for new ones.
	Credentials *Credentials
	// Handshakes is how many key exchanges run at once; 0 stands for twice the processors. A key exchange with an old
	// device costs as much as a hundred commands.
	Handshakes int
	// JumpChannels is how many devices are reached through one jump host at once; 0 stands for 50.
	JumpChannels int
	Limits       Limits
}

// A Dialer opens sessions. It holds what they share: known host keys, credentials, connections to jump hosts.
// It is safe for concurrent use.
type Dialer struct {
	hostKeys    hostKeys
	credentials *Credentials
	handshakes  chan struct{} // holds a token for each key exchange that runs
	bastions    map[string]*bastion
	limits      Limits

	mu      sync.Mutex
	keys    map[string][]ssh.Signer        // by path and reference to the passphrase
	refused map[string]*collectors.Failure // logins that failed, by account; none is tried twice
}

// NewDialer reads the host keys. Close the Dialer after its sessions.
func NewDialer(o Options) (*Dialer, error) {
	files, err := readKnownHosts(o.KnownHosts...)
	if err != nil {
		return nil, err
	}
	var pinned *pins
	if o.Pins != "" {
		if pinned, err = openPins(o.Pins); err != nil {
			return nil, err
		}
	}
	d := &Dialer{
		hostKeys:    hostKeys{files, pinned},
		credentials: o.Credentials,
		handshakes:  make(chan struct{}, cmp.Or(o.Handshakes, 2*runtime.GOMAXPROCS(0))),
		bastions:    make(map[string]*bastion),
		limits:      o.Limits.withDefaults(),
		keys:        make(map[string][]ssh.Signer),
		refused:     make(map[string]*collectors.Failure),
	}
	if d.credentials == nil {
		d.credentials = NewCredentials()
	}
	for _, j := range o.JumpHosts {
		if d.bastions[j.Name] != nil {
			return nil, fmt.Errorf("jump host %s stands there twice", j.Name)
		}
		d.bastions[j.Name] = newBastion(j, cmp.Or(o.JumpChannels, 50))
	}
	return d, nil
}

// Close ends the connections to jump hosts, and with them the sessions that go through them, and brings pinned
// host keys to the disk.
func (d *Dialer) Close() error {
	for _, b := range d.bastions {
		b.close()
	}
	if d.hostKeys.pins == nil {
		return nil
	}
	return d.hostKeys.pins.Close()
}

var errClosed = errors.New("the session is closed")
