package emulator

import "strings"

// A dialect is how a platform's command line behaves.
type dialect struct {
	version               string // software version in the SSH identification string (RFC 4253, section 4.2)
	unprivileged          string // what follows the host name in the prompt
	privileged            string
	pager, wipe           string // the pager's prompt, and the strokes that remove it
	rows, columns         int    // of a terminal that names none
	privilegedOnly        []string
	enable, disable       string
	leave                 []string
	pagerLength, widthSet string   // commands that take a number
	quiet                 []string // commands that say nothing
	password              string
	passwordTries         int
	badSecret, denied     string
	noSecret              string
	unknown               func(prompt, command string) string
}

// iosDialect is Cisco IOS and IOS XE.
var iosDialect = dialect{
	version:        "SSH-2.0-Cisco-1.25",
	unprivileged:   ">",
	privileged:     "#",
	pager:          " --More-- ",
	wipe:           "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b",
	rows:           24,
	columns:        80,
	privilegedOnly: []string{"dir", "more", "verify", "show running-config", "show startup-config", "show archive", "show file"},
	enable:         "enable",
	disable:        "disable",
	leave:          []string{"exit", "logout", "quit"},
	pagerLength:    "terminal length ",
	widthSet:       "terminal width ",
	quiet:          []string{"terminal no monitor", "terminal monitor"},
	password:       "Password: ",
	passwordTries:  3,
	badSecret:      "% Bad secrets\r\n\r\n",
	denied:         "% Access denied\r\n\r\n",
	noSecret:       "% No password set\r\n",
	unknown: func(prompt, command string) string {
		word := strings.LastIndexByte(command, ' ') + 1
		return strings.Repeat(" ", len(prompt)+word) + "^\r\n% Invalid input detected at '^' marker.\r\n\r\n"
	},
}

// dialects are the command lines that can be emulated, by the transcript's platform. A capture
// that was put together by hand names none.
var dialects = map[string]*dialect{"": &iosDialect, "cisco_ios": &iosDialect}

// needsPrivilege reports whether the command is unknown at the unprivileged prompt.
func (d *dialect) needsPrivilege(command string) bool {
	for _, c := range d.privilegedOnly {
		if command == c || strings.HasPrefix(command, c+" ") {
			return true
		}
	}
	return false
}
