package sensor

import (
	"strconv"
	"strings"
	"time"

	"trueboot/alerts"
)

// readEVE reads Suricata's EVE.
//
//	{"timestamp":"2026-11-22T01:04:57.711841+0000","event_type":"tftp","src_ip":"10.0.0.1","src_port":1234,"dest_ip":"10.0.0.9","dest_port":69,
//	"proto":"UDP","tftp":{"packet":"read","file":"x.bin","mode":"octet"}}
func readEVE(text string, r *alerts.Record) bool {
	o, ok := object(text, r)
	if !ok || !o.Has("event_type") {
		return false
	}
	kind := o.Get("event_type")
	begin(r, "eve", kind)
	at, err := time.Parse("2006-01-02T15:04:05.999999Z0700", o.Get("timestamp"))
	stamped(r, at.UTC(), err == nil)
	firstHost(r, o.Get("host"))

	client, clientPort, server, port := o.Get("src_ip"), o.Get("src_port"), o.Get("dest_ip"), o.Get("dest_port")
	direction := ""
	switch kind {
	case "tftp":
		// The event is that of the request, whose source is who asks.
		switch o.Get("tftp.packet") {
		case "read":
			direction = in
		case "write":
			direction = out
		}
		set(r, alerts.Activity, o.Get("tftp.packet"))
		set(r, alerts.File, o.Get("tftp.file"))
	case "fileinfo":
		// Here the source is who sends the file.
		direction = out
		if towardsClient(clientPort, port) {
			client, clientPort, server, port = server, port, client, clientPort
			direction = in
		}
		set(r, alerts.File, o.Get("fileinfo.filename"))
		set(r, alerts.Size, o.Get("fileinfo.size"))
		set(r, alerts.Digest, digest(o.Get("fileinfo.sha256"), o.Get("fileinfo.sha1"), o.Get("fileinfo.md5")))
		switch o.Get("fileinfo.state") {
		case "CLOSED":
			set(r, alerts.Result, "success")
		case "TRUNCATED", "ERROR":
			set(r, alerts.Result, "incomplete")
		}
	case "http":
		direction = ofMethod(o.Get("http.http_method"))
		set(r, alerts.Size, o.Get("http.length"))
		set(r, alerts.Result, ofStatus(o.Get("http.status")))
	case "ftp", "ftp_data":
		command := o.Get(kind + ".command")
		set(r, alerts.Activity, command)
		set(r, alerts.File, o.Get("ftp_data.filename"))
		switch command {
		case "RETR":
			direction = in
			set(r, alerts.File, o.Get("ftp.command_data"))
		case "STOR", "STOU", "APPE":
			direction = out
			set(r, alerts.File, o.Get("ftp.command_data"))
		case "PASS":
			if secret := o.Get("ftp.command_data"); secret != "" {
				r.Raw = strings.Replace(r.Raw, `"`+secret+`"`, `"***"`, 1)
			}
		}
	case "alert":
		set(r, alerts.EventID, o.Get("alert.signature_id"))
		set(r, alerts.Message, o.Get("alert.signature"))
		set(r, alerts.Reason, o.Get("alert.category"))
		set(r, alerts.Result, o.Get("alert.action"))
	}
	if o.Has("http.url") {
		set(r, alerts.Activity, o.Get("http.http_method"))
		set(r, alerts.File, withoutQuery(o.Get("http.url")))
	}
	if kind == "ssh" {
		set(r, "client_software", o.Get("ssh.client.software_version"))
		set(r, "server_software", o.Get("ssh.server.software_version"))
	}
	ends(r, client, clientPort, server, port, o.Get("proto"))
	set(r, alerts.Direction, direction)
	// The older "netflow" event counts one way, and again what "flow" counts.
	if kind == "flow" {
		set(r, BytesToServer, o.Get("flow.bytes_toserver"))
		set(r, BytesToClient, o.Get("flow.bytes_toclient"))
	}
	return true
}

// ends sets who talked to whom.
func ends(r *alerts.Record, client, clientPort, server, port, protocol string) {
	set(r, alerts.Client, client)
	set(r, ClientPort, clientPort)
	set(r, alerts.Server, server)
	set(r, alerts.Port, port)
	set(r, Protocol, strings.ToLower(protocol))
}

// towardsClient tells whether what goes from one port to another goes from a server to its client: services have the lower ports.
func towardsClient(from, to string) bool {
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	return errA == nil && errB == nil && a < b
}

func ofMethod(method string) string {
	switch method {
	case "GET":
		return in
	case "PUT", "POST":
		return out
	}
	return ""
}

// ofStatus is what a status of HTTP says of the transfer.
func ofStatus(status string) string {
	switch {
	case len(status) != 3:
		return ""
	case status[0] == '2':
		return "success"
	case status[0] >= '4':
		return "refused"
	}
	return ""
}

func withoutQuery(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return url
}
