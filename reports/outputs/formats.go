package outputs

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"trueboot/compare"
	"trueboot/reports"
)

// formats render an event on one line.
var formats = map[string]func(*Event) (string, error){
	"json": func(e *Event) (string, error) { return asJSON(e) },
	"cef":  func(e *Event) (string, error) { return cef(e), nil },
	"ecs":  func(e *Event) (string, error) { return asJSON(ecs(e)) },
	"ocsf": func(e *Event) (string, error) { return asJSON(ocsf(e)) },
	"rfc5424": func(e *Event) (string, error) {
		return syslog(e, "["+structured(e)+"]", e.text()), nil
	},
}

// text is an event for people.
func (e *Event) text() string {
	switch {
	case e.Finding != nil:
		return fmt.Sprintf("%s %s on %s: %s", e.Finding.Verdict, e.Finding.Control, e.Device.Name, e.Finding.Message)
	case e.Device != nil:
		words := fmt.Sprintf("%s: %s", e.Device.Name, e.Device.Status)
		if e.Device.Detail != "" {
			words += ", " + e.Device.Detail
		}
		return words
	}
	return fmt.Sprintf("run %s: %d devices, %d unexplained FAILs, exit status %d", e.Run.ID, e.Sum.Devices, e.Sum.Failures, e.Sum.ExitStatus)
}

// severity is an event's on a scale from 0 to 10 (CEF).
func (e *Event) severity() int {
	switch {
	case e.Finding != nil && e.Finding.Verdict == compare.Fail:
		return map[compare.Severity]int{compare.Critical: 10, compare.High: 8, compare.Medium: 5, compare.Low: 3}[e.Finding.Severity]
	case e.Finding != nil && e.Finding.Verdict == compare.NotAssessed, e.Device != nil && e.Device.Status != reports.StatusOK && e.Finding == nil:
		return 3
	case e.Sum != nil && e.Sum.Failures > 0:
		return 7
	}
	return 1
}

// syslogSeverity is an event's by RFC 5424, section 6.2.1: 2 critical, 3 error, 4 warning, 5 notice, 6 informational.
func (e *Event) syslogSeverity() int {
	switch n := e.severity(); {
	case n >= 10:
		return 2
	case n >= 7:
		return 3
	case n >= 5:
		return 4
	case n >= 3:
		return 5
	}
	return 6
}

// facilityAudit is "log audit" (RFC 5424, section 6.2.1).
const facilityAudit = 13

// longestSyslog bounds a message; RFC 5425, section 4.3.1 has receivers take 8192 octets.
const longestSyslog = 8192

// syslog is a message of RFC 5424.
func syslog(e *Event, data, message string) string {
	host := "-"
	if name, err := os.Hostname(); err == nil {
		host = header(name, 255)
	}
	id := e.Event
	if e.Finding != nil {
		id = e.Finding.Control
	}
	line := fmt.Sprintf("<%d>1 %s %s trueboot %d %s %s \ufeff%s", facilityAudit*8+e.syslogSeverity(), e.Time.UTC().Format("2006-01-02T15:04:05.000Z"), host, os.Getpid(), header(id, 32), data, message)
	return cut(line, longestSyslog)
}

// header is a field of the header: printable ASCII without blanks.
func header(text string, most int) string {
	text = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return '_'
		}
		return r
	}, text)
	if text == "" {
		return "-"
	}
	return text[:min(len(text), most)]
}

// cut shortens a text to that many bytes, at a character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

var parameter = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `]`, `\]`)

// structured are the fields as structured data (RFC 5424, section 6.3). 32473 is the enterprise number for documents (RFC 5612).
func structured(e *Event) string {
	var b strings.Builder
	b.WriteString("trueboot@32473")
	for _, f := range e.fields() {
		if f[1] != "" {
			fmt.Fprintf(&b, ` %s="%s"`, f[0], parameter.Replace(f[1]))
		}
	}
	return b.String()
}

// fields are an event's, in their order.
func (e *Event) fields() [][2]string {
	fields := [][2]string{{"id", e.ID}, {"event", e.Event}, {"run", e.Run.ID}}
	if d := e.Device; d != nil {
		fields = append(fields, [2]string{"device", d.Name}, [2]string{"address", d.Address}, [2]string{"platform", d.Platform}, [2]string{"version", d.Version}, [2]string{"status", string(d.Status)})
	}
	if f := e.Finding; f != nil {
		fields = append(fields, [2]string{"control", f.Control}, [2]string{"verdict", string(f.Verdict)}, [2]string{"severity", string(f.Severity)}, [2]string{"reason", string(f.Reason)},
			[2]string{"tier", string(f.Tier)}, [2]string{"subject", f.Subject}, [2]string{"observed", f.Observed}, [2]string{"expected", f.Expected}, [2]string{"attack", strings.Join(f.ATTACK, ",")})
	}
	if s := e.Sum; s != nil {
		fields = append(fields, [2]string{"devices", strconv.Itoa(s.Devices)}, [2]string{"failures", strconv.Itoa(s.Failures)}, [2]string{"exit", strconv.Itoa(s.ExitStatus)})
	}
	return fields
}

var (
	cefHeader    = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\r", " ", "\n", " ")
	cefExtension = strings.NewReplacer(`\`, `\\`, "=", `\=`, "\r", " ", "\n", `\n`)
)

// cef is the event in ArcSight's Common Event Format, version 0 (rev. 27).
func cef(e *Event) string {
	class, name := e.Event, "Network device integrity "+e.Event
	if f := e.Finding; f != nil {
		class, name = f.Control, f.Title
	}
	var b strings.Builder
	fmt.Fprintf(&b, "CEF:0|trueboot|trueboot|%s|%s|%s|%d|", cefHeader.Replace(strings.TrimPrefix(e.Run.Program, "trueboot ")), cefHeader.Replace(class), cefHeader.Replace(name), e.severity())
	add := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s=%s ", key, cefExtension.Replace(value))
		}
	}
	add("rt", strconv.FormatInt(e.Time.UnixMilli(), 10))
	add("externalId", e.ID)
	if d := e.Device; d != nil {
		add("dhost", d.Name)
		add("dst", d.Address)
	}
	if f := e.Finding; f != nil {
		add("outcome", map[compare.Verdict]string{compare.Pass: "success", compare.Fail: "failure"}[f.Verdict])
		add("reason", string(f.Reason))
		for i, c := range [][2]string{{"verdict", string(f.Verdict)}, {"subject", f.Subject}, {"observed", f.Observed}, {"expected", f.Expected}, {"attack", strings.Join(f.ATTACK, ",")}, {"run", e.Run.ID}} {
			if c[1] != "" {
				add(fmt.Sprintf("cs%dLabel", i+1), c[0])
				add(fmt.Sprintf("cs%d", i+1), c[1])
			}
		}
	}
	if s := e.Sum; s != nil {
		add("cn1Label", "failures")
		add("cn1", strconv.Itoa(s.Failures))
		add("cn2Label", "devices")
		add("cn2", strconv.Itoa(s.Devices))
	}
	add("msg", e.text())
	return strings.TrimSuffix(b.String(), " ")
}

// object is JSON of others' making.
type object map[string]any

// put sets what is not empty.
func (o object) put(name, value string) {
	if value != "" {
		o[name] = value
	}
}

// ecs is the event in the Elastic Common Schema, 8.11.
func ecs(e *Event) object {
	event := object{"kind": "state", "category": []string{"configuration"}, "type": []string{"info"}, "id": e.ID, "module": "trueboot", "dataset": "trueboot." + e.Event, "severity": e.severity(), "outcome": "unknown"}
	document := object{
		"@timestamp": e.Time.UTC().Format(time.RFC3339Nano), "ecs": object{"version": "8.11.0"}, "event": event, "message": e.text(), "trueboot": object{"run": e.Run.ID, "profile": e.Run.Profile},
		"observer": object{"vendor": "trueboot", "product": "trueboot", "version": strings.TrimPrefix(e.Run.Program, "trueboot "), "name": e.Run.Collector},
	}
	own := document["trueboot"].(object)
	if d := e.Device; d != nil {
		host := object{"name": d.Name, "type": "network device"}
		if d.Version != "" || d.Platform != "" {
			host["os"] = object{"platform": d.Platform, "version": d.Version}
		}
		if d.Address != "" {
			host["ip"] = []string{d.Address}
		}
		document["host"] = host
		own.put("status", string(d.Status))
	}
	if f := e.Finding; f != nil {
		if f.Verdict == compare.Fail && f.Open {
			event["kind"] = "alert"
		}
		event["outcome"] = map[compare.Verdict]string{compare.Pass: "success", compare.Fail: "failure", compare.NotAssessed: "unknown"}[f.Verdict]
		if f.Reason != "" {
			event["reason"] = string(f.Reason)
		}
		document["rule"] = object{"id": f.Control, "name": f.Title, "category": "network device integrity", "ruleset": "NDI"}
		if len(f.ATTACK) > 0 {
			document["threat"] = object{"framework": "MITRE ATT&CK", "technique": object{"id": f.ATTACK}}
		}
		for _, p := range [][2]string{{"verdict", string(f.Verdict)}, {"severity", string(f.Severity)}, {"tier", string(f.Tier)}, {"subject", f.Subject}, {"observed", f.Observed}, {"expected", f.Expected}, {"command", f.Command}} {
			own.put(p[0], p[1])
		}
	}
	if s := e.Sum; s != nil {
		event["outcome"] = map[bool]string{true: "success", false: "failure"}[s.ExitStatus == 0]
		own["sum"] = s
	}
	return document
}

// ocsf is the event as a Compliance Finding (class 2003) of the Open Cybersecurity Schema Framework, 1.3.
func ocsf(e *Event) object {
	severities := map[int]int{10: 5, 8: 4, 7: 4, 5: 3, 3: 2, 1: 1} // critical, high, medium, low, informational
	document := object{
		"activity_id": 1, "category_uid": 2, "class_uid": 2003, "type_uid": 200301, "time": e.Time.UnixMilli(), "severity_id": severities[e.severity()], "message": e.text(),
		"metadata": object{"version": "1.3.0", "uid": e.ID, "product": object{"name": "trueboot", "vendor_name": "trueboot", "version": strings.TrimPrefix(e.Run.Program, "trueboot ")}},
	}
	info := object{"uid": e.ID, "title": "Network device integrity " + e.Event, "desc": e.text(), "created_time": e.Time.UnixMilli()}
	compliance := object{"standards": []string{"NSA Network Device Integrity Methodology"}, "status": "Unknown", "status_id": 0}
	if d := e.Device; d != nil {
		document["resources"] = []object{{"type": "network device", "name": d.Name, "uid": d.Name}}
	}
	if f := e.Finding; f != nil {
		info["title"] = f.Title
		info["types"] = f.ATTACK
		compliance["control"] = f.Control
		compliance["requirements"] = f.NIST
		switch f.Verdict {
		case compare.Pass:
			compliance["status"], compliance["status_id"] = "Pass", 1
		case compare.Fail:
			compliance["status"], compliance["status_id"] = "Fail", 3
		case compare.NotAssessed:
		}
		document["unmapped"] = object{"observed": f.Observed, "expected": f.Expected, "subject": f.Subject, "tier": string(f.Tier), "reason": string(f.Reason), "run": e.Run.ID}
		document["status_id"] = 1 // new
		if !f.Open {
			document["status_id"] = 3 // suppressed
		}
	} else if s := e.Sum; s != nil {
		compliance["status"], compliance["status_id"] = map[bool]string{true: "Pass", false: "Fail"}[s.ExitStatus == 0], map[bool]int{true: 1, false: 3}[s.ExitStatus == 0]
	}
	document["finding_info"], document["compliance"] = info, compliance
	return document
}
