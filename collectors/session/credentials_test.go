package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/inventory"
)

// helper writes a program that prints a secret.
func helper(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the helpers of this test are shell scripts")
	}
	path := filepath.Join(t.TempDir(), "helper")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFetch fetches secrets from everywhere. No error tells one.
func TestFetch(t *testing.T) {
	t.Setenv("TRUEBOOT_TEST_PASSWORD", testPassword)
	t.Setenv("TRUEBOOT_TEST_EMPTY", "")
	t.Setenv("TRUEBOOT_TEST_LINES", testPassword+"\nreload")
	file := func(content string, mode fs.FileMode) inventory.Secret {
		path := filepath.Join(t.TempDir(), "secret")
		if err := errors.Join(os.WriteFile(path, []byte(content), 0o600), os.Chmod(path, mode)); err != nil { // the umask takes bits away
			t.Fatal(err)
		}
		return inventory.Secret("file:" + path)
	}
	program := func(script string) inventory.Secret { return inventory.Secret("command:" + helper(t, script)) }
	asked := errors.New("nobody there")
	for name, test := range map[string]struct {
		reference inventory.Secret
		ask       func(context.Context, string) (string, error)
		want      string
		says      string
	}{
		"none":                  {},
		"environment":           {reference: "env:TRUEBOOT_TEST_PASSWORD", want: testPassword},
		"environment, not set":  {reference: "env:TRUEBOOT_TEST_NONE", says: "not set"},
		"environment, empty":    {reference: "env:TRUEBOOT_TEST_EMPTY", says: "is empty"},
		"two lines":             {reference: "env:TRUEBOOT_TEST_LINES", says: "can't be typed"},
		"file":                  {reference: file(testPassword+"\n", 0o600), want: testPassword},
		"file, CR LF":           {reference: file(testPassword+"\r\nnotes\r\n", 0o400), want: testPassword},
		"file, group reads":     {reference: file(testPassword, 0o640), says: "other users can read it (mode 0640); run: chmod 600"},
		"file, others read":     {reference: file(testPassword, 0o604), says: "other users can read it"},
		"file, others write":    {reference: file(testPassword, 0o602), says: "other users can read it"},
		"file, empty":           {reference: file("", 0o600), says: "is empty"},
		"file, long":            {reference: file(strings.Repeat("x", maxSecret+1), 0o600), says: "longer than"},
		"file, not there":       {reference: inventory.Secret("file:" + filepath.Join(t.TempDir(), "none")), says: "no such file"},
		"command":               {reference: program("echo " + testPassword), want: testPassword},
		"command, arguments":    {reference: program(`echo "$2-$1"`) + " login hunter2", want: testPassword},
		"command, not a shell":  {reference: program(`echo "$1"`) + " $(id);`id`", want: "$(id);`id`"},
		"command, fails":        {reference: program("echo " + testPassword + "; echo " + testPassword + " >&2; exit 3"), says: "exit status 3"},
		"command, prints much":  {reference: program("yes " + testPassword), says: "longer than"},
		"command, not there":    {reference: "command:/no/such/program " + testPassword, says: "no such file"},
		"command, prints none":  {reference: program("true"), says: "is empty"},
		"prompt":                {reference: "prompt", ask: func(context.Context, string) (string, error) { return testPassword, nil }, want: testPassword},
		"prompt, nobody":        {reference: "prompt", ask: func(context.Context, string) (string, error) { return "", asked }, says: "nobody there"},
		"prompt, no terminal":   {reference: "prompt", says: "no terminal"},
		"the password itself":   {reference: testPassword, says: "its reference: a secret is given as"},
		"of an unknown source":  {reference: "vault:" + testPassword, says: "its reference: a secret is given as"},
		"a password with colon": {reference: "a:" + testPassword, says: "its reference: a secret is given as"},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.HasPrefix(name, "file, ") {
				t.Skip("Windows has no such permissions")
			}
			c := NewCredentials()
			c.Ask = test.ask
			got, err := c.fetch(t.Context(), test.reference, "password of admin")
			switch {
			case (err == nil) != (test.says == ""), got.text != test.want:
				t.Errorf("%d bytes, %v; want %q", len(got.text), err, test.says)
			case err != nil:
				if !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), "password of admin") {
					t.Errorf("%v, want %q", err, test.says)
				}
				secretless(t, err.Error())
			}
		})
	}
}

// TestFetchOnce holds that a helper runs, and a person is asked, once, and that the answer for one account is not
// another one's.
func TestFetchOnce(t *testing.T) {
	c := NewCredentials()
	var questions []string
	c.Ask = func(_ context.Context, question string) (string, error) {
		questions = append(questions, question)
		return "answer to " + question, nil
	}
	for range 2 {
		for _, account := range []string{"admin", "auditor"} {
			s, err := c.fetch(t.Context(), "prompt", "password of "+account)
			if err != nil || s.text != "answer to password of "+account {
				t.Errorf("%q, %v", s.text, err)
			}
		}
	}
	if len(questions) != 2 {
		t.Errorf("asked %q", questions)
	}
	// Who gives up has not found out anything for the others.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	c.Ask = func(ctx context.Context, _ string) (string, error) { return "late", ctx.Err() }
	if _, err := c.fetch(gone, "prompt", "another"); err == nil {
		t.Error("an answer after the end")
	}
	if s, err := c.fetch(t.Context(), "prompt", "another"); err != nil || s.text != "late" {
		t.Errorf("%q, %v", s.text, err)
	}
}

// TestSecretsArePrinted holds that no way to print a secret prints it.
func TestSecretsArePrinted(t *testing.T) {
	s := secret{testPassword}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+" "+verb+"\n", s, struct{ Secret secret }{s})
	}
	fmt.Fprintln(&out, s, &s, secrets{s}, map[string]secret{"a": s}, errors.New(fmt.Sprint(s)))
	slog.New(slog.NewTextHandler(&out, nil)).Info("login", "secret", s, "all", secrets{s})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("login", "secret", s, "all", secrets{s})
	if err := json.NewEncoder(&out).Encode(map[string]any{"a": s, "b": []secret{s}}); err != nil {
		t.Fatal(err)
	}
	secretless(t, out.String())
	if strings.Contains(out.String(), fmt.Sprintf("%x", testPassword)) {
		t.Errorf("%q tells a secret in hexadecimal", out.String())
	}
}

// TestSecretsAreWritten visits devices of every kind with every kind of credential, and looks for the secrets in all that is left
// behind: replies, warnings, errors, facts, the capture, the pins.
func TestSecretsAreWritten(t *testing.T) {
	key := newKey(t)
	t.Setenv("TRUEBOOT_TEST_PASSPHRASE", testPassphrase)
	written := t.TempDir()
	var said bytes.Buffer
	limits := hurried
	limits.Handshake, limits.Login, limits.Echo, limits.Prompt = hurried.Handshake/4, hurried.Login/4, hurried.Echo/4, hurried.Prompt/4
	limits.Idle, limits.Total = hurried.Idle/4, hurried.Total/4
	d := newDialer(t, Options{Limits: limits, Pins: filepath.Join(written, "pins")})
	for i, mode := range append(emulator.Modes(), "") {
		server := startDevice(t, emulator.Device{Mode: mode, ModeCommand: "show version", EnableSecret: testEnable, KeyboardInteractive: i%2 == 0})
		device := deviceAt(t, server.Addr())
		device.KeyFile, device.KeyPassphrase = key.locked, "env:TRUEBOOT_TEST_PASSPHRASE"
		s, err := d.Open(t.Context(), device, testTerminal)
		if err != nil {
			fmt.Fprintln(&said, err)
			continue
		}
		recorder := capture.NewRecorder(s)
		set := collectors.Collect(t.Context(), testPlatform, recorder)
		s.Close()
		fmt.Fprintln(&said, set, s.Warnings())
		if err := recorder.Transcript().Save(filepath.Join(written, fmt.Sprint("capture", i))); err != nil {
			t.Fatal(err)
		}
	}
	secretless(t, said.String())
	files := 0
	err := filepath.WalkDir(written, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files++
		secretless(t, path, string(content))
		return err
	})
	if err != nil || files < 10 {
		t.Errorf("looked through %d files, %v", files, err)
	}
}
