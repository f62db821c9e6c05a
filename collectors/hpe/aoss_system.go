package hpe

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var aossSystemYields = []facts.Kind{facts.Hostname, facts.RunningVersion, facts.BootLoaderVersion, facts.BaseMAC, facts.SerialNumber, facts.Uptime}

var (
	//  VSF-Member :2
	//  Stack Member :1
	systemMember = collectors.MustCompile(`^(?i:(?:vsf|stack)[- ]member|member) *: *(\d+)$`)

	//   System Name        : HP_Procurve-01
	systemText = collectors.MustCompile(`^System (Name|Contact|Location) *:(?: *(\S.*))?$`)

	//   Software revision  : K.15.06.0017         Base MAC Addr      : 7446a0-41a56f
	//   Firmware revision  : H.10.35              Base MAC Addr      : 0018fe-41a56f
	//   Up Time            : 15 days              Memory   - Total   : 128,380,928
	//   MAC Addr           : a1b2c3-d4e5f0
	systemField = collectors.MustCompile(`^(Software revision|Firmware revision|ROM Version|Up Time|Base MAC Addr|MAC Addr|Serial Number) *: *(\S+(?: \S+)*)(?:  +(Base MAC Addr|Serial Number) *: *(\S+)|  .*)?$`)
)

// readAOSSSystem reads "show system". A field stands left or right; the three lines of free text stand before them all.
func readAOSSSystem(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r      collectors.Reading
		member string
	)
	add := func(n int, name, value string) {
		switch name {
		case "Software revision", "Firmware revision":
			if !aossVersion.MatchString(value) {
				r.Problem("line %d: %.80q is no version of ArubaOS-Switch", n, value)
				return
			}
			r.Add(n, facts.RunningVersion, "", value)
		case "ROM Version":
			component := member
			if component == "" {
				component = "ROM"
			}
			r.Add(n, facts.BootLoaderVersion, component, value)
		case "Up Time":
			addUptime(&r, n, member, value)
		case "Base MAC Addr", "MAC Addr":
			r.Add(n, facts.BaseMAC, member, value)
		case "Serial Number":
			r.Add(n, facts.SerialNumber, member, value)
		}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := systemText.FindStringSubmatch(text); m != nil {
			if m[1] == "Name" {
				r.Add(n, facts.Hostname, "", m[2])
			}
		} else if m := systemMember.FindStringSubmatch(text); m != nil {
			member = "member " + m[1]
		} else if m := systemField.FindStringSubmatch(text); m != nil {
			add(n, m[1], m[2])
			add(n, m[3], m[4])
		}
	}
	if !r.Has(facts.RunningVersion, "") {
		r.Problem("no software revision in the reply")
	}
	return r.Done()
}

var aossModulesYields = []facts.Kind{facts.Model, facts.SerialNumber, facts.ComponentState}

var (
	//   Chassis: 5406zl J8697A         Serial Number:   SG123456
	//   Management Module: J8726A      Serial Number:   ID123
	chassisLine = collectors.MustCompile(`^(Chassis|Management Module|Stacking Module) *: *(\S.*?) +Serial Number *: *(\S*)$`)

	//   Slot  Module Description                                 Serial Number
	slotsHeading = collectors.MustCompile(`^Slot +Module Description`)
)

// readAOSSModules reads "show modules".
func readAOSSModules(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		heading string
		columns [][]int
		serial  int // the columns of the serial number and the status
		status  int
		member  string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := chassisLine.FindStringSubmatch(text); m != nil {
			subject := ""
			if m[1] != "Chassis" {
				subject = strings.ToLower(m[1])
			}
			subject = strings.TrimSpace(member + " " + subject)
			r.Add(n, facts.Model, subject, m[2])
			r.Add(n, facts.SerialNumber, subject, m[3])
			columns = nil
		} else if m := systemMember.FindStringSubmatch(text); m != nil {
			member, columns = "member "+m[1], nil
		} else if slotsHeading.MatchString(text) {
			heading, columns = line, nil
		} else if tableRuler.MatchString(line) && heading != "" {
			columns = dashes.FindAllStringIndex(line, -1)
			serial, status = -1, -1
			for i, c := range columns {
				switch name := heading[min(c[0], len(heading)):]; {
				case strings.HasPrefix(name, "Serial"):
					serial = i
				case strings.HasPrefix(name, "Status"):
					status = i
				}
			}
		} else if text != "" && columns != nil {
			cells, ok := cutCells(line, columns)
			if !ok || cells[0] == "" || strings.Contains(cells[0], " ") {
				r.Problem("line %d: not a module: %.80q", n, text)
				continue
			}
			place := strings.TrimSpace(member + " slot " + cells[0])
			r.Add(n, facts.Model, place, cells[1])
			if serial > 0 {
				r.Add(n, facts.SerialNumber, place, cells[serial])
			}
			if status > 0 {
				r.Add(n, facts.ComponentState, place, cells[status])
			}
		}
	}
	if r.Empty() {
		r.Problem("no module in the reply")
	}
	return r.Done()
}

var (
	//  id | act pri sec | name
	configFilesHeading = collectors.MustCompile(`^id +\| +act +pri +sec +\| +name`)

	//   1 |  *   *   *  | config
	configFileRow = collectors.MustCompile(`^ *\d+ +\|(.{13})\|(?: (\S.*))?$`)
)

// readConfigFiles reads "show config files": which configuration is in use, and which one each of the two images starts with.
func readConfigFiles(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		table bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if configFilesHeading.MatchString(text) {
			table = true
			continue
		}
		if !table || text == "" || strings.Trim(text, "-+") == "" {
			continue
		}
		m := configFileRow.FindStringSubmatch(line)
		if m == nil {
			r.Problem("line %d: not a configuration file: %.80q", n, text)
			continue
		}
		marks := m[1]
		for i, column := range []int{2, 6, 10} { // below act, pri and sec
			if !strings.Contains(marks[column-1:column+2], "*") {
				continue
			}
			if i == 0 {
				r.Add(n, facts.StartupSource, "", m[2])
			} else {
				r.Add(n, facts.NextStartupSource, []string{"Primary", "Secondary"}[i-1], m[2])
			}
		}
	}
	if r.Empty() {
		r.Problem("no configuration file in the reply")
	}
	return r.Done()
}

var (
	// Mgmt Module 1 in System Mode went down without saving crash information: 10/28/19 10:16:58
	// Mgmt Module 1 went down:  03/26/13 10:25:07
	wentDown = collectors.MustCompile(`^(\S.*?)(?: in \w+ Mode)? (went down(?: without saving crash information)?) *:? *(?:\d{2}/\d{2}/\d{2,4} \d{2}:\d{2}:\d{2})?$`)

	// Mgmt Module 1 -- Saved Crash Information (most recent first):
	crashHeading = collectors.MustCompile(`Saved Crash Information`)
)

// readAOSSBootHistory reads "show boot-history", most recent first.
func readAOSSBootHistory(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		waiting int // line of the newest entry, whose reason stands on the next one
		silent  string
		heading bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if crashHeading.MatchString(text) {
			heading = true
		} else if r.Has(facts.ReloadReason, "") || text == "" {
			continue
		} else if m := wentDown.FindStringSubmatch(text); m != nil && heading && waiting == 0 {
			waiting = n
			if strings.Contains(m[2], "without") {
				silent = m[2]
			}
		} else if waiting > 0 && strings.Trim(text, "-=") != "" && !wentDown.MatchString(text) {
			r.Add(n, facts.ReloadReason, "", strings.TrimRight(text, " :"))
		} else if waiting > 0 {
			r.Add(waiting, facts.ReloadReason, "", silent)
			break
		}
	}
	if r.Empty() {
		r.Add(waiting, facts.ReloadReason, "", silent)
	}
	if r.Empty() {
		r.Problem("no reason of a reload in the reply")
	}
	return r.Done()
}
