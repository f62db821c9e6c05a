package cisco

import (
	"cmp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// NAME: "One port Fastethernet TX", DESCR: "One port Fastethernet TX"
	inventoryName = collectors.MustCompile(`^NAME: *"(.*?)" *, *DESCR: *"(.*)"$`)

	// PID: NM-1FE-TX=        , VID: 1.0, SN: 7720321
	// PID: ,VID: ,SN:
	inventoryPart = collectors.MustCompile(`^PID: *(.*?) *, *VID: *(.*?) *, *SN: *(.*)$`)

	// NAME: "GigabitEthernet1/1/1", DESCR: "1000BaseSX SFP
	inventoryStart = collectors.MustCompile(`^(?:NAME|PID):`)
	inventoryOpen  = collectors.MustCompile(`^NAME: *"(.*?)" *, *DESCR: *"?(.*)$`)
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
	named := func(m []string) {
		name = numbered(cmp.Or(m[1], m[2], "without a name"), used) // the same name for each of several equal parts
		r.Add(at, facts.Component, name, cmp.Or(m[2], m[1], "without a description"))
		whole = ""
	}
	give := func() {
		if m := inventoryOpen.FindStringSubmatch(whole); m != nil { // the closing quote is missing
			named(m)
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
			named(m)
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
