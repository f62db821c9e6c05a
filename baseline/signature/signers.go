package signature

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"trueboot/baseline"
)

// Signers are the keys whose signatures count, from a file of allowed signers (ssh-keygen(1), section ALLOWED SIGNERS).
type Signers struct {
	path string
	all  []allowed
}

type allowed struct {
	line          int
	principals    string
	key           ssh.PublicKey
	namespaces    []string  // patterns; nil for all
	after, before time.Time // zero for no limit
}

// mostSigners is how long a file of allowed signers may be.
const mostSigners = 1 << 20

// ParseSigners reads a file of allowed signers. A line that can't be read is an error: it might be the one that takes a key back.
func ParseSigners(path string, text []byte) (*Signers, error) {
	if len(text) > mostSigners {
		return nil, fmt.Errorf("%s: %d bytes, where %d are the most", path, len(text), mostSigners)
	}
	s := &Signers{path: path}
	number := 0
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		number++
		line := strings.TrimSpace(string(line))
		if line == "" || line[0] == '#' {
			continue
		}
		a, err := parseSigner(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, number, err)
		}
		a.line = number
		s.all = append(s.all, a)
	}
	if len(s.all) == 0 {
		return nil, fmt.Errorf("%s: names no key; a line is: jo@example.org ssh-ed25519 AAAA…", path)
	}
	return s, nil
}

// parseSigner reads a line:
//
//	jo@example.org,ada@example.org namespaces="trueboot-baseline",valid-before="20270101" ssh-ed25519 AAAA… comment
func parseSigner(line string) (a allowed, err error) {
	principals, rest, ok := strings.Cut(line, " ")
	if strings.HasPrefix(line, `"`) {
		principals, rest, ok = strings.Cut(line[1:], `"`)
	}
	if !ok || principals == "" {
		return a, errors.New("want principals, options and a key")
	}
	a.principals = principals
	key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(strings.TrimSpace(rest)))
	if err != nil {
		return a, fmt.Errorf("no key after the principals: %w", err)
	}
	a.key = key
	for _, option := range options {
		name, value, _ := strings.Cut(option, "=")
		value = strings.Trim(value, `"`)
		switch strings.ToLower(name) {
		case "namespaces":
			a.namespaces = strings.Split(value, ",")
		case "valid-after":
			a.after, err = parseValidity(value)
		case "valid-before":
			a.before, err = parseValidity(value)
		case "cert-authority":
			err = errors.New("certificates are not used here: name the key itself")
		default:
			err = fmt.Errorf("option %q is not known", name)
		}
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

// parseValidity reads a day or a moment, in local time unless a Z follows: 20270131, 202701311200, 20270131120000Z.
func parseValidity(text string) (time.Time, error) {
	zone := time.Local
	digits, utc := strings.CutSuffix(text, "Z")
	if utc {
		zone = time.UTC
	}
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if len(layout) == len(digits) {
			return time.ParseInLocation(layout, digits, zone)
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a day nor a moment (20270131, 202701311200)", text)
}

// Verify checks an armoured signature of a message and returns who made it, as the file names them, and the key.
func (s *Signers) Verify(armoured []byte, namespace string, message []byte, now time.Time) (principals string, key ssh.PublicKey, err error) {
	key, err = Verify(armoured, namespace, message)
	if err != nil {
		return "", nil, err
	}
	why := "it is not named there"
	for _, a := range s.all {
		if !bytes.Equal(a.key.Marshal(), key.Marshal()) {
			continue
		}
		switch {
		case a.namespaces != nil && !matches(a.namespaces, namespace):
			why = fmt.Sprintf("line %d allows it for %s only", a.line, strings.Join(a.namespaces, ","))
		case now.Before(a.after):
			why = fmt.Sprintf("line %d allows it from %s on", a.line, a.after.Format(time.DateOnly))
		case !a.before.IsZero() && !now.Before(a.before):
			why = fmt.Sprintf("line %d allowed it until %s", a.line, a.before.Format(time.DateOnly))
		default:
			return a.principals, key, nil
		}
	}
	return "", nil, fmt.Errorf("%w: key %s is not an allowed signer of %s: %s", ErrNotSigned, Fingerprint(key), s.path, why)
}

// matches reports whether a list of patterns names a text; one with an exclamation mark takes it out again (ssh_config(5), PATTERNS).
func matches(patterns []string, text string) bool {
	found := false
	for _, p := range patterns {
		p, not := strings.CutPrefix(strings.TrimSpace(p), "!")
		if ok := baseline.Like(p, text); ok && not {
			return false
		} else if ok {
			found = true
		}
	}
	return found
}
