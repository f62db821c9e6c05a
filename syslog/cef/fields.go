package cef

import (
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// DeviceVersion is the field that holds the header's device version. PAN-OS and FortiOS state their running release in it; an ArcSight
// connector may state its own.
const DeviceVersion = "device_version"

// own says under which of the record's names the value of a pair is kept. Where several pairs could give one name, the first of this
// list that the line has does.
var own = []struct{ key, name string }{
	{"suser", alerts.User}, {"duser", alerts.User}, {"usrName", alerts.User},
	{"src", alerts.Address}, {"sourceTranslatedAddress", alerts.Address},
	{"filePath", alerts.File}, {"fname", alerts.File}, {"fsize", alerts.Size},
	{"outcome", alerts.Result}, {"categoryOutcome", alerts.Result}, {"reason", alerts.Reason},
	{"deviceProcessName", alerts.Process}, {"sproc", alerts.Process}, {"dvcpid", alerts.PID},
	{"cat", alerts.Type}, {"spriv", alerts.Privilege}, {"cmd", alerts.Command}, {"command", alerts.Command},
}

// labels says what the free names of custom strings, and of ClearPass' own pairs, mean: letters and digits alone, lower case, and of a
// dotted name the last part.
var labels = map[string]string{
	"command": alerts.Command, "cmd": alerts.Command, "commandline": alerts.Command, "executedcommand": alerts.Command, "commandname": alerts.Command,
	"cmdset": alerts.Command, "tacacscommand": alerts.Command, "tacacsusername": alerts.User, "username": alerts.User, "user": alerts.User, "adminname": alerts.User,
	"privilegelevel": alerts.Privilege, "privlvl": alerts.Privilege, "privilege": alerts.Privilege,
	"remoteaddress": alerts.Address, "remaddr": alerts.Address, "clientip": alerts.Address,
	"filename": alerts.File, "oldversion": alerts.Old, "previousversion": alerts.Old, "newversion": alerts.Version, "softwareversion": alerts.Version,
	"port": alerts.Terminal, "tacacsport": alerts.Terminal,
}

// Fill makes the line a part of the record.
func (l *Line) Fill(r *alerts.Record) {
	r.Kind = alerts.CEF
	fields := make(alerts.Fields, 0, 2*len(l.Pairs)+12)
	fields = append(fields, r.Fields...)
	fields.Add(alerts.Vendor, l.Vendor)
	fields.Add(alerts.Product, l.Product)
	fields.Add(DeviceVersion, l.Version)
	fields.Add(alerts.EventID, l.Class)
	fields.Add(alerts.Activity, l.Name)
	for _, o := range own {
		set(&fields, o.name, l.Get(o.key))
	}
	if digest := Digest(l.Get("fileHash")); digest != "" {
		fields.Add(alerts.Digest, digest)
	}
	for _, p := range l.Pairs {
		if base, is := strings.CutSuffix(p.Name, "Label"); is {
			if value := l.Get(base); value != "" && p.Value != "" {
				if name, known := labels[plain(p.Value)]; known {
					set(&fields, name, value)
				}
				fields.Add("cef."+p.Value, value)
			}
			continue
		}
		fields.Add("cef."+p.Name, p.Value)
	}
	r.Fields = fields
	put(r, alerts.Message, l.text())

	var hosts []string
	for _, key := range []string{"dvchost", "dvc", "deviceAddress", "deviceHostName"} {
		hosts = appendNew(hosts, l.Get(key))
	}
	for _, h := range r.Hosts {
		hosts = appendNew(hosts, h)
	}
	r.Hosts = appendNew(hosts, l.Get("deviceExternalId"))

	for _, key := range []string{"rt", "end", "start"} {
		if at, zoned, ok := stamp(l.Get(key)); ok {
			if zoned || r.Time.IsZero() {
				envelope.SetTime(r, at)
			}
			break
		}
	}
	l.vendor(r)
}

// set adds a field unless the record has it already: the first pair that gives a name is the one meant for it.
func set(fields *alerts.Fields, name, value string) {
	if value != "" && !fields.Has(name) {
		*fields = append(*fields, alerts.Field{Name: name, Value: value})
	}
}

// Get is the value of a pair, or "".
func (l *Line) Get(key string) string { return l.Pairs.Get(key) }

// text is the message: msg where the sender gives one, the activity else.
func (l *Line) text() string {
	for _, key := range []string{"msg", "message"} {
		if m := l.Get(key); m != "" {
			return m
		}
	}
	return l.Name
}

func appendNew(list []string, s string) []string {
	if s == "" || s == "-" {
		return list
	}
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// plain is the last part of a dotted name in lower-case letters and digits: "TACACS.Privilege-Level" is "privilegelevel".
func plain(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c | ' ')
		case c >= 'a' && c <= 'z', digit(c):
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Digest names the algorithm of a digest by its length; the result is algorithm:hex in lower case, or "" for what is no digest.
func Digest(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for i := range len(s) {
		if !digit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return ""
		}
	}
	switch len(s) {
	case 32:
		return "md5:" + s
	case 40:
		return "sha1:" + s
	case 64:
		return "sha256:" + s
	case 128:
		return "sha512:" + s
	}
	return ""
}

// layouts are the forms of a time in CEF besides a count since 1970.
var layouts = []struct {
	layout string
	zoned  bool
}{
	{"Jan _2 2006 15:04:05 MST", true}, {"Jan _2 2006 15:04:05.999 MST", true},
	{"Jan _2 2006 15:04:05", false}, {"Jan _2 2006 15:04:05.999", false},
	{time.RFC3339Nano, true}, {"2006-01-02 15:04:05", false}, {"2006-01-02T15:04:05.999Z0700", true},
	{"1/2/2006, 3:04:05.999 PM", false}, {"1/2/2006, 3:04:05 PM", false},
}

// Time reads a time as CEF and the tables made of it write it; zoned tells that it names its zone. One without is taken for UTC.
func Time(s string) (at time.Time, zoned, ok bool) { return stamp(s) }

func stamp(s string) (at time.Time, zoned, ok bool) {
	if s == "" || len(s) > 64 {
		return time.Time{}, false, false
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		// Seconds, milliseconds, or nanoseconds since 1970: FortiOS' eventtime is the last.
		switch {
		case n > 1e8 && n < 1e10:
			return time.Unix(n, 0).UTC(), true, true
		case n > 1e11 && n < 1e14:
			return time.UnixMilli(n).UTC(), true, true
		case n > 1e17 && n < 9e18:
			return time.Unix(0, n).UTC(), true, true
		}
		return time.Time{}, false, false
	}
	for _, l := range layouts {
		if at, err := time.Parse(l.layout, s); err == nil {
			// A zone that is only letters, and not UTC, has no offset that Go knows.
			if name, offset := at.Zone(); offset == 0 && name != "UTC" && name != "GMT" && name != "" {
				return at.UTC(), false, true
			}
			return at.UTC(), l.zoned, true
		}
	}
	return time.Time{}, false, false
}
