package collectors

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/facts"
)

func TestReadDirectory(t *testing.T) {
	for _, test := range []struct {
		name, reply string
		want        string // one fact a line
		problem     string // part of the error; empty for none
	}{
		{
			name: "VRP, a deleted file and a directory",
			reply: `2024-05-01 10:00:00.123 +08:00
Directory of flash:/

  Idx  Attr     Size(Byte)  Date        Time       FileName
    0  dr-x              -  Nov 11 2019 20:16:35   $_checkpoint
    1  -rw-    572,847,476  Oct 21 2019 15:21:23   S5700 V200R019.cc
    2  -rw-             12  Oct 21 2019 15:21:23   [old.cc]

2,994,228 KB total (801,664 KB free)
`,
			want: `5 file|flash:/$_checkpoint|-
5 file permissions|flash:/$_checkpoint|dr-x
5 file time|flash:/$_checkpoint|Nov 11 2019 20:16:35
6 file|flash:/S5700 V200R019.cc|572847476
6 file permissions|flash:/S5700 V200R019.cc|-rw-
6 file time|flash:/S5700 V200R019.cc|Oct 21 2019 15:21:23
7 file|flash:/[old.cc]|12
7 file permissions|flash:/[old.cc]|-rw-
7 file time|flash:/[old.cc]|Oct 21 2019 15:21:23
9 total space|flash:|3066089472
9 free space|flash:|820903936
`,
		},
		{
			name: "Comware, two file systems, one of them empty",
			reply: `Directory of flash:
   0 -rw-     5301248 Jan 01 2013 00:00:54   5130ei-cmw710-boot-r3109p05.bin
   1 drwh           - Jan  1 2013 00:02:51   .trash

524288 KB total (461616 KB free)

File system type of flash: YAFFS2

Directory of slot2#usba0:/
The directory is empty.
1 MB total (1 MB free)
`,
			want: `2 file|flash:/5130ei-cmw710-boot-r3109p05.bin|5301248
2 file permissions|flash:/5130ei-cmw710-boot-r3109p05.bin|-rw-
2 file time|flash:/5130ei-cmw710-boot-r3109p05.bin|Jan 01 2013 00:00:54
3 file|flash:/.trash|-
3 file permissions|flash:/.trash|drwh
3 file time|flash:/.trash|Jan 1 2013 00:02:51
5 total space|flash:|536870912
5 free space|flash:|472694784
7 file system|flash:|YAFFS2
11 total space|slot2#usba0:|1048576
11 free space|slot2#usba0:|1048576
`,
		},
		{
			name:  "a row that is none",
			reply: "Directory of flash:/\n 0 -rw- 12 Nov 11 2019 20:16:35 a\n 1 -rw- twelve Nov 11 2019 20:16:35 b\n1 KB total (1 KB free)\n",
			want: `2 file|flash:/a|12
2 file permissions|flash:/a|-rw-
2 file time|flash:/a|Nov 11 2019 20:16:35
4 total space|flash:|1024
4 free space|flash:|1024
`,
			problem: "line 3: not a row of a listing",
		},
		{name: "cut short", reply: "Directory of flash:/\n", problem: "ends without its total"},
		{name: "the first of two is cut short", reply: "Directory of flash:/\nDirectory of usb0:/\n1 KB total (0 KB free)\n", want: "3 total space|usb0:|1024\n3 free space|usb0:|0\n", problem: "line 2: the listing of \"flash:/\" ends"},
		{name: "a file of no directory", reply: " 0 -rw- 12 Nov 11 2019 20:16:35 a\n", problem: "before the name of its directory"},
		{name: "more bytes than there are", reply: "Directory of flash:/\n99999999999999999 KB total (1 KB free)\n", problem: "no space of a file system"},
		{name: "a file system that can't be read", reply: "Directory of flash:/\n1 KB total (0 KB free)\nError: Failed to open sd1:/\n", want: "2 total space|flash:|1024\n2 free space|flash:|0\n", problem: "line 3"},
		{name: "nothing", problem: "no directory in the reply"},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, err := ReadDirectory(Reply{Text: strings.ReplaceAll(test.reply, "\n", "\r\n")})
			var got strings.Builder
			for _, f := range found {
				fmt.Fprintf(&got, "%d %s|%s|%s\n", f.Line, f.Kind, f.Subject, f.Value)
			}
			if diff := cmp.Diff(test.want, got.String()); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
				t.Errorf("problem %v, want one that says %q", err, test.problem)
			}
		})
	}
}

func TestUnlistedDirectories(t *testing.T) {
	set := facts.Set{Answers: []facts.Answer{{Command: "dir /all flash:/old/"}}}
	for _, path := range []string{"flash:/logfile", "flash:/old", "flash:/$_startup", "slot2#flash:/diagfile", "flash:/logfile"} {
		set.Facts = append(set.Facts, facts.Fact{Kind: facts.File, Subject: path, Value: "-"}, facts.Fact{Kind: facts.FilePermissions, Subject: path, Value: "drw-"})
	}
	set.Facts = append(set.Facts, facts.Fact{Kind: facts.FilePermissions, Subject: "flash:/a.cc", Value: "-rw-"})
	if diff := cmp.Diff([]string{"flash:/logfile/", "slot2#flash:/diagfile/"}, UnlistedDirectories(set)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := UnlistedDirectories(facts.Set{}); got != nil {
		t.Errorf("nothing was listed, and %q is asked about", got)
	}
	if got := UnlistedDirectories(facts.Set{Facts: []facts.Fact{{Kind: facts.File, Subject: "flash:/a.cc"}}}); got == nil || len(got) != 0 {
		t.Errorf("a listing without directories: %q", got)
	}
}
