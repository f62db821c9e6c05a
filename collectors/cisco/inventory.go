package cisco

import (
	"cmp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// NAME: "One port Fastethernet TX", DESCR: "One port Fastethernet TX"
	// Name: "Chassis", DESCR: "ASA 5515-X with SW, 6 GE Data, 1 GE Mgmt, AC"
	inventoryName = collectors.MustCompile(`^(?:NAME|Name): *"(.*?)" *, *DESCR: *"(.*)"$`)

	// PID: NM-1FE-TX=        , VID: 1.0, SN: 7720321
	// PID: ,VID: ,SN:
	inventoryPart = collectors.MustCompile(`^PID: *(.*?) *, *VID: *(.*?) *, *SN: *(.*)$`)

	// NAME: "GigabitEthernet1/1/1", DESCR: "1000BaseSX SFP
	// NAME: Ethernet1/46,  DESCR: CISCO-AVAGO
	inventoryStart = collectors.MustCompile(`^(?:NAME|Name|PID):`)
	inventoryOpen  = collectors.MustCompile(`^(?:NAME|Name): *(?:"(.*?)"|([^",]+?)) *, *DESCR: *"?(.*)$`)
)

// longestPart bounds how much of a part's broken line is put together again.
const longestPart = 1024

var inventoryYields = []facts.Kind{facts.Component, facts.Model, facts.HardwareVersion, facts.SerialNumber}

// readInventory reads "show inventory": two lines for each part. A description with a line end in it makes them more.
func readInventory(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		name  string
		used  = map[string]int{}
		whole string // the line of a part so far, until it is complete
		at    int
	)
	named := func(called, description string) {
		called, description = strings.TrimSpace(called), strings.TrimSpace(description)
		name = numbered(cmp.Or(called, description, "without a name"), used) // the same name for each of several equal parts
		r.Add(at, facts.Component, name, cmp.Or(description, called, "without a description"))
		whole = ""
	}
	give := func() {
		if m := inventoryOpen.FindStringSubmatch(whole); m != nil { // the closing quote is missing, or all are
			named(cmp.Or(m[1], m[2]), m[3])
		} else if whole != "" {
			r.Problem("line %d: not a part: %.80q", at, whole)
		}
		whole = ""
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case inventoryStart.MatchString(text):
			give()
			whole, at = text, n
		case whole == "":
			continue
		case text == "" || len(whole) > longestPart:
			give()
			continue
		default:
			whole += " " + text
		}
		if m := inventoryName.FindStringSubmatch(whole); m != nil {
			named(m[1], m[2])
		} else if m := inventoryPart.FindStringSubmatch(whole); m != nil {
			whole = ""
			if name == "" {
				r.Problem("line %d: a part before its name", n)
				continue
			}
			r.Add(at, facts.Model, name, m[1])
			r.Add(at, facts.HardwareVersion, name, m[2])
			r.Add(n, facts.SerialNumber, name, m[3])
			name = ""
		}
	}
	give()
	if r.Empty() {
		r.Problem("no part in the reply")
	}
	return r.Done()
}
