package juniper

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var routingEngineYields = []facts.Kind{
	facts.ComponentRole, facts.Component, facts.SerialNumber, facts.BootTime, facts.Uptime, facts.ReloadReason,
}

var (
	// Routing Engine status:
	engineTitle = collectors.MustCompile(`^Routing Engine status:`)

	//   Slot 0:
	engineSlot = collectors.MustCompile(`^\s+Slot (\d+):`)

	//     Current state                  Master
	//     Model                          RE-S-1800x4
	//     Model                          EX4200-48T, 8 POE
	//     Serial ID                      9009123456
	//     Start time                     2017-11-17 13:59:55 UTC
	//     Uptime                         6 days, 22 hours, 42 minutes, 49 seconds
	//     Last reboot reason             Router rebooted after a normal shutdown.
	engineSetting = collectors.MustCompile(`^\s+(Current state|Model|Serial ID|Serial number|Start time|Uptime|Last reboot reason)\s+(\S.*)$`)
)

// An engine is a routing engine's account of itself.
type engine struct {
	line   int // where it begins
	member string
	slot   string // "" where the device has one routing engine and no slots for it

	role, model, serial, started, uptime, reason single
}

// readRoutingEngine reads "show chassis routing-engine".
func readRoutingEngine(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	var engines []*engine
	for l := range memberLines(&r, reply) {
		slot := engineSlot.FindStringSubmatch(l.text)
		switch m := engineSetting.FindStringSubmatch(l.text); {
		case engineTitle.MatchString(l.text):
			engines = append(engines, &engine{line: l.number, member: l.member})
		case len(engines) == 0:
			r.Problem("line %d: not a routing engine: %.80q", l.number, l.text)
		case slot != nil:
			if e := engines[len(engines)-1]; e.slot != "" || e.role.line != 0 {
				engines = append(engines, &engine{line: l.number, member: l.member})
			}
			engines[len(engines)-1].slot = slot[1]
		case m != nil:
			engines[len(engines)-1].set(&r, l.number, m[1], m[2])
		}
	}
	addEngines(&r, engines)
	return r.Done()
}

func (e *engine) set(r *collectors.Reading, line int, name, value string) {
	switch name {
	case "Current state":
		e.role.set(r, line, "role", value)
	case "Model":
		e.model.set(r, line, "model", value)
	case "Serial ID", "Serial number":
		e.serial.set(r, line, "serial number", value)
	case "Start time":
		e.started.set(r, line, "start time", value)
	case "Uptime":
		if seconds, ok := wordsToSeconds(value); ok {
			e.uptime.set(r, line, "uptime", seconds)
		} else {
			r.Problem("line %d: not a duration: %.80q", line, value)
		}
	case "Last reboot reason":
		e.reason.set(r, line, "last reboot reason", value)
	}
}

// addEngines adds what the routing engines state. What the master says about its last reboot is the device's own statement.
func addEngines(r *collectors.Reading, engines []*engine) {
	own := -1
	for i, e := range engines {
		if strings.EqualFold(e.role.value, "master") {
			own = i
			break
		}
	}
	if own < 0 && len(engines) > 0 {
		own = 0
	}
	seen := map[string]bool{}
	for i, e := range engines {
		name := of(e.member, "re"+e.slot)
		times := name
		if e.slot == "" { // what has no slot is called as in the inventory, and its times are the member's
			name, times = of(e.member, "routing engine"), e.member
		}
		if seen[name] {
			r.Problem("line %d: a second account of %s", e.line, name)
			continue
		}
		seen[name] = true
		if e.role.line+e.model.line+e.started.line+e.uptime.line+e.reason.line == 0 {
			r.Problem("line %d: nothing about %s", e.line, name)
		}
		r.Add(e.role.line, facts.ComponentRole, name, e.role.value)
		r.Add(e.model.line, facts.Component, name, e.model.value)
		if e.serial.value != builtIn {
			r.Add(e.serial.line, facts.SerialNumber, name, e.serial.value)
		}
		r.Add(e.started.line, facts.BootTime, times, e.started.value)
		r.Add(e.uptime.line, facts.Uptime, times, e.uptime.value)
		r.Add(e.reason.line, facts.ReloadReason, times, e.reason.value)
		if i == own && times != "" {
			r.Add(e.reason.line, facts.ReloadReason, "", e.reason.value)
		}
	}
	if len(engines) == 0 {
		r.Problem("no routing engine in the reply")
	}
}

// builtIn is what stands in the place of the serial number of a part that has none of its own.
const builtIn = "BUILTIN"

// durationUnits are the words for a duration, and their seconds.
var durationUnits = map[string]int64{
	"second": 1, "minute": 60, "hour": 60 * 60, "day": 24 * 60 * 60, "week": 7 * 24 * 60 * 60, "year": 365 * 24 * 60 * 60,
}

// longestNumber is how many digits a number of a duration may have.
const longestNumber = 9

// wordsToSeconds reads a duration in words.
//
//	525 days, 1 hour, 51 minutes, 25 seconds
func wordsToSeconds(text string) (string, bool) {
	var total int64
	for term := range strings.SplitSeq(text, ",") {
		digits, unit, _ := strings.Cut(strings.TrimSpace(term), " ")
		n, err := strconv.ParseInt(digits, 10, 64)
		seconds, known := durationUnits[strings.TrimSuffix(unit, "s")]
		if err != nil || n < 0 || len(digits) > longestNumber || !known {
			return "", false
		}
		total += n * seconds
	}
	return strconv.FormatInt(total, 10), true
}
