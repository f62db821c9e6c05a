package compare

import (
	"testing"

	"trueboot/facts"
)

func TestDeviceIdentity(t *testing.T) {
	serial, model, mac, key := facts.SerialNumber, facts.Model, facts.BaseMAC, facts.HostKey
	third := []edit{
		add("show version", facts.ComponentVersion, "switch 3", "17.09.04a"),
		add("show version", serial, "switch 3", "FCW2136E5F6"),
		add("show version", model, "switch 3", "C9300-48U"),
	}
	try(t, deviceIdentity, stack, []row{
		{name: "equal, built separately", want: []string{"PASS E0"}, says: "2 serial numbers, 2 models, 1 base mac, 1 hostname, 1 host key, all unchanged since 2026-11-20"},
		{name: "fact missing", observed: []edit{drop(serial, "switch 1")},
			want: []string{"NOT-ASSESSED parse-incomplete serial number switch 1"}, says: `the reply to "show version" held it`},
		{name: "refused", observed: []edit{unanswered("show version", facts.NoPrivilege, "", "", serial, model, mac, facts.Hostname)}, want: []string{
			"NOT-ASSESSED no-privilege serial number switch 1", "NOT-ASSESSED no-privilege serial number switch 2",
			"NOT-ASSESSED no-privilege model switch 1", "NOT-ASSESSED no-privilege model switch 2",
			"NOT-ASSESSED no-privilege base mac switch 1", "NOT-ASSESSED no-privilege hostname"}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "unreachable", observed: []edit{unreachable(facts.Unreachable)},
			want: []string{"NOT-ASSESSED unreachable serial number switch 1"}, says: "connection refused"},
		{name: "unreachable, no baseline", unapproved: true, observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable"}},

		{name: "a reply was not understood in full", observed: []edit{gapped(facts.Gap{Command: "show x", Reason: facts.ParseIncomplete, Detail: "line 7", Kinds: []facts.Kind{serial}})}, want: []string{"NOT-ASSESSED parse-incomplete"}},
		{name: "another serial number", observed: []edit{set(serial, "switch 1", "FCW0000A0A0")},
			want: []string{"FAIL high serial number switch 1"}, says: `approved on 2026-11-20: "FCW2134A1B2"`},
		{name: "another model", observed: []edit{set(model, "switch 2", "C9300-24T")}, want: []string{"FAIL high model switch 2"}},
		{name: "another address", observed: []edit{set(mac, "switch 1", "7c:ad:4f:00:01:81")}, want: []string{"FAIL high base mac switch 1"}},
		{name: "the address in another spelling", observed: []edit{set(mac, "switch 1", "7CAD.4F00.0180")}, want: []string{"PASS E0"}},
		{name: "another name", observed: []edit{set(facts.Hostname, "", "core2")}, want: []string{"FAIL medium hostname"}},
		{name: "another host key", observed: []edit{set(key, "ssh-ed25519", "SHA256:0000")}, want: []string{"FAIL high host key ssh-ed25519"}},
		{name: "a key of another type instead", observed: []edit{drop(key, "ssh-ed25519"), add("handshake", key, "ssh-rsa", "SHA256:0000")},
			want: []string{"FAIL high host key ssh-ed25519"}, says: `of type "ssh-rsa" instead of`},
		{name: "a key of another type beside it", observed: []edit{add("handshake", key, "ssh-rsa", "SHA256:0000")}, want: []string{"FAIL high host key ssh-rsa"}},
		{name: "no key at all", observed: []edit{drop(key, "*")}, want: []string{"NOT-ASSESSED parse-incomplete host key ssh-ed25519"}},
		{name: "the known key changed, nobody logged in", observed: []edit{unreachable(facts.HostKeyChanged)},
			want: []string{"FAIL high host key", "NOT-ASSESSED host-key-changed serial number switch 1"}},
		{name: "the known key changed, no baseline", unapproved: true, observed: []edit{unreachable(facts.HostKeyChanged)},
			want: []string{"FAIL high host key", "NOT-ASSESSED host-key-changed"}},
		{name: "two replies, two values", observed: []edit{add("show inventory", serial, "switch 1", "FCW0000A0A0")},
			want: []string{"FAIL high serial number switch 1"}},

		{name: "a member is gone", observed: []edit{drop(serial, "switch 2"), drop(model, "switch 2"), drop(facts.ComponentVersion, "switch 2"),
			drop(facts.ComponentImage, "switch 2"), drop(facts.Uptime, "switch 2")},
			want: []string{"FAIL high serial number switch 2", "FAIL high model switch 2"}, says: "is gone: no reply names it"},
		{name: "a member hides its serial number", observed: []edit{drop(serial, "switch 2")}, want: []string{"NOT-ASSESSED parse-incomplete serial number switch 2"}},
		{name: "a member is new", observed: third, want: []string{"FAIL high serial number switch 3", "FAIL high model switch 3"}},
		{name: "two members changed places", observed: []edit{set(serial, "switch 1", "FCW2135C3D4"), set(serial, "switch 2", "FCW2134A1B2")},
			want: []string{"FAIL high serial number switch 1", "FAIL high serial number switch 2"}},
		{name: "a member that only an unapproved command names", observed: []edit{
			add("show switch", facts.ComponentRole, "switch 3", "Member"), add("show inventory detail", serial, "switch 3", "FCW2136E5F6")},
			want: []string{"NOT-ASSESSED no-baseline serial number switch 3"}, says: "none was approved"},
		{name: "a power supply was replaced", observed: []edit{set(serial, "Power Supply A", "LIT21300XYZ")}, want: []string{"PASS E0"}},

		{name: "virtual: no serial number, but an address", approved: []edit{drop(serial, "*")}, observed: []edit{drop(serial, "*")}, want: []string{"PASS E0"}},
		{name: "identity refused at both times", approved: []edit{drop(serial, "*"), drop(mac, "*")}, observed: []edit{drop(serial, "*"), drop(mac, "*"), gapped(facts.Gap{Command: "show inventory", Reason: facts.NoPrivilege, Kinds: []facts.Kind{serial}})},
			want: []string{"NOT-ASSESSED no-privilege"}},
		{name: "the chassis", approved: []edit{add("show inventory", serial, "Rack 0", "FOX1")}, observed: []edit{add("show inventory", serial, "Rack 0", "FOX2")}, want: []string{"FAIL high serial number Rack 0"}},
		{name: "the card on which a processor runs", approved: []edit{add("show platform", facts.ComponentRole, "0/RP0/CPU0", "Active"), add("show inventory", serial, "0/RP0", "SAL1")},
			observed: []edit{add("show platform", facts.ComponentRole, "0/RP0/CPU0", "Active"), add("show inventory", serial, "0/RP0", "SAL2")}, want: []string{"FAIL high serial number 0/RP0"}},
		{name: "nothing but names approved", approved: []edit{drop(serial, "*"), drop(mac, "*")}, observed: []edit{drop(serial, "*"), drop(mac, "*")},
			want: []string{"NOT-ASSESSED no-baseline"}, says: "a name alone does not tell"},
	})
}
