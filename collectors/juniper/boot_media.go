package juniper

import (
	"path"
	"regexp"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// What Junos boots from is one of four things, and none of them is a file:
//
//   - one of two partitions with a whole system each (EX and branch SRX up to FreeBSD 6): readPartitions;
//   - the active set of packages, beside which a pending set waits for the next reboot (FreeBSD 10 and later): readPackageSets;
//   - an installed version of several (Junos OS Evolved): readInstalled;
//   - the packages of a single partition (older M, MX and T), about which no command says more than "show version".
//
// A VM host has two sets of partitions below that: readVMHost.

var partitionYields = []facts.Kind{
	facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.ComponentImage, facts.BootSetting,
}

var (
	// Boot Media: internal (da0)
	// Active Partition: da0s2a
	// Backup Partition: da0s1a
	// Currently booted from: active (da0s2a)
	partitionSetting = collectors.MustCompile(`^(Boot Media|Active Partition|Backup Partition|Currently booted from):\s+(\S.*)$`)

	// active (da0s2a)
	bootedPartition = collectors.MustCompile(`^\S+ \((\S+)\)$`)

	// Partitions information:
	//   Partition  Size   Mountpoint
	//   s1a        298M   altroot
	//   s4e               unused (backup config)
	partitionTable = collectors.MustCompile(`^Partitions information:|^\s*Partition\s+Size\s+Mountpoint|^\s+s\d[a-z]?\s`)
)

// readPartitions reads "show system storage partitions". The boot list is the active partition and behind it the backup one.
// Which of the two that is differs from member to member of a virtual chassis, so those of the others are settings.
func readPartitions(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	first, blocks, known := "", 0, false
	for l := range memberLines(&r, reply) {
		if blocks == 0 {
			first, blocks = l.member, 1
		}
		m := partitionSetting.FindStringSubmatch(l.text)
		if m == nil {
			if !partitionTable.MatchString(l.text) {
				r.Problem("line %d: not a line about partitions: %.80q", l.number, l.text)
			}
			continue
		}
		own := l.member == first
		switch m[1] {
		case "Currently booted from":
			booted := bootedPartition.FindStringSubmatch(m[2])
			if booted == nil {
				r.Problem("line %d: not a partition: %.80q", l.number, m[2])
				continue
			}
			known = true
			if own {
				r.Add(l.number, facts.RunningImage, "", booted[1])
			}
			if l.member != "" {
				r.Add(l.number, facts.ComponentImage, l.member, booted[1])
			}
		case "Boot Media":
			r.Add(l.number, facts.BootSetting, of(l.member, "boot media"), m[2])
		case "Active Partition", "Backup Partition":
			if !own {
				r.Add(l.number, facts.BootSetting, of(l.member, strings.ToLower(m[1])), m[2])
				continue
			}
			position := facts.Place("", 1)
			if m[1] == "Backup Partition" {
				position = facts.Place("", 2)
			}
			r.Add(l.number, facts.BootVariable, position, m[2])
			r.Add(l.number, facts.NextBootVariable, position, m[2])
		}
	}
	if !known {
		r.Problem("no booted partition in the reply")
	}
	return r.Done()
}

var snapshotYields = []facts.Kind{facts.Partition, facts.PartitionState}

var (
	// Information for snapshot on       internal (/dev/da0s1a) (backup)
	// Information for snapshot on hard-disk
	snapshotMedium = collectors.MustCompile(`^Information for snapshot on\s+(\S.*)$`)

	// internal (/dev/da0s1a) (backup)
	// hard-disk
	mediumName = collectors.MustCompile(`^(\S+?)(?:\s+\((/dev/[^\s()]+)\))?(?:\s+\(([a-z]+)\))?$`)

	// Creation date: Mar 27 01:27:05 2013
	// JUNOS version on snapshot:
	snapshotNote = collectors.MustCompile(`^(?:Creation date|Date created|Location|Total .*snapshots?|Snapshots available on .*):|^JUNOS [Vv]ersion on snapshot:$|^Snapshots available on`)

	//   jbase  : ex-12.3R3.4
	//   junos  : 15.1X49-D110.4-domestic
	snapshotPackage = collectors.MustCompile(`^\s*([a-z][\w-]*?)\s*: (\S+)$`)

	// Non-recovery snapshots:
	// Recovery Snapshots:
	// No recovery snapshots available
	snapshotSort = collectors.MustCompile(`(?i)^(?:(?:no )?(?:non-)?recovery snapshots|no snapshots?)`)

	// Snapshot snap.20180403.061310:
	// recovery.ufs
	snapshotName = collectors.MustCompile(`^(?:Snapshot (\S+):|(\S+\.ufs))$`)

	// Junos version: 18.1R1.9
	snapshotVersion = collectors.MustCompile(`^(?i:JUNOS version):\s+(\S+)$`)

	// ex-12.3R3.4
	// 15.1X49-D110.4-domestic
	packageRelease = collectors.MustCompile(`(?:^|-)(\d{1,2}\.\d[RFSX][\w.]*?(?:-[DS]\d[\w.]*)*(?:-EVO)?)(?:-[a-z]+)*$`)
)

// A snapshot is a copy of the system that the device could boot.
type snapshot struct {
	member, name, state string
	stateLine           int
	packages            []softwareLine
}

// readSnapshot reads "show system snapshot": the systems on the other partition, on another medium or among the recovery
// snapshots.
func readSnapshot(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r        collectors.Reading
		all      []*snapshot
		told     bool
		complain = func(l memberLine) { r.Problem("line %d: not a line about snapshots: %.80q", l.number, l.text) }
	)
	for l := range memberLines(&r, reply) {
		if m := snapshotMedium.FindStringSubmatch(l.text); m != nil {
			s := newSnapshot(m[1])
			if s == nil {
				complain(l)
				continue
			}
			s.member, s.stateLine = l.member, l.number
			all = append(all, s)
		} else if m := snapshotName.FindStringSubmatch(l.text); m != nil {
			all = append(all, &snapshot{member: l.member, name: m[1] + m[2]})
		} else if snapshotSort.MatchString(l.text) {
			told = true
		} else if m := snapshotVersion.FindStringSubmatch(l.text); m != nil && len(all) > 0 {
			last := all[len(all)-1]
			last.packages = append(last.packages, softwareLine{l.number, "junos", m[1]})
		} else if snapshotNote.MatchString(l.text) {
			// When and where it lies.
		} else if m := snapshotPackage.FindStringSubmatch(l.text); m != nil && len(all) > 0 {
			last := all[len(all)-1]
			last.packages = append(last.packages, softwareLine{l.number, m[1], m[2]})
		} else {
			complain(l)
		}
	}
	addSnapshots(&r, all)
	if len(all) == 0 && !told {
		r.Problem("no snapshot in the reply")
	}
	return r.Done()
}

// newSnapshot reads a medium, nil where it is none. A partition is called as the boot list calls it.
func newSnapshot(medium string) *snapshot {
	m := mediumName.FindStringSubmatch(medium)
	if m == nil {
		return nil
	}
	if m[2] != "" {
		return &snapshot{name: path.Base(m[2]), state: m[3]}
	}
	return &snapshot{name: m[1], state: m[3]}
}

func addSnapshots(r *collectors.Reading, all []*snapshot) {
	seen := map[string]bool{}
	for _, s := range all {
		subject := s.name
		if len(all) > 0 && s.member != all[0].member {
			subject = of(s.member, s.name)
		}
		if seen[subject] {
			r.Problem("two snapshots with the name %.80q", subject)
			continue
		}
		seen[subject] = true
		if p := s.system(); p.line != 0 {
			r.Add(p.line, facts.Partition, subject, releaseOf(p.version))
		} else {
			r.Problem("no version of snapshot %.80q in the reply", subject)
		}
		r.Add(s.stateLine, facts.PartitionState, subject, s.state)
	}
}

// system returns the package of a snapshot that stands for the system.
func (s *snapshot) system() softwareLine {
	for _, name := range []string{"junos", "jbase"} {
		for _, p := range s.packages {
			if p.name == name {
				return p
			}
		}
	}
	if len(s.packages) > 0 {
		return s.packages[0]
	}
	return softwareLine{}
}

// releaseOf returns the release in a package's version, and what it can't take apart as it is.
func releaseOf(text string) string {
	if m := packageRelease.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return text
}

var installedYields = []facts.Kind{
	facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.ComponentImage, facts.Partition, facts.PartitionState, facts.BootSetting,
}

var (
	// Active boot device is primary: /dev/sda
	activeDevice = collectors.MustCompile(`^Active boot device is (\S.*)$`)

	//  -   junos-evo-install-ptx-x86-64-20.2R1.10-EVO - [2020-06-22 11:09:07]
	//  <   junos-evo-install-ptx-x86-64-20.1R2.9-EVO - [2020-05-08 22:15:10]
	//      junos-evo-install-ptx-x86-64-19.4R3.11-EVO - [2020-01-08 22:15:10]
	installedRow = collectors.MustCompile(`^\s*([-><*]{0,2})\s*(junos-\S+)(?:\s+-\s+\[.*\])?$`)

	// List of installed version(s) :
	//     '-' running version
	//     '>' next boot version after upgrade/downgrade
	//     '<' rollback boot version
	//     '*' deleted JSU version
	installedNote = collectors.MustCompile(`^\s*'.' |^List of installed version|^\s*(?:Current|Rollback|Installed) time`)
)

// installedStates are the words of the legend.
var installedStates = []struct{ mark, state string }{
	{"-", "running version"}, {">", "next boot version"}, {"<", "rollback boot version"}, {"*", "deleted JSU version"},
}

// readInstalled reads "show system software list" of Junos OS Evolved: the installed versions of each routing engine, with
// a mark for the one that runs, the one that boots next where that is another, and the one to go back to.
func readInstalled(reply collectors.Reply) ([]facts.Fact, error) {
	type node struct {
		member        string
		running, next softwareLine
	}
	var r collectors.Reading
	var nodes []*node
	for l := range memberLines(&r, reply) {
		if len(nodes) == 0 || nodes[len(nodes)-1].member != l.member {
			nodes = append(nodes, &node{member: l.member})
		}
		n := nodes[len(nodes)-1]
		prefix := ""
		if len(nodes) > 1 {
			prefix = l.member
		}
		if m := activeDevice.FindStringSubmatch(l.text); m != nil {
			r.Add(l.number, facts.BootSetting, of(prefix, "active boot device"), m[1])
			continue
		}
		m := installedRow.FindStringSubmatch(l.text)
		if m == nil {
			if !installedNote.MatchString(l.text) {
				r.Problem("line %d: not an installed version: %.80q", l.number, l.text)
			}
			continue
		}
		image := softwareLine{line: l.number, name: m[2]}
		version, ok := versionInName(m[2])
		if !ok {
			version = m[2] // a development build
		}
		r.Add(l.number, facts.Partition, of(prefix, m[2]), version)
		for _, s := range installedStates {
			if !strings.Contains(m[1], s.mark) {
				continue
			}
			r.Add(l.number, facts.PartitionState, of(prefix, m[2]), s.state)
			switch s.mark {
			case "-":
				n.running = image
			case ">":
				n.next = image
			}
		}
	}
	for i, n := range nodes {
		if n.running.line == 0 {
			r.Problem("no running version of %q in the reply", n.member)
			continue
		}
		prefix := ""
		if i == 0 {
			r.Add(n.running.line, facts.RunningImage, "", n.running.name)
		} else {
			prefix = n.member
			r.Add(n.running.line, facts.ComponentImage, n.member, n.running.name)
		}
		r.Add(n.running.line, facts.BootVariable, facts.Place(prefix, 1), n.running.name)
		if n.next.line == 0 {
			n.next = n.running
		}
		r.Add(n.next.line, facts.NextBootVariable, facts.Place(prefix, 1), n.next.name)
	}
	if len(nodes) == 0 {
		r.Problem("no installed version in the reply")
	}
	return r.Done()
}

var vmHostYields = []facts.Kind{facts.BootLoaderVersion, facts.BootSetting, facts.Partition, facts.PartitionState, facts.ComponentVersion}

var (
	// Current root details,           Device sda, Label: jrootp_P, Partition: sda3
	// Current boot disk: Primary
	// Current root set: p
	// UEFI    Version: NGRE_v00.53.00.01
	vmHostSetting = collectors.MustCompile(`^(Current root details|Current boot disk|Current root set|UEFI +Version)[:,]\s*(\S.*)$`)

	// Primary Disk, Upgrade Time: Tue Aug  9 07:54:40 UTC 2016
	// Secondary Disk, Snapshot Time: Tue Sep  6 10:47:50 UTC 2016
	vmHostDisk = collectors.MustCompile(`^(Primary|Secondary) Disk,`)

	// Version: set p
	vmHostSet = collectors.MustCompile(`^Version: set (\S+)$`)

	// VMHost Version: 3.1066
	// VMHost Root: vmhost-x86_64-19.4R3.11
	// VMHost Core: vmhost-core-x86-64-19.4R3.11
	// kernel: 3.10.100-ovp-rt110-WR6.0.0.33_preempt-rt
	// Junos Disk: junos-install-mx-x86-64-19.4R3.11
	vmHostPart = collectors.MustCompile(`^(VMHost Version|VMHost Root|VMHost Core|kernel|Junos Disk|Junos Kernel|[A-Z][\w ]*):\s*(\S.*)?$`)
)

// readVMHost reads "show vmhost version": the host system below the guest, the two sets of partitions with a host and a guest
// each, and the one that was booted.
func readVMHost(reply collectors.Reply) ([]facts.Fact, error) {
	var (
		r            collectors.Reading
		disk, set    string
		current      single
		booted       single
		sets         = map[string]bool{}
		currentState = func(member, set string) bool { return current.value == set && member == "" }
	)
	for l := range memberLines(&r, reply) {
		if m := vmHostSetting.FindStringSubmatch(l.text); m != nil {
			switch {
			case strings.HasPrefix(m[1], "UEFI"):
				r.Add(l.number, facts.BootLoaderVersion, of(l.member, "UEFI"), m[2])
			default:
				r.Add(l.number, facts.BootSetting, of(l.member, "vm host "+strings.ToLower(strings.TrimPrefix(m[1], "Current "))), m[2])
			}
			switch m[1] {
			case "Current root set":
				current = single{m[2], l.number}
			case "Current boot disk":
				booted = single{m[2], l.number}
			}
			continue
		}
		if m := vmHostDisk.FindStringSubmatch(l.text); m != nil {
			disk, set = strings.ToLower(m[1])+" disk", ""
			continue
		}
		if m := vmHostSet.FindStringSubmatch(l.text); m != nil {
			set = of(l.member, of(disk, "set "+m[1]))
			if sets[set] {
				r.Problem("line %d: a second account of %q", l.number, set)
			}
			sets[set] = true
			if currentState(l.member, m[1]) && strings.EqualFold(booted.value+" disk", disk) {
				r.Add(current.line, facts.PartitionState, set, "current")
			}
			continue
		}
		m := vmHostPart.FindStringSubmatch(l.text)
		switch {
		case m == nil || set == "":
			r.Problem("line %d: not a line about the VM host: %.80q", l.number, l.text)
		case m[1] == "Junos Disk" && m[2] != "":
			r.Add(l.number, facts.Partition, set, releaseOf(m[2]))
		case m[1] != "Junos Disk":
			r.Add(l.number, facts.ComponentVersion, of(set, strings.ToLower(m[1])), m[2])
		}
	}
	if len(sets) == 0 {
		r.Problem("no set of partitions in the reply")
	}
	return r.Done()
}

// packageSet is the directory of the sets of packages.
const packageSets = "/packages/sets"

var packageSetYields = []facts.Kind{
	facts.RunningImage, facts.BootVariable, facts.NextBootVariable, facts.PartitionState, facts.File, facts.FileTime, facts.FilePermissions,
}

// setName is the name of a set, without the routing engine it is on.
//
//	/packages/sets/active
var setName = regexp.MustCompile(`^(?:([a-z]+\d+):)?(` + packageSets + `)/+(active|pending|previous)$`)

// readPackageSets reads "file list detail /packages/sets/": the active set of packages is what runs; a pending one takes its place
// at the next reboot. The sets of the other routing engine are its boot list.
func readPackageSets(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	readListing(&r, reply)
	found, problems := r.Done()
	var active, next facts.Fact
	engine := ""
	for _, f := range found {
		m := setName.FindStringSubmatch(f.Subject)
		if f.Kind != facts.File || m == nil {
			continue
		}
		engine = m[1]
		set := facts.Fact{Line: f.Line, Value: m[2] + "/" + m[3]}
		r.Add(f.Line, facts.PartitionState, f.Subject, m[3])
		switch m[3] {
		case "active":
			active = set
		case "pending":
			next = set
		}
	}
	if active.Line == 0 {
		if problems == nil {
			r.Problem("no active set of packages in the reply")
		}
		return r.Done()
	}
	if next.Line == 0 {
		next = active
	}
	if engine == "" {
		r.Add(active.Line, facts.RunningImage, "", active.Value)
	}
	r.Add(active.Line, facts.BootVariable, facts.Place(engine, 1), active.Value)
	r.Add(next.Line, facts.NextBootVariable, facts.Place(engine, 1), next.Value)
	return r.Done()
}
