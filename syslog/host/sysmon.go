package host

import (
	"html"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readSysmon reads Sysmon's events in XML, as Sysmon for Linux writes them to syslog and Windows to a file.
//
//	sysmon: <Event><System><Provider Name="Linux-Sysmon" …/><EventID>1</EventID>…<TimeCreated SystemTime="2021-10-24T17:05:38.412320000Z"/>…
//	<Computer>mgmt1</Computer>…</System><EventData><Data Name="Image">/usr/bin/scp</Data>…</EventData></Event>
func readSysmon(text string, r *alerts.Record) bool {
	begin := strings.Index(text, "<Event")
	if begin >= 0 && !envelope.Header(text[:begin], r) && r.Fields.Get(alerts.Process) != "sysmon" {
		return false
	}
	if begin < 0 || !strings.Contains(text[begin:], "Sysmon") {
		// Its other lines are about itself.
		process := r.Fields.Get(alerts.Process)
		tag := strings.Index(text, "sysmon[")
		if process != "sysmon" && (tag < 0 || tag > 0 && text[tag-1] != ' ' || strings.Contains(text[:tag], ": ")) || begin >= 0 {
			return false
		}
		r.Kind, r.Format = alerts.Host, "sysmon"
		if !r.Fields.Has(alerts.Message) {
			message := text
			if tag >= 0 {
				_, message, _ = strings.Cut(text[tag:], ": ")
			}
			r.Fields.Add(alerts.Message, message)
		}
		return true
	}
	text = text[begin:]
	id := element(text, "EventID")
	if !number(id) {
		return false
	}
	r.Kind, r.Format = alerts.Host, "sysmon"
	r.Fields.Add(alerts.EventID, id)
	firstHost(r, element(text, "Computer"))
	if at, err := time.Parse(time.RFC3339Nano, attribute(text, "<TimeCreated", "SystemTime")); err == nil {
		envelope.SetTime(r, at)
	}
	data := eventData(text)
	get := func(name string) string {
		if v := data.Get(name); v != "-" && v != "(null)" && v != "<unknown process>" {
			return v
		}
		return ""
	}
	d := deed{user: get("User"), executable: get("Image"), pid: get("ProcessId")}
	for _, hash := range strings.Split(get("Hashes"), ",") {
		_, value, _ := strings.Cut(hash, "=")
		if have := digest(value); len(have) > len(d.digest) {
			d.digest = have
		}
	}
	switch id {
	case "1":
		d.action, d.command = actExec, get("CommandLine")
		first(&d.parent, get("ParentCommandLine"))
		first(&d.parent, get("ParentImage"))
	case "3":
		d.action, d.server, d.port, d.client = actConnect, get("DestinationIp"), get("DestinationPort"), get("SourceIp")
		if get("Initiated") == "false" {
			// Somebody came to a port of this host.
			d.action, d.server = actListen, ""
		}
		r.Fields.Add("protocol", get("Protocol"))
	case "11":
		d.action, d.file = actCreate, get("TargetFilename")
	case "23", "26":
		d.action, d.file = actDelete, get("TargetFilename")
	}
	d.add(r)
	return true
}

// element is the text of the first element of a name.
func element(text, name string) string {
	at := strings.Index(text, "<"+name)
	if at < 0 {
		return ""
	}
	text = text[at+1+len(name):]
	_, text, found := strings.Cut(text, ">")
	value, _, closed := strings.Cut(text, "</"+name+">")
	if !found || !closed || strings.Contains(value, "<") {
		return ""
	}
	return html.UnescapeString(value)
}

// attribute is an attribute of the first element that begins like that.
func attribute(text, begin, name string) string {
	at := strings.Index(text, begin)
	if at < 0 {
		return ""
	}
	text, _, _ = strings.Cut(text[at:], ">")
	_, text, found := strings.Cut(text, name+"=")
	if !found || len(text) < 2 {
		return ""
	}
	value, _, _ := strings.Cut(text[1:], text[:1])
	return value
}

// eventData are the named data of an event.
func eventData(text string) (all alerts.Fields) {
	for range 256 {
		at := strings.Index(text, "<Data Name=")
		if at < 0 || len(text) < at+len("<Data Name=")+2 {
			break
		}
		text = text[at+len("<Data Name="):]
		name, rest, found := strings.Cut(text[1:], text[:1]+">")
		value, after, closed := strings.Cut(rest, "</Data>")
		if !found || !closed {
			break
		}
		all = append(all, alerts.Field{Name: name, Value: html.UnescapeString(value)})
		text = after
	}
	return all
}
