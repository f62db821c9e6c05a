package compare

// The documents that rules cite.
const (
	ndiMethodology   = "NSA, Network Device Integrity Methodology (2016), published by CISA"
	ta16250A         = "US-CERT TA16-250A, The Increasing Threat to Network Infrastructure Devices (2016)"
	aa20245A         = "AA20-245A, Technical Approaches to Uncovering and Remediating Malicious Activity (2020)"
	aa23270A         = "AA23-270A, PRC-Linked Cyber Actors Hide in Router Firmware (2023)"
	visibility2024   = "CISA, NSA, FBI, Enhanced Visibility and Hardening Guidance for Communications Infrastructure (2024)"
	hardening2013    = "NSA, Hardening Network Infrastructure (2013)"
	iosForensics     = "Cisco IOS Software Forensic Data Collection Procedures"
	iosXEForensics   = "Cisco IOS XE Software Forensic Data Collection Procedures"
	iosXEIntegrity   = "Cisco IOS XE Software Integrity Assurance"
	asaForensics     = "Cisco ASA Forensic Data Collection Procedures"
	asaIntegrity     = "Cisco ASA Integrity Assurance"
	nxosForensics    = "Cisco NX-OS Software Forensic Data Collection Procedures"
	iosXRForensics   = "Cisco IOS XR Software Forensic Data Collection Procedures"
	installModel     = "Cisco YANG models, Cisco-IOS-XE-install-oper"
	attackDowngrade  = "MITRE ATT&CK DET0569 / AN1570, Downgrade System Image"
	attackTFTPBoot   = "MITRE ATT&CK DET0582 / AN1603, TFTP Boot"
	attackROMMONkit  = "MITRE ATT&CK DET0175 / AN0497, ROMMONkit"
	attackPatchImage = "MITRE ATT&CK DET0469 / AN1293, Patch System Image"
	arcaneDoor       = "CISA ED 25-03 and UK NCSC, RayInitiator & LINE VIPER (2025)"
)
