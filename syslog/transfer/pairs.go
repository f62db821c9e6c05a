package transfer

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// Bounds of Pairs. A refusal follows its request within the second; a session can last for hours.
const (
	maxRequests = 1024
	maxSessions = 4096
	requestHold = 5 * time.Second
	sessionHold = 24 * time.Hour
)

// Pairs brings together what a server says of one transfer in several lines. A request waits a moment for its refusal or its end, and
// gets the result; the end of a file that SFTP served gets the user and the client of its session. It implements [envelope.Joiner].
type Pairs struct {
	requests envelope.Waiting[*alerts.Record]
	sessions envelope.Waiting[session]
}

// A session is who a server's process serves.
type session struct{ user, client string }

// sessionOf is that of a record, without the rest of its line and of no great length.
func sessionOf(r *alerts.Record) session {
	short := func(s string) string { return strings.Clone(s[:min(len(s), 256)]) }
	return session{short(r.Fields.Get(alerts.User)), short(r.Fields.Get(alerts.Client))}
}

// NewPairs is a Pairs that holds nothing yet.
func NewPairs() *Pairs {
	return &Pairs{
		requests: envelope.Waiting[*alerts.Record]{Bound: maxRequests, Hold: requestHold},
		sessions: envelope.Waiting[session]{Bound: maxSessions, Hold: sessionHold},
	}
}

// Formats are those whose servers use several lines.
func (*Pairs) Formats() []string { return []string{"tftpd-hpa", "atftpd", "sftp-server", "tftpd32"} }

// Add takes a line of such a server.
func (p *Pairs) Add(r alerts.Record, emit func(alerts.Record)) {
	release := func(held *alerts.Record) { emit(*held) }
	key := sender(&r) + "\x00" + r.Format + "\x00" + r.Fields.Get(alerts.PID) + "\x00"
	get := r.Fields.Get
	switch r.Format + " " + get(alerts.Activity) {
	case "tftpd-hpa RRQ", "tftpd-hpa WRQ":
		// One process serves one request.
		p.requests.Put(key, &r, &r, release)
		return
	case "tftpd-hpa NAK", "tftpd-hpa timeout", "tftpd-hpa finished":
		// A "finished" names its file again; the request then says nothing that it does not.
		if asked, ok := p.requests.Get(key); ok && asked.Fields.Get(alerts.Client) == get(alerts.Client) {
			p.requests.Take(key)
			conclude(asked, &r)
			emit(*asked)
		}
	case "atftpd RRQ", "atftpd WRQ":
		// One process serves everybody, and a refusal names the file alone.
		p.requests.Put(key+refusable(get(alerts.File)), &r, &r, release)
		return
	case "atftpd NAK":
		name, missing := strings.CutSuffix(strings.TrimPrefix(get(alerts.Message), "File "), " not found")
		if missing {
			name = base(name)
		} else {
			name = refusable("/../")
		}
		if asked, ok := p.requests.Take(key + name); ok {
			conclude(asked, &r)
			emit(*asked)
		}
	case "sftp-server session":
		if get(alerts.Client) != "" {
			p.sessions.Put(key, &r, sessionOf(&r), func(session) {})
		}
	case "sftp-server open", "sftp-server close", "sftp-server remove", "sftp-server status":
		if s, ok := p.sessions.Get(key); ok {
			r.Fields.Add(alerts.User, s.user)
			r.Fields.Add(alerts.Client, s.client)
		}
		switch get(alerts.Activity) {
		case "open":
			p.requests.Put(key, &r, &r, release)
			return
		case "status", "close":
			asked, ok := p.requests.Take(key)
			if !ok {
				break
			}
			switch {
			case get(alerts.Activity) == "status" && get(alerts.Reason) != "Success" && get(alerts.Reason) != "End of file":
				conclude(asked, &r)
			case get(alerts.Activity) == "close" && get(alerts.File) == asked.Fields.Get(alerts.File) && r.Fields.Has(alerts.Direction):
				// One transfer is one record: the one that knows the size.
				asked.Fields = without(asked.Fields, alerts.Direction)
			}
			emit(*asked)
		}
	case "tftpd32 connection":
		p.sessions.Put(key, &r, sessionOf(&r), func(session) {})
	case "tftpd32 RRQ", "tftpd32 WRQ":
		// The connection is the line before.
		if s, ok := p.sessions.Take(key); ok {
			r.Fields.Add(alerts.Client, s.client)
			p.sessions.Put(key+get(alerts.File), &r, s, func(session) {})
		}
	case "tftpd32 finished":
		if s, ok := p.sessions.Take(key + get(alerts.File)); ok {
			r.Fields.Add(alerts.Client, s.client)
		}
	}
	emit(r)
}

// Advance releases requests to which no answer can come any more.
func (p *Pairs) Advance(stamp time.Time, emit func(alerts.Record)) {
	if p.requests.Len() == 0 {
		return
	}
	p.requests.Advance(stamp, func(held *alerts.Record) { emit(*held) })
}

// Flush releases the requests that have waited for their time.
func (p *Pairs) Flush(now time.Time, emit func(alerts.Record)) {
	p.requests.Flush(now, func(held *alerts.Record) { emit(*held) })
	p.sessions.Flush(now, func(session) {})
}

// conclude gives a request the result of its answer.
func conclude(asked, answer *alerts.Record) {
	for _, name := range []string{alerts.Result, alerts.Reason} {
		if !asked.Fields.Has(name) {
			asked.Fields.Add(name, answer.Fields.Get(name))
		}
	}
}

func without(fields alerts.Fields, name string) alerts.Fields {
	kept := fields[:0:0]
	for _, f := range fields {
		if f.Name != name {
			kept = append(kept, f)
		}
	}
	return kept
}

// sender tells the machines apart that write to one feed.
func sender(r *alerts.Record) string {
	if len(r.Hosts) > 0 {
		return r.Hosts[0]
	}
	if r.Peer.IsValid() {
		return r.Peer.String()
	}
	return r.Origin.Source
}

// refusable is by what a refusal of atftpd tells a request: the name of the file, or that its path goes up.
func refusable(path string) string {
	if strings.Contains(path, "../") {
		return "../"
	}
	return base(path)
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
