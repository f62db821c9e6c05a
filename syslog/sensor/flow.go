package sensor

import (
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
)

// tableRow is the field in which a row waits for its columns' names. No record leaves the [Joiner] with it.
const tableRow = "row"

// readGoflow reads goflow2's JSON, in the spelling of its first and of its second edition.
//
//	{"type":"NETFLOW_V9","time_received_ns":1,"sampling_rate":0,"sampler_address":"10.0.0.254","time_flow_end_ns":1681583295157626000,"bytes":1500,"packets":1,
//	"src_addr":"10.0.0.9","dst_addr":"10.0.0.1","proto":"UDP","src_port":50001,"dst_port":40001}
//	{"Type":"NETFLOW_V9","SamplerAddress":"10.0.0.254","TimeFlowEnd":1681583295,"Bytes":1500,"SrcAddr":"10.0.0.9","DstAddr":"10.0.0.1","Proto":17,"SrcPort":1,"DstPort":2}
func readGoflow(text string, r *alerts.Record) bool {
	o, ok := object(text, r)
	if !ok {
		return false
	}
	get := func(names ...string) string {
		for _, name := range names {
			if v := o.Get(name); v != "" {
				return v
			}
		}
		return ""
	}
	client, server := get("src_addr", "SrcAddr"), get("dst_addr", "DstAddr")
	if client == "" || server == "" || !number(get("bytes", "Bytes")) {
		return false
	}
	begin(r, "goflow2", "flow")
	for _, name := range []string{"time_flow_end_ns", "time_flow_end", "TimeFlowEndMs", "TimeFlowEnd", "time_received_ns", "time_received", "TimeReceived"} {
		if at, ok := since1970(o.Get(name)); ok {
			stamped(r, at, true)
			break
		}
	}
	firstHost(r, get("sampler_address", "SamplerAddress"))
	ends(r, client, get("src_port", "SrcPort"), server, get("dst_port", "DstPort"), protocolName(get("proto", "Proto")))
	set(r, BytesToServer, get("bytes", "Bytes"))
	if rate := get("sampling_rate", "SamplingRate"); rate != "0" {
		set(r, Sampling, rate)
	}
	return true
}

// since1970 reads a count of seconds, milliseconds or nanoseconds.
func since1970(s string) (time.Time, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil || n <= 1e8:
		return time.Time{}, false
	case n < 1e11:
		return time.Unix(n, 0).UTC(), true
	case n < 1e14:
		return time.UnixMilli(n).UTC(), true
	}
	return time.Unix(0, n).UTC(), true
}

func protocolName(s string) string {
	switch s {
	case "6":
		return "tcp"
	case "17":
		return "udp"
	}
	return s
}

// readNfdump reads what nfdump prints: JSON with an object a line, and CSV, whose columns are named in the line at its beginning.
//
//	{"type":"FLOW","first":"2026-11-22T01:04:57.123","last":"2026-11-22T01:05:57.123","in_packets":1,"in_bytes":46,"proto":17,"src4_addr":"10.0.0.1","dst4_addr":"10.0.0.9","src_port":1,"dst_port":69}
//	ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,…
//	2026-11-22 01:04:57,2026-11-22 01:05:57,60.000,10.0.0.9,10.0.0.1,50001,40001,UDP,........,0,0,20000,26000000,0,0,…
func readNfdump(text string, r *alerts.Record) bool {
	if strings.HasPrefix(strings.TrimLeft(text, " ["), "{") {
		o, ok := object(strings.TrimLeft(strings.TrimSuffix(strings.TrimRight(text, " "), ","), " ["), r)
		if !ok || !o.Has("in_bytes") && !o.Has("bytes") {
			return false
		}
		row := func(name string) string { return o.Get(name) }
		return nfdump(row, r)
	}
	if strings.HasPrefix(text, "ts,te,td,sa,da,") || strings.HasPrefix(text, "firstSeen,") {
		begin(r, "nfdump", "#fields")
		r.Fields.Add(tableRow, text)
		return true
	}
	// A row begins with a stamp, which is taken for that of a header.
	if len(r.Raw) > len(text) && strings.HasSuffix(r.Raw, text) {
		text = strings.TrimLeft(r.Raw, " ")
	}
	if len(text) < 40 || text[4] != '-' || text[7] != '-' || strings.Count(text, ",") < 8 {
		return false
	}
	if _, ok := nfdumpTime(text[:strings.IndexByte(text, ',')]); !ok {
		return false
	}
	begin(r, "nfdump", "")
	r.Fields.Add(tableRow, text)
	return true
}

// nfdump takes a flow from a row, by nfdump's names of columns: those of JSON, of CSV, and of CSV since 1.7.
func nfdump(row func(string) string, r *alerts.Record) bool {
	get := func(names ...string) string {
		for _, name := range names {
			if v := strings.TrimSpace(row(name)); v != "" {
				return v
			}
		}
		return ""
	}
	client, server := get("src4_addr", "src6_addr", "sa", "srcAddr"), get("dst4_addr", "dst6_addr", "da", "dstAddr")
	if client == "" || server == "" {
		return false
	}
	begin(r, "nfdump", "flow")
	if at, ok := nfdumpTime(get("last", "te", "lastSeen", "first", "ts", "firstSeen")); ok {
		stamped(r, at, true)
	}
	ends(r, client, get("src_port", "sp", "srcPort"), server, get("dst_port", "dp", "dstPort"), protocolName(get("proto", "pr")))
	for name, value := range map[string]string{BytesToServer: get("in_bytes", "ibyt", "bytes"), BytesToClient: get("out_bytes", "obyt")} {
		if number(value) && value != "0" {
			set(r, name, value)
		}
	}
	return true
}

func nfdumpTime(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02 15:04:05.999", "2006-01-02T15:04:05.999", "2006-01-02T15:04:05.999Z07:00"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
