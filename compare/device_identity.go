package compare

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"trueboot/facts"
)

var deviceIdentity = Rule{
	Control:  "NDI-HW-01",
	Name:     "device-identity",
	Title:    "Device is the device",
	Pillar:   "H",
	Severity: High,
	ATTACK:   []string{"T1195.003", "T1601"},
	Guidance: []string{ta16250A, visibility2024},
	Checks: `Host name, model, serial number and base MAC address of the chassis and of every component that runs
		software (stack member, supervisor, routing engine), and the SSH host key, equal what was approved. Other parts
		(power supplies, line cards, transceivers) are not looked at. A device that states neither serial number nor
		address can't be told from another.`,
	Evidence: "What the platform says about itself, such as show version, show inventory, show chassis hardware; the host key comes from the SSH handshake.",
	Attacker: `Swaps hardware, or answers in the device's place with a look-alike. A replaced operating system
		often brings a new host key. A proxy that passes the genuine device's replies on is noticed by the host key alone.`,
	Next:  "Compare serial numbers with the label on the device and the host key with the console; then approve, or isolate the device.",
	check: checkDeviceIdentity,
}

func checkDeviceIdentity(j *judgement) []Finding {
	var found []Finding
	for _, g := range j.observed.Gaps {
		if g.Reason == facts.HostKeyChanged {
			f := failed("host key", "the SSH host key is not the known one, so nobody logged in: "+explain(g))
			f.Tier = facts.E1
			found = append(found, f)
		}
	}
	kinds := []facts.Kind{facts.SerialNumber, facts.Model, facts.BaseMAC, facts.Hostname, facts.HostKey}
	if j.Approved == nil {
		return append(found, j.noBaseline(kinds...))
	}
	var equal []facts.Fact
	var counts []string
	for _, kind := range kinds {
		same, about := equalText, j.isMember
		switch kind {
		case facts.BaseMAC:
			same = equalMAC
		case facts.HostKey:
			about = nil
		}
		d := j.deviations(kind, same, about)
		for _, c := range d.changed {
			found = append(found, j.identityChanged(c))
		}
		for _, a := range d.missing {
			found = append(found, j.identityMissing(a, d.added))
		}
		for _, o := range d.added {
			if kind == facts.HostKey && len(d.missing) > 0 {
				continue // told with the key that it takes the place of
			}
			found = append(found, j.identityAdded(o))
		}
		for _, o := range d.unknown {
			// A kind that was never approved says nothing more about a device that the others identify.
			if len(j.approved.all(kind)) > 0 {
				found = append(found, notAssessed(factSubject(o), facts.NoBaseline,
					fmt.Sprintf("%s is %s; none was %s", describe(o), quote(o.Value), j.approvedOn())))
			}
		}
		if len(d.equal) > 0 {
			equal = append(equal, d.equal...)
			counts = append(counts, count(len(distinctSubjects(d.equal)), string(kind)))
		}
	}
	if len(found) == 0 {
		found = j.unread(kinds...)
	}
	switch {
	case len(found) > 0:
		return found
	case len(equal) == 0:
		return []Finding{j.unstated("", facts.Fact{Kind: facts.SerialNumber})}
	case !hasKind(equal, facts.SerialNumber) && !hasKind(equal, facts.BaseMAC): // a virtual device may have no serial number
		return []Finding{j.unapproved("", "neither a serial number nor a base MAC address was approved, and a name alone does not tell one device from another", facts.SerialNumber, facts.BaseMAC)}
	}
	message := fmt.Sprintf("the device is the approved one: %s, all %s", strings.Join(counts, ", "), j.unchanged())
	return []Finding{j.against(equal[0].Value, passed("", message, equal...))}
}

func (j *judgement) identityChanged(c change) Finding {
	message := fmt.Sprintf("%s is %s; %s: %s", describe(c.observed), quote(c.observed.Value), j.approvedOn(), quote(c.approved.Value))
	f := failed(factSubject(c.observed), message, c.observed)
	if c.observed.Kind == facts.Hostname {
		f.Severity = Medium
	}
	return j.against(c.approved.Value, f)
}

// identityMissing judges an approved fact that is not stated any more: its component is gone, or the device
// presents another type of key, or it just did not say.
func (j *judgement) identityMissing(a facts.Fact, added []facts.Fact) Finding {
	switch {
	case a.Kind == facts.HostKey && len(added) > 0:
		message := fmt.Sprintf("the device presents a host key of type %s instead of the %s key %s",
			quote(added[0].Subject), quote(a.Subject), j.approvedOn())
		return j.against(a.Value, failed(factSubject(a), message, added[0]))
	case a.Subject != "" && j.observed.answered(a.Command) && !j.mentions(a.Subject):
		message := fmt.Sprintf("%s, with %s %s %s, is gone: no reply names it", quote(a.Subject), a.Kind, quote(a.Value), j.approvedOn())
		f := failed(factSubject(a), message)
		f.Tier = a.Tier
		return j.against(a.Value, f)
	}
	return j.unstated(factSubject(a), a)
}

func (j *judgement) identityAdded(o facts.Fact) Finding {
	message := fmt.Sprintf("%s is %s; nothing of the kind was %s", describe(o), quote(o.Value), j.approvedOn())
	return failed(factSubject(o), message, o)
}

// isMember reports whether a fact is about the device itself or a component that runs software of its own,
// and not about one of the many parts (power supplies, transceivers) that an inventory lists.
func (j *judgement) isMember(f facts.Fact) bool {
	if f.Subject == "" || strings.HasSuffix(f.Subject, "processor board") || chassis.MatchString(f.Subject) {
		return true
	}
	for _, v := range []*visit{j.approved, j.observed} {
		for _, kind := range []facts.Kind{facts.ComponentVersion, facts.ComponentRole} {
			// The inventory of IOS XR says 0/RP0 for the card on which 0/RP0/CPU0 runs.
			if slices.ContainsFunc(v.all(kind), func(c facts.Fact) bool {
				return c.Subject == f.Subject || strings.HasPrefix(c.Subject, f.Subject+"/CPU")
			}) {
				return true
			}
		}
	}
	return false
}

// chassis are the names that inventories give to the device as a whole.
//
//	NAME: "Rack 0", DESCR: "NCS 5500 series 8 slot single chassis"
var chassis = regexp.MustCompile(`^(?i:chassis|rack)(?: \d+)?$`)

// mentions reports whether any fact of this visit is about the component.
func (j *judgement) mentions(component string) bool {
	for _, f := range j.Observed.Facts {
		if f.Subject == component {
			return true
		}
	}
	return false
}

// equalMAC compares addresses by their digits: one device prints 00:24:f7:dd:77:00 and 0024.f7dd.7700.
func equalMAC(a, b string) bool {
	strip := strings.NewReplacer(":", "", ".", "", "-", "")
	return strings.EqualFold(strip.Replace(a), strip.Replace(b))
}

func distinctSubjects(all []facts.Fact) map[string]bool {
	subjects := map[string]bool{}
	for _, f := range all {
		subjects[f.Subject] = true
	}
	return subjects
}

func hasKind(all []facts.Fact, kind facts.Kind) bool {
	for _, f := range all {
		if f.Kind == kind {
			return true
		}
	}
	return false
}
