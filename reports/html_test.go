package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"trueboot/compare"
	"trueboot/facts"
)

// largeDevice is a device of a large run: a finding for each control.
func largeDevice(number int) Device {
	at := time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC)
	d := Device{Name: fmt.Sprintf("edge%d", number), Platform: "cisco_ios", Outcome: facts.AskedAll, RunningVersion: fmt.Sprintf("17.9.%d", number%7), Started: at}
	for _, r := range compare.Rules() {
		f := compare.Finding{
			Device: d.Name, Control: r.Control, Rule: r.Name, Title: r.Title, Pillar: r.Pillar, Verdict: compare.Pass, Tier: facts.E0,
			Message: "the value is as it was approved, unchanged since 2026-11-20", Observed: &compare.Observation{Value: "0x2102", Command: "show version", Line: 31, SHA256: strings.Repeat("ab", 32), CollectedAt: at},
			Expected: &compare.Expectation{Value: "0x2102", Since: at}, ATTACK: r.ATTACK, Guidance: r.Guidance,
		}
		if number%50 == 0 && r.Control == "NDI-BC-03" {
			f.Verdict, f.Severity = compare.Fail, compare.High
		}
		d.Findings = append(d.Findings, f)
	}
	return d
}

// pages are the further pages of a report.
type pages map[string]*bytes.Buffer

type closedBuffer struct{ *bytes.Buffer }

func (closedBuffer) Close() error { return nil }

func (p pages) open(number int) (io.WriteCloser, string, error) {
	name := fmt.Sprintf("report.%d.html", number)
	p[name] = new(bytes.Buffer)
	return closedBuffer{p[name]}, name, nil
}

func writeLarge(t testing.TB, out io.Writer, page func(int) (io.WriteCloser, string, error), devices int) {
	t.Helper()
	run := Run{ID: "1", Started: time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC), Devices: devices}
	h, recap := &HTML{Out: out, Page: page}, run.Recap()
	if err := h.Begin(run); err != nil {
		t.Fatal(err)
	}
	for n := range devices {
		d := largeDevice(n)
		recap.Add(d)
		if err := h.Device(d); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.End(recap); err != nil {
		t.Fatal(err)
	}
}

// TestPages holds that a large run is parted into pages that a browser opens, that each device is on one of them, and that the first page has their digests.
func TestPages(t *testing.T) {
	const devices = 1000
	var first bytes.Buffer
	further := pages{}
	writeLarge(t, &first, further.open, devices)
	if len(further) < 2 {
		t.Fatalf("%d further pages", len(further))
	}
	all := first.String()
	for name, page := range further {
		sum := sha256.Sum256(page.Bytes())
		if !strings.Contains(first.String(), hex.EncodeToString(sum[:])) {
			t.Errorf("the first page does not hold the digest of %s", name)
		}
		if page.Len() > pageBytes+(1<<20) || !strings.HasSuffix(page.String(), "</html>\n") {
			t.Errorf("%s has %d bytes", name, page.Len())
		}
		all += page.String()
	}
	dossiers := map[string]int{}
	for _, m := range regexp.MustCompile(`<details class="dossier" id="d(\d+)"`).FindAllStringSubmatch(all, -1) {
		dossiers[m[1]]++
	}
	for n := range devices {
		if dossiers[fmt.Sprint(n+1)] != 1 {
			t.Fatalf("device %d has %d dossiers", n+1, dossiers[fmt.Sprint(n+1)])
		}
	}
	if n := strings.Count(first.String(), `.html#d`); n == 0 {
		t.Error("the table links to no further page")
	}
}

// BenchmarkHTML writes the pages of a run of 10,000 devices with a finding for each control.
func BenchmarkHTML(b *testing.B) {
	for b.Loop() {
		writeLarge(b, io.Discard, func(int) (io.WriteCloser, string, error) { return closedBuffer{new(bytes.Buffer)}, "page.html", nil }, 10_000)
	}
}
