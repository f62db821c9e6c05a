package compare

import (
	"fmt"
	"slices"
	"strings"

	"trueboot/facts"
)

var guestEnvironments = Rule{
	Control:  "NDI-PK-05",
	Name:     "guest-environments",
	Title:    "Guest shells, containers, third-party code",
	Pillar:   "F/C",
	Severity: High,
	ATTACK:   []string{"T1610", "T1059.008"},
	Guidance: []string{iosXEForensics, nxosForensics, visibility2024},
	Checks:   "No guest shell, container or virtual service runs and no shell of the system below is open that was not approved.",
	Evidence: "show app-hosting list on IOS XE; show feature and show virtual-service list on NX-OS; the sections of the configuration that switch guests on.",
	Attacker: "Runs tools in a guest shell, where the network system's own log does not look. One who reached the system below can run them without switching anything on.",
	Next:     "Stop the guest after a copy of it was kept for examination; find out who switched it on.",
	Manual:   "Where the shell of the system below may be used, list its processes and files beside what the command line shows; a difference is a finding.",
	check:    checkGuestEnvironments,
}

// shells are the features that open the system below, as NX-OS names them.
var shells = []string{"bash-shell", "guestshell", "docker", "container-tracker"}

func checkGuestEnvironments(j *judgement) []Finding {
	var found []Finding
	var steady []facts.Fact
	borne := func(f facts.Fact) bool {
		return slices.ContainsFunc(j.approved.find(f.Kind, f.Subject), func(a facts.Fact) bool { return a.Value == f.Value })
	}
	for _, f := range slices.Concat(j.observed.all(facts.GuestApplication), j.observed.all(facts.Feature)) {
		name, _, _ := strings.Cut(f.Subject, " instance ")
		switch {
		case f.Kind == facts.Feature && !slices.Contains(shells, name):
		case f.Subject == "" || f.Kind == facts.Feature && f.Value != "enabled" || borne(f):
			steady = append(steady, f)
		case j.Approved == nil:
			found = append(found, notAssessed(f.Subject, facts.NoBaseline, fmt.Sprintf("%s is %s; nobody approved that", describe(f), quote(f.Value))))
		default:
			found = append(found, failed(f.Subject, fmt.Sprintf("%s is %s, which was not %s", describe(f), quote(f.Value), j.approvedOn()), f))
		}
	}
	for _, f := range j.traits(facts.TraitGuest) {
		switch {
		case j.borne(f.Subject):
			steady = append(steady, f)
		case j.Approved == nil:
			found = append(found, notAssessed(f.Subject, facts.NoBaseline, fmt.Sprintf("%s switches a guest on; nobody approved that", quote(f.Subject))))
		default:
			found = append(found, failed(f.Subject, fmt.Sprintf("%s switches a guest on, which was not %s", quote(f.Subject), j.approvedOn()), f))
		}
	}
	if section, ok := j.section(facts.TopicGuests); ok {
		steady = append(steady, section)
	}
	switch {
	case len(found) > 0:
		return found
	case len(steady) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.GuestApplication})}
	}
	if unread := j.unread(facts.GuestApplication, facts.Feature); len(unread) > 0 {
		return unread
	}
	f := ruled("none but those approved", passed("", "no guest environment runs that was not approved", steady...))
	f.ResidualRisk = "Who reached the system below the command line can run programs that nothing here lists."
	return []Finding{f}
}
