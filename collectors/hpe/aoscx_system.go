package hpe

import (
	"regexp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var aoscxSystemYields = []facts.Kind{facts.Hostname, facts.Model, facts.SerialNumber, facts.BaseMAC, facts.RunningVersion, facts.Uptime}

// readAOSCXSystem reads "show system".
func readAOSCXSystem(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		m := aoscxField.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || m[2] == "" {
			continue
		}
		switch m[1] {
		case "Hostname":
			r.Add(n, facts.Hostname, "", m[2])
		case "Product Name":
			r.Add(n, facts.Model, "", m[2])
		case "Chassis Serial Nbr", "Serial Nbr", "Serial Number":
			r.Add(n, facts.SerialNumber, "", m[2])
		case "Base MAC Address":
			r.Add(n, facts.BaseMAC, "", m[2])
		case "ArubaOS-CX Version", "AOS-CX Version":
			addAOSCXVersion(&r, n, m[2])
		case "Up Time":
			addUptime(&r, n, "", m[2])
		}
	}
	if !r.Has(facts.SerialNumber, "") {
		r.Problem("no serial number in the reply")
	}
	if !r.Has(facts.Uptime, "") {
		r.Problem("no uptime in the reply")
	}
	return r.Done()
}

var modulesYields = []facts.Kind{facts.Model, facts.Component, facts.SerialNumber, facts.ComponentState, facts.ComponentRole}

// tableRuler is the line of dashes below the heading of a table; each run of them is as wide as its column.
//
//	---- ------- -------------------------------------- ---------- ----------------
var tableRuler = regexp.MustCompile(`^ *-+(?: +-+)+$`)

var dashes = regexp.MustCompile(`-+`)

// Management Modules
// Line Modules
var modulesHeading = collectors.MustCompile(`^((?:[A-Z]\w+ )+)Modules?$`)

// readAOSCXModules reads "show module": a table for each sort of module.
func readAOSCXModules(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		sort    string
		columns [][]int
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := modulesHeading.FindStringSubmatch(text); m != nil {
			sort, columns = strings.ToLower(m[1])+"module", nil
			continue
		}
		if tableRuler.MatchString(line) {
			columns = dashes.FindAllStringIndex(line, -1)
			continue
		}
		if text == "" || columns == nil || strings.Trim(text, "=") == "" {
			continue
		}
		cells, ok := cutCells(line, columns)
		if !ok || len(cells) != 5 || sort == "" || cells[0] == "" || strings.Contains(cells[0]+cells[1]+cells[3], " ") {
			r.Problem("line %d: not a module: %.80q", n, text)
			continue
		}
		place := sort + " " + cells[0]
		r.Add(n, facts.Model, place, cells[1])
		r.Add(n, facts.Component, place, cells[2])
		r.Add(n, facts.SerialNumber, place, cells[3])
		r.Add(n, facts.ComponentState, place, cells[4])
		// Active (local)
		if role, _, _ := strings.Cut(cells[4], " "); role == "Active" || role == "Standby" {
			r.Add(n, facts.ComponentRole, place, role)
		}
	}
	if r.Empty() {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

// cutCells cuts a row where the columns are. It returns false where a word stands across two columns. The last column is as wide
// as the line.
func cutCells(line string, columns [][]int) ([]string, bool) {
	cells := make([]string, len(columns))
	for i, c := range columns {
		from, to := min(c[0], len(line)), len(line)
		if i+1 < len(columns) {
			to = min(columns[i+1][0], len(line))
			if to < len(line) && to > 0 && line[to-1] != ' ' {
				return nil, false
			}
		}
		cells[i] = strings.TrimSpace(line[from:to])
	}
	return cells, true
}

var (
	// Current Boot, up for 22 hrs 12 mins 22 secs
	currentBoot = collectors.MustCompile(`^Current Boot\b`)

	// Index : 2
	bootIndex = collectors.MustCompile(`^Index *: *\d+$`)

	// 07 Aug 18 16:28:01 : Reboot requested through database
	bootEvent = collectors.MustCompile(`^\d{1,2} [A-Z][a-z]{2} \d{2,4} \d{2}:\d{2}:\d{2} *: *(\S.*)$`)
)

// readAOSCXBootHistory reads "show boot-history" of the active management module: newest first, what ended each boot. The current
// boot has not ended, so the one before it says why the device was reloaded.
func readAOSCXBootHistory(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		entries int
		current bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case bootIndex.MatchString(text):
			entries++
		case currentBoot.MatchString(text):
			current = true
		case bootEvent.MatchString(text):
			if entries == 2 && !r.Has(facts.ReloadReason, "") {
				r.Add(n, facts.ReloadReason, "", bootEvent.FindStringSubmatch(text)[1])
			}
		}
	}
	if !current {
		r.Problem("no current boot in the reply")
	}
	return r.Done()
}
