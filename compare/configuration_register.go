package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trueboot/facts"
)

var configurationRegister = Rule{
	Control:  "NDI-BC-03",
	Name:     "configuration-register",
	Title:    "Configuration register",
	Pillar:   "H",
	Severity: High,
	ATTACK:   []string{"T1542", "T1601"},
	Guidance: []string{iosXEIntegrity, asaIntegrity},
	Checks: `The configuration register now and the one for the next reload equal each other and what was approved,
		on the active processor and on every other one. A register that is to change at the next reload is a
		FAIL even when the current value is right and even if it was approved. Without a baseline, one that skips the startup
		configuration or does not boot is a FAIL (medium).`,
	Evidence: "show version (last line), show bootvar, show redundancy. Only Cisco's systems other than NX-OS have such a register.",
	Attacker: `Sets 0x2142 to boot without the startup configuration, 0x2100 to stop in ROMMON, or a boot field of 0
		to boot by hand or over the network, and waits for a reload. Setting it back afterwards leaves no trace here; see NDI-RN-05.`,
	Next:  "Ask who set it (AAA accounting: config-register); set the approved value back before anybody reloads the device.",
	check: checkConfigurationRegister,
}

func checkConfigurationRegister(j *judgement) []Finding {
	kinds := []facts.Kind{facts.ConfigRegister, facts.NextConfigRegister}
	var components []string
	for _, v := range []*visit{j.observed, j.approved} {
		for _, kind := range kinds {
			for _, f := range v.all(kind) {
				if !slices.Contains(components, f.Subject) {
					components = append(components, f.Subject)
				}
			}
		}
	}
	if len(components) == 0 {
		return []Finding{j.unstated("", facts.Fact{Kind: facts.ConfigRegister})}
	}
	var found []Finding
	for _, component := range components {
		found = append(found, j.judgeRegister(component)...)
	}
	return append(found, j.unread(kinds...)...)
}

// judgeRegister judges one processor's register. A reply that states no value for the next reload
// of a standby processor (show redundancy) never did; the approval shows that.
func (j *judgement) judgeRegister(component string) []Finding {
	now, next := j.observed.find(facts.ConfigRegister, component), j.observed.find(facts.NextConfigRegister, component)
	if len(now) == 0 {
		return []Finding{j.unstated(component, firstOr(j.approved.find(facts.ConfigRegister, component), facts.Fact{Kind: facts.ConfigRegister, Subject: component}))}
	}
	stated := slices.Concat(now, next)
	for _, f := range stated {
		if _, ok := register(f.Value); !ok {
			return []Finding{notAssessed(component, facts.ParseIncomplete, fmt.Sprintf("%s is %s, which is no register", describe(f), quote(f.Value)))}
		}
	}
	var found []Finding
	if f, differs := otherValue(now); differs {
		message := fmt.Sprintf("configuration register%s is %s in the reply to %s and %s in the reply to %s",
			of(component), decoded(now[0].Value), quote(now[0].Command), decoded(f.Value), quote(f.Command))
		found = append(found, contradicting(failed(component, message, f, now[0])))
	}
	if i := slices.IndexFunc(next, func(f facts.Fact) bool { return !sameRegister(f.Value, now[0].Value) }); i >= 0 {
		message := fmt.Sprintf("configuration register%s is %s and will be %s at the next reload",
			of(component), decoded(now[0].Value), decoded(next[i].Value))
		found = append(found, ruled(now[0].Value, failed(component, message, next[i], now[0])))
	}
	if j.Approved == nil {
		return append(found, j.registerWithoutBaseline(component, now[0]))
	}
	for _, kind := range []facts.Kind{facts.ConfigRegister, facts.NextConfigRegister} {
		found = append(found, j.registerDeviations(component, kind, len(found) > 0)...)
	}
	switch {
	case len(found) > 0:
		return found
	case len(next) == 0 && component == "":
		return []Finding{j.unstated("", facts.Fact{Kind: facts.NextConfigRegister})}
	}
	words := "now and at the next reload"
	if len(next) == 0 {
		words = "now (the device states no value for its next reload)"
	}
	message := fmt.Sprintf("configuration register%s is %s %s, %s", of(component), decoded(now[0].Value), words, j.unchanged())
	return []Finding{j.against(now[0].Value, passed(component, message, stated...))}
}

// registerDeviations holds one register against its approval. A wrong value for the next reload is
// reported only where nothing else was said about the register: it follows from that.
func (j *judgement) registerDeviations(component string, kind facts.Kind, reported bool) []Finding {
	var found []Finding
	d := j.deviations(kind, sameRegister, func(f facts.Fact) bool { return f.Subject == component })
	for _, c := range d.changed {
		when := ""
		if kind == facts.NextConfigRegister {
			if reported {
				continue
			}
			when = " at the next reload"
		}
		message := fmt.Sprintf("configuration register%s is %s%s; %s: %s",
			of(component), decoded(c.observed.Value), when, j.approvedOn(), decoded(c.approved.Value))
		found = append(found, j.against(c.approved.Value, failed(component, message, c.observed)))
	}
	for _, a := range d.missing {
		found = append(found, j.unstated(component, a))
	}
	for _, o := range slices.Concat(d.added, d.unknown) {
		if kind == facts.ConfigRegister {
			found = append(found, notAssessed(component, facts.NoBaseline,
				fmt.Sprintf("%s is %s; none was %s", describe(o), decoded(o.Value), j.approvedOn())))
		}
	}
	return found
}

// registerWithoutBaseline judges a register that nothing was approved for: one that keeps the device from
// booting its configuration is wrong unless somebody approves it.
func (j *judgement) registerWithoutBaseline(component string, now facts.Fact) Finding {
	if bits, _ := register(now.Value); bits&ignoreStartup != 0 || bits&bootField == 0 {
		message := fmt.Sprintf("configuration register%s is %s, and nobody approved that", of(component), decoded(now.Value))
		return graded(Medium, failed(component, message, now))
	}
	return notAssessed(component, facts.NoBaseline,
		fmt.Sprintf("configuration register%s is %s; nothing is approved to compare it with", of(component), decoded(now.Value)))
}

const (
	bootField     = 0x000f
	ignoreStartup = 0x0040
)

// register reads a configuration register.
func register(value string) (uint16, bool) {
	digits, ok := strings.CutPrefix(value, "0x")
	bits, err := strconv.ParseUint(digits, 16, 16)
	return uint16(bits), ok && err == nil
}

// decoded says what a register's bits do at a reload.
func decoded(value string) string {
	bits, ok := register(value)
	if !ok {
		return quote(value)
	}
	var effects []string
	if bits&ignoreStartup != 0 {
		effects = append(effects, "ignores the startup configuration")
	}
	switch bits & bootField {
	case 0:
		effects = append(effects, "stops in ROMMON")
	case 1:
		effects = append(effects, "boots the default image")
	default:
		effects = append(effects, "boots as the boot variable says")
	}
	return value + " (" + strings.Join(effects, ", ") + ")"
}

// sameRegister compares bits: one device prints 0x102 and 0x0102.
func sameRegister(a, b string) bool {
	x, xOK := register(a)
	y, yOK := register(b)
	return a == b || xOK && yOK && x == y
}

// otherValue returns the first register that is not the first one.
func otherValue(all []facts.Fact) (facts.Fact, bool) {
	for _, f := range all {
		if !sameRegister(f.Value, all[0].Value) {
			return f, true
		}
	}
	return facts.Fact{}, false
}
