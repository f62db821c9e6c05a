package envelope

import (
	"strings"

	"trueboot/alerts"
)

// Header tells whether what stands before a message in a text can be its header and nothing else: a PRI, a stamp, a host, and one tag at
// most. A reader that looks for its own mark within a line asks this first, since a user name that somebody tried may read like any mark:
//
//	sshd[7]: Invalid user CEF:0|Cisco|ASA||111010|… from 10.6.6.6
//
// Where the envelope has taken a tag off already, nothing may be left of a header.
func Header(before string, r *alerts.Record) bool {
	before = strings.TrimSpace(before)
	if before == "" {
		return true
	}
	if len(before) > 512 || r.Fields.Has(alerts.Process) {
		return false
	}
	// The tag is the last word, and has the only colon with a blank behind it.
	before = strings.TrimSuffix(before, ":")
	return !strings.Contains(before, ": ")
}
