package literals

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// plainly is what a set does, done in the simplest way.
func plainly(text, word string) bool {
	lower := func(s string) string {
		b := []byte(s)
		for i := range b {
			b[i] = fold(b[i])
		}
		return string(b)
	}
	return word != "" && strings.Contains(lower(text), lower(word))
}

func check(t interface {
	Helper()
	Errorf(string, ...any)
}, words []string, text string) {
	t.Helper()
	s := New(words)
	found := map[int]bool{}
	s.Each(text, func(word int) bool { found[word] = true; return true })
	any := false
	for i, word := range words {
		want := plainly(text, word)
		any = any || want
		if found[i] != want {
			t.Errorf("%q in %q: %v", word, text, found[i])
		}
	}
	if s.Any(text) != any || s.AnyBytes([]byte(text)) != any {
		t.Errorf("any of %q in %q: %v, %v", words, text, s.Any(text), s.AnyBytes([]byte(text)))
	}
}

func TestSet(t *testing.T) {
	check(t, []string{"he", "she", "his", "hers", "", "HE"}, "uSHErs")
	check(t, nil, "text")
	check(t, []string{""}, "")
	check(t, []string{"\xff\x00", "é"}, "a\xff\x00É é")
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.SampledFrom([]rune("abAB:-\xffé")), 0, 5, -1)
		check(t, rapid.SliceOfN(letters, 0, 12).Draw(t, "words"), rapid.StringOfN(rapid.SampledFrom([]rune("abAB:-\xffé")), 0, 40, -1).Draw(t, "text"))
	})
}

func TestEachStops(t *testing.T) {
	n := 0
	New([]string{"a"}).Each("aaa", func(int) bool { n++; return n < 2 })
	if n != 2 {
		t.Errorf("called %d times", n)
	}
}

func FuzzSet(f *testing.F) {
	f.Add("RELOAD\nboot", "%SYS-5-RELOAD: reBOOT")
	f.Fuzz(func(t *testing.T, words, text string) {
		if len(words) > 1000 || len(text) > 10_000 {
			return
		}
		check(t, strings.Split(words, "\n"), text)
	})
}

// BenchmarkGrep looks for the same words in the same million lines as "LC_ALL=C grep -c -i -F" and "grep -c -E" do, one process on one core
// each, and reports how fast the set is beside them: the ratio of their times to its own.
func BenchmarkGrep(b *testing.B) {
	words := benchmarkWords()
	path := filepath.Join(b.TempDir(), "lines")
	text := benchmarkLines(1_000_000)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		b.Fatal(err)
	}
	s := New(words)
	want := 0
	b.SetBytes(int64(len(text)))
	var own time.Duration
	for b.Loop() {
		want = 0
		began := time.Now()
		for rest := text; len(rest) > 0; {
			end := bytes.IndexByte(rest, '\n')
			if s.AnyBytes(rest[:end]) {
				want++
			}
			rest = rest[end+1:]
		}
		own = time.Since(began)
	}
	b.ReportMetric(own.Seconds()*1e9/1e6, "ns/line")
	if _, err := exec.LookPath("grep"); err != nil {
		b.Skip("no grep to compare with")
	}
	escaped := make([]string, len(words))
	for i, w := range words {
		escaped[i] = strings.NewReplacer(`\`, `\\`, ".", `\.`, "+", `\+`, "(", `\(`, ")", `\)`, "[", `\[`, "|", `\|`, "{", `\{`, "*", `\*`, "?", `\?`, "$", `\$`, "^", `\^`).Replace(w)
	}
	for _, how := range []struct {
		name string
		args []string
	}{{"grep-E", []string{"-c", "-E", strings.Join(escaped, "|")}}, {"grep-E-i", []string{"-c", "-i", "-E", strings.Join(escaped, "|")}}} {
		grep := exec.Command("grep", append(how.args, path)...)
		grep.Env = append(os.Environ(), "LC_ALL=C")
		out, err := grep.Output()
		if err != nil {
			b.Fatal(err)
		}
		took := grep.ProcessState.UserTime() + grep.ProcessState.SystemTime()
		if how.name == "grep-E-i" && strings.TrimSpace(string(out)) != fmt.Sprint(want) {
			b.Errorf("grep finds %s lines, the set %d", out, want)
		}
		b.ReportMetric(took.Seconds()/own.Seconds(), how.name+"-ratio")
	}
}

func benchmarkWords() []string {
	words := []string{
		"SYS-5-RELOAD", "SCHEDULED_RELOAD", "BOOTTIME", "SYS-5-RESTART", "CONFIG_NEWER", "LOGGEDCMD", "INSTALL_START_INFO", "INSTALL_COMPLETED_INFO", "AUTO_ABORT_TIMER",
		"OPERATION_ERROR_MESSAGE", "BOOTLOADER_UPGRADE", "EXITACTION", "RELOAD_RP", "RELOAD_SYSTEM", "OPMODE_LOG", "SIGNATURE_VERIFIED", "IMAGE_RESIL", "FACTORY_RESET", "NV_BLOCK_INIT",
		"SYSTEM_SHELL_LOG", "LOG_CONFIG_CHANGE", "LOGGINGHOST", "PFM_SYSTEM_RESET", "VSHD_SYSLOG", "AAA_ACCOUNTING_MESSAGE", "CFGWRITE", "ACTIVE_SUP_OK", "VDC_ONLINE", "POAP", "INSTALL_OPERATION",
		"SOFTWARE_CHANGE_RELOAD", "ACTION_BEGIN", "ACTION_COMPLETE", "TRANSACTION_NOT_COMMITTED", "FPD-NEED-UPGRADE", "QDD_FW_UPGRADE", "CARD_RELOAD", "CARD_SHUTDOWN", "ASA-5-111008", "ASA-5-111010",
		"UI_CMDLINE_READ_LINE", "UI_NETCONF_CMD", "UI_REBOOT_EVENT", "veriexec", "SYSTEM_INITIALIZED", "panos software", "0100032138", "cmd_data=", "boot_marker", "CMDRECORD", "SHELL_CMD", "|4401|",
		"in.tftpd", "atftpd", "dnsmasq-tftp", "OK DOWNLOAD", "CmdAV=", "image updated via", "boot system", "install add", "request system software",
	}
	slices.Sort(words)
	return words
}

// benchmarkLines are mixed lines, of which every two-hundredth is one that matters.
func benchmarkLines(n int) []byte {
	ordinary := []string{
		"<189>%d: core%d: Apr 29 13:58:40.411: %%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet1/0/%d, changed state to up",
		"<166>Aug 11 2016 15:42:%02d: %%ASA-6-302013: Built outbound TCP connection %d for outside:192.0.2.%d/443 (192.0.2.9/443) to inside:10.0.0.4/55110",
		"<134>date=2024-01-02 time=10:00:%02d devname=\"fw%d\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" level=\"notice\" srcip=10.0.0.%d srcport=55110",
		"<30>Jul 20 21:44:%02d vmx%d rpd[7729]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 192.0.2.%d (Internal AS 65000) changed state from OpenConfirm to Established",
		"<14>Nov 30 16:09:%02d PA-220 1,2018/11/30 16:09:07,012801%d,TRAFFIC,end,2049,2018/11/30 16:09:07,192.0.2.%d,198.51.100.4,0.0.0.0,0.0.0.0,rule1",
	}
	var b bytes.Buffer
	for i := range n {
		if i%200 == 199 {
			fmt.Fprintf(&b, "<189>%d: core%d: Apr 29 13:58:40.411: %%SYS-5-RELOAD: Reload requested by admin on vty%d (10.0.0.9). Reload Reason: Reload Command.\n", i, i%97, i%16)
			continue
		}
		fmt.Fprintf(&b, ordinary[i%len(ordinary)]+"\n", i%60, i%97, i%250)
	}
	return b.Bytes()
}
