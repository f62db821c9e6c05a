package platforms

import "trueboot/facts"

// firewalls maps the keys of the expectations for FortiOS and PAN-OS to the fact that holds their value.
var firewalls = map[string]struct {
	kind    facts.Kind
	subject string
}{
	"build":              {facts.BuildID, ""},
	"build_date":         {facts.CompileTime, ""},
	"bios":               {facts.BootLoaderVersion, "BIOS"},
	"firmware_signature": {facts.SignatureDetail, "running firmware signature"},
	"ha_mode":            {facts.Redundancy, "current ha mode"},
	"fips_cc":            {facts.IntegritySetting, "fips-cc mode"},
	"part_number":        {facts.HardwareVersion, ""},
	"family":             {facts.SoftwareImage, ""},
	"peer_software":      {facts.Redundancy, "software version compatibility"},
}
