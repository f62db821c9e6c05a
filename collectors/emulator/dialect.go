package emulator

import "strings"

// A dialect is how a platform's command line behaves. In its texts {host}, {user} and {state} stand for what the device
// and its client are called and for what the prompt says about the device's state.
type dialect struct {
	version string // software version in the SSH identification string (RFC 4253, section 4.2)

	// A prompt is lead, name and an end.
	lead                     string
	unprivileged, privileged string   // both the same where there is one level only
	states                   []string // of which the first is the usual one
	above                    string   // a line above each prompt
	painted                  bool     // a VT100 screen: every stroke has its address

	greeting *question // at login, where Device.Greets
	scope    *scope    // where Device.Scoped

	enable, disable    string
	password           string
	passwordTries      int
	badSecret, denied  string
	noSecret           string
	privilegedOnly     []string
	needsPrivilegeText string // what is said then; empty for what is said to an unknown command

	pager, wipe         string   // the pager's prompt, and the strokes that remove it
	rows, columns       int      // of a terminal that names none
	fixedRows           bool     // it does not ask what the terminal has
	pagingOff           []string // commands that turn the pager off
	pagerLength, widths string   // commands that take a number

	settings map[string]string // commands that only set something here, and what they say
	late     bool              // and that comes after the next prompt
	stampOff string            // until this is typed, each reply begins with a line that tells the time

	leave      []string
	farewell   []question
	unknown    func(prompt, command string) string
	failStatus uint32 // exit status of an unknown command in a channel of its own; what it says is then an error
}

// A question is what the device asks, and the keys of which it takes one for the right answer.
type question struct {
	text string
	keys string // empty for any
	line bool   // the answer is ended with Return
}

// A scope is a part of the command line that has to be entered before the device answers.
type scope struct {
	enter, leave    string
	outside, inside string // the name in the prompt
}

// dialects are the command lines that can be emulated, by the transcript's platform. A capture
// that was put together by hand names none.
var dialects = map[string]*dialect{
	"": &ios, "cisco_ios": &ios, "cisco_iosxr": &iosXR, "cisco_nxos": &nxos, "cisco_asa": &asa, "juniper_junos": &junos,
	"arista_eos": &eos, "paloalto_panos": &panos, "fortinet_fortios": &fortiOS, "huawei_vrp": &vrp, "hpe_comware": &comware,
	"aruba_aoscx": &aosCX, "aruba_aoss": &aosS, "f5_tmos": &tmos,
}

var ios = dialect{
	version:      "SSH-2.0-Cisco-1.25",
	unprivileged: ">", privileged: "#",
	enable: "enable", disable: "disable", password: "Password: ", passwordTries: 3,
	badSecret: "% Bad secrets\r\n\r\n", denied: "% Access denied\r\n\r\n", noSecret: "% No password set\r\n",
	privilegedOnly: []string{"dir", "more", "verify", "show running-config", "show startup-config", "show archive", "show file"},
	pager:          " --More-- ", wipe: strings.Repeat("\b", 9) + strings.Repeat(" ", 8) + strings.Repeat("\b", 9),
	rows: 24, columns: 80,
	pagerLength: "terminal length ", widths: "terminal width ",
	settings: map[string]string{"terminal no monitor": "", "terminal monitor": ""},
	leave:    []string{"exit", "logout", "quit"},
	unknown:  caret("% Invalid input detected at '^' marker.\r\n\r\n"),
}

var iosXR = dialect{
	version: "SSH-2.0-Cisco-2.0",
	lead:    "RP/0/RP0/CPU0:", unprivileged: "#", privileged: "#",
	pager: " --More-- ", wipe: "\b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b",
	rows: 24, columns: 80,
	pagerLength: "terminal length ", widths: "terminal width ",
	settings: map[string]string{"terminal no monitor": ""},
	stampOff: "terminal exec prompt no-timestamp",
	leave:    []string{"exit"},
	unknown:  caret("% Invalid input detected at '^' marker.\r\n"),
}

var nxos = dialect{
	version:      "SSH-2.0-OpenSSH_8.3 PKIX[13.5]",
	unprivileged: "# ", privileged: "# ",
	pager: "\x1b[7m--More--\x1b[m", wipe: "\r\x1b[K",
	rows: 24, columns: 80,
	pagerLength: "terminal length ", widths: "terminal width ",
	settings: map[string]string{"terminal no monitor": ""},
	leave:    []string{"exit"},
	unknown:  caret("% Invalid command at '^' marker.\r\n"),
}

var asa = dialect{
	version:      "SSH-2.0-Cisco-1.25",
	unprivileged: "> ", privileged: "# ",
	scope:  &scope{enter: "changeto system", outside: "{host}/admin", inside: "{host}"},
	enable: "enable", disable: "disable", password: "Password: ", passwordTries: 3,
	badSecret: "Access denied.\r\n", denied: "Access denied.\r\n", noSecret: "Access denied.\r\n",
	privilegedOnly: []string{"dir", "more", "verify", "show running-config", "show startup-config", "show file", "terminal pager"},
	pager:          "<--- More --->", wipe: "\r              \r",
	rows: 24, columns: 80,
	pagerLength: "terminal pager ",
	leave:       []string{"exit", "logout", "quit"},
	unknown:     caret("ERROR: % Invalid input detected at '^' marker.\r\n"),
}

var junos = dialect{
	version: "SSH-2.0-OpenSSH_7.5",
	lead:    "{user}@", unprivileged: "> ", privileged: "> ",
	above: "{master:0}",
	pager: "---(more)---", wipe: "\r" + strings.Repeat(" ", 40) + "\r",
	rows: 24, columns: 80,
	pagingOff: []string{"set cli screen-length 0"},
	settings: map[string]string{
		"set cli screen-length 0": "Screen length set to 0\r\n\r\n", "set cli screen-width 0": "Screen width set to 0\r\n\r\n",
		"set cli screen-width 511": "Screen width set to 511\r\n\r\n", "set cli complete-on-space off": "Disabling complete-on-space\r\n\r\n",
	},
	leave:   []string{"exit", "quit"},
	unknown: caret("unknown command.\r\n\r\n"),
}

var eos = dialect{
	version:      "SSH-2.0-OpenSSH_8.7",
	unprivileged: ">", privileged: "#",
	enable: "enable", disable: "disable", password: "Password: ", passwordTries: 3,
	badSecret: "% Bad secret\r\n", denied: "% Authentication failed\r\n", noSecret: "",
	privilegedOnly:     []string{"dir", "more", "verify", "show running-config", "show startup-config", "show boot-config"},
	needsPrivilegeText: "% Invalid input (privileged mode required)\r\n",
	pager:              " --More-- ", wipe: "\r\x1b[K",
	rows: 24, columns: 80,
	pagingOff: []string{"terminal length 0"},
	settings: map[string]string{
		"terminal length 0": "Pagination disabled.\r\n", "terminal width 32767": "Width set to 32767 columns.\r\n", "terminal no monitor": "",
	},
	leave:   []string{"exit", "logout"},
	unknown: func(string, string) string { return "% Invalid input\r\n" },
}

var panos = dialect{
	version: "SSH-2.0-OpenSSH_8.0",
	lead:    "{user}@", unprivileged: "({state})> ", privileged: "({state})> ",
	states: []string{"active", "passive"},
	pager:  "lines 1-22 ", wipe: "\r\x1b[K",
	rows: 24, columns: 80,
	pagingOff: []string{"set cli pager off"},
	settings:  map[string]string{"set cli pager off": "", "set cli scripting-mode on": "", "set cli terminal width 500": ""},
	leave:     []string{"exit", "quit"},
	unknown:   func(_, command string) string { return "Unknown command: " + firstWord(command) + "\r\n" },
}

var fortiOS = dialect{
	version:      "SSH-2.0-9O9yTg",
	unprivileged: " # ", privileged: " # ",
	greeting: &question{text: "Authorized users only.\r\n(Press 'a' to accept):", keys: "a"},
	scope:    &scope{enter: "config global", leave: "end", outside: "{host}", inside: "{host} (global)"},
	pager:    "--More-- ", wipe: "\r         \r",
	rows: 24, columns: 80, fixedRows: true,
	leave: []string{"exit", "quit"},
	unknown: func(_, command string) string {
		return "command parse error before '" + firstWord(command) + "'\r\nCommand fail. Return code -61\r\n\r\n"
	},
}

var vrp = dialect{
	version: "SSH-2.0--",
	lead:    "<", unprivileged: ">", privileged: ">",
	greeting: &question{text: "Warning: The initial password poses security risks.\r\nThe password needs to be changed. Change now? [Y/N]:", keys: "nN", line: true},
	pager:    "  ---- More ----", wipe: "\x1b[42D" + strings.Repeat(" ", 42) + "\x1b[42D",
	rows: 24, columns: 80,
	pagingOff: []string{"screen-length 0 temporary"},
	settings: map[string]string{
		"screen-length 0 temporary": "Info: The configuration takes effect on the current user terminal interface only.\r\n",
		"undo terminal monitor":     "Info: Current terminal monitor is off.\r\n",
	},
	late:    true,
	leave:   []string{"quit"},
	unknown: caret("Error: Unrecognized command found at '^' position.\r\n"),
}

var comware = dialect{
	version: "SSH-2.0-Comware-7.1.070",
	lead:    "\x00<", unprivileged: ">\a", privileged: ">\a",
	pager: "---- More ----", wipe: "\x1b[16D                \x1b[16D",
	rows: 24, columns: 80,
	pagingOff: []string{"screen-length disable"},
	settings: map[string]string{
		"screen-length disable": "% Screen-length configuration is disabled for current user.\r\n",
		"undo terminal monitor": "% The current terminal is disabled to display logs.\r\n",
	},
	leave:   []string{"quit"},
	unknown: caret(" % Unrecognized command found at '^' position.\r\n"),
}

var aosCX = dialect{
	version:      "SSH-2.0-OpenSSH_8.4",
	unprivileged: "# ", privileged: "# ",
	pager: "-- MORE --, next page: Space, next line: Enter, quit: q", wipe: "\r\x1b[K",
	rows: 24, columns: 80,
	pagingOff: []string{"no page"},
	settings:  map[string]string{"no page": ""},
	leave:     []string{"exit"},
	unknown:   func(_, command string) string { return "Invalid input: " + command + "\r\n" },
}

var aosS = dialect{
	version:      "SSH-2.0-Mocana SSH 6.3",
	unprivileged: "> ", privileged: "# ", painted: true,
	greeting: &question{text: "\r\nPress any key to continue"},
	enable:   "enable", disable: "disable", password: "Password:", passwordTries: 3,
	badSecret: "Invalid password\r\n", denied: "Unable to verify password\r\n", noSecret: "",
	privilegedOnly: []string{"show running-config", "show config", "display"},
	pager:          "-- MORE --, next page: Space, next line: Enter, quit: Control-C", wipe: "\r" + strings.Repeat(" ", 63) + "\r",
	rows: 24, columns: 80,
	pagingOff: []string{"no page"},
	settings:  map[string]string{"no page": ""},
	leave:     []string{"logout", "exit"},
	farewell: []question{
		{text: "Do you want to log out (y/n)? ", keys: "y"},
		{text: "Do you want to save current configuration (y/n/^C)? ", keys: "n"},
	},
	unknown: func(_, command string) string { return "Invalid input: " + command + "\r\n" },
}

var tmos = dialect{
	version: "SSH-2.0-OpenSSH_7.4",
	lead:    "[{user}@", unprivileged: ":{state}:Standalone] ~ # ", privileged: ":{state}:Standalone] ~ # ",
	states: []string{"Active", "Standby"},
	leave:  []string{"exit", "logout"},
	unknown: func(_, command string) string {
		return "Syntax Error: unexpected argument \"" + command[strings.LastIndexByte(command, ' ')+1:] + "\"\r\n"
	},
	failStatus: 1,
}

// caret is what most devices say about a command: a mark below the word that is wrong, here the last one, and a line of words.
func caret(words string) func(prompt, command string) string {
	return func(prompt, command string) string {
		word := strings.LastIndexByte(command, ' ') + 1
		return strings.Repeat(" ", len(prompt)+word) + "^\r\n" + words
	}
}

func firstWord(command string) string {
	word, _, _ := strings.Cut(command, " ")
	return word
}

// needsPrivilege reports whether the command is unknown at the unprivileged prompt.
func (d *dialect) needsPrivilege(command string) bool {
	for _, c := range d.privilegedOnly {
		if command == c || strings.HasPrefix(command, c+" ") {
			return true
		}
	}
	return false
}
