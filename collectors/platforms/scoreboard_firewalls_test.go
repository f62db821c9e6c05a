package platforms

import (
	"fmt"
	"slices"

	"trueboot/facts"
)

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

// comparePartitions compares the rows of a table of partitions.
func comparePartitions(found []facts.Fact, want []any) string {
	for _, w := range want {
		row := w.(map[string]any)
		for key, kind := range map[string]facts.Kind{"version": facts.Partition, "state": facts.PartitionState} {
			if got := values(found, kind, is(row["name"].(string))); !slices.Contains(got, row[key].(string)) {
				return fmt.Sprintf("missing or wrong: %s of %s is %q, want %q", key, row["name"], got, row[key])
			}
		}
	}
	return ""
}
