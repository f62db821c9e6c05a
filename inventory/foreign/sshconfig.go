package foreign

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/kevinburke/ssh_config"

	"trueboot/inventory"
)

// Host core1 core2
var sshHost = regexp.MustCompile(`(?mi)^[ \t]*Host[ \t=]+\S`)

// readSSHConfig reads a client's configuration (ssh_config(5)): an entry for each name without wildcards. It knows nothing of platforms.
//
//	Host core1
//	    HostName 192.0.2.1
//	    ProxyJump bastion
func readSSHConfig(l *List, data []byte) (err error) {
	defer func() {
		if r := recover(); r != nil { // the library's own mistakes are thrown on
			err = fmt.Errorf("the file can't be read: %v", r)
		}
	}()
	config, err := ssh_config.DecodeBytes(data)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	jumps := map[string]string{} // by what ProxyJump says
	for _, host := range config.Hosts {
		line := 0
		for _, node := range host.Nodes {
			if include, ok := node.(*ssh_config.Include); ok {
				l.leave(include.Pos().Line, "", "%q: what it names applies, and the hosts in it are not listed; import that file too", strings.TrimSpace(include.String()))
			}
			if line == 0 {
				line = max(0, node.Pos().Line-1)
			}
		}
		for _, pattern := range host.Patterns {
			name := pattern.String()
			if strings.ContainsAny(name, "*?!") || seen[name] {
				continue
			}
			seen[name] = true
			d := Device{Name: name, Line: line}
			if err := l.client(config, &d, jumps); err != nil {
				l.lose(line, name, "%v", err)
				continue
			}
			l.Devices = append(l.Devices, d)
			if len(l.Devices) > mostDevices {
				return errTooMany
			}
		}
	}
	// What devices are reached through is no device.
	l.Devices = slices.DeleteFunc(l.Devices, func(d Device) bool {
		return slices.ContainsFunc(l.JumpHosts, func(j JumpHost) bool { return j.Name == d.Name })
	})
	return nil
}

// client fills in what the configuration says of a host.
func (l *List) client(config *ssh_config.Config, d *Device, jumps map[string]string) error {
	jump, err := reached(config, d)
	if err != nil || jump == "" {
		return err
	}
	if strings.Contains(jump, ",") {
		return errors.New("it is reached through several jump hosts; one is taken over")
	}
	if name, known := jumps[jump]; known {
		d.Jump = name
		return nil
	}
	j, err := jumpHost(config, jump)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(l.JumpHosts, func(other JumpHost) bool { return strings.EqualFold(other.Name, j.Name) }); i < 0 {
		l.JumpHosts = append(l.JumpHosts, j)
	} else if l.JumpHosts[i] != j {
		return fmt.Errorf("its jump host %q is reached in another way elsewhere in the file", jump)
	}
	jumps[jump], d.Jump = j.Name, j.Name
	return nil
}

// reached fills in how a host is reached, and returns what ProxyJump says.
func reached(config *ssh_config.Config, d *Device) (jump string, err error) {
	get := func(key string) string {
		value, err := config.Get(d.Name, key)
		if err != nil || strings.EqualFold(value, "none") {
			return ""
		}
		return value
	}
	d.Address, d.Username, d.KeyFile = strings.ReplaceAll(get("HostName"), "%h", d.Name), get("User"), get("IdentityFile")
	if port := get("Port"); port != "" {
		if d.Port, err = strconv.Atoi(port); err != nil || d.Port < 1 {
			return "", fmt.Errorf("%q is no port", port)
		}
	}
	if strings.Contains(d.Address+d.KeyFile, "%") {
		return "", errors.New("the tokens of ssh (%) are not taken over, but for HostName %h")
	}
	if get("ProxyCommand") != "" {
		return "", errors.New("it is reached by a ProxyCommand; only ProxyJump is taken over")
	}
	return get("ProxyJump"), nil
}

// jumpHost reads what ProxyJump says: another Host of the file, or [user@]host[:port].
func jumpHost(config *ssh_config.Config, jump string) (JumpHost, error) {
	user, host, ok := strings.Cut(strings.TrimPrefix(jump, "ssh://"), "@")
	if !ok {
		user, host = "", user
	}
	host, port, _ := strings.Cut(host, ":")
	through := Device{Name: host}
	if further, err := reached(config, &through); err != nil || further != "" {
		return JumpHost{}, fmt.Errorf("its jump host %q is not reached directly", jump)
	}
	j := JumpHost{Name: usable(host), Address: through.Address, Port: through.Port, Username: through.Username, KeyFile: through.KeyFile}
	if user != "" {
		j.Username = user
	}
	if port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return JumpHost{}, fmt.Errorf("%q is no port", port)
		}
		j.Port = n
	}
	if j.Address == "" && inventory.CheckAddress(host) != nil || j.Address != "" && inventory.CheckAddress(j.Address) != nil || inventory.CheckName(j.Name) != nil {
		return JumpHost{}, fmt.Errorf("its jump host %q has no address that can be used", jump)
	}
	return j, nil
}
