package known

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"trueboot/baseline"
)

// Options say how a file is to be read.
type Options struct {
	Columns     map[string]Column   // of a table; see [ParseMapping]
	Roots       Roots               // that a vendor's signature has to lead to
	Unsigned    bool                // take a list whose vendor signs it without its signature
	Signature   []byte              // beside a document of Known Good Values
	Certificate []byte              // of that signature, in PEM or DER
	Provenance  baseline.Provenance // of what bears no signature: VendorPage or OwnImage
	Now         time.Time
	Progress    func(n int64) // told of bytes that were read; may be nil
}

// An Input is a file that is being read.
type Input struct {
	Format     string // in words: "Cisco bulk hash file"
	Provenance baseline.Provenance
	Rows
	file  *os.File
	sum   hash.Hash // of the whole file
	raw   io.Reader // what is left of it
	vouch func() (string, error)
	kgv   *kgv
}

// Words for the formats.
const (
	BulkFormat     = "Cisco bulk hash file"
	KGVFormat      = "Cisco Known Good Values"
	ChecksumFormat = "checksum list"
	TableFormat    = "table"
	ImageFormat    = "image file"
)

// ErrProvenance means that the user has to say where the values of a list come from.
var ErrProvenance = errors.New("say where its values come from: --provenance vendor-page (copied from the vendor's page) or own-image (hashed by you)")

// Open recognises a file by its content. The caller reads the rows to their end and then asks [Input.Vouched].
func Open(path string, o Options) (*Input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in := &Input{file: f, sum: sha256.New(), Provenance: o.Provenance}
	if err := in.recognise(path, o); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return in, nil
}

// Close gives the file up.
func (in *Input) Close() error { return in.file.Close() }

// SHA256 is the digest of the file, once all its rows were read.
func (in *Input) SHA256() (string, error) {
	if _, err := io.Copy(io.Discard, in.raw); err != nil {
		return "", err
	}
	return hex.EncodeToString(in.sum.Sum(nil)), nil
}

// Vouched tells, once all rows were read, who vouches for them. Its errors wrap [ErrUnsigned].
func (in *Input) Vouched() (string, error) {
	if in.vouch == nil {
		return "", nil
	}
	return in.vouch()
}

// Published is when the vendor made the list; zero where it does not say.
func (in *Input) Published() time.Time {
	if in.kgv == nil {
		return time.Time{}
	}
	return in.kgv.published
}

// looked is how much of a file is looked at to recognise it.
const looked = 8 << 10

func (in *Input) recognise(path string, o Options) error {
	var r io.Reader = in.file
	if o.Progress != nil {
		r = &counted{r, o.Progress}
	}
	in.raw = io.TeeReader(r, in.sum)
	buffered := bufio.NewReaderSize(in.raw, 256<<10)
	head, err := buffered.Peek(looked)
	if err != nil && err != io.EOF {
		return err
	}
	if len(head) == 0 {
		return errors.New("it is empty")
	}
	name := filepath.Base(path)
	if bytes.HasPrefix(head, []byte("\x1f\x8b")) {
		inner, err := peekGzip(head)
		if err == nil && (isTar(inner) && holdsLists(inner) || isText(inner)) {
			z, err := gzip.NewReader(buffered)
			if err != nil {
				return err
			}
			buffered = bufio.NewReaderSize(&bounded{r: z, left: maxUnpacked}, 256<<10)
			head, name = inner, strings.TrimSuffix(name, ".gz")
		}
	}
	switch text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case isTar(head) && holdsLists(head):
		in.archive(buffered, o)
		return nil
	case !isText(head) && o.Unsigned:
		return errors.New("holds no list that a vendor signs, so that --unsigned says nothing of it: it would be taken for an image of your own without that")
	case !isText(head):
		in.Format, in.Provenance = ImageFormat, baseline.OwnImage
		in.Rows = &oneImage{name: name, in: in, rest: buffered}
		return nil
	case len(text) > 0 && text[0] == '{':
		return in.knownGoodValues(buffered, o)
	default:
		return in.list(buffered, text, name, o)
	}
}

// peekGzip unpacks the beginning.
func peekGzip(head []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return nil, err
	}
	inner, err := io.ReadAll(io.LimitReader(z, looked))
	if len(inner) > 0 {
		err = nil
	}
	return inner, err
}

func isTar(head []byte) bool { return len(head) >= 512 && string(head[257:262]) == "ustar" }

// holdsLists tells an archive of lists from a software image that is a tar archive too, by the names of its first members.
func holdsLists(head []byte) bool {
	first, err := tar.NewReader(bytes.NewReader(head)).Next()
	if err != nil {
		return false
	}
	name := strings.ToLower(baseName(first.Name))
	for _, mark := range []string{"bulkhash", "kgv", "known_good", "knowngood", "readme", ".signature", ".cer", "verify"} {
		if strings.Contains(name, mark) {
			return true
		}
	}
	return first.Typeflag == tar.TypeDir && strings.Contains(strings.ToLower(first.Name), "bulkhash")
}

// isText tells a list from an image: text in UTF-8 (or in an encoding that is to be complained of), without control characters.
func isText(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true // UTF-16, which its reader refuses
	}
	odd := 0
	for _, c := range head {
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			return false
		}
		if c >= 0x80 {
			odd++
		}
	}
	return odd*3 < len(head) || utf8.Valid(head)
}

func (in *Input) knownGoodValues(r io.Reader, o Options) error {
	in.Format = KGVFormat
	if o.Signature == nil && !o.Unsigned {
		return fmt.Errorf("%w: Cisco signs its Known Good Values: name the file beside it with --signature and the certificate with --certificate, or take them unsigned with --unsigned", ErrUnsigned)
	}
	if o.Signature != nil {
		certificates, err := ParseCertificates(o.Certificate)
		if err != nil {
			return fmt.Errorf("the certificate: %w", err)
		}
		signed := newSigned(r)
		in.Provenance = baseline.VendorSigned
		in.vouch = func() (string, error) { return signed.verify(o, o.Signature, certificates, true) }
		r = signed
	} else {
		in.unsigned()
	}
	in.kgv = newKGV(r)
	in.Rows = in.kgv
	return nil
}

// unsigned marks what a vendor signs and the user took without its signature.
func (in *Input) unsigned() {
	in.Provenance = baseline.VendorPage
	in.vouch = func() (string, error) { return "UNSIGNED: nobody checked that the vendor made it", nil }
}

func (in *Input) list(r io.Reader, head []byte, name string, o Options) error {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return errors.New("it is in UTF-16: save it as UTF-8")
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	line := strings.TrimSpace(string(first))
	comma := separator(line)
	if row, err := splitRow(nil, line, ','); err == nil && o.Columns == nil && len(row) >= 3 && isDigest(row[1], "md5") && isDigest(row[2], "sha512") {
		if !o.Unsigned {
			return fmt.Errorf("%w: this is the inner part of Cisco's bulk hash file: import the whole BulkHashFile.tar, whose signature can be checked, or take it with --unsigned", ErrUnsigned)
		}
		in.Format = BulkFormat
		in.unsigned()
		in.Rows = newBulk(r)
		return nil
	}
	if o.Provenance == "" {
		return ErrProvenance
	}
	if comma == 0 && o.Columns == nil {
		in.Format, in.Rows = ChecksumFormat, newChecksums(r, name)
		return nil
	}
	if comma == 0 {
		comma = ','
	}
	rows, err := newTable(r, comma, o.Columns)
	in.Format, in.Rows = TableFormat, rows
	return err
}

func isDigest(text, algorithm string) bool {
	d, err := ParseDigest(text)
	return err == nil && d.Algorithm == algorithm
}

// separator is what sets the cells of a heading apart: 0 where the line is one of a checksum list.
func separator(line string) byte {
	if _, err := checksumLine(line, ""); err == nil || line == "" || line[0] == '#' || line[0] == ';' {
		return 0
	}
	best, most := byte(0), 0
	for _, comma := range []byte{',', ';', '\t'} {
		if n := strings.Count(line, string(comma)); n > most {
			best, most = comma, n
		}
	}
	return best
}

// A signed reader computes the digests that a signature may be over, of all that passes through.
type signed struct {
	r              io.Reader
	sha256, sha512 hash.Hash
}

func newSigned(r io.Reader) *signed {
	s := &signed{sha256: sha256.New(), sha512: sha512.New()}
	s.r = io.TeeReader(r, io.MultiWriter(s.sha256, s.sha512))
	return s
}

func (s *signed) Read(p []byte) (int, error) { return s.r.Read(p) }

// verify takes what is left into account too. Known Good Values are signed over SHA-256 where the signature has 256 bytes; all else over
// SHA-512 (vendors.md, sections 6.1 and 6.2).
func (s *signed) verify(o Options, signature []byte, certificates []*x509.Certificate, values bool) (string, error) {
	if _, err := io.Copy(io.Discard, s.r); err != nil {
		return "", err
	}
	if values && len(signature) == 256 {
		return o.Roots.verify(signature, s.sha256.Sum(nil), crypto.SHA256, certificates, o.Now)
	}
	return o.Roots.verify(signature, s.sha512.Sum(nil), crypto.SHA512, certificates, o.Now)
}

// maxUnpacked bounds what a compressed list unpacks to. Cisco's bulk hash file has about 100 MB.
const maxUnpacked = 8 << 30

// A bounded reader ends with an error where io.LimitedReader would end as if that were all.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("it unpacks to more than %d bytes, which no list does", int64(maxUnpacked))
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

type counted struct {
	r    io.Reader
	tell func(int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.tell(int64(n))
	return n, err
}

// oneImage is the one row of an image file. An archive among them is opened again for the version in it.
type oneImage struct {
	name string
	in   *Input
	rest io.Reader
	done bool
}

func (i *oneImage) Next() (Image, error) {
	if i.done {
		return Image{}, io.EOF
	}
	i.done = true
	digests, size, tags, err := hashImage(i.rest)
	if err != nil {
		return Image{}, err
	}
	return described(i.name, digests, size, tags, i.in.file), nil
}
