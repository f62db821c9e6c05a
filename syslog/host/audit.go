package host

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// AuditID is the field that holds what the records of one system call have in common: "1666825569.818:23260118".
const AuditID = "audit_id"

const maxArguments = 4096

// readAudit reads one record of the Linux audit system.
//
//	node=mgmt1 type=EXECVE msg=audit(1581371984.206:579393): argc=3 a0="scp" a1=782E62696E a2="core1:flash:"
//	type=SYSCALL msg=audit(1581371984.206:579393): arch=c000003e syscall=59 success=yes exit=0 … exe="/usr/bin/scp" key=(null)␝ARCH=x86_64 SYSCALL=execve AUID="bob"
//	audit: type=1309 audit(1581371984.206:579393): argc=1 a0="top"
func readAudit(text string, r *alerts.Record) bool {
	at := strings.Index(text, "type=")
	mark := strings.Index(text, "audit(")
	if at < 0 || mark < at {
		return false
	}
	// node=mgmt1 stands before the type, behind the tag.
	before, node, _ := strings.Cut(text[:at], "node=")
	if process := r.Fields.Get(alerts.Process); !strings.HasPrefix(process, "audi") && process != "kernel" && !envelope.Header(before, r) {
		return false
	}
	kind, _, _ := strings.Cut(text[at+len("type="):], " ")
	id, body, found := strings.Cut(text[mark+len("audit("):], ")")
	seconds, serial, both := strings.Cut(id, ":")
	if !found || !both || kind == "" || len(kind) > 40 || !number(serial) || len(id) > 40 {
		return false
	}
	when, ok := epoch(seconds)
	if !ok {
		return false
	}
	if name, numbered := auditTypes[kind]; numbered {
		kind = name
	}
	r.Kind, r.Format = alerts.Host, "auditd"
	envelope.SetTime(r, when)
	firstHost(r, strings.TrimSpace(node))
	r.Fields.Add(alerts.Type, kind)
	r.Fields.Add(AuditID, id)
	if !r.Fields.Has(alerts.Message) {
		r.Fields.Add(alerts.Message, text[at:])
	}
	if kind == "TTY" || kind == "USER_TTY" {
		// What was typed at a terminal, passwords and all.
		put(&r.Fields, alerts.Message, "type="+kind)
		if _, data, has := strings.Cut(body, "data="); has {
			data, _, _ = strings.Cut(data, " ")
			r.Raw = strings.Replace(r.Raw, data, "***", 1)
		}
		return true
	}
	var a audit
	a.read(kind, body)
	a.add(r)
	return true
}

// auditTypes are the numbers that the kernel prints when no daemon takes its records.
var auditTypes = map[string]string{"1300": "SYSCALL", "1302": "PATH", "1306": "SOCKADDR", "1307": "CWD", "1309": "EXECVE", "1320": "EOE", "1327": "PROCTITLE", "1123": "USER_CMD"}

// epoch reads seconds since 1970 with their thousandths.
func epoch(s string) (time.Time, bool) {
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 || n > 1e11 || part != "" && !number(part) {
		return time.Time{}, false
	}
	nanos, _ := strconv.Atoi((part + "000000000")[:9])
	return time.Unix(n, int64(nanos)).UTC(), true
}

// An audit is what the records of one system call state.
type audit struct {
	deed
	title, cwd, call, arch, login, uid string
	arguments                          map[int]*strings.Builder
	most                               int // the highest number of an argument
	created, deleted, opened           string
}

// read adds what one record states.
func (a *audit) read(kind, body string) {
	for name, value := range auditPairs(body) {
		switch {
		case kind == "EXECVE":
			a.argument(name, value)
		case kind == "PROCTITLE" && name == "proctitle":
			a.title = strings.TrimRight(strings.ReplaceAll(decode(value), "\x00", " "), " ")
		case kind == "CWD" && name == "cwd":
			a.cwd = decode(value)
		case kind == "PATH" && name == "name":
			a.opened = decode(value)
		case kind == "PATH" && name == "nametype":
			switch value {
			case "CREATE":
				first(&a.created, a.opened)
			case "DELETE":
				first(&a.deleted, a.opened)
			}
		case kind == "SOCKADDR" && name == "saddr":
			a.server, a.port = socket(value)
		case name == "exe":
			first(&a.executable, decode(value))
		case name == "comm":
			first(&a.process, decode(value))
		case name == "pid":
			first(&a.pid, value)
		case name == "ppid":
			// Its number is all that is known of it.
		case name == "success", name == "res":
			switch value {
			case "yes", "1", "success":
				first(&a.result, "success")
			case "no", "0", "failed":
				first(&a.result, "failure")
			}
		case name == "syscall" && kind == "SYSCALL":
			first(&a.call, calls[a.arch+" "+value])
		case name == "arch":
			a.arch = value
		case name == "SYSCALL":
			a.call = value
		case name == "AUID" && decode(value) != "unset":
			a.login = decode(value)
		case name == "UID":
			a.uid = decode(value)
		case name == "auid" && value != "4294967295" && value != "-1":
			first(&a.login, value)
		case name == "uid":
			first(&a.uid, value)
		case name == "acct":
			a.user = decode(value)
		case name == "addr" && value != "?":
			a.client = decode(value)
		case kind == "USER_CMD" && name == "cmd":
			a.command, a.action = decode(value), actExec
		}
	}
	if kind == "EXECVE" {
		a.call = "execve"
	}
}

// calls are the system calls that are told apart, by architecture and number: x86-64, 64-bit ARM, and 32-bit x86.
var calls = map[string]string{
	"c000003e 59": "execve", "c000003e 322": "execveat", "c000003e 42": "connect", "c000003e 49": "bind", "c000003e 50": "listen",
	"c00000b7 221": "execve", "c00000b7 281": "execveat", "c00000b7 203": "connect", "c00000b7 200": "bind", "c00000b7 201": "listen",
	"40000003 11": "execve", "40000003 358": "execveat", "40000003 362": "connect", "40000003 361": "bind", "40000003 363": "listen",
}

// argument takes one argument of a command, or a part of a long one: a1="x", a1[0]=…, a1[1]=….
func (a *audit) argument(name, value string) {
	number, isArgument := strings.CutPrefix(name, "a")
	number, _, _ = strings.Cut(number, "[")
	n, err := strconv.Atoi(number)
	if !isArgument || err != nil || n < 0 || n >= maxArguments {
		return
	}
	if a.arguments == nil {
		a.arguments = map[int]*strings.Builder{}
	}
	if a.arguments[n] == nil {
		a.arguments[n] = &strings.Builder{}
	}
	a.arguments[n].WriteString(decode(value))
	a.most = max(a.most, n)
}

// add makes the deed of it and adds that to a record.
func (a *audit) add(r *alerts.Record) {
	d := a.deed
	if len(a.arguments) > 0 {
		var words []string
		for n := range a.most + 1 {
			if word, has := a.arguments[n]; has {
				words = append(words, word.String())
			}
		}
		d.command = strings.Join(words, " ")
	} else if d.command == "" {
		d.command = a.title
	}
	switch {
	case d.action != "":
	case strings.HasPrefix(a.call, "execve"):
		d.action = actExec
	case a.call == "connect" && d.port != "":
		d.action = actConnect
	case (a.call == "bind" || a.call == "listen") && d.port != "":
		d.action, d.client, d.server = actListen, "", ""
	case a.created != "":
		d.action, d.file = actCreate, a.absolute(a.created)
	case a.deleted != "":
		d.action, d.file = actDelete, a.absolute(a.deleted)
	}
	if d.action == "" && a.opened != "" {
		d.file = a.absolute(a.opened)
	}
	// Who logged in says more than who he has become.
	if a.login != "" {
		d.user = a.login
	} else if d.user == "" {
		d.user = a.uid
	}
	d.add(r)
}

func (a *audit) absolute(name string) string {
	if a.cwd == "" || strings.HasPrefix(name, "/") {
		return name
	}
	return path.Join(a.cwd, name)
}

// auditPairs goes through name=value. A value is quoted or not; those within msg='…' are pairs like the others. What the daemon resolved
// stands behind a group separator, for which syslog may have put #035.
func auditPairs(body string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		for range 2 * maxArguments {
			eq := strings.IndexByte(body, '=')
			if eq < 0 {
				return
			}
			name := body[strings.LastIndexAny(body[:eq], " \x1d'{:")+1 : eq]
			name = strings.TrimPrefix(name, "#035")
			body = body[eq+1:]
			var value string
			switch {
			case strings.HasPrefix(body, `"`):
				end := strings.IndexByte(body[1:], '"')
				if end < 0 {
					return
				}
				value, body = body[:end+2], body[end+2:]
			case strings.HasPrefix(body, "'"):
				body = body[1:]
				continue
			default:
				end := 0
				for end < len(body) && strings.IndexByte(" \x1d'", body[end]) < 0 && !strings.HasPrefix(body[end:], "#035") {
					end++
				}
				value, body = body[:end], body[end:]
			}
			if !yield(name, value) {
				return
			}
		}
	}
}

// decode is the text of a value. The kernel writes what holds a blank, a quotation mark or a control character in hexadecimal, without
// quotation marks; everything else has them, save what is no text at all.
func decode(value string) string {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		return value[1 : len(value)-1]
	}
	if len(value)%2 != 0 || value == "" || strings.Trim(value, "0123456789ABCDEF") != "" {
		return value
	}
	text, err := hex.DecodeString(value)
	if err != nil || !utf8.Valid(text) {
		return value
	}
	for _, c := range text {
		if c < ' ' && c != 0 && c != '\t' && c != '\n' && c != '\r' {
			return value
		}
	}
	return string(text)
}

// socket is the address and the port of a socket address: the family in the order of the machine, the port in that of the network.
//
//	saddr=02000050A9FEA9FE0000000000000000
func socket(value string) (address, port string) {
	b, err := hex.DecodeString(value)
	if err != nil || len(b) < 4 {
		return "", ""
	}
	family := binary.LittleEndian.Uint16(b)
	port = strconv.Itoa(int(binary.BigEndian.Uint16(b[2:])))
	switch {
	case family == 2 && len(b) >= 8:
		return netip.AddrFrom4([4]byte(b[4:8])).String(), port
	case family == 10 && len(b) >= 24:
		return netip.AddrFrom16([16]byte(b[8:24])).Unmap().String(), port
	}
	return "", ""
}
