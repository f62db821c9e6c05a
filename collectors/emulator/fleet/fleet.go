// Package fleet composes the replies of Cisco devices that do not exist, for the
// demonstration, the tests and the benchmarks. A [Device] says what it is, what it
// runs, what it holds and what it will boot next; Transcript puts that into the words of
// "show version", "dir" and the rest, one consistent whole. Changing a field tampers with the device.
package fleet

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha512"
	"embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"

	"trueboot/collectors/capture"
)

// An Image is a file of an operating system. Its digests follow from Content, so that two images
// with one name and other content differ as they would on a device.
type Image struct {
	Path    string // as the boot variable names it
	Size    int64
	Content string // stands for the bytes
	Signed  bool
}

// A File lies on a file system of the device.
type File struct {
	Path string // "flash:/vlan.dat"
	Size int64
	Time time.Time
}

// A Member is a switch of a stack, or the device itself.
type Member struct {
	Serial, Board, MAC, PowerSerial string
	Version                         string // what the member runs
}

// DottedMAC is the address as Cisco's tables print it.
func (m Member) DottedMAC() string {
	digits := strings.ReplaceAll(m.MAC, ":", "")
	return digits[:4] + "." + digits[4:8] + "." + digits[8:]
}

// PaddedVersion is the member's version in the spelling of IOS XE file names.
func (m Member) PaddedVersion() string { return padded(m.Version) }

// A Package is a row of the install summary.
type Package struct{ Sort, State, Name string }

// A FileSystem is a row of "show file systems".
type FileSystem struct {
	Prefixes string // "flash: flash-1:"
	Sort     string
	Total    int64 // 0 where the slot is empty
	Default  bool
	used     int64
}

// TotalText is the size column.
func (f FileSystem) TotalText() string {
	if f.Total == 0 {
		return "-"
	}
	return fmt.Sprint(f.Total)
}

// FreeText is the free column.
func (f FileSystem) FreeText() string {
	if f.Total == 0 {
		return "-"
	}
	return fmt.Sprint(f.Total - f.used)
}

// A Device is one network device.
type Device struct {
	Name        string
	Model       string
	Description string
	PowerSupply string
	Members     []Member
	Switch      bool
	XE          bool

	Family     string // "C2900", "Catalyst L3 Switch"
	FeatureSet string // "C2900-UNIVERSALK9-M"
	Version    string // "15.7(3)M8"
	Codename   string
	Year       int
	Compiled   string

	ROM         string
	BootLoader  string
	Firmware    string
	ChassisLine string

	Uptime       time.Duration
	Restarted    time.Time
	ReturnedBy   string
	ReloadReason string

	RunningImage     string
	BootVariable     string // as printed
	NextBootVariable string // where the output tells; empty for the same
	Register         string
	NextRegister     string // empty for the same
	ManualBoot       string

	BootCommands        []string
	StartupBootCommands []string // nil for the same

	Packages   []Package
	AbortTimer string
	PackageSet []Image // install mode: the package files beside packages.conf

	Images      []Image // bundle files that can boot
	Files       []File
	FileSystems []FileSystem

	ExtraAccess []string // lines of the running configuration on accounts and access that are not saved
	Scripts     []string // lines of the running configuration on event policies and schedules that are not saved
	SELinux     string   // the mode in force; empty for Enforcing

	// SHA512 is set where the release knows verify /sha512.
	SHA512 bool
	// SaysVerified makes verify confirm any digest.
	SaysVerified bool
	// Refuses lists commands that the device does not know.
	Refuses []string
}

// PaddedVersion is the version in the spelling of IOS XE's first line.
func (d *Device) PaddedVersion() string { return padded(d.Version) }

func padded(version string) string {
	parts := strings.Split(version, ".")
	for i, p := range parts {
		if n := strings.IndexFunc(p, func(r rune) bool { return r < '0' || r > '9' }); n == 1 || n < 0 && len(p) == 1 {
			parts[i] = "0" + p
		}
	}
	return strings.Join(parts, ".")
}

// MemoryDigest is the digest of the code that runs: every device of one model and version has the same.
func (d *Device) MemoryDigest() string {
	return fmt.Sprintf("%x", md5.Sum([]byte(d.FeatureSet+" "+d.Version)))
}

// UptimeText is the uptime in Cisco's words.
func (d *Device) UptimeText() string {
	minutes := int64(d.Uptime / time.Minute)
	var parts []string
	for _, unit := range []struct {
		name string
		in   int64
	}{{"year", 525600}, {"week", 10080}, {"day", 1440}, {"hour", 60}, {"minute", 1}} {
		n := minutes / unit.in
		minutes %= unit.in
		switch {
		case n == 1:
			parts = append(parts, "1 "+unit.name)
		case n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n, unit.name))
		}
	}
	if len(parts) == 0 {
		return "0 minutes"
	}
	return strings.Join(parts, ", ")
}

// RestartedText is the time of the last start as the device prints it.
func (d *Device) RestartedText() string {
	return d.Restarted.UTC().Format("15:04:05 UTC Mon Jan 2 2006")
}

//go:embed replies/*.tmpl
var replies embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"add": func(a, b int) int { return a + b },
	"sub": func(a, b int) int { return a - b },
}).ParseFS(replies, "replies/*.tmpl"))

// Transcript returns what the device would say to every command that a visit may send.
func (d Device) Transcript(at time.Time) *capture.Transcript {
	d.complete()
	t := &capture.Transcript{Platform: "cisco_ios", Device: d.Name, Time: at, Nonce: strings.Repeat("0", 32)}
	asked := map[string]bool{}
	add := func(command, text string) {
		asked[command] = true
		if slices.Contains(d.Refuses, command) {
			text = refused(command)
		}
		t.Exchanges = append(t.Exchanges, capture.Exchange{Command: command, Text: strings.ReplaceAll(text, "\n", "\r\n"), Time: at})
	}
	family := "classic.tmpl"
	if d.XE {
		family = "xe.tmpl"
	}
	for _, name := range []string{family, "common.tmpl"} {
		var out bytes.Buffer
		if err := templates.ExecuteTemplate(&out, name, &d); err != nil {
			panic(err) // a template that does not fit the struct: found by the first test
		}
		for section := range strings.SplitSeq(out.String(), "=== ") {
			if command, text, ok := strings.Cut(section, "\n"); ok {
				add(command, text)
			}
		}
	}
	d.addListings(add)
	d.addDigests(add)
	for _, path := range d.paths() {
		for _, command := range []string{"verify /sha512 " + path, "show software authenticity file " + path} {
			if !asked[command] {
				add(command, refused(command))
			}
		}
	}
	for _, command := range optional {
		if !asked[command] {
			add(command, refused(command))
		}
	}
	return t
}

// optional are commands that a visit may send and that not every device knows.
var optional = []string{
	"show bootvar", "show boot", "show boot system", "show redundancy", "show install summary", "show switch detail", "show switch",
	"show platform", "show platform diag", "show software authenticity running", "show rom-monitor", "show rom-monitor R0", "show romvar",
	"show install log", "show app-hosting list", "show platform software selinux", "show platform hardware authentication status", "show processes | include Policy Lock",
	"show platform integrity sign nonce 1", "show platform sudi certificate sign nonce 1",
}

// paths returns the files that can boot.
func (d *Device) paths() []string {
	var all []string
	for _, i := range append(slices.Clone(d.Images), d.PackageSet...) {
		all = append(all, i.Path)
	}
	return all
}

// refused is how the device answers a command that it does not know.
func refused(command string) string {
	_, last, _ := strings.Cut(command, " ")
	return strings.Repeat(" ", len("device#")+len(command)-len(last)) + "^\n% Invalid input detected at '^' marker.\n\n"
}

func (d *Device) complete() {
	if d.NextBootVariable == "" {
		d.NextBootVariable = d.BootVariable
	}
	if d.NextRegister == "" {
		d.NextRegister = d.Register
	}
	if d.StartupBootCommands == nil {
		d.StartupBootCommands = d.BootCommands
	}
	if d.ManualBoot == "" {
		d.ManualBoot = "no"
	}
	if d.SELinux == "" {
		d.SELinux = "Enforcing"
	}
	if d.AbortTimer == "" {
		d.AbortTimer = "inactive"
	}
	d.FileSystems = slices.Clone(d.FileSystems)
	for i := range d.FileSystems {
		for _, f := range d.listed(&d.FileSystems[i]) {
			d.FileSystems[i].used += f.Size
		}
	}
}

// listed returns the files of one file system.
func (d *Device) listed(system *FileSystem) []File {
	var files []File
	add := func(path string, size int64, at time.Time) {
		prefix, rest, _ := strings.Cut(path, ":")
		if slices.Contains(strings.Fields(system.Prefixes), prefix+":") {
			files = append(files, File{Path: strings.TrimPrefix(rest, "/"), Size: size, Time: at})
		}
	}
	for _, i := range append(slices.Clone(d.Images), d.PackageSet...) {
		add(i.Path, i.Size, d.Restarted.Add(-time.Hour))
	}
	for _, f := range d.Files {
		at := f.Time
		if at.IsZero() {
			at = d.Restarted.Add(-2 * time.Hour)
		}
		add(f.Path, f.Size, at)
	}
	return files
}

// addListings answers "dir /recursive" for every file system that keeps files.
func (d *Device) addListings(add func(command, text string)) {
	for i := range d.FileSystems {
		system := &d.FileSystems[i]
		if system.Total == 0 {
			continue
		}
		name, _, _ := strings.Cut(system.Prefixes, " ")
		byDirectory := map[string][]File{"": nil}
		for _, f := range d.listed(system) {
			directory := ""
			if cut := strings.LastIndexByte(f.Path, '/'); cut >= 0 {
				directory, f.Path = f.Path[:cut], f.Path[cut+1:]
			}
			byDirectory[directory] = append(byDirectory[directory], f)
		}
		var out strings.Builder
		inode := 11
		directories := slices.Sorted(keys(byDirectory))
		for _, directory := range directories {
			fmt.Fprintf(&out, "Directory of %s/%s\n\n", name, directory)
			if directory == "" {
				for _, sub := range directories[1:] {
					inode++
					fmt.Fprintf(&out, "%6d  drwx %16d  %s  %s\n", inode, 4096, d.Restarted.UTC().Format("Jan _2 2006 15:04:05 -07:00"), sub)
				}
			}
			for _, f := range byDirectory[directory] {
				inode++
				fmt.Fprintf(&out, "%6d  -rw- %16d  %s  %s\n", inode, f.Size, f.Time.UTC().Format("Jan _2 2006 15:04:05 -07:00"), f.Path)
			}
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "%d bytes total (%d bytes free)\n", system.Total, system.Total-system.used)
		add("dir /recursive "+name, out.String())
	}
}

func keys(m map[string][]File) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// signedAt is the serial number of the certificate that signs the images: the day after they were compiled, in seconds since 1970.
func (d *Device) signedAt() string {
	compiled, err := time.Parse("Mon 2-Jan-06 15:04", d.Compiled)
	if err != nil {
		panic(err) // the catalogue's own words
	}
	return fmt.Sprintf("%08X", compiled.Add(24*time.Hour).Unix())
}

// addDigests answers what makes a device read its image files.
func (d *Device) addDigests(add func(command, text string)) {
	nonce := strings.Repeat("0", 32)
	signer := "CiscoSystems"
	authenticity := func(name string) string {
		return name + `Image type                      : Production
    Signer Information
        Common Name             : ` + signer + `
        Organization Unit       : ` + strings.Fields(d.Family)[0] + `
        Organization Name       : ` + signer + `
    Certificate Serial Number   : ` + d.signedAt() + `
    Hash Algorithm              : SHA512
    Signature Algorithm         : 2048-bit RSA
    Key Version                 : A
`
	}
	if d.XE {
		add("show version running", d.runningPackages())
	}
	signed := false
	for _, i := range append(slices.Clone(d.Images), d.PackageSet...) {
		md5sum, sha := md5.Sum([]byte(i.Content)), sha512.Sum512([]byte(i.Content))
		weak, strong := hex.EncodeToString(md5sum[:]), hex.EncodeToString(sha[:])
		dots := strings.Repeat(".", 60) + "Done!\n"
		add("verify /md5 "+i.Path, dots+"verify /md5 ("+i.Path+") = "+weak+"\n\n")
		if d.SHA512 {
			add("verify /sha512 "+i.Path, dots+"verify /sha512 ("+i.Path+") = "+strong+"\n\n")
		}
		challenge := dots + "%Error verifying " + i.Path + "\nComputed signature  = " + strings.ToUpper(weak) + "\nSubmitted signature = " + nonce + "\n\n"
		if d.SaysVerified {
			challenge = dots + "Verified (" + i.Path + ") = " + nonce + "\n\n"
		}
		add("verify /md5 "+i.Path+" "+nonce, challenge)
		switch {
		case strings.HasSuffix(i.Path, "packages.conf"):
			add("verify "+i.Path, "Verifying file integrity of "+i.Path+"\n"+i.Path+" detected as a provisioning file\n")
		case i.Signed:
			signed = true
			upper := strings.ToUpper(strong)
			rows := upper[:32]
			for at := 32; at < len(upper); at += 32 {
				rows += "\n                      " + upper[at:at+32]
			}
			add("verify "+i.Path, "Verifying file integrity of "+i.Path+"\n"+dots+
				"Embedded Hash   SHA2: "+rows+"\nComputed Hash   SHA2: "+rows+
				"\nCCO Hash        MD5 : "+strings.ToUpper(weak)+"\n\nDigital signature successfully verified in file "+i.Path+"\n")
			add("show software authenticity file "+i.Path, authenticity("File Name                       : "+i.Path+"\n"))
		default:
			add("verify "+i.Path, "Verifying file integrity of "+i.Path+"\n"+dots+"%ERROR: Signature not found in file "+i.Path+".\n")
		}
		if strings.HasSuffix(i.Path, "packages.conf") {
			add("more "+i.Path, i.Content)
		}
	}
	if signed {
		add("show software authenticity running", "SYSTEM IMAGE\n------------\n"+authenticity(""))
	}
}

// runningPackages is what "show version running" lists: the packages, in bundle mode as they lie in the image.
func (d *Device) runningPackages() string {
	var b strings.Builder
	one := func(name, version, file, sum string) {
		fmt.Fprintf(&b, "Package: %s, version: %s, status: active\n  File: %s, on: RP0\n  Built: n/a, by: mcpre\n  File SHA1 checksum: %s\n\n", name, version, file, sum)
	}
	one("Provisioning File", "n/a", "consolidated:packages.conf", "n/a")
	packages := d.PackageSet
	if len(packages) == 0 {
		base := strings.TrimSuffix(d.RunningImage[strings.LastIndexAny(d.RunningImage, ":/")+1:], ".bin")
		packages = []Image{{Path: "consolidated:" + base + ".pkg"}}
	}
	seen := map[string]bool{}
	for _, p := range packages {
		file := p.Path[strings.LastIndexAny(p.Path, ":/")+1:]
		if !seen[file] {
			seen[file] = true
			sum := sha1.Sum([]byte(content(file))) // of what was mounted, whatever lies there now
			one(strings.SplitN(file, ".", 2)[0], d.Version, p.Path, hex.EncodeToString(sum[:]))
		}
	}
	return b.String()
}
