package compare

// techniques names the ATT&CK techniques (Enterprise v18.1) that rules cite. Ids are data: the
// catalogue renumbers now and then, and stored findings keep the id of their time.
var techniques = map[string]string{
	"T1059.008": "Command and Scripting Interpreter: Network Device CLI",
	"T1070":     "Indicator Removal",
	"T1078":     "Valid Accounts",
	"T1098.004": "Account Manipulation: SSH Authorized Keys",
	"T1105":     "Ingress Tool Transfer",
	"T1136.001": "Create Account: Local Account",
	"T1190":     "Exploit Public-Facing Application",
	"T1195.002": "Supply Chain Compromise: Compromise Software Supply Chain",
	"T1195.003": "Supply Chain Compromise: Compromise Hardware Supply Chain",
	"T1205":     "Traffic Signaling",
	"T1495":     "Firmware Corruption",
	"T1529":     "System Shutdown/Reboot",
	"T1542":     "Pre-OS Boot",
	"T1542.001": "Pre-OS Boot: System Firmware",
	"T1542.004": "Pre-OS Boot: ROMMONkit",
	"T1542.005": "Pre-OS Boot: TFTP Boot",
	"T1556.004": "Modify Authentication Process: Network Device Authentication",
	"T1562":     "Impair Defenses",
	"T1600":     "Weaken Encryption",
	"T1601":     "Modify System Image",
	"T1601.001": "Modify System Image: Patch System Image",
	"T1601.002": "Modify System Image: Downgrade System Image",
	"T1602.001": "Data from Configuration Repository: SNMP (MIB Dump)",
	"T1610":     "Deploy Container",
}

// TechniqueName returns the name of an ATT&CK technique that a rule cites.
func TechniqueName(id string) (string, bool) {
	name, ok := techniques[id]
	return name, ok
}
