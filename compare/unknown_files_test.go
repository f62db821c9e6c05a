package compare

import (
	"fmt"
	"testing"

	"trueboot/facts"
)

func TestUnknownFiles(t *testing.T) {
	file := func(path, size string) edit { return add("dir /recursive flash:", facts.File, path, size) }
	manyFiles := func(s *facts.Set) {
		for i := range 40 {
			file(fmt.Sprintf("flash:/new%02d.txt", i), "1")(s)
		}
	}
	many := make([]string, 0, findingLimit+1)
	for i := range findingLimit {
		many = append(many, fmt.Sprintf("FAIL low flash:/new%02d.txt", i))
	}
	many = append([]string{"FAIL low flash:"}, many...)
	inserted := []edit{set(facts.FileSystem, "usbflash0:", "disk"), add("dir /recursive usbflash0:", facts.TotalSpace, "usbflash0:", "8000000000")}
	try(t, unknownFiles, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "8 files on 2 file systems accounted for, 2 of them where the device writes by itself; unchanged since 2026-11-20"},
		{name: "listing missing", observed: []edit{drop(facts.File, "*")}, want: []string{"NOT-ASSESSED parse-incomplete flash:", "NOT-ASSESSED parse-incomplete flash:/notes.txt"}},
		{name: "refused", observed: []edit{unanswered("dir /recursive flash:", facts.NoPrivilege, "% Authorization failed", "flash:", facts.File, facts.FilePermissions)},
			want: []string{"NOT-ASSESSED no-privilege flash:"}, says: `"% Authorization failed"`},
		{name: "two file systems refused", observed: []edit{
			unanswered("dir /recursive flash:", facts.NoPrivilege, "", "flash:", facts.File, facts.FilePermissions), unanswered("dir /recursive nvram:", facts.NoPrivilege, "", "nvram:", facts.File)},
			want: []string{"NOT-ASSESSED no-privilege"}, says: `the files of "flash:", "nvram:" were not listed: "dir /recursive flash:": no-privilege`},
		{name: "one refused, one too slow", observed: []edit{
			unanswered("dir /recursive flash:", facts.NoPrivilege, "", "flash:", facts.File, facts.FilePermissions), unanswered("dir /recursive nvram:", facts.Timeout, "", "nvram:", facts.File)},
			want: []string{"NOT-ASSESSED no-privilege flash:", "NOT-ASSESSED timeout nvram:"}},
		{name: "one file system's listing was cut short", observed: []edit{gapped(facts.Gap{Command: "dir /recursive flash:", Reason: facts.ParseIncomplete, Subject: "flash:", Kinds: []facts.Kind{facts.File}})},
			want: []string{"NOT-ASSESSED parse-incomplete flash:"}},
		{name: "nothing to list was named", observed: []edit{gapped(facts.Gap{Command: "dir /recursive {filesystem}", Reason: facts.NothingToAskFor, Kinds: []facts.Kind{facts.File}})},
			want: []string{"NOT-ASSESSED nothing-to-ask-for"}},
		{name: "an empty slot is no gap", observed: []edit{gapped(facts.Gap{Command: "dir /recursive usbflash0:", Reason: facts.PlatformHasNone, Subject: "usbflash0:", Kinds: []facts.Kind{facts.File}})},
			want: []string{"PASS E0"}},
		{name: "unreachable", observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable flash:"}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the approval holds no listing", approved: []edit{drop(facts.File, "*")}, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the platform lists no files", approved: []edit{drop(facts.File, "*")},
			observed: []edit{drop(facts.File, "*"), gapped(facts.Gap{Reason: facts.PlatformHasNone, Kinds: []facts.Kind{facts.File}})},
			want:     []string{"NOT-ASSESSED platform-has-none"}},
		{name: "the list of file systems is withheld", observed: []edit{drop(facts.FileSystem, "*")}, want: []string{
			"NOT-ASSESSED parse-incomplete flash:", "NOT-ASSESSED parse-incomplete nvram:", "NOT-ASSESSED parse-incomplete usbflash0:"}},

		{name: "a new image", observed: []edit{file("flash:/c9300.bin", "900000000")}, want: []string{"FAIL high flash:/c9300.bin"},
			says: `image or package "flash:/c9300.bin" (900000000 bytes) was not there when the device was approved on 2026-11-20`},
		{name: "a new image with approved bytes", observed: []edit{file("flash:/copy.pkg", "8000000"), add("verify /md5 flash:copy.pkg", facts.ImageDigest, "flash:copy.pkg", "md5:44444444444444444444444444444444")},
			want: []string{"FAIL high flash:/copy.pkg"}, says: `its bytes are those approved as "flash:cat9k-webui.17.09.04a.SPA.pkg"`},
		{name: "a new script", observed: []edit{file("flash:/x.tcl", "10")}, want: []string{"FAIL high flash:/x.tcl"}, says: "script or program"},
		{name: "a new file", observed: []edit{file("flash:/x.txt", "10")}, want: []string{"FAIL low flash:/x.txt"}},
		{name: "a new archive", observed: []edit{file("flash:/client_bundle_1.zip", "10")}, want: []string{"FAIL low flash:/client_bundle_1.zip"}, says: "archive"},
		{name: "a new directory with a script", observed: []edit{file("flash:/d", "4096"), add("dir /recursive flash:", facts.FilePermissions, "flash:/d", "drwx"), file("flash:/d/x.py", "1")},
			want: []string{"FAIL high flash:/d/x.py", "FAIL low flash:/d"}, says: `directory "flash:/d" was not there`},
		{name: "a directory that is marked by a slash", approved: []edit{file("flash:/d/", "4096")}, observed: []edit{file("flash:/d/", "8192")}, want: []string{"PASS E0"}},
		{name: "a new directory that is marked by a slash", observed: []edit{file("flash:/d/", "4096")}, want: []string{"FAIL low flash:/d/"}},
		{name: "a new log", observed: []edit{file("flash:/tracelogs/x.log", "10"), file("flash:/crashinfo_20261101-000000-UTC", "5")}, want: []string{"PASS E0"}},
		{name: "a script among the logs", observed: []edit{file("flash:/tracelogs/x.py", "10")}, want: []string{"FAIL high flash:/tracelogs/x.py"}},
		{name: "a configuration of another size", observed: []edit{set(facts.File, "nvram:/startup-config", "9999")}, want: []string{"PASS E0"}},
		{name: "an archived configuration", approved: []edit{add("show archive", facts.ConfigurationArchive, "1", "flash:backup-1")},
			observed: []edit{add("show archive", facts.ConfigurationArchive, "2", "flash:backup-2"), file("flash:/backup-2", "7")}, want: []string{"PASS E0"}},
		{name: "a program called an archived configuration", observed: []edit{add("show archive", facts.ConfigurationArchive, "1", "flash:backup.py"), file("flash:/backup.py", "7")},
			want: []string{"FAIL high flash:/backup.py"}},
		{name: "the startup configuration under a name of its own", approved: []edit{add("show boot", facts.StartupSource, "", "flash:site.cfg"), file("flash:/site.cfg", "7")},
			observed: []edit{file("flash:/site.cfg", "8")}, want: []string{"PASS E0"}},
		{name: "another startup configuration than the approved", observed: []edit{add("show boot", facts.StartupSource, "", "flash:evil.cfg"), file("flash:/evil.cfg", "8")},
			want: []string{"FAIL low flash:/evil.cfg"}},
		{name: "a script of another size", observed: []edit{set(facts.File, "flash:/scripts/backup.tcl", "713")}, want: []string{"FAIL high flash:/scripts/backup.tcl"},
			says: `has 713 bytes; approved on 2026-11-20: 712 bytes`},
		{name: "a file of another size", observed: []edit{set(facts.File, "flash:/notes.txt", "56")}, want: []string{"FAIL medium flash:/notes.txt"}},
		{name: "a directory of another size", observed: []edit{set(facts.File, "flash:/scripts", "8192")}, want: []string{"PASS E0"}},
		{name: "an approved image of another size is NDI-ST-01's", observed: []edit{set(facts.File, "flash:/packages.conf", "1")}, want: []string{"PASS E0"}},
		{name: "a file is gone", observed: []edit{drop(facts.File, "flash:/notes.txt")}, want: []string{"FAIL low flash:/notes.txt"}, says: `is gone; it was there, with 55 bytes`},
		{name: "an approved image that is gone is NDI-ST-01's", observed: []edit{drop(facts.File, "flash:/packages.conf")}, want: []string{"PASS E0"}},
		{name: "a log is gone, and another command lists the rest", observed: []edit{drop(facts.File, "*"), add("dir /all flash:", facts.File, "flash:/notes.txt", "55"), add("dir /all flash:", facts.File, "flash:/scripts", "4096"),
			add("dir /all flash:", facts.File, "flash:/scripts/backup.tcl", "712"), add("dir /all flash:", facts.File, "flash:/packages.conf", "4710"), add("dir nvram:", facts.File, "nvram:/x", "1")},
			want: []string{"FAIL low nvram:/x"}},
		{name: "a log is gone", observed: []edit{drop(facts.File, "flash:/tracelogs/timestamp")}, want: []string{"PASS E0"}},
		{name: "another spelling of every path", observed: []edit{rename("flash:/notes.txt", "flash-1:notes.txt")}, want: []string{"PASS E0"}},
		{name: "gravest first", observed: []edit{file("flash:/a.txt", "1"), file("flash:/z.bin", "1"), set(facts.File, "flash:/notes.txt", "56")},
			want: []string{"FAIL high flash:/z.bin", "FAIL medium flash:/notes.txt", "FAIL low flash:/a.txt"}},
		{name: "many at once", observed: []edit{manyFiles}, want: many, says: `30 more of this sort ("flash:/new10.txt", "flash:/new11.txt"`},

		{name: "a drive was inserted", observed: append(inserted[:2:2], add("dir /recursive usbflash0:", facts.File, "usbflash0:/x.bin", "1")),
			want: []string{"FAIL medium usbflash0:", "FAIL high usbflash0:/x.bin"}, says: `file system "usbflash0:" ("disk") is there`},
		{name: "an empty slot is new", observed: []edit{add("show file systems", facts.FileSystem, "slot9:", "disk, no medium")}, want: []string{"FAIL low slot9:"}},
		{name: "an empty drive was inserted", observed: inserted, want: []string{"FAIL medium usbflash0:"}},
		{name: "a drive was removed", approved: inserted, want: []string{"FAIL low usbflash0:"}, says: `file system "usbflash0:" is "disk, no medium"; approved on 2026-11-20: "disk"`},
		{name: "a file on a drive that was empty", approved: inserted, observed: append(inserted[:2:2], add("dir /recursive usbflash0:", facts.File, "usbflash0:/x.bin", "1")),
			want: []string{"FAIL high usbflash0:/x.bin"}},
		{name: "a file system that was never there", observed: []edit{add("show file systems", facts.FileSystem, "stby-flash:", "disk"), add("dir /recursive stby-flash:", facts.File, "stby-flash:/x.txt", "1")},
			want: []string{"FAIL medium stby-flash:", "FAIL low stby-flash:/x.txt"}},
		{name: "a file system that could not be listed when it was approved", approved: []edit{add("show file systems", facts.FileSystem, "slot1:", "disk")},
			observed: []edit{add("show file systems", facts.FileSystem, "slot1:", "disk"), add("dir /recursive slot1:", facts.File, "slot1:/a.bin", "1"), add("dir /recursive slot1:", facts.File, "slot1:/b.bin", "1")},
			want:     []string{"NOT-ASSESSED no-baseline slot1:", "NOT-ASSESSED no-baseline slot1:/a.bin"}, says: "the approval holds no listing of its directory"},
		{name: "a name that hides", observed: []edit{file("flash:/x\r\x1b[2Knotes.py", "1")}, want: []string{"FAIL high flash:/x\r\x1b[2Knotes.py"}, says: `"flash:/x\r\x1b[2Knotes.py"`},
	})
}
