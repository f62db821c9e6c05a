package outputs

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trueboot/compare"
	"trueboot/reports"
)

// A Sink queues a run's events for the outputs. It sends nothing: see [Deliver].
type Sink struct {
	Outputs []*Output
	Folder  string // of the queues

	run     reports.Run
	info    RunInfo
	lines   []*line
	failed  []compare.Finding
	worst   map[string]Verdicts
	devices []Device
}

// A line is what goes to one output.
type line struct {
	*Output
	queue queue
	batch []message
	told  told
	ids   map[string]bool
}

// gravest is how many FAILs the sum of a run names.
const gravest = 20

// Begin opens the queues.
func (s *Sink) Begin(r reports.Run) error {
	s.run, s.worst = r, map[string]Verdicts{}
	s.info = RunInfo{ID: word(r.ID), Started: r.Started.UTC(), Program: word(r.Program), Collector: word(r.Collector), Profile: word(r.Profile)}
	for _, o := range s.Outputs {
		l := &line{Output: o, queue: queue{filepath.Join(s.Folder, o.Name)}, ids: map[string]bool{}}
		if o.Repeat > 0 {
			var err error
			if l.told, err = l.queue.loadTold(); err != nil {
				return err
			}
		}
		s.lines = append(s.lines, l)
	}
	return nil
}

// Device queues the events of a device.
func (s *Sink) Device(d reports.Device) error {
	device := Device{
		Name: word(d.Name), Address: word(d.Address), Platform: word(d.Platform), Site: word(d.Site), Role: word(d.Role), Model: word(d.Model), Serial: word(d.SerialNumber),
		Version: word(d.RunningVersion), Status: d.Status(), Reason: d.Reason, Detail: sentence(d.Detail),
	}
	s.devices = append(s.devices, Device{Name: device.Name, Platform: device.Platform, Status: device.Status})
	worst := map[string]compare.Verdict{}
	for _, f := range d.Findings {
		worst[f.Control] = compare.Worse(worst[f.Control], f.Verdict)
		if err := s.finding(device, f, d.Started); err != nil {
			return err
		}
	}
	for control, v := range worst {
		c := s.worst[control]
		switch v {
		case compare.Pass:
			c.Pass++
		case compare.Fail:
			c.Fail++
		case compare.NotAssessed:
			c.NotAssessed++
		}
		s.worst[control] = c
	}
	return s.emit(&Event{ID: identity("device", s.run.ID, s.run.Started.String(), d.Name), Event: EventDevice, Time: at(d.Started.Add(d.Elapsed), s.run.Started), Run: s.info, Device: &device})
}

// at is a time, or another where there is none.
func at(t, other time.Time) time.Time {
	if t.IsZero() {
		t = other
	}
	return t.UTC()
}

func (s *Sink) finding(device Device, f compare.Finding, visited time.Time) error {
	if f.Verdict == compare.Fail && f.Open() {
		s.failed = append(s.failed, f)
		if len(s.failed) > 4*gravest {
			slices.SortFunc(s.failed, compare.ByRisk)
			s.failed = s.failed[:gravest]
		}
	}
	e := &Event{Event: EventFinding, Time: at(visited, s.run.Started), Run: s.info, Device: &device, Finding: shortened(f)}
	if f.Observed != nil {
		e.Time = at(f.Observed.CollectedAt, e.Time)
	}
	e.ID = identity("finding", s.run.ID, s.run.Started.String(), device.Name, f.Control, f.Subject, string(f.Verdict), f.Message)
	return s.emit(e)
}

// End queues the sum of the run, and writes what is left.
func (s *Sink) End(r *reports.Recap) error {
	for _, f := range r.Consensus.Findings {
		if err := s.finding(Device{Name: word(f.Device)}, f, s.run.Started); err != nil {
			return err
		}
	}
	slices.SortFunc(s.failed, compare.ByRisk)
	sum := &Sum{Devices: r.Devices(), Statuses: r.Statuses, Failures: r.Failures(), ExitStatus: r.ExitStatus(), Elapsed: r.Elapsed.Seconds(), Controls: s.worst}
	for _, f := range s.failed[:min(len(s.failed), gravest)] {
		sum.Failed = append(sum.Failed, fmt.Sprintf("%s %s on %s: %s", f.Severity, word(f.Control), word(f.Device), sentence(f.Message)))
	}
	if err := s.emit(&Event{ID: identity("run", s.run.ID, s.run.Started.String()), Event: EventRun, Time: s.run.Started.Add(r.Elapsed).UTC(), Run: s.info, Sum: sum}); err != nil {
		return err
	}
	var failed error
	for _, l := range s.lines {
		failed = errors.Join(failed, l.flush())
		if l.Repeat > 0 {
			failed = errors.Join(failed, l.queue.saveTold(l.told, time.Now(), l.Repeat))
		}
		if l.target.Scheme == "prometheus" {
			failed = errors.Join(failed, writePrometheus(l.path(), s.run, sum, s.devices))
		}
	}
	return failed
}

// emit queues an event for each output that wants it.
func (s *Sink) emit(e *Event) error {
	for _, l := range s.lines {
		if l.target.Scheme == "prometheus" || !l.wants(e) {
			continue
		}
		if l.ids[e.ID] { // the same thing twice in one run
			continue
		}
		if e.Finding != nil && l.Repeat > 0 {
			same := e.same(l.Name)
			if last, ok := l.told[same]; ok && time.Since(last) < l.Repeat {
				continue
			}
			l.told[same] = time.Now()
		}
		l.ids[e.ID] = true
		m, err := l.render(e)
		if err != nil {
			return fmt.Errorf("output %q: %w", l.Name, err)
		}
		if l.batch = append(l.batch, m); len(l.batch) >= batchMessages {
			if err := l.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *line) flush() error {
	if len(l.batch) == 0 {
		return nil
	}
	err := l.queue.put(l.batch)
	l.batch = nil
	if err != nil {
		return fmt.Errorf("output %q: %w", l.Name, err)
	}
	return nil
}

// wants reports whether an output asks for an event.
func (o *Output) wants(e *Event) bool {
	if !slices.Contains(o.Events, e.Event) {
		return false
	}
	f := e.Finding
	switch {
	case f == nil:
		return true
	case !slices.Contains(o.Verdicts, string(f.Verdict)):
		return false
	}
	return f.Verdict != compare.Fail || f.Severity.Rank() <= compare.Severity(o.Least).Rank()
}

// render makes what is sent of an event.
func (o *Output) render(e *Event) (message, error) {
	switch {
	case o.body != nil:
		var b strings.Builder
		if err := o.body.Execute(&b, e); err != nil {
			return message{}, err
		}
		return message{ID: e.ID, Text: b.String()}, nil
	case o.Format == "text":
		return message{ID: e.ID, Text: mailText(e), Subject: mailSubject(e)}, nil
	}
	text, err := formats[o.Format](e)
	if err == nil && isSyslog(o.target.Scheme) && o.Format != "rfc5424" {
		text = syslog(e, "-", text) // the envelope that a syslog server takes
	}
	return message{ID: e.ID, Text: text}, err
}

func isSyslog(scheme string) bool { return scheme == "udp" || scheme == "tcp" || scheme == "tls" }

func mailSubject(e *Event) string {
	state := "all as approved"
	if e.Sum.ExitStatus != 0 {
		state = map[int]string{3: "not all assessed", 4: fmt.Sprintf("%d FAILs", e.Sum.Failures)}[e.Sum.ExitStatus]
	}
	return fmt.Sprintf("trueboot run %s: %s", e.Run.ID, cmp.Or(state, "failed"))
}

func mailText(e *Event) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nBegun %s by %s, profile %s.\n", e.text(), e.Run.Started.Format(time.RFC1123), e.Run.Collector, e.Run.Profile)
	for _, status := range []reports.Status{reports.StatusFail, reports.StatusNoLogin, reports.StatusNotVisited, reports.StatusNotAssessed, reports.StatusExplained, reports.StatusWaived, reports.StatusOK} {
		if n := e.Sum.Statuses[status]; n > 0 {
			fmt.Fprintf(&b, "%8d %s\n", n, status)
		}
	}
	if len(e.Sum.Failed) > 0 {
		b.WriteString("\nThe gravest FAILs:\n\n")
		for _, f := range e.Sum.Failed {
			b.WriteString("- " + f + "\n")
		}
	}
	b.WriteString("\nAbsence of findings is not proof of integrity.\n")
	return b.String()
}
