package foreign

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/inventory"
)

var known = inventory.Platforms{"cisco_ios": "cisco_ios", "ios": "cisco_ios", "cisco.ios.ios": "cisco_ios", "cisco": "cisco_ios", "junos": "juniper_junos", "juniper_junos": "juniper_junos", "arista_eos": "arista_eos", "eos": "arista_eos"}

// write makes the files of a test in a folder of their own, and returns it.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// lines are a settled list as short texts: devices, then what was left.
func lines(l *List) []string {
	var all []string
	for _, d := range l.Devices {
		text := fmt.Sprintf("%s %s", d.Name, d.Platform)
		for _, more := range []string{d.Address, d.Transport, d.Site, d.Role, strings.Join(d.Tags, ","), d.Username, d.KeyFile, d.Jump} {
			if more != "" {
				text += " " + more
			}
		}
		if d.Port != 0 || d.NETCONFPort != 0 {
			text += fmt.Sprintf(" :%d:%d", d.Port, d.NETCONFPort)
		}
		all = append(all, text)
	}
	for _, j := range l.JumpHosts {
		all = append(all, fmt.Sprintf("jump %s %s %s %d %s", j.Name, j.Address, j.Username, j.Port, j.KeyFile))
	}
	for _, left := range l.Left {
		word := "left"
		if left.Lost {
			word = "lost"
		}
		all = append(all, fmt.Sprintf("%s %d %s: %s", word, left.Line, left.Device, left.Reason))
	}
	if l.Secrets > 0 {
		all = append(all, fmt.Sprintf("%d secrets", l.Secrets))
	}
	return all
}

func TestReadFile(t *testing.T) {
	tests := map[string]struct {
		files map[string]string // the first to read is named "list…"
		want  []string
	}{
		"ansible ini": {map[string]string{"list.ini": `
# devices
lonely ansible_host=192.0.2.9 ansible_network_os=junos ansible_port=2222

[core]
core[01:02].example.net ansible_user="net ops"  # two of them
[edge]
edge-[a:b] ansible_host=2001:db8::1 ansible_network_os=junos
[net:children]
core
edge
[net:vars]
ansible_network_os = cisco.ios.ios
ansible_password = hunter2
site='Paris'
[core:vars]
ansible_connection=ansible.netcommon.netconf
ansible_port=830
`}, []string{
			"lonely juniper_junos 192.0.2.9 :2222:0",
			"core01.example.net cisco_ios netconf Paris net,core net ops",
			"core02.example.net cisco_ios netconf Paris net,core net ops",
			"edge-a juniper_junos 2001:db8::1 Paris net,edge",
			"lost 8 edge-b: its address, 2001:db8::1, is that of edge-a",
			"1 secrets",
		}},
		"ansible yaml": {map[string]string{"list.yml": `
all:
  vars: {ansible_network_os: junos}
  children:
    spine:
      vars: &shared {ansible_user: probe, ansible_become_password: !vault "x"}
      hosts:
        spine[1:2]: {ansible_host: "{{ mgmt }}"}
        spine3: {ansible_host: 192.0.2.3, ansible_port: 22}
    leaf:
      vars:
        <<: *shared
        ansible_network_os: arista.eos.eos
      hosts:
        leaf1: {ansible_network_os: eos, ansible_ssh_private_key_file: ~/.ssh/id}
        leaf2: {}
        "bad name": {ansible_host: 192.0.2.7, ansible_network_os: eos}
`}, []string{
			"spine3 juniper_junos 192.0.2.3 spine probe",
			"leaf1 arista_eos leaf probe ~/.ssh/id",
			"bad-name arista_eos 192.0.2.7 leaf probe",
			"lost 8 spine1: its host is a template, which is not filled in here: import what ansible-inventory --list prints",
			"lost 8 spine2: its host is a template, which is not filled in here: import what ansible-inventory --list prints",
			`lost 16 leaf2: the platform "arista.eos.eos" is not known`,
			"left 17 bad name: taken over as bad-name: a name here has letters, digits, '_', '.' and '-'",
			"2 secrets",
		}},
		"ansible list": {map[string]string{"list.json": `{"_meta":{"hostvars":{"a":{"ansible_host":"192.0.2.1","ansible_network_os":"ios","ansible_port":22},"web":{"ansible_ssh_pass":"x"}}},
"all":{"children":["ungrouped","net"]},"net":{"hosts":["a"]},"ungrouped":{"hosts":["web"]},"old":["b"]}`}, []string{
			"a cisco_ios 192.0.2.1 net", "lost 0 b: nothing says which platform it is", "lost 0 web: nothing says which platform it is", "1 secrets",
		}},
		"rancid": {map[string]string{"list.db": "# comment\ncore1.example.net;cisco;up\ncore2.example.net;cisco;down;broken\nserver;linux;up\nnothing\n"}, []string{
			"core1.example.net cisco_ios", `left 3 core2.example.net: its state is "down"`, `lost 5 nothing: want a name and a type with ";" between them`,
			`lost 4 server: the platform "linux" is not known`,
		}},
		"oxidized": {map[string]string{"list.db": "core1:ios:backbone:admin:hunter2\ncore2:192.0.2.2:junos\ncore3:ios\n"}, []string{
			"core1 cisco_ios backbone", "core2 juniper_junos 192.0.2.2", "core3 cisco_ios",
			"left 1 core1: 2 more fields are not taken over: what they are is known to Oxidized's own map alone",
		}},
		"nornir": {map[string]string{
			"list.yaml":     "h1:\n  hostname: 192.0.2.1\n  groups: [eu]\n  data: {site: Rome}\nh2:\n  platform: eos\n  password: x\n  groups: [none]\n  port: 99999\n",
			"groups.yaml":   "eu:\n  platform: junos\n  groups: [world]\nworld: {username: probe}\n",
			"defaults.yaml": "port: 2022\n",
		}, []string{"h1 juniper_junos 192.0.2.1 Rome eu,world probe :2022:0", `left 5 h2: there is no group "none" in groups.yaml`, "lost 5 h2: 99999 is no port", "1 secrets"}},
		"csv": {map[string]string{"list.csv": "\ufeffHostname;IP Address;Device Type;Location;Groups;Password;Rack\nr1;192.0.2.1/24;ios;\"Paris; north\";a|b;hunter2;7\nr1;192.0.2.2;ios;;;;\n;192.0.2.3;ios\nr4;999.1.1.1;ios\nr5;192.0.2.5\n"}, []string{
			"r1 cisco_ios 192.0.2.1 Paris; north a,b", "left 1 : the column \"Rack\" is not taken over", "lost 3 r1: the name stands there again; it is already on line 2",
			"192.0.2.3 cisco_ios", `lost 5 r4: the address "999.1.1.1" is neither an IP address nor a host name`, "lost 6 r5: nothing says which platform it is", "1 secrets",
		}},
		"ssh config": {map[string]string{"list.sshconfig": "User probe\nHost core1 core2\n  HostName %h.example.net\n  ProxyJump admin@bastion:2200\nHost bastion\n  HostName 192.0.2.100\nHost odd\n  ProxyCommand nc %h %p\nHost *\n  Port 2222\n"}, []string{
			"lost 7 odd: it is reached by a ProxyCommand; only ProxyJump is taken over",
			"lost 2 core1: nothing says which platform it is", "lost 2 core2: nothing says which platform it is",
			"jump bastion 192.0.2.100 admin 2200 ",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			folder := write(t, test.files)
			paths, _ := filepath.Glob(filepath.Join(folder, "list*"))
			l, err := ReadFile(paths[0], "")
			if err != nil {
				t.Fatal(err)
			}
			l.Settle(Options{Platforms: known})
			got, want := map[string]bool{}, map[string]bool{}
			for _, line := range lines(l) {
				got[line] = true
			}
			for _, line := range test.want {
				want[line] = true
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if len(l.Devices) > 0 {
				text, err := l.Inventory(time.Now())
				if err != nil {
					t.Fatal(err)
				}
				inv, err := inventory.Parse("new", text, known)
				if err != nil {
					t.Fatalf("%v in\n%s", err, text)
				}
				if len(inv.Devices) != len(l.Devices) || strings.Contains(string(text), "hunter2") {
					t.Errorf("%d devices in the inventory:\n%s", len(inv.Devices), text)
				}
			}
		})
	}
}

// TestOptions has --platform and --map at work.
func TestOptions(t *testing.T) {
	folder := write(t, map[string]string{"config": "Host core1\n  HostName 192.0.2.1\n", "t.csv": "name,os\na,C9K\nb,junos\n"})
	l, err := ReadFile(filepath.Join(folder, "config"), "")
	if err != nil {
		t.Fatal(err)
	}
	l.Settle(Options{Platforms: known, Platform: "ios"})
	if diff := cmp.Diff([]string{"core1 cisco_ios 192.0.2.1"}, lines(l)); diff != "" {
		t.Error(diff)
	}
	if l, err = ReadFile(filepath.Join(folder, "t.csv"), Table); err != nil {
		t.Fatal(err)
	}
	l.Settle(Options{Platforms: known, Map: map[string]string{"c9k": "ios"}})
	if diff := cmp.Diff([]string{"a cisco_ios", "b juniper_junos"}, lines(l)); diff != "" {
		t.Error(diff)
	}
}

func TestBadFiles(t *testing.T) {
	bomb := "a: &a {hosts: {x: {}, y: {}}}\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c {children: {p: *%c, q: *%c}}\n", c, c, c-1, c-1)
	}
	for name, test := range map[string]struct{ file, text, want string }{
		"empty":          {"x.csv", "", "EOF"},
		"no columns":     {"x.csv", "a,b\n1,2\n", "name the columns"},
		"unknown":        {"x.txt", "hello\n", "one of ansible-ini"},
		"a loop":         {"x.ini", "[a:children]\nb\n[b:children]\na\n[a]\nh\n", "below itself"},
		"huge range":     {"x.ini", "[a]\nh[1:999999999]\n", "no range"},
		"huge ranges":    {"x.ini", "[a]\nh[1:9999]-[1:9999]\n", "too many"},
		"open quotation": {"x.ini", "[a]\nh a='b\n", "line 2"},
		"bad section":    {"x.ini", "[a:hosts]\nh\n", "vars or children"},
		"alias bomb":     {"x.yml", bomb, ""},
		"not YAML":       {"x.yml", "a: [", "yaml"},
		"match exec":     {"config", "Match exec true\n  User x\n", "Match"},
		"short Nautobot": {"x.json", `{"results":[{"name":"a","platform":{"id":"1","url":"x"}}]}`, "depth=1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadFile(filepath.Join(write(t, map[string]string{test.file: test.text}), test.file), "")
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A netBoxServer answers like NetBox: pages, and the token in the header.
func netBoxServer(t *testing.T, token string, devices []map[string]any) *httptest.Server {
	t.Helper()
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != token {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		if r.URL.Path != "/api/dcim/devices/" || r.Method != http.MethodGet {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		var limit, offset int
		fmt.Sscan(r.URL.Query().Get("limit"), &limit)
		fmt.Sscan(r.URL.Query().Get("offset"), &offset)
		end := min(offset+limit, len(devices))
		page := map[string]any{"count": len(devices), "next": nil, "results": devices[offset:end]}
		if end < len(devices) {
			query := r.URL.Query()
			query.Set("offset", fmt.Sprint(end))
			page["next"] = server.URL + r.URL.Path + "?" + query.Encode()
		}
		if err := json.NewEncoder(w).Encode(page); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestFetch(t *testing.T) {
	var devices []map[string]any
	for i := range 7 {
		devices = append(devices, map[string]any{
			"id": i, "name": fmt.Sprintf("r%d", i), "platform": map[string]any{"id": 1, "name": "Cisco IOS", "slug": "ios"}, "site": map[string]any{"name": "Paris"}, "role": map[string]any{"name": "edge"},
			"status": map[string]any{"value": "active"}, "primary_ip": map[string]any{"id": 3, "address": fmt.Sprintf("192.0.2.%d/24", i+1)}, "tags": []any{map[string]any{"slug": "nightly"}},
		})
	}
	devices[1]["status"] = map[string]any{"value": "offline"}
	devices[2]["platform"] = nil
	devices[3]["name"] = nil
	devices[4]["primary_ip"] = nil
	devices[4]["virtual_chassis"] = map[string]any{"master": map[string]any{"name": "r0"}}
	devices[5]["platform"] = map[string]any{"id": 2, "name": "Juniper", "network_driver": "juniper_junos"} // Nautobot
	server := netBoxServer(t, "Token s3cret", devices)
	l, err := Fetch(context.Background(), server.URL+"/api/dcim/devices/?limit=2", "s3cret")
	if err != nil {
		t.Fatal(err)
	}
	l.Settle(Options{Platforms: known})
	want := []string{
		"r0 cisco_ios 192.0.2.1 Paris edge nightly", "r5 juniper_junos 192.0.2.6 Paris edge nightly", "r6 cisco_ios 192.0.2.7 Paris edge nightly",
		`left 0 r1: its status is "offline"`, "lost 0 3: it has no name", `left 0 r4: it is a member of the virtual chassis of "r0", through which it is visited`,
		"lost 0 r2: nothing says which platform it is",
	}
	if diff := cmp.Diff(want, lines(l)); diff != "" {
		t.Error(diff)
	}

	if _, err := Fetch(context.Background(), server.URL, "wrong-token"); err == nil || !strings.Contains(err.Error(), "403") || strings.Contains(err.Error(), "wrong-token") {
		t.Errorf("a wrong token: %v", err)
	}
	if l, err := Fetch(context.Background(), netBoxServer(t, "Bearer nbt_x", devices).URL, "nbt_x"); err != nil || len(l.Devices) == 0 {
		t.Errorf("a token of the second kind: %v", err)
	}
	if _, err := Fetch(context.Background(), "http://user:pass@192.0.2.1/", ""); err == nil || strings.Contains(err.Error(), "pass@") {
		t.Errorf("a password in the address: %v", err)
	}
}

// TestFetchHostile has servers that lead a client astray.
func TestFetchHostile(t *testing.T) {
	for name, test := range map[string]struct {
		reply func(w http.ResponseWriter, r *http.Request)
		want  string
	}{
		"another server": {func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, `{"count":9,"next":"http://198.51.100.1/api/dcim/devices/?offset=1","results":[{"name":"a"}]}`)
		}, "another server"},
		"no end": {func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"count":9,"next":%q,"results":[{"name":"a"}]}`, "http://"+r.Host+r.URL.String())
		}, "no last page"},
		"less than it counts": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"count":9,"results":[{"name":"a"}]}`) }, "counts 9"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://198.51.100.1/", http.StatusFound)
		}, "302"},
		"no JSON": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "not what NetBox sends"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(test.reply))
			defer server.Close()
			if _, err := Fetch(context.Background(), server.URL, "s3cret"); err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%v", err)
			}
		})
	}
}

// FuzzReaders holds every reader to never fail otherwise than by an error, and what it takes over to be an inventory.
func FuzzReaders(f *testing.F) {
	for i, text := range []string{"[a]\nh ansible_host=1.2.3.4 ansible_network_os=ios\n", "a:\n  hosts:\n    h: {ansible_network_os: ios}\n", "core1;cisco;up\n", "name,os\na,ios\n", "Host a\n HostName 192.0.2.1\n ProxyJump b\n", `{"results":[{"name":"a"}]}`, "h1: {platform: ios}\n"} {
		f.Add(i, []byte(text))
	}
	formats := Formats()
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		if strings.Contains(strings.ToLower(string(data)), "include") {
			t.Skip("reads files of this machine")
		}
		format := formats[uint(which)%uint(len(formats))]
		l := &List{Format: format, Source: filepath.Join(t.TempDir(), "list")}
		if readers[format](l, data) != nil {
			return
		}
		l.Settle(Options{Platforms: known, Platform: "ios"})
		if n := len(l.Devices); n == 0 || n > 1000 { // a range of names may stand for many
			return
		}
		text, err := l.Inventory(time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		inv, err := inventory.Parse("new", text, known)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if len(inv.Devices) != len(l.Devices) {
			t.Errorf("%d devices became %d", len(l.Devices), len(inv.Devices))
		}
	})
}
