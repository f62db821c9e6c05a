package hpe

import (
	"strings"
	"unicode/utf8"

	"trueboot/collectors"
	"trueboot/facts"
)

var manuinfoYields = []facts.Kind{facts.Model, facts.SerialNumber, facts.BaseMAC}

var (
	//  Slot 1 CPU 0:
	// Chassis self
	//  Chassis 1
	// Subslot 3:
	// Power 0:
	// Chassis 1 Slot 0 CPU 0:
	manuinfoHeading = collectors.MustCompile(`^(?i)(?:(chassis \d+) +)?(chassis|slot|subslot|fan|power|cpu|mpu|lpu)(?: (\d+|self))?(?: CPU \d+)? *:?$`)

	//  DEVICE_NAME          : LS-12511-X-AC
	// DEVICE_SERIAL_NUMBER:219801A2X08218E0000M
	// MANU SERIAL NUMBER   : CN43GG2004
	manuinfoField = collectors.MustCompile(`^(DEVICE_NAME|DEVICE_SERIAL_NUMBER|MANU SERIAL NUMBER|MAC_ADDRESS|PRODUCT[ _]ID|MANUFACTURING_DATE|VENDOR_NAME|DEVICE_ID) *:(.*)$`)

	// Failed to display the manufacture information of the specified fan.
	manuinfoFailed = collectors.MustCompile(`^(?i:failed to display)`)
)

// readManuinfo reads "display device manuinfo". A part is called after the chassis and the slot that it is in; the fans and power
// supplies of a chassis are in no slot.
func readManuinfo(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		chassis string // "chassis 1" where there are several
		modular bool
		slot    string
		subject string
		minor   bool // a fan or a power supply
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := manuinfoHeading.FindStringSubmatch(text); m != nil {
			sort, number := strings.ToLower(m[2]), strings.ToLower(m[3])
			if minor = false; m[1] != "" {
				modular, chassis = true, strings.ToLower(m[1])
			}
			switch {
			case sort == "chassis" && number == "self":
				modular, slot, subject = true, "", chassis
			case sort == "chassis":
				modular, chassis, slot = true, strings.TrimSpace(sort+" "+number), ""
				subject = chassis
			case sort == "fan" || sort == "power":
				minor = true
				if modular {
					slot = ""
				}
				subject = strings.TrimSpace(chassis + " " + slot + " " + sort + " " + number)
			case sort == "subslot" || sort == "cpu":
				subject = strings.TrimSpace(chassis + " " + slot + " " + sort + " " + number)
			default:
				slot = "slot " + number
				subject = strings.TrimSpace(chassis + " " + slot)
			}
			subject = strings.Join(strings.Fields(subject), " ")
		} else if m := manuinfoField.FindStringSubmatch(text); m != nil {
			value, ok := filled(m[2])
			if !ok {
				r.Problem("line %d: %s of %q is no text", n, m[1], subject)
				continue
			}
			switch m[1] {
			case "DEVICE_NAME":
				r.Add(n, facts.Model, subject, value)
			case "DEVICE_SERIAL_NUMBER", "MANU SERIAL NUMBER":
				r.Add(n, facts.SerialNumber, subject, value)
			case "MAC_ADDRESS":
				r.Add(n, facts.BaseMAC, subject, value)
			}
		} else if manuinfoFailed.MatchString(text) && !minor {
			r.Problem("line %d: %.80q about %q", n, text, subject)
		}
	}
	if r.Empty() {
		r.Problem("no part in the reply")
	}
	return r.Done()
}

// filled returns the value of a field, "" where the field says that there is none. A field that was never written is full of 0xFF
// bytes.
func filled(value string) (string, bool) {
	value = strings.TrimSpace(value)
	for strings.HasSuffix(value, "\xff") {
		value = strings.TrimSuffix(value, "\xff")
	}
	if strings.EqualFold(value, "none") || strings.EqualFold(value, "null") {
		return "", true
	}
	return value, utf8.ValidString(value)
}
