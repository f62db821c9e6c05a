package known

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"trueboot/baseline/hasher"
)

// hashImage computes every digest of an image, its size, and finds Cisco's tags, in one reading.
func hashImage(r io.Reader) ([]Digest, int64, ciscoTags, error) {
	var tags ciscoTags
	digests, size, err := hasher.All(r, tags.look)
	return digests, size, tags, err
}

// described is the row of an image file: with the version that is written into it.
func described(name string, digests []Digest, size int64, tags ciscoTags, f io.ReaderAt) Image {
	i := Image{Name: name, Size: size, Digests: digests}
	if tags.version != "" {
		i.Vendor, i.Version, i.Product = "Cisco", tags.version, tags.image
	} else if version, arch := swiVersion(f, size); version != "" {
		i.Vendor, i.Version, i.Product = "Arista", version, arch
	}
	return i
}

// ciscoTags finds what Cisco writes into an IOS image for its own tools.
//
//	CW_BEGIN$C2900-UNIVERSALK9-M$
//	CW_VERSION$15.2(4)M6$
type ciscoTags struct {
	version, image string
	tail           []byte // the end of the chunk before: a tag may lie across
}

var (
	ciscoVersion = regexp.MustCompile(`CW_VERSION\$([0-9A-Za-z().,_-]{1,64})\$`)
	ciscoImage   = regexp.MustCompile(`CW_IMAGE\$([0-9A-Za-z()._-]{1,64})\$`)
	ciscoMark    = []byte("CW_")
)

// longestTag is the longest text that the patterns match.
const longestTag = 80

func (t *ciscoTags) look(chunk []byte) {
	if t.version != "" && t.image != "" {
		return
	}
	seam := append(t.tail, chunk[:min(len(chunk), longestTag)]...)
	t.find(seam)
	t.find(chunk)
	t.tail = append(t.tail[:0:0], chunk[max(0, len(chunk)-longestTag):]...)
}

func (t *ciscoTags) find(text []byte) {
	for at := bytes.Index(text, ciscoMark); at >= 0; {
		near := text[at:min(len(text), at+longestTag)]
		if m := ciscoVersion.FindSubmatch(near); m != nil && t.version == "" {
			t.version = string(m[1])
		}
		if m := ciscoImage.FindSubmatch(near); m != nil && t.image == "" {
			t.image = string(m[1])
		}
		next := bytes.Index(text[at+1:], ciscoMark)
		if next < 0 {
			return
		}
		at += 1 + next
	}
}

// swiVersion reads the version out of a software image of EOS, which is a zip archive with a member of that name.
//
//	SWI_VERSION=4.28.9M
//	SWI_ARCH=i686
func swiVersion(f io.ReaderAt, size int64) (version, arch string) {
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return "", ""
	}
	for _, member := range archive.File {
		if member.Name != "version" {
			continue
		}
		r, err := member.Open()
		if err != nil {
			return "", ""
		}
		defer r.Close()
		for s := bufio.NewScanner(io.LimitReader(r, 64<<10)); s.Scan(); {
			switch name, value, _ := strings.Cut(s.Text(), "="); name {
			case "SWI_VERSION":
				version = strings.TrimSpace(value)
			case "SWI_ARCH":
				arch = strings.TrimSpace(value)
			}
		}
		return version, arch
	}
	return "", ""
}

// ReadFile makes the row of an image file that is here.
func ReadFile(path string) (Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return Image{}, err
	}
	defer f.Close()
	digests, size, tags, err := hashImage(f)
	if err != nil {
		return Image{}, fmt.Errorf("%s: %w", path, err)
	}
	return described(filepath.Base(path), digests, size, tags, f), nil
}
