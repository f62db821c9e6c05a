package cisco

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// File Name                       : flash0:c2900-universalk9-mz.SPA.157-3.M4b.bin
	// Image type                      : Production
	//         Common Name             : CiscoSystems
	authenticityField = collectors.MustCompile(`^([A-Z][A-Za-z ]*?)\s*:\s*(\S.*)$`)

	// SYSTEM IMAGE
	// ROMMON 1
	// PACKAGE cat9k-rpbase.17.09.04a.SPA.pkg
	authenticityHeading = collectors.MustCompile(`^([A-Z][A-Z0-9 ]+|PACKAGE \S+|[\w.-]+\.(?:pkg|bin|SPA))$`)

	// Microloader
	// -----------
	underline = collectors.MustCompile(`^-{3,}$`)
)

var authenticityYields = []facts.Kind{facts.SignedImageType, facts.Signer, facts.CertificateSerial, facts.SignatureDetail, facts.Signature}

// authenticityDetails are the fields worth keeping beside signer and serial.
var authenticityDetails = map[string]string{
	"hash algorithm": "hash algorithm", "signature algorithm": "signature algorithm", "key version": "key version",
	"verifier name": "verifier name", "verifier version": "verifier version",
}

// readAuthenticity reads "show software authenticity running" and "… file FILE": who signed what. What runs comes in
// blocks with a heading each: the image or its packages, the boot loader.
func readAuthenticity(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r       collectors.Reading
		subject = argument(reply.Command)
		signer  = map[string]string{}
		at      int
		before  string // the line before, which an underline makes a heading
	)
	if subject == "" {
		subject = "running"
	}
	end := func() {
		var parts []string
		for _, field := range [][2]string{{"common name", "CN"}, {"organization unit", "OU"}, {"organization name", "O"}} {
			if v := signer[field[0]]; v != "" {
				parts = append(parts, field[1]+"="+v)
			}
		}
		if len(parts) > 0 {
			r.Add(at, facts.Signer, subject, strings.Join(parts, ", "))
		}
		clear(signer)
	}
	head := func(heading string) {
		end()
		if subject = "running"; heading != "SYSTEM IMAGE" {
			subject += " " + strings.TrimPrefix(heading, "PACKAGE ")
		}
	}
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		m := authenticityField.FindStringSubmatch(text)
		switch {
		case authenticityHeading.MatchString(text):
			head(text)
		case underline.MatchString(text) && before != "":
			head(before)
		case m == nil && signatureNo.MatchString(text):
			r.Add(n, facts.Signature, subject, "absent")
		case m == nil:
			if !underline.MatchString(text) {
				before = text
			}
			continue
		}
		before = ""
		if m == nil {
			continue
		}
		switch name := strings.ToLower(m[1]); name {
		case "file name":
			end()
			subject = m[2]
		case "image type":
			end()
			r.Add(n, facts.SignedImageType, subject, m[2])
		case "common name", "organization unit", "organization name":
			if signer[name] != "" && signer[name] != m[2] {
				r.Problem("line %d: a second %s of one signer: %.80q", n, name, m[2])
				continue
			}
			signer[name], at = m[2], n
		case "certificate serial number":
			r.Add(n, facts.CertificateSerial, subject, m[2])
		default:
			if name, ok := authenticityDetails[name]; ok {
				r.Add(n, facts.SignatureDetail, subject+" "+name, m[2])
			}
		}
	}
	end()
	if r.Empty() {
		r.Problem("no signer information in the reply")
	}
	return r.Done()
}
