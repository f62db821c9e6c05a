package seed

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trueboot/alerts"
	"trueboot/syslog"
)

// TestHas goes through the needles of passive.md, section 1: what each matches, and what it does not.
func TestHas(t *testing.T) {
	for _, test := range []struct {
		needle  string
		matches []string
		not     []string
	}{
		{"copy tftp", []string{"copy tftp://10.0.0.9/a.bin flash:", "COPY TFTP: x"}, []string{"copy  tftp", "copy /noconfirm tftp:", "copytftp"}},
		{"boot", []string{"boot system", "%BOOT-5-OPMODE_LOG", "during boot."}, []string{"reboot", "BOOTTIME", "bootflash", "rebooted"}},
		{"upgrade", []string{"FPD-NEED-UPGRADE", "upgrade fpd", "pre-upgrade"}, []string{"upgraded", "upgrading", "UPGRADES"}},
		{"install", []string{"install_mgr:", "install add", "INSTALL-5-X"}, []string{"installed", "installing", "INSTMGR"}},
		{"install add", []string{"install add file x", "install add_activate_commit"}, []string{"install one-shot", "install source", "install all nxos"}},
		{"IMAGE", []string{"fman_fp_image", "linux_iosd_image", "IMAGE_RESIL_ACTIVE"}, []string{"/images/", "imghdr"}},
		{"copy", []string{"copy tftp", "core_copy:", "- copy corefiles"}, []string{"Copying", "copied"}},
		{"flash:", []string{"flash:a.bin", "(flash:"}, []string{"flash0:", "usbflash0:", "bootflash:"}},
		{"bootflash:", []string{"bootflash:a", "sup-bootflash:a", "stby-bootflash:"}, []string{"bootdisk:"}},
		{".bin", []string{"c2900.bin", "x.SPA.bin,"}, []string{"x.bin2", ".binary"}},
		{"in ", []string{"reload in 10", "take place in order to"}, []string{"within 5", "reload in"}},
		{"tftp", []string{"tftp://", "copy tftp:"}, []string{"tftpd", "in.tftpd", "atftpd", "tftpd64.exe"}},
		{"SYS-5-RELOAD", []string{"%SYS-5-RELOAD:"}, []string{"%SYS-5-SCHEDULED_RELOAD", "%SYS-SW1-5-RELOAD"}},
	} {
		for _, text := range test.matches {
			if !Has(text, test.needle) {
				t.Errorf("%q has no %q", text, test.needle)
			}
		}
		for _, text := range test.not {
			if Has(text, test.needle) {
				t.Errorf("%q has %q", text, test.needle)
			}
		}
	}
	if Has("", "a") || Has("a", "") {
		t.Error("an empty text has something, or a text has nothing")
	}
	if !(equals{"F", "local7"}).holds(Row{"F": "local7"}) || (equals{"F", "local7"}).holds(Row{"F": "LOCAL7"}) || (equals{"F", "local7"}).holds(Row{"F": "23"}) {
		t.Error("== is not what it is")
	}
	if v := (inFolded{"V", []string{"HPE"}}); !v.holds(Row{"V": "hpe"}) || v.holds(Row{"V": "Aruba Networks"}) {
		t.Error("in~ is not what it is")
	}
	if !Contains("xSYS-y", "sys-") || Contains("SYS", "SYS-") {
		t.Error("contains is not what it is")
	}
}

// TestHasIsAPattern holds Has against a pattern that says the same.
func TestHasIsAPattern(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]rune("aB1 -_.:"))
		text, needle := rapid.StringOfN(letters, 0, 20, -1).Draw(t, "text"), rapid.StringOfN(letters, 1, 4, -1).Draw(t, "needle")
		pattern := regexp.QuoteMeta(needle)
		if alphanumeric(needle[0]) {
			pattern = `(?:^|[^a-zA-Z0-9])` + pattern
		}
		if alphanumeric(needle[len(needle)-1]) {
			pattern += `(?:$|[^a-zA-Z0-9])`
		}
		if want := regexp.MustCompile("(?i)" + pattern).MatchString(text); Has(text, needle) != want {
			t.Fatalf("%q has %q: %v", text, needle, !want)
		}
	})
}

func syslogRow(facility, message string) Row {
	return Row{tableColumn: Syslog, "Facility": facility, "SyslogMessage": message, "Computer": "relay1"}
}

// TestQueryA reproduces what query A does with the rows of passive.md, sections 4.1 to 4.3.
func TestQueryA(t *testing.T) {
	for name, test := range map[string]struct {
		row      Row
		passed   int
		severity string
		alerts   bool
	}{
		"a reload never passes":                {syslogRow("local7", "%SYS-5-RELOAD: Reload requested by admin on vty0. Reload Reason: Reload Command."), 1, "", false},
		"a reload passes by its reason":        {syslogRow("local7", "%SYS-5-RELOAD: Reload requested. Reload Reason: Image Install"), 2, "High", true},
		"BOOTTIME never passes":                {syslogRow("local7", "%SYS-6-BOOTTIME: Time taken to reboot after reload =  365 seconds"), 1, "", false},
		"resilience has severity 5":            {syslogRow("local7", "%IOS_RESILIENCE-5-IMAGE_RESIL_ACTIVE: Successfully secured boot image"), 2, "Low", false},
		"a boot command is Low, hence dropped": {syslogRow("local7", "%PARSER-5-CFGLOG_LOGGEDCMD: User:a  logged command:boot system flash:x.bin"), 2, "Low", false},
		"an install add is Low, hence dropped": {syslogRow("local7", "%INSTALL-5-INSTALL_START_INFO: Started install add flash:x.bin"), 2, "Low", false},
		"another facility":                     {syslogRow("local4", "boot system disk0:/asa.bin"), 0, "", false},
		"another facility and a word":          {syslogRow("local4", "%INSTALL-5-X: install"), 2, "Low", false},
		"a word that means something else":     {syslogRow("local4", "%X-6-Y: fman_fp_image: copy"), 2, "Low", false},
		"processes never alert":                {Row{tableColumn: ProcessEvents, "ProcessCommandLine": "in.tftpd copy tftp: nxos", "FileName": "in.tftpd"}, 1, "Low", false},
		"a TFTP client with an image":          {Row{tableColumn: NetworkEvents, "RemotePort": "69", "InitiatingProcessCommandLine": "tftp -g -r a.bin 10.0.0.9"}, 2, "High", true},
		"an extension that is not suspicious":  {Row{tableColumn: NetworkEvents, "RemotePort": "69", "InitiatingProcessCommandLine": "tftp get a.spa"}, 2, "Low", false},
		"a TFTP server has another port":       {Row{tableColumn: NetworkEvents, "RemotePort": "50123", "InitiatingProcessCommandLine": "in.tftpd --listen a.bin"}, 0, "", false},
		"tftp as a term misses tftpd":          {Row{tableColumn: NetworkEvents, "RemotePort": "50123", "InitiatingProcessCommandLine": "tftpd64.exe a.bin"}, 0, "", false},
		"CEF that speaks of an image":          {Row{tableColumn: CommonSecurityLog, "DeviceVendor": "cisco", "Activity": "image copied"}, 2, "Low", false},
		"CEF that speaks of firmware":          {Row{tableColumn: CommonSecurityLog, "DeviceVendor": "Fortinet", "Activity": "firmware upgrade"}, 2, "Medium", true},
		"CEF that holds boot system":           {Row{tableColumn: CommonSecurityLog, "DeviceVendor": "Cisco", "Activity": "x", "Message": "boot system flash"}, 2, "Medium", true},
		"a vendor that is not on the list":     {Row{tableColumn: CommonSecurityLog, "DeviceVendor": "Aruba Networks", "Activity": "firmware upgrade"}, 0, "", false},
		"PAN-DB was upgraded":                  {Row{tableColumn: CommonSecurityLog, "DeviceVendor": "Palo Alto Networks", "Activity": "upgrade"}, 2, "Medium", true},
	} {
		got := RunA(test.row)
		if got.Passed != test.passed || got.Severity != test.severity || got.Alerts() != test.alerts {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestQueryB reproduces what query B does with the rows of passive.md, section 4.4.
func TestQueryB(t *testing.T) {
	for message, want := range map[string]struct {
		passed, score int
		command       string
	}{
		"cmd=no boot system":                    {2, 0, ""},
		"cmd=default boot system":               {2, 0, ""},
		"cmd=boot system flash:packages.conf":   {2, 0, "boot system flash:packages.conf"},
		"cmd=boot nxos bootflash:x.bin":         {1, 0, ""},
		"cmd=copy https://a/b.bin flash:":       {2, 0, "copy https://a/b.bin flash:"},
		"cmd=copy /noconfirm tftp://a/b flash:": {2, 0, "copy /noconfirm tftp://a/b"},
		"cmd=copy tftp://a/b flash0:":           {2, 0, "copy tftp://a/b flash0:"},
		"cmd=copy tftp: flash:":                 {2, 3, "copy tftp: flash:"},
		"cmd=copy tftp flash":                   {2, 0, "copy tftp flash"},
		"COPY tftp: flash:":                     {2, 3, ""},
		"cmd=install all nxos bootflash:x.bin":  {1, 0, ""},
		"cmd=install add file flash:x.bin":      {2, 2, "install add file"},
		"cmd=request system software rollback":  {2, 2, "request system software rollback"},
		"cmd=request system reboot":             {2, 0, "request system reboot"},
		"cmd=set system image primary":          {2, 0, ""},
		"cmd=install rollback to base":          {2, 0, "install rollback to"},
		"%SYS-5-RELOAD: Reload requested by console. Reload Reason: Reload Command.":                                           {1, 0, ""},
		"%SYS-5-SCHEDULED_RELOAD: Reload requested for 18:13:42 UTC at 18:03:42 UTC by console.":                               {2, 1, ""},
		"%SYS-5-SCHEDULED_RELOAD_CANCELLED:  Scheduled reload cancelled at 18:03:50 UTC":                                       {2, 1, ""},
		"%INSTALL-2-SYSTEM_RELOAD: As part of an install operation, a full system reload will take place in order to activate": {2, 1, "install operation, a"},
		"CmdSet=[ CmdAV=copy CmdArgAV=tftp://10.0.0.9/a.bin CmdArgAV=flash: CmdArgAV=<cr> ]":                                   {2, 0, "copy CmdArgAV=tftp://10.0.0.9/a.bin CmdArgAV=flash:"},
		"cmd=no boot system flash:a.bin":                                  {2, 3, "boot system flash:a.bin"},
		"limited space - copy corefiles/switch-reports out of flash:core": {2, 0, "copy corefiles/switch-reports out"},
		"cmd=boot system flash:a.bin reload in 5 install add":             {2, 6, "boot system flash:a.bin reload in 5 install add"},
	} {
		got := RunB(syslogRow("local7", message), time.Time{}, time.Time{})
		if got.Passed != want.passed || got.Score != want.score || got.Command != want.command {
			t.Errorf("%q: %+v, not %+v", message, got, want)
		}
	}
	if got := RunB(syslogRow("local4", "executed 'boot system disk0:/asa.bin'"), time.Time{}, time.Time{}); got.Passed != 0 {
		t.Errorf("another facility: %+v", got)
	}
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for hours, want := range map[int]int{1: 2, 23: 2, 24: 0, 100: 0} {
		if got := RunB(syslogRow("local7", "copy tftp: flash:"), now.Add(-time.Duration(hours)*time.Hour), now); got.Passed != want {
			t.Errorf("%d hours ago: %+v", hours, got)
		}
	}
}

// TestProject holds that the DeviceVendor that A-SYS computes is not kept, as it is written: a column that no leg projects is empty in the union.
func TestProject(t *testing.T) {
	for _, leg := range QueryA {
		if leg.Table == Syslog && slices.Contains(leg.Project, "DeviceVendor") {
			t.Error("A-SYS keeps DeviceVendor")
		}
	}
}

func TestJudge(t *testing.T) {
	record := func(kind alerts.SourceKind, fields ...string) *alerts.Record {
		r := &alerts.Record{Kind: kind, Origin: alerts.Origin{Source: "log", Line: 3}}
		for _, f := range fields {
			name, value, _ := strings.Cut(f, "=")
			r.Fields.Add(name, value)
		}
		return r
	}
	line := record(alerts.Syslog, "syslog_facility=local7")
	line.Raw = "cmd=copy tftp: flash: and install add"
	for name, test := range map[string]struct {
		r    *alerts.Record
		want []string
	}{
		"syslog":          {line, []string{"seed-B critical 5"}},
		"CEF":             {record(alerts.CEF, "vendor=Fortinet", "activity=firmware upgrade"), []string{"seed-A medium 0"}},
		"a network event": {record(alerts.Host, "col.RemotePort=69", "col.InitiatingProcessCommandLine=tftp -g a.bin"), []string{"seed-A high 0"}},
		"a process":       {record(alerts.Host, "command=in.tftpd", "executable=/usr/sbin/in.tftpd"), nil},
		"nothing":         {record(alerts.Syslog), nil},
	} {
		var got []string
		for _, a := range Judge(test.r, time.Time{}) {
			got = append(got, strings.TrimSpace(a.Chain+" "+string(a.Severity)+" "+string(rune('0'+a.Score))))
			if a.Lines[0].Source != "log" || a.Lines[0].Line != 3 || a.ID == "" || len(a.Why) == 0 {
				t.Errorf("%s: %+v", name, a)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestMeasured runs both queries over the real lines of network devices, as passive.md, section 5, did: query A raises no alert, and query B scores
// three lines, none of which is relevant.
func TestMeasured(t *testing.T) {
	root := "../../../shared/logs"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the real logs are not here: ", err)
	}
	lines, passedA, alertsA, passedB, alertsB := 0, 0, 0, 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".log" {
			return err
		}
		name, _ := filepath.Rel(root, path)
		switch folder, _, _ := strings.Cut(filepath.ToSlash(name), "/"); {
		case folder == "host", folder == "network_sensor", folder == "lab", strings.HasPrefix(filepath.Base(path), "quoted__"):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			lines++
			r := syslog.Parse(strings.TrimRight(line, "\n"), alerts.Record{Received: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)})
			row := RowOf(&r)
			a, b := RunA(row), RunB(row, time.Time{}, time.Time{})
			if a.Of > 0 && a.Passed == a.Of {
				passedA++
			}
			if a.Alerts() {
				alertsA++
				t.Logf("A: %.200s", line)
			}
			if b.Passed == len(QueryB) {
				passedB++
			}
			if b.Alerts() {
				alertsB++
				t.Logf("B: %d %.200s", b.Score, line)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d lines: A passes %d and raises %d; B passes %d and scores %d", lines, passedA, alertsA, passedB, alertsB)
	if passedA != 45 || alertsA != 0 || passedB != 7 || alertsB != 3 {
		t.Errorf("A passes %d and raises %d, B passes %d and scores %d, where 45, 0, 7 and 3 were measured", passedA, alertsA, passedB, alertsB)
	}
}
