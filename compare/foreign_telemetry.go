package compare

import (
	"trueboot/facts"
)

var foreignTelemetry = Rule{
	Control:  "NDI-LG-04",
	Name:     "foreign-telemetry",
	Title:    "Flow/telemetry from a different device",
	Pillar:   "L",
	Severity: High,
	ATTACK:   []string{"T1542.005", "T1205"},
	Guidance: []string{aa23270A, visibility2024},
	Checks:   "Another device saw no image-sized transfer to or from this one outside a window, no tunnel from it and no traffic of its own to places where it has no business. A visit alone can't tell.",
	Evidence: `Flow records of a neighbour; TFTP, FTP and SCP servers' logs, which "trueboot watch" reads.`,
	Attacker: "Fetches an image or carries captures away over the device's own address, which its own counters need not show.",
	Next:     "Keep the flow records, and find out what was transferred.",
	Manual:   "Ask the flow collector for traffic from and to the device's addresses since the last good visit: TFTP, FTP, SCP, GRE, IPsec, ICMP without a question.",
	check:    checkForeignTelemetry,
}

func checkForeignTelemetry(j *judgement) []Finding {
	if f, silent := j.silent(); silent {
		return f
	}
	return []Finding{notAssessed("", facts.NotCollected, "no flow records of another device are read")}
}
