package hpe

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var imagesYields = []facts.Kind{
	facts.Partition, facts.ImageDigest, facts.FileTime, facts.BootVariable, facts.NextBootVariable, facts.ComponentImage, facts.BootLoaderVersion,
}

var (
	// ArubaOS-CX Primary Image
	// AOS-CX Secondary Image
	imageHeading = collectors.MustCompile(`^(?:Aruba|A)OS-CX (\w+) Image$`)

	// Management Module 1/1 (Active)
	moduleHeading = collectors.MustCompile(`^Management Module (\d+/\d+)(?: \((\w+)[^)]*\))?$`)

	// Active Image (Management Module 1/1) : primary
	moduleField = collectors.MustCompile(`^(Active Image|Service OS Version|BIOS Version) \(Management Module (\d+/\d+)(?:, *\w+)?\) *: *(\S+)$`)

	// SHA-256 : 6b0e5b5d…
	sha256Digits = collectors.MustCompile(`^[0-9A-Fa-f]{64}$`)
)

// readImages reads "show images". The digests are those that the device shows of its images; whether it computes them anew is not
// known. What the active management module runs is the image that it booted, and the default image is the one that boots next.
func readImages(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		image   string // whose lines these are
		at      int
		version bool
		module  string // "management module 1/2"; empty for the active one
		inside  bool   // a module's block
		active  bool   // the block of the active module was seen
	)
	end := func() {
		if image != "" && !version {
			r.Problem("line %d: no version of the %s image", at, image)
		}
		image, inside, version = "", false, false
	}
	of := func(number, role string) string {
		// A device with one module does not always say that it is the active one.
		if role == "Active" || role == "Conductor" || role == "Commander" || role == "" && !active {
			active = true
			return ""
		}
		return "management module " + number
	}
	booted := func(n int, module, value string) {
		r.Add(n, facts.BootVariable, facts.Place(module, 1), value)
		if module != "" {
			r.Add(n, facts.ComponentImage, module, value)
		}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := imageHeading.FindStringSubmatch(text); m != nil {
			end()
			image, at = strings.ToLower(m[1]), n
			continue
		}
		if m := moduleHeading.FindStringSubmatch(text); m != nil {
			end()
			module, inside = of(m[1], m[2]), true
			continue
		}
		if m := moduleField.FindStringSubmatch(text); m != nil {
			end()
			if m[1] == "Active Image" {
				module = of(m[2], "")
				booted(n, module, m[3])
			} else {
				r.Add(n, facts.BootLoaderVersion, strings.TrimSpace(module+" "+strings.TrimSuffix(m[1], " Version")), m[3])
			}
			continue
		}
		m := aoscxField.FindStringSubmatch(text)
		switch {
		case m == nil:
		case m[1] == "Default Image":
			end()
			r.Add(n, facts.NextBootVariable, "1", m[2])
		case image != "":
			switch m[1] {
			case "Version":
				version = true
				if !aoscxVersion.MatchString(m[2]) {
					r.Problem("line %d: %.80q is no version of AOS-CX", n, m[2])
					continue
				}
				r.Add(n, facts.Partition, image, m[2])
			case "Date":
				r.Add(n, facts.FileTime, image, m[2])
			case "SHA-256":
				if !sha256Digits.MatchString(m[2]) {
					r.Problem("line %d: %.80q is no SHA-256 digest", n, m[2])
					continue
				}
				r.Add(n, facts.ImageDigest, image, "sha256:"+strings.ToLower(m[2]))
			}
		case m[1] == "Active Image":
			if !inside {
				module = of("", "")
			}
			booted(n, module, m[2])
		case m[1] == "Service OS Version" || m[1] == "BIOS Version":
			r.Add(n, facts.BootLoaderVersion, strings.TrimSpace(module+" "+strings.TrimSuffix(m[1], " Version")), m[2])
		}
	}
	end()
	if !r.Has(facts.NextBootVariable, "1") {
		r.Problem("no default image in the reply")
	}
	if !r.Has(facts.BootVariable, "1") {
		r.Problem("no image of an active management module in the reply")
	}
	return r.Done()
}
