package cisco

import (
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

func TestRunningPackages(t *testing.T) {
	const sum, other = "7c91b5b5c5a5f2b1d6d2f3f2e3a9b3c1a9d0e5f1", "1111111111111111111111111111111111111111"
	reply := `Package: Provisioning File, version: n/a, status: active
  File: consolidated:packages.conf, on: RP0
  Built: n/a, by: n/a
  File SHA1 checksum: ` + other + `

Package: rpbase, version: 17.09.04a, status: active
  File: bootflash:isr4300-rpbase.17.09.04a.SPA.pkg, on: RP0
  Built: 2023-10-20_10.44, by: mcpre
  File SHA1 checksum: ` + strings.ToUpper(sum) + `

Package: rpbase, version: 17.09.04a, status: active
  File: bootflash:isr4300-rpbase.17.09.04a.SPA.pkg, on: RP1
  File SHA1 checksum: ` + sum + `

Package: firmware, version: n/a, status: n/a
  File: bootflash:isr4300-firmware.17.09.04a.SPA.pkg, on: RP0
  File SHA1 checksum: n/a
`
	read := func(text string) ([]facts.Fact, error) {
		return readRunningPackages(collectors.Reply{Command: "show version running", Text: text})
	}
	found, err := read(reply)
	if err != nil || len(found) != 2 || found[0].Subject != "packages.conf" || found[0].Line != 4 ||
		found[1].Subject != "isr4300-rpbase.17.09.04a.SPA.pkg" || found[1].Value != "sha1:"+sum || found[1].Line != 9 {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := read(strings.Replace(reply, sum, other, 1)); err == nil {
		t.Error("two checksums of one package are taken")
	}
	if _, err := read("something else\n"); err == nil {
		t.Error("a reply without a package is taken")
	}
	if found, err := read("Package: rpbase, version: 17.09.04a, status: active\n  File SHA1 checksum: " + sum + "\n"); err != nil || len(found) != 0 {
		t.Errorf("a checksum of no file: %+v, %v", found, err)
	}
}
