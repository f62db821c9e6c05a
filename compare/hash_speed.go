package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueboot/facts"
)

var hashSpeed = Rule{
	Control:  "NDI-XC-05",
	Name:     "hash-speed",
	Title:    "Hashing takes the time that it took before (trueboot's own cross-check)",
	Pillar:   "L",
	Severity: Medium,
	ATTACK:   []string{"T1601.001"},
	Guidance: []string{iosForensics, arcaneDoor},
	Checks: `A file of at least ten megabytes takes the device about as long to hash as at the last visit at which it took two seconds or more. Five times
		as fast is a FAIL: the answer may have been kept ready and not computed. The same digest in the same time proves nothing.`,
	Evidence: "When the first and the last byte of each answer came, at this visit and at the one before, and the sizes in the listings.",
	Attacker: `Answers "verify" from a table, at once. One who waits as long as the real command takes is not seen. A device that was busy at the last
		visit, or keeps files in a cache, can be that much faster without a lie: look before you accuse.`,
	Next:  "Run the command by hand twice; if a large file is hashed at once, copy it off the device and hash it elsewhere (NDI-ST-03).",
	check: checkHashSpeed,
}

const (
	largeFile  = 10_000_000 // bytes: less is hashed in no time
	longHash   = 2 * time.Second
	fasterHash = 5 // times as fast as before
)

func checkHashSpeed(j *judgement) []Finding {
	digests := j.observed.all(facts.ImageDigest)
	if len(digests) == 0 {
		return []Finding{j.unstated("", facts.Fact{Kind: facts.ImageDigest})}
	}
	var found []Finding
	var evidence []facts.Fact
	fastest := 0.0 // of the files that were compared, in bytes a second
	for _, f := range digests {
		size, now := j.hashed(j.observed, f)
		if size < largeFile || now <= 0 {
			continue
		}
		before := j.hashedBefore(f)
		if before < longHash {
			continue
		}
		rate := float64(size) / now.Seconds()
		if now*fasterHash > before {
			evidence, fastest = append(evidence, f), max(fastest, rate)
			continue
		}
		message := fmt.Sprintf("the device computed a digest of %s (%d bytes) in %s; at the visit of %s it took %s", quote(f.Subject), size, span(now), minute(j.Previous.Time), span(before))
		finding := failed(f.Subject, message, f)
		finding.Expected = &Expectation{Value: "about " + span(before), Since: j.Previous.Time}
		found = append(found, finding)
	}
	switch {
	case len(found) > 0:
		return found
	case len(evidence) > 0:
		f := passed("", fmt.Sprintf("%s took about as long as at the visit of %s; at most %.1f MB a second", count(len(evidence), "digest"), minute(j.Previous.Time), fastest/1e6), evidence...)
		f.ResidualRisk = "A forged answer can wait as long as the real one takes."
		return []Finding{f}
	case j.Previous == nil:
		return []Finding{notAssessed("", facts.NoBaseline, "there is no earlier visit whose times these could be compared with")}
	}
	return []Finding{notAssessed("", facts.NotComparable, "no large file was hashed at both visits, and for two seconds or more at the last one")}
}

// hashed is the size of the file that a digest is about, and how long the device took for it; 0 where that is not known.
func (j *judgement) hashed(v *visit, f facts.Fact) (size int64, took time.Duration) {
	for _, file := range v.aboutFile(facts.File, f.Subject) {
		size, _ = strconv.ParseInt(file.Value, 10, 64)
	}
	if a, ok := v.answer(f.Command); ok && a.Reason == "" && f.Origin == "" {
		took = a.Elapsed
	}
	return size, took
}

// hashedBefore is how long the device took for the same digest of the same file at the last visit.
func (j *judgement) hashedBefore(f facts.Fact) time.Duration {
	all := j.previous.digests(facts.ImageDigest, f.Subject)
	i := slices.IndexFunc(all, func(d digest) bool {
		return d.algorithm == algorithmOf(f.Value) && verb(d.fact.Command) == verb(f.Command)
	})
	if i < 0 {
		return 0
	}
	_, took := j.hashed(j.previous, all[i].fact)
	return took
}

// verb is a command without its file and what follows: one with a random digest takes as long as one without.
func verb(command string) string {
	words := strings.Fields(command)
	return strings.Join(words[:min(len(words), 2)], " ")
}

func span(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }
