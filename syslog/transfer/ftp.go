package transfer

import (
	"strings"
	"time"

	"trueboot/alerts"
	"trueboot/syslog/envelope"
)

// readVSFTPD reads vsftpd's own log.
//
//	Sun Nov 22 00:51:31 2026 [pid 6568] [daemon] OK DOWNLOAD: Client "127.0.0.1", "/x.bin", 200000 bytes, 23619.85Kbyte/sec
//	Sun Nov 22 00:51:31 2026 [pid 6568] [daemon] FAIL DOWNLOAD: Client "127.0.0.1", "/missing.bin", 0.00Kbyte/sec
//	Sun Nov 22 00:51:30 2026 [pid 6566] [daemon] OK LOGIN: Client "127.0.0.1", anon password "x"
//	Sun Nov 22 00:51:30 2026 [pid 6567] CONNECT: Client "127.0.0.1"
func readVSFTPD(text string, r *alerts.Record) bool {
	head, rest, found := strings.Cut(text, `: Client "`)
	client, rest, closed := strings.Cut(rest, `"`)
	if !found || !closed || strings.IndexByte(head, '"') >= 0 {
		return false
	}
	verb := head[strings.LastIndexByte(head, ' ')+1:]
	var q request
	q.client, q.activity = client, verb
	switch verb {
	case "DOWNLOAD":
		q.direction = in
	case "UPLOAD":
		q.direction = out
	case "LOGIN", "CONNECT", "DELETE", "RENAME", "MKDIR", "RMDIR", "CHMOD", "DEBUG":
	default:
		return false
	}
	at, zoned := time.Time{}, false
	if r.Time.IsZero() {
		at, head, zoned = ctime(head)
	}
	head = strings.TrimSuffix(head[:len(head)-len(verb)], " ")
	if before, ok := strings.CutSuffix(head, "OK"); ok {
		q.result, head = Success, before
	} else if before, ok := strings.CutSuffix(head, "FAIL"); ok {
		q.result, head = Failure, before
	}
	pid, _, _ := between(head, "[pid ", "]")
	// The user is in the last brackets, if those are not the process'.
	if begin := strings.LastIndexByte(head, '['); begin >= 0 {
		if user, isLast := strings.CutSuffix(strings.TrimRight(head[begin+1:], " "), "]"); isLast && !strings.HasPrefix(user, "pid ") {
			q.user = user
		}
	}
	if q.direction != "" || verb == "DELETE" {
		var name string
		if name, rest, found = between(rest, `, "`, `"`); found {
			q.file = name
		}
		if size, _, ok := between(rest, ", ", " bytes"); ok && number(size) {
			q.size = size
		}
	}
	if zoned {
		envelope.SetTime(r, at)
	}
	r.Fields.Add(alerts.PID, pid)
	message := text
	if verb == "LOGIN" {
		// What stands behind the client is the password of somebody who called himself anonymous.
		message = text[:strings.Index(text, client)+len(client)+1]
		if password, _, ok := between(rest, `anon password "`, `"`); ok {
			r.Raw = strings.Replace(r.Raw, `anon password "`+password+`"`, `anon password "***"`, 1)
		}
	}
	q.add(r, "vsftpd", "ftp", message)
	return true
}

// readXferlog reads the log of transfers that wu-ftpd began and that vsftpd and ProFTPD write as well.
//
//	Sun Nov 22 00:51:31 2026 1 127.0.0.1 200000 /x.bin b _ o a user ftp 0 * c
func readXferlog(text string, r *alerts.Record) bool {
	at, rest := r.Time, text
	ok := !at.IsZero()
	if stamped, after, is := ctime(text); is {
		at, rest, ok = stamped, after, true
	}
	if !ok {
		return false
	}
	// seconds, client and size before the name, and nine words behind it. A name may have blanks.
	words := strings.Fields(rest)
	if len(words) < 13 || !number(words[0]) || !number(words[2]) {
		return false
	}
	tail := words[len(words)-9:]
	if len(tail[0]) != 1 || len(tail[2]) != 1 || tail[7] == "" || tail[6] != "0" && tail[6] != "1" || tail[8] != "c" && tail[8] != "i" {
		return false
	}
	q := request{client: words[1], size: words[2], user: tail[4], file: strings.Join(words[3:len(words)-9], " "), result: Success}
	if tail[8] == "i" {
		q.result = Incomplete
	}
	switch tail[2] {
	case "o":
		q.activity, q.direction = "DOWNLOAD", in
	case "i":
		q.activity, q.direction = "UPLOAD", out
	case "d":
		q.activity = "DELETE"
	default:
		return false
	}
	if tail[3] == "a" {
		// An anonymous user's name is the password that he gave.
		q.user = "anonymous"
		r.Raw = strings.Replace(r.Raw, " "+tail[4]+" "+tail[5]+" ", " *** "+tail[5]+" ", 1)
	}
	if r.Time.IsZero() {
		envelope.SetTime(r, at)
	}
	q.add(r, "xferlog", tail[5], q.activity+" "+q.file)
	return true
}

// readExtended reads the log of requests that ProFTPD calls extended and that web servers call common.
//
//	10.0.0.1 UNKNOWN admin [22/Nov/2026:00:51:31 +0000] "RETR x.bin" 226 200000
//	10.0.0.1 - - [22/Nov/2026:00:51:31 +0000] "GET /images/x.bin HTTP/1.1" 200 26432168 "-" "cisco-IOS"
//	10.0.0.1 - - [22/Nov/2026 00:51:31] "GET /x.bin HTTP/1.1" 200 -
func readExtended(text string, r *alerts.Record) bool {
	head, rest, found := strings.Cut(text, ` "`)
	asked, rest, closed := strings.Cut(rest, `" `)
	stamp, _, stamped := between(head, " [", "]")
	words := strings.Fields(head[:max(strings.LastIndex(head, " ["), 0)])
	if !found || !closed || !stamped || len(words) < 3 {
		return false
	}
	verb, name, _ := strings.Cut(asked, " ")
	// The client, what identd said, and the user stand before the stamp; a header or a virtual host may stand before those.
	client, user := words[len(words)-3], words[len(words)-1]
	q := request{client: client, activity: verb, direction: in}
	format, kind := "proftpd", "ftp"
	switch verb {
	case "RETR":
	case "STOR", "APPE", "STOU":
		q.direction = out
	case "DELE":
		q.direction = ""
	case "GET", "PUT", "POST":
		format, kind = "http-access", "http"
		if verb != "GET" {
			q.direction = out
		}
		name, _, _ = strings.Cut(name, " HTTP/")
		name, _, _ = strings.Cut(name, "?")
	default:
		return false
	}
	q.file = name
	if user != "-" {
		q.user = user
	}
	status, rest, _ := strings.Cut(rest, " ")
	size, _, _ := strings.Cut(rest, " ")
	if len(status) != 3 || !number(status) {
		return false
	}
	if q.result = Refused; status[0] == '2' {
		q.result = Success
	}
	if number(size) {
		q.size = size
	}
	if r.Time.IsZero() {
		for _, layout := range []string{"02/Jan/2006:15:04:05 -0700", "02/Jan/2006 15:04:05"} {
			if at, err := time.Parse(layout, stamp); err == nil {
				envelope.SetTime(r, at)
				break
			}
		}
	}
	q.add(r, format, kind, asked)
	return true
}

// ctime takes a stamp as C's ctime writes it off a text. It names no zone; local time is taken for UTC, as everywhere.
func ctime(s string) (at time.Time, rest string, ok bool) {
	const layout = "Mon Jan _2 15:04:05 2006"
	if len(s) <= len(layout) || s[3] != ' ' {
		return time.Time{}, s, false
	}
	at, err := time.Parse(layout, s[:len(layout)])
	if err != nil {
		return time.Time{}, s, false
	}
	return at, strings.TrimLeft(s[len(layout):], " "), true
}
