package transfer

import (
	"strings"

	"trueboot/alerts"
)

// readHPA reads H. Peter Anvin's tftpd. It logs a request before it looks for the file, says nothing at all without --verbose, and tells
// that a transfer ended only in some distributions' builds.
//
//	in.tftpd[2776]: RRQ from 10.0.1.100 filename x.bin
//	in.tftpd[2776]: RRQ from 10.0.1.100 filename x.bin remapped to /srv/x.bin
//	in.tftpd[31918]: WRQ from 127.0.0.1 filename up.cfg
//	in.tftpd[31914]: sending NAK (1, File not found) to 127.0.0.1
//	in.tftpd[4391]: Client ::ffff:10.0.0.1 finished x.bin
//	in.tftpd[4391]: Client ::ffff:10.0.0.1 File not found x.bin
func readHPA(text string, r *alerts.Record) bool {
	message, ok := program(text, r, "in.tftpd")
	if !ok {
		return false
	}
	var q request
	word, rest, _ := strings.Cut(message, " ")
	switch word {
	case "RRQ", "WRQ":
		q.activity, q.direction = word, in
		if word == "WRQ" {
			q.direction = out
		}
		if rest, ok = strings.CutPrefix(rest, "from "); ok {
			q.client, rest, _ = strings.Cut(rest, " ")
			rest = strings.TrimPrefix(rest, "filename ")
			q.file, _, _ = strings.Cut(rest, " remapped to ")
		}
	case "sending":
		if reason, to, ok := between(rest, "NAK (", ") to "); ok {
			q.activity, q.result, q.client = "NAK", Refused, to
			if _, words, found := strings.Cut(reason, ", "); found {
				reason = words
			}
			q.reason = reason
		}
	case "Client":
		q.client, rest, _ = strings.Cut(rest, " ")
		if file, ok := strings.CutPrefix(rest, "finished "); ok {
			q.activity, q.file, q.direction, q.result = "finished", file, in, Success
		} else if file, ok := strings.CutPrefix(rest, "File not found "); ok {
			q.activity, q.file, q.direction, q.result, q.reason = "NAK", file, in, Refused, "File not found"
		} else if strings.HasPrefix(rest, "timed out") {
			q.activity, q.result, q.reason = "timeout", Incomplete, "timed out"
		}
	}
	q.add(r, "tftpd-hpa", "tftp", message)
	return true
}

// readATFTP reads Jean-Pierre Lefebvre's tftpd. It says "Serving" of files that it does not have, and that they are missing only at the
// level info.
//
//	atftpd[5930]: Serving x.bin to 10.0.0.1:41015
//	atftpd[5930]: Fetching from 10.0.0.1 to f
//	atftpd[5930]: File /srv/tftp/x not found
//	atftpd[5930]: File name with /../ are forbidden
//	atftpd[5930]: End of transfer
func readATFTP(text string, r *alerts.Record) bool {
	message, ok := program(text, r, "atftpd")
	if !ok {
		return false
	}
	var q request
	if rest, ok := strings.CutPrefix(message, "Serving "); ok {
		if at := strings.LastIndex(rest, " to "); at >= 0 {
			q.activity, q.direction, q.file, q.client = "RRQ", in, rest[:at], withoutPort(rest[at+len(" to "):])
		}
	} else if rest, ok := strings.CutPrefix(message, "Fetching from "); ok {
		if from, file, ok := strings.Cut(rest, " to "); ok {
			q.activity, q.direction, q.file, q.client = "WRQ", out, file, withoutPort(from)
		}
	} else if strings.HasPrefix(message, "File ") && strings.HasSuffix(message, " not found") {
		q.activity, q.result, q.reason = "NAK", Refused, "File not found"
	} else if strings.HasSuffix(message, " are forbidden") {
		q.activity, q.result, q.reason = "NAK", Refused, "forbidden"
	} else if message == "End of transfer" {
		q.activity, q.result = "finished", Success
	}
	q.add(r, "atftpd", "tftp", message)
	return true
}

// readDnsmasq reads dnsmasq's TFTP server, which says that a file was sent when it was.
//
//	dnsmasq-tftp[1]: sent /srv/tftp/x.bin to 10.0.0.1
//	dnsmasq-tftp[1]: file /srv/tftp/x not found for 10.0.0.1
//	dnsmasq-tftp[1]: failed sending /srv/tftp/x to 10.0.0.1
//	dnsmasq-tftp[1]: error 0 TFTP Aborted received from 10.0.0.1
//	dnsmasq-tftp[1]: unsupported request from 10.0.0.1
func readDnsmasq(text string, r *alerts.Record) bool {
	message, ok := program(text, r, "dnsmasq-tftp")
	if !ok {
		return false
	}
	var q request
	last := func(s, word string) (before, after string, ok bool) {
		at := strings.LastIndex(s, word)
		if at < 0 {
			return "", "", false
		}
		return s[:at], s[at+len(word):], true
	}
	if rest, is := strings.CutPrefix(message, "sent "); is {
		if q.file, q.client, ok = last(rest, " to "); ok {
			q.activity, q.direction, q.result = "RRQ", in, Success
		}
	} else if rest, is := strings.CutPrefix(message, "failed sending "); is {
		if q.file, q.client, ok = last(rest, " to "); ok {
			q.activity, q.direction, q.result = "RRQ", in, Incomplete
		}
	} else if rest, is := strings.CutPrefix(message, "file "); is {
		if q.file, q.client, ok = last(rest, " not found for "); ok {
			q.activity, q.direction, q.result, q.reason = "RRQ", in, Refused, "File not found"
		}
	} else if before, client, is := last(message, " received from "); is && strings.HasPrefix(message, "error ") {
		q.activity, q.result, q.client, q.reason = "error", Incomplete, client, before
	} else if _, client, is := last(message, "unsupported request from "); is {
		q.activity, q.result, q.client, q.reason = "WRQ", Refused, client, "unsupported request"
	}
	q.add(r, "dnsmasq-tftp", "tftp", message)
	return true
}

// readBSD reads the tftpd of FreeBSD, NetBSD and macOS.
//
//	tftpd[123]: 10.0.0.1: read request for //x.bin: success
//	tftpd[123]: 10.0.0.1: write request for x.cfg: File not found
func readBSD(text string, r *alerts.Record) bool {
	before := len(r.Fields)
	message, ok := program(text, r, "tftpd")
	if !ok {
		return false
	}
	q := request{activity: "RRQ", direction: in}
	client, rest, found := strings.Cut(message, ": read request for ")
	if !found {
		client, rest, found = strings.Cut(message, ": write request for ")
		q.activity, q.direction = "WRQ", out
	}
	at := strings.LastIndex(rest, ": ")
	if !found || at < 0 || strings.Contains(client, " ") {
		r.Fields = r.Fields[:before]
		return false
	}
	q.client, q.file = client, rest[:at]
	// It says "success" when it begins.
	if end := rest[at+2:]; end != "success" {
		q.result, q.reason = Refused, end
	}
	q.add(r, "bsd-tftpd", "tftp", message)
	return true
}

// readTFTPD32 reads Ph. Jounin's Tftpd32 and Tftpd64, which are on many a network engineer's laptop.
//
//	Connection received from 10.0.0.1 on port 49152 [25/11 06:00:00.123]
//	Read request for file <x.bin>. Mode octet [25/11 06:00:00.123]
//	<x.bin>: sent 200 blks, 102400 bytes in 1 s. 0 blk resent [25/11 06:00:01.456]
//	<x.cfg>: rcvd 2 blks, 900 bytes in 0 s. 0 blk resent [25/11 06:00:01.456]
func readTFTPD32(text string, r *alerts.Record) bool {
	var q request
	if rest, is := strings.CutPrefix(text, "Connection received from "); is {
		client, port, found := strings.Cut(rest, " on port ")
		if !found || strings.Contains(client, " ") || port == "" {
			return false
		}
		q.client, q.activity = client, "connection"
	} else if file, _, is := between(text, "ead request for file <", ">. Mode "); is && strings.HasPrefix(text, "R") {
		q.activity, q.direction, q.file = "RRQ", in, file
	} else if file, _, is := between(text, "rite request for file <", ">. Mode "); is && strings.HasPrefix(text, "W") {
		q.activity, q.direction, q.file = "WRQ", out, file
	} else if file, rest, is := between(text, "<", ">: "); is && strings.HasPrefix(text, "<") {
		verb, rest, _ := strings.Cut(rest, " ")
		size, _, found := between(rest, " blks, ", " bytes in ")
		if !found || !number(size) || verb != "sent" && verb != "rcvd" {
			return false
		}
		q.activity, q.direction, q.file, q.size, q.result = "finished", in, file, size, Success
		if verb == "rcvd" {
			q.direction = out
		}
	} else {
		return false
	}
	q.add(r, "tftpd32", "tftp", text)
	return true
}

// readXinetd reads the super-server's own lines: a TFTP server was started for somebody. It does not say for which file.
//
//	xinetd[99]: START: tftp pid=2776 from=10.0.0.1
func readXinetd(text string, r *alerts.Record) bool {
	message, ok := program(text, r, "xinetd")
	if !ok {
		return false
	}
	var q request
	if rest, is := strings.CutPrefix(message, "START: "); is {
		service, rest, _ := strings.Cut(rest, " ")
		q.activity = "START"
		if _, from, found := strings.Cut(rest, "from="); found {
			q.client, _, _ = strings.Cut(from, " ")
		}
		q.add(r, "xinetd", service, message)
		return true
	}
	q.add(r, "xinetd", "", message)
	return true
}
