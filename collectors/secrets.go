package collectors

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

// Secrets hides what a configuration holds: passwords, communities, keys and their hashes. Each gives way to a digest under a key
// of our own, so that a change shows and the value does not:
//
//	snmp-server community <secret:5f0c:91d3a86f7be0> RO 10
//
// What stands behind the first colon names the key: digests under two keys can't be compared. Behind a value that everybody tries first stands
// ":well-known". Without a key there is no digest, and the mark is "<secret>".
//
// Text that was masked stays as it is when it is masked again.
type Secrets struct{ key []byte }

// SecretKeySize is the length of a key in bytes.
const SecretKeySize = 32

// NewSecretKey makes a random key.
func NewSecretKey() []byte {
	key := make([]byte, SecretKeySize)
	rand.Read(key) // never fails
	return key
}

// NewSecrets masks under the key; nil for none.
func NewSecrets(key []byte) *Secrets { return &Secrets{key} }

// configurationCommand matches what prints parts of a configuration.
//
//	show running-config | section ^snmp-server|^logging
//	show configuration system syslog | display set
//	display current-configuration configuration aaa
//	tmsh -q list sys snmp
//	show system admin
var configurationCommand = MustCompile(`^(?:show (?:running-config|startup-config|configuration\b|system (?:admin|snmp|ntp|automation|auto-script|global)|log |snmp (?:user|community|group))|display (?:current|saved)-configuration|(?:tmsh -q )?list )`)

// ShowsConfiguration reports whether the reply may hold secrets, which are then masked before anybody sees it.
func (c Command) ShowsConfiguration() bool { return configurationCommand.MatchString(c.text) }

// masked is a session whose replies hold no secrets.
type masked struct {
	Session
	secrets *Secrets
}

// Masked hides the secrets of a configuration in the session's replies. It stands next to the device: what records a session records the masked
// replies.
func Masked(s Session, secrets *Secrets) Session { return masked{s, secrets} }

func (m masked) Run(ctx context.Context, c Command) (Reply, error) {
	reply, err := m.Session.Run(ctx, c)
	if c.ShowsConfiguration() {
		reply.Text = m.secrets.Mask(reply.Text)
	}
	return reply, err
}

const (
	// Behind a word for a secret come words that say how it is written, and then the secret.
	//
	//	username admin privilege 15 secret 9 $9$x
	//	enable password level 15 7 0822455D0A16
	//	username admin password 5 $5$x role network-admin
	//	set password ENC SH2x
	//	local-user admin password irreversible-cipher $1a$x
	//	set system login user a authentication encrypted-password "$6$x"
	//	snmp-agent community read cipher %^%#x
	//	snmp-server community encrypted 0x1
	spelling = `(?:(?:\d{1,2}|0x|sha512|sha256|md5|hmac-\S+|ENC|cipher|irreversible-cipher|simple|plain|hash|hashed|encrypted|clear|clear-text|cleartext|ciphertext|plaintext|read|write|pbkdf2|type \d+|level \d+|encryption-type \d+|ascii-text|hexadecimal|:|=) +)*`
	token    = `("(?:[^"\\]|\\.)*"|[^\s"]\S*)`
)

// secretPatterns have a secret in their second group. What precedes it, the first one, stays.
var secretPatterns = []*Pattern{
	// snmp-server host 10.1.1.9 traps version 2c public udp-port 162
	// snmp-server host 10.1.1.9 version 3 priv monitor
	// snmp-server host inside 10.1.1.9 community x version 2c
	MustCompile(`(?i)(\bsnmp-server host (?:\S+ )?[\d.:a-f]+(?: vrf \S+| use-vrf \S+)?(?: traps?| informs?)?(?: version (?:1|2c?|3 (?:no)?auth|3 priv))? (?:encrypted |clear |community )?)` + token),
	// snmp-server user u g v3 auth sha x priv aes 128 y
	// snmp-agent usm-user v3 u authentication-mode sha cipher x
	MustCompile(`(?i)(\b(?:auth|authentication|priv|privacy)(?:-mode|-protocol)? (?:md5|sha\S*|aes\S*|3?des\S*)(?: 128| 192| 256)? ` + spelling + `)` + token),
	MustCompile(`(?i)(\bpriv (?:(?:128|192|256) )?)(0x\S+)`),
	// ntp authentication-key 1 md5 060506324F41 7
	MustCompile(`(?i)(\bauthentication-key(?:id)? \d+ (?:md5|sha\S*|hmac-\S+|aes\S*|authentication-mode \S+|value|type \S+ value) ` + spelling + `)` + token),
	// set system ntp authentication-key 1 type md5 value "$9$x"
	MustCompile(`(?i)(\bauthentication-key \d+ value )` + token),
	// tacacs-server host 10.1.1.1 key 7 02050D480809
	// set snmp community x authorization read-only
	// snmp-server community x RO 10
	// set secret "$9$x"; encrypted-password $6$x; auth-password-encrypted x; set auth-pwd ENC x
	MustCompile(`(?i)((?:^|[\s{;,"])(?:[\w-]*(?:password|passwd|passphrase|secret|community|psk|phash|pwd)|key|key-string|pre-shared-key|shared-secret|server-key|psksecret|md5-key)(?:-name|-encrypted|-hash|-string|\d)?"?(?: |: ?|=)` + spelling + `)` + token),
	// ssh-rsa AAAAB3NzaC1yc2E…
	MustCompile(`(?i)(\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|key-hash \S+) "?)([A-Za-z0-9+/=]{16,})`),
	// $6$salt$hash wherever else it stands
	MustCompile(`()(\$[0-9a-zA-Z]{1,8}\$[^\s"]+)`),
	// A key of many lines: "  AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 …", "  30820122 300D0609 2A864886 …"
	MustCompile(`^(\s*)([A-Za-z0-9+/]{40,}=*|(?:[0-9A-Fa-f]{8} ?){3,}[0-9A-Fa-f]*)$`),
}

// continuations are the words that may stand behind a secret in its line. Anything else is more of it: a key may hold blanks.
var continuations = strings.Fields(`privilege role roles encrypted pbkdf2 group view ro rw port timeout access acl service-type auth priv privacy authentication
	localizedkey localized version udp-port auth-port acct-port authorization clients single-connection vrf use-vrf nt-encrypted mschap ipv4 ipv6 mib-view level
	context engineid engineID trap traps retransmit use-acl read write read-only read-write 7 0 5 8 9 { } ;`)

// wellKnown are the values that everybody tries first.
var wellKnown = strings.Fields(`public private cisco admin password community secret manager default security snmp write read`)

// Mask hides the secrets in a part of a configuration. The text keeps its lines.
func (s *Secrets) Mask(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for text != "" {
		line, rest := text, ""
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			line, rest = text[:i+1], text[i+1:]
		}
		b.WriteString(s.line(line))
		text = rest
	}
	return b.String()
}

func (s *Secrets) line(line string) string {
	end := len(strings.TrimRight(line, "\r\n \t"))
	body, tail := line[:end], line[end:]
	for _, p := range secretPatterns {
		body = s.hide(p, body)
	}
	return body + tail
}

// mark is a secret that was hidden.
var mark = regexp.MustCompile(`<secret(?::[0-9a-f]{4}:[0-9a-f]{12}(?::well-known)?)?>`)

// hide puts a mark in the place of each match's second group.
func (s *Secrets) hide(p *Pattern, line string) string {
	done := 0
	for done < len(line) {
		if !p.mayMatch(line) {
			return line
		}
		at := p.FindStringSubmatchIndex(line[done:])
		if at == nil {
			return line
		}
		from, to := done+at[4], done+at[5]
		secret := line[from:to]
		if mark.MatchString(secret) { // was hidden before
			done = to
			continue
		}
		if rest := strings.TrimLeft(line[to:], " "); rest != "" && !strings.HasPrefix(secret, `"`) {
			next, _, _ := strings.Cut(rest, " ")
			if !slices.ContainsFunc(continuations, func(w string) bool { return strings.EqualFold(w, strings.TrimRight(next, ";")) }) && !mark.MatchString(next) && at[2] != at[3] {
				to, secret = len(line), line[from:]
			}
		}
		suffix := ""
		if strings.HasSuffix(secret, ";") {
			secret, suffix = strings.TrimSuffix(secret, ";"), ";"
		}
		hidden := s.digest(strings.Trim(secret, `"`)) + suffix
		line = line[:from] + hidden + line[to:]
		done = from + len(hidden)
	}
	return line
}

// digest is what stands for a secret.
func (s *Secrets) digest(secret string) string {
	known := ""
	if slices.Contains(wellKnown, strings.ToLower(secret)) {
		known = ":well-known"
	}
	if s == nil || len(s.key) == 0 {
		if known != "" {
			return "<secret:0000:000000000000:well-known>"
		}
		return "<secret>"
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(secret))
	name := sha256.Sum256(s.key)
	return "<secret:" + hex.EncodeToString(name[:2]) + ":" + hex.EncodeToString(mac.Sum(nil)[:6]) + known + ">"
}
