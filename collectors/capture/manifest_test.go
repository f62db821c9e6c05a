package capture

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

func FuzzManifest(f *testing.F) {
	t := &Transcript{Platform: "cisco_ios", Device: "core1", Exchanges: []Exchange{
		{Command: "show version", Text: "Version 15.2(4)M6\r\n"},
		{Command: "dir flash:", Text: "..", Reason: facts.Timeout, Error: "no byte for 30s"},
	}}
	content, err := json.Marshal(t.manifest())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(`{"format":1,"nonce":"00000000000000000000000000000000","replies":null}`))
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`{"format":1}{}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, content []byte) {
		m, err := readManifest(content)
		if err != nil {
			return
		}
		for _, r := range m.Replies {
			if filepath.Base(r.File) != r.File || !filepath.IsLocal(r.File) || strings.ContainsAny(r.File, `/\:`) {
				t.Errorf("file %q leads out of the folder", r.File)
			}
		}
		again, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		same, err := readManifest(again)
		if err != nil {
			t.Fatalf("%v: what was read can't be read again: %s", err, again)
		}
		if diff := cmp.Diff(m, same); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFileName(t *testing.T) {
	long := "show software authenticity file bootflash:/.installer/" + strings.Repeat("x", 120)
	for command, want := range map[string]string{
		"show version":          "show_version",
		"dir /recursive flash:": "dir_recursive_flash",
		"verify /md5 flash:x.bin 00000000000000000000000000000000": "verify_md5_flash_x.bin_00000000000000000000000000000000",
		"show running-config | include ^boot":                      "show_running-config_include_boot",
		"more flash:/packages.conf":                                "more_flash_packages.conf",
		"../../etc/passwd":                                         "etc_passwd",
		".":                                                        "command",
		"":                                                         "command",
		"nul":                                                      "command_nul",
		"AUX.1":                                                    "command_AUX.1",
		"com1":                                                     "command_com1",
		"computer":                                                 "computer",
		"zeige é":                                                  "zeige",
		long:                                                       "show_software_authenticity_file_bootflash_.installer_" + strings.Repeat("x", 58) + "-",
	} {
		got := FileName(command)
		if command == long {
			got = got[:len(got)-8] // the digest's digits
		}
		if got != want {
			t.Errorf("FileName(%q) = %q, want %q", command, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("show version")
	f.Add("..")
	f.Add("_-_")
	f.Add("con.x y")
	f.Add(strings.Repeat("dir flash: ", 30))
	f.Fuzz(func(t *testing.T, command string) {
		name := FileName(command)
		if name == "" || len(name) > maxName || strings.HasPrefix(name, ".") || reserved(name) || !filepath.IsLocal(name+replyEnding) {
			t.Errorf("FileName(%q) = %q is no name for a file", command, name)
		}
		if again := FileName(name); again != name {
			t.Errorf("FileName(%q) = %q, whose own is %q", command, name, again)
		}
		taken := map[string]bool{}
		first, second := freeName(command, taken), freeName(command, taken)
		if strings.EqualFold(first, second) || !isReplyFile(first) || !isReplyFile(second) {
			t.Errorf("two replies to %q go to %q and %q", command, first, second)
		}
	})
}
