package session

import (
	"bufio"
	"errors"
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/facts"
)

func TestSCPHeader(t *testing.T) {
	for _, test := range []struct {
		text   string
		size   int64
		reason facts.Reason // empty: read, or an error without one
	}{
		{"C0644 97794040 c2900-universalk9-mz.SPA.152-4.M6.bin\n", 97794040, ""},
		{"T1700000000 0 1700000000 0\nC0755 5 a b.bin\n", 5, ""},
		{"\r\nC0644 5 x\r\n", 5, ""},
		{"\x01scp: flash:/x.bin: No such file or directory\n", 0, facts.NothingToAskFor},
		{"\x01%Error opening flash:x (File not found)\n", 0, facts.NothingToAskFor},
		{"\x01Privilege denied.\n", 0, facts.NoPrivilege},
		{"\x02Administratively disabled.\n", 0, facts.WouldModify},
		{"% Invalid input detected at '^' marker.\n", 0, facts.WouldModify},
		{"", 0, facts.WouldModify},
		{strings.Repeat("x", 100_000), 0, facts.WouldModify},
	} {
		size, err := scpHeader(bufio.NewReader(strings.NewReader(test.text)), "flash:x")
		var f *collectors.Failure
		if errors.As(err, &f) && f.Reason != test.reason || f == nil && test.reason != "" || size != test.size {
			t.Errorf("%.60q: %d bytes, %v", test.text, size, err)
		}
	}
	for _, text := range []string{"C0644 -1 x\n", "C0644 99999999999999999999 x\n", "C0644 17179869185 x\n", "C0644 5\n", "D0755 0 folder\n", "\x01protocol error\n"} {
		if size, err := scpHeader(bufio.NewReader(strings.NewReader(text)), "flash:x"); err == nil {
			t.Errorf("%q is read as %d bytes", text, size)
		}
	}
}

// TestReadInOrder holds that the parts of a file come in their order, whatever its length.
func TestReadInOrder(t *testing.T) {
	for _, size := range []int{0, 1, sftpRequest - 1, sftpRequest, sftpRequest + 1, 40*sftpRequest + 5} {
		var content strings.Builder
		for i := 0; content.Len() < size; i++ {
			content.WriteString(strings.Repeat(string(rune('a'+i%26)), min(1000+i, size-content.Len())))
		}
		var got strings.Builder
		n, err := readInOrder(strings.NewReader(content.String()), &got)
		if err != nil || n != int64(size) || got.String() != content.String() {
			t.Errorf("%d bytes: %d came, %v", size, n, err)
		}
	}
	broken := errors.New("the channel ended")
	if _, err := readInOrder(failingReader{broken}, new(strings.Builder)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

type failingReader struct{ err error }

func (f failingReader) ReadAt(p []byte, at int64) (int, error) {
	if at > 10*sftpRequest {
		return 0, f.err
	}
	return len(p), nil
}

func FuzzSCPHeader(f *testing.F) {
	f.Add("C0644 5 x\n")
	f.Add("\x01no\n")
	f.Fuzz(func(t *testing.T, text string) {
		if size, err := scpHeader(bufio.NewReader(strings.NewReader(text)), "x"); err == nil && (size < 0 || size > mostPulled) {
			t.Fatalf("%d bytes", size)
		}
	})
}
