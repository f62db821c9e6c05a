package fortinet

import (
	"fmt"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Master: fgt-200d_a, FG200Dxxxxxxxxxx, cluster index = 1
	// Slave : fgt-600e_b, FG6H0Eyyyyyyyyyy, HA cluster index = 0
	// Primary     : FGT-fw-a, FGT40FXXXXXXXXXX, HA cluster index = 1
	memberLine = collectors.MustCompile(`^(?:(Master|Slave|Primary|Secondary|Backup)\s*:\s*)?([^,:]*?)\s*,\s*([^\s,]+)\s*,\s*(?:HA )?cluster index = \d+$`)

	// Master:128 FGT-A            FG300B3907600000 0
	// Slave :100 FGT-B            FG300B3907600001 1
	oldMemberLine = collectors.MustCompile(`^(Master|Slave)\s*:\s*(\d+)\s+(\S+)\s+(\S+)\s+\d+$`)

	// number of member: 2
	memberCount = collectors.MustCompile(`^number of members?: (\d+)$`)

	// vcluster 1: work 169.254.0.2
	clusterHeading = collectors.MustCompile(`^vcluster (\d+): \S`)

	// Master: FG200Dxxxxxxxxxx, operating cluster index = 0
	// Secondary: FG6H0Eyyyyyyyyyy, HA operating index = 1
	// Slave :1 FG300B3907600001
	operatingLine = collectors.MustCompile(`^(Master|Slave|Primary|Secondary|Backup)\s*:\s*(?:\d+\s+)?([^\s,]+)(?:\s*,\s*(?:HA )?operating (?:cluster )?index = \d+)?$`)

	// Master:128 FGT-A            FG300B3907600000 0
	roleStart = collectors.MustCompile(`^(?:Master|Slave|Primary|Secondary|Backup)\s*:`)

	// Configuration Status:
	// HBDEV stats:
	haSection = collectors.MustCompile(`^(HA Health Status|Configuration Status|[A-Za-z][\w ]* (?:stats|selected using)):$`)

	//     FG200Dxxxxxxxxxx(updated 2 seconds ago): in-sync
	//     FG200Dyyyyyyyyyy(updated 5 seconds ago): out-of-sync
	syncLine = collectors.MustCompile(`^([^\s(]+)\(updated \d+ seconds ago\): (\S+)$`)

	// HA Health Status: OK
	// Mode: HA A-P
	// Model: FortiGate-200D
	haPair = collectors.MustCompile(`^(HA Health Status|Model|Mode): *(\S.*)$`)
)

var haYields = []facts.Kind{
	facts.Redundancy, facts.Model, facts.Hostname, facts.SerialNumber, facts.ComponentRole, facts.ComponentState, facts.ComponentPriority,
}

// readHA reads "get system ha status". A member is known by its serial number: two members may have one host name, and
// the index moves with the roles.
func readHA(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		section string
		cluster string
		ills    int
		mode    string
		counted string // members, as the reply itself counts them
		members int
	)
	health := func(n int, text string) {
		subject := "health status"
		if ills++; ills > 1 {
			subject = fmt.Sprintf("health status %d", ills)
		}
		r.Add(n, facts.Redundancy, subject, text)
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "":
			continue
		case line[0] == ' ' || line[0] == '\t': // of a section
			if m := syncLine.FindStringSubmatch(text); m != nil && section == "Configuration Status" {
				r.Add(n, facts.ComponentState, "member "+m[1], m[2])
			} else if section == "HA Health Status" {
				health(n, strings.TrimSuffix(text, ";"))
			}
			continue
		}
		if m := haSection.FindStringSubmatch(text); m != nil {
			section, cluster = m[1], ""
			continue
		}
		section = ""
		if m := memberLine.FindStringSubmatch(text); m != nil {
			members++
			r.Add(n, facts.SerialNumber, "member "+m[3], m[3])
			r.Add(n, facts.Hostname, "member "+m[3], m[2])
			r.Add(n, facts.ComponentRole, "member "+m[3], m[1])
		} else if m := oldMemberLine.FindStringSubmatch(text); m != nil {
			members++
			r.Add(n, facts.SerialNumber, "member "+m[4], m[4])
			r.Add(n, facts.Hostname, "member "+m[4], m[3])
			r.Add(n, facts.ComponentRole, "member "+m[4], m[1])
			r.Add(n, facts.ComponentPriority, "member "+m[4], m[2])
		} else if m := memberCount.FindStringSubmatch(text); m != nil {
			counted = m[1]
		} else if m := clusterHeading.FindStringSubmatch(text); m != nil {
			cluster = m[1]
		} else if m := operatingLine.FindStringSubmatch(text); m != nil && cluster != "" {
			subject := "member " + m[2]
			if cluster != "1" { // each virtual cluster has roles of its own
				subject = "vcluster " + cluster + " " + subject
			}
			if !r.Has(facts.ComponentRole, subject) {
				r.Add(n, facts.ComponentRole, subject, m[1])
			}
		} else if roleStart.MatchString(text) {
			r.Problem("line %d: not a member of the cluster: %.80q", n, text)
		} else if m := haPair.FindStringSubmatch(text); m != nil {
			switch m[1] {
			case "HA Health Status":
				health(n, m[2])
			case "Mode":
				mode = m[2]
				r.Add(n, facts.Redundancy, "operating mode", m[2])
			case "Model":
				if !strings.HasPrefix(m[2], "Forti") {
					continue // up to 5.2 a number: "311"
				}
				r.Add(n, facts.Model, "", m[2])
			}
		}
	}
	switch {
	case mode == "":
		r.Problem("no mode in the reply")
	case members == 0 && !strings.EqualFold(mode, "standalone"):
		r.Problem("the mode is %.40q and no member is listed", mode)
	case counted != "" && counted != strconv.Itoa(members):
		r.Problem("%d members are listed of %s", members, counted)
	}
	return r.Done()
}
