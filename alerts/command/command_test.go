package command

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for typed, want := range map[string]Command{
		// What the queries that this began from miss or misread (passive.md, section 4.4).
		"no boot system":                                           {Line: "no boot system", Remove: true},
		"default boot sys":                                         {Line: "default boot system", Remove: true},
		"no boot system flash:a.bin":                               {Line: "no boot system flash:a.bin", Remove: true, Source: "flash:a.bin", File: "a.bin", Image: true},
		"boot system flash:packages.conf":                          {Line: "boot system flash:packages.conf", Source: "flash:packages.conf", File: "packages.conf", Image: true},
		"boot nxos bootflash:x.bin":                                {Line: "boot nxos bootflash:x.bin", Source: "bootflash:x.bin", File: "x.bin", Image: true},
		"startup system-software x.cc":                             {Line: "startup system-software x.cc", Source: "x.cc", File: "x.cc", Image: true},
		"boot-loader file flash:/A.ipe slot 1 main":                {Line: "boot-loader file flash:/a.ipe slot 1 main", Source: "flash:/A.ipe", File: "A.ipe", Image: true},
		"copy https://10.0.0.9/X.bin flash0:":                      {Line: "copy https://10.0.0.9/x.bin flash0:", Source: "https://10.0.0.9/X.bin", Destination: "flash0:", File: "X.bin", Server: "10.0.0.9", Direction: "in", Image: true},
		"copy /noconfirm tftp://a/b flash:":                        {Line: "copy tftp://a/b flash:", Source: "tftp://a/b", Destination: "flash:", File: "b", Server: "a", Direction: "in"},
		"copy running tftp:":                                       {Line: "copy running-config tftp:", Source: "running-config", Destination: "tftp:", Direction: "out"},
		"COPY tftp: flash:":                                        {Line: "copy tftp: flash:", Source: "tftp:", Destination: "flash:", Direction: "in"},
		"copy tftp flash":                                          {Line: "copy tftp: flash:", Source: "tftp:", Destination: "flash:", Direction: "in"},
		"copy usb0:x.bin flash:":                                   {Line: "copy usb0:x.bin flash:", Source: "usb0:x.bin", Destination: "flash:", File: "x.bin", Direction: "in", Image: true},
		"copy flash:a.bin tftp://h/a.bin":                          {Line: "copy flash:a.bin tftp://h/a.bin", Source: "flash:a.bin", Destination: "tftp://h/a.bin", File: "a.bin", Server: "h", Direction: "out", Image: true},
		"copy running-config startup-config":                       {Line: "copy running-config startup-config", Source: "running-config", Destination: "startup-config", Direction: "config"},
		"copy flash:a.bin flash:b.bin":                             {Line: "copy flash:a.bin flash:b.bin", Source: "flash:a.bin", Destination: "flash:b.bin", File: "a.bin", Direction: "local", Image: true},
		"request-package-add package-name=/var/tmp/j-18.4R1.8.tgz": {Line: "request-package-add package-name=/var/tmp/j-18.4r1.8.tgz", Source: "/var/tmp/j-18.4R1.8.tgz", File: "j-18.4R1.8.tgz", Image: true},

		// As people type it.
		"do cop /noconfirm t: f: | inc x": {Line: "copy tftp: flash:", Source: "tftp:", Destination: "flash:", Direction: "in"},
		"rel in 10":                       {Line: "reload in 10"},
		"rel canc <cr>":                   {Line: "reload cancel"},
		"wr er":                           {Line: "write erase"},
		"req sys soft rollb":              {Line: "request system software rollback"},
		"r":                               {Line: "r"},
		"":                                {},
		`show log messages | match "request system software"`: {Line: "show log messages"},
		"run bash":                    {Line: "run bash"},
		"no logging host 10.0.0.9":    {Line: "no logging host 10.0.0.9", Remove: true},
		"verify /md5 flash:x.bin":     {Line: "verify /md5 flash:x.bin", Source: "flash:x.bin", File: "x.bin", Image: true},
		"delete /force flash:old.bin": {Line: "delete flash:old.bin", Source: "flash:old.bin", File: "old.bin", Image: true},

		// Other vendors' ways of fetching.
		"archive download-sw /overwrite tftp://10.0.0.9/x.tar": {Line: "archive download-sw tftp://10.0.0.9/x.tar", Source: "tftp://10.0.0.9/x.tar", File: "x.tar", Server: "10.0.0.9", Direction: "in", Image: true},
		"request system software add scp://jo@h/junos-x-12.3X48-D10.tgz no-validate": {Line: "request system software add scp://jo@h/junos-x-12.3x48-d10.tgz no-validate", Source: "scp://jo@h/junos-x-12.3X48-D10.tgz",
			File: "junos-x-12.3X48-D10.tgz", Server: "h", Direction: "in", Image: true},
		"install source http://x:8080/EOS.swi now reload": {Line: "install source http://x:8080/eos.swi now reload", Source: "http://x:8080/EOS.swi", File: "EOS.swi", Server: "x", Direction: "in", Image: true},
		"execute restore image tftp FGT.out 10.0.0.9":     {Line: "execute restore image tftp fgt.out 10.0.0.9", Source: "FGT.out", File: "FGT.out", Server: "10.0.0.9", Direction: "in", Image: true},
		"scp import software from jo@h:/PanOS_220-10.2.4": {Line: "scp import software from jo@h:/panos_220-10.2.4", Source: "jo@h:/PanOS_220-10.2.4", File: "PanOS_220-10.2.4", Server: "h", Direction: "in", Image: true},
		"tftp 10.0.0.9 get a.cc":                          {Line: "tftp 10.0.0.9 get a.cc", Source: "a.cc", File: "a.cc", Server: "10.0.0.9", Direction: "in", Image: true},
		"scp jo@10.0.0.9:/x.tgz /var/tmp/":                {Line: "scp jo@10.0.0.9:/x.tgz /var/tmp/", Source: "jo@10.0.0.9:/x.tgz", Destination: "/var/tmp/", File: "x.tgz", Server: "10.0.0.9", Direction: "in", Image: true},
		"scp /var/tmp/x.tgz jo@10.0.0.9:/":                {Line: "scp /var/tmp/x.tgz jo@10.0.0.9:/", Source: "/var/tmp/x.tgz", Destination: "jo@10.0.0.9:/", File: "x.tgz", Server: "10.0.0.9", Direction: "out", Image: true},
	} {
		got := Parse("", typed)
		want.Hidden = strings.TrimSpace(typed)
		if got != want {
			t.Errorf("%q\n got %+v\nwant %+v", typed, got, want)
		}
	}
}

func TestSecretsAreHidden(t *testing.T) {
	for _, typed := range []string{
		"copy ftp://admin:hunter2@10.0.0.9/a.bin flash:", "username x password 0 hunter2", "enable secret hunter2", "snmp-server community hunter2 rw",
		"crypto isakmp key hunter2 address 10.0.0.1", "neighbor 10.0.0.1 password 7 hunter2",
	} {
		c := Parse("", typed)
		for what, text := range map[string]string{"line": c.Line, "command": c.Hidden, "source": c.Source, "destination": c.Destination} {
			if strings.Contains(text, "hunter2") {
				t.Errorf("%q: the %s holds %q", typed, what, text)
			}
		}
	}
}

func TestIsImage(t *testing.T) {
	for _, name := range []string{
		"c2900-universalk9-mz.SPA.152-4.M11.bin", "/srv/tftp/asr9k-mini-px.vm-6.0.2", "asr9k-mini-px-6.0.2", "vios-adventerprisek9-m", "EOS-4.28.9M.swi", "x.tar.gz", "packages.conf", "PanOS_220-10.2.4-h3", "A.CC", "junos.tgz", "initrd-image.gz",
	} {
		if !IsImage(name) {
			t.Errorf("%q is taken for no image", name)
		}
	}
	for _, name := range []string{"", "running-config.txt", "r1-confg", "startup.cfg", "flash:core/x.bin", "crashinfo_RP.bin", "log.gz", ".bin", "backup.json", "bin"} {
		if IsImage(name) {
			t.Errorf("%q is taken for an image", name)
		}
	}
}

// FuzzParse holds that what a command becomes stays in bounds, is spelled in small letters, and is the same again when it is parsed again.
func FuzzParse(f *testing.F) {
	f.Add("cisco_ios", "do cop /noconfirm t: f: | inc x")
	f.Add("0", strings.Repeat("\xca", 1387))
	f.Add("0", strings.Repeat("\u023a", 4000))
	f.Add("juniper_junos", "delete system image \"a b\"")
	f.Fuzz(func(t *testing.T, platform, typed string) {
		c := Parse(platform, typed)
		if len(c.Line) > longest+64*len(strings.Fields(typed)) {
			t.Errorf("%d bytes from %d", len(c.Line), len(typed))
		}
		if c.Line != strings.ToLower(c.Line) {
			t.Errorf("%q becomes %q", typed, c.Line)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		Parse("cisco_ios", "copy tftp://10.9.9.9/c2900-universalk9-mz.SPA.152-4.M11.bin flash0:")
	}
}
