package host

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readOsquery reads a line of osquery's results. A query's name is its author's choice; its columns tell which table it asked.
//
//	{"action":"added","columns":{"cmdline":"scp x.bin core1:flash:","path":"/usr/bin/scp","pid":"1","parent":"2","auid":"1000"},
//	"hostIdentifier":"mgmt1","name":"pack_x_process_events","unixTime":"1515431189"}
func readOsquery(text string, r *alerts.Record) bool {
	begin := strings.IndexByte(text, '{')
	if begin < 0 || !envelope.Header(text[:begin], r) {
		return false
	}
	o, err := envelope.Object(text[begin:])
	if err != nil {
		return false
	}
	host := o.Get("hostIdentifier")
	if host == "" {
		host = o.Get("host_identifier")
	}
	if host == "" || !o.Has("name") {
		return false
	}
	r.Kind, r.Format = alerts.Host, "osquery"
	firstHost(r, host)
	for _, name := range []string{"unixTime", "unix_time"} {
		if at, ok := epoch(o.Get(name)); ok {
			envelope.SetTime(r, at)
			break
		}
	}
	if at, err := time.Parse("Mon Jan _2 15:04:05 2006 MST", o.Get("calendarTime")); err == nil && r.Time.IsZero() {
		envelope.SetTime(r, at)
	}
	r.Fields.Add(alerts.Type, o.Get("name"))
	r.Fields.Add(alerts.Activity, o.Get("action"))
	if o.Get("action") == "removed" {
		// What is no longer there was told of when it came.
		return true
	}
	// A snapshot has all rows at once: the first is that of the record, and of the ports each is named.
	rows := "columns."
	if o.Get("action") == "snapshot" {
		rows = "snapshot."
	}
	get := func(name string) string { return o.Get(rows + name) }
	has := func(name string) bool { return o.Has(rows + name) }
	d := deed{user: get("username"), executable: get("path"), command: get("cmdline"), pid: get("pid"), process: get("name")}
	if d.user == "" {
		d.user = get("auid")
	}
	switch {
	case has("target_path"):
		// file_events
		d.file, d.executable = get("target_path"), get("executable")
		switch strings.ToUpper(get("action")) {
		case "CREATED", "MOVED_TO", "UPDATED":
			d.action = actCreate
		case "DELETED", "MOVED_FROM":
			d.action = actDelete
		}
		d.size = get("size")
		for _, name := range []string{"sha256", "sha1", "md5"} {
			first(&d.digest, digest(get(name)))
		}
	case has("remote_port") && has("local_port"):
		// socket_events, process_open_sockets
		d.server, d.port = get("remote_address"), get("remote_port")
		switch d.action = actConnect; get("action") {
		case "bind", "listen":
			d.action, d.server, d.port = actListen, "", get("local_port")
		case "accept":
			d.action, d.client, d.server, d.port = actListen, d.server, "", get("local_port")
		}
	case has("port") && has("address") && has("protocol"):
		// listening_ports
		d.action, d.port = actListen, get("port")
	case has("cmdline") && has("path"):
		// process_events, processes
		d.action, d.parent = actExec, get("parent_cmdline")
	default:
		return true
	}
	d.add(r)
	if rows == "snapshot." && d.action == actListen {
		for _, f := range o {
			if f.Name == "snapshot.port" && f.Value != d.port {
				r.Fields.Add(alerts.Port, f.Value)
			}
		}
	}
	return true
}
