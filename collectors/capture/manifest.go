package capture

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"trueboot/collectors"
	"trueboot/facts"
)

const (
	manifestName = "manifest.json"

	// format is the version of the manifest that this program writes and reads.
	format = 1

	maxManifest = 16 << 20
	maxReply    = 64 << 20
	maxTotal    = 256 << 20
	maxFiles    = 10_000
	maxCommand  = 4096
	maxLabel    = 255
)

// manifest is the content of manifest.json.
type manifest struct {
	Format    int                  `json:"format"`
	Platform  string               `json:"platform"`
	Device    string               `json:"device"`
	Transport collectors.Transport `json:"transport,omitempty"`
	Time      time.Time            `json:"time,omitzero"`
	Nonce     string               `json:"nonce"`
	Facts     []facts.Fact         `json:"facts,omitempty"`
	Replies   []manifestReply      `json:"replies"`
	End       End                  `json:"end,omitzero"`
}

// manifestReply describes one exchange; its text is in the file.
type manifestReply struct {
	Command string        `json:"command"`
	File    string        `json:"file"`
	Time    time.Time     `json:"time,omitzero"`
	Elapsed time.Duration `json:"elapsed"` // nanoseconds
	Bytes   int64         `json:"bytes"`
	SHA256  string        `json:"sha256"`
	Reason  facts.Reason  `json:"reason,omitempty"`
	Error   string        `json:"error,omitempty"`
}

// readManifest takes the manifest apart and refuses one that could lead Load astray. It
// looks at no file.
func readManifest(content []byte) (*manifest, error) {
	// The version comes first: another one may mean other fields.
	var version struct {
		Format *int `json:"format"`
	}
	if err := json.Unmarshal(content, &version); err != nil {
		return nil, err
	}
	switch {
	case version.Format == nil:
		return nil, errors.New(`no "format": this is not the manifest of a capture`)
	case *version.Format != format:
		return nil, fmt.Errorf("format %d: this program reads format %d; use the version of trueboot that recorded it, or a newer one", *version.Format, format)
	}
	var m manifest
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("more text after the manifest's end")
	}
	return &m, m.check()
}

// taught are the kinds of fact that come from the connection itself.
var taught = []facts.Kind{facts.HostKey, facts.Channel}

// fetched are the kinds that come from files that were fetched and hashed at the visit. Their bytes are not kept.
var fetched = []facts.Kind{facts.PulledDigest, facts.PulledSize}

func (m *manifest) check() error {
	if len(m.Nonce) != nonceDigits || !lowerHex(m.Nonce) {
		return fmt.Errorf("nonce %q: want %d lower-case hexadecimal digits", m.Nonce, nonceDigits)
	}
	if len(m.Platform) > maxLabel || len(m.Device) > maxLabel {
		return fmt.Errorf("platform or device of more than %d bytes", maxLabel)
	}
	if m.Transport != "" && m.Transport != collectors.CLI && m.Transport != collectors.NETCONF {
		return fmt.Errorf("transport %.100q: want %q or %q", m.Transport, collectors.CLI, collectors.NETCONF)
	}
	for _, f := range m.Facts {
		// Whatever else a device states is in a reply, and read from there.
		if slices.Contains(fetched, f.Kind) && f.Tier == facts.E2 && f.Line == 0 {
			continue
		}
		if !slices.Contains(taught, f.Kind) || f.Tier != facts.E0 && f.Tier != facts.E1 || f.Command != "" {
			return fmt.Errorf("fact %.100q of tier %.10q: a connection teaches %q, and no better than tier %s", f.Kind, f.Tier, taught, facts.E1)
		}
	}
	if len(m.Replies) > maxFiles {
		return fmt.Errorf("%d replies: at most %d are read", len(m.Replies), maxFiles)
	}
	if !isReason(m.End.Reason) || m.End.Reason == "" && m.End.Error != "" {
		return fmt.Errorf("end: reason %.100q: want words such as %q", m.End.Reason, facts.ParseIncomplete)
	}
	var total int64
	files := make(map[string]bool, len(m.Replies))
	for i, r := range m.Replies {
		if err := r.check(); err != nil {
			return fmt.Errorf("reply %d: %w", i+1, err)
		}
		if files[r.File] {
			return fmt.Errorf("reply %d: file %q belongs to an earlier reply already", i+1, r.File)
		}
		files[r.File] = true
		if total += r.Bytes; total > maxTotal {
			return fmt.Errorf("replies of more than %d bytes in all", int64(maxTotal))
		}
	}
	return nil
}

func (r *manifestReply) check() error {
	switch {
	case r.Command == "" || len(r.Command) > maxCommand || !utf8.ValidString(r.Command):
		return fmt.Errorf("command %.100q: want 1 to %d bytes of UTF-8", r.Command, maxCommand)
	case !isReplyFile(r.File):
		return fmt.Errorf("file %.100q: want a plain name such as \"show_version.txt\"", r.File)
	case r.Bytes < 0 || r.Bytes > maxReply:
		return fmt.Errorf("file %q: %d bytes: at most %d are read", r.File, r.Bytes, int64(maxReply))
	case len(r.SHA256) != 2*sha256.Size || !lowerHex(r.SHA256):
		return fmt.Errorf("file %q: sha256 %.100q: want %d lower-case hexadecimal digits", r.File, r.SHA256, 2*sha256.Size)
	case r.Elapsed < 0:
		return fmt.Errorf("file %q: elapsed time %s is negative", r.File, r.Elapsed)
	case !isReason(r.Reason):
		return fmt.Errorf("file %q: reason %.100q: want words such as %q", r.File, r.Reason, facts.Timeout)
	case r.Reason == "" && r.Error != "":
		return fmt.Errorf("file %q: an error without a reason", r.File)
	}
	return nil
}

// isReplyFile reports whether a name is one that Save gives: it leads nowhere but into the folder.
func isReplyFile(name string) bool {
	stem, ok := strings.CutSuffix(name, replyEnding)
	return ok && FileName(stem) == stem
}

// isReason accepts what is spelled as a reason, or none; a newer program may know more of them.
func isReason(r facts.Reason) bool {
	return len(r) <= 64 && strings.Trim(string(r), "abcdefghijklmnopqrstuvwxyz-") == ""
}

func lowerHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
