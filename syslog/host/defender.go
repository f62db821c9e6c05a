package host

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readDefender reads an event of Defender for Endpoint: a row of one of Sentinel's tables DeviceProcessEvents, DeviceNetworkEvents and
// DeviceFileEvents, of an export of Advanced Hunting, or of its stream, where the columns are below "properties". All columns are kept
// under their own names.
//
//	{"TimeGenerated":"…","Type":"DeviceProcessEvents","DeviceName":"mgmt1","ActionType":"ProcessCreated","FileName":"scp","ProcessCommandLine":"scp x.bin core1:flash:"}
//	{"time":"…","category":"AdvancedHunting-DeviceNetworkEvents","properties":{"Timestamp":"…","ActionType":"ConnectionSuccess","RemotePort":69}}
func readDefender(text string, r *alerts.Record) bool {
	begin := strings.IndexByte(text, '{')
	if begin < 0 || !envelope.Header(text[:begin], r) {
		return false
	}
	o, err := envelope.Object(text[begin:])
	if err != nil {
		return false
	}
	prefix := ""
	if o.Has("properties.ActionType") {
		prefix = "properties."
	}
	get := func(name string) string { return o.Get(prefix + name) }
	act := get("ActionType")
	table := o.Get("Type")
	if category, is := strings.CutPrefix(o.Get("category"), "AdvancedHunting-"); is {
		table = category
	}
	if !strings.HasPrefix(table, "Device") || !strings.HasSuffix(table, "Events") {
		switch {
		case strings.HasPrefix(act, "Process"), act == "OpenProcess":
			table = "DeviceProcessEvents"
		case strings.Contains(act, "Connection"), strings.HasPrefix(act, "Network"):
			table = "DeviceNetworkEvents"
		case strings.HasPrefix(act, "File"):
			table = "DeviceFileEvents"
		default:
			return false
		}
	}
	if !o.Has(prefix+"DeviceName") && !o.Has(prefix+"DeviceId") {
		return false
	}
	r.Kind, r.Format = alerts.Host, "defender"
	firstHost(r, get("DeviceName"))
	for _, name := range []string{"Timestamp", "TimeGenerated", "TimeGenerated [UTC]"} {
		if at, ok := rowTime(get(name)); ok {
			envelope.SetTime(r, at)
			break
		}
	}
	r.Fields = append(make(alerts.Fields, 0, len(o)+16), r.Fields...)
	r.Fields.Add(alerts.Type, table)
	r.Fields.Add(alerts.Activity, act)
	d := deed{
		user: get("InitiatingProcessAccountName"), executable: joined(get("InitiatingProcessFolderPath"), get("InitiatingProcessFileName")),
		command: get("InitiatingProcessCommandLine"), pid: get("InitiatingProcessId"), process: get("InitiatingProcessFileName"),
		parent: get("InitiatingProcessParentFileName"),
	}
	switch table {
	case "DeviceProcessEvents":
		d = deed{user: get("AccountName"), executable: joined(get("FolderPath"), get("FileName")), command: get("ProcessCommandLine"), pid: get("ProcessId"),
			process: get("FileName"), parent: get("InitiatingProcessCommandLine")}
		first(&d.user, get("InitiatingProcessAccountName"))
		first(&d.parent, get("InitiatingProcessFileName"))
		if d.action = actExec; act == "OpenProcess" {
			d.action = ""
		}
	case "DeviceNetworkEvents":
		d.action, d.server, d.port = actConnect, get("RemoteIP"), get("RemotePort")
		if act == "ListeningConnectionCreated" || strings.HasPrefix(act, "Inbound") {
			d.action, d.client, d.server, d.port = actListen, d.server, "", get("LocalPort")
		}
		if strings.HasSuffix(act, "Failed") {
			d.result = "failure"
		}
		r.Fields.Add("local_port", get("LocalPort"))
		r.Fields.Add("protocol", strings.ToLower(get("Protocol")))
	case "DeviceFileEvents":
		d.file, d.size = joined(get("FolderPath"), get("FileName")), get("FileSize")
		if d.action = actCreate; act == "FileDeleted" {
			d.action = actDelete
		}
	}
	for _, name := range []string{"SHA256", "SHA1", "MD5"} {
		if table != "DeviceNetworkEvents" {
			first(&d.digest, digest(get(name)))
		}
	}
	d.add(r)
	for _, f := range o {
		if name, is := strings.CutPrefix(f.Name, prefix); is {
			r.Fields.Add(Column+strings.TrimSuffix(name, " [UTC]"), f.Value)
		}
	}
	put(&r.Fields, Column+"Type", table)
	return true
}

// joined is a path whose last part is the name. The folder of a process has the name already, that of some exports not.
func joined(folder, name string) string {
	if folder == "" || name == "" || strings.HasSuffix(strings.ToLower(folder), strings.ToLower(name)) {
		if folder == "" {
			return name
		}
		return folder
	}
	separator := "/"
	if strings.Contains(folder, `\`) {
		separator = `\`
	}
	return strings.TrimSuffix(folder, separator) + separator + name
}

// rowTime reads a time as the tables are exported.
func rowTime(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "1/2/2006, 3:04:05.999 PM", "2006-01-02 15:04:05.999", "Jan 2, 2006 3:04:05 PM"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
