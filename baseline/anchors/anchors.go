// Package anchors checks who a device's trust anchor is: the certificate that its vendor burnt into it (SUDI, IEEE 802.1AR) has to lead to a root
// that the user supplied. Nothing is fetched: roots come from a file.
package anchors

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"

	"trueboot/baseline"
)

// Anchors are the roots that are trusted.
type Anchors struct{ roots *x509.CertPool }

// maxFile bounds the file of roots in bytes: a vendor has a handful of some kilobytes.
const maxFile = 4 << 20

// Read reads root certificates from a PEM file. Whatever is in it is trusted, also where it is no root: Go follows no signature that was made with SHA-1, and
// the vendor's intermediate certificate then takes the root's place.
func Read(path string) (*Anchors, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("trust anchors: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("trust anchors: %s has %d bytes; at most %d are read", path, info.Size(), maxFile)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("trust anchors: %w", err)
	}
	a := &Anchors{x509.NewCertPool()}
	n := 0
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("trust anchors: %s holds a %q; want certificates only", path, block.Type)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("trust anchors: %s, certificate %d: %w", path, n+1, err)
		}
		a.roots.AddCert(c)
		n++
	}
	if n == 0 {
		return nil, fmt.Errorf("trust anchors: %s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", path)
	}
	return a, nil
}

// PID:C9300-24U SN:FCW2134A1B2
var sudiSerial = regexp.MustCompile(`\bSN:(\S+)`)

// Identify returns the serial number of the chassis and the key of the identity among the certificates (DER), once it leads to a root at that time. Its error is
// baseline.ErrNoIdentity where nothing follows from the certificates.
func (a *Anchors) Identify(certificates [][]byte, at time.Time) (string, *rsa.PublicKey, error) {
	var chain []*x509.Certificate
	for i, der := range certificates {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return "", nil, fmt.Errorf("%w: certificate %d: %w", baseline.ErrNoIdentity, i+1, err)
		}
		chain = append(chain, c)
	}
	leaf := slices.IndexFunc(chain, func(c *x509.Certificate) bool { return !c.IsCA && sudiSerial.MatchString(c.Subject.SerialNumber) })
	if leaf < 0 {
		return "", nil, fmt.Errorf("%w: none of %d certificates names a chassis (SN:…)", baseline.ErrNoIdentity, len(chain))
	}
	others := x509.NewCertPool()
	for _, c := range chain {
		others.AddCert(c)
	}
	identity := chain[leaf]
	options := x509.VerifyOptions{Roots: a.roots, Intermediates: others, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	if _, err := identity.Verify(options); err != nil {
		return "", nil, err
	}
	key, ok := identity.PublicKey.(*rsa.PublicKey)
	if !ok {
		return "", nil, errors.New("the key is none of RSA")
	}
	return sudiSerial.FindStringSubmatch(identity.Subject.SerialNumber)[1], key, nil
}
