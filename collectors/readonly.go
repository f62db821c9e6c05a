package collectors

// The read-only guard. Its rules:
//
//   - A session sends a Command and nothing else, and only this file makes one.
//   - A command comes from a platform's own tables. Its first words must be on the list of reading
//     verbs, it may have one pipe into a filter that only selects lines, and nothing from
//     the do-not-run list (ndi.md, section 8).
//   - An argument comes from the device and is hostile: it is checked before it is
//     put into the command, and the finished command is checked again.
//   - A NETCONF operation is one element whose name is on the list of reading operations, and
//     what is asked about goes into it as text.
//   - An answer to a question that a device asks by itself is a fixed text that goes on, accepts or says no. Yes is said to two
//     questions only: whether to log out, and whether the login banner is accepted.
//   - No digest that we expect is ever sent. The one digest that goes out is the session's nonce,
//     which is random and therefore wrong.

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// A Command is a text that may be sent to a device. Only the guard makes one; the
// zero Command is refused by every session.
type Command struct {
	text        string
	idle, total time.Duration
}

// String returns the text as it is typed, without a line end.
func (c Command) String() string { return c.text }

// Idle is how long the device may stay silent before the command counts as timed out.
func (c Command) Idle() time.Duration { return c.idle }

// Total is how long the whole reply may take.
func (c Command) Total() time.Duration { return c.total }

// readingVerbs are the beginnings of commands that read (vendors.md, section 8.3) or
// that change nothing but the terminal of the session itself.
var readingVerbs = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`show`, `admin show`, `display`, `dir`, `verify`, `(?:md5|sha256)sum`,
	`more \S*packages\.conf`, `more \{provisioning file\}`,
	`enable`, `super`, `exit`, `quit`, `logout`,
	`terminal (?:length|width|pager 0|no monitor|monitor disable|exec prompt no-timestamp|no-timestamp)`, `no page`,
	`screen-length (?:0 temporary|disable)`, `undo terminal (?:monitor|logging|alarm|debugging)`,
	`set cli (?:screen-length|screen-width|complete-on-space|pager off|terminal width|scripting-mode on)`,
	`file (?:list|checksum)`, `get`, `diagnose (?:sys flash list|autoupdate (?:versions|signature check-all)|sys ha status)`,
	`tmsh -q (?:show|list)`, `list (?:sys|cm)`, `request system software info`, `debug swm status`,
	// Programs of F5's bash. What they are given is one path, and no character of it makes a shell run or write anything.
	`ls -lAbR --time-style=full-iso`, `(?:md5|sha256|sha512)sum`, `uptime`, `last reboot`, `tpm-status`,
}, "|") + `)(?: |$)`)

// withheld are commands that begin like a reading one and are not, or that put a load
// on the device or secrets into the reply beyond what a control needs.
var withheld = MustCompile(strings.Join([]string{
	`^show tech`, `^more \S*nvram`, `system:/text`, `malware-scan`, `(?:^|\s)/delete(?:\s|$)`,
	`^(?:show|display) (?:running-config|startup-config|current-configuration|saved-configuration)$`,
	`^show file \S*[:/]\S*$`, // NX-OS prints what is in the file
}, "|"))

// lineFilters are the pipes that only choose or shape lines.
var lineFilters = regexp.MustCompile(`^(?:include|exclude|begin|section|count|no-more|json|xml|display xml|display json|display set)(?: |$)`)

// alternatives are a filter for lines that begin in one of several ways. Where a device takes the bar for another pipe, what
// follows is no command that any has.
//
//	section ^snmp-server|^logging
var alternatives = regexp.MustCompile(`^(?:include|section) \^[\w -]+(?:\|\^[\w -]+)+$`)

// safeArgument is a path, a file system or a component as devices name them. There is no
// blank, quote, pipe, separator or help character in it.
//
//	bootflash:/.installer/cat9k-rpbase.17.09.04a.SPA.pkg
var safeArgument = regexp.MustCompile(`^[A-Za-z0-9/._~@:][A-Za-z0-9/._~@:,+=%#()\[\]-]*$`)

const maxArgument = 255

var placeholder = regexp.MustCompile(`\{[a-z ]+\}`)

// command makes what is sent over the transport.
func (t Transport) command(template string, hash bool, arguments ...string) (Command, error) {
	if t == NETCONF {
		return newRPC(template, hash, arguments...)
	}
	return newCommand(template, hash, arguments...)
}

// newCommand puts the arguments in the place of the template's placeholders, in order, and
// returns the command if it only reads.
func newCommand(template string, hash bool, arguments ...string) (Command, error) {
	if err := checkTemplate(template); err != nil {
		return Command{}, fmt.Errorf("template %q: %w", template, err)
	}
	text, err := withArguments(template, arguments)
	if err != nil {
		return Command{}, err
	}
	if text != template {
		if err := checkText(text); err != nil {
			return Command{}, fmt.Errorf("%q: %w", text, err)
		}
	}
	return limited(text, hash), nil
}

// withArguments puts the arguments, each checked, in the place of the template's placeholders.
func withArguments(template string, arguments []string) (string, error) {
	for _, a := range arguments {
		if err := checkArgument(a); err != nil {
			return "", err
		}
	}
	next := 0
	text := placeholder.ReplaceAllStringFunc(template, func(string) string {
		if next++; next > len(arguments) {
			return ""
		}
		return arguments[next-1]
	})
	if next != len(arguments) {
		return "", fmt.Errorf("template %q takes %d arguments, not %d", template, next, len(arguments))
	}
	return text, nil
}

func limited(text string, hash bool) Command {
	if hash {
		return Command{text, hashIdleLimit, hashTotalLimit}
	}
	return Command{text, idleLimit, totalLimit}
}

// checkedTemplates are the templates that were found to read. They come from the platforms' tables, so there are few.
var checkedTemplates sync.Map

func checkTemplate(template string) error {
	if _, ok := checkedTemplates.Load(template); ok {
		return nil
	}
	err := checkText(template)
	if err == nil {
		checkedTemplates.Store(template, nil)
	}
	return err
}

// CheckArgument reports what keeps a text that a device named from being sent back to it.
func CheckArgument(a string) error { return checkArgument(a) }

func checkArgument(a string) error {
	switch {
	case len(a) > maxArgument:
		return fmt.Errorf("argument of %d bytes: at most %d are typed to a device", len(a), maxArgument)
	case !safeArgument.MatchString(a):
		return fmt.Errorf("argument %q holds characters that are not typed to a device", a)
	}
	return nil
}

// checkText refuses what is not a single reading command.
func checkText(text string) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("not valid UTF-8")
	}
	for _, r := range text {
		if r < ' ' || r > '~' || strings.ContainsRune(";>&`$!\"'\\?", r) {
			return fmt.Errorf("holds %q", r)
		}
	}
	command, filter, piped := strings.Cut(text, " | ")
	if strings.Contains(command, "|") || strings.Contains(filter, "|") && !alternatives.MatchString(filter) {
		return fmt.Errorf("has more than one pipe")
	}
	if piped && !lineFilters.MatchString(filter) {
		return fmt.Errorf("pipes into %q, which is not a line filter", filter)
	}
	if !readingVerbs.MatchString(command + " ") {
		return fmt.Errorf("does not begin with a command that is known to read")
	}
	if withheld.MatchString(strings.ToLower(text)) {
		return fmt.Errorf("is on the list of commands that are never run")
	}
	return nil
}

// readingRPCs are the NETCONF operations that only read. RFC 6241's get returns state; get-config would return
// secrets and is not here. The others are Juniper's.
var readingRPCs = []string{
	"get",
	"get-software-information", "get-system-uptime-information", "get-chassis-inventory", "get-route-engine-information",
	"get-snapshot-information", "get-system-storage", "file-list",
	"get-checksum-information", "get-sha1-checksum-information", "get-sha256-checksum-information",
}

// newRPC puts the arguments into the template, and returns the operation if it only reads.
func newRPC(template string, hash bool, arguments ...string) (Command, error) {
	text, err := withArguments(template, arguments) // no character of an argument means anything in XML
	if err != nil {
		return Command{}, err
	}
	if err := checkRPC(text); err != nil {
		return Command{}, fmt.Errorf("operation %q: %w", text, err)
	}
	return limited(text, hash), nil
}

// checkRPC refuses what is not a single reading operation.
func checkRPC(text string) error {
	root, err := parseXML(text)
	switch {
	case err != nil:
		return err
	case !strings.HasPrefix(text, "<"+root.Name):
		return fmt.Errorf("does not begin with its element")
	case !slices.Contains(readingRPCs, root.Name):
		return fmt.Errorf("%s is not known to read", root.Name)
	case root.Name == "get" && (len(root.Children) != 1 || root.Children[0].Name != "filter" || len(root.Children[0].Children) == 0):
		return fmt.Errorf("a get without a filter asks for everything")
	}
	return nil
}

// scopes are the commands that choose what the session sees. They change nothing on the device.
var scopes = []string{"changeto system", "config global", "end", "cli"}

// answers are what is typed to a question that the device asks by itself.
var answers = []string{" ", "\n", "a", "n", "n\n", "no\n"}

// yes is typed only where the question is whether to log out, or whether the login banner is accepted.
var yes = []string{"y", "y\n", "yes\n"}

var harmlessYes = regexp.MustCompile(`(?i)log ?out|accept and acknowledge the statement`)

// Check returns an error where the terminal would type what the guard does not know. A session
// calls it before it types anything.
func (t Terminal) Check() error {
	for _, text := range slices.Concat(t.Prepare, []string{t.Enable, t.Leave}) {
		if _, err := terminalCommand(text); err != nil {
			return err
		}
	}
	for _, s := range t.Scopes {
		if !slices.Contains(scopes, s.Enter) || s.Leave != "" && !slices.Contains(scopes, s.Leave) {
			return fmt.Errorf("scope %q, left with %q, is not known to change nothing", s.Enter, s.Leave)
		}
	}
	if t.Pager != nil && !slices.Contains(answers, t.Continue) {
		return fmt.Errorf("%q is not known to go on at a pager", t.Continue)
	}
	for _, q := range slices.Concat(t.Greeting, t.Farewell) {
		if !slices.Contains(answers, q.Answer) && (!slices.Contains(yes, q.Answer) || !harmlessYes.MatchString(q.Pattern.String())) {
			return fmt.Errorf("the answer %q to %q is not known to be harmless", q.Answer, q.Pattern)
		}
	}
	return nil
}

// Questions lists the questions that are answered by themselves, in the order in which they come, the pager's among them.
func (t Terminal) Questions() []Question {
	all := slices.Clone(t.Greeting)
	if t.Pager != nil {
		all = append(all, Question{t.Pager, t.Continue})
	}
	return append(all, t.Farewell...)
}

// PrepareCommands returns the terminal's own commands after login, checked by the guard.
func (t Terminal) PrepareCommands() ([]Command, error) {
	var commands []Command
	for _, text := range t.Prepare {
		c, err := terminalCommand(text)
		if err != nil {
			return nil, err
		}
		commands = append(commands, c)
	}
	return commands, nil
}

func terminalCommand(text string) (Command, error) {
	if text == "" {
		return Command{}, nil
	}
	return newCommand(text, false)
}

// EveryCommand lists, in the order in which they are typed, all that this platform may
// ever be sent over the transport, placeholders in braces. It is the promise of "trueboot platforms
// --commands".
func (p Platform) EveryCommand(t Transport) []string {
	var all []string
	if t == CLI {
		all = p.Terminal.before()
	}
	for _, q := range p.Queries[t] {
		all = append(all, q.Commands...)
	}
	if t == CLI {
		all = append(all, p.Terminal.after()...)
	}
	if t == NETCONF && len(all) > 0 {
		all = append(all, CloseSession)
	}
	return all
}

// before lists what is typed before the queries.
func (t Terminal) before() []string {
	if t.Exec {
		return nil
	}
	var all []string
	if t.Enable != "" {
		all = append(all, t.Enable)
	}
	all = append(all, t.Prepare...)
	for _, s := range t.Scopes {
		all = append(all, s.Enter)
	}
	return all
}

// after lists what is typed after the queries.
func (t Terminal) after() []string {
	if t.Exec {
		return nil
	}
	var all []string
	for _, s := range slices.Backward(t.Scopes) {
		if s.Leave != "" {
			all = append(all, s.Leave)
		}
	}
	if t.Leave != "" {
		all = append(all, t.Leave)
	}
	return all
}
