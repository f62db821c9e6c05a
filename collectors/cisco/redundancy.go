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
	facts.Redundancy, facts.ComponentState, facts.ComponentRole, facts.ComponentVersion, facts.ComponentImage, facts.BootVariable,
	facts.ConfigRegister, facts.StartupSource, facts.CompileTime,
}

// readRedundancy reads "show redundancy": what each of two processors runs and will boot.
// It is often the only place where the standby's own values stand.
func readRedundancy(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject string // the processor whose section this is
		image   string // the value of Image Version, joined: narrow terminals wrap it
		imageAt int
	)
	endImage := func() {
		if image == "" || subject == "" {
			return
		}
		// The wrap cuts inside words: "12.2(20)EWA(3" and " .92)".
		if m := redundantImage.FindStringSubmatch(image); m != nil {
			r.Add(imageAt, facts.ComponentImage, subject, m[1])
			r.Add(imageAt, facts.ComponentVersion, subject, m[2])
		} else {
			r.Problem("line %d: image version %.120q", imageAt, image)
		}
		image = ""
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := redundancyField.FindStringSubmatch(text)
		if m == nil {
			switch {
			case image != "" && (strings.HasPrefix(text, "IOS (tm)") || !strings.Contains(image, "Version ")):
				image += " " + text
			case image != "" && strings.HasPrefix(text, "."):
				image += text
			case image != "":
				endImage()
			}
			continue
		}
		endImage()
		name, value := m[1], strings.TrimSpace(m[2])
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
		case "Image Version":
			image, imageAt = value, n
		case "BOOT":
			addBootList(&r, n, facts.BootVariable, subject, value)
		case "CONFIG_FILE":
			r.Add(n, facts.StartupSource, subject, value)
		case "Configuration register":
			r.Add(n, facts.ConfigRegister, subject, strings.ToLower(value))
		}
	}
	endImage()
	if r.Empty() {
		r.Problem("no redundancy state in the reply")
	}
	return r.Done()
}

// redundantImage takes the image and its version out of the joined lines.
//
//	Cisco IOS Software, s2t54 Software (s2t54-ADVENTERPRISEK9-M), Version 15.5(1)SY4, RELEASE SOFTWARE (fc4)
var redundantImage = collectors.MustCompile(`\(([^()\s]+)\), +(?:Experimental )?Version ([^,\s]+)`)
