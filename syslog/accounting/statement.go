package accounting

import (
	"strings"

	"trueboot/alerts"
)

// A statement is what a line says of one command or one session.
type statement struct {
	devices                             []string // the device that asked, its address before its name
	user, terminal, address, privilege  string
	activity, service, command, result  string
	kind, subkind, eventID, reason, own string // own is the message
}

func (s *statement) add(r *alerts.Record, format string) {
	r.Kind, r.Format = alerts.Accounting, format
	hosts := make([]string, 0, len(s.devices)+len(r.Hosts))
	for _, h := range append(s.devices, r.Hosts...) {
		if h != "" && h != "-" && h != "unknown" && !contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	r.Hosts = hosts
	if !r.Fields.Has(alerts.Message) {
		r.Fields.Add(alerts.Message, s.own)
	}
	r.Fields.Add(alerts.Type, s.kind)
	r.Fields.Add(alerts.Subtype, s.subkind)
	r.Fields.Add(alerts.EventID, s.eventID)
	r.Fields.Add(alerts.Activity, strings.ToLower(s.activity))
	r.Fields.Add(Service, s.service)
	r.Fields.Add(alerts.User, s.user)
	r.Fields.Add(alerts.Terminal, s.terminal)
	r.Fields.Add(alerts.Address, s.address)
	r.Fields.Add(alerts.Privilege, s.privilege)
	r.Fields.Add(alerts.Command, withoutCR(s.command))
	r.Fields.Add(alerts.Result, s.result)
	r.Fields.Add(alerts.Reason, s.reason)
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// withoutCR is a command without the <cr> that ends it.
func withoutCR(command string) string {
	command = strings.TrimSpace(command)
	for {
		shorter, had := strings.CutSuffix(command, "<cr>")
		if !had {
			return command
		}
		command = strings.TrimSpace(shorter)
	}
}

// known says which value a name stands for, as servers and their operators spell it: lower case, letters and digits alone.
var known = map[string]func(*statement, string){
	"nas": device, "nasip": device, "nasipaddress": device, "nasname": device, "nasaddress": device, "client": device, "deviceipaddress": device,
	"networkdevicename": device, "nasidentifier": device, "nasipv6address": device, "device": device, "devicename": device, "switchip": device,

	"user": user, "username": user, "adminname": user, "tacacsusername": user,
	"port": terminal, "tty": terminal, "nasport": terminal, "nasportid": terminal, "terminal": terminal, "session": terminal, "tacacsport": terminal,
	"nac": address, "peer": address, "remaddr": address, "remoteaddress": address, "remaddress": address, "callingstationid": address,
	"addr": address, "callerid": address, "clientip": address, "adminipaddress": address,
	"privlvl": privilege, "privilegelevel": privilege, "priv": privilege, "privilege": privilege,
	"accttype": activity, "action": activity, "acctstatustype": activity, "acctrequestflags": activity, "status": activity, "op": activity, "flags": activity,
	"service": service, "servicetype": service, "serviceargument": service,
	"cmd": command, "command": command, "commandname": command, "data": command, "tacacscommand": command, "executedcommand": command,
	"result": result, "res": result, "acctreplystatus": result, "authorreplystatus": result,
	"reason": reason, "failurereason": reason,
}

func device(s *statement, v string)    { s.devices = append(s.devices, v) }
func user(s *statement, v string)      { first(&s.user, v) }
func terminal(s *statement, v string)  { first(&s.terminal, v) }
func address(s *statement, v string)   { first(&s.address, v) }
func privilege(s *statement, v string) { first(&s.privilege, v) }
func activity(s *statement, v string)  { first(&s.activity, v) }
func service(s *statement, v string)   { first(&s.service, v) }
func command(s *statement, v string)   { first(&s.command, v) }
func result(s *statement, v string)    { first(&s.result, v) }
func reason(s *statement, v string)    { first(&s.reason, v) }

func first(to *string, v string) {
	if *to == "" {
		*to = v
	}
}

// take gives a value to what its name stands for.
func (s *statement) take(name, value string) bool {
	set, ok := known[plain(name)]
	if ok && value != "" {
		set(s, value)
	}
	return ok
}

// plain is the last part of a dotted name in lower-case letters and digits.
func plain(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	b := make([]byte, 0, 32)
	for i := 0; i < len(name) && len(b) < 32; i++ {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			b = append(b, c|' ')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		}
	}
	return string(b)
}

func number(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
