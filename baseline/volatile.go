package baseline

import "trueboot/facts"

// volatile are the kinds whose value moves without anybody changing what the device runs,
// holds or will boot. To approve one would be to be told of it every night.
//
// The time of a file is not among them: images and boot files have times too, and a file
// written again shows there first.
var volatile = map[facts.Kind]bool{
	facts.Uptime:       true, // counts
	facts.BootTime:     true, // moves at each reload; RN-05 judges reloads
	facts.ReloadReason: true, // likewise
	facts.FreeSpace:    true, // logs grow

	facts.AttestationNonce:     true, // another at each visit
	facts.AttestationSignature: true, // likewise

	facts.ContentVersion: true, // the vendor renews signatures daily
}

// Volatile reports whether facts of the kind are no part of an approved state.
func Volatile(kind facts.Kind) bool { return volatile[kind] }
