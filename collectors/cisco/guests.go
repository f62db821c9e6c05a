package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// App id                                   State
	// guestshell                               RUNNING
	appHostingHeading = collectors.MustCompile(`^App id +State`)
	appHostingRow     = collectors.MustCompile(`^(\S+) +([A-Za-z]+)$`)

	// No App found
	// %Error: IOx is not enabled
	noApplication = collectors.MustCompile(`(?i)^(?:no app(?:lication)?s? found|no virtual services?|.*IOx .*not (?:enabled|running))`)

	// Name                    Status             Package Name
	virtualServiceHeading = collectors.MustCompile(`^Name +Status +Package Name`)
	// guestshell+             Activated          guestshell.ova
	virtualServiceRow = collectors.MustCompile(`^(\S+) +([A-Z][A-Za-z]*(?: [A-Z][a-z]+)?) +(\S+)$`)

	// Feature Name          Instance  State
	featureHeading = collectors.MustCompile(`^Feature Name +Instance +State`)
	// bash-shell             1          disabled
	// bgp                    1          enabled(not-running)
	featureRow = collectors.MustCompile(`^(\S+) +(\d+) +((?:en|dis)abled\S*)$`)
)

// noGuest is the value about nothing of a device that says that it runs no guest.
const noGuest = "none"

// readAppHosting reads "show app-hosting list": the containers of IOS XE, the guest shell among them.
func readAppHosting(reply collectors.Reply) ([]facts.Fact, error) {
	return readGuests(reply, appHostingHeading, appHostingRow)
}

// readVirtualServices reads "show virtual-service list": the containers of NX-OS, the guest shell among them.
func readVirtualServices(reply collectors.Reply) ([]facts.Fact, error) {
	return readGuests(reply, virtualServiceHeading, virtualServiceRow)
}

func readGuests(reply collectors.Reply, heading, row *collectors.Pattern) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		inside bool
		none   int
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch m := row.FindStringSubmatch(text); {
		case heading.MatchString(text):
			inside, none = true, n
		case noApplication.MatchString(text):
			none = n
		case text == "" || strings.HasPrefix(text, "--") || !inside:
		case m == nil:
			r.Problem("line %d: no row of the list: %.80q", n, text)
		default:
			r.Add(n, facts.GuestApplication, m[1], m[2])
		}
	}
	found, err := r.Done()
	switch {
	case len(found) > 0 || err != nil:
	case none > 0:
		r.Add(none, facts.GuestApplication, "", noGuest)
	default:
		r.Problem("no list of applications in the reply")
	}
	return r.Done()
}

// readNXOSFeatures reads "show feature": what is switched on, such as the shell of the system below.
func readNXOSFeatures(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		inside bool
		seen   = map[string]bool{}
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch m := featureRow.FindStringSubmatch(text); {
		case featureHeading.MatchString(text):
			inside = true
		case text == "" || strings.HasPrefix(text, "--"):
		case m != nil:
			// A feature has a row for each instance; the first ones tell whether it is on.
			if name := m[1]; !seen[name] || strings.HasPrefix(m[3], "enabled") {
				state, _, _ := strings.Cut(m[3], "(")
				if m[2] != "1" {
					name += " instance " + m[2]
				}
				seen[m[1]] = true
				r.Add(n, facts.Feature, name, state)
			}
		case inside:
			r.Problem("line %d: no row of the list of features: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no list of features in the reply")
	}
	return r.Done()
}

// [0|install_op_boot]: START Fri Jun 12 21:21:09 Universal 2020
// [1|install_add]: START Mon Mar  1 10:11:12 UTC 2021
var installStart = collectors.MustCompile(`^\[[^|\]]+\|([\w-]+)\]: START +(\S.*)$`)

// readInstallLog reads "show install log": what was added, activated, committed and removed, and when.
func readInstallLog(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	position := 0
	for n, line := range reply.Lines() {
		if m := installStart.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			position++
			r.Add(n, facts.InstallOperation, facts.Place("", position), m[1])
			r.Add(n, facts.InstallTime, facts.Place("", position), strings.Join(strings.Fields(m[2]), " "))
		}
	}
	if r.Empty() {
		r.Problem("no operation in the reply")
	}
	return r.Done()
}
