package compare

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

// An anchor is a device with a trust anchor of our own making.
type anchor struct {
	root, identity *x509.Certificate
	key            *rsa.PrivateKey
	measurements   []facts.Fact
}

func certificate(t *testing.T, template, parent *x509.Certificate, key *rsa.PublicKey, signer *rsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newAnchor(t *testing.T, serial string, until time.Time) *anchor {
	t.Helper()
	rootKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root CA"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a := &anchor{key: key, root: certificate(t, root, root, &rootKey.PublicKey, rootKey)}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "C9300 SUDI", SerialNumber: "PID:C9300-24U SN:" + serial}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	a.identity = certificate(t, leaf, a.root, &key.PublicKey, rootKey)
	for _, name := range []string{"boot 0", "boot loader", "rpbase.pkg", "webui.pkg"} {
		a.measurements = append(a.measurements, measured(name, name))
	}
	return a
}

func measured(name, content string) facts.Fact {
	sum := sha256.Sum256([]byte(content))
	return facts.Fact{Kind: facts.BootMeasurement, Subject: name, Value: "sha256:" + hex.EncodeToString(sum[:])}
}

// extended is the register that the measurements make, written from the definition (ndi.md, NDI-BC-08) and not from the code under test.
func extended(all ...facts.Fact) []byte {
	register := make([]byte, 32)
	for _, f := range all {
		raw, _ := hex.DecodeString(strings.TrimPrefix(f.Value, "sha256:"))
		m := sha256.Sum256(raw)
		next := sha256.Sum256(append(register, m[:]...))
		register = next[:]
	}
	return register
}

func (a *anchor) find(name string) facts.Fact {
	for _, f := range a.measurements {
		if f.Subject == name {
			return f
		}
	}
	return facts.Fact{}
}

// states adds what the device states when it is asked with the nonce.
func (a *anchor) states(t *testing.T, nonce uint64) edit {
	t.Helper()
	pcr0, pcr8 := extended(a.find("boot 0"), a.find("boot loader")), extended(a.find("rpbase.pkg"), a.find("webui.pkg"))
	signed := binary.BigEndian.AppendUint64(nil, nonce)
	signed = binary.BigEndian.AppendUint32(signed, 1)
	signed = append(append(signed, pcr0...), pcr8...)
	sum := sha256.Sum256(signed)
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return func(s *facts.Set) {
		for _, f := range a.measurements {
			add("show integrity", f.Kind, f.Subject, f.Value)(s)
		}
		add("show integrity", facts.PlatformRegister, "PCR0", hex.EncodeToString(pcr0))(s)
		add("show integrity", facts.PlatformRegister, "PCR8", hex.EncodeToString(pcr8))(s)
		add("show integrity", facts.AttestationSignature, "1", hex.EncodeToString(signature))(s)
		add("show integrity", facts.AttestationNonce, "", strconv.FormatUint(nonce, 10))(s)
		for i, c := range []*x509.Certificate{a.root, a.identity} {
			add("show sudi", facts.AttestationKey, strconv.Itoa(i+1), base64.StdEncoding.EncodeToString(c.Raw))(s)
		}
	}
}

// identifyBy checks an identity as package anchors does, which compare must not reach: it brings the network along.
func identifyBy(roots *x509.CertPool) Identify {
	return func(certificates [][]byte, at time.Time) (string, *rsa.PublicKey, error) {
		c, err := x509.ParseCertificate(certificates[1])
		if err != nil {
			return "", nil, baseline.ErrNoIdentity
		}
		if _, err := c.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: at}); err != nil {
			return "", nil, err
		}
		return strings.TrimPrefix(c.Subject.SerialNumber, "PID:C9300-24U SN:"), c.PublicKey.(*rsa.PublicKey), nil
	}
}

func TestBootMeasurement(t *testing.T) {
	later := now.AddDate(10, 0, 0)
	genuine, other, expired := newAnchor(t, "FCW2134A1B2", later), newAnchor(t, "FCW9999ZZZZ", later), newAnchor(t, "FCW2134A1B2", now.AddDate(0, 0, -1))
	roots := x509.NewCertPool()
	for _, a := range []*anchor{genuine, other, expired} {
		roots.AddCert(a.root)
	}
	var known []baseline.KnownImage
	for _, f := range genuine.measurements {
		known = append(known, baseline.KnownImage{Name: f.Subject, Digests: []string{baseline.Measured + f.Value}, Provenance: baseline.VendorSigned, Source: "KGV"})
	}
	const nonce = 1234567890123
	healthy := genuine.states(t, nonce)
	for _, test := range []struct {
		name  string
		edits []edit
		known []baseline.KnownImage
		roots *x509.CertPool
		want  []string
		says  string
	}{
		{name: "nothing stated", roots: roots, known: known, want: []string{"NOT-ASSESSED platform-has-none"}},
		{name: "known", edits: []edit{healthy}, roots: roots, known: known, want: []string{"PASS E3"}, says: "signed over our nonce"},
		{name: "no roots", edits: []edit{healthy}, known: known, want: []string{"NOT-ASSESSED no-baseline certificate"}},
		{name: "no list", edits: []edit{healthy}, roots: roots, want: []string{
			"NOT-ASSESSED no-baseline boot 0", "NOT-ASSESSED no-baseline boot loader", "NOT-ASSESSED no-baseline rpbase.pkg", "NOT-ASSESSED no-baseline webui.pkg"}},
		{name: "replayed", edits: []edit{genuine.states(t, 42), set(facts.AttestationNonce, "", strconv.Itoa(nonce))}, roots: roots, known: known, want: []string{"FAIL! critical signature"}, says: "an earlier one"},
		{name: "another chassis", edits: []edit{other.states(t, nonce)}, roots: roots, known: known, want: []string{"FAIL! critical certificate"}, says: "FCW9999ZZZZ"},
		{name: "expired", edits: []edit{expired.states(t, nonce)}, roots: roots, known: known, want: []string{"FAIL! critical certificate"}, says: "expired"},
		{name: "a root of the attacker's", edits: []edit{newAnchor(t, "FCW2134A1B2", later).states(t, nonce)}, roots: roots, known: known, want: []string{"FAIL! critical certificate"}},
		{name: "another measurement shown than signed", edits: []edit{healthy, set(facts.BootMeasurement, "boot loader", measured("", "evil").Value)}, roots: roots, known: known, want: []string{"FAIL! critical PCR0"}},
		{name: "a package left out", edits: []edit{healthy, drop(facts.BootMeasurement, "webui.pkg")}, roots: roots, known: known, want: []string{"FAIL! critical PCR8"}},
		{name: "a register made to fit", edits: []edit{healthy, set(facts.BootMeasurement, "boot loader", measured("", "evil").Value),
			set(facts.PlatformRegister, "PCR0", hex.EncodeToString(extended(genuine.find("boot 0"), measured("", "evil"))))}, roots: roots, known: known, want: []string{"FAIL! critical signature"}},
		{name: "the signature is garbled", edits: []edit{healthy, set(facts.AttestationSignature, "1", "00ff")}, roots: roots, known: known, want: []string{"FAIL! critical signature"}},
		{name: "no signature", edits: []edit{healthy, drop(facts.AttestationSignature, "1")}, roots: roots, known: known, want: []string{"NOT-ASSESSED parse-incomplete"}, says: "could state whatever"},
		{name: "a blank measurement", edits: []edit{healthy, gapped(facts.Gap{Command: "show integrity", Reason: facts.ParseIncomplete, Detail: "0 digits", Kinds: []facts.Kind{facts.BootMeasurement}})}, roots: roots, known: known,
			want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "an image that the list does not have under that digest", edits: []edit{healthy}, roots: roots, known: func() []baseline.KnownImage {
			all := append([]baseline.KnownImage(nil), known...)
			for i := range all {
				if all[i].Name == "rpbase.pkg" {
					all[i].Digests = []string{baseline.Measured + measured("", "the true one").Value}
				}
			}
			return all
		}(), want: []string{"FAIL critical rpbase.pkg"}, says: "is not"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := (row{observed: test.edits, known: test.known}).build(t, settled)
			if test.roots != nil {
				c.Identify = identifyBy(test.roots)
			}
			profile, _ := BuiltInProfile("core")
			var got, messages []string
			for _, f := range Judge(c, profile) {
				if f.Control == bootMeasurement.Control {
					got = append(got, outcome(f))
					messages = append(messages, f.Message)
				}
			}
			if !slices.Equal(got, test.want) || !strings.Contains(strings.Join(messages, "\n"), test.says) {
				t.Errorf("%q, not %q:\n%s", got, test.want, strings.Join(messages, "\n"))
			}
		})
	}
}
