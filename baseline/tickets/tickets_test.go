package tickets

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	now   = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	until = now.AddDate(0, 0, 62)
)

func berlin(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("there is no table of time zones: ", err)
	}
	return zone
}

// lines are a list as short texts.
func lines(l List) []string {
	var all []string
	for _, e := range l.Entries {
		text := e.Place
		for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
			text += fmt.Sprintf(" %s=%s", name, e.Fields[name])
		}
		if !e.Start.IsZero() {
			text += " " + e.Start.Format("2006-01-02T15:04Z") + "+" + e.End.Sub(e.Start).String()
		}
		if e.Cancelled {
			text += " cancelled"
		}
		all = append(all, text)
	}
	for _, left := range l.Left {
		all = append(all, "left "+left.Place+": "+left.Reason)
	}
	return all
}

const calendarHead = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nDTSTAMP:20261101T000000Z\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

func TestRead(t *testing.T) {
	zone := berlin(t)
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"a table": {"Number;Devices;To;Start;End;State;Colour\nCHG-1;edge1,edge2;17.9.4a;2026-12-01 22:00;4h;;red\nCHG-2;;x;;;\nCHG-3;core*;;;;Cancelled;\n", []string{
			"line 2 end=4h limit=edge1,edge2 start=2026-12-01 22:00 ticket=CHG-1 to=17.9.4a",
			"line 4 limit=core* state=Cancelled ticket=CHG-3 cancelled",
			`left line 1: the column "Colour" is not taken over`,
			"left line 3: it doesn't say limit, start, end: a window that doesn't say what is planned explains nothing",
		}},
		"JSON": {`{"result":[{"number":"CHG0042","cmdb_ci":{"display_value":"edge1","link":"x"},"to":["17.9.4a","a.bin"],"start_date":"2026-12-01T22:00:00Z","end_date":"2026-12-02T02:00:00Z","assigned_to":null}]}`, []string{
			"entry 1 end=2026-12-02T02:00:00Z limit=edge1 start=2026-12-01T22:00:00Z ticket=CHG0042 to=17.9.4a,a.bin",
		}},
		"JSON, an object a line": {"{\"ticket\":\"A1\",\"limit\":\"x\",\"register\":\"0x2102\",\"start\":\"2026-12-01 22:00\",\"end\":\"2h\"}\n{\"ticket\":\"A2\"}\n", []string{
			"entry 1 end=2h limit=x register=0x2102 start=2026-12-01 22:00 ticket=A1", "left entry 2: it doesn't say limit, to, start, end: a window that doesn't say what is planned explains nothing",
		}},
		"an event in a zone": {calendarHead + event("UID:1", "SUMMARY:CHG-7 upgrade", `DESCRIPTION:devices: edge*\, core1\nto: 17.9.4a\nhello`, "DTSTART;TZID=Europe/Berlin:20261201T220000", "DURATION:PT4H", "ORGANIZER:mailto:jane@example.net") + "END:VCALENDAR", []string{
			"event 1 limit=edge*, core1 owner=jane@example.net reason=CHG-7 upgrade ticket=CHG-7 to=17.9.4a 2026-12-01T21:00Z+4h0m0s",
		}},
		"without end, moved and left out": {calendarHead + event("UID:2", "SUMMARY:CHG-8", `DESCRIPTION:devices: a\nto: 1.2`, "DTSTART;TZID=Europe/Berlin:20261006T220000", "DTEND;TZID=Europe/Berlin:20261006T230000", "RRULE:FREQ=MONTHLY;BYDAY=1TU", "EXDATE;TZID=Europe/Berlin:20270202T220000,20270302T220000") +
			event("UID:2", "RECURRENCE-ID;TZID=Europe/Berlin:20261201T220000", "SUMMARY:CHG-8", `DESCRIPTION:devices: a\nto: 1.2`, "DTSTART:20261203T100000Z", "DTEND:20261203T110000Z") + "END:VCALENDAR", []string{
			"event 2 limit=a reason=CHG-8 ticket=CHG-8 to=1.2 2027-01-05T21:00Z+1h0m0s",
			"event 2 limit=a reason=CHG-8 ticket=CHG-8 to=1.2 2026-12-03T10:00Z+1h0m0s",
		}},
		"over, and others": {calendarHead + event("UID:3", "SUMMARY:CHG-9", `DESCRIPTION:devices: a\nto: 1`, "DTSTART:20251203T100000Z", "DTEND:20251203T110000Z") + event("UID:4", "SUMMARY:lunch", "DTSTART:20261203T100000Z", "DTEND:20261203T110000Z") +
			event("UID:5", "SUMMARY:CHG-10", "DTSTART:20261203T100000Z", "DTEND:20261203T090000Z") + event("UID:6", "SUMMARY:CHG-11", "STATUS:CANCELLED", "DTSTART:20261203T100000Z", "DTEND:20261203T110000Z") +
			event("UID:7", "SUMMARY:CHG-12", "DTSTART;TZID=W. Europe Standard Time:20261203T100000", "DTEND:20261203T110000Z") + "END:VCALENDAR", []string{
			"event 6 reason=CHG-11 ticket=CHG-11 2026-12-03T10:00Z+1h0m0s cancelled",
			`left event 4: "lunch" is no change: it names neither a ticket nor devices`, "left event 5: it does not end after it starts",
			"left event 7: when it starts can't be read: unknown time zone W. Europe Standard Time; is its time zone one of the IANA names, such as Europe/Berlin?",
		}},
		"summer time": {calendarHead + event("UID:8", "SUMMARY:CHG-13", `DESCRIPTION:devices: a\nto: 1`, "DTSTART;TZID=Europe/Berlin:20260601T220000", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;UNTIL=20261202T235959Z") + "END:VCALENDAR", []string{
			"event 8 limit=a reason=CHG-13 ticket=CHG-13 to=1 2026-12-01T21:00Z+1h0m0s",
		}},
		"two times": {calendarHead + event("UID:9", "SUMMARY:CHG-14", `DESCRIPTION:devices: a\nto: 1`, "DTSTART:20261127T220000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2", "RDATE:20261205T220000Z") + "END:VCALENDAR", []string{
			"event 9 limit=a reason=CHG-14 ticket=CHG-14 to=1 2026-11-27T22:00Z+1h0m0s",
			"event 9 limit=a reason=CHG-14 ticket=CHG-14 to=1 2026-11-28T22:00Z+1h0m0s",
			"event 9 limit=a reason=CHG-14 ticket=CHG-14 to=1 2026-12-05T22:00Z+1h0m0s",
		}},
		"every second": {calendarHead + event("UID:9", "SUMMARY:CHG-14", `DESCRIPTION:devices: a\nto: 1`, "DTSTART:19000101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY") + "END:VCALENDAR", []string{
			"left event 9: when it comes again can't be read: it comes more often than once a day, which no window does",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Read(strings.NewReader(test.text), "", now, until, zone)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, lines(l)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for name, test := range map[string][2]string{
		"nothing":        {"", "empty"},
		"no columns":     {"a,b\n1,2\n", "names no field"},
		"half an object": {`[{"ticket":`, "EOF"},
		"a number":       {`[1]`, "neither"},
		"half an event":  {calendarHead + "BEGIN:VEVENT\r\n", "in the middle"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Read(strings.NewReader(test[0]), "", now, until, time.UTC); err == nil || !strings.Contains(err.Error(), test[1]) {
				t.Errorf("%v", err)
			}
		})
	}
}

// FuzzRead holds that whatever a file says ends in entries that say enough, or in an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte("ticket,devices,to\nCHG-1,a,1\n"))
	f.Add([]byte(`[{"ticket":"CHG-1","devices":["a"],"to":"1"}]`))
	f.Add([]byte(calendarHead + event("UID:1", "SUMMARY:CHG-7", `DESCRIPTION:devices: a\nto: 1`, "DTSTART:20261201T220000Z", "DURATION:PT4H", "RRULE:FREQ=DAILY") + "END:VCALENDAR"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Read(strings.NewReader(string(data)), "", now, until, time.UTC)
		if err != nil {
			return
		}
		for _, e := range l.Entries {
			if e.Fields["ticket"] == "" || e.Fields["limit"] == "" && !e.Cancelled {
				t.Errorf("%+v", e)
			}
			if !e.Start.IsZero() && !e.End.After(e.Start) {
				t.Errorf("%+v", e)
			}
		}
	})
}
