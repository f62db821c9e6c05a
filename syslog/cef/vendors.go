package cef

import (
	"strings"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

func read(text string, r *alerts.Record) bool {
	l, ok := parse(text, r)
	if !ok {
		return false
	}
	r.Format = "cef"
	l.Fill(r)
	return true
}

func readLEEF(text string, r *alerts.Record) bool {
	l, ok := leef(text, r)
	if !ok {
		return false
	}
	for i, p := range l.Pairs {
		// LEEF's own names for what CEF calls otherwise.
		if name, known := leefNames[p.Name]; known {
			l.Pairs[i].Name = name
		}
	}
	r.Format = "leef"
	l.Fill(r)
	return true
}

var leefNames = map[string]string{
	"usrName": "suser", "srcPort": "spt", "dstPort": "dpt", "devTime": "rt", "identHostName": "dvchost", "devTimeFormat": "rtFormat", "sev": "severity",
}

// readText reads a line in which the vendor's own message is, and leaves that as the message.
func readText(text string, r *alerts.Record) bool {
	l, ok := parse(text, r)
	if !ok {
		return false
	}
	line := l.Native()
	if line == "" {
		return false
	}
	r.Format = "cef-text"
	l.Fill(r)
	put(r, alerts.Message, line)
	return true
}

// Native is the message as the vendor's own syslog would spell it, or "" if the line does not hold one. Only the parts that the format
// took from it are put together again.
func (l *Line) Native() string {
	if raw := l.Get("rawEvent"); raw != "" {
		return raw
	}
	text := l.text()
	if text == "" {
		return ""
	}
	switch vendor := strings.ToLower(l.Vendor); {
	case vendor == "cisco":
		// CEF:0|CISCO|ASA||305012|Teardown dynamic UDP translation|Low| … deviceSeverity=6
		if mnemonic(strings.TrimPrefix(text, "%")) {
			return text
		}
		level := l.Get("deviceSeverity")
		if len(l.Class) == 6 && number(l.Class) && len(level) == 1 && level[0] >= '0' && level[0] <= '7' {
			return "%" + l.family() + "-" + level + "-" + l.Class + ": " + text
		}
		if class := strings.TrimPrefix(l.Class, "%"); mnemonic(class) {
			return "%" + class + ": " + text
		}
	case strings.HasPrefix(vendor, "arista"):
		if mnemonic(strings.TrimPrefix(text, "%")) {
			return text
		}
		if class := strings.TrimPrefix(l.Class, "%"); mnemonic(class) {
			return "%" + class + ": " + text
		}
	case strings.HasPrefix(vendor, "juniper"):
		// UI_CMDLINE_READ_LINE as the class, and the text of the message.
		if strings.HasPrefix(text, l.Class+":") {
			return text
		}
		if tag(l.Class) {
			return l.Class + ": " + text
		}
	case vendor == "f5":
		// 01420002 as the class, and the text of an audit.
		if len(l.Class) == 8 && number(l.Class) && len(l.Severity) == 1 && strings.HasPrefix(text, "AUDIT - ") {
			return l.Class + ":" + l.Severity + ": " + text
		}
	case strings.HasPrefix(vendor, "huawei"), strings.HasPrefix(vendor, "hpe"), strings.HasPrefix(vendor, "h3c"):
		if strings.HasPrefix(text, "%%") {
			return text
		}
	}
	return ""
}

// family is the facility of a Cisco firewall's messages.
func (l *Line) family() string {
	switch product := strings.ToUpper(l.Product); {
	case strings.Contains(product, "FTD"), strings.Contains(product, "FIREPOWER"):
		return "FTD"
	case strings.Contains(product, "PIX"):
		return "PIX"
	}
	return "ASA"
}

// mnemonic tells whether a text begins as SYS-5-RELOAD does.
func mnemonic(s string) bool {
	i := 0
	for i < len(s) && (word(s[i]) || s[i] == '-') {
		i++
	}
	s = s[:i]
	for i := 1; i+2 < len(s); i++ {
		if s[i] == '-' && s[i+1] >= '0' && s[i+1] <= '7' && s[i+2] == '-' && s[0] >= 'A' && s[0] <= 'Z' {
			return true
		}
	}
	return false
}

// tag tells whether a text is one as Junos' are: capital letters, digits and at least one underscore.
func tag(s string) bool {
	under := false
	for i := range len(s) {
		c := s[i]
		if c != '_' && !digit(c) && (c < 'A' || c > 'Z') {
			return false
		}
		under = under || c == '_'
	}
	return under
}

func number(s string) bool {
	for i := range len(s) {
		if !digit(s[i]) {
			return false
		}
	}
	return s != ""
}

// vendor puts in place what a vendor keeps elsewhere than others do, so that a rule for its own format holds here.
func (l *Line) vendor(r *alerts.Record) {
	switch strings.ToLower(l.Vendor) {
	case "cisco":
		if len(l.Class) == 6 && number(l.Class) {
			if l.family() != "FTD" {
				r.Platform = "cisco_asa"
			}
			put(r, alerts.Facility, l.family())
			put(r, alerts.Name, l.Class)
		}
	case "fortinet":
		l.fortinet(r)
	case "palo alto networks":
		l.paloAlto(r)
	case "watchguard":
		// 55010006 is printed 5501-0006 everywhere else.
		if len(l.Class) == 8 {
			put(r, alerts.EventID, l.Class[:4]+"-"+l.Class[4:])
		}
	case "aruba networks", "aruba", "hpe":
		l.clearPass(r)
	}
}

// put sets a field, in place of what it was.
func put(r *alerts.Record, name, value string) {
	if value == "" {
		return
	}
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			r.Fields[i].Value = value
			return
		}
	}
	r.Fields.Add(name, value)
}

// fortinetPrefixes are what FortiOS and Sentinel's connector put before FortiOS' own names.
var fortinetPrefixes = []string{"FTNTFGT", "FortinetFortiGate", "FTNTFAZ", "FTNTFML", "FTNTFWB", "FTNTFMG", "ad."}

// fortinet: the key of a message is logid, the class only its last five digits. The type is in FTNTFGTtype or, since 6.0, in cat:
//
//	CEF:0|Fortinet|Fortigate|v6.0.3|32002|event:system login failed|7|… FTNTFGTlogid=0100032002 cat=event:system FTNTFGTsubtype=system …
func (l *Line) fortinet(r *alerts.Record) {
	if strings.HasPrefix(strings.ToLower(l.Product), "fortigate") {
		r.Platform = "fortinet_fortios"
	}
	named := func(name string) string {
		for _, prefix := range fortinetPrefixes {
			if v := l.Get(prefix + name); v != "" {
				return v
			}
		}
		return ""
	}
	put(r, alerts.EventID, named("logid"))
	put(r, alerts.EventID, named("log_id"))
	kind, sub := named("type"), named("subtype")
	category, of, found := strings.Cut(l.Get("cat"), ":")
	if kind == "" {
		kind = category
	}
	if sub == "" && found {
		sub = of
	}
	put(r, alerts.Type, kind)
	put(r, alerts.Subtype, sub)
	set(&r.Fields, "logdesc", named("logdesc"))
	ui := named("ui")
	if ui == "" {
		ui = l.Get("sproc")
	}
	terminal, address, at := strings.Cut(strings.TrimSuffix(ui, ")"), "(")
	put(r, alerts.Terminal, terminal)
	if at {
		put(r, alerts.Address, address)
	}
	set(&r.Fields, alerts.Result, named("status"))
	set(&r.Fields, "action", named("action"))
	if l.Get("msg") == "" {
		put(r, alerts.Message, named("msg"))
	}
	if name := named("devname"); name != "" {
		hosts := []string{name}
		for _, h := range r.Hosts {
			hosts = appendNew(hosts, h)
		}
		r.Hosts = hosts
	}
	if when, _, ok := stamp(named("eventtime")); ok && l.Get("rt") == "" {
		envelope.SetTime(r, when)
	}
}

// paloAltoTypes are the kinds of log. The header gives the kind as the activity (PAN-OS' own template) or as the class (Cortex).
var paloAltoTypes = map[string]bool{
	"SYSTEM": true, "CONFIG": true, "TRAFFIC": true, "THREAT": true, "HIPMATCH": true, "HIP-MATCH": true, "USERID": true, "GLOBALPROTECT": true,
	"AUTHENTICATION": true, "CORRELATION": true, "AUDIT": true, "DECRYPTION": true, "IPTAG": true, "GTP": true, "SCTP": true, "TUNNEL": true,
}

// paloAlto gives CONFIG and SYSTEM logs the fields of the CSV:
//
//	CEF:0|Palo Alto Networks|PAN-OS|9.1.0|general|SYSTEM|3|… cat=upgrade msg=…
//	CEF:0|Palo Alto Networks|PAN-OS|9.1.0|Succeeded|CONFIG|1|… shost=10.0.0.9 act=set duser=admin destinationServiceName=CLI msg=…
//	CEF:0|Palo Alto Networks|LF|2.0|CONFIG|config|3|…
func (l *Line) paloAlto(r *alerts.Record) {
	r.Platform = "paloalto_panos"
	kind, sub := strings.ToUpper(l.Name), l.Class
	if class := strings.ToUpper(l.Class); paloAltoTypes[class] && l.Class == class {
		kind, sub = class, l.Name
	}
	if !paloAltoTypes[kind] {
		return
	}
	put(r, alerts.Type, kind)
	put(r, alerts.Subtype, sub)
	switch kind {
	case "SYSTEM":
		put(r, alerts.EventID, l.Get("cat"))
	case "CONFIG":
		put(r, alerts.Message, strings.TrimSpace(l.Get("act")+" "+l.Get("msg")))
		put(r, alerts.User, l.Get("duser"))
		put(r, alerts.Address, l.Get("shost"))
		put(r, alerts.Terminal, l.Get("destinationServiceName"))
		if strings.EqualFold(l.Name, "CONFIG") && l.Class != "CONFIG" {
			put(r, alerts.Result, l.Class)
		}
	}
}

// clearPass: an accounting server's line. The device is the one that asked it, and the names of the pairs are the operator's choice, so
// that they are told by their last part: TACACS.Username, tacacs_user_name, Common.NAS-IP-Address.
func (l *Line) clearPass(r *alerts.Record) {
	if !strings.EqualFold(l.Product, "ClearPass") {
		return
	}
	var nas []string
	for _, p := range l.Pairs {
		switch name := plain(p.Name); name {
		case "nasipaddress", "nasip", "deviceipaddress", "networkdeviceip", "nasname", "nasidentifier", "networkdevicename":
			nas = appendNew(nas, p.Value)
		default:
			if own, known := labels[name]; known {
				set(&r.Fields, own, strings.TrimSuffix(strings.TrimSuffix(p.Value, "<cr>"), " "))
			}
		}
	}
	if len(nas) > 0 {
		for _, h := range r.Hosts {
			nas = appendNew(nas, h)
		}
		r.Hosts = nas
	}
	if r.Fields.Has(alerts.Command) {
		r.Kind = alerts.Accounting
	}
}
