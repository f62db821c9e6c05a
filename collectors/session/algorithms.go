package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// What a session offers to a device: all that the SSH library has and holds to be sound, and for a device
// with legacy_ssh what old devices need. RC4 is in neither.

var sound = ssh.SupportedAlgorithms()

var legacyKeyExchanges = []string{ssh.InsecureKeyExchangeDHGEXSHA1, ssh.InsecureKeyExchangeDH14SHA1, ssh.InsecureKeyExchangeDH1SHA1}
var legacyCiphers = []string{ssh.InsecureCipherAES128CBC, ssh.InsecureCipherTripleDESCBC}
var legacyMACs = []string{ssh.InsecureHMACSHA196}
var legacyHostKeys = []string{ssh.KeyAlgoRSA, "ssh-dss"}

// certificateAlgorithms are asked for only where an authority is known: a host's certificate is of no use
// otherwise.
var certificateAlgorithms = slices.DeleteFunc(slices.Clone(sound.HostKeys), func(a string) bool { return !strings.Contains(a, "-cert-") })

// plainHostKeys begins with the shortest keys: what is asked for first is what gets pinned.
var plainHostKeys = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256,
}

// offer returns the algorithms to offer, elliptic curves first: a key exchange with group16 costs 50 times one with
// curve25519.
func offer(legacy bool) ssh.Config {
	c := ssh.Config{KeyExchanges: sound.KeyExchanges, Ciphers: sound.Ciphers, MACs: sound.MACs}
	if legacy {
		c.KeyExchanges = slices.Concat(c.KeyExchanges, legacyKeyExchanges)
		c.Ciphers = slices.Concat(c.Ciphers, legacyCiphers)
		c.MACs = slices.Concat(c.MACs, legacyMACs)
	}
	return c
}

func hostKeyAlgorithms(legacy bool) []string {
	if legacy {
		return slices.Concat(plainHostKeys, legacyHostKeys)
	}
	return plainHostKeys
}

// algorithmsOfKey returns the algorithms with which a key of this type can sign (RFC 8332, section 2).
func algorithmsOfKey(keyType string) []string {
	if keyType == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSA}
	}
	return []string{keyType}
}

// An Algorithms is what a device and a session agreed on.
type Algorithms struct {
	KeyExchange, HostKey, Cipher, MAC string // MAC is empty where the cipher authenticates by itself
}

// Weak lists those of them that are only used with legacy_ssh.
func (a Algorithms) Weak() []string {
	legacy := slices.Concat(legacyKeyExchanges, legacyCiphers, legacyMACs, legacyHostKeys)
	return slices.DeleteFunc([]string{a.KeyExchange, a.HostKey, a.Cipher, a.MAC}, func(name string) bool {
		return !slices.Contains(legacy, name)
	})
}

// explainAlgorithms says which algorithms a device offers and what would help. It returns "" for another
// kind of error.
func explainAlgorithms(err error, legacy bool) string {
	var negotiation *ssh.AlgorithmNegotiationError
	if !errors.As(err, &negotiation) {
		return ""
	}
	const most = 12
	offered := negotiation.RequestedAlgorithms
	text := "the device offers none"
	if len(offered) > 0 {
		text = fmt.Sprintf("the device offers %s", strings.Join(quoted(offered[:min(len(offered), most)]), ", "))
	}
	helps := slices.DeleteFunc(slices.Concat(legacyKeyExchanges, legacyCiphers, legacyMACs, legacyHostKeys), func(a string) bool {
		return !slices.Contains(offered, a)
	})
	advice := "this program has none of them; enable a current one on the device"
	if !legacy && len(helps) > 0 {
		advice = fmt.Sprintf("legacy_ssh: true for this device would allow %s", strings.Join(helps, ", "))
	}
	return fmt.Sprintf("no common algorithm (%s): %s; %s", negotiation.What, text, advice)
}

func quoted(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%.64q", n))
	}
	return out
}
