package platforms

import (
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trueboot/collectors"
	"trueboot/collectors/capture"
	"trueboot/collectors/emulator"
	"trueboot/collectors/session"
	"trueboot/facts"
	"trueboot/inventory"
)

// TestTerminalsLive visits an emulated device of each platform that does all that its command line may do: it asks questions at
// login, wants another prompt before it answers, grants rights for a secret only, or has a pager that stays on. The facts are
// those of the capture that it answers from.
func TestTerminalsLive(t *testing.T) {
	t.Setenv("TRUEBOOT_TEST_PASSWORD", "hunter2")
	for _, p := range All {
		all := captures(t, p)
		var names []string
		for name, transcript := range all {
			if len(transcript.Sessions()) == 1 && transcript.Transport != collectors.NETCONF && !strings.HasSuffix(name, "refusing") {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			t.Errorf("%s has no capture of a command line", p.Name)
			continue
		}
		transcript := all[slices.Min(names)]
		want := said(collectors.Collect(t.Context(), p, transcript.Session()), transcript.Nonce)
		for name, device := range map[string]emulator.Device{
			"asks":  {Greets: true, Scoped: true, EnableSecret: "hunter2", StartPrivileged: p.Terminal.Enable == ""},
			"pages": {Mode: emulator.PagerStays, StartPrivileged: true},
		} {
			if name == "pages" && (p.Terminal.Pager == nil || p.Terminal.Exec) {
				continue // it is told to, and does
			}
			t.Run(p.Name+"/"+name, func(t *testing.T) {
				device.Transcript, device.Password = transcript, "hunter2"
				if transcript.Device == "" { // a capture that was made by hand
					device.Hostname = "router1"
				}
				got := visit(t, p, device)
				if p.Name == "aruba_aoss" {
					// A device that paints its screen begins a reply with an empty line, which a capture that was composed does not have.
					want, got = withoutLines(want), withoutLines(got)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("facts (-capture +live):\n%s", diff)
				}
			})
		}
	}
}

func visit(t *testing.T, p collectors.Platform, device emulator.Device) []facts.Fact {
	t.Helper()
	server, err := emulator.Start(device)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	dialer, err := session.NewDialer(session.Options{Pins: filepath.Join(t.TempDir(), "pins")})
	if err != nil {
		t.Fatal(err)
	}
	defer dialer.Close()
	host, port, err := net.SplitHostPort(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	s, err := dialer.Open(t.Context(), inventory.Device{
		Name: "d", Address: host, Port: number, Username: "auditor", Password: "env:TRUEBOOT_TEST_PASSWORD", Enable: "env:TRUEBOOT_TEST_PASSWORD",
	}, p.Terminal)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	recorder := capture.NewRecorder(s)
	set := collectors.Collect(t.Context(), p, recorder)
	if len(s.Warnings()) > 0 || recorder.Transcript().End.Reason != "" {
		t.Errorf("warnings %q, end %+v", s.Warnings(), recorder.Transcript().End)
	}
	transcript := recorder.Transcript()
	live := said(set, s.Nonce())
	if diff := cmp.Diff(live, said(collectors.Collect(t.Context(), p, transcript.Session()), transcript.Nonce)); diff != "" {
		t.Errorf("facts (-live +what was recorded of it):\n%s", diff)
	}
	return live
}

func withoutLines(found []facts.Fact) []facts.Fact {
	found = slices.Clone(found)
	for i := range found {
		found[i].Line = 0
	}
	return found
}

// said are the facts but those that the connection made, with the nonce taken out.
func said(set facts.Set, nonce string) []facts.Fact {
	all := slices.DeleteFunc(set.Facts, func(f facts.Fact) bool { return f.Command == "" })
	for i, f := range all {
		all[i].Command = strings.ReplaceAll(f.Command, nonce, "{nonce}")
		all[i].Value = strings.ReplaceAll(f.Value, nonce, "{nonce}")
	}
	return all
}
