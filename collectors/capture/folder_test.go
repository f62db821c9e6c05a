package capture_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/facts"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func example() *capture.Transcript {
	at := time.Date(2026, 11, 24, 2, 15, 0, 0, time.UTC)
	return &capture.Transcript{
		Platform: "cisco_ios", Device: "core1", Transport: collectors.CLI, Time: at, Nonce: strings.Repeat("5c0f", 8),
		Facts: []facts.Fact{{Kind: facts.HostKey, Subject: "ssh-ed25519", Value: "SHA256:abc", Tier: facts.E1}},
		Exchanges: []capture.Exchange{
			{Command: "show version", Text: "Version 15.2(4)M6\r\n", Time: at, Elapsed: 20 * time.Millisecond},
			{Command: "dir flash:", Text: "\x00\xff no UTF-8 \x1b[2J", Time: at.Add(time.Second)},
			{Command: "dir FLASH:", Text: "", Time: at.Add(2 * time.Second)},
			{Command: "dir flash:", Text: "second", Time: at.Add(3 * time.Second)},
			{Command: "dir flash/", Text: "third", Time: at.Add(4 * time.Second)},
			{Command: "verify " + strings.Repeat("x", 200), Text: "one", Time: at.Add(5 * time.Second)},
			{Command: "verify " + strings.Repeat("x", 201), Text: "two", Time: at.Add(6 * time.Second)},
			{Command: "nul", Text: "..", Time: at.Add(7 * time.Second), Reason: facts.Timeout, Error: "no byte for 30s"},
		},
	}
}

func TestSaveThenLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "core1")
	want := example()
	if err := want.Save(dir); err != nil {
		t.Fatal(err)
	}
	got, err := capture.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was loaded is not what was saved (-saved +loaded):\n%s", diff)
	}
	for _, name := range []string{"show_version.txt", "dir_flash.txt", "dir_FLASH-2.txt", "dir_flash-3.txt", "dir_flash-4.txt", "command_nul.txt"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("mode %v: others can read the folder", info.Mode())
		}
	}
}

func TestSaveThenLoadAnything(t *testing.T) {
	parent := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		command := rapid.StringMatching(`[a-zA-Z :/.#_-]{1,12}`)
		want := &capture.Transcript{Transport: collectors.CLI, Nonce: strings.Repeat("a", 32)}
		for range rapid.IntRange(0, 6).Draw(t, "exchanges") {
			want.Exchanges = append(want.Exchanges, capture.Exchange{
				Command: command.Draw(t, "command"),
				Text:    string(rapid.SliceOf(rapid.Byte()).Draw(t, "text")),
				Elapsed: time.Duration(rapid.Int64Range(0, 1e12).Draw(t, "elapsed")),
			})
		}
		n++
		dir := filepath.Join(parent, fmt.Sprint(n))
		if err := want.Save(dir); err != nil {
			t.Fatal(err)
		}
		got, err := capture.Load(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("what was loaded is not what was saved (-saved +loaded):\n%s", diff)
		}
	})
}

func TestSaveRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, dir string, transcript *capture.Transcript)
		want    string
	}{
		{"folder with a file in it", func(t *testing.T, dir string, _ *capture.Transcript) {
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, dir, "notes", "mine")
		}, "not empty"},
		{"file in its place", func(t *testing.T, dir string, _ *capture.Transcript) {
			write(t, filepath.Dir(dir), filepath.Base(dir), "mine")
		}, "not a folder"},
		{"no folder around it", func(t *testing.T, dir string, _ *capture.Transcript) {
			if err := os.Remove(filepath.Dir(dir)); err != nil {
				t.Fatal(err)
			}
		}, "no such file"},
		{"exchange without a command", func(_ *testing.T, _ string, transcript *capture.Transcript) {
			transcript.Exchanges[1].Command = ""
		}, `reply 2: command ""`},
		{"nonce of another length", func(_ *testing.T, _ string, transcript *capture.Transcript) {
			transcript.Nonce = "5c0f"
		}, `nonce "5c0f"`},
		{"error without a reason", func(_ *testing.T, _ string, transcript *capture.Transcript) {
			transcript.Exchanges[0].Error = "lost"
		}, "an error without a reason"},
	} {
		t.Run(test.name, func(t *testing.T) {
			parent := filepath.Join(t.TempDir(), "captures")
			if err := os.Mkdir(parent, 0o700); err != nil {
				t.Fatal(err)
			}
			dir, transcript := filepath.Join(parent, "core1"), example()
			test.prepare(t, dir, transcript)
			before, _ := os.ReadDir(parent)
			err := transcript.Save(dir)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			after, _ := os.ReadDir(parent)
			if len(after) != len(before) {
				t.Errorf("%d entries around it after %d: something was left behind", len(after), len(before))
			}
		})
	}
}

func TestSaveIntoEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	if err := example().Save(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := capture.Load(dir); err != nil {
		t.Error(err)
	}
	if err := example().Save(dir); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("saved over a capture: %v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(outside, []byte("Version 15.2(4)M6\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		tamper func(t *testing.T, dir string)
		want   string
	}{
		{"changed byte", func(t *testing.T, dir string) { write(t, dir, "show_version.txt", "Version 15.2(4)M7\r\n") }, `"show_version.txt" was changed`},
		{"byte more", func(t *testing.T, dir string) { write(t, dir, "show_version.txt", "Version 15.2(4)M6\r\n\n") }, `"show_version.txt" was changed`},
		{"byte less", func(t *testing.T, dir string) { write(t, dir, "show_version.txt", "Version 15.2(4)M6\r") }, `"show_version.txt" was changed`},
		{"missing file", func(t *testing.T, dir string) { remove(t, dir, "show_version.txt") }, `"show_version.txt" is missing`},
		{"file that nobody recorded", func(t *testing.T, dir string) { write(t, dir, "show_boot.txt", "") }, `"show_boot.txt" is not in the manifest`},
		{"link in place of a reply", func(t *testing.T, dir string) {
			remove(t, dir, "show_version.txt")
			if err := os.Symlink(outside, filepath.Join(dir, "show_version.txt")); err != nil {
				t.Skip("no symbolic link can be made here: ", err)
			}
		}, `"show_version.txt" is not a plain file`},
		{"folder in place of a reply", func(t *testing.T, dir string) {
			remove(t, dir, "show_version.txt")
			if err := os.Mkdir(filepath.Join(dir, "show_version.txt"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, `"show_version.txt" is not a plain file`},
		{"newer format", edit(func(m map[string]any) { m["format"] = 2 }), "format 2: this program reads format 1"},
		{"no format", edit(func(m map[string]any) { delete(m, "format") }), `no "format"`},
		{"unknown field", edit(func(m map[string]any) { m["signature"] = "" }), "signature"},
		{"no JSON", func(t *testing.T, dir string) { write(t, dir, "manifest.json", "format: 1\n") }, "manifest.json: invalid character"},
		{"cut manifest", func(t *testing.T, dir string) { write(t, dir, "manifest.json", `{"format": 1, "replies": [`) }, "manifest.json: unexpected end"},
		{"two manifests in one", func(t *testing.T, dir string) { write(t, dir, "manifest.json", `{"format": 1}{"format": 1}`) }, "manifest.json: invalid character"},
		{"nonce in capitals", edit(func(m map[string]any) { m["nonce"] = strings.Repeat("A", 32) }), "nonce"},
		{"path upwards", editReply("file", "../secret.txt"), `file "../secret.txt"`},
		{"absolute path", editReply("file", outside), "want a plain name"},
		{"path with a backslash", editReply("file", `..\secret.txt`), "want a plain name"},
		{"the manifest as a reply", editReply("file", "manifest.json"), "want a plain name"},
		{"device of Windows", editReply("file", "nul.txt"), "want a plain name"},
		{"stream of Windows", editReply("file", "show_version.txt:x.txt"), "want a plain name"},
		{"one file for two replies", editReply("file", "dir_flash.txt"), "belongs to an earlier reply"},
		{"digest of another length", editReply("sha256", "00"), "sha256"},
		{"digest in capitals", editReply("sha256", strings.Repeat("A", 64)), "sha256"},
		{"bytes below zero", editReply("bytes", -1), "-1 bytes"},
		{"too many bytes", editReply("bytes", 65<<20), "at most 67108864"},
		{"time below zero", editReply("elapsed", -1), "negative"},
		{"made-up end", edit(func(m map[string]any) { m["end"] = map[string]any{"reason": "PASS", "error": ""} }), "end: reason"},
		{"end without a reason", edit(func(m map[string]any) { m["end"] = map[string]any{"reason": "", "error": "x"} }), "end: reason"},
		{"a fact that no reply states", edit(func(m map[string]any) {
			m["facts"] = []any{map[string]any{"kind": "running version", "subject": "", "value": "17.9.4a", "command": "show version", "line": 1, "tier": "E0"}}
		}), `fact "running version"`},
		{"a fact beyond doubt", edit(func(m map[string]any) {
			m["facts"] = []any{map[string]any{"kind": "host key", "subject": "ssh-rsa", "value": "SHA256:x", "command": "", "line": 0, "tier": "E4"}}
		}), `tier "E4"`},
		{"unknown transport", edit(func(m map[string]any) { m["transport"] = "telnet" }), `transport "telnet"`},
		{"endless name", edit(func(m map[string]any) { m["device"] = strings.Repeat("x", 256) }), "more than 255 bytes"},
		{"command with an escape", editReply("command", strings.Repeat("\x1b", 4097)), "command"},
		{"huge manifest", func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, "manifest.json"), 16<<20+1); err != nil {
				t.Fatal(err)
			}
		}, `"manifest.json": larger than`},
		{"link in place of the manifest", func(t *testing.T, dir string) {
			other := filepath.Join(t.TempDir(), "manifest.json")
			if err := os.Rename(filepath.Join(dir, "manifest.json"), other); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(other, filepath.Join(dir, "manifest.json")); err != nil {
				t.Skip("no symbolic link can be made here: ", err)
			}
		}, `"manifest.json" is not a plain file`},
		{"made-up reason", editReply("reason", "<b>PASS</b>"), "reason"},
		{"no command", editReply("command", ""), "command"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "core1")
			if err := example().Save(dir); err != nil {
				t.Fatal(err)
			}
			test.tamper(t, dir)
			_, err := capture.Load(dir)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if err != nil && !strings.HasPrefix(err.Error(), fmt.Sprintf("capture %q: ", dir)) {
				t.Errorf("error %q does not name the capture", err)
			}
		})
	}
}

func TestLoadRefusesHandMade(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, dir string)
		want    string
	}{
		{"empty folder", func(*testing.T, string) {}, "neither a manifest.json nor a reply"},
		{"two files for one command", func(t *testing.T, dir string) {
			write(t, dir, "dir_flash.txt", "")
			write(t, dir, "dir_flash_.txt", "")
		}, `"dir_flash.txt" and "dir_flash_.txt" are named after the same command`},
		{"large file", func(t *testing.T, dir string) {
			write(t, dir, "show_version.txt", "")
			if err := os.Truncate(filepath.Join(dir, "show_version.txt"), 64<<20+1); err != nil {
				t.Fatal(err)
			}
		}, `"show_version.txt": larger than`},
		{"too many files", func(t *testing.T, dir string) {
			for n := range 10_002 {
				write(t, dir, fmt.Sprintf("show_%d.txt", n), "")
			}
		}, "more than 10000 files"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.prepare(t, dir)
			if _, err := capture.Load(dir); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
	if _, err := capture.Load(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("a folder that is not there was loaded")
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

// edit changes the manifest.
func edit(change func(map[string]any)) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		content, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(content, &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		if content, err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
		write(t, dir, "manifest.json", string(content))
	}
}

// editReply changes a field of the manifest's third reply.
func editReply(field string, value any) func(*testing.T, string) {
	return edit(func(m map[string]any) { m["replies"].([]any)[2].(map[string]any)[field] = value })
}
