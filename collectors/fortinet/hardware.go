package fortinet

import (
	"fmt"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// uptimeLine stands in "get system performance status".
//
//	Uptime: 36 days,  22 hours,  20 minutes
var uptimeLine = collectors.MustCompile(`^Uptime: *(\S.*)$`)

// readPerformance reads "get system performance status"; the load that it is about is of no interest here.
func readPerformance(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := uptimeLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			seconds, ok := collectors.Seconds(m[1])
			if !ok {
				r.Problem("line %d: not a duration: %.80q", n, m[1])
				continue
			}
			r.Add(n, facts.Uptime, "", seconds)
		}
	}
	if r.Empty() {
		r.Problem("no uptime in the reply")
	}
	return r.Done()
}

var hardwareYields = []facts.Kind{facts.Model, facts.Component, facts.ComponentState}

// hardwareParts are the lines of "get hardware status" that name a part; USB Flash is a drive that somebody has plugged in. The
// network chips are left out, of which there is a line each and no name.
var hardwareParts = map[string]bool{
	"asic version": true, "cpu": true, "compact flash": true, "hard disk": true, "usb flash": true, "emmc": true, "nand flash": true,
	"nvme": true, "ssd": true,
}

// readHardware reads "get hardware status".
//
//	Model name: FortiGate-60F
//	ASIC version: SOC4
//	EMMC: 3662 MB(MLC) /dev/mmcblk0
//	USB Flash: not available
func readHardware(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	used := map[string]int{}
	for n, line := range reply.Lines() {
		m := pairLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		name, value := strings.ToLower(m[1]), m[2]
		switch {
		case name == "model name":
			r.Add(n, facts.Model, "", value)
		case !hardwareParts[name]:
		case strings.EqualFold(value, "not available"):
			r.Add(n, facts.ComponentState, name, value)
		default:
			if used[name]++; used[name] > 1 { // the same name for each of several disks
				name = fmt.Sprintf("%s %d", name, used[name])
			}
			r.Add(n, facts.Component, name, value)
		}
	}
	if !r.Has(facts.Model, "") {
		r.Problem("no model name in the reply")
	}
	return r.Done()
}
