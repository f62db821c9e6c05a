package cisco

import (
	"encoding/base64"
	"strconv"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Boot 0 Hash: 523DD459C650AF0F5AB5396060605E412C1BE99AF51F4FA88AD26049612921FF
	// Boot Loader Version: System Bootstrap, Version 16.10.1r[FC1], RELEASE SOFTWARE (P)
	// PCR0: BB33E3FE338B82635B1BD3F1401CF442ACC9BB12A405A424FBE0A5776569884E
	// Signature version: 1
	// Signature:
	integrityField = collectors.MustCompile(`^(Platform|Boot 0 Version|Boot 0 Hash|Boot Loader Version|Boot Loader Hash|OS Version|OS Hash(?:es)?|PCR\d+|Signature [Vv]ersion|Signature)\s*:\s*(.*)$`)

	// cat9k-rpbase.16.12.01.SPA.pkg: 5A5A…
	osHash = collectors.MustCompile(`^([\w.-]+\.(?:pkg|bin|SPA|conf))\s*:\s*([0-9A-Fa-f]*)$`)

	// A long value goes on in the next line.
	moreHex = collectors.MustCompile(`^[0-9A-Fa-f]{2,}$`)

	// % Error retrieving integrity data
	integrityError = collectors.MustCompile(`^% ?[Ee]rror`)
)

var integrityYields = []facts.Kind{facts.BootMeasurement, facts.PlatformRegister, facts.AttestationSignature, facts.AttestationNonce}

// readIntegrity reads "show platform integrity sign nonce N": what the trust anchor measured while the device booted, the registers that
// follow from it, and the anchor's signature over those and our nonce (NDI-BC-08). The order of the packages is that in which they were measured.
func readIntegrity(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		version string
		name    string // whose value may go on
		value   string
		at      int
	)
	end := func() {
		digest := func(subject string) {
			hex := strings.ToLower(value)
			if algorithm := hexLengths[len(hex)]; algorithm == "sha256" || algorithm == "sha512" {
				r.Add(at, facts.BootMeasurement, subject, algorithm+":"+hex)
			} else {
				r.Problem("line %d: the measurement of %q has %d hexadecimal digits", at, subject, len(hex))
			}
		}
		switch {
		case name == "":
		case name == "Boot 0 Hash":
			digest("boot 0")
		case name == "Boot Loader Hash":
			digest("boot loader")
		case strings.HasPrefix(name, "OS Hash"):
			if value != "" { // the heading of a list has none
				digest("os")
			}
		case strings.HasPrefix(name, "PCR"):
			if len(value) != 64 {
				r.Problem("line %d: %s has %d hexadecimal digits", at, name, len(value))
			} else {
				r.Add(at, facts.PlatformRegister, name, strings.ToLower(value))
			}
		case name == "Signature":
			if value == "" || len(value)%2 != 0 {
				r.Problem("line %d: a signature of %d hexadecimal digits", at, len(value))
			} else {
				r.Add(at, facts.AttestationSignature, version, strings.ToLower(value))
			}
		case osHash.MatchString(name + ": "):
			digest(name)
		}
		name, value = "", ""
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := integrityField.FindStringSubmatch(text); m != nil {
			end()
			switch name, value, at = m[1], strings.TrimSpace(m[2]), n; {
			case strings.EqualFold(name, "signature version"):
				version, name = value, ""
			case strings.HasSuffix(name, "Version") || name == "Platform":
				name = ""
			}
		} else if m := osHash.FindStringSubmatch(text); m != nil {
			end()
			name, value, at = m[1], m[2], n
		} else if name != "" && moreHex.MatchString(text) {
			value += text
		} else if integrityError.MatchString(text) {
			end()
			r.Problem("line %d: %.80q", n, text)
		}
	}
	end()
	if r.Empty() {
		r.Problem("no measurement in the reply")
		return r.Done()
	}
	words := strings.Fields(reply.Command)
	if _, err := strconv.ParseUint(words[len(words)-1], 10, 64); err == nil {
		r.Add(1, facts.AttestationNonce, "", words[len(words)-1])
	}
	return r.Done()
}

// readSUDI reads "show platform sudi certificate sign nonce N": the certificate of the device's identity and those above it.
//
//	-----BEGIN CERTIFICATE-----
//	MIIDQzCCAiugAwIBAgIQX/h7KCtU3I1CoxW1aMmt/zANBgkqhkiG9w0BAQUFADA1
func readSUDI(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r        collectors.Reading
		text     strings.Builder
		at       int
		position int
	)
	for n, line := range reply.Lines() {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "-----BEGIN CERTIFICATE"):
			text.Reset()
			at = n
		case strings.HasPrefix(line, "-----END CERTIFICATE"):
			der, err := base64.StdEncoding.DecodeString(text.String())
			if err != nil || len(der) == 0 || len(der) > longestValue {
				r.Problem("line %d: no certificate: %v", at, err)
			} else {
				position++
				r.Add(at, facts.AttestationKey, facts.Place("", position), base64.StdEncoding.EncodeToString(der))
			}
			at = 0
		case at > 0:
			text.WriteString(line)
		}
	}
	if r.Empty() {
		r.Problem("no certificate in the reply")
	}
	return r.Done()
}
