package compare

import (
	"testing"

	"pgregory.net/rapid"

	"trueboot/facts"
)

func TestPaths(t *testing.T) {
	stated := visited(t, `
show file systems | file system       | flash0:   | disk
show file systems | file system alias | flash:    | flash0:
file list         | file system       | /var      | directory
file list         | file system       | /var/tmp/ | directory
`, now)
	paths := newFileSystems(newVisit(stated))
	for _, test := range []struct{ path, canonical, system, directory string }{
		{"flash0:x.bin", "flash0:x.bin", "flash0:", "flash0:"},
		{"flash:/dir/x.bin", "flash0:dir/x.bin", "flash0:", "flash0:dir"},
		{"/flash:/x.bin", "flash0:x.bin", "flash0:", "flash0:"},                                            // IOS XR
		{"bootflash:///nxos.9.3.10.bin", "bootflash:nxos.9.3.10.bin", "bootflash:", "bootflash:"},          // NX-OS
		{"bootflash://sup-2/x.bin", "bootflash://sup-2/x.bin", "bootflash://sup-2/", "bootflash://sup-2/"}, // another processor's
		{"slot1#flash:/x.bin", "slot1#flash:x.bin", "slot1#flash:", "slot1#flash:"},                        // Comware
		{"FLASH:x.bin", "FLASH:x.bin", "FLASH:", "FLASH:"},                                                 // letters count
		{"flash:", "flash0:", "flash0:", ""},
		{"bootflash:/scripts/", "bootflash:scripts", "bootflash:", "bootflash:"}, // a directory of NX-OS
		{"bootflash://sup-2/a/b/", "bootflash://sup-2/a/b", "bootflash://sup-2/", "bootflash://sup-2/a"},
		{"bootflash://sup-2/", "bootflash://sup-2/", "bootflash://sup-2/", ""},
		{"bootflash://sup-2", "bootflash://sup-2/", "bootflash://sup-2/", ""},
		{"bootflash:///", "bootflash:", "bootflash:", ""},
		{"/var/tmp/", "/var/tmp", "/var/tmp", "/var"},
		{"/var/tmp/x", "/var/tmp/x", "/var/tmp", "/var/tmp"},
		{"/var/tmpx", "/var/tmpx", "/var", "/var"},
		{"/etc/x:y", "/etc/x:y", "/", "/etc"},
		{"/x", "/x", "/", "/"},
		{"/", "/", "/", ""},
		{"primary", "primary", "", ""},
		{"HD1.2", "HD1.2", "", ""},
		{"", "", "", ""},
		{":x", ":x", "", ""},
	} {
		canonical := paths.canonical(test.path)
		if canonical != test.canonical || paths.systemOf(canonical) != test.system || directoryOf(canonical) != test.directory {
			t.Errorf("%q is %q on %q in %q, not %q on %q in %q", test.path, canonical, paths.systemOf(canonical), directoryOf(canonical), test.canonical, test.system, test.directory)
		}
	}
	for _, remotely := range []string{"tftp://10.1.1.1/x", "TFTP:x", "scp://a@b/x", "https://a/x"} {
		if !remote(remotely) {
			t.Errorf("%s is not remote", remotely)
		}
	}
	for _, local := range []string{"flash:x", "/tftp/x", "tftpboot:x", "primary"} {
		if remote(local) {
			t.Errorf("%s is remote", local)
		}
	}
}

// TestAliasesOutrank holds that a device can't make its flash drive pass for its approved file system.
func TestAliasesOutrank(t *testing.T) {
	approved := newVisit(visited(t, "show file systems | file system | flash: | disk", seenAt))
	observed := newVisit(visited(t, "show file systems | file system alias | flash: | usbflash0:", now))
	if newFileSystems(approved, observed).same("flash:x", "usbflash0:x") {
		t.Error("what was approved as a file system of its own stands for another one now")
	}
	if !newFileSystems(observed).same("flash:x", "usbflash0:x") {
		t.Error("an alias counts for nothing where nothing is approved")
	}
}

func TestLocate(t *testing.T) {
	const listings = `
dir /recursive flash: | file       | flash:/a            | 1
dir /recursive flash: | file       | flash:/full         | 4096
dir /recursive flash: | file       | flash:/full/b       | 1
dir /recursive flash: | file       | flash:/empty        | 4096
dir disk1:            | file       | disk1:/a            | 1
dir disk1:            | file       | disk1:/full         | 4096
file list /var/tmp    | file       | /var/tmp/a          | 1
file list /var/tmp    | file       | /var/tmp/sub        | 4096
show images           | partition  | primary             | FL.10.10.1020
`
	gap := func(subject string, kinds ...facts.Kind) edit {
		return gapped(facts.Gap{Command: "x", Subject: subject, Reason: facts.ParseIncomplete, Kinds: kinds})
	}
	for _, test := range []struct {
		path  string
		edits []edit
		want  presence
	}{
		{path: "flash:a", want: present},
		{path: "flash:/full/b", want: present},
		{path: "flash:x", want: absent},
		{path: "flash:full/x", want: absent},
		{path: "flash:full/x/y", want: absent},
		{path: "flash:empty/x", want: absent}, // the listing goes to the bottom
		{path: "flash:gone/x", want: absent},
		{path: "disk1:x", want: absent},
		{path: "disk1:full/x", want: unknown}, // the listing does not
		{path: "disk1:gone/x", want: absent},
		{path: "slot0:a", want: unknown},
		{path: "/var/tmp/a", want: present},
		{path: "/var/tmp/x", want: absent},
		{path: "/var/tmp/sub/x", want: unknown},
		{path: "/var/log/x", want: unknown},
		{path: "/x", want: unknown},
		{path: "primary", want: present},
		{path: "secondary", want: absent},
		{path: "flash:", want: unknown},
		{path: "", want: absent}, // there is no partition of that name

		{path: "flash:x", edits: []edit{gap("flash:", facts.File)}, want: unknown},
		{path: "flash:x", edits: []edit{gap("flash:/", facts.File)}, want: unknown},
		{path: "flash:x", edits: []edit{gap("", facts.File)}, want: unknown},
		{path: "flash:x", edits: []edit{gap("")}, want: unknown},
		{path: "flash:x", edits: []edit{gap("disk1:", facts.File)}, want: absent},
		{path: "flash:x", edits: []edit{gap("flash:full", facts.File)}, want: absent},
		{path: "flash:full/x", edits: []edit{gap("flash:full", facts.File)}, want: unknown},
		{path: "flash:x", edits: []edit{gap("flash:", facts.ImageDigest)}, want: absent},
		{path: "flash:a", edits: []edit{gap("flash:", facts.File)}, want: present},
		{path: "/var/tmp/x", edits: []edit{gap("/var/tmp/", facts.File)}, want: unknown},
		{path: "secondary", edits: []edit{gap("", facts.Partition)}, want: unknown},
		{path: "secondary", edits: []edit{drop(facts.Partition, "*")}, want: unknown},
	} {
		v := newJudgement(Case{Observed: visited(t, listings, now, test.edits...)}).observed
		if _, got := v.locate(test.path); got != test.want {
			t.Errorf("%q after %d edits: %d, not %d", test.path, len(test.edits), got, test.want)
		}
	}
}

// TestPathsOfAnyText holds that spelling a path once is enough and that every way up ends.
func TestPathsOfAnyText(t *testing.T) {
	paths := fileSystems{aliases: map[string]string{"flash:": "flash0:", "a:": "b:"}, roots: []string{"/var/tmp", "/var"}}
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.StringMatching(`[/:a-c.#]{0,12}|flash:[/a]{0,6}|/var/tmp[/a]{0,4}|flash://[ab]/?[/a]{0,4}`).Draw(t, "path")
		canonical := paths.canonical(path)
		if again := paths.canonical(canonical); again != canonical {
			t.Fatalf("%q is spelled %q and then %q", path, canonical, again)
		}
		if canonical != "" && directoryOf(canonical) != "" && !within(canonical, directoryOf(canonical)) {
			t.Fatalf("%q does not lie within %q", canonical, directoryOf(canonical))
		}
		steps := 0
		for d := canonical; d != ""; d = directoryOf(d) {
			if steps++; steps > len(path)+2 {
				t.Fatalf("no way up from %q", path)
			}
		}
		if !paths.same(path, path) || paths.same(path, "x"+path) && path != "" {
			t.Fatalf("%q is not itself alone", path)
		}
	})
}

// TestGap holds which gap explains best why a fact is missing.
func TestGap(t *testing.T) {
	const kind = facts.File
	gap := func(command, subject string, reason facts.Reason, kinds ...facts.Kind) facts.Gap {
		return facts.Gap{Command: command, Subject: subject, Reason: reason, Kinds: kinds}
	}
	var (
		own       = gap("dir flash:", "flash:", facts.NoPrivilege, kind)
		elsewhere = gap("dir flash:", "flash:", facts.ParseIncomplete, facts.FreeSpace)
		whole     = gap("", "", facts.Unreachable)
		subject   = gap("dir /all flash:", "flash:", facts.UnsupportedCommand, kind)
		device    = gap("show flash", "", facts.Timeout, kind)
		none      = gap("", "", facts.PlatformHasNone, kind)
		nothing   = gap("dir {filesystem}", "", facts.NothingToAskFor, kind)
		other     = gap("dir nvram:", "nvram:", facts.SessionLost, kind)
		otherKind = gap("show version", "", facts.SessionLost, facts.Uptime)
	)
	// Each explains better than those behind it.
	order := []facts.Gap{own, whole, subject, device, elsewhere, none}
	for i, want := range order {
		for _, worse := range order[i+1:] {
			for _, gaps := range [][]facts.Gap{{want, worse, other, otherKind}, {otherKind, other, worse, want}} {
				v := newJudgement(Case{Observed: facts.Set{Gaps: gaps}}).observed
				if got, ok := v.gap(kind, "flash:x.bin", "dir flash:"); !ok || got.Reason != want.Reason {
					t.Errorf("%q is explained by %+v rather than %+v", gaps, got, want)
				}
			}
		}
	}
	for _, gaps := range [][]facts.Gap{nil, {other}, {otherKind}, {other, otherKind}} {
		if got, ok := newJudgement(Case{Observed: facts.Set{Gaps: gaps}}).observed.gap(kind, "flash:x.bin", "dir flash:"); ok {
			t.Errorf("%+v explains it", got)
		}
	}
	if got, _ := newJudgement(Case{Observed: facts.Set{Gaps: []facts.Gap{nothing, device}}}).observed.gap(kind, "flash:x.bin", ""); got.Reason != device.Reason {
		t.Errorf("that there is nothing to ask for explains more than %s", device.Reason)
	}
}
