package transfer

import (
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readOpenCanary reads the honeypot's TFTP service: somebody on the network asks around for files.
//
//	{"dst_host":"10.0.0.5","dst_port":69,"local_time":"2026-11-22 01:04:57.1","logdata":{"FILENAME":"x","MODE":"octet","OPCODE":"READ"},
//	"logtype":10001,"node_id":"canary-1","src_host":"10.0.0.1","src_port":1234}
func readOpenCanary(text string, r *alerts.Record) bool {
	begin := strings.IndexByte(text, '{')
	if begin < 0 || !envelope.Header(text[:begin], r) {
		return false
	}
	o, err := envelope.Object(text[begin:])
	if err != nil || !o.Has("logtype") || !o.Has("node_id") {
		return false
	}
	q := request{client: o.Get("src_host"), file: o.Get("logdata.FILENAME"), activity: o.Get("logdata.OPCODE"), result: Refused}
	kind := ""
	if o.Get("logtype") == "10001" {
		kind = "tftp"
		switch strings.ToUpper(q.activity) {
		case "READ", "RRQ":
			q.direction = in
		case "WRITE", "WRQ":
			q.direction = out
		}
	}
	r.Fields.Add(alerts.EventID, o.Get("logtype"))
	r.Fields.Add(alerts.Server, o.Get("dst_host"))
	r.Fields.Add(alerts.Port, o.Get("dst_port"))
	if node := o.Get("node_id"); node != "" {
		r.Hosts = append([]string{node}, r.Hosts...)
	}
	q.add(r, "opencanary", kind, text[begin:])
	return true
}
