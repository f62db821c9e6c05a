package compare

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// RulesVersion changes whenever a check judges otherwise than before, though its words stay the same.
const RulesVersion = 7

// RulesDigest stands for the rules that judge: the first 16 hexadecimal digits of a SHA-256 over their version and their
// words. A run keeps it, so that a later reader knows whether the same rules would judge again.
func RulesDigest() string { return rulesDigest(RulesVersion, Rules()) }

func rulesDigest(version int, rules []Rule) string {
	h := sha256.New()
	fmt.Fprintln(h, version)
	for _, r := range rules {
		fmt.Fprintf(h, "%q %q %q %q %q %q %q %q %q %q %q\n", r.Control, r.Name, r.Title, r.Pillar, r.Severity, r.ATTACK, r.Guidance, r.Checks, r.Evidence, r.Attacker, r.Next)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
