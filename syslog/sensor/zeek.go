package sensor

import (
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
)

// readZeek reads Zeek's logs in JSON. A line says which log it is of only if its writer was told to say so; else its keys do.
//
//	{"ts":1617062390.667048,"uid":"CGUiHy4","id.orig_h":"10.0.0.1","id.orig_p":41407,"id.resp_h":"10.0.0.9","id.resp_p":69,"wrq":false,"fname":"x.bin","mode":"octet"}
func readZeek(text string, r *alerts.Record) bool {
	o, ok := object(text, r)
	if !ok || !o.Has("ts") || o.Has("facility") && o.Has("message") {
		return false
	}
	path := zeekPath(o)
	if path == "" {
		return false
	}
	begin(r, "zeek", path)
	zeek(path, o, r)
	return true
}

// readZeekSyslog reads Zeek's record of syslog that passed by. The device is who sent it.
//
//	{"ts":1.5,"uid":"C","id.orig_h":"10.0.0.1","id.orig_p":62695,"id.resp_h":"10.0.0.9","id.resp_p":514,"facility":"LOCAL7","severity":"NOTICE","message":"29: …"}
func readZeekSyslog(text string, r *alerts.Record) bool {
	o, ok := object(text, r)
	if !ok || !o.Has("ts") || !o.Has("message") || !o.Has("id.orig_h") {
		return false
	}
	r.Kind, r.Format = alerts.Sensor, "zeek-syslog"
	at, ok := zeekTime(o.Get("ts"))
	stamped(r, at, ok)
	firstHost(r, o.Get("id.orig_h"))
	r.Fields.Add(alerts.Message, o.Get("message"))
	r.Fields.Add(alerts.SyslogFacility, strings.ToLower(o.Get("facility")))
	return true
}

// zeekPath is the name of the log that a line is of, or "".
func zeekPath(o alerts.Fields) string {
	if path := o.Get("_path"); path != "" {
		return path
	}
	for _, p := range []struct{ path, key, other string }{
		{"tftp", "wrq", "fname"}, {"conn", "conn_state", "uid"}, {"files", "fuid", "source"}, {"ssh", "auth_attempts", "uid"}, {"ftp", "command", "uid"},
		{"http", "method", "uid"}, {"notice", "note", "msg"}, {"snmp", "community", "uid"}, {"software", "software_type", "name"},
		{"other", "uids", "client_addr"}, {"other", "peer", "ts_delta"}, {"other", "peer", "mem"}, {"other", "peer", "note"}, {"other", "certificate.serial", "id"}, {"other", "hashAlgorithm", "id"},
		{"other", "machine", "id"}, {"other", "port_num", "host"}, {"other", "sig_id", "src_addr"}, {"", "uid", ""},
	} {
		if o.Has(p.key) && (p.other == "" || o.Has(p.other)) {
			if p.path == "" {
				return "other"
			}
			return p.path
		}
	}
	return ""
}

func zeekTime(s string) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return at.UTC(), true
	}
	whole, part, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds < 0 || seconds > 1e11 {
		return time.Time{}, false
	}
	nanos := 0
	if number(part) {
		nanos, _ = strconv.Atoi((part + "000000000")[:9])
	}
	return time.Unix(seconds, int64(nanos)).UTC(), true
}

// zeek takes what one line of a log states.
func zeek(path string, o alerts.Fields, r *alerts.Record) {
	at, ok := zeekTime(o.Get("ts"))
	stamped(r, at, ok)
	client, clientPort, server, port := o.Get("id.orig_h"), o.Get("id.orig_p"), o.Get("id.resp_h"), o.Get("id.resp_p")
	direction := ""
	switch path {
	case "conn":
		set(r, BytesToServer, o.Get("orig_bytes"))
		set(r, BytesToClient, o.Get("resp_bytes"))
		set(r, "service", o.Get("service"))
		set(r, alerts.Result, o.Get("conn_state"))
	case "tftp":
		direction = in
		set(r, alerts.Activity, "read")
		if write := o.Get("wrq"); write == "true" || write == "T" {
			direction = out
			r.Fields[len(r.Fields)-1].Value = "write"
		}
		set(r, alerts.File, o.Get("fname"))
		set(r, alerts.Size, o.Get("size"))
		if o.Has("error_code") || o.Has("error_msg") {
			set(r, alerts.Result, "failure")
			set(r, alerts.Reason, o.Get("error_msg"))
		}
	case "ssh":
		switch success := o.Get("auth_success"); success {
		case "true", "T":
			set(r, alerts.Result, "success")
		case "false", "F":
			set(r, alerts.Result, "failure")
		}
		set(r, "client_software", o.Get("client"))
		set(r, "server_software", o.Get("server"))
	case "files":
		// What the originator of a connection sends, he uploads.
		direction, server, client = in, o.Get("tx_hosts"), o.Get("rx_hosts")
		if client == "" {
			client, server = o.Get("id.orig_h"), o.Get("id.resp_h")
		}
		if up := o.Get("is_orig"); up == "true" || up == "T" {
			direction = out
			client, server = server, client
		}
		set(r, alerts.File, o.Get("filename"))
		size := o.Get("total_bytes")
		if size == "" {
			size = o.Get("seen_bytes")
		}
		set(r, alerts.Size, size)
		set(r, alerts.Digest, digest(o.Get("sha256"), o.Get("sha1"), o.Get("md5")))
		set(r, "service", strings.ToLower(o.Get("source")))
		if missing := o.Get("missing_bytes"); missing != "" && missing != "0" {
			set(r, alerts.Result, "incomplete")
		}
	case "ftp":
		set(r, alerts.Activity, o.Get("command"))
		set(r, alerts.User, o.Get("user"))
		switch o.Get("command") {
		case "RETR":
			direction = in
		case "STOR", "STOU", "APPE":
			direction = out
		}
		if direction != "" {
			set(r, alerts.File, o.Get("arg"))
			set(r, alerts.Size, o.Get("file_size"))
			if code := o.Get("reply_code"); code != "" {
				set(r, alerts.Result, map[bool]string{true: "success", false: "refused"}[code[0] == '2' || code[0] == '1'])
			}
		}
	case "http":
		direction = ofMethod(o.Get("method"))
		set(r, alerts.Activity, o.Get("method"))
		set(r, alerts.File, withoutQuery(o.Get("uri")))
		set(r, alerts.Size, o.Get("response_body_len"))
		set(r, alerts.Result, ofStatus(o.Get("status_code")))
	case "notice":
		set(r, alerts.Activity, o.Get("note"))
		set(r, alerts.Message, o.Get("msg"))
		if client == "" {
			client, server = o.Get("src"), o.Get("dst")
		}
	}
	for _, secret := range []string{"password", "community"} {
		if value := o.Get(secret); value != "" && value != "<hidden>" {
			r.Raw = hide(r.Raw, secret, value)
		}
	}
	ends(r, client, clientPort, server, port, o.Get("proto"))
	set(r, alerts.Direction, direction)
}

// hide takes a secret out of a line, in JSON, in JSON within JSON, and in a table.
func hide(raw, name, value string) string {
	for _, form := range []struct{ before, after string }{{`"` + name + `":"`, `"`}, {`"` + name + `": "`, `"`}, {`\"` + name + `\":\"`, `\"`}, {"\t", "\t"}} {
		if strings.Contains(raw, form.before+value+form.after) {
			return strings.Replace(raw, form.before+value+form.after, form.before+"***"+form.after, 1)
		}
	}
	return raw
}

// readTSV reads a line of Zeek's own tables. What its columns are stands in another line: see [Joiner].
//
//	#fields⇥ts⇥uid⇥id.orig_h⇥id.orig_p⇥id.resp_h⇥id.resp_p⇥…
//	1617062390.667048⇥CGUiHy4kLIF2ml95eg⇥10.0.0.1⇥41407⇥10.0.0.9⇥69⇥…
func readTSV(text string, r *alerts.Record) bool {
	if directive, is := strings.CutPrefix(text, "#"); is {
		end := strings.IndexAny(directive, "\t ")
		if end < 0 {
			return false
		}
		switch directive[:end] {
		case "fields", "path", "separator", "set_separator", "empty_field", "unset_field", "open", "close", "types":
			begin(r, "zeek-tsv", "#"+directive[:end])
			return true
		}
		return false
	}
	stamp, rest, found := strings.Cut(text, "\t")
	id, _, more := strings.Cut(rest, "\t")
	if _, ok := zeekTime(stamp); !found || !more || !ok || len(id) < 10 || len(id) > 24 || id[0] != 'C' && id[0] != 'F' {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c|' ' < 'a' || c|' ' > 'z') {
			return false
		}
	}
	begin(r, "zeek-tsv", "")
	r.Fields.Add(tableRow, text)
	return true
}
