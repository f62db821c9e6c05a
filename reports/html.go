package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"trueboot/compare"
	"trueboot/facts"
)

// HTML writes a run as one page that needs no script, nothing from elsewhere, and prints well: what the run came to, the FAILs, the verdicts by control, the
// versions by platform, a table of the devices, and a dossier of each with the evidence.
//
// The sum stands before the devices, so that the page is put together at the end. The dossiers of a large run go to pages of their own as their devices come, where
// there is a place for them (Page); the first page names each with its digest, so that a signature of the first page holds for all. Without such a place no more
// than mostDossiers bytes of dossiers are kept; of the devices beyond, the table has the line, and the page says so.
type HTML struct {
	Out io.Writer
	// Page opens the page of that number, from 2, and returns the name by which the first page links to it; nil where one page is all there is.
	Page func(number int) (page io.WriteCloser, link string, err error)

	pages []htmlPageLink
	page  *htmlOpenPage

	run      Run
	devices  []htmlDevice
	dossiers bytes.Buffer
	without  int // devices without a dossier
	failures failures
	controls map[string]map[compare.Verdict]int
	versions map[string]map[string]int
	failed   error
}

// What a browser has to open is bounded.
const (
	mostDossiers = 48 << 20 // of one page that is all there is, in bytes
	pageBytes    = 8 << 20  // of dossiers on the first of several pages, and on each further one
	mostRows     = 5000     // of the table of devices: those with a FAIL come first
)

// An htmlPageLink is a further page.
type htmlPageLink struct {
	Link, First, Last, SHA256 string
	Devices                   int
}

// An htmlOpenPage is a further page that is being written.
type htmlOpenPage struct {
	htmlPageLink
	to    io.WriteCloser
	sum   hash.Hash
	bytes int
}

//go:embed report.html
var htmlText string

var htmlPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"word":   func(v any) string { return Printable(fmt.Sprint(v), maxWord) },
	"text":   func(s string) string { return Printable(s, maxText) },
	"value":  func(s string) string { return Printable(s, maxValue) },
	"stamp":  stamp,
	"day":    day,
	"waived": func(f compare.Finding) string { return waived(safe(f)) },
	"short": func(s string) string {
		return s[:min(len(s), 12)]
	},
	"class":     findingClass,
	"situation": situation,
	"fields":    htmlFields,
	"row":       htmlRow,
}).Parse(htmlText))

// The rows of the dossiers are nearly all of a page, so that they are put together here: the template would take three times as long.

// An htmlPiece is a piece of a page.
type htmlPiece struct{ strings.Builder }

// say adds a text as text, within the markup, which is ours.
func (b *htmlPiece) say(before, text, after string) {
	b.WriteString(before)
	template.HTMLEscape(b, []byte(text))
	b.WriteString(after)
}

// field adds what a finding says of itself, where it says it.
func (b *htmlPiece) field(name, text string) {
	if text != "" {
		b.say("<dt>"+name+"</dt><dd>", text, "</dd>")
	}
}

// htmlFields are the fields of a finding.
func htmlFields(f compare.Finding) template.HTML {
	var b htmlPiece
	b.fields(f)
	return template.HTML(b.String())
}

func (b *htmlPiece) fields(f compare.Finding) {
	code := func(name, text string) {
		if text != "" {
			b.say("<dt>"+name+"</dt><dd><code>", text, "</code></dd>")
		}
	}
	code("about", Printable(f.Subject, maxWord))
	if o := f.Observed; o != nil {
		b.say("<dt>observed</dt><dd><code>", Printable(o.Value, maxValue), "</code></dd>")
		code("command", Printable(o.Command, maxWord))
		if o.Line > 0 {
			b.field("line", strconv.Itoa(o.Line))
		}
		if sum := Printable(o.SHA256, maxWord); sum != "" {
			b.say(`<dt>SHA-256 of the reply</dt><dd><code title="`, sum, `">`)
			b.say("", sum[:min(len(sum), 12)], "…</code></dd>")
		}
		collected := stamp(o.CollectedAt)
		if o.Origin != "" {
			collected += " (" + Printable(o.Origin, maxWord) + ")"
		}
		b.field("collected", collected)
	}
	if e := f.Expected; e != nil {
		since := ""
		if e.Provenance != "" {
			since = " (" + Printable(string(e.Provenance), maxWord) + ")"
		}
		if !e.Since.IsZero() {
			since += " since " + day(e.Since)
		}
		b.say("<dt>expected</dt><dd><code>", Printable(e.Value, maxValue), "</code>")
		b.say("", since, "</dd>")
	}
	if f.Waived != nil {
		b.field("waived", waived(safe(f)))
	}
	if f.ExplainedBy != "" {
		b.field("explained", "by "+Printable(f.ExplainedBy, maxWord))
	}
	b.field("residual risk", Printable(f.ResidualRisk, maxText))
	b.field("next", Printable(f.Next, maxText))
}

// findingClass is the colour of a finding.
func findingClass(f compare.Finding) string {
	switch {
	case f.Verdict == compare.Fail && f.Open():
		return "fail"
	case f.Verdict == compare.Pass:
		return "pass"
	}
	return "none"
}

// htmlRow is a finding in a dossier.
func htmlRow(f compare.Finding) template.HTML {
	var b htmlPiece
	b.Grow(1024)
	verdict := Printable(string(f.Verdict), maxWord)
	if f.Tier != "" {
		verdict += " (" + Printable(string(f.Tier), maxWord) + ")"
	}
	b.say(`<tr><td><span class="badge `+findingClass(f)+`">`, verdict, "</span></td>")
	b.say("<td><strong>", Printable(f.Control, maxWord), "</strong>")
	b.say(`<br><span class="soft">`, Printable(f.Title, maxWord), "</span></td><td>")
	if f.Reason != "" {
		b.say("", Printable(string(f.Reason), maxWord), ": ")
	}
	b.say("", Printable(f.Message, maxText), "")
	if f.Waived != nil {
		b.say("<br>waived ", waived(safe(f)), "")
	}
	b.WriteString(`<details><summary class="soft">evidence</summary><dl>`)
	b.fields(f)
	b.WriteString("</dl></details></td></tr>\n")
	return template.HTML(b.String())
}

// An htmlDevice is a line of the table.
type htmlDevice struct {
	Number                                        int
	Name, Platform, Site, Role, Version, Controls string
	Status                                        Status
	Class                                         string
	Link                                          string // of the dossier; empty where there is none
}

// An htmlBar is a bar of a chart: its parts in percent of the longest.
type htmlBar struct {
	Label, Title     string
	Pass, Fail, None float64
	Counts           string
}

// Begin takes note of the run.
func (h *HTML) Begin(r Run) error {
	h.run, h.failures.most = r, maxFailures
	h.controls, h.versions = map[string]map[compare.Verdict]int{}, map[string]map[string]int{}
	return nil
}

// Device takes note of a device and writes its dossier.
func (h *HTML) Device(d Device) error {
	summary := compare.Summarize(d.Findings)
	status := d.status(summary)
	line := htmlDevice{
		Number: len(h.devices) + 1, Name: Printable(d.Name, maxWord), Platform: Printable(d.Platform, maxWord), Site: Printable(d.Site, maxWord), Role: Printable(d.Role, maxWord),
		Version: Printable(d.RunningVersion, maxWord), Controls: sketch(d, summary), Status: status, Class: htmlClass(status),
	}
	if d.RunningVersion != "" {
		if h.versions[d.Platform] == nil {
			h.versions[d.Platform] = map[string]int{}
		}
		h.versions[d.Platform][d.RunningVersion]++
	}
	worst := map[string]compare.Verdict{}
	for _, f := range d.Findings {
		worst[f.Control] = compare.Worse(worst[f.Control], f.Verdict)
		if f.Verdict == compare.Fail {
			h.failures.add(safe(f))
		}
	}
	for control, v := range worst {
		h.count(control, v)
	}
	findings := slices.SortedFunc(slices.Values(d.Findings), compare.ByRisk)
	dossier := struct {
		htmlDevice
		Device   Device
		Findings []compare.Finding
	}{line, d, findings}
	switch {
	case h.page == nil && h.dossiers.Len() < h.firstPage():
		line.Link = fmt.Sprintf("#d%d", line.Number)
		h.failed = htmlPage.ExecuteTemplate(&h.dossiers, "dossier", dossier)
	case h.Page != nil:
		line.Link, h.failed = h.further(line, dossier)
	default:
		h.without++
	}
	h.devices = append(h.devices, line)
	return h.failed
}

// firstPage is how many bytes of dossiers the first page takes.
func (h *HTML) firstPage() int {
	if h.Page != nil {
		return pageBytes
	}
	return mostDossiers
}

// further writes a dossier to the page that is open, or to the next one, and returns where it stands.
func (h *HTML) further(line htmlDevice, dossier any) (string, error) {
	if h.page == nil {
		to, link, err := h.Page(len(h.pages) + 2)
		if err != nil {
			return "", err
		}
		h.page = &htmlOpenPage{htmlPageLink: htmlPageLink{Link: link, First: line.Name}, to: to, sum: sha256.New()}
		if err := htmlPage.ExecuteTemplate(h.page, "head", map[string]any{"Run": h.run, "Number": len(h.pages) + 2}); err != nil {
			return "", err
		}
	}
	h.page.Last = line.Name
	h.page.Devices++
	if err := htmlPage.ExecuteTemplate(h.page, "dossier", dossier); err != nil {
		return "", err
	}
	at := fmt.Sprintf("%s#d%d", h.page.Link, line.Number)
	if h.page.bytes > pageBytes {
		return at, h.turn()
	}
	return at, nil
}

// turn ends the page that is open.
func (h *HTML) turn() error {
	if h.page == nil {
		return nil
	}
	_, err := io.WriteString(h.page, "</body>\n</html>\n")
	h.page.SHA256 = hex.EncodeToString(h.page.sum.Sum(nil))
	h.pages = append(h.pages, h.page.htmlPageLink)
	err = errors.Join(err, h.page.to.Close())
	h.page = nil
	return err
}

func (p *htmlOpenPage) Write(b []byte) (int, error) {
	p.sum.Write(b)
	p.bytes += len(b)
	return p.to.Write(b)
}

func (h *HTML) count(control string, v compare.Verdict) {
	if h.controls[control] == nil {
		h.controls[control] = map[compare.Verdict]int{}
	}
	h.controls[control][v]++
}

func htmlClass(s Status) string {
	switch s.colour() {
	case red:
		return "fail"
	case green:
		return "pass"
	}
	return "none"
}

// End writes the page.
func (h *HTML) End(r *Recap) error {
	for _, f := range r.Consensus.Findings {
		h.count(f.Control, f.Verdict)
		if f.Verdict == compare.Fail {
			h.failures.add(safe(f))
		}
	}
	if err := h.turn(); err != nil {
		return err
	}
	rows := h.devices
	if len(rows) > mostRows { // those that need somebody's eyes
		order := map[string]int{"fail": 0, "none": 1, "pass": 2}
		rows = slices.SortedStableFunc(slices.Values(rows), func(a, b htmlDevice) int { return order[a.Class] - order[b.Class] })[:mostRows]
	}
	h.failures.shorten()
	slices.SortFunc(h.failures.kept, compare.ByRisk)
	var told []string
	for _, s := range statuses {
		if n := r.Statuses[s]; n > 0 {
			told = append(told, fmt.Sprintf("%s %s", grouped(n), s))
		}
	}
	return htmlPage.ExecuteTemplate(h.Out, "page", map[string]any{
		"Run": h.run, "Recap": r, "Baseline": h.run.Baseline.String(), "Class": map[int]string{0: "pass", 3: "none", 4: "fail", 1: "fail"}[r.ExitStatus()], "Exit": r.ExitStatus(),
		"Words": r.statusInWords(), "Statuses": told, "Elapsed": duration(r.Elapsed), "Next": r.Next(), "Devices": rows, "Rest": len(h.devices) - len(rows), "Without": h.without, "Pages": h.pages,
		"Failures": h.failures.kept, "Total": h.failures.total, "Beyond": h.failures.total - len(h.failures.kept), "Controls": h.controlBars(), "Tiers": tierBars(r.Summary.Tiers),
		"Versions": h.versionBars(), "Dossiers": template.HTML(h.dossiers.String()), "NoProof": noProof, "Written": time.Now().UTC(),
		"Trend": h.trendBars(r.Statuses), "Guidance": h.coverage(compare.GuidanceCoverage()), "Attack": h.coverage(compare.AttackCoverage()),
	})
}

// trendBars are how this run's devices ended, beside those of the runs before it.
func (h *HTML) trendBars(now map[Status]int) []htmlBar {
	if len(h.run.Earlier) == 0 {
		return nil
	}
	runs := append(slices.Clone(h.run.Earlier), PastRun{h.run.ID, h.run.Started, now})
	var bars []htmlBar
	most := 1
	for _, run := range runs {
		most = max(most, total(run.Statuses))
	}
	for _, run := range runs {
		by := map[string]int{}
		var told []string
		for _, s := range statuses {
			if n := run.Statuses[s]; n > 0 {
				by[htmlClass(s)] += n
				told = append(told, fmt.Sprintf("%s %s", grouped(n), s))
			}
		}
		share := func(class string) float64 { return 100 * float64(by[class]) / float64(most) }
		bars = append(bars, htmlBar{Label: Printable(fmt.Sprintf("run %s, %s", run.ID, day(run.Started)), maxWord), Fail: share("fail"), None: share("none"), Pass: share("pass"), Counts: strings.Join(told, ", ")})
	}
	return bars
}

func total(counts map[Status]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// coverage is a line of the table of what asks for controls.
type htmlCoverage struct {
	Name, Controls, Note  string
	Passed, Failed, Other int
}

func (h *HTML) coverage(items []compare.Covered) []htmlCoverage {
	var lines []htmlCoverage
	for _, item := range items {
		line := htmlCoverage{Name: item.Name, Note: item.Note}
		short := make([]string, len(item.Controls))
		for i, control := range item.Controls {
			short[i] = strings.TrimPrefix(control, "NDI-")
			line.Passed += h.controls[control][compare.Pass]
			line.Failed += h.controls[control][compare.Fail]
			line.Other += h.controls[control][compare.NotAssessed]
		}
		line.Controls = strings.Join(short, " ")
		lines = append(lines, line)
	}
	return lines
}

// controlBars are the verdicts by control.
func (h *HTML) controlBars() []htmlBar {
	most := 1
	for _, verdicts := range h.controls {
		most = max(most, verdicts[compare.Pass]+verdicts[compare.Fail]+verdicts[compare.NotAssessed])
	}
	share := func(n int) float64 { return 100 * float64(n) / float64(most) }
	var bars []htmlBar
	for _, control := range slices.Sorted(maps.Keys(h.controls)) {
		v := h.controls[control]
		bar := htmlBar{Label: Printable(control, maxWord), Pass: share(v[compare.Pass]), Fail: share(v[compare.Fail]), None: share(v[compare.NotAssessed])}
		if rule, ok := compare.Explain(control); ok {
			bar.Title = rule.Title
		}
		bar.Counts = fmt.Sprintf("%d FAIL, %d NOT-ASSESSED, %d PASS", v[compare.Fail], v[compare.NotAssessed], v[compare.Pass])
		bars = append(bars, bar)
	}
	return bars
}

// tierBars are the PASS findings by the tier of their evidence.
func tierBars(tiers map[facts.Tier]int) []htmlBar {
	most := 1
	for _, n := range tiers {
		most = max(most, n)
	}
	var bars []htmlBar
	for _, tier := range slices.Sorted(maps.Keys(tiers)) {
		bars = append(bars, htmlBar{Label: Printable(string(tier), maxWord), Pass: 100 * float64(tiers[tier]) / float64(most), Counts: counted(tiers[tier], "PASS", "PASS")})
	}
	return bars
}

// mostVersions is how many versions of a platform have a bar.
const mostVersions = 12

// versionBars are the running versions by platform, the most frequent first.
func (h *HTML) versionBars() []htmlBar {
	most := 1
	for _, versions := range h.versions {
		for _, n := range versions {
			most = max(most, n)
		}
	}
	var bars []htmlBar
	for _, platform := range slices.Sorted(maps.Keys(h.versions)) {
		versions := h.versions[platform]
		names := slices.SortedFunc(maps.Keys(versions), func(a, b string) int {
			if versions[a] != versions[b] {
				return versions[b] - versions[a]
			}
			return map[bool]int{true: -1, false: 1}[a < b]
		})
		for i, name := range names {
			if i == mostVersions {
				bars = append(bars, htmlBar{Label: Printable(platform, maxWord), Title: fmt.Sprintf("%d more versions", len(names)-i)})
				break
			}
			bars = append(bars, htmlBar{Label: Printable(platform+" "+name, maxWord), None: 100 * float64(versions[name]) / float64(most), Counts: counted(versions[name], "device", "devices")})
		}
	}
	return bars
}
