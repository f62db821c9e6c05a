package hpe

import (
	"regexp"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// AOSS is ArubaOS-Switch, called ProVision or ProCurve before. It boots one of two images, "Primary" and "Secondary", and
// shows neither as a file.
var AOSS = collectors.Platform{
	Name:    "aruba_aoss",
	Title:   "ArubaOS-Switch and ProCurve",
	Aliases: []string{"aoss", "aos-s", "hp_procurve", "procurve", "arubaos-switch", "arubaoss", "aruba_os_switch", "arubanetworks.aos_switch.arubaoss", "aruba_osswitch", "aruba_procurve", "hp"},
	// Image stamp:    /ws/swbuildm/rel_venice_qaoff/code/build/lvm(swbuildm_rel_venice_qaoff_rel_venice)
	Looks:    collectors.MustCompile(`^Image stamp: +/`),
	Terminal: aossTerminal,
	Files:    &collectors.FileServer{Enable: "ip ssh filetransfer", Path: bankFile},
	Queries:  map[collectors.Transport][]collectors.Query{collectors.CLI: collectors.WithSections(aossQueries, aossConfigurationQueries)},
	HasNone: map[facts.Kind]string{
		facts.ConfigRegister:     "ArubaOS-Switch has no configuration register",
		facts.NextConfigRegister: "ArubaOS-Switch has no configuration register",
		facts.File:               "no command lists files, and the two images are none that a user can reach",
		facts.ImageDigest:        "no command computes a digest of an image",
		facts.Package:            "a release is one image, without packages or patches",
		facts.PackageState:       "a release is one image, without packages or patches",
	},
	Order: aossOrder, VersionInName: aossVersionInName,
}

var aossTerminal = collectors.Terminal{
	// HP_Procurve-01#
	// Aruba 2930F(eth-1)#
	Prompt:     regexp.MustCompile(`^[^\s<>#][^<>#]{0,62}[>#]$`),
	Privileged: regexp.MustCompile(`#$`),
	Enable:     "enable",
	Password:   regexp.MustCompile(`^(?i:manager )?Password: ?$`),
	Greeting: []collectors.Question{
		{Pattern: regexp.MustCompile(`^Press any key to continue`), Answer: " "},
		// Enter switch number to connect to or <CR>:
		{Pattern: regexp.MustCompile(`^Enter switch number.*: ?$`), Answer: "\n"},
	},
	Prepare:  []string{"no page"},
	Pager:    regexp.MustCompile(`^ *-- MORE --(?:, next page: .*)?$`),
	Continue: " ",
	Leave:    "logout",
	Farewell: []collectors.Question{
		{Pattern: regexp.MustCompile(`^Do you want to log out [(\[]y/n[)\]] ?\??$`), Answer: "y"},
		// Do you want to save current configuration (y/n/^C)?
		{Pattern: regexp.MustCompile(`^Do you want to save (?:the )?current config(?:uration)? [(\[]y/n(?:/\^C)?[)\]] ?\??$`), Answer: "n"},
	},
	Refusals: []collectors.Refusal{
		// VSF is disabled.
		// Stacking is not enabled on this switch.
		{Pattern: collectors.MustCompile(`(?i)^ *(?:error: ?)?(?:vsf|stacking|backplane stacking) (?:is )?(?:disabled|not (?:enabled|supported|configured))`), Reason: facts.PlatformHasNone},
		// Invalid input: vsf
		// Incomplete input: flash
		// Ambiguous input: v
		{Pattern: collectors.MustCompile(`^ *(?:(?:Invalid|Incomplete|Ambiguous) input:|% ?(?i:command incomplete|ambiguous|invalid|unknown))`), Reason: facts.UnsupportedCommand},
		// Not authorized to run this command.
		{Pattern: collectors.MustCompile(`(?i)^ *(?:not authorized|unauthorized|command not authorized|authorization (?:failed|denied)|permission denied)`), Reason: facts.NoPrivilege},
		// Flash image does not exist.
		{Pattern: collectors.MustCompile(`(?i)^ *.*\b(?:does not|doesn't) exist\.?$`), Reason: facts.UnsupportedCommand},
		// Operation in progress, please try again later.
		{Pattern: collectors.MustCompile(`(?i)^ *.*\b(?:try again later|is busy|operation in progress)`), Reason: facts.Timeout},
	},
}

var aossQueries = []collectors.Query{
	{Commands: []string{"show version"}, Yields: aossVersionYields, Read: readAOSSVersion},
	{Commands: []string{"show flash"}, Yields: flashYields, Read: readFlash},
	{Commands: []string{"show system", "show system-information"}, Yields: aossSystemYields, Read: readAOSSSystem},
	{Commands: []string{"show modules", "show module"}, Yields: aossModulesYields, Read: readAOSSModules},
	{Commands: []string{"show vsf detail", "show stacking detail"}, Yields: vsfYields, Read: readVSF},
	{Commands: []string{"show config files"}, Yields: []facts.Kind{facts.StartupSource, facts.NextStartupSource}, Read: readConfigFiles},
	{Commands: []string{"show boot-history"}, Yields: []facts.Kind{facts.ReloadReason}, Read: readAOSSBootHistory},
	{Commands: []string{"verify signature flash {image}"}, Each: flashImages, Yields: []facts.Kind{facts.Signature}, Read: readFlashSignature, Hash: true},
}

var aossVersionYields = []facts.Kind{
	facts.RunningVersion, facts.BuildID, facts.CompileTime, facts.RunningImage, facts.BootVariable, facts.BootLoaderVersion, facts.BootSetting,
}

var (
	// Image stamp:    /ws/swbuildm/rel_venice_qaoff/code/build/lvm(swbuildm_rel_venice_qaoff_rel_venice)
	stampLine = collectors.MustCompile(`^Image stamp: *(\S.*)$`)

	//                 Mar 26 2018 23:16:08
	stampDate = collectors.MustCompile(`^[A-Z][a-z]{2} +\d{1,2} \d{4} \d{2}:\d{2}:\d{2}$`)

	//                 570
	stampBuild = collectors.MustCompile(`^\d{1,6}$`)

	// Boot Image:     Primary
	// Boot ROM Version:    WC.16.01.0005
	// Active Boot ROM:     Primary
	aossBootLine = collectors.MustCompile(`^(?i)(boot image|boot rom version|active boot rom) *: *(\S+)$`)

	// WC.16.05.0007
	// K.15.29
	aossVersion = regexp.MustCompile(`^([A-Z]{1,2})\.(\d{2})\.(\d{2,3})(?:\.(\d{4}))?([a-z]?)$`)
)

// readAOSSVersion reads "show version". The stamp is the path of the tree that the image was built from, and below it stand the
// build's time, its version and its number.
func readAOSSVersion(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		stamp   string
		stampAt int
		below   bool // the stamp may go on in the next line
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := stampLine.FindStringSubmatch(text); m != nil {
			if stamp != "" {
				r.Problem("line %d: a second image stamp", n)
			}
			stamp, stampAt, below = m[1], n, true
		} else if stampDate.MatchString(text) && stamp != "" {
			r.Add(n, facts.CompileTime, "", text)
			below = false
		} else if aossVersion.MatchString(text) && stamp != "" {
			r.Add(n, facts.RunningVersion, "", text)
			below = false
		} else if stampBuild.MatchString(text) && stamp != "" {
			r.Add(n, facts.BuildID, "", text)
		} else if m := aossBootLine.FindStringSubmatch(text); m != nil {
			below = false
			switch strings.ToLower(m[1]) {
			case "boot image":
				r.Add(n, facts.RunningImage, "", m[2])
				r.Add(n, facts.BootVariable, "1", m[2])
			case "boot rom version":
				r.Add(n, facts.BootLoaderVersion, "ROM", m[2])
			default:
				r.Add(n, facts.BootSetting, "active boot rom", m[2])
			}
		} else if below && text != "" && !strings.Contains(text, " ") {
			stamp += text // wrapped
		}
	}
	r.Add(stampAt, facts.BuildID, "image stamp", stamp)
	if !r.Has(facts.RunningVersion, "") {
		r.Problem("no version of ArubaOS-Switch in the reply")
	}
	if !r.Has(facts.RunningImage, "") {
		r.Problem("no boot image in the reply")
	}
	return r.Done()
}

// aossOrder orders two versions of ArubaOS-Switch or of its boot ROM. The letters before the numbers are the family of hardware that
// an image is for.
func aossOrder(a, b string) (facts.Order, string) {
	if a == b && a != "" {
		return facts.Same, ""
	}
	x, y := aossVersion.FindStringSubmatch(a), aossVersion.FindStringSubmatch(b)
	switch {
	case x == nil:
		return facts.Incomparable, strconv.Quote(a) + " is no version of ArubaOS-Switch"
	case y == nil:
		return facts.Incomparable, strconv.Quote(b) + " is no version of ArubaOS-Switch"
	case x[5] != y[5]:
		return facts.Incomparable, strconv.Quote(a) + " and " + strconv.Quote(b) + " are different builds of a release, or of different lines"
	case x[4] == "" || y[4] == "":
		if order, why := orderFamilies(x[1], y[1], x[2:4], y[2:4]); order != facts.Same || x[4] == y[4] {
			return order, why
		}
		return facts.Incomparable, "only one of " + strconv.Quote(a) + " and " + strconv.Quote(b) + " has a number behind its release"
	}
	return orderFamilies(x[1], y[1], x[2:5], y[2:5])
}

// WC_16_10_0014.swi
// K_15_18_0006.swi
var aossFile = regexp.MustCompile(`(?:^|/)([A-Z]{1,2})_(\d{2})_(\d{2})_(\d{4})\.swi$`)

// aossVersionInName reads the version out of the name of an image file.
func aossVersionInName(path string) (string, bool) {
	m := aossFile.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	return strings.Join(m[1:], "."), true
}

// bankFile is where AOS-S serves the image of a bank: "primary" is /os/primary.
func bankFile(bank string) string { return "/os/" + bank }
