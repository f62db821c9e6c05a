// Package compare judges: it holds what a device stated against what was approved
// and says PASS, FAIL or NOT-ASSESSED for each control of the catalogue (ndi.md).
//
// A [Rule] is one control in one file. [Judge] puts a [Case], which is plain data, to every
// rule and returns their findings; a rule reaches no device, no network and no store. It
// passes aloud: one that returns nothing has assessed nothing, and Judge then says so.
//
// What holds for all rules:
//
//   - Silence is never agreement. A fact that is missing is NOT-ASSESSED with the reason why
//     the device did not state it; what has no approved counterpart is NOT-ASSESSED with no-baseline.
//   - A FAIL that needs no baseline (a digest that contradicts itself, a boot over the network)
//     stands without one.
//   - Each command's statement counts: a value that is right in one reply and wrong in
//     another is wrong.
//   - Versions are ordered by the platform's function alone, never as text; paths are the same
//     where paths.go says so, and nowhere else.
//   - A device's words are hostile: messages hold them quoted and cut short.
//
// Verdicts, reasons and tiers are spelled as in ndi.md, section 2.
package compare

import (
	"crypto/rsa"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

// A Verdict is the outcome of one check.
type Verdict string

// The verdicts. A PASS needs evidence that was collected, read completely, compared with an
// explicit expectation and found equal.
const (
	Pass        Verdict = "PASS"
	Fail        Verdict = "FAIL"
	NotAssessed Verdict = "NOT-ASSESSED"
)

// A Severity ranks a FAIL.
type Severity string

// The severities, gravest first. Two sources that contradict each other rank above a
// known fact that changed.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

// Rank orders severities: 0 is the gravest.
func (s Severity) Rank() int {
	for i, known := range []Severity{Critical, High, Medium, Low} {
		if s == known {
			return i
		}
	}
	return 4
}

// A Case is all that one judgement may look at.
type Case struct {
	Observed facts.Set
	Approved *baseline.Approval    // nil when nothing was approved for the device
	Previous *facts.Set            // the device's last assessed visit; nil when there was none
	Known    *baseline.KnownImages // what is known about the digests and names that Observed holds; nil for nothing
	Now      time.Time             // when the judgement is made, UTC

	Advisories *baseline.Advisories // what vendors and CISA publish (NDI-VR-01); nil where nothing was imported
	Identify   Identify             // checks the identity of a trust anchor (NDI-BC-08); nil where no roots were given
	Member     baseline.Member      // the device as the scopes of decisions see it
	Decisions  baseline.Decisions   // what was decided for more than one device

	Order         facts.VersionOrder               // the platform's
	VersionInName func(path string) (string, bool) // the platform's
}

// Identify checks the certificates (DER) that a device's trust anchor presents, at the time of the visit, and returns the chassis' serial number that is in them
// and the anchor's key. Its error is baseline.ErrNoIdentity where the certificates can't be read or are of no device; any other means that they can't be trusted.
type Identify func(certificates [][]byte, at time.Time) (serial string, key *rsa.PublicKey, err error)

// An Observation is what the device stated and where, so that a reader can repeat it by hand.
type Observation struct {
	Value       string    `json:"value"`
	Command     string    `json:"source_command,omitempty"`
	Line        int       `json:"line,omitempty"`
	SHA256      string    `json:"sha256_of_raw,omitempty"` // of the reply that holds it
	CollectedAt time.Time `json:"collected_at,omitzero"`
	Origin      string    `json:"origin,omitempty"` // the earlier run that it comes from, where the device was not asked again
}

// An Expectation is what the observation was compared with.
type Expectation struct {
	Value      string              `json:"value"`
	Provenance baseline.Provenance `json:"provenance,omitempty"` // empty where the control itself fixes the value
	Since      time.Time           `json:"since,omitzero"`       // when it was seen or approved
}

// A Finding is one judgement: a control, what it was about, and the verdict.
// Its JSON form follows ndi.md, section 9.
type Finding struct {
	Device       string       `json:"device"`
	Control      string       `json:"control_id"` // "NDI-BC-03"
	Rule         string       `json:"rule"`       // "configuration-register"
	Title        string       `json:"title"`
	Pillar       string       `json:"pillar"`
	Subject      string       `json:"subject,omitempty"` // the file, component or setting; empty for the device
	Verdict      Verdict      `json:"verdict"`
	Reason       facts.Reason `json:"reason,omitempty"` // of a NOT-ASSESSED
	Tier         facts.Tier   `json:"tier,omitempty"`   // weakest evidence that the verdict rests on
	Severity     Severity     `json:"severity,omitempty"`
	Message      string       `json:"message"` // one sentence; may quote the device, so it is escaped where it is shown
	Observed     *Observation `json:"observed,omitempty"`
	Expected     *Expectation `json:"expected,omitempty"`
	ATTACK       []string     `json:"attack_ids,omitempty"`
	Guidance     []string     `json:"guidance_refs,omitempty"`
	ExplainedBy  string       `json:"explained_by,omitempty"`
	Waived       *Waived      `json:"waived,omitempty"`        // who bears it, and until when
	Lapsed       *Waived      `json:"lapsed_waiver,omitempty"` // who bore it; Next says so
	ResidualRisk string       `json:"residual_risk,omitempty"`
	Next         string       `json:"next,omitempty"` // what to do about it

	// Required is set where the profile asks for the control: while it is NOT-ASSESSED and not
	// explained, the device is not verified.
	Required bool `json:"required"`
	// Contradiction is set where two statements exclude each other, which is graver than a known
	// fact that changed: one of them is a lie.
	Contradiction bool `json:"contradiction,omitempty"`
}

// A Rule is one control: what it claims, where that comes from, and the check.
type Rule struct {
	Control  string   // "NDI-BC-03"
	Name     string   // hyphenated and stable: people write it into suppressions
	Title    string   // as the catalogue words it
	Pillar   string   // F, M, H, C, L or P: file, memory, hardware and boot chain, configuration, log, process
	Severity Severity // of a FAIL, where the check does not set a graver or lesser one
	ATTACK   []string // technique ids
	Guidance []string // documents that ask for it

	// Text for trueboot explain.
	Checks   string // what is compared with what
	Evidence string // which commands give the evidence
	Attacker string // what an attacker would do, and what would still deceive this check
	Next     string // what to do when it fails
	Manual   string // what a person can do where the evidence is out of reach: it takes a reload, a change or a feed; empty where there is nothing

	// software is set where the rule is about the image that runs, which may be approved for many devices (scoped_images.go).
	software bool

	// check judges. It sets Subject, Verdict, Reason, Tier, Message, Observed and Expected, and Severity,
	// Next, ResidualRisk or Contradiction where they apply; Judge fills in the rest.
	check func(*judgement) []Finding
}
