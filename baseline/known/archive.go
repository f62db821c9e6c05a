package known

import (
	"archive/tar"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"strings"

	"trueboot/baseline"
)

// An archive is the tar in which Cisco hands out a list with its signature and the certificate. Nothing of it is written to a disk, so the
// names of its members can't lead anywhere.
//
//	BulkHash.tar                 (holds BulkHash.csv)
//	BulkHash.tar.signature
//	BULKHASH-CCO_RELEASE.cer
//	README
type archive struct {
	in           *Input
	o            Options
	outer        *tar.Reader
	members      int
	rows         Rows        // of the payload, while it is read
	inner        *tar.Reader // the payload, where it is a tar itself
	payload      *signed
	name         string // of the payload
	values       bool   // the payload is a document of Known Good Values
	signature    []byte
	certificates []*x509.Certificate
}

// Bounds of an archive. Real ones have half a dozen members.
const (
	maxMembers = 1000
	maxBeside  = 1 << 20 // of a signature, or a certificate
)

func (in *Input) archive(r io.Reader, o Options) {
	a := &archive{in: in, o: o, outer: tar.NewReader(r)}
	in.Format, in.Rows = BulkFormat, a
	in.Provenance = baseline.VendorSigned
	in.vouch = a.vouch
}

func (a *archive) Next() (Image, error) {
	for {
		if a.rows != nil {
			image, err := a.rows.Next()
			if !errors.Is(err, io.EOF) {
				return image, err
			}
			a.rows = nil
		}
		if err := a.more(); err != nil {
			return Image{}, err
		}
	}
}

// more reads on to the next member with rows.
func (a *archive) more() error {
	if a.inner != nil {
		header, err := a.inner.Next()
		if err == nil {
			if strings.HasSuffix(strings.ToLower(header.Name), ".csv") {
				a.rows = newBulk(a.inner)
			}
			return a.count()
		}
		if !errors.Is(err, io.EOF) {
			return fmt.Errorf("%q: %w", a.name, err)
		}
		a.inner = nil
	}
	if a.payload != nil {
		// What lies behind the last member is signed as well.
		if _, err := io.Copy(io.Discard, a.payload); err != nil {
			return err
		}
	}
	header, err := a.outer.Next()
	if err != nil {
		if errors.Is(err, io.EOF) && a.payload == nil {
			return errors.New("no list of digests in the archive")
		}
		return err
	}
	name := strings.ToLower(baseName(header.Name))
	switch {
	case header.Typeflag != tar.TypeReg:
	case strings.HasSuffix(name, ".signature"), strings.HasSuffix(name, ".sig"):
		a.signature, err = beside(a.outer, header)
	case strings.HasSuffix(name, ".cer"), strings.HasSuffix(name, ".crt"), strings.HasSuffix(name, ".pem"):
		var data []byte
		if data, err = beside(a.outer, header); err == nil {
			var more []*x509.Certificate
			if more, err = ParseCertificates(data); err != nil {
				err = fmt.Errorf("%q: %w", header.Name, err)
			}
			a.certificates = append(a.certificates, more...)
		}
	case strings.HasSuffix(name, ".tar"), strings.HasSuffix(name, ".csv"), strings.HasSuffix(name, ".json"):
		if a.payload != nil {
			return fmt.Errorf("two lists in one archive: %q and %q", a.name, header.Name)
		}
		a.name, a.payload = header.Name, newSigned(a.outer)
		switch name[strings.LastIndexByte(name, '.'):] {
		case ".tar":
			a.inner = tar.NewReader(a.payload)
		case ".csv":
			a.rows = newBulk(a.payload)
		default:
			a.in.Format, a.values = KGVFormat, true
			a.in.kgv = newKGV(a.payload)
			a.rows = a.in.kgv
		}
	}
	return errors.Join(err, a.count())
}

func (a *archive) count() error {
	if a.members++; a.members > maxMembers {
		return fmt.Errorf("more than %d members in the archive", maxMembers)
	}
	return nil
}

// beside reads a small member.
func beside(r io.Reader, header *tar.Header) ([]byte, error) {
	if header.Size > maxBeside {
		return nil, fmt.Errorf("%q has %d bytes, which no signature or certificate has", header.Name, header.Size)
	}
	return io.ReadAll(io.LimitReader(r, maxBeside))
}

func (a *archive) vouch() (string, error) {
	if a.o.Unsigned {
		a.in.Provenance = baseline.VendorPage
		return "UNSIGNED: its signature was not checked", nil
	}
	if a.signature == nil {
		return "", fmt.Errorf("%w: there is none in the archive; take it with --unsigned if you must", ErrUnsigned)
	}
	return a.payload.verify(a.o, a.signature, a.certificates, a.values)
}
