package hpe

import (
	"slices"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var flashYields = []facts.Kind{facts.Partition, facts.FileTime, facts.NextBootVariable, facts.BootLoaderVersion, facts.BootSetting}

var (
	// Primary Image   : 9839140    07/16/12 K.15.06.0017
	// Secondary Image : 30212241   10/04/16 WC.16.02.0012    345
	// Secondary Image : 0
	flashImage = collectors.MustCompile(`^(Primary|Secondary) Image *: *([\d,]+)(?: +(\d{2}/\d{2}/\d{2,4}) +(\S+)(?: +\d+)?)?$`)

	// Boot Rom Version: K.12.14
	// Primary Boot ROM Version   : WC.16.01.0005
	flashROM = collectors.MustCompile(`^(?i)((?:primary |secondary )?boot rom) version *: *(\S+)$`)

	// Default Boot     : Primary
	// Default Boot Image   : Primary
	// Current Boot     : Primary
	// Default Boot ROM     : Primary
	flashSetting = collectors.MustCompile(`^(?i)((?:default|current) boot(?: image| flash| rom)?) *: *(\w+)$`)
)

// readFlash reads "show flash": what the two images hold, and which one boots next.
func readFlash(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := flashImage.FindStringSubmatch(text); m != nil {
			switch {
			case m[4] != "" && aossVersion.MatchString(m[4]):
				r.Add(n, facts.Partition, m[1], m[4])
				r.Add(n, facts.FileTime, m[1], m[3])
			case strings.Trim(m[2], "0,") != "" || m[4] != "":
				r.Problem("line %d: no version of the image: %.80q", n, text)
			}
		} else if m := flashROM.FindStringSubmatch(text); m != nil {
			subject := "ROM"
			if which, _, two := strings.Cut(m[1], " "); two && !strings.EqualFold(which, "boot") {
				subject = titled(which) + " ROM"
			}
			r.Add(n, facts.BootLoaderVersion, subject, m[2])
		} else if m := flashSetting.FindStringSubmatch(text); m != nil {
			name := strings.ToLower(m[1])
			switch {
			case strings.HasSuffix(name, "rom"):
				r.Add(n, facts.BootSetting, name, m[2])
			case strings.HasPrefix(name, "default"):
				r.Add(n, facts.NextBootVariable, "1", m[2])
			}
		} else if strings.HasPrefix(text, "Primary Image") || strings.HasPrefix(text, "Secondary Image") {
			r.Problem("line %d: not an image: %.80q", n, text)
		}
	}
	if !r.Has(facts.NextBootVariable, "1") {
		r.Problem("no default boot image in the reply")
	}
	if r.Empty() {
		r.Problem("no image in the reply")
	}
	return r.Done()
}

// titled spells a word as the images are called in print: "Primary".
func titled(word string) string {
	word = strings.ToLower(word)
	return strings.ToUpper(word[:1]) + word[1:]
}

// flashImages yields the images that hold something, as commands call them: "primary".
func flashImages(s facts.Set) []string {
	var images []string
	add := func(image string) {
		if image = strings.ToLower(image); !slices.Contains(images, image) && (image == "primary" || image == "secondary") {
			images = append(images, image)
		}
	}
	for f := range s.All(facts.Partition) {
		add(f.Subject)
	}
	add(s.Value(facts.RunningImage))
	return images
}

var (
	// Signature is valid.
	signatureValid = collectors.MustCompile(`(?i)^(?:the )?(?:image )?signature (?:is )?(?:valid|verified)(?: for .*)?\.?$`)

	// Signature is not valid.
	// Signature verification failed.
	signatureWrong = collectors.MustCompile(`(?i)signature.*(?:not valid|invalid|fail|mismatch|not signed)|(?:invalid|no) signature|not signed`)
)

// readFlashSignature reads "verify signature flash IMAGE".
func readFlashSignature(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	image := titled(reply.Command[strings.LastIndexByte(reply.Command, ' ')+1:])
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if signatureWrong.MatchString(text) {
			r.Add(n, facts.Signature, image, "failed")
		} else if signatureValid.MatchString(text) {
			r.Add(n, facts.Signature, image, "verified")
		}
	}
	if r.Empty() {
		r.Problem("no result of the signature's verification in the reply")
	}
	return r.Done()
}
