package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	//        Last switchover reason = none
	// Configured Redundancy Mode = Stateful Switchover
	redundancyField = collectors.MustCompile(`^([A-Z][A-Za-z_ ]*?)\s*=\s*(.*)$`)

	//                Active Location = slot 1/5
	//               Standby Location = Switch 2
	locationWords = collectors.MustCompile(`^(?i:(slot|switch)) +(\S+)$`)
)

// systemFields are the fields of the first section that say how the processors stand to each other.
var systemFields = map[string]string{
	"Hardware Mode": "hardware mode", "Configured Redundancy Mode": "configured mode", "Operating Redundancy Mode": "operating mode",
	"Last switchover reason": "last switchover reason", "Communications": "communications",
	"Switchovers system experienced": "switchovers",
}

var redundancyYields = []facts.Kind{
	facts.Redundancy, facts.ComponentState, facts.ComponentRole, facts.ComponentVersion, facts.ComponentImage, facts.BootVariable, facts.BootSetting,
	facts.ConfigRegister, facts.NextConfigRegister, facts.StartupSource, facts.CompileTime,
}

// longestValue bounds how much of a broken value is put together again.
const longestValue = 4096

// readRedundancy reads "show redundancy": what each of two processors runs and will boot.
// It is often the only place where the standby's own values stand.
func readRedundancy(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject string // the processor whose section this is
		name    string // the field whose value may go on in the next line
		value   string
		at      int
		broken  bool
	)
	end := func() {
		switch {
		case name == "BOOT":
			addBootList(&r, at, facts.BootVariable, subject, value)
		case name == "Image Version" && subject != "":
			if m := redundantImage.FindStringSubmatch(value); m != nil {
				r.Add(at, facts.ComponentImage, subject, m[1])
				r.Add(at, facts.ComponentVersion, subject, m[2])
			} else {
				r.Problem("line %d: image version %.120q", at, value)
			}
		}
		name = ""
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := redundancyField.FindStringSubmatch(text)
		if m == nil {
			goesOn := broken
			broken = len(line) >= narrowTerminal
			switch {
			case name == "" || len(value) > longestValue:
				end()
			case name == "Image Version" && (strings.HasPrefix(text, "IOS (tm)") || !strings.Contains(value, "Version ")):
				value += " " + text
				continue
			case name == "Image Version" && strings.HasPrefix(text, "."): // cut inside a word: "12.2(20)EWA(3" and " .92)"
				value += text
				continue
			case name == "BOOT" && goesOn && bootRest.MatchString(text):
				value += text
				continue
			default:
				end()
			}
			if m := compiledLine.FindStringSubmatch(text); m != nil && subject != "" {
				r.Add(n, facts.CompileTime, subject, m[1])
			}
			continue
		}
		end()
		name, value, at = m[1], strings.TrimSpace(m[2]), n
		broken = len(line) >= narrowTerminal
		if field, ok := systemFields[name]; ok {
			r.Add(n, facts.Redundancy, field, value)
			continue
		}
		switch name {
		case "Active Location", "Standby Location":
			role, _, _ := strings.Cut(name, " ")
			subject = strings.ToLower(value)
			if l := locationWords.FindStringSubmatch(value); l != nil {
				subject = strings.ToLower(l[1]) + " " + l[2]
			}
			r.Add(n, facts.Redundancy, strings.ToLower(name), value)
			r.Add(n, facts.ComponentRole, subject, role)
		case "Current Software state":
			r.Add(n, facts.ComponentState, subject, value)
		case "CONFIG_FILE":
			r.Add(n, facts.StartupSource, subject, value)
		case "Configuration register":
			if m := registerValue.FindStringSubmatch(value); m == nil {
				r.Problem("line %d: configuration register %.80q", n, value)
			} else if r.Add(n, facts.ConfigRegister, subject, m[1]); m[2] != "" {
				r.Add(n, facts.NextConfigRegister, subject, m[2])
			}
		}
	}
	end()
	if r.Empty() {
		r.Problem("no redundancy state in the reply")
	}
	return r.Done()
}

// registerValue is a configuration register.
//
//	0x2102
//	0x2102 (will be 0x2142 at next reload)
var registerValue = collectors.MustCompile(`^(0x[0-9A-Fa-f]+)(?: \(will be (0x[0-9A-Fa-f]+) at next reload\))?$`)

// redundantImage takes the image and its version out of the joined lines.
//
//	Cisco IOS Software, s2t54 Software (s2t54-ADVENTERPRISEK9-M), Version 15.5(1)SY4, RELEASE SOFTWARE (fc4)
var redundantImage = collectors.MustCompile(`\(([^()\s]+)\), +(?:Experimental )?Version ([^,\s]+)`)
