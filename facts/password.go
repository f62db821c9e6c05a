package facts

import (
	"regexp"
	"strings"
)

// passwordInURL is the credential of a server that a device boots or copies from. A password may hold an "@", so the last one
// ahead of a slash ends it.
//
//	boot system ftp://cisco:secret@10.1.1.1/c2600-i-mz.bin
var passwordInURL = regexp.MustCompile(`(://[^:/@\s]*):[^/\s]*@`)

// abootPassword is the hashed password of EOS' boot loader, in text and in JSON.
//
//	Aboot password (encrypted): $1$abcdefgh$0123456789abcdefghijk.
//	"abootPassword": "$1$abcdefgh$0123456789abcdefghijk."
var abootPassword = regexp.MustCompile(`((?:Aboot password(?: \(encrypted\))?|"abootPassword"): *"?)[^\s"(][^\s"]*`)

// WithoutPasswords puts *** in the place of each password that stands in a URL, and of the boot loader's. What a device says is put through it before
// it is kept, read or shown: a change of such a password is no change of an image, and no store should hold one.
// The text keeps its lines.
func WithoutPasswords(text string) string {
	if strings.Contains(text, "://") {
		text = passwordInURL.ReplaceAllString(text, "$1:***@")
	}
	if strings.Contains(text, "boot password") || strings.Contains(text, "bootPassword") {
		text = abootPassword.ReplaceAllString(text, "$1***")
	}
	return text // as nearly always, and without a copy
}
