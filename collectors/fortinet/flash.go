package fortinet

import (
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

var (
	// Partition  Image                                     TotalSize(KB)  Used(KB)  Use%  Active
	flashHeading = collectors.MustCompile(`^Partition\s+Image\s+TotalSize\(KB\)\s+Used\(KB\)\s+Use%\s+Active$`)

	// 1          FGT60F-7.02-FW-build1517-230606                  253871     89792   35%  No
	// 2          FG200D-6.02-FW-build1066-200227                  253871     81500   32%  Yes
	// 3          EXDB-1.00000                                    3021708    139756    5%  No
	// 1                                                           253920         5    0%  No
	flashRow = collectors.MustCompile(`^(\d+)\s+(?:(\S+)\s+)?(\d+)\s+(\d+)\s+(\d+)%\s+(Yes|No)$`)

	// FGT60F-7.02-FW-build1517-230606
	// FGVMK6-7.04-FW-build2463-230830
	firmwareImage = collectors.MustCompile(`^[\w-]+-\d+\.\d+-FW-build(\d+)-\d{6,8}$`)

	// EXDB-1.00000
	databaseImage = collectors.MustCompile(`^([A-Za-z]\w*)-(\d+\.\d+)$`)

	// Image build at Aug 30 2023 19:02:24 for b2463
	// Image build at Mar 22 2021 19:45:18 for b1803
	buildLine = collectors.MustCompile(`^Image build at (\S.*\S) for b(\d+)$`)
)

var flashYields = []facts.Kind{
	facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.Partition, facts.PartitionState, facts.ContentVersion, facts.CompileTime,
}

// A flashPartition is a row of the flash list.
type flashPartition struct {
	name, build string
	line        int
	active      bool
}

// readFlash reads "diagnose sys flash list".
//
// "Active" marks the partition that the device boots: "execute set-next-reboot" moves the mark while the running image stays what
// it is. What runs is told by the last line, which names its build. Where a release does not print that line, the marked partition
// stands for both; the running version tells whether that is true.
func readFlash(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r          collectors.Reading
		partitions []flashPartition
		table      bool
		running    string // build
		runs       int    // line that names it
	)
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if flashHeading.MatchString(text) {
			table = true
		} else if m := buildLine.FindStringSubmatch(text); m != nil {
			table = false
			running, runs = trimZeros(m[2]), n
			r.Add(n, facts.CompileTime, "", m[1])
		} else if m := flashRow.FindStringSubmatch(text); m != nil && table {
			if d := databaseImage.FindStringSubmatch(m[2]); d != nil {
				r.Add(n, facts.ContentVersion, strings.ToLower(d[1]), d[2])
				continue
			}
			r.Add(n, facts.PartitionState, m[1], m[6])
			p := flashPartition{name: m[1], line: n, active: m[6] == "Yes"}
			if i := firmwareImage.FindStringSubmatch(m[2]); i != nil {
				p.build = trimZeros(i[1])
			} else if m[2] != "" {
				r.Problem("line %d: an image without a version in its name: %.80q", n, m[2])
			}
			r.Add(n, facts.Partition, m[1], m[2])
			partitions = append(partitions, p)
		} else if table && text != "" && !promptLine.MatchString(text) {
			r.Problem("line %d: not a partition: %.80q", n, text)
		}
	}
	addBoot(&r, partitions, running, runs)
	return r.Done()
}

// addBoot tells from the partitions which one runs and which one boots next.
func addBoot(r *collectors.Reading, partitions []flashPartition, running string, runs int) {
	var next, now *flashPartition
	for i, p := range partitions {
		if !p.active {
			continue
		}
		if next != nil {
			r.Problem("lines %d and %d: two partitions are active", next.line, p.line)
			return
		}
		next = &partitions[i]
	}
	if next == nil {
		r.Problem("no active partition in the reply")
		return
	}
	r.Add(next.line, facts.NextBootVariable, facts.Place("", 1), next.name)
	if now = next; running != "" && next.build != running {
		now = nil
		for i, p := range partitions {
			if p.build != running {
				continue
			}
			if now != nil {
				r.Problem("lines %d and %d: two partitions hold build %s, which runs", now.line, p.line, running)
				return
			}
			now = &partitions[i]
		}
	}
	if now == nil {
		r.Problem("line %d: build %s runs, and no partition holds it", runs, running)
		return
	}
	r.Add(now.line, facts.RunningImage, "", now.name)
	r.Add(now.line, facts.BootVariable, facts.Place("", 1), now.name)
}

// trimZeros spells a build number in one way: "0076" of the version line is "76" of the flash list.
func trimZeros(number string) string {
	return strings.TrimLeft(number[:len(number)-1], "0") + number[len(number)-1:]
}

// autoInstallLine is a setting of "get system auto-install": what the device takes from a USB drive when it boots.
//
//	auto-install-image  : enable
//	default-image-file  : image.out
var autoInstallLine = collectors.MustCompile(`^((?:auto-install|default)-[a-z-]+)\s*: *(.*)$`)

func readAutoInstall(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	for n, line := range reply.Lines() {
		text := strings.TrimSpace(line)
		if m := autoInstallLine.FindStringSubmatch(text); m != nil {
			r.Add(n, facts.BootSetting, m[1], m[2])
		} else if text != "" && !promptLine.MatchString(text) {
			r.Problem("line %d: not a setting: %.80q", n, text)
		}
	}
	if r.Empty() {
		r.Problem("no setting in the reply")
	}
	return r.Done()
}
