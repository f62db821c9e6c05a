package huawei

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// ESN of device: 21500104792SM8504636
// ESN of slot 0: 210235527210E2000218
// ESN of master:030LGK10D1000012
// ESN: 2102359576DMK4000012
var esnLine = collectors.MustCompile(`^(?:The )?(?:ESN|Equipment [Ss]erial [Nn]umber)(?: of (?:the )?([\w/ -]+?))? *: *(\S+)$`)

// readESN reads "display esn" and its older spellings.
func readESN(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := esnLine.FindStringSubmatch(text)
		switch {
		case m != nil:
			of := strings.ToLower(m[1])
			if of == "device" || of == "system" || of == "chassis" {
				of = ""
			}
			r.Add(n, facts.SerialNumber, of, stated(m[2]))
		case strings.HasPrefix(text, "ESN"):
			r.Problem("line %d: no serial number: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no serial number in the reply")
	}
	return r.Done()
}

var manufactureYields = []facts.Kind{facts.SerialNumber, facts.Model}

// readManufacture reads "display device manufacture-info", or the electronic labels of a release that does not have that.
func readManufacture(reply collectors.Reply) ([]facts.Fact, error) {
	if strings.HasPrefix(reply.Command, "display elabel") {
		return readLabels(reply)
	}
	var r collectors.Reading
	for _, w := range readTable(&r, reply) {
		place := w.place()
		r.Add(w.line, facts.SerialNumber, place, stated(w.cells["serial-number"]))
		r.Add(w.line, facts.Model, place, stated(w.cells["type"]))
	}
	if r.Empty() {
		r.Problem("no board in the reply")
	}
	return r.Done()
}

var (
	// [Slot_1]
	// [BackPlane_0]
	// [Port_XGigabitEthernet0/0/1]
	// [Main_Board]
	labelHeading = collectors.MustCompile(`^\[([A-Za-z][^\]]*)\]$`)

	// BoardType=CE6850-48S4Q-EI
	// BarCode=210235527210D9000070
	labelField = collectors.MustCompile(`^(BoardType|BarCode) *= *(\S.*)?$`)
)

// readLabels reads "display elabel". A block belongs to the slot whose heading came last, save for what has a place of its own in the
// chassis.
func readLabels(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r    collectors.Reading
		slot string
		part string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := labelHeading.FindStringSubmatch(text); m != nil {
			sort, number, _ := strings.Cut(m[1], "_")
			switch strings.ToLower(sort) {
			case "slot":
				slot = "slot " + number
				part = slot
			case "backplane":
				slot = ""
				part = strings.TrimSpace("backplane " + number)
			case "main", "board properties", "rack", "subrack":
				// The block of the board itself, or a heading above the slots.
			case "port", "subslot", "card", "optical module":
				part = strings.TrimSpace(slot + " " + strings.ToLower(sort) + " " + number)
			default:
				part = strings.TrimSpace(slot + " " + splitNumber(strings.ReplaceAll(m[1], "_", " ")))
			}
		} else if m := labelField.FindStringSubmatch(text); m != nil {
			kind := facts.SerialNumber
			if m[1] == "BoardType" {
				kind = facts.Model
			}
			r.Add(n, kind, part, stated(strings.TrimSpace(m[2])))
		}
	}
	if r.Empty() {
		r.Problem("no label in the reply")
	}
	return r.Done()
}

// System bridge MAC address: 4c1f-cc12-3456
var macLine = collectors.MustCompile(`^(?i:system(?: bridge)? mac address) *: *([0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4})\.?$`)

// readBridgeMAC reads "display bridge mac-address".
func readBridgeMAC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := macLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.BaseMAC, "", m[1])
		}
	}
	if r.Empty() {
		r.Problem("no MAC address in the reply")
	}
	return r.Done()
}
