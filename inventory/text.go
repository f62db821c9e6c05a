package inventory

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest values. A name is also a folder's name in captures and a key in the stores.
const (
	maxName    = 128
	maxText    = 256
	maxAddress = 253 // RFC 1035, section 2.3.4
	maxLabel   = 63
)

var errNotPrintable = errors.New("holds a character that can't be printed")

// CheckName accepts what is a file name everywhere and has no meaning in the pattern of a
// selection.
func CheckName(s string) error {
	if s == "" {
		return errors.New("is empty")
	}
	if len(s) > maxName {
		return fmt.Errorf("%s has %d characters; the limit is %d", quote(s), len(s), maxName)
	}
	for i, c := range s {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_':
		case i > 0 && (c == '.' || c == '-'):
		default:
			return fmt.Errorf("%s: want letters, digits, '_', '.' and '-', and neither of the last two at the start", quote(s))
		}
	}
	return nil
}

// CheckAddress accepts an IP address, with a zone where it needs one, or a host name as RFC 1123,
// section 2.1, has it, with the underscore that many networks use.
func CheckAddress(s string) error {
	if _, err := netip.ParseAddr(s); err == nil {
		return nil
	}
	if host, port, ok := strings.Cut(s, ":"); ok && CheckAddress(host) == nil && port != "" && strings.Trim(port, "0123456789") == "" {
		return fmt.Errorf("%s holds a port; write it in a field of its own, port", quote(s))
	}
	wrong := fmt.Errorf("%s is neither an IP address nor a host name", quote(s))
	host := strings.TrimSuffix(s, ".")
	if len(host) > maxAddress {
		return wrong
	}
	last := ""
	for last = range strings.SplitSeq(host, ".") {
		if last == "" || len(last) > maxLabel || last[0] == '-' || last[len(last)-1] == '-' {
			return wrong
		}
		for _, c := range last {
			if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
				return wrong
			}
		}
	}
	// 10.0.0.300 would otherwise be looked up as a name.
	if strings.Trim(last, "0123456789") == "" {
		return wrong
	}
	return nil
}

// CheckText accepts a line of text for people.
func CheckText(s string) error {
	if utf8.RuneCountInString(s) > maxText {
		return fmt.Errorf("%s has more than %d characters", quote(s), maxText)
	}
	if !printable(s) {
		return errNotPrintable
	}
	return nil
}

func checkTransport(s string) error {
	if s != CLI && s != NETCONF && s != Both {
		return fmt.Errorf("%s is none of cli, netconf, both", quote(s))
	}
	return nil
}

func printable(s string) bool {
	for _, c := range s {
		if !unicode.IsPrint(c) {
			return false
		}
	}
	return utf8.ValidString(s)
}
