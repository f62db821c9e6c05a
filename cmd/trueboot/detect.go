package main

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"trueboot/alerts"
	"trueboot/alerts/chain"
	"trueboot/alerts/classify"
	"trueboot/alerts/seed"
	"trueboot/alerts/sigma"
	"trueboot/reports"
	"trueboot/syslog"
	"trueboot/syslog/envelope"
)

// detectHelp are the exit statuses of detect.
const detectHelp = `  0  no alert at or above --fail-on, or each of them is explained
  1  the program could not do its work
  2  wrong usage
  4  at least one unexplained alert at or above --fail-on`

type detectFlags struct {
	passiveFlags
	profile, format string
	events          bool
}

func (p *program) detectCommand() *cobra.Command {
	var f detectFlags
	c := &cobra.Command{
		Use:   "detect FILE…",
		Short: "alerts from saved logs",
		Long: `Read logs and say what happened to the images of the devices in them: transfers, boot changes, installations, reloads, boots,
versions, failed signatures, and what these add up to for each device. A file may be compressed with gzip; - is standard input.

The lines of a file may be of many devices and in many formats: syslog of all platforms in whatever header, CEF, accounting of
TACACS+ and RADIUS servers, logs of TFTP, FTP and SFTP servers, Suricata, Zeek, flow records, auditd, Sysmon, osquery, Defender,
rows of Sentinel's tables. A line without a good clock has the time of the last good one before it in its file.

--profile seed runs the two queries that this began from exactly as they are written; docs/detections.md says what became of each of their lines.

Results are alerts; with --events, every line that was classed comes before them.`,
		Example: `  trueboot detect /var/log/network/*.log
  zcat old.gz | trueboot detect --events --format json -`,
		Args:        takes("FILE", 1, -1),
		Annotations: exits(detectHelp),
		RunE: func(_ *cobra.Command, files []string) error {
			return p.detect(files, f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.profile, "profile", "native", "`which` detections: native, or seed for the two queries as written")
	flags.BoolVar(&f.events, "events", false, "every line that was classed, besides")
	registerFormat(flags, &f.format)
	f.register(c)
	flags.StringVar(&p.settings.failOn, "fail-on", "medium", "least `severity` of an unexplained alert that makes exit status 4: critical, high, medium, low")
	p.settings.registerInventory(flags)
	p.settings.registerStore(flags)
	return c
}

func (f *passiveFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.rules, "rules", "", "`folder` of rules in Sigma's YAML, in the place of the built-in ones")
	c.Flags().StringVar(&f.context, "context", "", "`file` of windows, tickets, accounts and hosts that explain alerts")
}

func (p *program) detect(files []string, f detectFlags) error {
	if err := checkFormat(f.format); err != nil {
		return err
	}
	if !p.typed["profile"] && f.profile != "seed" {
		f.profile = "native" // the setting of that name is about controls
	}
	if f.profile != "native" && f.profile != "seed" {
		return usage("--profile %q: native or seed", f.profile)
	}
	if f.profile == "seed" {
		return p.detectSeed(files, f)
	}
	all, err := loadRules(f.rules)
	if err != nil {
		return err
	}
	context, err := loadContext(f.context)
	if err != nil {
		return err
	}
	names, _, err := p.readDirectory()
	if err != nil {
		return err
	}
	last, done, err := p.lastVisits()
	if err != nil {
		return err
	}
	defer done()
	approved, err := p.approvedFiles()
	if err != nil {
		return err
	}
	engine := names.newEngine(all)
	correlator := chain.New(names.newChainConfig(context, last, approved, p.plannedWindows()))
	counters := sigma.NewCounters(all)
	var counted []alerts.Alert
	out := bufio.NewWriterSize(p.stdout, 64<<10)
	began := time.Now()
	bytesRead := int64(0)
	for _, file := range files {
		n, err := p.readLog(file, engine.WantedBytes, func(skipped int) {
			engine.Counts.Lines += skipped
			engine.Counts.Skipped += skipped
		}, names, func(r alerts.Record) error {
			for _, e := range engine.Classify(&r) {
				if f.events {
					if err := writeEvent(out, e, f.format); err != nil {
						return err
					}
				}
				correlator.Put(e)
				counted = append(counted, counters.Add(&e)...)
			}
			return nil
		})
		bytesRead += n
		if err != nil {
			return errors.Join(err, out.Flush())
		}
	}
	found := append(correlator.Alerts(), counted...)
	for _, a := range found {
		if err := writeAlert(out, a, f.format); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	p.sayCounts(engine.Counts, len(found), bytesRead, time.Since(began))
	return p.alertStatus(found)
}

// alertStatus is the exit status that alerts make.
func (p *program) alertStatus(found []alerts.Alert) error {
	for _, a := range found {
		if len(a.ExplainedBy) == 0 && severityRank(a.Severity) <= severityRank(alerts.Severity(p.settings.failOn)) {
			return &status{code: statusFail}
		}
	}
	return nil
}

// severityRank is 0 for the gravest.
func severityRank(s alerts.Severity) int {
	return slices.Index([]alerts.Severity{alerts.SeverityCritical, alerts.SeverityHigh, alerts.SeverityMedium, alerts.SeverityLow, alerts.SeverityInfo}, s)
}

func (p *program) sayCounts(c classify.Counts, found int, size int64, took time.Duration) {
	p.say("%d lines (%.1f MB in %s): %d classed, %d looked at and of no rule, %d passed over, %d look-alikes, %d of no known format; %d alerts",
		c.Lines, float64(size)/1e6, took.Round(time.Millisecond), c.Classed, c.NoRule, c.Skipped, c.Benign, c.Unknown, found)
	if c.Cut > 0 {
		p.say("%d lines were longer than %d bytes and were cut", c.Cut, envelope.MaxLine)
	}
}

// readLog reads a saved log line by line. Lines that are not wanted are counted and not taken apart.
func (p *program) readLog(file string, wanted func([]byte) bool, skip func(int), names *directory, with func(alerts.Record) error) (size int64, err error) {
	var in io.Reader = p.stdin
	written := time.Now()
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			written = info.ModTime()
		}
		in = f
	}
	// Lines are handed out within the buffer; a longer one is cut.
	r := bufio.NewReaderSize(in, 1<<20)
	if head, _ := r.Peek(2); bytes.Equal(head, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		r = bufio.NewReaderSize(z, 1<<20)
	}
	received := firstTime(r, file, written)
	joiner := syslog.NewJoiner(names.isDevice)
	var failed error
	emit := func(r alerts.Record) {
		if failed == nil {
			failed = with(r)
		}
	}
	skipped := 0
	take := func(line []byte, number int) {
		if !wanted(line) {
			skipped++
			return
		}
		for _, part := range syslog.Split(string(line)) {
			// A stamp without a year lies before the file was last written to.
			record := syslog.Parse(part, alerts.Record{Received: written, Origin: alerts.Origin{Source: file, Line: number}})
			if record.Received.Equal(written) {
				record.Received = received
			}
			if record.Clock == alerts.ClockGood && !record.Time.IsZero() {
				received = record.Time
			}
			joiner.Add(record, emit)
		}
	}
	read := eachLine
	if head, _ := r.Peek(64 << 10); syslog.IsBatches(head) {
		read = eachRecord
	}
	size, err = read(r, func(line []byte, number int) bool {
		take(line, number)
		return failed == nil
	})
	if err != nil {
		err = fmt.Errorf("%s: %w", file, err)
	}
	joiner.Flush(time.Time{}, emit)
	skip(skipped)
	return size, errors.Join(err, failed)
}

// eachLine hands out the lines of a file, until take wants no more.
func eachLine(r *bufio.Reader, take func(line []byte, number int) bool) (size int64, err error) {
	for number := 1; ; number++ {
		line, err := r.ReadSlice('\n')
		size += int64(len(line))
		if errors.Is(err, bufio.ErrBufferFull) { // it is in the buffer, into which the rest goes
			line = bytes.Clone(line[:min(len(line), envelope.MaxLine+1)])
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			var rest []byte
			rest, err = r.ReadSlice('\n')
			size += int64(len(rest))
		}
		if len(line) > 0 && !take(bytes.TrimRight(line, "\r\n"), number) {
			return size, nil
		}
		if err == io.EOF {
			return size, nil
		}
		if err != nil {
			return size, fmt.Errorf("line %d: %w", number, err)
		}
	}
}

// eachRecord hands out the records of a JSON text that is not one a line.
func eachRecord(r *bufio.Reader, take func(line []byte, number int) bool) (size int64, err error) {
	if mark, _ := r.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = r.Discard(len(mark))
	}
	records := syslog.NewBatches(r)
	for {
		record, line, err := records.Next()
		if err == io.EOF {
			return size, nil
		}
		if err != nil {
			return size, err
		}
		size += int64(len(record))
		if !take([]byte(record), line) {
			return size, nil
		}
	}
}

// firstTime is the first good time in the beginning of a log, for the lines before it whose clock was not set; without one, it is when the file was
// last written to.
func firstTime(r *bufio.Reader, file string, written time.Time) time.Time {
	head, _ := r.Peek(64 << 10)
	for n := 0; n < 500 && len(head) > 0; n++ {
		line, rest, _ := bytes.Cut(head, []byte("\n"))
		head = rest
		record := syslog.Parse(string(line), alerts.Record{Received: written, Origin: alerts.Origin{Source: file}})
		if record.Clock == alerts.ClockGood && !record.Time.IsZero() {
			return record.Time
		}
	}
	return written
}

// writeEvent writes an event: for programs as a message, for people as a line.
func writeEvent(w io.Writer, e alerts.Event, format string) error {
	if format == "json" {
		return reports.WriteMessage(w, "event", e)
	}
	var words []string
	for _, word := range []struct{ what, text string }{
		{"", e.Sub}, {"by ", e.User}, {"from ", e.Address}, {"server ", e.Server}, {"file ", e.File}, {"version ", e.FileVersion}, {"was ", e.OldVersion}, {"now ", e.NewVersion}, {"due ", e.Due}, {"", e.Command},
	} {
		if word.text != "" {
			words = append(words, word.what+word.text)
		}
	}
	_, err := fmt.Fprintf(w, "%s  %-16s %-17s %s  %s:%d\n", e.Time.Format(time.DateTime), reports.Printable(e.Device, 40), e.Stage, reports.Printable(strings.Join(words, ", "), 200), reports.Printable(e.Source, 100), e.Line)
	return err
}

// writeAlert writes an alert: for programs as a message, for people as a paragraph.
func writeAlert(w io.Writer, a alerts.Alert, format string) error {
	if format == "json" {
		return reports.WriteMessage(w, "alert", a)
	}
	fmt.Fprintf(w, "%-8s  %s  %s  %s: %s\n", strings.ToUpper(string(a.Severity)), a.Time.Format(time.DateTime), reports.Printable(a.Device, 60), a.Chain, reports.Printable(a.Title, 200))
	var about []string
	if a.OldVersion != "" || a.NewVersion != "" {
		about = append(about, fmt.Sprintf("version %s to %s", orUnknown(a.OldVersion), orUnknown(a.NewVersion)))
	}
	if a.User != "" {
		about = append(about, "by "+a.User)
	}
	if a.File != "" {
		about = append(about, "file "+a.File)
	}
	about = append(about, "ATT&CK "+strings.Join(a.Attack, " "), "id "+a.ID)
	if a.Open {
		about = append(about, "open")
	}
	if a.Confirmed != "" {
		about = append(about, "a visit: "+string(a.Confirmed))
	}
	fmt.Fprintf(w, "          %s\n", reports.Printable(strings.Join(about, ", "), 500))
	for _, why := range a.Why {
		fmt.Fprintf(w, "          %+3d  %s\n", why.Points, reports.Printable(why.Reason, 300))
	}
	fmt.Fprintf(w, "          = %d (the seed queries: %d)\n", a.Score, a.SeedScore)
	if len(a.Devices) > 0 {
		fmt.Fprintf(w, "          on %s\n", reports.Printable(strings.Join(a.Devices, " "), 2000))
	}
	for _, l := range a.Lines {
		fmt.Fprintf(w, "          %s:%d  %s  %s  %s\n", reports.Printable(l.Source, 100), l.Line, l.Time.Format(time.DateTime), l.Stage, reports.Printable(l.Text, 160))
	}
	_, err := fmt.Fprintln(w)
	return err
}

func orUnknown(version string) string {
	if version == "" {
		return "unknown"
	}
	return version
}

// detectSeed runs the two queries as they are written.
func (p *program) detectSeed(files []string, f detectFlags) error {
	if f.events {
		return usage("--events belongs to the native profile: the queries class no line")
	}
	out := bufio.NewWriterSize(p.stdout, 64<<10)
	lines := 0
	var found []alerts.Alert
	for _, file := range files {
		_, err := p.readLog(file, func([]byte) bool { return true }, func(int) {}, &directory{}, func(r alerts.Record) error {
			lines++
			found = append(found, seed.Judge(&r, time.Time{})...)
			return nil
		})
		if err != nil {
			return errors.Join(err, out.Flush())
		}
	}
	// As the queries sort: by score, and the latest first.
	slices.SortStableFunc(found, func(a, b alerts.Alert) int {
		return cmp.Or(cmp.Compare(a.Chain, b.Chain), cmp.Compare(b.Score, a.Score), b.Time.Compare(a.Time))
	})
	for _, a := range found {
		if err := writeAlert(out, a, f.format); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	p.say("%d lines; the two queries raise %d alerts (a saved log is looked at as a whole, and not only its last 24 hours)", lines, len(found))
	return p.alertStatus(found)
}
