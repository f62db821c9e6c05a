// Package testdata holds what devices said, by platform, and what is to be read from it. The tests find the captures by their place;
// the demonstration plays two of each platform, which are therefore part of the program.
package testdata

import "embed"

// Captures are those that the demonstration plays.
//
//go:embed cisco_iosxr/good cisco_iosxr/older
//go:embed cisco_nxos/good cisco_nxos/older
//go:embed cisco_asa/good cisco_asa/older
//go:embed juniper_junos/router juniper_junos/router-older
//go:embed arista_eos/leaf arista_eos/leaf-other-image
//go:embed aruba_aoscx/good aruba_aoscx/older
//go:embed aruba_aoss/good aruba_aoss/older
//go:embed paloalto_panos/pair paloalto_panos/pair-older
//go:embed fortinet_fortios/branch-firewall fortinet_fortios/branch-firewall-other-partition
//go:embed huawei_vrp/good huawei_vrp/older
//go:embed hpe_comware/good hpe_comware/older
//go:embed f5_tmos/appliance f5_tmos/appliance-other-volume
var Captures embed.FS
