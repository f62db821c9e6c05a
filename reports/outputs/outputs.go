// Package outputs hands what a run found to other systems: syslog servers (RFC 5424, CEF), collectors of ECS and OCSF over HTTP, webhooks, mail, programs,
// files, and Prometheus' text file.
//
// A run goes to the [Sink], a reports.Handler, which renders a message for each output that asks for it and puts it into a queue on disk, before anything is sent.
// [Deliver] sends what is queued, oldest first, and takes it out when the other side has it. What can't be delivered stays and is tried again by the next run or by
// "trueboot outputs flush": a server that is down for an hour loses nothing. A message that was sent and not yet taken out when the program died is sent twice; its id
// tells.
//
// What a device said is escaped for each form, and bounded. Secrets (keys of webhooks, passwords of mail servers) are references, and stand in no queue.
package outputs

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"trueboot/compare"
)

// An Output is where messages go, and which.
type Output struct {
	Name     string        `yaml:"name"`
	To       string        `yaml:"to"`     // udp://, tcp://, tls://, http://, https://, smtp://, smtps://, file:, exec:, prometheus:
	Format   string        `yaml:"format"` // json, rfc5424, cef, ecs, ocsf; empty for what the destination usually takes
	Events   []string      `yaml:"events"` // finding, device, run; empty for what the destination usually takes
	Least    string        `yaml:"least"`  // severity of a FAIL; empty for low
	Verdicts []string      `yaml:"verdicts"`
	CA       string        `yaml:"ca"`       // roots of a TLS server, PEM; empty for the system's
	Secret   string        `yaml:"secret"`   // reference: key of a webhook's signature, password of a mail server
	User     string        `yaml:"user"`     // of a mail server
	From     string        `yaml:"from"`     // of mail
	Mail     []string      `yaml:"mail"`     // recipients
	Headers  []string      `yaml:"headers"`  // of a webhook: "Name: reference" whose value is a secret's
	Template string        `yaml:"template"` // of a webhook's body: a file of Go's text/template over the event; empty for the format
	Rate     float64       `yaml:"rate"`     // messages in a second; 0 for 50
	Repeat   time.Duration `yaml:"repeat"`   // how long a finding that still stands is not told again; 0 tells it each run
	Timeout  time.Duration `yaml:"timeout"`  // of one message; 0 for 10 s

	target *url.URL
	body   *template.Template
}

// The events.
const (
	EventFinding = "finding"
	EventDevice  = "device"
	EventRun     = "run"
)

var (
	// siem-1
	nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

	schemes = map[string]struct{ format, events string }{
		"udp": {"rfc5424", EventFinding}, "tcp": {"rfc5424", EventFinding}, "tls": {"rfc5424", EventFinding},
		"http": {"json", EventFinding}, "https": {"json", EventFinding}, "file": {"json", EventFinding}, "exec": {"json", EventFinding},
		"smtp": {"text", EventRun}, "smtps": {"text", EventRun}, "prometheus": {"text", EventRun},
	}
)

// Prepare checks an output and fills in what it leaves out. folder is what relative files are relative to.
func (o *Output) Prepare(folder string) error {
	bad := func(format string, a ...any) error {
		return fmt.Errorf("output %q: %s", o.Name, fmt.Sprintf(format, a...))
	}
	if !nameForm.MatchString(o.Name) {
		return bad("name: want letters, digits, points and dashes")
	}
	target, err := url.Parse(o.To)
	if err != nil {
		return bad("to: %v", errors.Unwrap(err))
	}
	if target.User != nil {
		return bad("to: no credentials in a URL; secret: says where they are")
	}
	usual, ok := schemes[target.Scheme]
	if !ok {
		return bad("to: %.20q is none of udp, tcp, tls, http, https, smtp, smtps, file, exec, prometheus", target.Scheme)
	}
	o.target = target
	switch target.Scheme {
	case "udp", "tcp", "tls", "smtp", "smtps":
		if target.Port() == "" || target.Hostname() == "" {
			return bad("to: %s://HOST:PORT is wanted", target.Scheme)
		}
	case "http", "https":
		if target.Hostname() == "" {
			return bad("to: no host in it")
		}
	default:
		if target.Opaque == "" && target.Path == "" {
			return bad("to: %s:PATH is wanted", target.Scheme)
		}
	}
	o.Format = cmp.Or(o.Format, usual.format)
	if _, known := formats[o.Format]; !known && o.Format != usual.format {
		return bad("format %.20q: one of json, rfc5424, cef, ecs, ocsf", o.Format)
	}
	if len(o.Events) == 0 {
		o.Events = []string{usual.events}
	}
	for _, e := range o.Events {
		if !slices.Contains([]string{EventFinding, EventDevice, EventRun}, e) {
			return bad("events: %.20q is none of finding, device, run", e)
		}
	}
	if usual.format == "text" && !slices.Equal(o.Events, []string{EventRun}) {
		return bad("events: %s is told of runs only", target.Scheme)
	}
	o.Least = cmp.Or(o.Least, string(compare.Low))
	if compare.Severity(o.Least).Rank() > compare.Low.Rank() {
		return bad("least %.20q: one of critical, high, medium, low", o.Least)
	}
	if len(o.Verdicts) == 0 {
		o.Verdicts = []string{string(compare.Fail)}
	}
	for _, v := range o.Verdicts {
		if !slices.Contains([]string{string(compare.Pass), string(compare.Fail), string(compare.NotAssessed)}, v) {
			return bad("verdicts: %.20q is none of PASS, FAIL, NOT-ASSESSED", v)
		}
	}
	if strings.HasPrefix(target.Scheme, "smtp") && (o.From == "" || len(o.Mail) == 0) {
		return bad("from and mail are wanted: who writes, and to whom")
	}
	for _, address := range append(slices.Clone(o.Mail), o.From) {
		if strings.ContainsAny(address, "\r\n<>,") {
			return bad("%.40q is no address", address)
		}
	}
	if o.User != "" && o.Secret == "" {
		return bad("user without secret:")
	}
	if o.Rate < 0 || o.Repeat < 0 || o.Timeout < 0 {
		return bad("rate, repeat and timeout are not negative")
	}
	o.Rate, o.Timeout = cmp.Or(o.Rate, 50), cmp.Or(o.Timeout, 10*time.Second)
	if o.CA != "" && !filepath.IsAbs(o.CA) {
		o.CA = filepath.Join(folder, o.CA)
	}
	if o.Template != "" {
		if !strings.HasPrefix(target.Scheme, "http") {
			return bad("template: only of http and https")
		}
		if !filepath.IsAbs(o.Template) {
			o.Template = filepath.Join(folder, o.Template)
		}
		if o.body, err = template.New(filepath.Base(o.Template)).Funcs(template.FuncMap{"json": asJSON}).Option("missingkey=error").ParseFiles(o.Template); err != nil {
			return bad("template: %v", err)
		}
	}
	return nil
}

// path is the file or program of an output without a host.
func (o *Output) path() string { return cmp.Or(o.target.Opaque, o.target.Path) }
