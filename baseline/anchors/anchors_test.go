package anchors

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trueboot/baseline"
)

var at = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

func issue(t *testing.T, serial string, ca bool, parent *x509.Certificate, signer *rsa.PrivateKey) (*x509.Certificate, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test", SerialNumber: serial}, NotBefore: at.AddDate(-1, 0, 0), NotAfter: at.AddDate(1, 0, 0),
		IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

func file(t *testing.T, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestIdentify(t *testing.T) {
	root, rootKey := issue(t, "", true, nil, nil)
	middle, middleKey := issue(t, "", true, root, rootKey)
	leaf, key := issue(t, "PID:C9300-24U SN:FCW2134A1B2", false, middle, middleKey)
	plain, _ := issue(t, "", false, middle, middleKey)
	a, err := Read(file(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw})))
	if err != nil {
		t.Fatal(err)
	}
	serial, public, err := a.Identify([][]byte{root.Raw, middle.Raw, leaf.Raw}, at)
	if err != nil || serial != "FCW2134A1B2" || !public.Equal(&key.PublicKey) {
		t.Errorf("%q, %v", serial, err)
	}
	for name, chain := range map[string][][]byte{"garbage": {[]byte("x")}, "no chassis": {middle.Raw, plain.Raw}, "nothing": nil} {
		if _, _, err := a.Identify(chain, at); !errors.Is(err, baseline.ErrNoIdentity) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, attempt := range map[string]struct {
		chain [][]byte
		at    time.Time
	}{"a link is missing": {[][]byte{leaf.Raw}, at}, "too late": {[][]byte{middle.Raw, leaf.Raw}, at.AddDate(2, 0, 0)}, "too early": {[][]byte{middle.Raw, leaf.Raw}, at.AddDate(-2, 0, 0)}} {
		if _, _, err := a.Identify(attempt.chain, attempt.at); err == nil || errors.Is(err, baseline.ErrNoIdentity) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stranger, _ := issue(t, "", true, nil, nil)
	b, err := Read(file(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: stranger.Raw})))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Identify([][]byte{root.Raw, middle.Raw, leaf.Raw}, at); err == nil {
		t.Error("a root that the device brings along is trusted")
	}
}

func TestRead(t *testing.T) {
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})
	for name, path := range map[string]string{"no file": filepath.Join(t.TempDir(), "none"), "empty": file(t, nil), "a key": file(t, key), "broken": file(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")}))} {
		if _, err := Read(path); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
