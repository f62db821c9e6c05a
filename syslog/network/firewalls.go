package network

import (
	"strings"

	"trueboot/alerts"
)

// readPANOS reads PAN-OS' separated values. The columns count from 1: type 4, subtype 5.
//
//	1,2018/11/30 16:09:08,012345678901,SYSTEM,general,0,2018/11/30 16:09:08,,general,,0,0,general,informational,"Installed panos software version 10.2.4",…
//	1,2018/11/30 16:09:07,012345678901,CONFIG,0,2049,2018/11/30 16:09:07,10.0.0.9,,edit,admin,Web,Succeeded, config shared log-settings config,…
func readPANOS(text string, r *alerts.Record) bool {
	var columns [16]string
	n, rest := 0, text
	for n < len(columns) {
		var more bool
		columns[n], rest, more = column(rest)
		n++
		if !more {
			break
		}
	}
	if n < 8 || !panosTypes[columns[3]] {
		return false
	}
	r.Format, r.Platform = "panos", "paloalto_panos"
	r.Fields.Add(alerts.Type, columns[3])
	r.Fields.Add(alerts.Subtype, columns[4])
	switch columns[3] {
	case "SYSTEM":
		r.Fields.Add(alerts.EventID, columns[8])
		r.Fields.Add("module", columns[12])
		r.Fields.Add(alerts.Message, columns[14])
	case "CONFIG":
		r.Fields.Add(alerts.Address, columns[7])
		r.Fields.Add(alerts.Activity, columns[9])
		r.Fields.Add(alerts.User, columns[10])
		r.Fields.Add(alerts.Terminal, columns[11])
		r.Fields.Add(alerts.Result, columns[12])
		r.Fields.Add(alerts.Message, strings.TrimSpace(columns[9]+" "+columns[13]))
	default:
		r.Fields.Add(alerts.Message, text)
	}
	return true
}

var panosTypes = map[string]bool{
	"CONFIG": true, "SYSTEM": true, "TRAFFIC": true, "THREAT": true, "GLOBALPROTECT": true, "USERID": true, "HIPMATCH": true, "HIP-MATCH": true,
	"AUTHENTICATION": true, "DECRYPTION": true, "CORRELATION": true, "IPTAG": true, "SCTP": true, "GTP": true, "AUDIT": true,
}

// column takes one of separated values off; a quoted one may hold commas, and its own quotation marks doubled.
func column(text string) (value, rest string, more bool) {
	if p, ok := strings.CutPrefix(text, `"`); ok {
		from := 0
		for {
			at := strings.IndexByte(p[from:], '"')
			if at < 0 {
				return p, "", false
			}
			at += from
			if strings.HasPrefix(p[at+1:], `"`) {
				from = at + 2
				continue
			}
			value, rest = strings.ReplaceAll(p[:at], `""`, `"`), p[at+1:]
			_, rest, more = strings.Cut(rest, ",")
			return value, rest, more
		}
	}
	return strings.Cut(text, ",")
}

// pairs calls with each key=value and key="value" of a text.
func pairs(text string, with func(key, value string)) {
	for text != "" {
		eq := strings.IndexByte(text, '=')
		if eq < 0 {
			return
		}
		key := text[strings.LastIndexAny(text[:eq], " ,;")+1 : eq]
		rest := text[eq+1:]
		var value string
		if p, ok := strings.CutPrefix(rest, `"`); ok {
			end := 0
			for end < len(p) && p[end] != '"' {
				if p[end] == '\\' {
					end++
				}
				end++
			}
			end = min(end, len(p))
			value, text = p[:end], p[min(end+1, len(p)):]
		} else {
			end := strings.IndexAny(rest, " ,;")
			if end < 0 {
				end = len(rest)
			}
			value, text = rest[:end], rest[end:]
		}
		if key != "" {
			with(key, value)
		}
	}
}

// readFortinet reads FortiOS' and FortiWeb's pairs.
//
//	date=2024-01-02 time=10:00:00 devname="fw1" devid="FGT…" logid="0100032138" type="event" subtype="system" level="critical" logdesc="Device rebooted" user="admin" ui="https(10.0.0.9)" action="reboot" msg="User admin rebooted the device from https(10.0.0.9)."
func readFortinet(text string, r *alerts.Record) bool {
	var date, clock, id, description string
	fields := r.Fields
	pairs(text, func(key, value string) {
		switch key {
		case "date":
			date = value
		case "time":
			clock = value
		case "devname", "device_name":
			r.Hosts = append([]string{value}, r.Hosts...)
		case "devid", "device_id":
			r.Hosts = append(r.Hosts, value)
		case "logid", "log_id":
			id = value
			fields.Add(alerts.EventID, value)
		case "type":
			fields.Add(alerts.Type, value)
		case "subtype":
			fields.Add(alerts.Subtype, value)
		case "logdesc":
			description = value
			fields.Add(alerts.Activity, value)
		case "msg":
			fields.Add(alerts.Message, value)
		case "user":
			fields.Add(alerts.User, value)
		case "ui":
			terminal, address, ok := strings.Cut(strings.TrimSuffix(value, ")"), "(")
			fields.Add(alerts.Terminal, terminal)
			if ok {
				fields.Add(alerts.Address, address)
			}
		case "action":
			fields.Add("action", value)
		case "status":
			fields.Add(alerts.Result, value)
		case "reason":
			fields.Add(alerts.Reason, value)
		case "version":
			fields.Add(alerts.Version, value)
		}
	})
	if id == "" {
		return false
	}
	r.Fields = fields
	r.Format, r.Platform = "fortinet", "fortinet_fortios"
	if !r.Fields.Has(alerts.Message) {
		r.Fields.Add(alerts.Message, description)
	}
	if at, ok := dateTime(date, clock, r.Received.Location()); ok {
		r.Time, r.Clock = at, alerts.ClockGood
	}
	return true
}

// readWatchGuard reads a message that bears a number.
//
//	msg_id="5501-0006" System upgrade to 11.9 successful, system needs to reboot
func readWatchGuard(text string, r *alerts.Record) bool {
	_, rest, ok := strings.Cut(text, `msg_id="`)
	if !ok {
		return false
	}
	id, message, ok := strings.Cut(rest, `"`)
	if !ok || len(id) > 16 {
		return false
	}
	r.Format = "watchguard"
	r.Fields.Add(alerts.EventID, id)
	r.Fields.Add(alerts.Message, strings.TrimSpace(message))
	return true
}

// readF5 reads the messages of BIG-IP.
//
//	tmsh[16322]: 01420002:5: AUDIT - pid=16322 user=root folder=/ module=(tmos)# status=[Command OK] cmd_data=install sys software image X volume HD1.2
//	mcpd[7190]: 01070417:5: AUDIT - client Unknown, user admin - transaction #1-2 - object 0 - modify { … } [Status=Command OK]
//	boot_marker : ---===[ HD1.1 - BIG-IP 15.1.2 Build 0.0.9 ]===---
func readF5(text string, r *alerts.Record) bool {
	process := r.Fields.Get(alerts.Process)
	message := text
	id, rest, ok := strings.Cut(text, ":")
	if ok && len(id) == 8 && strings.Trim(id, "0123456789abcdef") == "" && len(rest) > 2 && rest[0] >= '0' && rest[0] <= '7' && rest[1] == ':' {
		r.Fields.Add(alerts.EventID, id)
		message = strings.TrimLeft(rest[2:], " ")
	} else if process != "boot_marker" && process != "overdog" && process != "chmand" && process != "sys-eicheck" && !strings.HasPrefix(text, "boot_marker") {
		return false
	}
	r.Format, r.Platform = "f5", "f5_tmos"
	r.Fields.Add(alerts.Message, message)
	audit, ok := strings.CutPrefix(message, "AUDIT - ")
	if !ok {
		return true
	}
	if who, command, ok := strings.Cut(audit, " cmd_data="); ok {
		r.Fields.Add(alerts.User, between(who+" ", "user=", " "))
		r.Fields.Add(alerts.Result, strings.ToLower(between(who, "status=[", "]")))
		r.Fields.Add(alerts.Command, strings.TrimRight(command, " ;"))
		return true
	}
	if _, user, ok := strings.Cut(audit, "user "); ok {
		name, _, _ := strings.Cut(user, " ")
		r.Fields.Add(alerts.User, strings.TrimRight(name, ","))
	}
	return true
}
