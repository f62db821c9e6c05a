package foreign

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Inventory returns a settled list as the text of an inventory, one line a device, so that two imports can be compared line by line. Credentials are for a person to add.
func (l *List) Inventory(at time.Time) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Imported from %s (%s) on %s: %d devices.\n", strconv.QuoteToASCII(l.Source), l.Format, at.Format(time.DateOnly), len(l.Devices))
	out.WriteString("# Say below how to log in; trueboot init writes an inventory that explains every field. Then: trueboot inventory check\n\n")
	out.WriteString("# defaults:\n#   username: trueboot\n#   password: env:TRUEBOOT_PASSWORD\n\n")
	if len(l.JumpHosts) > 0 {
		out.WriteString("jump_hosts:\n")
		for _, j := range l.JumpHosts {
			if err := entry(&out, j.Name, field{"address", j.Address}, field{"port", j.Port}, field{"username", j.Username}, field{"key_file", j.KeyFile}); err != nil {
				return nil, err
			}
		}
		out.WriteByte('\n')
	}
	out.WriteString("devices:\n")
	for _, d := range l.Devices {
		err := entry(&out, d.Name, field{"address", d.Address}, field{"port", d.Port}, field{"platform", d.Platform}, field{"transport", d.Transport}, field{"netconf_port", d.NETCONFPort},
			field{"site", d.Site}, field{"role", d.Role}, field{"tags", d.Tags}, field{"username", d.Username}, field{"key_file", d.KeyFile}, field{"jump", d.Jump})
		if err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// A field is one of an entry; one without a value is not written.
type field struct {
	name  string
	value any
}

func entry(out *bytes.Buffer, name string, fields ...field) error {
	values := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, f := range fields {
		var value yaml.Node
		if err := value.Encode(f.value); err != nil {
			return err
		}
		if value.Value == "" && len(value.Content) == 0 || f.value == 0 {
			continue
		}
		if value.Kind == yaml.SequenceNode {
			value.Style = yaml.FlowStyle
		}
		values.Content = append(values.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: f.name}, &value)
	}
	var key yaml.Node
	key.SetString(name)
	line, err := yaml.Marshal(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{&key, values}})
	if err != nil {
		return err
	}
	_, err = out.WriteString("  " + strings.TrimSuffix(string(line), "\n") + "\n")
	return err
}
