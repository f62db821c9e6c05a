package syslog

import "strings"

// Split parts what a console or a relay joined into the messages that it was: a new one begins where a stamp with a mnemonic behind it
// stands in the middle of a line.
//
//	Completed install add_activate_commitSep 24 07:41:34.778: %PMAN-5-EXITACTION: …
//
// The records of a JSON list on one line are messages too. Nearly every line is one message and comes back as it is, without a copy. A mnemonic within a message, such as the one that %IOSXE-5-PLATFORM
// carries, does not part it.
func Split(line string) []string {
	if all := records(line); all != nil {
		return all
	}
	first := strings.IndexByte(line, '%')
	if first < 0 {
		return []string{line}
	}
	var parts []string
	from := 0
	for at := first + 1; ; {
		next := strings.Index(line[at:], "%")
		if next < 0 {
			break
		}
		at += next
		if at < 2 || line[at-2:at] != ": " {
			// "…will expire in 7200 seconds%IOSXEBOOT-4-BOOTLOADER_UPGRADE: …": a message without a stamp, right behind a word.
			if at > from && letter(line[at-1]) && mnemonic(line[at:]) && strings.Contains(line[from:at], "%") {
				parts = append(parts, line[from:at])
				from = at
			}
			at++
			continue
		}
		at -= 2
		begin := stampBefore(line[from:at])
		at += len(": %")
		if begin <= 0 || !strings.Contains(line[from:from+begin], "%") {
			continue
		}
		// A carrier is followed by the stamp of what it carries, behind a blank; what was glued is not.
		if line[from+begin-1] == ' ' && !strings.HasSuffix(strings.TrimRight(line[from:from+begin], " "), ".") {
			continue
		}
		parts = append(parts, line[from:from+begin])
		from += begin
	}
	return append(parts, line[from:])
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// mnemonic reports whether a text begins with one: "%SYS-5-RELOAD: ".
func mnemonic(text string) bool {
	head, _, ok := strings.Cut(text, ": ")
	if !ok || len(head) < 6 || len(head) > 80 || head[1] < 'A' || head[1] > 'Z' || strings.Contains(head, " ") {
		return false
	}
	for i := 1; i+2 < len(head); i++ {
		if head[i] == '-' && head[i+1] >= '0' && head[i+1] <= '7' && head[i+2] == '-' {
			return true
		}
	}
	return false
}

// stampBefore is where the stamp begins that a text ends with ("…commitSep 24 07:41:34.778"), -1 if it ends with none.
func stampBefore(text string) int {
	i := len(text)
	digits := func() bool {
		was := i
		for i > 0 && text[i-1] >= '0' && text[i-1] <= '9' {
			i--
		}
		return i < was
	}
	take := func(c byte) bool {
		if i > 0 && text[i-1] == c {
			i--
			return true
		}
		return false
	}
	if !digits() {
		return -1
	}
	if take('.') && !digits() {
		return -1
	}
	if !take(':') || !digits() || !take(':') || !digits() || !take(' ') || !digits() {
		return -1
	}
	for take(' ') {
	}
	if i < 3 || !strings.Contains("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", text[i-3:i]) {
		return -1
	}
	i -= 3
	take('*')
	take('.')
	return i
}
