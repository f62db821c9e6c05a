package huawei

import (
	"maps"
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Slot ID   Times   Reboot Type                       Reboot Time(DST)
	rebootHeading = collectors.MustCompile(`^Slot(?: ID)? +Times +Reboot Type`)

	// 0         5       MANUAL                            2013/11/11 15:15:13
	rebootRow = collectors.MustCompile(`^(\d+(?:/\d+)?) +\d+ +(\S.*?) +(\d{4}[/-]\d{2}[/-]\d{2} +\d{2}:\d{2}:\d{2})(?:\S*| *\(?DST\)?)$`)

	// The MPU frame[0] board[7]'s reset total 10, detailed information:
	// The slot 3 reset total 3, detailed information:
	resetHeading = collectors.MustCompile(`^The .*?(?:board\[|slot )(\d+(?:/\d+)?)\]?(?:'s)? reset total`)

	// --    1. 2010/12/17   17:43:52, Reset No.: 10
	resetRow = collectors.MustCompile(`^-* *\d+\. *(\d{4}[/-]\d{2}[/-]\d{2} +\d{2}:\d{2}:\d{2})`)

	//          Reason: Reset for power off
	resetReason = collectors.MustCompile(`^Reason *: *(\S.*?)\.?$`)
)

// readReboots reads "display reboot-info" and "display reset-reason", of which the newest entry of each slot is the reason of its
// last reload.
func readReboots(reply collectors.Reply) ([]facts.Fact, error) {
	type reboot struct {
		reason, time string
		line         int
	}
	var (
		r      collectors.Reading
		newest = map[string]reboot{}
		slot   string // of the list that is being read
		time   string
		table  bool
	)
	note := func(slot string, b reboot) {
		// The times have one form in a reply, in which text and time have one order.
		b.time = strings.Join(strings.Fields(b.time), " ")
		if last, ok := newest[slot]; !ok || b.time > last.time {
			newest[slot] = b
		}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if rebootHeading.MatchString(text) {
			table = true
		} else if m := rebootRow.FindStringSubmatch(text); m != nil && table {
			note("slot "+m[1], reboot{m[2], m[3], n})
		} else if m := resetHeading.FindStringSubmatch(text); m != nil {
			slot, time = "slot "+m[1], ""
		} else if m := resetRow.FindStringSubmatch(text); m != nil && slot != "" {
			time = m[1]
		} else if m := resetReason.FindStringSubmatch(text); m != nil && time != "" {
			note(slot, reboot{m[1], time, n})
			time = ""
		} else if table && strings.Trim(text, "=- ") != "" {
			r.Problem("line %d: not a reboot: %.80q", n, text)
		}
	}
	for _, slot := range slices.Sorted(maps.Keys(newest)) {
		r.Add(newest[slot].line, facts.ReloadReason, slot, newest[slot].reason)
	}
	if r.Empty() {
		r.Problem("no reboot in the reply")
	}
	return r.Done()
}
