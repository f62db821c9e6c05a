package network

import (
	"strings"
	"time"

	"trueboot/alerts"
)

// dateTime reads "2024-01-02" and "10:00:00".
func dateTime(date, clock string, zone *time.Location) (time.Time, bool) {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", date+" "+clock, zone)
	return at, err == nil
}

// mostPairs bounds how many pairs of a line become fields.
const mostPairs = 64

// readPairs reads the lines of devices that write pairs and nothing else that tells them apart: SonicWall, Meraki, Check Point.
func readPairs(text string, r *alerts.Record) bool {
	n := 0
	fields := r.Fields
	pairs(text, func(key, value string) {
		if n++; n > mostPairs || len(key) > 40 {
			return
		}
		switch key {
		case "msg", "message":
			fields.Add(alerts.Message, value)
		case "user", "usr":
			fields.Add(alerts.User, value)
		default:
			fields.Add("pair."+key, value)
		}
	})
	if n < 3 {
		return false
	}
	r.Fields, r.Format = fields, "pairs"
	return true
}

// readPlain is what is left: a program of a known name and its words.
func readPlain(text string, r *alerts.Record) bool {
	if !r.Fields.Has(alerts.Process) {
		return false
	}
	r.Format = "bsd"
	r.Fields.Add(alerts.Message, strings.TrimSpace(text))
	return true
}
