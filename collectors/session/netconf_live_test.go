package session

import (
	"strings"
	"testing"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/facts"
	"trueboot/inventory"
)

// rpcTranscript is a device that was asked over NETCONF. Its reply is longer than a chunk of the emulator's.
var rpcTranscript = &capture.Transcript{
	Platform: "cisco_ios", Device: "core1",
	Exchanges: []capture.Exchange{{
		Command: "<get-software-information/>",
		Text: `<rpc-reply message-id="old"><software-information>` + strings.Repeat("<package-information><name>junos</name></package-information>\n", 40) +
			"<junos-version>21.4R3-S5.4</junos-version></software-information></rpc-reply>",
	}},
}

func netconfDeviceAt(t *testing.T, address string) inventory.Device {
	t.Helper()
	d := deviceAt(t, address)
	d.NETCONFPort = d.Port
	return d
}

// TestNETCONFOverSSH logs in to an emulated device's NETCONF server, asks it, and leaves.
func TestNETCONFOverSSH(t *testing.T) {
	server := startDevice(t, emulator.Device{Transcript: rpcTranscript})
	d := newDialer(t, Options{})
	n, err := d.OpenNETCONF(t.Context(), netconfDeviceAt(t, server.Addr()), "")
	if err != nil {
		t.Fatal(err)
	}
	set := collectors.Collect(t.Context(), rpcPlatform, n)
	if got := set.Value(facts.RunningVersion); got != "21.4R3-S5.4" || len(set.Gaps) > 0 {
		t.Errorf("version %q, gaps %+v", got, set.Gaps)
	}
	for f := range set.All(facts.RunningVersion) {
		if f.Tier != facts.E1 || f.Line != 41 {
			t.Errorf("tier %s, line %d", f.Tier, f.Line)
		}
	}
	for f := range set.All(facts.HostKey) {
		if !strings.HasPrefix(f.Subject, "netconf ssh-") || !strings.HasPrefix(f.Value, "SHA256:") {
			t.Errorf("host key %+v", f)
		}
	}
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	if _, err := n.Run(t.Context(), collectors.Command{}); err == nil {
		t.Error("a session that was closed took an operation")
	}
}

// TestNETCONFRefused meets a device without a NETCONF server, a wrong password and a changed host key.
func TestNETCONFRefused(t *testing.T) {
	without := startDevice(t, emulator.Device{})
	d := newDialer(t, Options{})
	_, err := d.OpenNETCONF(t.Context(), netconfDeviceAt(t, without.Addr()), "")
	if f := asFailure(err); err == nil || f.Reason != facts.UnsupportedCommand || !strings.Contains(f.Error(), "is NETCONF over SSH enabled?") {
		t.Errorf("no NETCONF server: %v", err)
	}
	refusing := startDevice(t, emulator.Device{Transcript: rpcTranscript, Password: "another"})
	_, err = d.OpenNETCONF(t.Context(), netconfDeviceAt(t, refusing.Addr()), "")
	if f := asFailure(err); err == nil || f.Reason != facts.LoginRefused {
		t.Errorf("wrong password: %v", err)
	}
}
