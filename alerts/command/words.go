package command

// A grammar is the words of one place in a command. A person may type the beginning of a word, as long as no other word of the place
// begins so; devices have more words than are here, so an abbreviation has to be at least as long as the shortest that is used.
type word struct {
	text  string
	least int // letters that a person has to type at least
	next  []word
}

// words are the commands that matter here, as IOS and its like abbreviate them. Words that no command of these begins with stay as they
// are typed.
var words = []word{
	{"archive", 2, []word{{"download-sw", 2, nil}, {"tar", 1, nil}, {"upload-sw", 1, nil}, {"config", 3, nil}, {"copy-sw", 3, nil}}},
	{"boot", 2, []word{{"system", 1, []word{{"flash", 1, nil}, {"tftp", 1, nil}, {"switch", 1, nil}, {"rom", 1, nil}, {"mop", 1, nil}, {"image", 1, nil}}}, {"nxos", 1, nil}, {"kickstart", 1, nil}, {"config", 3, nil}, {"loader", 1, nil}, {"flash", 2, nil}, {"set-default", 3, nil}, {"manual", 1, nil}}},
	{"boot-loader", 5, nil},
	{"bootrom", 5, nil},
	{"clear", 3, []word{{"logging", 3, nil}, {"log", 3, nil}, {"archive", 1, nil}}},
	{"clock", 3, []word{{"set", 1, nil}}},
	{"config-register", 8, nil},
	{"configure", 4, []word{{"terminal", 1, nil}, {"replace", 3, nil}, {"memory", 1, nil}, {"network", 1, nil}}},
	{"copy", 2, nil}, // its arguments are file systems: see places
	{"debug", 3, []word{{"menu", 1, nil}}},
	{"default", 3, []word{{"boot", 2, []word{{"system", 1, nil}}}}},
	{"delete", 3, nil},
	{"erase", 2, []word{{"startup-config", 1, nil}, {"nvram:", 1, nil}}},
	{"execute", 4, []word{{"restore", 4, []word{{"image", 1, nil}}}, {"reboot", 4, nil}, {"factoryreset", 3, nil}, {"formatlogdisk", 3, nil}, {"shutdown", 2, nil}, {"backup", 1, nil}}},
	{"feature", 4, []word{{"bash-shell", 2, nil}, {"guestshell", 3, nil}, {"scp-server", 2, nil}}},
	{"format", 3, nil},
	{"guestshell", 6, nil},
	{"install", 3, []word{
		{"add", 2, nil}, {"activate", 3, nil}, {"all", 3, nil}, {"abort", 2, nil}, {"commit", 1, nil}, {"deactivate", 2, nil}, {"remove", 3, []word{{"inactive", 2, nil}}},
		{"replace", 3, nil}, {"rollback", 2, nil}, {"source", 1, nil}, {"one-shot", 1, nil}, {"package", 1, nil}, {"verify", 1, nil}, {"epld", 1, nil}, {"reset", 3, nil},
	}},
	{"issu", 3, []word{{"loadversion", 1, nil}, {"runversion", 1, nil}, {"acceptversion", 2, nil}, {"commitversion", 2, nil}, {"abortversion", 2, nil}, {"changeversion", 2, nil}}},
	{"logging", 3, nil},
	{"no", 2, nil},
	{"reload", 3, []word{{"in", 1, nil}, {"at", 1, nil}, {"cancel", 1, nil}, {"slot", 1, nil}, {"location", 3, nil}, {"module", 1, nil}}},
	{"reboot", 4, nil},
	{"redundancy", 3, []word{{"force-switchover", 1, nil}, {"reload", 1, nil}}},
	{"request", 3, []word{
		{"system", 2, []word{
			{"software", 3, []word{{"add", 2, nil}, {"rollback", 2, nil}, {"delete", 2, nil}, {"install", 2, nil}, {"validate", 2, nil}, {"in-service-upgrade", 2, nil}, {"nonstop-upgrade", 2, nil}, {"abort", 2, nil}, {"download", 2, nil}, {"info", 3, nil}, {"check", 2, nil}}},
			{"reboot", 2, nil}, {"halt", 2, nil}, {"power-off", 2, nil}, {"zeroize", 2, nil}, {"storage", 2, []word{{"cleanup", 2, nil}}}, {"firmware", 2, []word{{"upgrade", 2, nil}, {"downgrade", 2, nil}}}, {"snapshot", 2, nil}, {"recover", 3, nil},
			{"shutdown", 2, nil}, {"restart", 3, nil}, {"private-data-reset", 3, nil},
		}},
		{"platform", 2, []word{{"software", 2, []word{{"package", 2, []word{{"install", 2, nil}, {"expand", 2, nil}, {"clean", 2, nil}, {"verify", 2, nil}, {"describe", 2, nil}}}, {"system", 2, []word{{"shell", 2, nil}}}}}}},
		{"shell", 2, nil}, {"vmhost", 2, []word{{"software", 2, []word{{"add", 2, nil}, {"rollback", 2, nil}}}, {"reboot", 2, nil}, {"halt", 2, nil}}},
	}},
	{"restart", 4, []word{{"system", 2, nil}}},
	{"run", 3, []word{{"bash", 2, nil}, {"guestshell", 3, nil}}},
	{"set", 3, []word{{"system", 3, []word{{"image", 2, nil}}}, {"boot", 2, nil}}},
	{"show", 2, nil},
	{"software", 4, []word{{"install", 3, nil}, {"clean", 2, nil}, {"rollback", 2, nil}, {"auto-upgrade", 2, nil}}},
	{"squeeze", 2, nil},
	{"start", 3, []word{{"shell", 1, nil}}},
	{"startup", 5, []word{{"system-software", 3, nil}, {"patch", 2, nil}, {"saved-configuration", 2, nil}}},
	{"sw-module", 4, []word{{"module", 3, nil}}},
	{"switchboot", 7, nil},
	{"system-reboot", 10, nil},
	{"tclsh", 3, nil},
	{"undo", 3, nil},
	{"upgrade", 3, []word{{"fpd", 1, nil}, {"hw-module", 2, []word{{"fpd", 1, nil}, {"location", 1, nil}}}, {"rom-monitor", 5, nil}, {"rommon", 5, nil}, {"filesystem", 2, nil}}},
	{"verify", 3, nil},
	{"write", 2, []word{{"erase", 2, nil}, {"memory", 1, nil}, {"terminal", 1, nil}, {"network", 1, nil}}},
}

// prefixes are words before a command that do not change what it does.
var prefixes = map[string]bool{"do": true, "do-exec": true, "exec": true, "(admin)": true, "admin": true, "sudo": true}

// removals are words before a command that take back what it sets.
var removals = map[string]bool{"no": true, "undo": true, "default": true}

// places are file systems, as a destination or a source is abbreviated: "copy t: f:".
var places = []string{
	"bootflash:", "bootdisk:", "disk0:", "disk1:", "disk2:", "flash:", "flash0:", "flash1:", "flash2:", "ftp:", "harddisk:", "http:", "https:", "logflash:", "nvram:", "rcp:", "running-config",
	"scp:", "sftp:", "slot0:", "slot1:", "startup-config", "stby-bootflash:", "stby-harddisk:", "stby-nvram:", "sup-bootdisk:", "sup-bootflash:", "tftp:", "tmpsys:", "usb0:", "usb1:", "usbflash0:", "usbflash1:", "volatile:", "xmodem:", "ymodem:", "cns:", "system:", "crashinfo:", "webui:", "pram:", "slavebootflash:",
}

// remote are the schemes of servers.
var remote = map[string]bool{"tftp": true, "ftp": true, "scp": true, "sftp": true, "http": true, "https": true, "rcp": true, "xmodem": true, "ymodem": true, "cns": true}

// configurations are places and files that hold a configuration and no image.
var configurations = map[string]bool{"running-config": true, "startup-config": true, "nvram:": true, "running": true, "startup": true}
