package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"trueboot/alerts"
)

// facilityOf is the facility that a vendor's devices log with unless somebody set another (passive.md, section 4.7): it stands in where a line has no PRI.
func facilityOf(r *alerts.Record) string {
	switch r.Platform {
	case "cisco_asa", "arista_eos":
		return "local4"
	case "f5_tmos":
		return "local0"
	case "paloalto_panos":
		return "user"
	case "juniper_junos":
		switch r.Fields.Get(alerts.Name) {
		case "UI_CMDLINE_READ_LINE", "UI_NETCONF_CMD", "UI_JUNOSCRIPT_CMD":
			return "local7" // interactive-commands
		case "UI_COMMIT", "UI_LOAD_EVENT", "UI_CFG_AUDIT_SET":
			return "local6" // change-log
		}
		return "daemon"
	case "cisco_ios", "cisco_nxos", "cisco_iosxr", "huawei_vrp", "fortinet_fortios":
		return "local7"
	}
	if r.Format == "cisco" || r.Format == "comware" {
		return "local7"
	}
	return ""
}

// column is the prefix of the fields that a row of an exported table has under its own names.
const column = "col."

// RowOf makes the row that a record would be in the tables: its own columns where it comes from an exported table, and else those that a forwarder and a connector
// would fill.
func RowOf(r *alerts.Record) Row {
	row := Row{}
	for _, f := range r.Fields {
		if name, ok := strings.CutPrefix(f.Name, column); ok {
			row[name] = f.Value
		}
	}
	host := ""
	if len(r.Hosts) > 0 {
		host = r.Hosts[0]
	}
	set := func(name, value string) {
		if row[name] == "" && value != "" {
			row[name] = value
		}
	}
	switch {
	case r.Kind == alerts.CEF || row["DeviceVendor"] != "" || strings.HasPrefix(r.Format, "cef"):
		row[tableColumn] = CommonSecurityLog
		set("DeviceVendor", r.Fields.Get(alerts.Vendor))
		set("DeviceProduct", r.Fields.Get(alerts.Product))
		set("Activity", r.Fields.Get(alerts.Activity))
		set("Message", first(r.Fields.Get("cef.msg"), r.Fields.Get(alerts.Message)))
		set("SourceUserName", r.Fields.Get(alerts.User))
		set("ExternalID", r.Fields.Get("cef.externalId"))
	case r.Kind == alerts.Host && (row["RemotePort"] != "" || row["InitiatingProcessCommandLine"] != "" && row["ProcessCommandLine"] == ""):
		row[tableColumn] = NetworkEvents
		set("InitiatingProcessCommandLine", r.Fields.Get(alerts.Command))
	case r.Kind == alerts.Host:
		row[tableColumn] = ProcessEvents
		set("ProcessCommandLine", r.Fields.Get(alerts.Command))
		executable := r.Fields.Get(alerts.Executable)
		set("FileName", executable[strings.LastIndexAny(executable, `/\`)+1:])
		set("AccountName", r.Fields.Get(alerts.User))
		set("DeviceName", host)
	default:
		row[tableColumn] = Syslog
		set("Facility", first(r.Fields.Get(alerts.SyslogFacility), facilityOf(r)))
		set("Computer", host)
		set("HostName", host)
		set("ProcessName", r.Fields.Get(alerts.Process))
		set("SyslogMessage", r.Raw)
	}
	return row
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// severities are the names of query A, as alerts have them; and of query B's score, whose names are ours: the query gives none.
func severityA(s string) alerts.Severity {
	if s == "High" {
		return alerts.SeverityHigh
	}
	return alerts.SeverityMedium
}

func severityB(score int) alerts.Severity {
	switch {
	case score >= 5:
		return alerts.SeverityCritical
	case score >= 3:
		return alerts.SeverityHigh
	case score == 2:
		return alerts.SeverityMedium
	}
	return alerts.SeverityLow
}

// Judge puts a record to both queries, and returns the alerts that come out of them: none, one or two. Now is when query B looks back from; the zero time
// looks back for ever.
func Judge(r *alerts.Record, now time.Time) []alerts.Alert {
	row := RowOf(r)
	var all []alerts.Alert
	base := alerts.Alert{Time: r.When(), Device: first(row["Computer"], row["DeviceName"]), User: first(row["SourceUserName"], row["AccountName"]), Lines: []alerts.LineRef{{
		Source: r.Origin.Source, Line: r.Origin.Line, Time: r.When(), Text: clean(first(first(row["SyslogMessage"], row["Message"]), first(row["ProcessCommandLine"], row["InitiatingProcessCommandLine"]))),
	}}}
	if a := RunA(row); a.Alerts() {
		alert := base
		alert.Chain, alert.Title, alert.Attack, alert.Severity = "seed-A", "Modify System Image, as the query is written", []string{"T1601"}, severityA(a.Severity)
		alert.Why = []alerts.Why{{Reason: fmt.Sprintf("leg %s, AlertSeverity %s", a.Leg, a.Severity)}}
		all = append(all, alert)
	}
	if b := RunB(row, r.Time, now); b.Alerts() {
		alert := base
		alert.Chain, alert.Title, alert.Attack, alert.Severity = "seed-B", "Downgrade System Image, as the query is written", []string{"T1601.002"}, severityB(b.Score)
		alert.Score, alert.SeedScore = b.Score, b.Score
		for _, f := range flagsB {
			for _, name := range b.Flags {
				if f.name == name {
					alert.Why = append(alert.Why, alerts.Why{Points: f.points, Reason: name})
				}
			}
		}
		if b.Command != "" {
			alert.Why = append(alert.Why, alerts.Why{Reason: "ParsedCommand " + clean(b.Command)})
		}
		all = append(all, alert)
	}
	for i := range all {
		sum := sha256.Sum256([]byte(fmt.Sprint(all[i].Chain, "\x00", r.Origin.Source, "\x00", r.Origin.Line, "\x00", r.Raw)))
		all[i].ID = hex.EncodeToString(sum[:6])
	}
	return all
}

// clean bounds a text and takes out what a terminal would obey.
func clean(text string) string {
	const most = 400
	if len(text) > most {
		text = text[:most]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
}
