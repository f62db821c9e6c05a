package juniper

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// hexLengths maps an algorithm to the length of its digest in hexadecimal digits.
var hexLengths = map[string]int{"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}

var (
	// SHA256 (/var/tmp/junos-install-mx-x86-64-21.4R3-S5.4.tgz) = 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
	// MD5 (/var/tmp/x.tgz) = 0f58a02f3d3f1e1be8f509d2e5b58fb8
	checksumLine = collectors.MustCompile(`^((?i:md5|sha-?\d+)) \((.+)\) = ([0-9A-Fa-f]*)$`)

	// 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  /var/tmp/x.iso
	checksumRow = collectors.MustCompile(`^([0-9A-Fa-f]{32,128}) [ *](/\S+)$`)

	// The rest of a digest that a narrow terminal put into the next line.
	checksumRest = collectors.MustCompile(`^[0-9A-Fa-f]+$`)
)

// readChecksum reads "file checksum sha-256 FILE", sha1 and md5.
func readChecksum(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r                       collectors.Reading
		algorithm, file, digits string
		line                    int
	)
	end := func() {
		if line != 0 {
			addDigest(&r, line, algorithm, file, digits)
		}
		line = 0
	}
	for l := range memberLines(&r, reply) {
		text := strings.TrimSpace(l.text)
		if m := checksumLine.FindStringSubmatch(text); m != nil {
			end()
			algorithm, file, digits, line = plainAlgorithm(m[1]), m[2], m[3], l.number
		} else if m := checksumRow.FindStringSubmatch(text); m != nil {
			end()
			algorithm, file, digits, line = "", m[2], m[1], l.number
		} else if line != 0 && len(digits) < hexLengths[algorithm] && checksumRest.MatchString(text) {
			digits += text
		} else {
			r.Problem("line %d: not a digest: %.80q", l.number, text)
		}
	}
	end()
	if r.Empty() {
		r.Problem("no digest in the reply")
	}
	return r.Done()
}

// plainAlgorithm spells "SHA-256" and "SHA256" the same.
func plainAlgorithm(name string) string { return strings.ReplaceAll(strings.ToLower(name), "-", "") }

// addDigest adds a digest that has the length of its algorithm. An empty algorithm is told by the length.
func addDigest(r *collectors.Reading, line int, algorithm, file, digits string) {
	if algorithm == "" {
		for name, length := range hexLengths {
			if length == len(digits) {
				algorithm = name
			}
		}
	}
	if hexLengths[algorithm] != len(digits) || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		r.Problem("line %d: %.160q is no %s digest", line, digits, algorithm)
		return
	}
	r.Add(line, facts.ImageDigest, file, algorithm+":"+strings.ToLower(digits))
}
