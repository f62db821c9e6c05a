package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// chassisName is what an inventory calls the device as a whole.
//
//	Chassis
//	Rack 0
//	chassis ASR-9006
var chassisName = collectors.MustCompile(`^(?:[Cc]hassis(?: .*)?|Rack 0)$`)

// withChassis states the model and the serial number of the chassis as those of the device too: that is whose they are, whatever
// the row is called. Where several chassis are one device, none of them is it.
func withChassis(read func(collectors.Reply) ([]facts.Fact, error)) func(collectors.Reply) ([]facts.Fact, error) {
	return func(reply collectors.Reply) ([]facts.Fact, error) {
		found, err := read(reply)
		named := map[string]bool{}
		for _, f := range found {
			if chassisName.MatchString(f.Subject) || strings.HasPrefix(f.Subject, "Rack ") {
				named[f.Subject] = true
			}
		}
		if len(named) != 1 {
			return found, err
		}
		for _, f := range found[:len(found):len(found)] {
			if named[f.Subject] && (f.Kind == facts.Model || f.Kind == facts.SerialNumber) && f.Value != "N/A" {
				f.Subject = ""
				found = append(found, f)
			}
		}
		return found, err
	}
}
