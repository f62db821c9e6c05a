package hpe

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var comwareStartupYields = []facts.Kind{facts.StartupSource, facts.NextStartupSource, facts.BootSetting}

var (
	// MainBoard:
	// Slot 2:
	startupBoard = collectors.MustCompile(`^((?i:mainboard|slaveboard|(?:chassis \d+ )?slot \d+)) *:$`)

	//  Current startup saved-configuration file: flash:/startup.cfg (*)
	//  Next main startup saved-configuration file: flash:/startup.cfg
	//  Bootrom-access enable state: enabled
	comwareStartupLine = collectors.MustCompile(`^(Current startup saved-configuration file|Next main startup saved-configuration file|Next backup startup saved-configuration file|Bootrom-access enable state) *: *(\S+)(?: ?\(\*\))?$`)
)

// readComwareStartup reads "display startup": the configuration of this and of the next start. The next start's backup takes the
// place of one that can't be read.
func readComwareStartup(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		board string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := startupBoard.FindStringSubmatch(text); m != nil {
			if board = strings.ToLower(m[1]); board == "mainboard" {
				board = ""
			}
		} else if m := comwareStartupLine.FindStringSubmatch(text); m != nil {
			value := strings.TrimSuffix(m[2], "(*)")
			switch {
			case strings.HasPrefix(m[1], "Current"):
				r.Add(n, facts.StartupSource, board, value)
			case strings.HasPrefix(m[1], "Next main"):
				r.Add(n, facts.NextStartupSource, board, value)
			case strings.HasPrefix(m[1], "Next backup"):
				r.Add(n, facts.NextStartupSource, strings.TrimSpace(board+" backup"), value)
			default:
				r.Add(n, facts.BootSetting, strings.TrimSpace(board+" "+strings.ToLower(m[1])), value)
			}
		} else if strings.Contains(text, "startup saved-configuration file") {
			r.Problem("line %d: not a line of the startup table: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no startup configuration in the reply")
	}
	return r.Done()
}

// sysname core1
var sysname = collectors.MustCompile(`^sysname (\S+)$`)

// readSysname reads the line of the configuration that names the device.
func readSysname(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		if m := sysname.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			r.Add(n, facts.Hostname, "", m[1])
		}
	}
	if r.Empty() {
		r.Problem("no sysname in the reply")
	}
	return r.Done()
}
