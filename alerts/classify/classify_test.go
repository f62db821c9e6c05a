package classify_test

import (
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"trueboot/alerts"
	"trueboot/alerts/classify"
	"trueboot/syslog"
)

// TestPlace holds who decides which device an event is of: the inventory, by the address that delivered the line or fetched the file.
func TestPlace(t *testing.T) {
	devices := map[string]string{"10.0.0.1": "core1", "r1.example.net": "edge1"}
	e := classify.New(classify.Options{
		Rules: builtIn(t), Marks: syslog.CarrierMarks(),
		Device: func(r *alerts.Record) (string, string, bool) {
			if name := devices[r.Peer.String()]; name != "" {
				return name, "cisco_ios", true
			}
			for _, h := range r.Hosts {
				if name := devices[h]; name != "" {
					return name, "cisco_ios", true
				}
			}
			return "", "", false
		},
		ByAddress: func(a string) (string, string) {
			if devices[a] == "" {
				return "", ""
			}
			return devices[a], "cisco_ios"
		},
		VersionInName: func(platform, file string) (string, bool) {
			return strings.CutPrefix(file, "v")
		},
	})
	for _, test := range []struct {
		line, peer, device, direction string
		known                         bool
	}{
		{"<189>9: liar: Feb 24 10:42:38: %SYS-5-RELOAD: Reload requested by admin on vty0 (10.0.0.9).", "10.0.0.1", "core1", "", true},
		{"<189>9: r1.example.net: Feb 24 10:42:38: %SYS-5-RELOAD: Reload requested by console.", "10.9.9.9", "edge1", "", true},
		{"<189>9: stranger: Feb 24 10:42:38: %SYS-5-RELOAD: Reload requested by console.", "10.9.9.9", "stranger", "", false},
		{"<189>Feb 24 10:42:38: %SYS-5-RELOAD: Reload requested by console.", "10.9.9.9", "10.9.9.9", "", false},
		{"<29>Nov 22 01:04:57 tftp in.tftpd[31913]: RRQ from 10.0.0.1 filename c2900.bin", "10.9.9.9", "core1", "in", true},
		{"<29>Nov 22 01:04:57 tftp in.tftpd[31913]: RRQ from 10.0.0.77 filename c2900.bin", "10.9.9.9", "10.0.0.77", "in", false},
		{`{"timestamp":"2021-01-27T01:28:11.488362+0100","event_type":"tftp","src_ip":"10.0.0.9","src_port":50000,"dest_ip":"10.0.0.1","dest_port":69,"proto":"UDP","tftp":{"packet":"read","file":"c2900.bin","mode":"octet"}}`, "10.9.9.9", "core1", "out", true},
	} {
		r := syslog.Parse(test.line, alerts.Record{Received: arrived, Peer: netip.MustParseAddr(test.peer)})
		events := e.Classify(&r)
		if len(events) != 1 {
			t.Errorf("%s: %d events", test.line, len(events))
			continue
		}
		if v := events[0]; v.Device != test.device || v.Known != test.known || v.Direction != test.direction {
			t.Errorf("%s: device %q, known %v, direction %q", test.line, v.Device, v.Known, v.Direction)
		}
	}
}

// TestHostile holds that an event holds nothing that a terminal would obey, no secret, and not more than a bounded text.
func TestHostile(t *testing.T) {
	e := newEngine(t, builtIn(t))
	for _, line := range []string{
		"%SYS-5-RELOAD: Reload requested by \x1b[2J\u202eadmin on vty0 (10.0.0.9). Reload Reason: " + strings.Repeat("x", 10_000),
		"%PARSER-5-CFGLOG_LOGGEDCMD: User:a\x00\x07  logged command:boot system ftp://u:hunter2@10.0.0.9/a.bin",
		"%PARSER-5-CFGLOG_LOGGEDCMD: User:a  logged command:username x password hunter2",
		"%SYS-5-RELOAD: Reload requested by \xff\xfe on vty0",
	} {
		r := syslog.Parse(line, alerts.Record{Received: arrived})
		events := e.Classify(&r)
		if len(events) != 1 {
			t.Fatalf("%q: %d events", line, len(events))
		}
		v := events[0]
		for what, text := range map[string]string{"text": v.Text, "user": v.User, "reason": v.Reason, "command": v.Command, "file": v.File, "terminal": v.Terminal} {
			if len(text) > 500 || !utf8.ValidString(text) || strings.ContainsAny(text, "\x1b\x00\x07\n\u202e") || strings.Contains(text, "hunter2") {
				t.Errorf("%q: the %s is %q", line, what, text)
			}
		}
	}
}

// TestWanted holds that the prefilter hides no line that is classed.
func TestWanted(t *testing.T) {
	all := builtIn(t)
	e := newEngine(t, all)
	for _, rule := range all.All {
		for _, line := range append(rule.Positive, rule.Negative...) {
			r := syslog.Parse(line, alerts.Record{Received: arrived})
			if len(e.Classify(&r)) > 0 && (!e.Wanted(line) || !e.WantedBytes([]byte(line))) {
				t.Errorf("%q is classed and not wanted", line)
			}
		}
	}
	if e.Wanted("<189>7: core1: Apr 29 13:58:40.411: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/1, changed state to up") {
		t.Error("an ordinary line is wanted")
	}
}

func BenchmarkOrdinaryLine(b *testing.B) {
	e := newEngine(b, builtIn(b))
	line := "<189>7433: core1: 007439: Apr 29 13:58:40.411: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/1, changed state to up"
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if e.Wanted(line) {
			b.Fatal("wanted")
		}
	}
}

func BenchmarkEvent(b *testing.B) {
	e := newEngine(b, builtIn(b))
	line := "<189>9: r1: Feb 24 10:42:38.366: %SYS-5-RELOAD: Reload requested by admin on vty0 (10.0.0.9). Reload Reason: Reload command"
	for b.Loop() {
		r := syslog.Parse(line, alerts.Record{Received: arrived})
		if len(e.Classify(&r)) != 1 {
			b.Fatal("no event")
		}
	}
}
