package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// sup-1
	nxosSupervisor = collectors.MustCompile(`^(sup-\d+)$`)

	// NXOS variable = bootflash:/nxos.9.3.15.bin
	// kickstart variable = bootflash:/n5000-uk9-kickstart.7.1.4.N1.1.bin
	// system variable not set
	nxosBootLine = collectors.MustCompile(`^(NXOS|kickstart|system) variable *(?:= *(.*)|not set)$`)

	// Boot POAP Disabled
	// Boot mode LXC
	// Boot order bootflash pxe
	nxosSettingLine = collectors.MustCompile(`^Boot ([A-Za-z]+)(?: is)?:? +(\S.*)$`)

	// No module boot variable set
	// Module 5
	// asm-sfn variable = bootflash:/m9000-ek9-asm-sfn-mz.3.2.2.bin
	nxosModuleBoot = collectors.MustCompile(`^No module boot variable set|^Module (\d+)$|^(\S+) variable *(?:= *(.*)|not set)$`)
)

// readNXOSBoot reads "show boot". Each supervisor has lists of its own, now and for the next reload, and so has each part of the
// system: "sup-1 kickstart" beside "sup-1", the system.
func readNXOSBoot(reply collectors.Reply) ([]facts.Fact, error) {
	type variable struct {
		list string
		line int
	}
	var (
		r         collectors.Reading
		kind      facts.Kind // of the section
		component string
		module    string
		lists     = map[facts.Kind]int{}
		variables = map[string]variable{} // of the component in this section, by image
	)
	end := func() {
		one, single := variables["NXOS"]
		for _, image := range []string{"NXOS", "system", "kickstart"} {
			v, ok := variables[image]
			if !ok || single && image != "NXOS" && v.list == "" { // what the releases before needed
				continue
			}
			if single && one.list == "" && image == "NXOS" && variables["system"].list != "" {
				continue
			}
			lists[kind]++
			part := component
			if image == "kickstart" {
				part = strings.TrimSpace(component + " kickstart")
			}
			addBootList(&r, v.line, kind, part, v.list)
		}
		clear(variables)
		module = ""
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		switch {
		case text == "":
		case currentHeading.MatchString(text):
			end()
			kind, component = facts.BootVariable, ""
		case nextHeading.MatchString(text):
			end()
			kind, component = facts.NextBootVariable, ""
		case kind == "":
			// Nothing counts before the first heading.
		case nxosSupervisor.MatchString(text):
			end()
			component = text
		case nxosBootLine.MatchString(text):
			m := nxosBootLine.FindStringSubmatch(text)
			if v, ok := variables[m[1]]; ok && v.list != m[2] {
				r.Problem("line %d: a second %s variable: %.80q", n, m[1], m[2])
				continue
			}
			variables[m[1]] = variable{m[2], n}
		case nxosSettingLine.MatchString(text):
			// The settings stand in both sections; those of the next reload are what counts.
			if m := nxosSettingLine.FindStringSubmatch(text); kind == facts.NextBootVariable {
				r.Add(n, facts.BootSetting, strings.TrimSpace(component+" "+strings.ToLower(m[1])), m[2])
			}
		case nxosModuleBoot.MatchString(text):
			m := nxosModuleBoot.FindStringSubmatch(text)
			if m[1] != "" {
				module = "module " + m[1]
			} else if m[2] != "" && kind == facts.NextBootVariable {
				r.Add(n, facts.BootSetting, strings.TrimSpace(component+" "+module)+" "+m[2]+" variable", m[3])
			}
		default:
			r.Problem("line %d: not a boot variable: %.80q", n, text)
		}
	}
	end()
	for _, kind := range []facts.Kind{facts.BootVariable, facts.NextBootVariable} {
		if lists[kind] == 0 {
			r.Problem("no %s in the reply", kind)
		}
	}
	return r.Done()
}
