package advisories

import "regexp"

// A product is how documents name a system that this program visits.
type product struct {
	vendor, name     *regexp.Regexp
	platform, system string // operating system, where the platform has several
}

// products are in the order in which they are tried: "IOS XE" and "IOS XR" before "IOS".
var products = []product{
	{regexp.MustCompile(`(?i)cisco`), regexp.MustCompile(`(?i)\bIOS[ -]?XE\b`), "cisco_ios", "IOS XE"},
	{regexp.MustCompile(`(?i)cisco`), regexp.MustCompile(`(?i)\bIOS[ -]?XR\b`), "cisco_iosxr", ""},
	{regexp.MustCompile(`(?i)cisco`), regexp.MustCompile(`(?i)\bNX-?OS\b`), "cisco_nxos", ""},
	{regexp.MustCompile(`(?i)cisco`), regexp.MustCompile(`(?i)\bAdaptive Security Appliance\b|\bASA\b`), "cisco_asa", ""},
	{regexp.MustCompile(`(?i)cisco`), regexp.MustCompile(`(?i)\bIOS\b`), "cisco_ios", "IOS"},
	{regexp.MustCompile(`(?i)juniper`), regexp.MustCompile(`(?i)\bJunos\b`), "juniper_junos", ""},
	{regexp.MustCompile(`(?i)arista`), regexp.MustCompile(`(?i)\bEOS\b`), "arista_eos", ""},
	{regexp.MustCompile(`(?i)palo ?alto`), regexp.MustCompile(`(?i)\bPAN-?OS\b`), "paloalto_panos", ""},
	{regexp.MustCompile(`(?i)fortinet`), regexp.MustCompile(`(?i)\bFortiOS\b`), "fortinet_fortios", ""},
	{regexp.MustCompile(`(?i)\bf5\b`), regexp.MustCompile(`(?i)\bBIG-?IP\b|\bTMOS\b`), "f5_tmos", ""},
	{regexp.MustCompile(`(?i)huawei`), regexp.MustCompile(`(?i)\bVRP\b|\b(?:AR|NE|CE|S)\d{3,5}|NetEngine|CloudEngine`), "huawei_vrp", ""},
	{regexp.MustCompile(`(?i)hpe?\b|hewlett|h3c`), regexp.MustCompile(`(?i)\bComware\b`), "hpe_comware", ""},
	{regexp.MustCompile(`(?i)aruba|hpe?\b|hewlett`), regexp.MustCompile(`(?i)\bAOS-?CX\b|\bArubaOS-?CX\b`), "aruba_aoscx", ""},
	{regexp.MustCompile(`(?i)aruba|hpe?\b|hewlett`), regexp.MustCompile(`(?i)\bArubaOS-?Switch\b|\bProCurve\b|\bAOS-?S\b`), "aruba_aoss", ""},
}

// productOf finds the system that a document means; false for one that this program does not visit.
func productOf(vendor, name string) (platform, system string, ok bool) {
	for _, p := range products {
		if p.vendor.MatchString(vendor) && p.name.MatchString(name) {
			return p.platform, p.system, true
		}
	}
	return "", "", false
}
