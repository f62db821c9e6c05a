package foreign

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/inventory"
)

// Options say how the words of a list become ours.
type Options struct {
	Platforms inventory.Platforms
	Map       map[string]string // the tool's word for a platform, in lower case, to a name in Platforms
	Platform  string            // for devices of which the list says none; empty leaves them
}

// Settle leaves the devices that can stand in an inventory and moves the others, each with its reason, to what is left.
func (l *List) Settle(o Options) {
	names := map[string]Device{}
	places := map[string]string{}
	var kept []Device
	for _, d := range l.Devices {
		if reason := l.settle(&d, o); reason != "" {
			l.lose(d.Line, d.Name, "%s", reason)
			continue
		}
		if other, taken := names[strings.ToLower(d.Name)]; taken {
			l.lose(d.Line, d.Name, "the name stands there again%s", onLine(other.Line))
			continue
		}
		at := fmt.Sprintf("%s %d %s", strings.ToLower(cmp.Or(d.Address, d.Name)), cmp.Or(d.Port, 22), d.Jump)
		if other, taken := places[at]; taken {
			l.lose(d.Line, d.Name, "its address, %s, is that of %s", cmp.Or(d.Address, d.Name), other)
			continue
		}
		names[strings.ToLower(d.Name)], places[at] = d, d.Name
		kept = append(kept, d)
	}
	l.Devices = kept
}

func onLine(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; it is already on line %d", n)
}

// settle mends what can be mended of a device, and returns why it can't be an entry.
func (l *List) settle(d *Device, o Options) string {
	if d.Name == "" {
		return "it has no name"
	}
	given := cmp.Or(d.Platform, o.Platform)
	if given == "" {
		return "nothing says which platform it is"
	}
	word := strings.ToLower(strings.TrimSpace(given))
	word = cmp.Or(strings.ToLower(o.Map[word]), word)
	token, known := o.Platforms[word]
	if !known {
		return fmt.Sprintf("the platform %q is not known", given)
	}
	d.Platform = token
	if d.Address == d.Name {
		d.Address = ""
	}
	if address := cmp.Or(d.Address, d.Name); inventory.CheckAddress(address) != nil {
		if d.Address == "" {
			return "it has no address, and its name is not one"
		}
		return fmt.Sprintf("the address %q is neither an IP address nor a host name", address)
	}
	if inventory.CheckName(d.Name) != nil {
		name := usable(d.Name)
		if inventory.CheckName(name) != nil {
			return "nothing of its name can be a name here"
		}
		d.Address = cmp.Or(d.Address, d.Name)
		l.leave(d.Line, d.Name, "taken over as %s: a name here has letters, digits, '_', '.' and '-'", name)
		d.Name = name
	}
	var tags []string
	for _, tag := range d.Tags {
		if t := usable(tag); inventory.CheckName(t) == nil && !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	d.Tags = tags
	for what, text := range map[string]*string{"site": &d.Site, "role": &d.Role, "user name": &d.Username, "key file": &d.KeyFile} {
		if inventory.CheckText(*text) != nil {
			l.leave(d.Line, d.Name, "its %s is too long or can't be printed", what)
			*text = ""
		}
	}
	if d.Port < 0 || d.Port > 65535 {
		return fmt.Sprintf("%d is no port", d.Port)
	}
	if d.Port == 22 {
		d.Port = 0
	}
	return ""
}

// Access switch 1/2 (old)
var notInNames = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// usable makes a name of ours from one of theirs.
func usable(name string) string {
	return strings.Trim(notInNames.ReplaceAllString(strings.TrimSpace(name), "-"), "-.")
}
