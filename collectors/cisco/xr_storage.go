package cisco

import (
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Directory of /var/xr/scratch
	// Directory of disk0:
	xrDirectory = collectors.MustCompile(`^Directory of (\S+)$`)

	// 22 -rw-rw-rw-. 1  2464 Jan  7 19:34 status_file
	// 38 -rw-------. 1   444 Nov 15  2023 .bash_history
	// 15 lrwxrwxrwx. 1    12 Nov 15 14:58 config -> /misc/config
	xrLinuxRow = collectors.MustCompile(`^\d+ +([bcdlps-][rwxsStT-]{9})[.+@]? +\d+ +(\d+) +([A-Z][a-z]{2} +\d{1,2} +(?:\d{4}|\d{2}:\d{2})) (\S.*)$`)

	// 2           drwx  16384       Mon Feb 28 22:16:31 2011  .boot
	// 131104      -rwx  1245        Tue Mar  1 10:00:00 2011  core.txt
	xrQNXRow = collectors.MustCompile(`^\d+ +([dl-][rwx-]{3}) +(\d+) +([A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2} \d{4}) +(\S.*)$`)

	// 3365348 kbytes total (3163632 kbytes free)
	// 1644150784 bytes total (1139941376 bytes free)
	xrSpace = collectors.MustCompile(`^(\d+) (k?)bytes total \((\d+) k?bytes free`)
)

// readXRDir reads "dir". Linux states sizes of file systems in units of 1024 bytes.
func readXRDir(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		directory string
		ended     bool
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := xrDirectory.FindStringSubmatch(text); m != nil {
			directory, ended = m[1], false
			continue
		}
		if m := xrSpace.FindStringSubmatch(text); m != nil {
			for _, f := range []struct {
				kind facts.Kind
				text string
			}{{facts.TotalSpace, m[1]}, {facts.FreeSpace, m[3]}} {
				size, err := strconv.ParseInt(f.text, 10, 64)
				if err != nil || size > 1<<52 {
					r.Problem("line %d: size %q", n, f.text)
					continue
				}
				if m[2] == "k" {
					size *= 1024
				}
				r.Add(n, f.kind, fileSystemOf(directory), strconv.FormatInt(size, 10))
			}
			ended = true
			continue
		}
		if noSpaceLine.MatchString(text) {
			ended = true
			continue
		}
		if text == "" || directory == "" || ended || noFilesLine.MatchString(text) {
			continue
		}
		m := xrLinuxRow.FindStringSubmatch(text)
		if m == nil {
			m = xrQNXRow.FindStringSubmatch(text)
		}
		if m == nil {
			r.Problem("line %d: not a row of a listing: %.80q", n, text)
			continue
		}
		name := m[4]
		if m[1][0] == 'l' {
			name, _, _ = strings.Cut(name, " -> ")
		}
		path := join(directory, name)
		r.Add(n, facts.File, path, m[2])
		r.Add(n, facts.FilePermissions, path, m[1])
		r.Add(n, facts.FileTime, path, strings.Join(strings.Fields(m[3]), " "))
	}
	switch {
	case directory == "":
		r.Problem("no directory in the reply")
	case !ended:
		r.Problem("the listing of %q ends without its total", directory)
	}
	return r.Done()
}

var xrVariablesYields = []facts.Kind{facts.NextConfigRegister, facts.BootLoaderVariable, facts.BootVariable, facts.NextBootVariable, facts.BootSetting}

// xrVariable is one word of the boot loader's variables, or of the kernel's command line.
//
//	BOOT=disk0:asr9k-os-mbi-5.3.2/0x100305/mbiasr9k-rsp3.vm,1;
//	chassis_serial=FOC2107N0K5
var xrVariable = collectors.MustCompile(`^([A-Za-z_?][\w.?-]*) ?= ?(.*)$`)

// xrVolatile change from boot to boot and say nothing (ndi.md, NDI-BC-02).
var xrVolatile = map[string]bool{"RANDOM_NUM": true, "RET_2_RTS": true, "RET_2_RCALTS": true, "BSI": true, "PS1": true, "?": true, "ReloadReason": true}

// readXRVariables reads "show variables boot": one variable a line on QNX, the kernel's command line on Linux. A word that stands there
// several times is numbered.
func readXRVariables(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	used := map[string]int{}
	add := func(n int, name, value string) {
		switch {
		case xrVolatile[name] || value == "":
		case name == "BOOT":
			// What is printed does not tell now from the next reload: the one variable is both.
			addBootList(&r, n, facts.BootVariable, "", value)
			addBootList(&r, n, facts.NextBootVariable, "", value)
			r.Add(n, facts.BootLoaderVariable, name, value)
		case name == "CONFREG": // what the boot loader reads when it starts
			r.Add(n, facts.NextConfigRegister, "", strings.ToLower(value))
		default:
			r.Add(n, facts.BootLoaderVariable, numbered(name, used), value)
		}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		words := strings.Fields(text)
		kernel := 0
		for _, w := range words {
			if xrVariable.MatchString(w) {
				kernel++
			}
		}
		if kernel < 2 { // one variable, whose value may have blanks
			if m := xrVariable.FindStringSubmatch(text); m != nil {
				add(n, m[1], strings.TrimSpace(m[2]))
			}
			continue
		}
		for _, w := range words {
			if m := xrVariable.FindStringSubmatch(w); m != nil {
				add(n, m[1], m[2])
			} else {
				add(n, w, w) // a switch of the kernel's: ro, quiet
			}
		}
	}
	if r.Empty() {
		r.Problem("no variable in the reply")
	}
	return r.Done()
}

// readXRReboots reads "show reboot history": why the device was reloaded last. The newest reboot has number 1; behind its cause code
// stands the reason.
//
//	01  Thu Jan 19 20:31:33 2023   0x0800000d   User initiated graceful reload
func readXRReboots(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if number, _, _ := strings.Cut(text, " "); strings.TrimLeft(number, "0") != "1" {
			continue
		}
		if _, code, ok := strings.Cut(text, " 0x"); ok {
			_, reason, _ := strings.Cut(code, " ")
			r.Add(n, facts.ReloadReason, "", strings.TrimSpace(reason))
			break
		}
	}
	if r.Empty() {
		r.Problem("no reboot in the reply")
	}
	return r.Done()
}
