package alerts

import (
	"fmt"
	"time"
)

// A Severity is what an alert asks of its reader. The numbers are those of the score (passive.md, section 13.2).
type Severity string

const (
	SeverityInfo     Severity = "info"     // 0 and 1
	SeverityLow      Severity = "low"      // 2
	SeverityMedium   Severity = "medium"   // 3 and 4
	SeverityHigh     Severity = "high"     // 5 to 7
	SeverityCritical Severity = "critical" // 8 and more
)

// SeverityOf is the severity of a score.
func SeverityOf(score int) Severity {
	switch {
	case score >= 8:
		return SeverityCritical
	case score >= 5:
		return SeverityHigh
	case score >= 3:
		return SeverityMedium
	case score == 2:
		return SeverityLow
	}
	return SeverityInfo
}

// Least is the least score of a severity.
func (s Severity) Least() int {
	switch s {
	case SeverityCritical:
		return 8
	case SeverityHigh:
		return 5
	case SeverityMedium:
		return 3
	case SeverityLow:
		return 2
	}
	return 1
}

// A Why is one line of the score's arithmetic: "+4 file 15.2(4)M6 is older than the running 15.7(3)M".
type Why struct {
	Points int    `json:"points"`
	Reason string `json:"reason"`
}

func (w Why) String() string { return fmt.Sprintf("%+d %s", w.Points, w.Reason) }

// A LineRef is a line that an alert rests on.
type LineRef struct {
	Source string    `json:"source"`
	Line   int       `json:"line"`
	Time   time.Time `json:"time"`
	Stage  Stage     `json:"stage"`
	Text   string    `json:"text,omitempty"`
}

// A Confirmation is what a visit of the device said (passive.md, section 15).
type Confirmation string

const (
	NotAsked         Confirmation = ""
	Asked            Confirmation = "asked"               // a visit is to come
	Unchanged        Confirmation = "unchanged"           //
	ChangedKnown     Confirmation = "changed and known"   // to something approved
	ChangedUnknown   Confirmation = "changed and unknown" //
	NotAssessedVisit Confirmation = "not assessed"        // unreachable, refused, unread: never "ok"
)

// An Alert is a chain of events of one device, or of a fleet. Its JSON form is a public interface.
type Alert struct {
	ID          string       `json:"id"` // the same for every state of one chain
	Time        time.Time    `json:"time"`
	Device      string       `json:"device"`
	Devices     []string     `json:"devices,omitempty"` // of a fleet-wide chain
	Chain       string       `json:"chain"`             // P1 to P15, or the name of a rule that alerts by itself
	Title       string       `json:"title"`
	Severity    Severity     `json:"severity"`
	Score       int          `json:"score"`
	SeedScore   int          `json:"seed_score"`
	Attack      []string     `json:"attack"`
	ExplainedBy []string     `json:"explained_by,omitempty"` // each with the points that it took away
	OldVersion  string       `json:"old_version,omitempty"`
	NewVersion  string       `json:"new_version,omitempty"`
	User        string       `json:"user,omitempty"`
	File        string       `json:"file,omitempty"`
	Lines       []LineRef    `json:"lines"`
	Why         []Why        `json:"why"`
	Open        bool         `json:"open"`            // more may come: a later line of the same id replaces this one
	Visit       string       `json:"visit,omitempty"` // what a visit should look at: "full", "boot", "file", "version"
	Confirmed   Confirmation `json:"confirmed,omitempty"`
	Evidence    string       `json:"evidence,omitempty"` // the run that confirmed it
	// Answers are what visits said of each device of a fleet-wide chain.
	Answers map[string]Confirmation `json:"answers,omitempty"`
}
