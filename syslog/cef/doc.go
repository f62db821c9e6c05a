// Package cef reads ArcSight's Common Event Format, as it is, and as relays leave it, and IBM's LEEF, its near relation.
//
// A line names its vendor, a class and an activity, and then holds pairs whose values run, blanks and all, to the next key:
//
//	CEF:0|CISCO|ASA||111010|User 'admin' executed 'reload'|Low| src=10.0.0.9 dvchost=fw1 deviceSeverity=5
//
// The record has the pairs that the rules name under the record's own names, and each pair as it was under "cef." and its key. Where
// the vendor's own message is in the line, it becomes a nested line, so that the rules for that vendor's syslog hold for its CEF as well.
package cef

import "trueboot/syslog/envelope"

// Formats are the formats of this package, in the order in which they are to be tried.
var Formats = []envelope.Format{
	{Name: "cef-text", Marks: []string{
		"|CISCO|", "|Cisco|", "|Juniper|", "|Juniper Networks|", "|Arista|", "|Arista Networks|", "|F5|", "|Huawei|", "|HUAWEI|", "|HPE|", "|H3C|", "rawEvent=",
	}, Nested: true, Carries: true, Read: readText},
	// Here a number is not spelled as it is elsewhere, or a person may have typed what is looked for.
	{Name: "cef", Marks: []string{"|WatchGuard|", "|ClearPass|", "cmd=", "ommand=", "=Command"}, Carries: true, Read: read},
	// "0|" and "1|" begin a line that a relay took "CEF:" from.
	{Name: "cef", Marks: []string{"CEF:", "0|", "1|"}, Read: read},
	{Name: "leef", Marks: []string{"LEEF:"}, Carries: true, Read: readLEEF},
}
