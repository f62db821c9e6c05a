package compare

// techniques names the ATT&CK techniques (Enterprise v18.1) that rules cite. Ids are data: the
// catalogue renumbers now and then, and stored findings keep the id of their time.
var techniques = map[string]string{
	"T1195.003": "Supply Chain Compromise: Compromise Hardware Supply Chain",
	"T1495":     "Firmware Corruption",
	"T1529":     "System Shutdown/Reboot",
	"T1542":     "Pre-OS Boot",
	"T1542.001": "Pre-OS Boot: System Firmware",
	"T1542.004": "Pre-OS Boot: ROMMONkit",
	"T1542.005": "Pre-OS Boot: TFTP Boot",
	"T1562":     "Impair Defenses",
	"T1600":     "Weaken Encryption",
	"T1601":     "Modify System Image",
	"T1601.001": "Modify System Image: Patch System Image",
	"T1601.002": "Modify System Image: Downgrade System Image",
}

// TechniqueName returns the name of an ATT&CK technique that a rule cites.
func TechniqueName(id string) (string, bool) {
	name, ok := techniques[id]
	return name, ok
}
