package inventory

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var knownPlatforms = Platforms{"cisco_ios": "cisco_ios", "ios": "cisco_ios", "cisco.ios.ios": "cisco_ios", "juniper_junos": "juniper_junos", "junos": "juniper_junos"}

func load(t *testing.T, text string) (*Inventory, error) {
	t.Helper()
	return Parse("net/inventory.yaml", []byte(text), knownPlatforms)
}

func TestReference(t *testing.T) {
	t.Setenv("HOME", "/home/op")
	t.Setenv("USERPROFILE", "/home/op") // Windows
	path := filepath.Join(t.TempDir(), "inventory.yaml")
	if err := os.WriteFile(path, []byte(Reference), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path, knownPlatforms)
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(path)
	want := &Inventory{
		Path: path,
		JumpHosts: []JumpHost{{
			Name: "bastion", Address: "bastion.example.net", Port: 2222, Username: "netops",
			KeyFile: filepath.Join("/home/op", ".ssh", "id_ed25519"), KeyPassphrase: "prompt",
		}},
		Devices: []Device{
			{
				Name: "core1", Address: "192.0.2.11", Platform: "cisco_ios", Tags: []string{"core", "campus", "nightly"},
				Site: "Paris", Role: "core switch", Username: "trueboot", Password: "env:TRUEBOOT_PASSWORD",
			},
			{
				Name: "access1", Address: "192.0.2.21", Platform: "cisco_ios", Tags: []string{"campus", "nightly"},
				Site: "Paris", Role: "access switch", Username: "trueboot", Password: "env:TRUEBOOT_PASSWORD",
				Enable: Secret("file:" + filepath.Join(folder, "enable-secret")), LegacySSH: true,
			},
			{
				Name: "edge1", Address: "edge1.example.net", Port: 8022, Platform: "cisco_ios", Transport: Both, NETCONFPort: 830, Tags: []string{"edge"},
				Site: "Lyon", Username: "auditor", Password: "command:pass show network/edge1",
				KeyFile: filepath.Join(folder, "keys", "edge1"), KeyPassphrase: "env:EDGE1_PASSPHRASE", Jump: "bastion",
			},
		},
	}
	for i := range got.Devices {
		if got.Devices[i].Line == 0 {
			t.Errorf("%s has no line", got.Devices[i].Name)
		}
		got.Devices[i].Line = 0
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Every field that is read stands in the reference inventory, so that a person finds it.
func TestReferenceShowsEveryField(t *testing.T) {
	var r reader
	var s settings
	for key := range r.fields(&s) {
		if !strings.Contains(Reference, " "+key+":") {
			t.Errorf("reference.yaml does not show %s", key)
		}
	}
}

func TestLayers(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"device over groups over defaults", `
defaults: {site: d, role: d, username: d, platform: ios}
groups:
  a: {site: a, role: a}
  b: {site: b, role: b, username: b}
devices:
  x: {site: x, groups: [a, b]}
`, "x x a b cisco_ios []"},
		{"the first group is the strongest", `
groups: {a: {site: a, platform: ios}, b: {site: b}}
devices: {x: {groups: [b, a]}}
`, "x b   cisco_ios []"},
		{"an empty value undoes", `
defaults: {site: d, role: d, platform: ios}
devices: {x: {site: "", role: }}
`, "x    cisco_ios []"},
		{"tags add up, each once", `
defaults: {tags: [all], platform: ios}
groups: {a: {tags: [a, all]}}
devices: {x: {tags: [x], groups: [a]}}
`, "x    cisco_ios [x a all]"},
		{"a list of devices", `
devices:
  - name: x
    platform: cisco.ios.ios
`, "x    cisco_ios []"},
		{"a device without a field of its own", `
devices:
  x:
defaults: {platform: ios}
`, "x    cisco_ios []"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := load(t, tt.text)
			if err != nil {
				t.Fatal(err)
			}
			d := got.Devices[0]
			line := strings.Join([]string{d.Name, d.Site, d.Role, d.Username, d.Platform, "[" + strings.Join(d.Tags, " ") + "]"}, " ")
			if line != tt.want {
				t.Errorf("got %q, want %q", line, tt.want)
			}
		})
	}
}

// TestSameAddress holds that two devices may share an address where they differ in the port or in the way that leads there.
func TestSameAddress(t *testing.T) {
	inv, err := load(t, "jump_hosts: {a: {address: 192.0.2.1}, b: {address: 192.0.2.2}}\ndefaults: {platform: ios}\ndevices:\n"+
		"  x: {address: 10.0.0.1}\n  y: {address: 10.0.0.1, port: 2022}\n  v: {address: 10.0.0.1, jump: a}\n  w: {address: 10.0.0.1, jump: b}\n")
	if err != nil || len(inv.Devices) != 4 {
		t.Errorf("%v, %v", inv, err)
	}
}

func TestMistakes(t *testing.T) {
	// A file whose fourth line is the one at fault.
	device := func(field string) string {
		return "devices:\n  x:\n    platform: ios\n    " + field + "\n"
	}
	tests := []struct{ name, text, want string }{
		{"empty file", "", "1: the file is empty; want devices, with at least one device"},
		{"only comments", "# nothing\n", "1: the file is empty; want devices, with at least one device"},
		{"no devices", "defaults: {}\n", "1: no devices; want a list with at least one device"},
		{"empty devices", "defaults: {}\ndevices: []\n", "2: devices: the list is empty; want at least one device"},
		{"null devices", "devices:\n", "1: devices: the list is empty; want at least one device"},
		{"a text", "core1\n", "1: inventory: want fields (name: value), found a single value\n1: no devices; want a list with at least one device"},
		{"list of names", "devices:\n  - core1\n", "2: device: want fields (name: value), found a single value"},
		{"unknown section", "device:\n  x: {platform: ios}\n", "1: no devices; want a list with at least one device\n2: inventory: unknown field \"device\"; did you mean devices?"},
		{"not YAML", "devices:\n  x: [\n", "2: not YAML: did not find expected node content"},
		{"tab", "devices:\n\tx:\n", "2: not YAML: found character that cannot start any token"},
		{"second document", "devices: {x: {platform: ios}}\n---\ndevices: {}\n", "2: a second document begins; want one document a file"},
		{"alias", "devices:\n  x: &x {platform: ios}\n  y: *x\n", "3: an alias (*name) is not read here; put what devices share into a group"},
		{"unknown field", device("plattform: ios"), `4: device "x": unknown field "plattform"; did you mean platform?`},
		{"field twice", device("platform: ios"), `4: device "x": "platform" stands here again; it is already on line 3`},
		{"unknown transport", device("transport: telnet"), `4: transport: "telnet" is none of cli, netconf, both`},
		{"unknown platform", strings.Replace(device(""), "ios", "iso", 1), `3: platform: "iso" is not known; did you mean cisco_ios? (trueboot platforms lists them)`},
		{"platform like none", strings.Replace(device(""), "ios", "extremeware", 1),
			`3: platform: "extremeware" is not known; there are cisco_ios, juniper_junos (trueboot platforms lists them)`},
		{"no platform", "devices:\n  x: {}\n", `2: device "x" has no platform; set it here, in a group or in defaults`},
		{"port too high", device("port: 65536"), `4: port: "65536": want a number from 1 to 65535`},
		{"port zero", device("port: 0"), `4: port: "0": want a number from 1 to 65535`},
		{"port octal", device("port: 022"), `4: port: "022": want a number from 1 to 65535`},
		{"port word", device("port: ssh"), `4: port: "ssh": want a number from 1 to 65535`},
		{"port list", device("port: [22]"), `4: port: want a single value, found a list`},
		{"address with port", device("address: 192.0.2.1:22"), `4: address: "192.0.2.1:22" holds a port; write it in a field of its own, port`},
		{"address out of range", device("address: 192.0.2.300"), `4: address: "192.0.2.300" is neither an IP address nor a host name`},
		{"address with a blank", device("address: core 1"), `4: address: "core 1" is neither an IP address nor a host name`},
		{"address with an option", device("address: -oProxyCommand=x"), `4: address: "-oProxyCommand=x" is neither an IP address nor a host name`},
		{"address hostile", device(`address: "\e[2J"`), `4: address: "\x1b[2J" is neither an IP address nor a host name`},
		{"name is no address", "devices:\n  x_: {platform: ios}\n  -y: {platform: ios}\n", `3: device: name: "-y": want letters, digits, '_', '.' and '-', and neither of the last two at the start`},
		{"name with slash", "devices:\n  ../x: {platform: ios}\n", `2: device: name: "../x": want letters, digits, '_', '.' and '-', and neither of the last two at the start`},
		{"name too long", "devices:\n  " + strings.Repeat("x", 129) + ": {platform: ios}\n", `2: device: name: "` + strings.Repeat("x", 60) + `"… has 129 characters; the limit is 128`},
		{"number for an address", "devices:\n  10.1: {platform: ios}\n", `2: "10.1" has no address, and its name is not one`},
		{"name missing", "devices:\n  - platform: ios\n", "2: device: name: is empty"},
		{"name twice", "devices:\n  x: {platform: ios}\n  X: {platform: ios}\n", `3: device: the name "X" stands here again; it is already on line 2`},
		{"address twice", "devices:\n  x: {platform: ios, address: sw.example.net}\n  y: {platform: ios, address: SW.example.net, port: 22}\n",
			`3: device "y": "SW.example.net" port 22 is that of "x", on line 2; a device stands here once`},
		{"name twice, same case", "devices:\n  x: {platform: ios}\n  x: {platform: ios}\n", `3: devices: "x" stands here again; it is already on line 2`},
		{"unknown jump host", device("jump: bastoin") + "jump_hosts: {bastion: {}}\n", `4: jump: no jump host has the name "bastoin"; did you mean bastion?`},
		{"no jump hosts", device("jump: b"), `4: jump: no jump host has the name "b"; there are none`},
		{"jump host with platform", "jump_hosts:\n  b: {platform: ios}\n" + device(""), `2: jump host "b": unknown field "platform"; there are address, agent, key_file, key_passphrase, legacy_ssh, password, port, username`},
		{"unknown group", device("groups: [cmpus]") + "groups: {campus: {}}\n", `4: groups: there is no group "cmpus"; did you mean campus?`},
		{"group not a list", device("groups: campus"), `4: groups: want a list, [a, b], found a single value`},
		{"group with address", "groups:\n  g:\n    address: x\n" + device(""), `3: group "g": unknown field "address"; there are agent, enable, jump, key_file, key_passphrase, legacy_ssh, netconf_port, password, platform, port, role, site, tags, transport, username`},
		{"legacy for all", "defaults:\n  legacy_ssh: true\n" + device(""), `2: defaults: legacy_ssh weakens every login; set it for the devices that need it, or for a group of them`},
		{"flag", device("agent: maybe"), `4: agent: "maybe": want true or false`},
		{"tag", device("tags: [a b]"), `4: tags: "a b": want letters, digits, '_', '.' and '-', and neither of the last two at the start`},
		{"site hostile", device(`site: "a\u202eb"`), `4: site: holds a character that can't be printed`},
		{"site too long", device("site: " + strings.Repeat("é", 257)), `4: site: "` + strings.Repeat(`\u00e9`, 60) + `"… has more than 256 characters`},
		{"key file hostile", device(`key_file: "a\nb"`), `4: key_file: holds a character that can't be printed`},
		{"tagged", device("site: !x y"), `4: site: a value that begins with an exclamation mark is a YAML tag; put it between quotation marks`},
		{"several, in the order of the lines", device("port: x") + "groups:\n  g:\n    agent: 1\ndefaults: {port: 0}\n", "4: port: \"x\": want a number from 1 to 65535\n7: agent: \"1\": want true or false\n8: port: \"0\": want a number from 1 to 65535"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := load(t, tt.text)
			if err == nil {
				t.Fatal("no error")
			}
			want := "net/inventory.yaml:" + strings.ReplaceAll(tt.want, "\n", "\nnet/inventory.yaml:")
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSecrets(t *testing.T) {
	tests := []struct{ written, want string }{
		{"env:X_1", "env:X_1"},
		{"file:secret", "file:" + filepath.Join("net", "secret")},
		{"file:../secret", "file:secret"},
		{"command:pass show x", "command:pass show x"},
		{"prompt", "prompt"},
		{"", ""},
	}
	for _, tt := range tests {
		t.Run(tt.written, func(t *testing.T) {
			got, err := load(t, "devices: {x: {platform: ios, password: '"+tt.written+"'}}")
			if err != nil {
				t.Fatal(err)
			}
			if got.Devices[0].Password != Secret(tt.want) {
				t.Errorf("got %q, want %q", got.Devices[0].Password, tt.want)
			}
		})
	}
	source, argument := Secret("file:a:b").Source()
	if source != FromFile || argument != "a:b" {
		t.Errorf("Source gives %q and %q", source, argument)
	}
}

// A password that somebody wrote into the file, in whatever form, is refused and not repeated.
func TestLiteralSecretIsNotQuoted(t *testing.T) {
	for _, field := range []string{"password", "enable", "key_passphrase"} {
		for _, line := range []string{
			": hunter2", ": 'hunter2'", `: "hunter2"`, ": [hunter2]", ": {hunter2: x}", ": !hunter2", ": !hunter2 x", ": *hunter2",
			": |\n      hunter2", ": 'env:hunter2 '''", ": 'hunter2:x'", ": prompt:hunter2", ": 'vault:hunter2'", ": \"\\x01hunter2\"",
			": \"file:hunter2\\n\\0\"", ":hunter2", ": %hunter2", ": @hunter2", ": `hunter2`", ": 'hunter2", ": [hunter2", ": {hunter2", ": &hunter2", ": hunter2: x",
		} {
			for _, text := range []string{
				"devices:\n  x:\n    platform: ios\n    " + field + line + "\n",
				"devices:\n  x: {platform: ios, " + field + line + "}\n",
			} {
				_, err := load(t, text)
				if err == nil {
					// An empty value with an anchor, the only one of these that is a good inventory.
					if line == ": &hunter2" {
						continue
					}
					t.Errorf("%q is accepted", text)
				} else if strings.Contains(err.Error(), "hunter2") {
					t.Errorf("%q: the error repeats it: %v", text, err)
				}
			}
		}
	}
}

func TestManyMistakes(t *testing.T) {
	text := "devices:\n"
	for i := range 30 {
		text += "  x" + strconv.Itoa(i) + ": {platform: ios, port: 0}\n"
	}
	_, err := load(t, text)
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxProblems+1 || !strings.HasSuffix(lines[maxProblems], ": and 10 more") {
		t.Errorf("got %d lines, the last one %q", len(lines), lines[len(lines)-1])
	}
}

func TestAliasBomb(t *testing.T) {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := range 20 {
		before, name := "*a"+strconv.Itoa(i), "a"+strconv.Itoa(i+1)
		text += name + ": &" + name + " [" + strings.TrimSuffix(strings.Repeat(before+", ", 9), ", ") + "]\n"
	}
	_, err := load(t, text)
	if err == nil || !strings.Contains(err.Error(), "inventory.yaml:2: an alias") {
		t.Errorf("got %v", err)
	}
}

func TestLoadNoFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "inventory.yaml"), knownPlatforms)
	if err == nil || !strings.Contains(err.Error(), "trueboot init") {
		t.Errorf("got %v", err)
	}
	if _, err := Load(t.TempDir(), knownPlatforms); err == nil {
		t.Error("a folder is read as an inventory")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(Reference))
	f.Add([]byte("devices: {x: {platform: ios, port: 0, tags: [a, [b]], groups: *a}}"))
	f.Add([]byte("devices:\n- name: x\n  platform: ios\n  jump: b\njump_hosts: {b: }\n---\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Add([]byte("\xff\xfed\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Parse("inventory.yaml", data, knownPlatforms)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !strings.HasPrefix(line, "inventory.yaml:") {
					t.Fatalf("a problem without a place: %q", line)
				}
				if !printable(line) {
					t.Fatalf("a problem that can't be printed: %q", line)
				}
			}
			return
		}
		names := map[string]bool{}
		for _, d := range got.Devices {
			if CheckName(d.Name) != nil || names[strings.ToLower(d.Name)] || CheckAddress(d.Address) != nil || d.Platform != "cisco_ios" || d.Line < 1 {
				t.Fatalf("accepted: %+v", d)
			}
			names[strings.ToLower(d.Name)] = true
			for _, s := range []Secret{d.Password, d.Enable, d.KeyPassphrase} {
				if again, err := ParseSecret("", string(s)); s != "" && (err != nil || again == "") {
					t.Fatalf("accepted the secret %q: %v", s, err)
				}
			}
			if d.Jump != "" {
				if _, ok := got.JumpHost(d.Jump); !ok {
					t.Fatalf("accepted the jump host %q", d.Jump)
				}
			}
		}
		if len(got.Devices) == 0 {
			t.Fatal("accepted an inventory without a device")
		}
	})
}

func BenchmarkParse10000(b *testing.B) {
	var text strings.Builder
	text.WriteString("defaults: {platform: ios, username: u, password: prompt}\ngroups: {g: {site: s, tags: [t]}}\ndevices:\n")
	for i := range 10_000 {
		text.WriteString("  sw" + strconv.Itoa(i) + ": {address: 10.0.0.1, groups: [g], tags: [a, b]}\n")
	}
	data := []byte(text.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("inventory.yaml", data, knownPlatforms); err != nil {
			b.Fatal(err)
		}
	}
}
