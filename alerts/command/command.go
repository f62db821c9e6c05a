package command

import (
	"regexp"
	"slices"
	"strings"

	"trueboot/alerts/literals"
)

// A Command is what somebody typed, taken apart.
type Command struct {
	Line        string // in lower case, spelled out, without options, filters and passwords; "no" and its like stay in front
	Hidden      string // as it was typed, with passwords hidden: what may be kept and shown
	Remove      bool   // it takes back what the rest sets
	Source      string // of a file that is copied or fetched, as it was typed
	Destination string
	File        string // the image or other file that it is about, without its place
	Server      string // of a URL
	Direction   string // "in" to the device, "out" from it, "local" within it, "config" for configurations within it; "" if nothing is moved
	Image       bool   // the file has the name of an image or a package
}

// longest is how much of a command is looked at; a person types less.
const longest = 4 << 10

// bounded is as much of a text as is looked at. In small letters it is no longer than that either: a byte that is not UTF-8 becomes three there, and
// some letters are longer than their capitals.
func bounded(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), longest)], "?")
	for len(strings.ToLower(text)) > longest {
		text = strings.ToValidUTF8(text[:len(text)*2/3], "?")
	}
	return text
}

// Parse takes a command apart. The platform may be empty.
func Parse(platform, text string) Command {
	text = bounded(text)
	c := Command{Hidden: Hide(strings.TrimSpace(text))}
	typed := tokens(c.Hidden)
	for len(typed) > 0 && prefixes[strings.ToLower(typed[0])] && len(typed) > 1 {
		typed = typed[1:]
	}
	if platform == "juniper_junos" {
		typed = junosConfiguration(typed)
	}
	for len(typed) > 1 && removals[strings.ToLower(typed[0])] {
		c.Remove = true
		break
	}
	folded := make([]string, len(typed))
	for i, t := range typed {
		folded[i] = strings.ToLower(t)
	}
	begin := 0
	if c.Remove {
		begin = 1
	}
	spell(folded[begin:], words)
	// Options such as /noconfirm and /md5 are kept for verify, whose they are the point of.
	verb := ""
	if begin < len(folded) {
		verb = folded[begin]
	}
	var line, originals []string
	for i, w := range folded {
		if strings.HasPrefix(w, "/") && !strings.Contains(w[1:], "/") && i > begin && verb != "verify" && !strings.Contains(w, ".") {
			continue
		}
		line, originals = append(line, w), append(originals, typed[i])
	}
	if verb == "copy" {
		for i := begin + 1; i < len(line); i++ {
			if place := abbreviated(line[i]); place != "" {
				if line[i] == originals[i] {
					originals[i] = place
				}
				line[i] = place
			}
		}
	}
	c.Line = strings.Join(line, " ")
	c.move(line[min(begin, len(line)):], originals[min(begin, len(originals)):])
	return c
}

// tokens parts a command at blanks, and ends at a filter or at the carriage return that accounting shows. Quotation marks hold a token
// together and are taken off.
func tokens(text string) []string {
	var all []string
	var b strings.Builder
	quoted := byte(0)
	inside := false
	flush := func() {
		if inside {
			all = append(all, b.String())
			b.Reset()
			inside = false
		}
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted != 0:
			if c == quoted {
				quoted = 0
			} else {
				b.WriteByte(c)
			}
		case c == '"':
			quoted, inside = c, true
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			flush()
		case c == '|' && !inside && (i+1 == len(text) || text[i+1] == ' '):
			return all
		default:
			b.WriteByte(c)
			inside = true
		}
	}
	flush()
	return slices.DeleteFunc(all, func(t string) bool { return t == "<cr>" })
}

// spell writes out what was abbreviated, word by word, as far as the words are known.
func spell(typed []string, known []word) {
	for i, t := range typed {
		at := slices.IndexFunc(known, func(w word) bool { return w.text == t })
		if at < 0 {
			for n, w := range known {
				if len(t) >= w.least && strings.HasPrefix(w.text, t) {
					if at >= 0 {
						return // two words begin so
					}
					at = n
				}
			}
		}
		if at < 0 {
			return
		}
		typed[i], known = known[at].text, known[at].next
		if known == nil {
			return
		}
	}
}

// abbreviated is the place that "t:", "f:", "boot:" and "run" stand for, "" when it is none, or written out already.
func abbreviated(typed string) string {
	if typed == "" || strings.Contains(typed, "/") {
		return ""
	}
	name, colon := strings.CutSuffix(typed, ":")
	found := ""
	for _, place := range places {
		bare, isPlace := strings.CutSuffix(place, ":")
		switch {
		case place == typed:
			return ""
		case colon && isPlace && strings.HasPrefix(bare, name), !colon && !isPlace && len(typed) >= 3 && strings.HasPrefix(bare, typed):
		case !colon && isPlace && (bare == name):
			return place // "copy tftp flash", as it is shown when places were typed at a question
		default:
			continue
		}
		// Of flash: and flash0: the one without a number is meant.
		if found == "" || len(place) < len(found) && strings.HasPrefix(found, bare) {
			found = place
		}
	}
	return found
}

// junosConfiguration turns "delete system image" into "no …": in Junos' configuration mode delete takes back. What follows the file
// command is a file.
func junosConfiguration(typed []string) []string {
	if len(typed) > 1 && strings.EqualFold(typed[0], "delete") && strings.EqualFold(typed[1], "system") {
		return append([]string{"no", "set"}, typed[1:]...)
	}
	return typed
}

// passwordInURL and the words before a secret hide what must not be kept.
//
//	copy ftp://admin:secret@10.0.0.9/a.bin flash:        username admin password 0 secret
var (
	passwordInURL = regexp.MustCompile(`(://[^:/@\s]*:)[^/\s]*@`)
	secretWords   = []string{"password", "secret", "passphrase", "key-string", "community", "pre-shared-key", "auth-pass", "priv-pass", "snmp-server user", "key"}
	secretAfter   = regexp.MustCompile(`(?i)\b((?:` + strings.Join(secretWords, "|") + `)(?:\s+(?:encrypted|hidden|plain-text|cipher|simple|hash|sha512|sha256|md5|[0-9]))*\s+)\S+`)
)

// Hide puts *** in the place of passwords in a text that somebody typed, or that repeats it.
func Hide(text string) string {
	if strings.Contains(text, "://") {
		text = passwordInURL.ReplaceAllString(text, "$1***@")
	}
	if !hasSecret.Any(text) { // most texts have none, and the pattern is slow
		return text
	}
	return secretAfter.ReplaceAllString(text, "$1***")
}

var hasSecret = literals.New(secretWords)

// move finds where a file comes from and where it goes.
func (c *Command) move(line, typed []string) {
	if len(line) == 0 {
		return
	}
	at := func(i int) string {
		if i < len(typed) {
			return typed[i]
		}
		return ""
	}
	urls := func() (i int) {
		return slices.IndexFunc(line, func(w string) bool { return isRemote(w) })
	}
	switch line[0] {
	case "copy":
		c.Source, c.Destination = at(1), at(2)
		c.direct(value(line, 1), value(line, 2))
	case "file": // Junos and XR: file copy SOURCE DESTINATION
		if value(line, 1) == "copy" {
			c.Source, c.Destination = at(2), at(3)
			c.direct(value(line, 2), value(line, 3))
		}
	case "scp", "sftp", "ftp", "tftp", "pscp":
		c.program(line, typed)
	case "delete", "erase", "format", "squeeze", "verify":
		c.Source = last(typed)
	case "boot", "boot-loader", "startup", "set", "config-register", "default", "bootrom":
		c.Source = image(line, typed)
	case "execute":
		// execute restore image tftp FGT.out 10.0.0.9
		if value(line, 1) == "restore" {
			c.Source, c.Direction, c.Server = at(4), "in", at(5)
			if value(line, 2) != "image" {
				c.Direction = "config"
			}
		} else if value(line, 1) == "backup" {
			c.Source, c.Direction, c.Server = at(4), "out", at(5)
		}
	default:
		if i := urls(); i >= 0 {
			c.Source = at(i)
			c.direct(line[i], "flash:")
		} else {
			c.Source = image(line, typed)
			// Junos over NETCONF: "request-package-add package-name=/var/tmp/junos.tgz".
			if name, value, ok := strings.Cut(c.Source, "="); ok && !strings.ContainsAny(name, "/:.") {
				c.Source = value
			}
		}
	}
	for _, place := range []string{c.Source, c.Destination} {
		server, file := Split(place)
		if c.Server == "" {
			c.Server = server
		}
		if file != "" && c.File == "" && !configurations[strings.ToLower(file)] {
			c.File = file
		}
	}
	c.Image = IsImage(c.File)
}

func value(line []string, i int) string {
	if i < len(line) {
		return line[i]
	}
	return ""
}

func last(typed []string) string {
	if len(typed) < 2 {
		return ""
	}
	return typed[len(typed)-1]
}

// image is the argument that is a file: the last one that looks like one.
func image(line, typed []string) string {
	for i := len(line) - 1; i > 0; i-- {
		if strings.Contains(line[i], ":") && !strings.HasSuffix(line[i], ":") || IsImage(line[i]) || strings.HasPrefix(line[i], "/") {
			return typed[i]
		}
	}
	return ""
}

// direct tells the direction of a copy from its two ends.
func (c *Command) direct(source, destination string) {
	switch {
	case configurations[source] && isRemote(destination):
		c.Direction = "out"
	case isRemote(source) && !isRemote(destination):
		c.Direction = "in"
	case isRemote(destination):
		c.Direction = "out"
	case configurations[source] || configurations[destination]:
		c.Direction = "config"
	case isUSB(source) && destination != "":
		c.Direction = "in"
	case isUSB(destination):
		c.Direction = "out"
	case source != "" && destination != "":
		c.Direction = "local"
	}
}

func isUSB(place string) bool { return strings.HasPrefix(place, "usb") }

// isRemote matches "tftp:", "scp://user@host/x" and "user@host:/x".
func isRemote(place string) bool {
	scheme, _, ok := strings.Cut(place, ":")
	if !ok {
		return false
	}
	return remote[scheme] || strings.Contains(scheme, "@")
}

// program reads "scp user@host:/a.bin /var/tmp" and "tftp 10.0.0.9 get a.bin".
func (c *Command) program(line, typed []string) {
	if i := slices.IndexFunc(line, func(w string) bool { return w == "get" || w == "put" || w == "sget" || w == "import" || w == "export" }); i > 0 {
		c.Direction = "in"
		if line[i] == "put" || line[i] == "export" {
			c.Direction = "out"
		}
		if i+1 < len(typed) {
			c.Source = typed[len(typed)-1]
			for n := i + 1; n < len(line); n++ {
				if IsImage(line[n]) || isRemote(line[n]) || strings.Contains(line[n], "@") {
					c.Source = typed[n]
					break
				}
			}
		}
		if i > 1 && c.Server == "" && !strings.HasPrefix(line[i-1], "-") {
			c.Server = typed[i-1]
		}
		return
	}
	var ends []string
	for i := 1; i < len(typed); i++ {
		if !strings.HasPrefix(typed[i], "-") {
			ends = append(ends, typed[i])
		}
	}
	if len(ends) < 2 {
		return
	}
	c.Source, c.Destination = ends[len(ends)-2], ends[len(ends)-1]
	hosted := func(end string) bool {
		return strings.Contains(end, ":") && !strings.HasPrefix(end, "/") && (strings.Contains(end, "@") || remote[strings.ToLower(end[:strings.IndexByte(end, ':')])] || strings.Contains(end, ".") && strings.Contains(end, ":/"))
	}
	switch {
	case hosted(c.Source):
		c.Direction = "in"
	case hosted(c.Destination):
		c.Direction = "out"
	}
}

// Split parts a place into the server and the file: "tftp://10.0.0.9/a.bin" into "10.0.0.9" and "a.bin"; "flash:/a.bin" into "" and "a.bin".
func Split(place string) (server, file string) {
	rest := place
	if scheme, after, ok := strings.Cut(place, "://"); ok && remote[strings.ToLower(scheme)] {
		server, rest, _ = strings.Cut(strings.TrimLeft(after, "/"), "/")
		server = server[strings.LastIndexByte(server, '@')+1:]
		if host, port, ok := strings.Cut(server, ":"); ok && strings.Trim(port, "0123456789") == "" {
			server = host
		}
	} else if before, after, ok := strings.Cut(place, ":"); ok {
		if at := strings.LastIndexByte(before, '@'); at >= 0 {
			server = before[at+1:]
		}
		rest = after
	}
	rest = strings.TrimRight(rest, "/")
	file = rest[strings.LastIndexByte(rest, '/')+1:]
	if i := strings.IndexAny(file, ";?"); i >= 0 {
		file = file[:i]
	}
	return server, file
}

// extensions of images and packages (passive.md, section 4.5).
var extensions = []string{
	".bin", ".img", ".tar", ".pkg", ".spa", ".vm", ".ova", ".qcow2", ".vmdk", ".tgz", ".tar.gz", ".swi", ".swix", ".iso", ".rpm", ".pie", ".smu", ".out", ".cc", ".pat", ".ipe", ".app", ".deb",
	".zip", ".rom", ".rommon", ".fpd", ".upd", ".hdr", ".csp", ".lpkg", ".swx",
}

// others are extensions and folders of files that are no images, whatever else their names say.
var others = []string{".cfg", ".txt", ".log", ".dat", ".lic", ".crt", ".p12", ".pcap", ".core", ".conf.gz", ".json", ".xml", ".csv", ".pem", ".key"}

// withoutExtension matches image files that have none: "asr9k-mini-px-6.0.2", "vios-adventerprisek9-m", "asr9k-mini-px.vm-6.0.2".
var withoutExtension = regexp.MustCompile(`(?i)(?:-m|k9[a-z_-]*|universal[a-z0-9_-]*|\.vm-\d+\.\d+\.\d+|-px-\d+\.\d+\.\d+|^(?:asr9k|xrv9k|ncs[0-9a-z]+|8000)-.*\d+\.\d+\.\d+|^panos_[a-z0-9]+-\d+\.\d+\.\d+(?:-h\d+)?)$`)

// IsImage reports whether a file bears the name of an image, a package or a provisioning file.
func IsImage(file string) bool {
	if file == "" {
		return false
	}
	name := strings.ToLower(file[strings.LastIndexAny(file, "/:")+1:])
	if name == "packages.conf" {
		return true
	}
	lower := strings.ToLower(file)
	for _, other := range others {
		if strings.HasSuffix(name, other) {
			return false
		}
	}
	if strings.Contains(lower, "core/") || strings.Contains(lower, "crashinfo") {
		return false
	}
	for _, extension := range extensions {
		if strings.HasSuffix(name, extension) && len(name) > len(extension) {
			return true
		}
	}
	if strings.HasSuffix(name, ".gz") { // a kernel, or an archive of logs
		return strings.Contains(name, "image") || strings.Contains(name, "install")
	}
	return withoutExtension.MatchString(name)
}
