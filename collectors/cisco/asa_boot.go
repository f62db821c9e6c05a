package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// BOOT variable = disk0:/asa9-16-4-smp-k8.bin
	// Current BOOT variable = disk0:/asa9-16-4-smp-k8.bin;disk0:/asa984-10-smp-k8.bin
	// BOOT variable does not exist
	asaBootLine = collectors.MustCompile(`^(Current )?BOOT variable *(?:= *(.*)|does not exist.*)$`)

	// CONFIG_FILE variable =
	// Current CONFIG_FILE variable = disk0:/alternative.cfg
	asaConfigFileLine = collectors.MustCompile(`^(Current )?CONFIG_FILE variable *(?:= *(\S*)|does not exist.*)$`)
)

var asaBootYields = []facts.Kind{facts.BootVariable, facts.NextBootVariable, facts.BootSetting, facts.StartupSource, facts.NextStartupSource}

// readASABoot reads "show bootvar". What the next reload goes by is the variable that was saved; the current one is that of the running
// configuration. Where the output has one variable, it is both.
func readASABoot(reply collectors.Reply) ([]facts.Fact, error) {
	type value struct {
		text string
		line int
	}
	var (
		r           collectors.Reading
		boot, files = map[string]value{}, map[string]value{} // by "" or "Current "
	)
	note := func(values map[string]value, n int, which, text string) {
		if before, ok := values[which]; ok && before.text != text {
			r.Problem("line %d: a second %sBOOT or CONFIG_FILE variable: %.80q", n, strings.ToLower(which), text)
			return
		}
		values[which] = value{text, n}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := asaBootLine.FindStringSubmatch(text); m != nil {
			note(boot, n, m[1], m[2])
		} else if m := asaConfigFileLine.FindStringSubmatch(text); m != nil {
			note(files, n, m[1], m[2])
		}
	}
	saved, ok := boot[""]
	if !ok {
		r.Problem("no BOOT variable in the reply")
	}
	current, told := boot["Current "]
	if !told {
		current = saved
	}
	if ok {
		addBootList(&r, current.line, facts.BootVariable, "", current.text)
		addBootList(&r, saved.line, facts.NextBootVariable, "", saved.text)
	}
	r.Add(files["Current "].line, facts.StartupSource, "", files["Current "].text)
	r.Add(files[""].line, facts.NextStartupSource, "", files[""].text)
	return r.Done()
}

// asdmLine is the line of the configuration that names the image of the device manager (ASDM). It is Java that administrators
// run on their own computers.
//
//	asdm image disk0:/asdm-791-151.bin
var asdmLine = collectors.MustCompile(`^asdm image +(\S+)$`)

// readASDM reads "show running-config asdm".
func readASDM(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := asdmLine.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.ComponentImage, "asdm", m[1])
		}
	}
	return r.Done() // without the line the device takes the first image that it finds
}

// asaHashable yields what can boot, and the image of the device manager.
func asaHashable(s facts.Set) []string {
	paths := bootable(s)
	if f, ok := s.Find(facts.ComponentImage, "asdm"); ok && strings.Contains(f.Value, ":") && !remote.MatchString(f.Value) {
		paths = append(paths, f.Value)
	}
	return paths
}

// notSigned says why the device can't check a signature.
func notSigned(s facts.Set) string {
	if f, ok := s.Find(facts.Model, ""); ok && strings.HasPrefix(f.Value, "ASAv") {
		return "model " + f.Value + " is virtual: its image carries no signature that it could check"
	}
	return ""
}
