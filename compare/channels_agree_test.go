package compare

import (
	"strings"
	"testing"

	"trueboot/facts"
)

// overNETCONF is what the stack states over its second channel, in that channel's spelling.
const overNETCONF = `
handshake                       | channel                     | netconf | base:1.1
<get>device-hardware-data</get> | running version             |         | 17.09.04a
<get>device-hardware-data</get> | serial number               | switch 1| FCW2134A1B2
<get>device-hardware-data</get> | configuration register      |         | 0x0102
<get>device-hardware-data</get> | uptime                      |         | 1987031
<get>install-oper-data</get>    | running image               |         | flash:/packages.conf
<verify/>                       | image digest                | flash:/packages.conf | md5:0F58A02F3D3F1E1BE8F509D2E5B58FB8
<verify/>                       | image digest                | flash:/packages.conf | sha256:55
`

// second adds a statement over NETCONF.
func second(kind facts.Kind, subject, value string) edit {
	return add(`<get><filter type="subtree"><device-hardware-data xmlns="x"/></filter></get>`, kind, subject, value)
}

func TestChannelsAgree(t *testing.T) {
	both := stack + overNETCONF
	alone := ""
	for line := range strings.Lines(both) {
		if strings.HasPrefix(line, "<") || strings.HasPrefix(line, "handshake") {
			alone += line
		}
	}
	try(t, channelsAgree, both, []row{
		{name: "equal, in two spellings", unapproved: true, want: []string{"PASS E1"}, says: "agree on 5 facts (1 more have no counterpart)"},
		{name: "another version", observed: []edit{second(facts.RunningVersion, "", "17.03.01")},
			want: []string{"FAIL! critical running version"}, says: `is "17.9.4a" on the command line ("show version") and "17.03.01" over NETCONF ("device-hardware-data")`},
		{name: "an approval does not excuse it", approved: []edit{second(facts.RunningVersion, "", "17.03.01")}, observed: []edit{second(facts.RunningVersion, "", "17.03.01")},
			want: []string{"FAIL! critical running version"}},
		{name: "another image", observed: []edit{second(facts.RunningImage, "", "flash:other.bin")}, want: []string{"FAIL! critical running image"}},
		{name: "another serial number", observed: []edit{second(facts.SerialNumber, "switch 2", "FCW0000XXXX")}, want: []string{"FAIL! critical serial number switch 2"}},
		{name: "another register", observed: []edit{second(facts.ConfigRegister, "", "0x2142")}, want: []string{"FAIL! critical configuration register"}},
		{name: "another digest", observed: []edit{second(facts.ImageDigest, "flash:packages.conf", "sha512:99")},
			want: []string{"FAIL! critical image digest flash:packages.conf"}},
		{name: "another size of an image", observed: []edit{add("dir", facts.File, "flash:x.bin", "1"), second(facts.File, "flash:x.bin", "2")}, want: []string{"FAIL! critical file flash:x.bin"}},
		{name: "a log that grew", observed: []edit{add("dir", facts.File, "flash:x.log", "1"), second(facts.File, "flash:x.log", "2")}, want: []string{"PASS E1"}},
		{name: "a fact that only one channel states", observed: []edit{second(facts.RunningVersion, "standby", "17.03.01")}, want: []string{"PASS E1"}},
		{name: "nothing in common", observed: []edit{
			drop(facts.RunningVersion, "*"), drop(facts.SerialNumber, "*"), drop(facts.ConfigRegister, "*"), drop(facts.RunningImage, "*"), drop(facts.ImageDigest, "*"),
			second(facts.RunningVersion, "", "17.9.4a"),
		}, want: []string{"NOT-ASSESSED not-comparable"}, says: "nothing in common"},
		{name: "unreachable", observed: []edit{unreachable(facts.Timeout)}, want: []string{"NOT-ASSESSED timeout"}},
	})
	try(t, channelsAgree, stack, []row{
		{name: "one channel", want: []string{"NOT-ASSESSED not-collected"}, says: "transport: both"},
		{name: "the second one refused", observed: []edit{unanswered("netconf", facts.Unreachable, "connection refused", "", facts.Channel)},
			want: []string{"NOT-ASSESSED unreachable"}, says: "connection refused"},
	})
	try(t, channelsAgree, alone, []row{
		{name: "NETCONF alone", unapproved: true, want: []string{"NOT-ASSESSED not-collected"}, says: "one channel alone"},
	})
}

// TestNETCONFAlone holds that what only NETCONF states is judged like what the command line states.
func TestNETCONFAlone(t *testing.T) {
	const alone = `
<get>version</get> | running version |          | 17.09.04a
<get>parts</get>   | serial number   |          | FCW2134A1B2
`
	for want, edits := range map[Verdict][]edit{Pass: nil, Fail: {set(facts.RunningVersion, "", "17.6.3"), set(facts.SerialNumber, "", "FCW0000XXXX")}} {
		got := verdicts((row{observed: edits}).judge(t, alone))
		if got[approvedVersion.Control] != want || got[deviceIdentity.Control] != want {
			t.Errorf("version %s, identity %s, not %s", got[approvedVersion.Control], got[deviceIdentity.Control], want)
		}
	}
}

// TestSecondChannelStaysApart holds that the spelling of the second channel changes no verdict of any other rule.
func TestSecondChannelStaysApart(t *testing.T) {
	verdicts := func(text string, edits ...edit) map[string][]string {
		all := map[string][]string{}
		r := row{observed: edits, unapproved: true, visits: true}
		for _, f := range r.judge(t, text) {
			if f.Control != channelsAgree.Control && f.Control != deviceIdentity.Control {
				all[f.Control] = append(all[f.Control], outcome(f))
			}
		}
		return all
	}
	want, got := verdicts(stack), verdicts(stack+overNETCONF, second(facts.RunningImage, "", "flash:other.bin"), second(facts.NextBootVariable, "1", "tftp://10.1.1.1/x"))
	for control, outcomes := range want {
		if strings.Join(outcomes, "; ") != strings.Join(got[control], "; ") {
			t.Errorf("%s: %q with one channel, %q with two", control, outcomes, got[control])
		}
	}
}
