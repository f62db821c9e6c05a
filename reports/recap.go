package reports

import (
	"fmt"
	"strings"
	"time"

	"trueboot/compare"
	"trueboot/facts"
)

// A Recap is what a run came to. [Run.Recap] starts one, [Recap.Add] counts each device into it, and the
// caller adds how long it took and where things are kept.
type Recap struct {
	Elapsed     time.Duration
	Interrupted bool   // the run was ended before its last device
	Failed      bool   // the program could not do its work: what the run found is not kept, or not all of it
	Why         string // what interrupted the run, or what went wrong
	Kept        []Kept // where to find what the run left

	Outcomes   map[facts.Outcome]int
	Reasons    map[facts.Reason]int // why there was no session
	Statuses   map[Status]int
	Summary    compare.Summary   // of all findings
	Consensus  compare.Consensus // of the run's devices with each other
	Unapproved int               // visited devices for which nothing is approved

	run Run
}

// Kept is something that a run left: "history", "baseline", "report", and its path.
type Kept struct {
	What string `json:"what"`
	Path string `json:"path"`
}

// Recap returns the recap of a run with no device yet.
func (r Run) Recap() *Recap {
	return &Recap{Outcomes: map[facts.Outcome]int{}, Reasons: map[facts.Reason]int{}, Statuses: map[Status]int{}, run: r}
}

// Add counts a device.
func (r *Recap) Add(d Device) {
	s := compare.Summarize(d.Findings)
	r.Summary = r.Summary.Add(s)
	r.Outcomes[d.Outcome]++
	r.Statuses[d.status(s)]++
	switch {
	case !d.Outcome.Visited():
		r.Reasons[d.Reason]++
	case d.Approval == nil:
		r.Unapproved++
	}
}

// Compare adds what the comparison of the devices with each other found.
func (r *Recap) Compare(c compare.Consensus) {
	r.Consensus = c
	r.Summary = r.Summary.Add(compare.Summarize(c.Findings))
}

// Devices is how many devices were counted.
func (r *Recap) Devices() int {
	total := 0
	for _, n := range r.Outcomes {
		total += n
	}
	return total
}

// Visited is how many devices gave something to judge.
func (r *Recap) Visited() int {
	total := 0
	for outcome, n := range r.Outcomes {
		if outcome.Visited() {
			total += n
		}
	}
	return total
}

// notVisited is how many devices of the run gave nothing to judge.
func (r *Recap) notVisited() int { return max(r.run.Devices, r.Devices()) - r.Visited() }

// Failures is how many unexplained FAILs are at or above the run's FailOn.
func (r *Recap) Failures() int { return r.Summary.Unexplained(r.run.failOn()) }

// ExitStatus is the exit status of the program: 1 when it could not do its work, else 4 with a FAIL that counts, else 3
// when a required control is without a verdict, else 0. A device without a visit counts as one whose required
// controls are not assessed, and so does a run without a device.
func (r *Recap) ExitStatus() int {
	switch {
	case r.Failed:
		return 1
	case r.Failures() > 0:
		return 4
	case r.Summary.RequiredNotAssessed > 0, r.notVisited() > 0, r.Statuses[StatusNotAssessed] > 0, r.Interrupted, r.Devices() == 0:
		return 3
	default:
		return 0
	}
}

// Next says what a person does now, most pressing first.
func (r *Recap) Next() []string {
	var next []string
	add := func(format string, args ...any) { next = append(next, fmt.Sprintf(format, args...)) }
	if r.Failed {
		add("Mend that, then sweep again: what this run found is not kept, or not all of it.")
		return next
	}
	if n := r.Reasons[facts.HostKeyChanged]; n > 0 {
		add("%s another host key than before, and nobody logged in: find out why, on the console or at the device, before the new key is accepted.",
			counted(n, "device shows", "devices show"))
	}
	if n := r.Reasons[facts.NoCredentials]; n > 0 {
		add("The credentials of %s could not be had here: mend what is said of them above.", counted(n, "device", "devices"))
	}
	if n := r.Reasons[facts.LoginRefused]; n > 0 {
		add("%s the login: check the account before the next sweep, since refusals in a row can lock it.", counted(n, "device refused", "devices refused"))
	}
	if len(r.Summary.Failures) > 0 {
		add("Look at the FAILs above, gravest first; trueboot explain CONTROL says what a control checks. Do not reload a suspect device: that destroys evidence.")
	}
	switch visited := r.Visited(); {
	case r.Unapproved > 0 && r.run.ID == "":
		add("Nothing is approved for this device: trueboot sweep visits it and keeps what it states, trueboot baseline approve accepts that as right.")
	case visited > 0 && r.Unapproved == visited:
		add("Nothing is approved yet: look at what was read (trueboot history DEVICE), then trueboot baseline approve --all --reason WHY.")
	case r.Unapproved > 0:
		add("%s no baseline yet: look at what was read (trueboot history DEVICE), then trueboot baseline approve DEVICE --reason WHY.",
			counted(r.Unapproved, "device has", "devices have"))
	}
	if r.run.ID != "" && (r.notVisited() > 0 || r.Outcomes[facts.AskedPart] > 0) {
		add("trueboot sweep --limit @retry visits again what was not assessed.")
	}
	if len(next) == 0 && r.Summary.RequiredNotAssessed > 0 {
		add("Mend what kept the controls above from being assessed: until then nobody knows their state.")
	}
	return next
}

// statusInWords says why the exit status is what it is.
func (r *Recap) statusInWords() string {
	switch r.ExitStatus() {
	case 1:
		return "what was found could not be kept: " + Printable(r.Why, maxText)
	case 4:
		return fmt.Sprintf("%s at or above %s", counted(r.Failures(), "unexplained FAIL", "unexplained FAILs"), r.run.failOn())
	case 3:
		var why []string
		if r.Interrupted {
			text := "the run was interrupted"
			if r.Why != "" {
				text += " (" + Printable(r.Why, maxText) + ")"
			}
			why = append(why, text)
		}
		if n := r.notVisited(); n > 0 {
			why = append(why, counted(n, "device", "devices")+" not assessed")
		}
		if n := r.Summary.RequiredNotAssessed; n > 0 {
			why = append(why, counted(n, "required check", "required checks")+" NOT-ASSESSED")
		}
		if len(why) == 0 {
			why = append(why, "nothing was judged")
		}
		return strings.Join(why, ", ")
	default:
		lesser := -r.Failures()
		for _, n := range r.Summary.Failures {
			lesser += n
		}
		if lesser > 0 {
			return fmt.Sprintf("%s below %s; every other required control is PASS, explained or waived", counted(lesser, "FAIL", "FAILs"), r.run.failOn())
		}
		return "every required control is PASS" + r.orElse()
	}
}

// orElse says what else may be of controls that count as good.
func (r *Recap) orElse() string {
	switch explained, waived := r.Summary.Explained > 0, r.Summary.Waived > 0; {
	case explained && waived:
		return ", explained or waived"
	case waived:
		return " or waived"
	}
	return " or explained"
}

func (r Run) failOn() compare.Severity {
	if r.FailOn == "" {
		return compare.Low
	}
	return r.FailOn
}

// counted writes a number with its noun: "1 device", "1,204 devices".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped writes a number with a comma at every third digit.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
