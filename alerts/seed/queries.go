package seed

import (
	"regexp"
	"strconv"
	"time"
)

// A Leg is one table of query A with its filters, in order; all must hold.
type Leg struct {
	ID, Table string
	Filters   []condition
	Project   []string
}

var (
	imageKeywords = []string{"copy tftp", "copy ftp", "copy scp", "copy flash", "copy bootflash", "archive tar", "boot system flash", "boot system tftp", "verify /md5", "upgrade fpd", "install add file", "install activate",
		"request system software", "issu changeversion", "image upgrade"}
	localFacility = either{equals{"Facility", "local7"}, equals{"Facility", "local6"}}
)

// QueryA are the legs of "Modify System Image" (T1601).
var QueryA = []Leg{
	{"A-SYS", Syslog, []condition{
		either{equals{"Facility", "local7"}, equals{"Facility", "local6"}, hasAny{"SyslogMessage", []string{"FILESYS", "SYS-6-BOOTTIME", "SYS-5-RELOAD", "IMAGE", "INSTALL", "IOS_RESILIENCE"}}},
		hasAny{"SyslogMessage", []string{"copy", "upgrade", "install", "boot", "flash", "tftp", "verify", "archive"}},
	}, []string{"TimeGenerated", "Computer", "HostName", "HostIP", "SyslogMessage", "ProcessName", "Severity", "Facility"}},
	{"A-CEF", CommonSecurityLog, []condition{
		inFolded{"DeviceVendor", []string{"Cisco", "Juniper", "Palo Alto Networks", "Fortinet", "F5", "Arista", "HPE", "Huawei"}},
		either{hasAny{"Activity", []string{"image", "upgrade", "install", "copy", "boot", "firmware", "flash", "reload"}}, hasAny{"Message", imageKeywords}},
	}, []string{"TimeGenerated", "DeviceVendor", "DeviceProduct", "DeviceVersion", "Activity", "Message", "SourceIP", "DestinationIP", "DestinationPort", "SourceUserName", "ExternalID"}},
	{"A-NET", NetworkEvents, []condition{
		either{equals{"RemotePort", "69"}, hasOne{"InitiatingProcessCommandLine", "tftp"}},
		hasAny{"InitiatingProcessCommandLine", []string{".bin", ".img", ".tar", ".pkg", ".spa", ".vm", ".swx"}},
	}, []string{"TimeGenerated", "DeviceName", "InitiatingProcessCommandLine", "InitiatingProcessFileName", "RemoteIP", "RemotePort", "SuspiciousImageTransfer", "InitiatingProcessAccountName"}},
	{"A-PROC", ProcessEvents, []condition{
		either{hasAny{"ProcessCommandLine", []string{"copy tftp:", "copy scp:", "copy ftp:", "send-image", "tftpd", "cisco-image", "ios-image", "nxos", "junos-upgrade"}}, hasAny{"FileName", []string{"tftp", "tftpd", "tftpboot"}}},
	}, []string{"TimeGenerated", "DeviceName", "AccountName", "FileName", "ProcessCommandLine", "ParentProcessName"}},
}

// suspiciousTransfer is what A-NET adds to its rows.
var suspiciousTransfer = both{
	hasAny{"InitiatingProcessCommandLine", []string{"tftp", "scp", "ftp"}},
	hasAny{"InitiatingProcessCommandLine", []string{".bin", ".img", ".tar", ".pkg"}},
}

// severitiesA is the case of query A: the first that holds wins. Rows that are Low are dropped in the end.
var severitiesA = []struct {
	condition condition
	severity  string
}{
	{equals{"SuspiciousImageTransfer", "true"}, "High"},
	{hasAny{"SyslogMessage", []string{"SYS-5-RELOAD", "SYS-6-BOOTTIME", "IOS_RESILIENCE-3"}}, "High"},
	{either{hasAny{"Activity", []string{"firmware", "upgrade", "install"}}, hasAny{"Message", []string{"boot system", "install add"}}}, "Medium"},
}

// A ResultA is what query A makes of a row.
type ResultA struct {
	Leg      string
	Passed   int    // filters that held, in order
	Of       int    // filters of the leg
	Severity string // of a row that passed: "High", "Medium", "Low"; Low is dropped
}

// Alerts reports whether the row comes out of the query.
func (r ResultA) Alerts() bool { return r.Passed == r.Of && r.Severity != "Low" && r.Severity != "" }

// RunA puts a row to query A.
func RunA(r Row) (result ResultA) {
	for _, leg := range QueryA {
		if leg.Table != r[tableColumn] {
			continue
		}
		result.Leg, result.Of = leg.ID, len(leg.Filters)
		for _, f := range leg.Filters {
			if !f.holds(r) {
				return result
			}
			result.Passed++
		}
		// The union has the columns that a leg projects, and the others are empty.
		projected := Row{tableColumn: r[tableColumn]}
		for _, column := range leg.Project {
			projected[column] = r[column]
		}
		if leg.ID == "A-NET" {
			projected["SuspiciousImageTransfer"] = strconv.FormatBool(suspiciousTransfer.holds(r))
		}
		result.Severity = "Low"
		for _, s := range severitiesA {
			if s.condition.holds(projected) {
				result.Severity = s.severity
				break
			}
		}
		return result
	}
	return result
}

// lookBack is how old a row of query B may be.
const lookBack = 24 * time.Hour

var downgradeIndicators = []string{"copy tftp", "copy ftp", "copy scp", "copy http", "boot system flash", "boot system bootflash", "boot system tftp", "no boot system", "default boot system",
	"archive download", "install add", "install activate", "request system software", "request system reboot", "set system image"}

// QueryB are the filters of "Downgrade System Image" (T1601.002), in order; all must hold.
var QueryB = []condition{
	append(append(either{}, localFacility...), containsOne{"SyslogMessage", "SYS-"}, containsOne{"SyslogMessage", "CONFIG_I"}, containsOne{"SyslogMessage", "INSTALL"}),
	either{
		hasAny{"SyslogMessage", downgradeIndicators},
		both{hasOne{"SyslogMessage", "copy"}, hasAny{"SyslogMessage", []string{"flash:", "bootflash:", "disk0:", "nvram:"}}},
		both{hasOne{"SyslogMessage", "boot system"}, hasAny{"SyslogMessage", []string{".bin", ".ova", ".qcow2", ".vmdk"}}},
		both{hasOne{"SyslogMessage", "reload"}, hasAny{"SyslogMessage", []string{"in ", "at ", "cancel"}}},
		both{hasOne{"SyslogMessage", "install"}, hasAny{"SyslogMessage", []string{"older", "previous", "rollback", "downgrade"}}},
	},
}

// flagsB are the flags of query B and their points.
var flagsB = []struct {
	name      string
	condition condition
	points    int
}{
	{"IsImageTransfer", both{hasAny{"SyslogMessage", []string{"copy tftp", "copy ftp", "copy scp", "copy http"}}, hasAny{"SyslogMessage", []string{"flash:", "bootflash:", "disk0:"}}}, 3},
	{"IsBootChange", both{hasOne{"SyslogMessage", "boot system"}, hasAny{"SyslogMessage", []string{".bin", ".tar", ".pkg"}}}, 3},
	{"IsReloadScheduled", both{hasOne{"SyslogMessage", "reload"}, either{hasOne{"SyslogMessage", "in "}, hasOne{"SyslogMessage", "at "}}}, 1},
	{"IsInstallOp", hasAny{"SyslogMessage", []string{"install add", "install activate", "archive download", "request system software"}}, 2},
}

// parsedCommand is the pattern of query B's extract. KQL's engine is RE2, as Go's is; case counts in it.
var parsedCommand = regexp.MustCompile(`(copy\s+\S+\s+\S+|boot\s+system\s+.+|install\s+\S+\s+\S+|request\s+system\s+.+)`)

// A ResultB is what query B makes of a row.
type ResultB struct {
	Passed  int      // filters that held, in order
	Flags   []string // that are true
	Score   int
	Command string // ParsedCommand
}

// Alerts reports whether the row comes out of the query.
func (r ResultB) Alerts() bool { return r.Passed == len(QueryB) && r.Score > 0 }

// RunB puts a row to query B. A row of no time is not too old.
func RunB(r Row, at, now time.Time) (result ResultB) {
	if r[tableColumn] != Syslog || !at.IsZero() && !now.IsZero() && !at.After(now.Add(-lookBack)) {
		return result
	}
	for _, f := range QueryB {
		if !f.holds(r) {
			return result
		}
		result.Passed++
	}
	if m := parsedCommand.FindStringSubmatch(r["SyslogMessage"]); m != nil {
		result.Command = m[1]
	}
	for _, f := range flagsB {
		if f.condition.holds(r) {
			result.Flags = append(result.Flags, f.name)
			result.Score += f.points
		}
	}
	return result
}
