package classify

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"trueboot/alerts"
	"trueboot/alerts/command"
	"trueboot/alerts/literals"
	"trueboot/alerts/sigma"
)

// Options say what an engine works with.
type Options struct {
	Rules *sigma.Rules
	// Marks are those of the formats that carry (envelope.Format): their lines are wanted whatever stands in them.
	Marks []string
	// Device tells which device a record is of, from who delivered it and from what the text calls its sender; the inventory decides. Nil
	// takes the text's word for it.
	Device func(r *alerts.Record) (name, platform string, known bool)
	// ByAddress tells which device has an address, "" if none. A server's log names the device so. Nil knows none.
	ByAddress func(address string) (name, platform string)
	// VersionInName reads the version out of the name of an image file; platform may be empty. Nil reads none.
	VersionInName func(platform, file string) (string, bool)
}

// An Engine classes records. It is for one goroutine, as are its counters.
type Engine struct {
	o      Options
	wanted *literals.Set
	always bool
	Counts Counts
}

// Counts say what became of the records.
type Counts struct {
	Lines    int `json:"lines"`
	Unknown  int `json:"unknown_format"` // of no known format; they are matched all the same
	Classed  int `json:"classified"`
	Benign   int `json:"benign"`  // a rule says that they only look like something
	NoRule   int `json:"no_rule"` // parsed, and no rule says anything of them
	Skipped  int `json:"skipped"` // the prefilter found nothing in them
	Repeated int `json:"repeated"`
	Cut      int `json:"cut"`
}

// New makes an engine.
func New(o Options) *Engine {
	words := append(append([]string{}, o.Rules.Literals()...), o.Marks...)
	words = append(words, "message repeated ")
	return &Engine{o: o, wanted: literals.New(words), always: o.Rules.AskedAlways()}
}

// Wanted reports whether a line is worth taking apart.
func (e *Engine) Wanted(line string) bool { return e.always || e.wanted.Any(line) }

// WantedBytes is Wanted of bytes.
func (e *Engine) WantedBytes(line []byte) bool { return e.always || e.wanted.AnyBytes(line) }

// Classify returns the events of a record: none, or one.
func (e *Engine) Classify(r *alerts.Record) []alerts.Event {
	e.Counts.Lines++
	if r.Format == "" {
		e.Counts.Unknown++
	}
	if r.Cut {
		e.Counts.Cut++
	}
	e.Counts.Repeated += r.Repeated
	if r.Format == "repeated" {
		return nil
	}
	var p place
	if e.o.Device != nil {
		p.device, p.platform, p.known = e.o.Device(r)
		if r.Platform == "" {
			r.Platform = p.platform
		}
	}
	derive(r)
	matched := e.o.Rules.Match(r)
	if len(matched) == 0 {
		e.Counts.NoRule++
		return nil
	}
	rule := matched[0]
	if rule.Benign {
		e.Counts.Benign++
		return nil
	}
	e.Counts.Classed++
	return []alerts.Event{e.event(r, rule, p)}
}

// derive adds to a record what command analysis tells, and whether a file bears the name of an image.
func derive(r *alerts.Record) {
	if typed := r.Fields.Get(alerts.Command); typed != "" && r.Kind != alerts.Host {
		c := command.Parse(r.Platform, typed)
		for i := range r.Fields {
			if r.Fields[i].Name == alerts.Command {
				r.Fields[i].Value = c.Hidden
			}
		}
		r.Fields.Add(alerts.CommandLine, c.Line)
		r.Fields.Add(alerts.CommandSource, c.Source)
		r.Fields.Add(alerts.CommandDestination, c.Destination)
		r.Fields.Add(alerts.File, c.File)
		r.Fields.Add(alerts.Server, c.Server)
		r.Fields.Add(alerts.Direction, c.Direction)
	}
	if file := r.Fields.Get(alerts.File); file != "" {
		is := "no"
		if command.IsImage(file) {
			is = "yes"
		}
		r.Fields.Add(alerts.Image, is)
	}
}

// longestText bounds what an event repeats of a message.
const longestText = 400

func (e *Engine) event(r *alerts.Record, rule *sigma.Rule, p place) alerts.Event {
	v := alerts.Event{
		Source: r.Origin.Source, Line: r.Origin.Line, Time: r.When(), Received: r.Received, Clock: r.Clock, Kind: r.Kind,
		Rule: rule.ID, Stage: rule.Stage, Sub: rule.Sub, Weight: rule.Weight, Confidence: rule.Confidence, SeedPoints: rule.SeedPoints, Attack: rule.Attack(), Failed: rule.Failed,
		Platform: r.Platform, Mnemonic: clean(r.Fields.Get(alerts.Mnemonic)), Sequence: r.Sequence,
		Text: clean(command.Hide(r.Fields.Get(alerts.Message))),
	}
	for _, f := range []struct {
		name string
		to   *string
	}{
		{alerts.User, &v.User}, {alerts.Address, &v.Address}, {alerts.Terminal, &v.Terminal}, {alerts.Server, &v.Server}, {alerts.Command, &v.Command}, {alerts.File, &v.File},
		{alerts.Digest, &v.Digest}, {alerts.Direction, &v.Direction}, {alerts.Version, &v.NewVersion}, {alerts.Old, &v.OldVersion}, {alerts.Reason, &v.Reason}, {alerts.Result, &v.Result},
		{alerts.Unit, &v.Unit},
	} {
		*f.to = clean(r.Fields.Get(f.name))
	}
	if rule.Stage != alerts.StageVersion && rule.Stage != alerts.StageInstall {
		v.NewVersion, v.OldVersion = "", "" // the version of whatever the line is about, not of the system
	}
	size := r.Fields.Get(alerts.Size)
	device := ""
	for i := range rule.Extract {
		x := &rule.Extract[i]
		found := clean(x.Find(r))
		if found == "" {
			continue
		}
		switch x.Field {
		case "user":
			v.User = found
		case "address":
			v.Address = found
		case "terminal":
			v.Terminal = found
		case "server":
			v.Server = found
		case "command":
			v.Command = clean(command.Hide(found))
		case "file":
			v.File = found
		case "digest":
			v.Digest = found
		case "size":
			size = found
		case "direction":
			v.Direction = found
		case "old_version":
			v.OldVersion = found
		case "new_version":
			v.NewVersion = found
		case "reason":
			v.Reason = found
		case "due":
			v.Due = found
		case "operation":
			v.Operation = found
		case "result":
			v.Result = found
		case "unit":
			v.Unit = found
		case "sub":
			v.Sub = found
		case "device":
			device = found
		}
	}
	if n, err := strconv.ParseInt(size, 10, 64); err == nil && n > 0 {
		v.Size = n
	}
	e.place(r, device, p, &v)
	if v.File != "" && e.o.VersionInName != nil {
		if version, ok := e.o.VersionInName(v.Platform, v.File); ok {
			v.FileVersion = clean(version)
		}
	}
	return v
}

// A place is the device that a record is of, as far as the inventory tells.
type place struct {
	device, platform string
	known            bool
}

// place finds the device. Who served a file, or saw one pass, is not the device: that is the address that fetched it.
func (e *Engine) place(r *alerts.Record, said string, p place, v *alerts.Event) {
	if e.o.ByAddress != nil && (r.Kind == alerts.Transfer || r.Kind == alerts.Sensor) {
		for _, name := range []string{alerts.Client, alerts.Server} {
			address := r.Fields.Get(name)
			if device, platform := e.o.ByAddress(address); device != "" {
				v.Device, v.Platform, v.Known = device, platform, true
				if name == alerts.Server { // the device served it, or was written to
					v.Direction = turned(v.Direction)
				}
				return
			}
		}
	}
	if r.Kind == alerts.Transfer || r.Kind == alerts.Sensor {
		if v.Device = clean(r.Fields.Get(alerts.Client)); v.Device != "" {
			return
		}
	}
	if p.platform != "" {
		v.Platform = p.platform
	}
	if p.device != "" {
		v.Device, v.Known = clean(p.device), p.known
		return
	}
	switch {
	case said != "":
		v.Device = said
	case len(r.Hosts) > 0:
		v.Device = clean(r.Hosts[0])
	case r.Peer.IsValid():
		v.Device = r.Peer.String()
	default: // a console log, whose lines name nobody
		v.Device = clean(r.Origin.Source[strings.LastIndexAny(r.Origin.Source, `/\`)+1:])
	}
}

// turned is a direction as the other side sees it.
func turned(direction string) string {
	switch direction {
	case "in":
		return "out"
	case "out":
		return "in"
	}
	return direction
}

// clean makes what a line says safe to keep and to print: bounded, in valid UTF-8, without control characters.
func clean(text string) string {
	ok := len(text) <= longestText
	for i := 0; ok && i < len(text); i++ {
		ok = text[i] >= ' ' && text[i] < 0x7f
	}
	if ok {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if b.Len() >= longestText {
			b.WriteString("…")
			break
		}
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			b.WriteString(`\x` + strconv.FormatUint(uint64(text[i]), 16))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || !unicode.IsPrint(r):
			b.WriteString(`\u` + strconv.FormatInt(int64(r), 16))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
