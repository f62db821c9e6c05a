package juniper

import (
	"fmt"
	"path"
	"strings"

	"trueboot/collectors"
	"trueboot/facts"
)

// The operations are named after Juniper's, the elements of their replies as Juniper's own XML names them. With several
// members a reply is wrapped, and so is each member's:
//
//	<multi-routing-engine-results><multi-routing-engine-item><re-name>node0</re-name>
//	  <software-information>…</software-information></multi-routing-engine-item></multi-routing-engine-results>

var junosRPCs = []collectors.Query{
	{Commands: []string{"<get-software-information/>"}, Yields: softwareYields, Read: readSoftwareRPC},
	{Commands: []string{"<get-chassis-inventory/>"}, Yields: hardwareYields, Read: readInventoryRPC},
	{Commands: []string{"<get-route-engine-information/>"}, Yields: routingEngineYields, Read: readRoutingEngineRPC},
	{Commands: []string{"<get-system-uptime-information/>"}, Yields: []facts.Kind{facts.BootTime, facts.Uptime}, Read: readUptimeRPC},
	{Commands: []string{"<get-snapshot-information/>"}, Unless: isEvolved, Yields: snapshotYields, Read: readSnapshotRPC},
	{Commands: []string{"<file-list><detail/><path>{directory}</path></file-list>"}, Each: ownDirectories, Yields: fileYields, Read: readFileListRPC},
	{Commands: []string{
		"<get-sha256-checksum-information><path>{file}</path></get-sha256-checksum-information>",
		"<get-sha1-checksum-information><path>{file}</path></get-sha1-checksum-information>",
		"<get-checksum-information><path>{file}</path></get-checksum-information>",
	}, Each: hashable, Yields: []facts.Kind{facts.ImageDigest}, Read: readChecksumRPC, Hash: true},
}

// A memberElement is what one member answers.
type memberElement struct {
	member string
	*collectors.Element
}

// memberElements finds the elements of that name in a reply, each with the member whose it is. An error of a member
// is a problem of the reply.
func memberElements(r *collectors.Reading, reply collectors.Reply, name string) ([]memberElement, error) {
	root, err := reply.XML()
	if err != nil {
		return nil, err
	}
	var found []memberElement
	take := func(member string, e *collectors.Element) {
		before := len(found)
		if e.Name == name {
			found = append(found, memberElement{member, e})
		} else {
			for c := range e.All(name) {
				found = append(found, memberElement{member, c})
			}
		}
		if len(found) == before {
			output, line := outputOf(e)
			r.Problem("no %s of %q in the reply%s", name, member, quoted(output, line))
		}
	}
	items := 0
	for item := range root.All("multi-routing-engine-item") {
		items++
		name, line := item.Value("re-name")
		if name == "" {
			r.Problem("line %d: an answer of nobody", line+item.Line)
			continue
		}
		take(named(name), item)
	}
	if items == 0 {
		take("", root)
	}
	return found, nil
}

// outputOf returns what a member says in place of an answer.
//
//	<output>error: command is not valid on the mx480</output>
func outputOf(e *collectors.Element) (string, int) {
	for o := range e.All("output") {
		return o.Text, o.Line
	}
	return "", 0
}

func quoted(text string, line int) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf(": line %d: %.120q", line, text)
}

// readSoftwareRPC reads <software-information>. The comment of a package is its line in "show version".
//
//	<host-name>mx480-1</host-name><product-model>mx480</product-model><junos-version>21.4R3-S5.4</junos-version>
//	<package-information><name>os-kernel</name><comment>JUNOS OS Kernel 64-bit  [20230315.e1d4b9a_builder_stable_12_213]</comment></package-information>
func readSoftwareRPC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	members, err := memberElements(&r, reply, "software-information")
	if err != nil {
		return nil, err
	}
	var all []*software
	for _, e := range members {
		s := &software{member: e.member}
		for _, c := range e.Children {
			switch c.Name {
			case "host-name":
				s.hostname.set(&r, c.Line, "host name", c.Text)
			case "product-model":
				s.model.set(&r, c.Line, "model", c.Text)
			case "junos-version":
				s.junos.set(&r, c.Line, "version", c.Text)
			case "package-information":
				comment, line := c.Value("comment")
				if m := packageLine.FindStringSubmatch(comment); m != nil {
					s.packages = append(s.packages, softwareLine{line, m[1], m[2]})
				} else if m := jdmVersionLine.FindStringSubmatch(comment); m != nil {
					s.junos.set(&r, line, "version", m[1])
				} else if comment != "" {
					r.Problem("line %d: not a package: %.80q", line, comment)
				}
			}
		}
		all = append(all, s)
	}
	addSoftware(&r, all, true)
	return r.Done()
}

// readInventoryRPC reads <chassis-inventory>: the chassis, in it modules, and in each of those what is in it.
//
//	<chassis><name>Chassis</name><serial-number>JN1111111AFB</serial-number><description>MX480</description>
//	  <chassis-module><name>FPC 0</name><version>REV 24</version><part-number>750-054902</part-number>
//	    <chassis-sub-module><name>PIC 0</name>…
func readInventoryRPC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	members, err := memberElements(&r, reply, "chassis-inventory")
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, e := range members {
		for _, c := range e.Children {
			if c.Name == "chassis" {
				parts = appendParts(parts, e.member, c, 0)
			}
		}
	}
	addParts(&r, parts)
	return r.Done()
}

// appendParts adds a part and those in it. The parts in the chassis count as beside it, as the command line shows them.
func appendParts(parts []part, member string, e *collectors.Element, level int) []part {
	p := part{line: e.Line, member: member, level: level}
	for _, c := range e.Children {
		switch c.Name {
		case "name":
			p.item, p.line = c.Text, c.Line
		case "version":
			p.version = c.Text
		case "part-number":
			p.number = c.Text
		case "serial-number":
			p.serial = c.Text
		case "description":
			p.describe = c.Text
		}
	}
	parts = append(parts, p)
	if p.item != chassis {
		level++
	}
	for _, c := range e.Children {
		if strings.HasPrefix(c.Name, "chassis-") && c.Child("name") != nil {
			parts = appendParts(parts, member, c, level)
		}
	}
	return parts
}

// readRoutingEngineRPC reads <route-engine-information>.
//
//	<route-engine><slot>0</slot><mastership-state>master</mastership-state><model>RE-S-1800x4</model><serial-number>9009123456</serial-number>
//	  <start-time junos:seconds="1510927195">2017-11-17 13:59:55 UTC</start-time>
//	  <up-time junos:seconds="600169">6 days, 22 hours, 42 minutes, 49 seconds</up-time>
//	  <last-reboot-reason>Router rebooted after a normal shutdown.</last-reboot-reason></route-engine>
func readRoutingEngineRPC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	members, err := memberElements(&r, reply, "route-engine")
	if err != nil {
		return nil, err
	}
	settings := map[string]string{
		"mastership-state": "Current state", "model": "Model", "serial-number": "Serial ID", "start-time": "Start time",
		"up-time": "Uptime", "last-reboot-reason": "Last reboot reason",
	}
	var engines []*engine
	for _, m := range members {
		e := &engine{line: m.Line, member: m.member}
		e.slot, _ = m.Value("slot")
		for _, c := range m.Children {
			if name, ok := settings[c.Name]; ok && c.Text != "" {
				e.set(&r, c.Line, name, c.Text)
			}
		}
		engines = append(engines, e)
	}
	addEngines(&r, engines)
	return r.Done()
}

// readUptimeRPC reads <system-uptime-information>.
//
//	<system-booted-time><date-time junos:seconds="1617013925">2021-03-29 13:32:05 MSK</date-time>
//	  <time-length junos:seconds="13374966">22w0d 19:16</time-length></system-booted-time>
func readUptimeRPC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	members, err := memberElements(&r, reply, "system-booted-time")
	if err != nil {
		return nil, err
	}
	for i, e := range members {
		if i > 0 && e.member == members[i-1].member {
			r.Problem("line %d: a second boot of %q", e.Line, e.member)
			continue
		}
		booted, line := e.Value("date-time")
		addFor(&r, line, facts.BootTime, e.member, i == 0, booted)
		length, line := e.Value("time-length")
		seconds, ok := elapsedSeconds(length)
		if stated := e.Child("time-length"); stated != nil && digits(stated.Attributes["seconds"]) {
			seconds, ok = stated.Attributes["seconds"], true
		}
		if !ok {
			r.Problem("line %d: not a duration: %.80q", line, length)
			continue
		}
		addFor(&r, line, facts.Uptime, e.member, i == 0, seconds)
	}
	return r.Done()
}

// digits reports whether the text is a number that is not too long for one of seconds or bytes.
func digits(text string) bool {
	return text != "" && len(text) <= 18 && strings.Trim(text, "0123456789") == ""
}

// readSnapshotRPC reads <snapshot-information>. Media and versions follow one another as siblings.
//
//	<snapshot-medium>internal (/dev/da0s1a) (backup)</snapshot-medium><creation-date>Mar 27 01:27:05 2013</creation-date>
//	<software-version><package><package-name>jbase</package-name><package-version>ex-12.3R3.4</package-version></package></software-version>
func readSnapshotRPC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	members, err := memberElements(&r, reply, "snapshot-information")
	if err != nil {
		return nil, err
	}
	var all []*snapshot
	for _, e := range members {
		before := len(all)
		for _, c := range e.Children {
			switch c.Name {
			case "snapshot-medium":
				s := newSnapshot(c.Text)
				if s == nil {
					r.Problem("line %d: not a medium: %.80q", c.Line, c.Text)
					continue
				}
				s.member, s.stateLine = e.member, c.Line
				all = append(all, s)
			case "software-version":
				if len(all) == before {
					r.Problem("line %d: a version of no snapshot", c.Line)
					continue
				}
				for p := range c.All("package") {
					name, _ := p.Value("package-name")
					version, line := p.Value("package-version")
					if version != "" {
						all[len(all)-1].packages = append(all[len(all)-1].packages, softwareLine{line, name, version})
					}
				}
			}
		}
		if len(all) == before {
			output, line := outputOf(e.Element)
			r.Problem("no snapshot of %q in the reply%s", e.member, quoted(output, line))
		}
	}
	addSnapshots(&r, all)
	return r.Done()
}

// noSuchDirectory is what stands in the place of a listing.
//
//	<output>/var/sw/pkg/: No such file or directory</output>
var noSuchDirectory = collectors.MustCompile(`: No such file or directory\s*$`)

// readFileListRPC reads <directory-list>. A directory that is not there holds no files.
//
//	<directory-list root-path="/var/tmp"><directory name="/var/tmp/"><file-information><file-name>x.tgz</file-name>
//	  <file-permissions format="-rw-r--r--">644</file-permissions><file-size>5362</file-size>
//	  <file-date format="Sep 12 20:03">1347480180</file-date></file-information></directory></directory-list>
func readFileListRPC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	root, err := reply.XML()
	if err != nil {
		return nil, err
	}
	asked := pathOf(reply.Command)
	told := false
	for d := range root.All("directory") {
		told = true
		directory := d.Attributes["name"]
		if directory == "" {
			directory = asked
		}
		if directory == "" {
			r.Problem("line %d: a listing of no directory", d.Line)
			continue
		}
		for _, f := range d.Children {
			if f.Name == "file-information" {
				addFileElement(&r, directory, f)
			}
		}
	}
	if output, line := outputOf(root); output != "" {
		if !noSuchDirectory.MatchString(output) {
			r.Problem("line %d: %.120q", line, output)
		}
		told = true
	}
	if !told {
		r.Problem("no listing in the reply")
	}
	return r.Done()
}

func addFileElement(r *collectors.Reading, directory string, f *collectors.Element) {
	name, _ := f.Value("file-name")
	size, sizeLine := f.Value("file-size")
	if name == "" || !digits(size) {
		r.Problem("line %d: a file without a name or a size", f.Line)
		return
	}
	if strings.HasPrefix(name, "/") { // the path that was asked for, where it is a file
		directory, name = path.Dir(name), path.Base(name)
	}
	mode := ""
	permissions, date := f.Child("file-permissions"), f.Child("file-date")
	if permissions != nil {
		mode = permissions.Attributes["format"]
	}
	file := filePath(directory, name, mode)
	if file == "" {
		return
	}
	r.Add(sizeLine, facts.File, file, size)
	if permissions != nil {
		r.Add(permissions.Line, facts.FilePermissions, file, mode)
	}
	if date != nil {
		r.Add(date.Line, facts.FileTime, file, strings.Join(strings.Fields(date.Attributes["format"]), " "))
	}
}

// pathOf returns the path in an operation.
//
//	<file-list><detail/><path>/var/tmp/</path></file-list>
func pathOf(operation string) string {
	_, rest, ok := strings.Cut(operation, "<path>")
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(rest, "</path>")
	return strings.TrimSpace(text)
}

// readChecksumRPC reads <checksum-information>.
//
//	<file-checksum><computation-method>SHA256</computation-method><input-file>/var/tmp/x.tgz</input-file>
//	  <checksum>9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08</checksum></file-checksum>
func readChecksumRPC(reply collectors.Reply) ([]facts.Fact, error) {
	var r collectors.Reading
	members, err := memberElements(&r, reply, "file-checksum")
	if err != nil {
		return nil, err
	}
	for _, e := range members {
		algorithm, _ := e.Value("computation-method")
		file, _ := e.Value("input-file")
		if file == "" {
			file = pathOf(reply.Command)
		}
		sum, line := e.Value("checksum")
		if file == "" || sum == "" {
			r.Problem("line %d: a checksum without a file or without digits", e.Line)
			continue
		}
		addDigest(&r, line, plainAlgorithm(algorithm), file, sum)
	}
	return r.Done()
}
