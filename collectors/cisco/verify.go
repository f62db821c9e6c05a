package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// hexLengths maps the length of a hexadecimal digest to its algorithm.
var hexLengths = map[int]string{32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}

// progress is what "verify" prints in front of its next line while it works.
//
//	.....Done!Verified (flash:x.bin) = 0f58a02f3d3f1e1be8f509d2e5b58fb8
var progress = collectors.MustCompile(`^[.!]*(?:Done!)?\s*`)

func withoutProgress(line string) string {
	text := strings.TrimSpace(line)
	return text[len(progress.FindString(text)):]
}

var (
	// verify /md5 (flash:c2960-lanbasek9-mz.150-2.SE4.bin) = 3e1b2f0c6a7d4e5f8091a2b3c4d5e6f7
	digestLine = collectors.MustCompile(`(?i)^verify /(md5|sha-?\d+) \(([^()]+)\) *= *([0-9a-f]*)$`)

	// The same line, cut by a narrow terminal before its equals sign.
	// verify /sha512 (bootflash:isr4300-universalk9.17.09.04a.SPA.b
	digestStart = collectors.MustCompile(`(?i)^verify /(md5|sha-?\d+) \(`)

	// Computed signature  = 0F58A02F3D3F1E1BE8F509D2E5B58FB8
	computedLine = collectors.MustCompile(`^Computed signature\s*=\s*([0-9A-Fa-f]+)$`)

	// %Error verifying flash:c2960-lanbasek9-mz.150-2.SE4.bin
	mismatchLine = collectors.MustCompile(`^%Error verifying (\S+)$`)

	// Verified (flash:c2960-lanbasek9-mz.150-2.SE4.bin) = 0f58a02f3d3f1e1be8f509d2e5b58fb8
	verifiedLine = collectors.MustCompile(`^Verified \(([^()]+)\)`)
)

// longestDigestLine bounds how much of a broken line is put together again: a path and 128 digits.
const longestDigestLine = 1024

// readDigest reads "verify /md5 FILE" and "verify /sha512 FILE". The line with the digest wraps where the terminal is narrow.
func readDigest(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r     collectors.Reading
		whole string
		at    int
	)
	for n, line := range reply.Lines() {
		text := withoutProgress(line)
		switch {
		case digestStart.MatchString(text):
			if at != 0 {
				r.Problem("line %d: a second digest", n)
				return r.Done()
			}
			whole, at = text, n
		case at != 0 && len(whole) < longestDigestLine && !digestComplete(whole):
			whole += text
		}
	}
	m := digestLine.FindStringSubmatch(whole)
	if m == nil {
		r.Problem("no digest in the reply")
		return r.Done()
	}
	addDigest(&r, at, facts.ImageDigest, m[2], strings.ReplaceAll(strings.ToLower(m[1]), "-", ""), m[3])
	return r.Done()
}

// digestComplete reports whether the line holds all digits of its algorithm.
func digestComplete(line string) bool {
	m := digestLine.FindStringSubmatch(line)
	return m != nil && hexLengths[len(m[3])] == strings.ReplaceAll(strings.ToLower(m[1]), "-", "")
}

// readChallenge reads "verify /md5 FILE DIGEST" where the digest sent is the session's nonce
// and so is wrong. An honest device refuses it, and says what it computed itself.
func readChallenge(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r         collectors.Reading
		mismatch  string
		computed  string
		at        int
		refusedAt int
		accepted  bool
	)
	for n, line := range reply.Lines() {
		text := withoutProgress(line)
		if m := verifiedLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.DigestChallenge, m[1], "accepted")
			accepted = true
		} else if m := mismatchLine.FindStringSubmatch(text); m != nil {
			mismatch, refusedAt = m[1], n
			r.Add(n, facts.DigestChallenge, mismatch, "refused")
		} else if m := computedLine.FindStringSubmatch(text); m != nil {
			computed, at = m[1], n
		}
	}
	switch {
	case refusedAt == 0 && accepted:
	case refusedAt == 0:
		r.Problem("neither a match nor a mismatch in the reply")
	case computed == "":
		r.Problem("line %d: a mismatch without the digest that the device computed", refusedAt)
	default:
		addDigest(&r, at, facts.ImageDigest, mismatch, "md5", computed)
	}
	return r.Done()
}

// addDigest adds a digest if it has the length of its algorithm; an empty algorithm is told by the length.
func addDigest(r *collectors.Reading, n int, kind facts.Kind, path, algorithm, digits string) {
	known := hexLengths[len(digits)]
	if known == "" || algorithm != "" && known != algorithm {
		r.Problem("line %d: %d digits are no %s digest", n, len(digits), algorithm)
		return
	}
	r.Add(n, kind, path, known+":"+strings.ToLower(digits))
}

var (
	// Verifying file integrity of flash0:/c2900-universalk9-mz.SPA.157-3.M4b.bin
	verifyingLine = collectors.MustCompile(`(?i)^Verifying (?:file integrity of )?(\S+?:\S+?)(?:\.*|\.{2,}.*)$`)

	// Embedded Hash   SHA2: 5A1F0E8B3C9D7A6E4F2B1C0D9E8F7A6B
	//                       0A1B2C3D4E5F60718293A4B5C6D7E8F9
	// Computed Hash   MD5 : 3E1B2F0C6A7D4E5F8091A2B3C4D5E6F7
	// CCO Hash        MD5 : 3E1B2F0C6A7D4E5F8091A2B3C4D5E6F7
	hashLabel = collectors.MustCompile(`^(Embedded|Computed|CCO) Hash\s+(MD5|SHA-?\d+)\s*:\s*([0-9A-Fa-f]*)$`)
	hashRow   = collectors.MustCompile(`^[0-9A-Fa-f]{8,}$`)

	// Digital signature successfully verified in file flash0:/c2900-universalk9-mz.SPA.157-3.M4b.bin
	// Signature Verified
	// Digital signature successfully validated
	signatureGood = collectors.MustCompile(`(?i)^(?:digital )?signature (?:successfully )?(?:verified|validated)(?: in (?:file|package) .*)?\.?$`)

	// Embedded hash verification successful.
	embeddedGood = collectors.MustCompile(`(?i)^embedded hash verification successful`)

	// %ERROR: Digital signature verification failed for file flash0:/x.bin
	// %ERROR: Failed to verify digital signature in file bootflash:x.bin
	// Digital signature verification has failed
	signatureBad = collectors.MustCompile(`(?i)signature (?:verification )?(?:has )?failed|failed to verify (?:the )?(?:digital )?signature|signature (?:is )?(?:invalid|mismatch)|invalid (?:digital )?signature`)

	// %ERROR: Signature not found in file flash:/c2960-lanbasek9-mz.122-55.SE12.bin.
	signatureNo = collectors.MustCompile(`(?i)signature not found|is not (?:a )?(?:digitally )?signed|no (?:digital )?signature`)

	// Embedded hash verification failed for file flash:/c2960-lanbasek9-mz.150-2.SE4.bin.
	// %ERROR: Computed hash does not match the embedded hash
	embeddedBad = collectors.MustCompile(`(?i)hash verification failed|hash(?:es)? (?:do not|does not|don't|doesn't) match|hash mismatch`)

	// flash:packages.conf detected as a provisioning file
	provisioningLine = collectors.MustCompile(`(?i)detected as a provisioning file`)
)

var hashKinds = map[string]facts.Kind{
	"Embedded": facts.EmbeddedDigest, "Computed": facts.ComputedDigest, "CCO": facts.PublishedDigest,
}

var verifyYields = []facts.Kind{facts.EmbeddedDigest, facts.ComputedDigest, facts.PublishedDigest, facts.Signature}

// readVerify reads "verify FILE": the digests written into the image beside those that the
// device computes now, and the result of the signature check. SHA-2 digests come in rows.
func readVerify(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		path    = argument(reply.Command)
		label   string
		digits  strings.Builder
		labelAt int
		told    bool
	)
	end := func() {
		if label != "" && digits.Len() > 0 {
			addDigest(&r, labelAt, hashKinds[label], path, "", digits.String())
		}
		label = ""
		digits.Reset()
	}
	for n, line := range reply.Lines() {
		text := withoutProgress(line)
		if m := hashLabel.FindStringSubmatch(text); m != nil {
			end()
			label, labelAt, told = m[1], n, true
			digits.WriteString(m[3])
			continue
		}
		if label != "" && digits.Len() < 128 && hashRow.MatchString(text) {
			digits.WriteString(text)
			continue
		}
		end()
		switch {
		case verifyingLine.MatchString(text) && path == "":
			path = verifyingLine.FindStringSubmatch(text)[1]
		case signatureGood.MatchString(text):
			r.Add(n, facts.Signature, path, "verified")
			told = true
		case signatureBad.MatchString(text), embeddedBad.MatchString(text):
			r.Add(n, facts.Signature, path, "failed")
			told = true
		case signatureNo.MatchString(text):
			r.Add(n, facts.Signature, path, "absent")
			told = true
		case embeddedGood.MatchString(text), provisioningLine.MatchString(text):
			told = true
		}
	}
	end()
	if !told {
		r.Problem("no result of a verification in the reply")
	}
	return r.Done()
}

// argument returns the last word of a command, where that is a path.
func argument(command string) string {
	words := strings.Fields(command)
	if len(words) == 0 || !strings.Contains(words[len(words)-1], ":") {
		return ""
	}
	return words[len(words)-1]
}
