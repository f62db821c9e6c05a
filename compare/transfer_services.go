package compare

import (
	"trueboot/facts"
)

var transferServices = Rule{
	Control:  "NDI-AP-02",
	Name:     "transfer-services",
	Title:    "File-transfer and provisioning services on the device",
	Pillar:   "C",
	Severity: High,
	ATTACK:   []string{"T1542.005", "T1105", "T1190"},
	Guidance: []string{ta16250A, iosXEIntegrity, visibility2024},
	Checks: `The device serves no files without security (TFTP, FTP, RCP), listens for no Smart Install and is not provisioned over the network, and serves web pages and files over SSH only where that was approved.
		The lines are the approved ones.`,
	Evidence: "The sections of the configuration on these services.",
	Attacker: "Fetches the configuration or leaves an image over such a service; CVE-2018-0171 took over switches by Smart Install, CVE-2023-20198 routers by their web pages.",
	Next:     "Switch the service off, or approve it with a reason. To fetch images for NDI-ST-03 a device has to serve them over SSH: approve that line.",
	check:    checkTransferServices,
}

func checkTransferServices(j *judgement) []Finding {
	var found []Finding
	for _, trait := range []struct {
		name     string
		severity Severity
		why      string
	}{
		{facts.TraitServesFiles, High, "files are served without security"},
		{facts.TraitSmartInstall, High, "Smart Install takes images and configurations from anybody"},
		{facts.TraitProvisioning, High, "the device fetches its configuration over the network"},
		{facts.TraitWeb, Medium, "web pages administer the device"},
		{facts.TraitSecureFiles, Low, "files are served over SSH"},
	} {
		found = append(found, j.forbidden(trait.name, trait.severity, trait.why)...)
	}
	return j.sections("file transfer and provisioning", found, facts.TopicTransfer)
}
