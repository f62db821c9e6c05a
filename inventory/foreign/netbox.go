package foreign

import (
	"encoding/json"
	"errors"
	"fmt"
)

// A netBoxPage is a reply of /api/dcim/devices/ of NetBox or Nautobot.
//
// https://netboxlabs.com/docs/netbox/integrations/rest-api/
type netBoxPage struct {
	Count   int            `json:"count"`
	Next    string         `json:"next"`
	Results []netBoxDevice `json:"results"`
}

// A netBoxDevice is what both say of a device. NetBox before 4.0 has device_role, Nautobot location instead of site.
type netBoxDevice struct {
	Name           string      `json:"name"`
	Display        string      `json:"display"`
	Platform       netBoxThing `json:"platform"`
	PrimaryIP      netBoxThing `json:"primary_ip"`
	PrimaryIP4     netBoxThing `json:"primary_ip4"`
	PrimaryIP6     netBoxThing `json:"primary_ip6"`
	Site           netBoxThing `json:"site"`
	Location       netBoxThing `json:"location"`
	Role           netBoxThing `json:"role"`
	DeviceRole     netBoxThing `json:"device_role"`
	Status         netBoxThing `json:"status"`
	VirtualChassis *struct {
		Master netBoxThing `json:"master"`
	} `json:"virtual_chassis"`
	Tags []netBoxThing `json:"tags"`
	ID   any           `json:"id"`
}

// A netBoxThing is an object that another one refers to. In short replies of Nautobot it has a url and no name.
type netBoxThing struct {
	Name          string `json:"name"`
	Slug          string `json:"slug"`
	Display       string `json:"display"`
	Address       string `json:"address"`
	Value         string `json:"value"`
	NetworkDriver string `json:"network_driver"`
	URL           string `json:"url"`
	ID            any    `json:"id"`
}

// UnmarshalJSON also takes a text or null where an object is usual.
func (t *netBoxThing) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*t = netBoxThing{Name: text, Slug: text, Address: text, Value: text}
		return nil
	}
	type plain netBoxThing
	return json.Unmarshal(data, (*plain)(t))
}

func (t netBoxThing) word() string {
	for _, s := range []string{t.NetworkDriver, t.Slug, t.Name, t.Value} {
		if s != "" {
			return s
		}
	}
	return ""
}

func (t netBoxThing) title() string {
	for _, s := range []string{t.Name, t.Display, t.Slug, t.Value} {
		if s != "" {
			return s
		}
	}
	return ""
}

var errShort = errors.New("the reply has references without names (Nautobot): add ?depth=1 to the address")

// readNetBoxPage reads a reply that was kept in a file: a page, or the list of devices alone.
func readNetBoxPage(l *List, data []byte) error {
	var page netBoxPage
	if err := json.Unmarshal(data, &page); err != nil {
		if json.Unmarshal(data, &page.Results) != nil {
			return err
		}
	}
	if page.Next != "" {
		l.leave(0, "", "it is the first of several pages, with %d of %d devices; give the server's address instead to have them all", len(page.Results), page.Count)
	}
	return l.netBox(page)
}

// netBox takes the devices of a page over.
func (l *List) netBox(page netBoxPage) error {
	for _, d := range page.Results {
		name := d.Name
		if name == "" {
			l.lose(0, fmt.Sprint(d.ID), "it has no name")
			continue
		}
		if d.Platform.ID != nil && d.Platform.word() == "" {
			return errShort
		}
		if status := d.Status.word(); status != "" && status != "active" && status != "Active" {
			l.leave(0, name, "its status is %q", status)
			continue
		}
		address := ""
		for _, ip := range []netBoxThing{d.PrimaryIP, d.PrimaryIP4, d.PrimaryIP6} {
			if address == "" && (ip.Address != "" || isAddress(withoutPrefix(ip.Display))) {
				address = ip.Address
				if address == "" {
					address = ip.Display
				}
				address = withoutPrefix(address)
			}
		}
		if address == "" {
			if d.VirtualChassis != nil && d.VirtualChassis.Master.title() != "" && d.VirtualChassis.Master.title() != name {
				l.leave(0, name, "it is a member of the virtual chassis of %q, through which it is visited", d.VirtualChassis.Master.title())
				continue
			}
			if d.PrimaryIP4.ID != nil || d.PrimaryIP6.ID != nil {
				return errShort
			}
		}
		site := d.Site.title()
		if site == "" {
			site = d.Location.title()
		}
		role := d.Role.title()
		if role == "" {
			role = d.DeviceRole.title()
		}
		device := Device{Name: name, Address: address, Platform: d.Platform.word(), Site: site, Role: role}
		for _, tag := range d.Tags {
			device.Tags = append(device.Tags, tag.word())
		}
		l.Devices = append(l.Devices, device)
		if len(l.Devices) > mostDevices {
			return errTooMany
		}
	}
	return nil
}
