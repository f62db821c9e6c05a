// Package capture keeps a visit to a device as a folder and plays it back.
//
// A capture is a folder of text files, one a reply, named after the command
// (show_version.txt), with the bytes exactly as the device sent them, and a
// manifest.json that says when each command was sent and what SHA-256 its reply has:
//
//	core1/
//	    manifest.json
//	    show_version.txt
//	    verify_md5_flash_x.bin_5c0f….txt
//
// A [Recorder] stands between Collect and a live session and takes down a
// [Transcript]; Save writes it, Load reads it back and checks it against the manifest, and
// Session replays it, so that the same facts and the same gaps come out again.
//
// A folder without a manifest, put together by hand from saved output, is a
// capture too: a command's reply is then the file that [FileName] gives.
package capture

import (
	"strings"
	"time"

	"trueboot/collectors"
	"trueboot/facts"
)

// A Transcript is one visit: what was asked, in order, and what came back.
type Transcript struct {
	Platform  string               // token of the platform; empty when loaded from a folder without a manifest
	Device    string               // empty likewise
	Transport collectors.Transport // empty stands for the command line
	Time      time.Time            // when the visit began, UTC
	Nonce     string               // 32 lower-case hexadecimal digits; empty stands for zeros
	Facts     []facts.Fact         // what the connection itself taught
	Exchanges []Exchange
	End       End
}

// An End is what the session found out when it was asked, behind the last command, whether its last reply was whole. The
// zero End is that of a session that found nothing amiss or was not asked.
type End struct {
	Reason facts.Reason `json:"reason"`
	Error  string       `json:"error"`
}

// An Exchange is one command and its reply.
type Exchange struct {
	Command string        // as typed, or as FileName writes it where a folder has no manifest
	Text    string        // as received; what came before the error where Reason is set
	Time    time.Time     // when the command was sent, UTC
	Elapsed time.Duration // until the reply was whole
	Reason  facts.Reason  // why the session has no whole reply; empty where it has
	Error   string        // the same in the session's words
}

// zeroNonce stands for the nonce in folders that have no manifest.
var zeroNonce = strings.Repeat("0", nonceDigits)

const nonceDigits = 32
