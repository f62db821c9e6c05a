package baseline

import (
	"slices"
	"strings"
	"time"

	"trueboot/facts"
)

// An Advisory is what a vendor publishes about a vulnerability, as far as a judgement needs it.
type Advisory struct {
	ID       string     `json:"id"` // the vendor's: "cisco-sa-20180328-smi2"
	Title    string     `json:"title"`
	Vendor   string     `json:"vendor"`
	CVEs     []string   `json:"cves,omitempty"`
	Severity string     `json:"severity,omitempty"` // in the document's words, or the base score
	URL      string     `json:"url,omitempty"`
	Released time.Time  `json:"released"` // of this revision, UTC
	Affected []Affected `json:"affected,omitempty"`
}

// Affected are versions of one system that a vulnerability is in.
type Affected struct {
	Platform string   `json:"platform"`
	System   string   `json:"system,omitempty"`   // operating system, where a platform has several: "IOS XE"
	Versions []string `json:"versions,omitempty"` // each by itself
	Ranges   []Range  `json:"ranges,omitempty"`
	Fixed    []string `json:"fixed,omitempty"` // versions that the document calls fixed
}

// A Range is one interval of versions, or one version where both ends are it and count. An empty end is open.
type Range struct {
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	FromIn bool   `json:"from_in,omitempty"` // the end itself is in the range
	ToIn   bool   `json:"to_in,omitempty"`
}

// Contains reports whether the version lies in the range, by the platform's order. Where it can't be compared with an end of the range, comparable is false.
func (r Range) Contains(version string, order facts.VersionOrder) (inside, comparable bool) {
	for _, end := range []struct {
		at      string
		in      bool
		outside facts.Order
	}{{r.From, r.FromIn, facts.Older}, {r.To, r.ToIn, facts.Newer}} {
		if end.at == "" {
			continue
		}
		switch o, _ := order(version, end.at); o {
		case facts.Incomparable:
			// A train, which is no version: 21.2 stands for every 21.2R….
			if end.outside == facts.Older && end.in && isTrain(end.at, version) {
				continue
			}
			return false, false
		case end.outside:
			return false, true
		case facts.Same:
			if !end.in {
				return false, true
			}
		}
	}
	return true, true
}

// isTrain reports whether a version begins with the name of a train.
func isTrain(train, version string) bool {
	rest, ok := strings.CutPrefix(version, train)
	return ok && rest != "" && (rest[0] < '0' || rest[0] > '9')
}

// String spells the range: ">=17.3.1, <17.3.8".
func (r Range) String() string {
	var ends []string
	sign := func(sign string, in bool) string {
		if in {
			return sign + "="
		}
		return sign
	}
	if r.From != "" {
		ends = append(ends, sign(">", r.FromIn)+r.From)
	}
	if r.To != "" {
		ends = append(ends, sign("<", r.ToIn)+r.To)
	}
	if len(ends) == 0 {
		return "every version"
	}
	return strings.Join(ends, ", ")
}

// An Exploited is a vulnerability that CISA lists as known to be exploited.
type Exploited struct {
	CVE        string    `json:"cve"`
	Vendor     string    `json:"vendor"`
	Product    string    `json:"product"`
	Name       string    `json:"name"`
	Added      time.Time `json:"added"`
	Due        time.Time `json:"due"`
	Ransomware bool      `json:"ransomware,omitempty"`
}

// An EndOfLife is a day from which a vendor supports something no more.
type EndOfLife struct {
	Platform string    `json:"platform"`
	Model    string    `json:"model,omitempty"`   // pattern with * and ?; empty for every model
	Version  string    `json:"version,omitempty"` // likewise; empty for every version
	Date     time.Time `json:"date"`
	What     string    `json:"what,omitempty"` // what ends: "last day of support"
}

// An AdvisoryImport is one document that was imported.
type AdvisoryImport struct {
	Kind     string    `json:"kind"` // "csaf", "kev", "end-of-life"
	Name     string    `json:"name"` // what a newer one takes the place of: the advisory's id, "kev", the file's name
	Released time.Time `json:"released,omitzero"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	SHA256   string    `json:"sha256"` // of the file
	Entries  int       `json:"entries"`
	Left     []string  `json:"left,omitempty"` // what was not understood

	Advisory  *Advisory   `json:"advisory,omitempty"`
	Exploited []Exploited `json:"exploited,omitempty"`
	Ends      []EndOfLife `json:"ends,omitempty"`
}

// Advisories is all that was imported. Nil knows nothing.
type Advisories struct {
	Imports   []AdvisoryImport
	exploited map[string]Exploited
	affecting map[string][]affecting // by platform
	ends      map[string][]EndOfLife // likewise
}

type affecting struct {
	*Advisory
	Affected
}

// NewAdvisories indexes what was imported.
func NewAdvisories(imports []AdvisoryImport) *Advisories {
	a := &Advisories{Imports: imports, exploited: map[string]Exploited{}, affecting: map[string][]affecting{}, ends: map[string][]EndOfLife{}}
	for _, i := range imports {
		for _, e := range i.Exploited {
			a.exploited[e.CVE] = e
		}
		for _, e := range i.Ends {
			a.ends[e.Platform] = append(a.ends[e.Platform], e)
		}
		if i.Advisory != nil {
			for _, affected := range i.Advisory.Affected {
				a.affecting[affected.Platform] = append(a.affecting[affected.Platform], affecting{i.Advisory, affected})
			}
		}
	}
	return a
}

// A Hit is an advisory that a version is affected by.
type Hit struct {
	*Advisory
	By        string // the version or the range that names it
	Fixed     []string
	Exploited *Exploited // nil where CISA does not list it
}

// Hits returns the advisories that affect a version of a platform's system, and how many have a range that it can't be compared with.
func (a *Advisories) Hits(platform, system, version string, order facts.VersionOrder) (hits []Hit, incomparable int) {
	if a == nil || order == nil {
		return nil, 0
	}
	told := map[string]bool{}
	for _, affected := range a.affecting[platform] {
		if affected.System != "" && system != "" && affected.System != system || told[affected.ID] {
			continue
		}
		by, unknown := affected.names(version, order)
		if by == "" {
			if unknown {
				incomparable++
			}
			continue
		}
		told[affected.ID] = true
		hit := Hit{Advisory: affected.Advisory, By: by, Fixed: affected.Fixed}
		for _, cve := range affected.CVEs {
			if e, ok := a.exploited[cve]; ok && hit.Exploited == nil {
				hit.Exploited = &e
			}
		}
		hits = append(hits, hit)
	}
	return hits, incomparable
}

// names returns the version or range that a version is affected by; unknown is set where a range can't be compared with it.
func (a Affected) names(version string, order facts.VersionOrder) (by string, unknown bool) {
	for _, v := range a.Versions {
		if o, _ := order(version, v); o == facts.Same || v == version {
			return v, false
		}
	}
	for _, r := range a.Ranges {
		switch inside, comparable := r.Contains(version, order); {
		case !comparable:
			unknown = true
		case inside:
			return r.String(), false
		}
	}
	return "", unknown
}

// Ended returns what the vendor supports no more of a device, and the day.
func (a *Advisories) Ended(platform string, models []string, version string, now time.Time) []EndOfLife {
	if a == nil {
		return nil
	}
	var ended []EndOfLife
	for _, e := range a.ends[platform] {
		model := e.Model == "" || slices.ContainsFunc(models, func(m string) bool { return Like(e.Model, m) })
		if model && (e.Version == "" || Like(e.Version, version)) && !now.Before(e.Date) {
			ended = append(ended, e)
		}
	}
	return ended
}

// AsOf is when the newest document of that kind was released, zero where none was imported.
func (a *Advisories) AsOf(kind string) time.Time {
	var newest time.Time
	if a != nil {
		for _, i := range a.Imports {
			if i.Kind == kind && i.Released.After(newest) {
				newest = i.Released
			}
		}
	}
	return newest
}
