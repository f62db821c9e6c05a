package fortinet

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Version: 6.00258 signed
	// Version: 90.02571
	// Version: 00007.02907 signed
	packageVersion = collectors.MustCompile(`^Version: *(\d+(?:\.\d+)*)(?: +(signed|unsigned|un-signed))?$`)

	// ---------
	underline = collectors.MustCompile(`^-{3,}$`)
)

var updateYields = []facts.Kind{facts.ContentVersion, facts.SignatureDetail}

// readUpdates reads "diagnose autoupdate versions": a block for each engine and database, its name underlined.
//
//	AV Engine
//	---------
//	Version: 6.00258 signed
//	Contract Expiry Date: Thu Mar 16 2023
//	Last Updated using manual update on Tue Jul 26 10:48:00 2022
//	Last Update Attempt: Sun Nov 27 00:12:31 2022
//	Result: No Updates
func readUpdates(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r              collectors.Reading
		previous, name string
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if underline.MatchString(text) {
			name = strings.ToLower(previous)
		} else if m := packageVersion.FindStringSubmatch(text); m != nil && name != "" {
			r.Add(n, facts.ContentVersion, name, m[1])
			r.Add(n, facts.SignatureDetail, name+" signature", m[2])
		} else if strings.HasPrefix(text, "Version:") {
			r.Problem("line %d: not the version of a database: %.80q", n, text)
		}
		previous = text
	}
	if r.Empty() {
		r.Problem("no version in the reply")
	}
	return r.Done()
}

// checkLine is a result of "diagnose autoupdate signature check-all".
//
//	AV Engine: signature is valid
var checkLine = collectors.MustCompile(`^(\S[^:]{0,59}?)\s*: *(\S.*)$`)

func readSignatureCheck(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := checkLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.IntegrityCheck, strings.ToLower(m[1]), m[2])
		} else if text != "" && !underline.MatchString(text) && !promptLine.MatchString(text) {
			r.Problem("line %d: not the result of a check: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no result in the reply")
	}
	return r.Done()
}
