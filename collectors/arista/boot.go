package arista

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var bootYields = []facts.Kind{facts.BootVariable, facts.NextBootVariable, facts.BootSetting}

// bootSetting is a line of the boot configuration.
//
//	Software image: flash:/EOS-4.28.9M.swi
//	Console speed: (not set)
//	Aboot password (encrypted): $1$abcdefgh$0123456789abcdefghijk.
//	Memory test iterations: (not set)
var bootSetting = collectors.MustCompile(`^([A-Z][A-Za-z0-9 ()-]*?):\s*(\S.*)?$`)

// notSet is the value of a setting that has none.
const notSet = "(not set)"

// readBootConfig reads "show boot-config". EOS does not tell what it booted with from what it will boot next, so the image is
// both. Of the boot loader's password it says no more than whether there is one.
func readBootConfig(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	image := false
	add := func(line int, name, value string) {
		name = strings.ToLower(name)
		switch {
		case name == "software image":
			image = true
			if value == "" || value == notSet {
				r.Add(line, facts.BootSetting, string(facts.BootVariable), noImage)
				r.Add(line, facts.BootSetting, string(facts.NextBootVariable), noImage)
				return
			}
			r.Add(line, facts.BootVariable, facts.Place("", 1), value)
			r.Add(line, facts.NextBootVariable, facts.Place("", 1), value)
		case strings.Contains(name, "password"):
			if value != "" && value != notSet {
				value = "set"
			}
			r.Add(line, facts.BootSetting, "aboot password", value)
		default:
			r.Add(line, facts.BootSetting, name, value)
		}
	}
	if isJSON(reply) {
		root, err := parseJSON(reply)
		if err != nil {
			return nil, err
		}
		for _, key := range root.keys {
			if v := root.fields[key]; v.fields == nil && v.items == nil {
				add(v.line, spaced(key), v.text)
			}
		}
	} else {
		for n, line := range reply.Lines() {
			text := strings.TrimSpace(line)
			if m := bootSetting.FindStringSubmatch(text); m != nil {
				add(n, m[1], m[2])
			} else if text != "" {
				r.Problem("line %d: not a setting of the boot: %.80q", n, text)
			}
		}
	}
	if !image {
		r.Problem("no software image in the reply")
	}
	return r.Done()
}

// noImage stands for an empty boot list.
const noImage = "does not exist"

// spaced writes a key of JSON as the text form does: "softwareImage" is "software image".
func spaced(key string) string {
	var b strings.Builder
	for i, c := range key {
		if c >= 'A' && c <= 'Z' && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return strings.ToLower(b.String())
}

// readBootExtensions reads "show boot-extensions": the extensions that are installed at the next boot, one a line.
//
//	EosSdk-1.3.4-4.15.0F.i686.rpm
//	TerminAttr-1.22.1-1.swix force
func readBootExtensions(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	position := 0
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "" || noExtensions.MatchString(text) || strings.HasPrefix(text, "#"):
		case bootExtension.MatchString(text):
			position++
			r.Add(n, facts.PackageFile, "boot-extensions "+strconv.Itoa(position), bootExtension.FindStringSubmatch(text)[1])
		default:
			r.Problem("line %d: not an extension: %.80q", n, text)
		}
	}
	return r.Done()
}

var (
	bootExtension = collectors.MustCompile(`(?i)^(\S+\.(?:swix|rpm|deb|swi))(?:\s+\S+)?$`)

	// No extensions are available
	// No boot extensions
	// % No extensions configured
	noExtensions = collectors.MustCompile(`(?i)^(?:% ?)?(?:there are )?no (?:boot )?extensions?\b`)
)

var (
	// Name                                       Version/Release           Status extension
	// Name             Version/Release      Status      Extension
	extensionsHeading = collectors.MustCompile(`^Name +Version/Release +Status +[Ee]xtension$`)

	// EosSdk-1.3.4-4.15.0F.i686.rpm              1.3.4/2469114.EosSdk1     A, I   1
	// TerminAttr-1.22.1-1.swix                   v1.22.1/1                 A, I, B  1
	// x.rpm                                      unknown/unknown           A, NI  0
	extensionRow = collectors.MustCompile(`^(\S+)\s+(\S+)\s+([A-Z]{1,2}(?:, ?[A-Z]{1,2})*)\s+(\d+)$`)

	// A: available | NA: not available | I: installed | NI: not installed | F: forced
	// B: install at boot
	// S: valid signature | NS: invalid signature
	extensionLegend = collectors.MustCompile(`^[A-Z]{1,2}: [a-z ]+(?: ?\| ?[A-Z]{1,2}: [a-z ]+)*$`)
	bootLegend      = collectors.MustCompile(`(?:^|\| ?)B: install at boot`)
)

// readExtensions reads "show extensions": what is installed now, and whether it will be at the next boot.
func readExtensions(reply collectors.Reply) ([]facts.Fact, error) {
	if isJSON(reply) {
		return readExtensionsJSON(reply)
	}
	type row struct {
		line                  int
		name, version, status string
	}
	var (
		r       collectors.Reading
		rows    []row
		heading int
		told    bool // whether the reply says what is installed at boot
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "" || ruler.MatchString(line):
		case extensionsHeading.MatchString(text):
			heading = n
		case noExtensions.MatchString(text):
			r.Add(n, facts.PackageState, "", noPackage)
			return r.Done()
		case extensionLegend.MatchString(text):
			told = told || bootLegend.MatchString(text)
		default:
			m := extensionRow.FindStringSubmatch(text)
			if m == nil || heading == 0 {
				r.Problem("line %d: not an extension: %.80q", n, text)
				continue
			}
			rows = append(rows, row{n, m[1], m[2], m[3]})
		}
	}
	for _, x := range rows {
		flags := map[string]bool{}
		for flag := range strings.SplitSeq(x.status, ",") {
			flags[strings.TrimSpace(flag)] = true
		}
		r.Add(x.line, facts.Package, x.name, x.version)
		state := extensionState(flags["I"], flags["B"])
		if !told && !flags["B"] || flags["I"] == flags["NI"] {
			state = x.status // what the next boot does is not told
			if flags["NI"] && !flags["I"] {
				state = "inactive"
			}
		}
		r.Add(x.line, facts.PackageState, x.name, state)
	}
	switch {
	case heading == 0:
		r.Problem("no table of extensions in the reply")
	case len(rows) == 0:
		r.Add(heading, facts.PackageState, "", noPackage)
	}
	return r.Done()
}

// noPackage is the state of a device without any.
const noPackage = "none"

// extensionState tells from what is and what will be installed.
func extensionState(installed, atBoot bool) string {
	switch {
	case installed && atBoot:
		return "activated and committed"
	case installed:
		return "activated and uncommitted"
	case atBoot:
		return "deactivated and uncommitted"
	}
	return "inactive"
}

// readExtensionsJSON reads "show extensions | json".
//
//	"extensions": {"x.swix": {"version": "1.22.1", "release": "1", "presence": "present", "status": "installed", "boot": true}}
func readExtensionsJSON(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := parseJSON(reply)
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	all := root.field("extensions")
	if all.fields == nil {
		r.Problem("no extensions in the reply")
		return r.Done()
	}
	for _, name := range all.keys {
		x := all.fields[name]
		status, boot := x.field("status"), x.field("boot")
		version := x.field("version")
		r.Add(version.line, facts.Package, name, version.text)
		installed := status.text == "installed" || status.text == "forceInstalled"
		switch {
		case status.text == "":
			r.Problem("line %d: no status of %.80q", x.line, name)
		case !installed && status.text != "notInstalled":
			r.Add(status.line, facts.PackageState, name, status.text)
		case boot.text == "" && installed:
			r.Add(status.line, facts.PackageState, name, status.text)
		default:
			r.Add(status.line, facts.PackageState, name, extensionState(installed, boot.text == "true"))
		}
	}
	if len(all.keys) == 0 {
		r.Add(all.line, facts.PackageState, "", noPackage)
	}
	return r.Done()
}

var reloadYields = []facts.Kind{facts.ReloadReason, facts.BootTime}

var (
	// Reload Cause 1:
	reloadHeading = collectors.MustCompile(`^Reload Cause (\d+):$`)

	// Reload Time:
	// Recommended Action:
	// Debugging Information:
	reloadPart = collectors.MustCompile(`^(Reload Time|Recommended Action|Debugging Information|Additional Information):$`)

	// Reload occurred at Fri Feb 23 14:18:49 2018 UTC.
	reloadTime = collectors.MustCompile(`^Reload occurred at (.+?)\.?$`)

	// No reload cause information available
	noReloadCause = collectors.MustCompile(`(?i)^(?:% )?(?:no reload cause|reload cause is not available|unknown$)`)
)

// readReloadCause reads "show reload cause". The first cause is the last reload's.
func readReloadCause(reply collectors.Reply) ([]facts.Fact, error) {
	if isJSON(reply) {
		return readReloadCauseJSON(reply)
	}
	var (
		r      collectors.Reading
		cause  string
		part   string
		stated bool // the cause
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := reloadHeading.FindStringSubmatch(text); m != nil {
			cause, part, stated = m[1], "Reload Cause", false
			continue
		}
		if m := reloadPart.FindStringSubmatch(text); m != nil {
			part = m[1]
			continue
		}
		switch {
		case text == "" || ruler.MatchString(line):
		case cause == "" && noReloadCause.MatchString(text):
			r.Add(n, facts.ReloadReason, "", text)
		case cause == "":
			r.Problem("line %d: not a cause of a reload: %.80q", n, text)
		case part == "Reload Cause" && stated:
			// The rest of a long text.
		case part == "Reload Cause":
			stated = true
			r.Add(n, facts.ReloadReason, causeSubject(cause), text)
		case part == "Reload Time":
			if m := reloadTime.FindStringSubmatch(text); m != nil {
				r.Add(n, facts.BootTime, causeSubject(cause), m[1])
			}
		}
	}
	if !r.Has(facts.ReloadReason, "") {
		r.Problem("no cause of a reload in the reply")
	}
	return r.Done()
}

// causeSubject names the causes behind the first.
func causeSubject(number string) string {
	if number == "1" {
		return ""
	}
	return "cause " + number
}

// readReloadCauseJSON reads "show reload cause | json".
//
//	"resetCauses": [{"description": "Reload requested by the user.", "timestamp": 1519395529.0, "recommendedAction": "No action necessary."}]
func readReloadCauseJSON(reply collectors.Reply) ([]facts.Fact, error) {
	root, err := parseJSON(reply)
	if err != nil {
		return nil, err
	}
	var r collectors.Reading
	for i, cause := range root.field("resetCauses").items {
		subject := causeSubject(strconv.Itoa(i + 1))
		r.Add(cause.field("description").line, facts.ReloadReason, subject, cause.field("description").text)
		r.Add(cause.field("timestamp").line, facts.BootTime, subject, cause.field("timestamp").text)
	}
	if !r.Has(facts.ReloadReason, "") {
		r.Problem("no cause of a reload in the reply")
	}
	return r.Done()
}
