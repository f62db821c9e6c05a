package foreign

import (
	"errors"
	"strconv"
	"strings"

	"trueboot/delimited"
)

// columns are the names that a column of a table may have, in lower case with blanks and dashes as underscores.
var columns = map[string]string{
	"name": "name", "hostname": "name", "device": "name", "device_name": "name", "host_name": "name", "node": "name", "sysname": "name",
	"address": "address", "ip": "address", "ip_address": "address", "ipaddress": "address", "host": "address", "mgmt_ip": "address", "management_ip": "address", "primary_ip": "address", "primary_ipv4": "address", "ansible_host": "address",
	"platform": "platform", "os": "platform", "device_type": "platform", "network_os": "platform", "type": "platform", "model_os": "platform", "driver": "platform", "ansible_network_os": "platform",
	"port": "port", "ssh_port": "port",
	"site": "site", "location": "site",
	"role": "role", "device_role": "role",
	"tags": "tags", "tag": "tags", "group": "tags", "groups": "tags",
	"username": "username", "user": "username", "login": "username",
	"key_file": "key_file", "keyfile": "key_file",
	"password": secretColumn, "passwd": secretColumn, "secret": secretColumn, "enable": secretColumn, "enable_secret": secretColumn, "enable_password": secretColumn, "passphrase": secretColumn,
}

const secretColumn = "a secret"

// readTable reads a table whose first line names the columns, with commas, semicolons or tabs between them.
//
//	name,address,platform,site
//	core1,192.0.2.1,cisco_ios,Paris
func readTable(l *List, data []byte) error {
	table, err := delimited.Open(data)
	if err != nil {
		return err
	}
	meaning := make([]string, len(table.Titles))
	named := false
	for i, title := range table.Titles {
		title = strings.TrimSpace(title)
		meaning[i] = columns[strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(title))]
		if meaning[i] == "" && title != "" {
			l.leave(1, "", "the column %q is not taken over", title)
		}
		named = named || meaning[i] == "name" || meaning[i] == "address"
	}
	if !named {
		return errors.New("the first line has to name the columns, with name or address among them")
	}
	return table.Each(func(line int, row []string) error {
		l.row(line, meaning, row)
		if len(l.Devices) > mostDevices {
			return errTooMany
		}
		return nil
	})
}

// row takes a record of a table over.
func (l *List) row(line int, meaning, record []string) {
	d := Device{Line: line}
	if len(record) > len(meaning) {
		l.lose(line, "", "%d fields, and %d columns have a name", len(record), len(meaning))
		return
	}
	for i, text := range record {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		switch meaning[i] {
		case "name":
			d.Name = text
		case "address":
			d.Address = withoutPrefix(text)
		case "platform":
			d.Platform = text
		case "site":
			d.Site = text
		case "role":
			d.Role = text
		case "username":
			d.Username = text
		case "key_file":
			d.KeyFile = text
		case "tags":
			d.Tags = append(d.Tags, strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",;| ", c) })...)
		case "port":
			port, err := strconv.Atoi(text)
			if err != nil || port == 0 {
				port = -1
			}
			d.Port = port
		case secretColumn:
			l.Secrets++
		}
	}
	if d.Name == "" {
		d.Name = d.Address
	}
	l.Devices = append(l.Devices, d)
}

// withoutPrefix leaves the address of an interface's.
//
//	192.0.2.1/24
func withoutPrefix(s string) string {
	address, length, ok := strings.Cut(s, "/")
	if _, err := strconv.Atoi(length); ok && err == nil && isAddress(address) {
		return address
	}
	return s
}
