package hasher

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// TestHasher holds the digests against the standard library's, however the bytes are cut.
func TestHasher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		content := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "content"), rapid.SampledFrom([]int{0, 1, 7, 20_000}).Draw(t, "times"))
		h := New(nil)
		for rest := content; len(rest) > 0; {
			n := min(len(rest), rapid.SampledFrom([]int{1, 999, chunkSize - 1, chunkSize, 3 * chunkSize}).Draw(t, "part"), 1+len(rest)/3*2)
			if wrote, err := h.Write(rest[:n]); wrote != n || err != nil {
				t.Fatal(wrote, err)
			}
			rest = rest[n:]
		}
		got, size := h.Sum()
		weak, older, newer, strong := md5.Sum(content), sha1.Sum(content), sha256.Sum256(content), sha512.Sum512(content)
		want := []Digest{{"md5", hex.EncodeToString(weak[:])}, {"sha1", hex.EncodeToString(older[:])}, {"sha256", hex.EncodeToString(newer[:])}, {"sha512", hex.EncodeToString(strong[:])}}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s is not %s", got[i], want[i])
			}
		}
		if size != int64(len(content)) {
			t.Fatalf("%d bytes of %d", size, len(content))
		}
	})
}

func TestAll(t *testing.T) {
	seen := 0
	digests, size, err := All(iotest.OneByteReader(bytes.NewReader(make([]byte, 300_000))), func(chunk []byte) { seen += len(chunk) })
	if err != nil || size != 300_000 || seen != 300_000 || len(digests) != 4 {
		t.Errorf("%d bytes, %d seen, %v", size, seen, err)
	}
	broken := errors.New("the disk is broken")
	if _, _, err := All(iotest.ErrReader(broken), nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// BenchmarkAll computes every digest in one pass, beside "openssl dgst -sha512" on the same bytes.
func BenchmarkAll(b *testing.B) {
	path := filepath.Join(b.TempDir(), "image")
	if err := os.WriteFile(path, bytes.Repeat([]byte("0123456789abcdef"), 64<<20/16*4), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("trueboot", func(b *testing.B) {
		b.SetBytes(256 << 20)
		for b.Loop() {
			f, err := os.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			if _, _, err := All(f, nil); err != nil {
				b.Fatal(err)
			}
			f.Close()
		}
	})
	for _, algorithm := range []string{"-md5", "-sha512"} {
		b.Run("openssl"+algorithm, func(b *testing.B) {
			if _, err := exec.LookPath("openssl"); err != nil {
				b.Skip("openssl is not installed (Debian's package openssl)")
			}
			b.SetBytes(256 << 20)
			for b.Loop() {
				if err := exec.Command("openssl", "dgst", algorithm, path).Run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
