package known

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trueboot/baseline"
)

var (
	aMD5    = strings.Repeat("0123456789abcdef", 2)
	aSHA1   = strings.Repeat("01234567", 5)
	aSHA256 = strings.Repeat("0123456789abcdef", 4)
	aSHA384 = strings.Repeat("0123456789abcdef", 6)
	aSHA512 = strings.Repeat("0123456789abcdef", 8)
	now     = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	page    = Options{Provenance: baseline.VendorPage, Now: now}
)

func digest(algorithm, value string) Digest { return Digest{Algorithm: algorithm, Value: value} }

// read writes a file of that name and reads it to its end.
func read(t testing.TB, name string, content []byte, o Options) (*Input, []Image, []string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := Open(path, o)
	if err != nil {
		return nil, nil, nil, err
	}
	t.Cleanup(func() { in.Close() })
	var images []Image
	var wrong []string
	for {
		image, err := in.Next()
		var row *RowError
		switch {
		case errors.Is(err, io.EOF):
			sum := sha256.Sum256(content)
			if got, err := in.SHA256(); err != nil || got != hex.EncodeToString(sum[:]) {
				t.Errorf("the digest of the whole file is %s, %v", got, err)
			}
			return in, images, wrong, nil
		case errors.As(err, &row):
			wrong = append(wrong, row.Error())
		case err != nil:
			return in, images, wrong, err
		default:
			images = append(images, image)
		}
	}
}

func TestLists(t *testing.T) {
	for name, test := range map[string]struct {
		file, content string
		columns       string
		want          []Image
		wrong         []string // beginnings
	}{
		"coreutils": {file: "SHA512SUMS", content: aSHA512 + "  a.bin\n" + strings.ToUpper(aSHA512) + " *images/b.bin\r\n\n# a comment\n\\" + aMD5 + "  c\\\\d.bin\n", want: []Image{
			{Name: "a.bin", Digests: []Digest{digest("sha512", aSHA512)}, Line: 1},
			{Name: "b.bin", Digests: []Digest{digest("sha512", aSHA512)}, Line: 2},
			{Name: "d.bin", Digests: []Digest{digest("md5", aMD5)}, Line: 5},
		}},
		"BSD, OpenSSL, Cisco": {file: "list", content: "SHA256 (a.bin) = " + aSHA256 + "\nSHA2(b) = zz\nSHA1(jinstall-ppc-18.4R3-signed.tgz)= " + aSHA1 + "\nverify /md5 (flash:c2900.bin) = " + aMD5 + "\nverify /SHA-512 (disk0:/asa.bin) = " + aSHA512 + "\n", want: []Image{
			{Name: "a.bin", Digests: []Digest{digest("sha256", aSHA256)}, Line: 1},
			{Name: "jinstall-ppc-18.4R3-signed.tgz", Digests: []Digest{digest("sha1", aSHA1)}, Line: 3},
			{Name: "c2900.bin", Digests: []Digest{digest("md5", aMD5)}, Line: 4},
			{Name: "asa.bin", Digests: []Digest{digest("sha512", aSHA512)}, Line: 5},
		}, wrong: []string{"line 2: "}},
		"a sidecar": {file: "EOS-4.28.9M.swi.sha512", content: aSHA512 + "\n", want: []Image{{Name: "EOS-4.28.9M.swi", Digests: []Digest{digest("sha512", aSHA512)}, Line: 1}}},
		"a sidecar of another algorithm": {file: "EOS-4.28.9M.swi.sha512", content: aMD5 + "\n" + aMD5 + "  a\n", want: []Image{{Name: "a", Digests: []Digest{digest("md5", aMD5)}, Line: 2}},
			wrong: []string{"line 1: a digest without a file name"}},
		"broken rows": {file: "MD5SUMS", content: aMD5 + "  a\n" + aMD5[1:] + "  b\nhello world\nSHA512 (c) = " + aMD5 + "\n" + strings.Repeat("x", 70000) + "\n" + aMD5 + "  d\n", want: []Image{
			{Name: "a", Digests: []Digest{digest("md5", aMD5)}, Line: 1}, {Name: "d", Digests: []Digest{digest("md5", aMD5)}, Line: 6}},
			wrong: []string{"line 2: not a line", "line 3: not a line", `line 4: "SHA512" names another`, "line 5: the line is longer"}},
		"a table": {file: "junos.csv", content: "\ufeffFile Name;Size (bytes);Release;SHA-256 checksum;Remark\n\"junos-\"\"x\"\"-21.4R3.tgz\";1 234;21.4R3;" + aSHA256 + ";\nb.tgz;many;21.4R3;" + aSHA256 + ";\nc.tgz;;;" + aMD5 + ";\n;1;;" + aSHA256 + "\n\"d;1\n", want: []Image{
			{Name: `junos-"x"-21.4R3.tgz`, Size: 0, Version: "21.4R3", Digests: []Digest{digest("sha256", aSHA256)}, Line: 2},
			{Name: "b.tgz", Version: "21.4R3", Digests: []Digest{digest("sha256", aSHA256)}, Line: 3},
		}, wrong: []string{"line 4: column 4, sha256: 32 hexadecimal digits, which is md5", "line 5: no file name", "line 6: a quotation mark"}},
		"a table with a mapping": {file: "panos.csv", columns: "filename=2, size=3, sha384=Prüfsumme", content: "Datum,Datei,Bytes,Prüfsumme\n2026,PanOS_220-10.2.4," + "1_000," + aSHA384 + "\n", want: []Image{
			{Name: "PanOS_220-10.2.4", Size: 1000, Digests: []Digest{digest("sha384", aSHA384)}, Line: 2}}},
		"a table without a heading": {file: "x.csv", columns: "filename=1,digest=2,status=3", content: "a.bin," + aSHA1 + ",Withdrawn\n", want: []Image{{Name: "a.bin", Digests: []Digest{digest("sha1", aSHA1)}, Status: "Withdrawn", Line: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			o := page
			if test.columns != "" {
				var err error
				if o.Columns, err = ParseMapping(test.columns); err != nil {
					t.Fatal(err)
				}
			}
			_, got, wrong, err := read(t, test.file, []byte(test.content), o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(wrong) != len(test.wrong) {
				t.Fatalf("wrong rows %q, not %q", wrong, test.wrong)
			}
			for i, begins := range test.wrong {
				if !strings.HasPrefix(wrong[i], begins) {
					t.Errorf("wrong row %q, not %q", wrong[i], begins)
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		o       Options
		want    string
	}{
		"empty":                {"", page, "empty"},
		"UTF-16":               {"\xff\xfea\x00", page, "UTF-16"},
		"no origin":            {aMD5 + "  a\n", Options{}, "--provenance"},
		"no column":            {"a,b,c\n1,2,3\n", page, "--columns"},
		"bulk hash, unsigned":  {"a.bin," + aMD5 + "," + aSHA512 + ",x,active,1\n", page, "BulkHashFile.tar"},
		"known good, unsigned": {`{"header":{}}`, page, "--signature"},
		"known good, cut":      {`{"bulkHash":[{"filename":"a"`, Options{Unsigned: true}, "unexpected EOF"},
		"known good, no list":  {`{"bulkHash":5}`, Options{Unsigned: true}, "should be"},
	} {
		if _, _, _, err := read(t, "list", []byte(test.content), test.o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ParseMapping("filename"); err == nil {
		t.Error("a mapping without a column is taken")
	}
}

func TestKnownGoodValues(t *testing.T) {
	document := `{"header":{"version":"2.0","timestamp":"2023-05-01T10:00:00Z"},"unknown":{"a":[1,{}]},
		"bulkHash":[
			{"filename":"cat9k.bin","dtype":"osimage","platform":"C9300","md5":"` + aMD5 + `","sha512":"` + strings.ToUpper(aSHA512) + `","biv_hash":"` + strings.ToUpper(aSHA256) + `",
			 "pkg":[{"filename":"rpboot.pkg","sha1":"` + aSHA1 + `"},{"filename":"bad.pkg","sha1":"zz"}]},
			{"filename":7},
			{"dtype":"boot0","platform":"C9300","biv_hash":"` + aSHA512 + `"}],
		"products":[{"product":"ISR4300","osImageVersions":[{"version":"17.3.1","entries":[{"filename":"isr4300.bin","md5":"` + aMD5 + `"}]}],"bootLoaderVersions":[{"version":"16.12(2r)","entries":[{"biv_hash":"` + aSHA256 + `"}]}]}]}`
	in, got, wrong, err := read(t, "kgv.json", []byte(document), Options{Unsigned: true})
	if err != nil {
		t.Fatal(err)
	}
	want := []Image{
		{Name: "cat9k.bin", Vendor: "Cisco", Product: "C9300", Kind: "osimage", Line: 1, Digests: []Digest{digest("md5", aMD5), digest("sha512", aSHA512), digest("biv-sha256", aSHA256)}},
		{Name: "rpboot.pkg", Vendor: "Cisco", Product: "C9300", Kind: "package", Bundle: "cat9k.bin", Line: 1, Digests: []Digest{digest("sha1", aSHA1)}},
		{Vendor: "Cisco", Product: "C9300", Kind: "boot0", Line: 3, Digests: []Digest{digest("biv-sha512", aSHA512)}},
		{Name: "isr4300.bin", Vendor: "Cisco", Product: "ISR4300", Version: "17.3.1", Kind: "osimage", Line: 4, Digests: []Digest{digest("md5", aMD5)}},
		{Vendor: "Cisco", Product: "ISR4300", Version: "16.12(2r)", Kind: "blr", Line: 4, Digests: []Digest{digest("biv-sha256", aSHA256)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(wrong) != 2 || !strings.Contains(wrong[0], `"bad.pkg"`) || !strings.HasPrefix(wrong[1], "line 2") {
		t.Errorf("wrong rows %q", wrong)
	}
	if in.Provenance != baseline.VendorPage || in.Published() != time.Date(2023, 5, 1, 10, 0, 0, 0, time.UTC) {
		t.Errorf("provenance %s, published %s", in.Provenance, in.Published())
	}
}

// An authority signs as Cisco does: a root, a certificate under it, and the key of that.
type authority struct {
	root, signer       *x509.Certificate
	rootKey, signerKey *rsa.PrivateKey
}

func newAuthority(t testing.TB, name string, until time.Time) authority {
	t.Helper()
	var a authority
	var err error
	make := func(serial int64, subject string, ca bool, parent *x509.Certificate, key, parentKey *rsa.PrivateKey, until time.Time) *x509.Certificate {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: subject}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: until,
			IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		}
		if parent == nil {
			parent = template
		}
		raw, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(raw)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if a.rootKey, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if a.signerKey, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	a.root = make(1, name+" root", true, nil, a.rootKey, a.rootKey, now.AddDate(10, 0, 0))
	a.signer = make(2, name+" signer", false, a.root, a.signerKey, a.rootKey, until)
	return a
}

func (a authority) sign(t testing.TB, data []byte, h crypto.Hash) []byte {
	t.Helper()
	sum := sha512.Sum512(data)
	digest := sum[:]
	if h == crypto.SHA256 {
		short := sha256.Sum256(data)
		digest = short[:]
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.signerKey, h, digest)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

func inPEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

type member struct {
	name    string
	content []byte
}

func tarOf(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		if err := w.WriteHeader(&tar.Header{Name: m.name, Size: int64(len(m.content)), Mode: 0o600, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBulkHashFile(t *testing.T) {
	good, other := newAuthority(t, "Good", now.AddDate(1, 0, 0)), newAuthority(t, "Other", now.AddDate(1, 0, 0))
	expired := newAuthority(t, "Expired", now.AddDate(0, 0, -1))
	inner := tarOf(t, member{"BulkHash.csv", []byte("a.bin," + aMD5 + "," + aSHA512 + ",x,active,12\nb.bin,zz," + aSHA512 + ",x,deprecated,12\n../../c.bin," + aMD5 + "," + aSHA512 + ",x,deprecated,13\n")})
	file := func(inner, signature, certificate []byte) []byte {
		return tarOf(t, member{"README", []byte("read me")}, member{"BulkHash.tar", inner}, member{"../../etc/BulkHash.tar.signature", signature}, member{"BULKHASH-CCO_RELEASE.cer", certificate})
	}
	signed := file(inner, good.sign(t, inner, crypto.SHA512), inPEM(good.signer))
	trusting := func(roots ...*x509.Certificate) Options { return Options{Now: now, Roots: Roots{Certificates: roots}} }
	for name, test := range map[string]struct {
		content []byte
		o       Options
		want    string // of the error; empty when it holds
	}{
		"a root that was named":        {signed, trusting(good.root), ""},
		"the certificate in DER":       {file(inner, good.sign(t, inner, crypto.SHA512), good.signer.Raw), trusting(good.root), ""},
		"a pinned root in the archive": {file(inner, good.sign(t, inner, crypto.SHA512), append(inPEM(good.signer), inPEM(good.root)...)), Options{Now: now, Roots: Roots{Pins: []string{Fingerprint(good.root)}}}, ""},
		"compressed":                   {zipped(t, signed), trusting(good.root), ""},
		"no root":                      {signed, Options{Now: now}, "no root to lead to"},
		"another root":                 {signed, trusting(other.root), "does not lead to a root"},
		"a root in the archive alone":  {file(inner, other.sign(t, inner, crypto.SHA512), append(inPEM(other.signer), inPEM(other.root)...)), trusting(good.root), "does not lead to a root"},
		"another pin":                  {signed, Options{Now: now, Roots: Roots{Pins: []string{Fingerprint(other.root)}}}, "no root to lead to"},
		"expired":                      {file(inner, expired.sign(t, inner, crypto.SHA512), inPEM(expired.signer)), trusting(expired.root), "expired"},
		"signed another file":          {file(append(bytes.Clone(inner), make([]byte, 512)...), good.sign(t, inner, crypto.SHA512), inPEM(good.signer)), trusting(good.root), "not made over this file"},
		"signed by another key":        {file(inner, other.sign(t, inner, crypto.SHA512), inPEM(good.signer)), trusting(good.root), "not made over this file"},
		"no signature":                 {tarOf(t, member{"BulkHash.tar", inner}), trusting(good.root), "there is none"},
		"no list":                      {tarOf(t, member{"README", nil}), trusting(good.root), "no list"},
		"two lists":                    {tarOf(t, member{"BulkHash.tar", inner}, member{"b.csv", nil}), trusting(good.root), "two lists"},
		"a long signature":             {tarOf(t, member{"README", nil}, member{"x.signature", make([]byte, 2<<20)}), trusting(good.root), "no signature or certificate has"},
		"cut":                          {signed[:1800], trusting(good.root), "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			in, images, wrong, err := read(t, "BulkHashFile.tar", test.content, test.o)
			vouched := ""
			if err == nil {
				vouched, err = in.Vouched()
			}
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%q, %v", vouched, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(vouched, "CN=Good signer") || !strings.Contains(vouched, Fingerprint(good.root)) || in.Provenance != baseline.VendorSigned {
				t.Errorf("vouched for: %q, %s", vouched, in.Provenance)
			}
			if len(images) != 2 || images[1].Name != "c.bin" || !images[1].Withdrawn() || images[0].Withdrawn() || images[0].Size != 12 || len(images[0].Digests) != 2 {
				t.Errorf("images %+v", images)
			}
			if len(wrong) != 1 || !strings.HasPrefix(wrong[0], "line 2: column 2, md5") {
				t.Errorf("wrong rows %q", wrong)
			}
		})
	}
	in, images, _, err := read(t, "BulkHashFile.tar", signed, Options{Unsigned: true, Now: now})
	if err != nil || len(images) != 2 {
		t.Fatalf("%d images, %v", len(images), err)
	}
	if vouched, err := in.Vouched(); err != nil || !strings.HasPrefix(vouched, "UNSIGNED") || in.Provenance != baseline.VendorPage {
		t.Errorf("unsigned: %q, %s, %v", vouched, in.Provenance, err)
	}
}

// TestSignedKnownGoodValues holds that both digests that Cisco signs with are known, by the length of the signature.
func TestSignedKnownGoodValues(t *testing.T) {
	a := newAuthority(t, "Good", now.AddDate(1, 0, 0))
	document := []byte(`{"bulkHash":[{"filename":"a","md5":"` + aMD5 + `"}]}` + "\n\n")
	o := Options{Now: now, Roots: Roots{Certificates: []*x509.Certificate{a.root}}, Certificate: inPEM(a.signer), Signature: a.sign(t, document, crypto.SHA256)}
	in, images, _, err := read(t, "kgv.json", document, o)
	if err != nil || len(images) != 1 || in.Provenance != baseline.VendorSigned {
		t.Fatalf("%+v, %v", images, err)
	}
	if vouched, err := in.Vouched(); err != nil || !strings.Contains(vouched, "Good signer") {
		t.Errorf("%q, %v", vouched, err)
	}
	o.Signature = a.sign(t, []byte("another document"), crypto.SHA256)
	if in, _, _, err = read(t, "kgv.json", document, o); err != nil {
		t.Fatal(err)
	}
	if vouched, err := in.Vouched(); !errors.Is(err, ErrUnsigned) {
		t.Errorf("%q, %v", vouched, err)
	}
}

func zipped(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImages(t *testing.T) {
	var swi bytes.Buffer
	w := zip.NewWriter(&swi)
	v, err := w.Create("version")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(v, "SWI_VERSION=4.28.9M\nSWI_ARCH=i686\n")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// The tags lie across the seam of two chunks.
	ios := bytes.Repeat([]byte{0x7f, 0, 1}, (1<<20)/3+1)
	ios = append(ios[:1<<20-20:1<<20-20], "CW_BEGIN$C2900$CW_IMAGE$C2900-UNIVERSALK9-M$\x00CW_VERSION$15.2(4)M6$"...)
	for name, test := range map[string]struct {
		content                  []byte
		vendor, version, product string
	}{
		"EOS-4.28.9M.swi": {swi.Bytes(), "Arista", "4.28.9M", "i686"},
		"c2900.bin":       {ios, "Cisco", "15.2(4)M6", "C2900-UNIVERSALK9-M"},
		"unknown.bin":     {[]byte("\x7fELF\x00\x01"), "", "", ""},
	} {
		in, images, wrong, err := read(t, name, test.content, Options{})
		if err != nil || len(images) != 1 || len(wrong) > 0 {
			t.Fatalf("%s: %d images, %v", name, len(images), err)
		}
		i := images[0]
		sum := sha512.Sum512(test.content)
		if i.Name != name || i.Size != int64(len(test.content)) || i.Vendor != test.vendor || i.Version != test.version || i.Product != test.product {
			t.Errorf("%s is %+v", name, i)
		}
		if len(i.Digests) != 4 || i.Digests[3] != digest("sha512", hex.EncodeToString(sum[:])) || in.Provenance != baseline.OwnImage {
			t.Errorf("%s has the digests %v, %s", name, i.Digests, in.Provenance)
		}
	}
}

// FuzzOpen holds that no file makes a reader fail otherwise than with an error, or yields a row without a digest.
func FuzzOpen(f *testing.F) {
	f.Add("SHA512SUMS", []byte(aSHA512+"  a.bin\n"))
	f.Add("a.csv", []byte("filename,md5\na,"+aMD5+"\n"))
	f.Add("kgv.json", []byte(`{"bulkHash":[{"filename":"a","md5":"`+aMD5+`","pkg":[{}]}]}`))
	f.Add("BulkHashFile.tar", tarOf(f, member{"BulkHash.csv", []byte("a.bin," + aMD5 + "," + aSHA512 + ",x,active,12\n")}))
	f.Add("b.tar.gz", zipped(f, tarOf(f, member{"BulkHash.tar", tarOf(f, member{"x.csv", nil})})))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		if strings.ContainsAny(name, "/\x00") || name == "" || name == "." || name == ".." || len(name) > 100 {
			return
		}
		_, images, _, _ := read(t, name, content, Options{Unsigned: true, Provenance: baseline.VendorPage, Now: now})
		for _, i := range images {
			if len(i.Digests) == 0 {
				t.Errorf("%+v has no digest", i)
			}
			for _, d := range i.Digests {
				if again, err := ParseDigest(strings.TrimPrefix(d.String(), Measured)); err != nil || again.Value != d.Value {
					t.Errorf("%s is read as %s, %v", d, again, err)
				}
			}
		}
	})
}
