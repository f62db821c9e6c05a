package signature

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

func keys(t *testing.T) map[string]ssh.Signer {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]ssh.Signer{}
	for name, key := range map[string]any{"ed25519": ed, "ecdsa": ec, "rsa": rs} {
		if all[name], err = ssh.NewSignerFromKey(key); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestSignature signs with each sort of key, and has ssh-keygen check it too.
func TestSignature(t *testing.T) {
	message := []byte("# trueboot baseline, serial 3\n")
	keygen, _ := exec.LookPath("ssh-keygen")
	for name, key := range keys(t) {
		t.Run(name, func(t *testing.T) {
			text, err := Sign(key, Namespace, message)
			if err != nil {
				t.Fatal(err)
			}
			line := "jo@example.org " + string(ssh.MarshalAuthorizedKey(key.PublicKey()))
			signers, err := ParseSigners("allowed_signers", []byte("# who may\n\n"+line))
			if err != nil {
				t.Fatal(err)
			}
			if by, _, err := signers.Verify(text, Namespace, message, time.Now()); err != nil || by != "jo@example.org" {
				t.Errorf("by %q: %v", by, err)
			}
			if _, _, err := signers.Verify(text, Namespace, append(message, 'x'), time.Now()); !errors.Is(err, ErrNotSigned) {
				t.Errorf("of another message: %v", err)
			}
			if _, _, err := signers.Verify(text, "git", message, time.Now()); !errors.Is(err, ErrNotSigned) {
				t.Errorf("for another purpose: %v", err)
			}
			spoilt, _ := pem.Decode(text)
			spoilt.Bytes[len(spoilt.Bytes)-1] ^= 1
			if _, err := Verify(pem.EncodeToMemory(spoilt), Namespace, message); err == nil {
				t.Error("a flipped bit goes unseen")
			}
			if keygen == "" {
				t.Skip("ssh-keygen is not installed (Debian's package openssh-client)")
			}
			folder := t.TempDir()
			for file, content := range map[string][]byte{"signature": text, "allowed": []byte(line)} {
				if err := os.WriteFile(filepath.Join(folder, file), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			check := exec.CommandContext(t.Context(), keygen, "-Y", "verify", "-f", filepath.Join(folder, "allowed"), "-I", "jo@example.org", "-n", Namespace, "-s", filepath.Join(folder, "signature"))
			check.Stdin = bytes.NewReader(message)
			if out, err := check.CombinedOutput(); err != nil {
				t.Errorf("ssh-keygen: %v: %s", err, out)
			}
		})
	}
}

func TestSigners(t *testing.T) {
	key := keys(t)["ed25519"]
	public := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key.PublicKey())))
	message := []byte("x")
	text, err := Sign(key, Namespace, message)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		line string
		by   string // empty: refused
	}{
		{"jo@example.org,ada@example.org " + public, "jo@example.org,ada@example.org"},
		{`"jo with blanks" ` + public, "jo with blanks"},
		{`jo namespaces="git,trueboot-*" ` + public, "jo"},
		{`jo namespaces="trueboot-*,!trueboot-baseline" ` + public, ""},
		{`jo namespaces="git" ` + public, ""},
		{`jo valid-after="20261125Z",valid-before="202611251300Z" ` + public, "jo"},
		{`jo valid-before="20261125120000Z" ` + public, ""},
		{`jo valid-after="20261126Z" ` + public, ""},
		{`jo namespaces="git" ` + public + "\nada " + public, "ada"},
	} {
		signers, err := ParseSigners("f", []byte(test.line))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		by, _, err := signers.Verify(text, Namespace, message, now)
		if by != test.by || (test.by == "") != errors.Is(err, ErrNotSigned) {
			t.Errorf("%s: by %q, %v", test.line, by, err)
		}
	}
	for _, line := range []string{"", "# nobody", "jo", "jo ssh-ed25519", "jo cert-authority " + public, "jo verify-required " + public, `jo valid-before="soon" ` + public, public} {
		if _, err := ParseSigners("f", []byte(line)); err == nil {
			t.Errorf("%q is read", line)
		}
	}
}

func FuzzVerify(f *testing.F) {
	key, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		f.Fatal(err)
	}
	text, err := Sign(key, Namespace, []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := Verify(text, Namespace, []byte("y")); err == nil {
			t.Fatal("a signature of something else holds")
		}
	})
}

func FuzzParseSigners(f *testing.F) {
	f.Add([]byte(`"jo x",ada namespaces="a,!b",valid-after="20270101Z" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== c`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if s, err := ParseSigners("f", text); err == nil && len(s.all) == 0 {
			t.Fatal("nobody may sign, and nothing says so")
		}
	})
}
