package known

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrUnsigned means that nobody vouches for a list whose vendor signs it, or that the signature does not hold.
var ErrUnsigned = errors.New("the signature does not hold")

// Roots are what a user trusts: certificates, of which the self-signed ones are roots and the others lead to them, and pins of
// roots, as the SHA-256 of the certificate in hexadecimal.
type Roots struct {
	Certificates []*x509.Certificate
	Pins         []string
}

// ParseCertificates reads certificates in PEM, or one in DER.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	if !bytes.Contains(data, []byte("-----BEGIN")) {
		c, err := x509.ParseCertificate(data)
		if err != nil {
			return nil, fmt.Errorf("neither PEM nor one certificate in DER: %w", err)
		}
		return []*x509.Certificate{c}, nil
	}
	var all []*x509.Certificate
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("certificate %d: %w", len(all)+1, err)
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errors.New("no certificate in it")
	}
	return all, nil
}

// Fingerprint is the SHA-256 of a certificate in hexadecimal, by which a root is pinned.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

// verify checks a signature (RSA, PKCS #1 v1.5) over a digest, and that the one of the certificates that made it leads to one of the
// roots. The other certificates may help on the way; they are not trusted. It returns who vouches, in words.
func (r Roots) verify(signature, digest []byte, h crypto.Hash, certificates []*x509.Certificate, now time.Time) (string, error) {
	if len(certificates) == 0 {
		return "", fmt.Errorf("%w: there is no certificate", ErrUnsigned)
	}
	at := slices.IndexFunc(certificates, func(c *x509.Certificate) bool {
		key, ok := c.PublicKey.(*rsa.PublicKey)
		return ok && rsa.VerifyPKCS1v15(key, h, digest, signature) == nil
	})
	if at < 0 {
		return "", fmt.Errorf("%w: it was not made over this file with the key of %q", ErrUnsigned, certificates[0].Subject)
	}
	signer := certificates[at]
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	trusted := 0
	pinned := func(c *x509.Certificate) bool {
		return slices.ContainsFunc(r.Pins, func(pin string) bool { return strings.EqualFold(strings.ReplaceAll(pin, ":", ""), Fingerprint(c)) })
	}
	for _, c := range slices.Concat(r.Certificates, certificates) {
		mine := slices.Contains(r.Certificates, c)
		if mine && selfSigned(c) || pinned(c) {
			roots.AddCert(c)
			trusted++
		} else {
			between.AddCert(c)
		}
	}
	if trusted == 0 {
		return "", fmt.Errorf("%w: no root to lead to: name one with --root FILE (Cisco publishes its roots at https://www.cisco.com/security/pki), or pin one with --pin SHA256", ErrUnsigned)
	}
	chains, err := signer.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		return "", fmt.Errorf("%w: the certificate of %q does not lead to a root that is trusted: %w", ErrUnsigned, signer.Subject, err)
	}
	root := chains[0][len(chains[0])-1]
	return fmt.Sprintf("signed by %s, under the root %s (sha256 %s)", signer.Subject, root.Subject, Fingerprint(root)), nil
}
