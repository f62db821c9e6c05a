package session

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// knownHosts is what known_hosts files say (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). It is read once and
// shared by all sessions.
//
// The libraries' own readers go through every line for each connection, and with hashed names compute
// an HMAC for each: 3 ms for 4,000 lines, more than the rest of a login. Here a host named in plain is found at once; lines with
// patterns are tried one by one, and hashed ones only for a host that no other line names. Keys are
// kept as bytes and understood only when needed.
type knownHosts struct {
	plain    map[string][]knownKey
	patterns []patternLine
	hashed   []hashedLine
	revoked  map[string]knownKey // by the key's wire form
}

// A knownKey is one line's key.
type knownKey struct {
	wire      string // RFC 4253, section 6.6
	authority bool   // signs host certificates
	file      string
	line      int
}

type patternLine struct {
	patterns []string
	key      knownKey
}

type hashedLine struct {
	salt, sum string
	key       knownKey
}

// keyType returns the type that the wire form begins with: "ssh-ed25519".
func (k knownKey) keyType() string {
	t, _ := wireString(k.wire)
	return t
}

func (k knownKey) place() string { return fmt.Sprintf("%s:%d", k.file, k.line) }

// fingerprint returns the key's SHA-256 as ssh-keygen prints it.
func (k knownKey) fingerprint() string {
	key, err := ssh.ParsePublicKey([]byte(k.wire))
	if err != nil {
		return "(unreadable)"
	}
	return ssh.FingerprintSHA256(key)
}

func wireString(wire string) (string, bool) {
	if len(wire) < 4 {
		return "", false
	}
	n := binary.BigEndian.Uint32([]byte(wire[:4]))
	if uint64(n) > uint64(len(wire)-4) {
		return "", false
	}
	return wire[4 : 4+n], true
}

// maxKnownHostsLine bounds a line: a key of 16,384 bits takes 3 kB.
const maxKnownHostsLine = 64 << 10

// readKnownHosts reads the files. Lines of SSH protocol 1 are passed over; any other line that makes no
// sense is an error, since it may have been meant to revoke a key.
func readKnownHosts(files ...string) (*knownHosts, error) {
	k := &knownHosts{plain: make(map[string][]knownKey), revoked: make(map[string]knownKey)}
	for _, name := range files {
		if err := k.readFile(name); err != nil {
			return nil, fmt.Errorf("known hosts: %w", err)
		}
	}
	return k, nil
}

func (k *knownHosts) readFile(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return k.read(file, name)
}

func (k *knownHosts) read(r io.Reader, name string) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxKnownHostsLine)
	n := 0
	for lines.Scan() {
		n++
		if err := k.add(lines.Bytes(), name, n); err != nil {
			return fmt.Errorf("%s:%d: %w; correct the line or remove it", name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s:%d: %w", name, n+1, err)
	}
	return nil
}

func (k *knownHosts) add(line []byte, file string, number int) error {
	fields := bytes.Fields(line)
	if len(fields) == 0 || fields[0][0] == '#' {
		return nil
	}
	marker := ""
	if fields[0][0] == '@' {
		marker, fields = string(fields[0]), fields[1:]
	}
	if len(fields) >= 4 && marker == "" && digits(fields[1]) && digits(fields[2]) {
		return nil // protocol 1: name, bits, exponent, modulus
	}
	if len(fields) < 3 {
		return errors.New("expected a name, a key type and a key")
	}
	wire, err := parseKey(fields[1], fields[2])
	if err != nil {
		return err
	}
	key := knownKey{wire: wire, authority: marker == "@cert-authority", file: file, line: number}
	switch marker {
	case "", "@cert-authority":
	case "@revoked":
		k.revoked[wire] = key
		return nil
	default:
		return fmt.Errorf("unknown marker %q", marker)
	}
	return k.addNames(strings.ToLower(string(fields[0])), string(fields[0]), key)
}

func (k *knownHosts) addNames(lower, names string, key knownKey) error {
	switch {
	case strings.HasPrefix(names, "|"):
		parts := strings.Split(names, "|")
		if len(parts) != 4 || parts[1] != "1" {
			return errors.New("a hashed name of an unknown form")
		}
		salt, err := base64.StdEncoding.DecodeString(parts[2])
		if err != nil {
			return errors.New("a hashed name that is not base64")
		}
		sum, err := base64.StdEncoding.DecodeString(parts[3])
		if err != nil || len(sum) != sha1.Size {
			return errors.New("a hashed name that is not base64 of a SHA-1")
		}
		k.hashed = append(k.hashed, hashedLine{string(salt), string(sum), key})
	case strings.ContainsAny(lower, "*?!"):
		k.patterns = append(k.patterns, patternLine{strings.Split(lower, ","), key})
	default:
		for name := range strings.SplitSeq(lower, ",") {
			if name != "" {
				name = normalName(name)
				k.plain[name] = append(k.plain[name], key)
			}
		}
	}
	return nil
}

// parseKey checks that a key is of the stated type. A type that nobody here can use is accepted: its line says
// that the host has another key than the one it may show.
func parseKey(keyType, encoded []byte) (wire string, err error) {
	decoded, err := base64.StdEncoding.DecodeString(string(encoded))
	if err != nil {
		return "", errors.New("a key that is not base64")
	}
	stated, ok := wireString(string(decoded))
	if !ok || stated != string(keyType) {
		return "", fmt.Errorf("the key is not of the type %.40q", keyType)
	}
	return string(decoded), nil
}

func digits(b []byte) bool { return len(bytes.Trim(b, "0123456789")) == 0 }

// hostName spells an address as known_hosts does: "192.0.2.1", and "[192.0.2.1]:2222" for a port other than 22.
func hostName(host, port string) string {
	host = strings.ToLower(host)
	if port == "22" {
		return host
	}
	return "[" + host + "]:" + port
}

// normalName spells a name from a file like hostName: "[192.0.2.1]:22" is "192.0.2.1".
func normalName(name string) string {
	if !strings.HasPrefix(name, "[") {
		return name
	}
	host, port, err := net.SplitHostPort(name)
	if err != nil {
		return name
	}
	return hostName(host, port)
}

// keys returns what is known about a host. As OpenSSH does, a pattern without a port holds for every port where no
// line names the port.
func (k *knownHosts) keys(host, port string) []knownKey {
	name := hostName(host, port)
	found := slices.Clone(k.plain[name])
	for _, p := range k.patterns {
		if p.matches(name) {
			found = append(found, p.key)
		}
	}
	if len(found) == 0 {
		found = k.hashedKeys(host, port)
	}
	if len(found) == 0 && port != "22" {
		for _, p := range k.patterns {
			if p.matches(strings.ToLower(host)) {
				found = append(found, p.key)
			}
		}
	}
	return found
}

// hashedKeys returns what lines with hashed names say about a host.
func (k *knownHosts) hashedKeys(host, port string) []knownKey {
	name := hostName(host, port)
	var found []knownKey
	for _, h := range k.hashed {
		if h.matches(name) {
			found = append(found, h.key)
		}
	}
	return found
}

func (h hashedLine) matches(name string) bool {
	mac := hmac.New(sha1.New, []byte(h.salt))
	mac.Write([]byte(name))
	return string(mac.Sum(nil)) == h.sum
}

// matches reports whether one of the patterns covers the name and none with "!" does.
func (p patternLine) matches(name string) bool {
	matched := false
	for _, pattern := range p.patterns {
		negated := strings.HasPrefix(pattern, "!")
		if wildcard(normalName(strings.TrimPrefix(pattern, "!")), name) {
			if negated {
				return false
			}
			matched = true
		}
	}
	return matched
}

// wildcard matches "*" with any text and "?" with one character. It takes at most len(pattern) × len(name) steps.
func wildcard(pattern, name string) bool {
	star, retry := -1, 0
	p := 0
	for n := 0; n < len(name); {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, retry = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			retry++
			p, n = star+1, retry
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
