package cisco

import (
	"testing"

	"trueboot/facts"
)

func TestFiles(t *testing.T) {
	runReaderTests(t, []readerTest{
		{
			name: "file systems of two supervisors", command: "show file systems",
			reply: `File Systems:

     Size(b)     Free(b)      Type  Flags  Prefixes
*  1024589824   523010048      disk     rw   bootdisk: sup-bootdisk:#
           -           -      disk     rw   disk0: 
   128184320    59555840     flash     rw   slavedisk0: slavesup-bootdisk:
           -           -   network     rw   cns:
           -           -    opaque     wo   syslog:
    65536000           -
`,
			want: []fact{
				{facts.FileSystem, "bootdisk:", "disk", 4}, {facts.FileSystemAlias, "sup-bootdisk:", "bootdisk:", 4}, {facts.FileSystemAccess, "bootdisk:", "rw", 4},
				{facts.TotalSpace, "bootdisk:", "1024589824", 4}, {facts.FreeSpace, "bootdisk:", "523010048", 4},
				{facts.FileSystem, "disk0:", "disk, no medium", 5}, {facts.FileSystemAccess, "disk0:", "rw", 5},
				{facts.FileSystem, "slavedisk0:", "flash", 6}, {facts.FileSystemAlias, "slavesup-bootdisk:", "slavedisk0:", 6}, {facts.FileSystemAccess, "slavedisk0:", "rw", 6},
				{facts.TotalSpace, "slavedisk0:", "128184320", 6}, {facts.FreeSpace, "slavedisk0:", "59555840", 6},
				{facts.FileSystem, "cns:", "network", 7}, {facts.FileSystemAccess, "cns:", "rw", 7}, {facts.FileSystem, "syslog:", "opaque", 8}, {facts.FileSystemAccess, "syslog:", "wo", 8},
			},
			problem: "line 9: not a file system",
		},
		{
			name: "no time zone, a size beyond 32 bits, a name that looks like a row's end", command: "dir flash:",
			reply: `Directory of flash:/

    2  -rwx     4120876  Mar 01 1993 00:04:32  c2950-i6q4l2-mz.121-22.EA4.bin
    3  drwx         192  Mar  1 1993 00:03:06  html
    4  lrwx           9  Jun 14 2019 09:41:19 -07:00  packages.conf
    5  -rw-  5368709120  Jun 14 2019 09:41:19 +02:00  core 1 (old) bytes total
    6  -rw-  -2147483648  <no date>  wrapped

7741440 bytes total (3024896 bytes free/39% free)
`,
			want: []fact{
				{facts.File, "flash:/c2950-i6q4l2-mz.121-22.EA4.bin", "4120876", 3}, {facts.FilePermissions, "flash:/c2950-i6q4l2-mz.121-22.EA4.bin", "-rwx", 3}, {facts.FileTime, "flash:/c2950-i6q4l2-mz.121-22.EA4.bin", "Mar 01 1993 00:04:32", 3},
				{facts.File, "flash:/html", "192", 4}, {facts.FilePermissions, "flash:/html", "drwx", 4}, {facts.FileTime, "flash:/html", "Mar 1 1993 00:03:06", 4},
				{facts.File, "flash:/packages.conf", "9", 5}, {facts.FilePermissions, "flash:/packages.conf", "lrwx", 5}, {facts.FileTime, "flash:/packages.conf", "Jun 14 2019 09:41:19 -07:00", 5},
				{facts.File, "flash:/core 1 (old) bytes total", "5368709120", 6}, {facts.FilePermissions, "flash:/core 1 (old) bytes total", "-rw-", 6}, {facts.FileTime, "flash:/core 1 (old) bytes total", "Jun 14 2019 09:41:19 +02:00", 6},
				{facts.File, "flash:/wrapped", "-2147483648", 7}, {facts.FilePermissions, "flash:/wrapped", "-rw-", 7},
				{facts.TotalSpace, "flash:", "7741440", 9}, {facts.FreeSpace, "flash:", "3024896", 9},
			},
		},
		{
			name: "several file systems, one of them empty", command: "dir all-filesystems",
			reply: "Directory of system:/\n\n    2  dr-x           0                    <no date>  memory\n\nNo space information available\nDirectory of nvram:/\n\nNo files in directory\n\n262136 bytes total (262136 bytes free)\n",
			want: []fact{
				{facts.File, "system:/memory", "0", 3}, {facts.FilePermissions, "system:/memory", "dr-x", 3}, {facts.TotalSpace, "nvram:", "262136", 10}, {facts.FreeSpace, "nvram:", "262136", 10},
			},
		},
		{
			name: "an error in the middle of a listing", command: "dir /recursive flash:",
			reply:   "Directory of flash:/*\n\n    2  -rw-        3096   <no date>  vlan.dat\n    3  -rw-        3096   <no date>  b\n    4  -rw-        3096   <no date>  c\n%Error opening flash:/secret (Permission denied)\n\n262136 bytes total (262136 bytes free)\n",
			want:    []fact{{facts.File, "flash:/vlan.dat", "3096", 3}, {facts.FilePermissions, "flash:/vlan.dat", "-rw-", 3}, {facts.File, "flash:/b", "3096", 4}, {facts.FilePermissions, "flash:/b", "-rw-", 4}, {facts.File, "flash:/c", "3096", 5}, {facts.FilePermissions, "flash:/c", "-rw-", 5}, {facts.TotalSpace, "flash:", "262136", 8}, {facts.FreeSpace, "flash:", "262136", 8}},
			problem: "line 6: not a row of a listing",
		},
		{name: "no archive", command: "show archive", reply: "Archive feature not enabled\n"},
		{name: "an archive of which nothing is known", command: "show archive", reply: "\n", problem: "no archive"},
	})
}
