package transfer

import (
	"strings"

	"trueboot/alerts"
)

// readSFTP reads OpenSSH's sftp-server with -l INFO or more. What the old scp sends is logged nowhere.
//
//	sftp-server[7]: session opened for local user admin from [10.0.0.1]
//	sftp-server[7]: open "/x.bin" flags READ mode 0666
//	sftp-server[7]: close "/x.bin" bytes read 200000 written 0
//	sftp-server[7]: sent status No such file
func readSFTP(text string, r *alerts.Record) bool {
	message, ok := program(text, r, "sftp-server", "internal-sftp")
	if !ok {
		return false
	}
	var q request
	verb, rest, _ := strings.Cut(strings.TrimPrefix(message, "forced "), " ")
	switch verb {
	case "session":
		q.activity = "session"
		if user, after, found := between(rest, "for local user ", " from "); found {
			q.user, q.client = user, after
		}
	case "open":
		name, after, found := between(rest, `"`, `" flags `)
		if !found {
			break
		}
		q.activity, q.file = "open", name
		switch flags, _, _ := strings.Cut(after, " "); {
		case strings.Contains(flags, "WRITE"), strings.Contains(flags, "APPEND"):
			q.direction = out
		case strings.Contains(flags, "READ"):
			q.direction = in
		}
	case "close":
		name, after, found := between(rest, `"`, `" bytes read `)
		read, written, both := strings.Cut(after, " written ")
		if !found || !both || !number(read) || !number(written) {
			break
		}
		q.activity, q.file, q.result = "close", name, Success
		if strings.HasPrefix(message, "forced ") {
			q.result = Incomplete
		}
		switch {
		case written != "0":
			q.direction, q.size = out, written
		case read != "0":
			q.direction, q.size = in, read
		default:
			// Opened and closed again: nothing went anywhere.
			q.result = ""
		}
	case "remove":
		if name, _, found := between(rest, `"`, `"`); found {
			q.activity, q.file = "remove", name
		}
	case "sent":
		if status, is := strings.CutPrefix(rest, "status "); is {
			q.activity, q.result, q.reason = "status", Refused, status
		}
	}
	q.add(r, "sftp-server", "sftp", message)
	return true
}
