package compare

import (
	"slices"
	"strings"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

// router is a bundle-mode router: one image file.
const router = `
show version       | running version             |            | 17.6.5
show version       | component version           | IOS XE     | 17.06.05
show version       | running image               |            | flash:/c8000be-universalk9.17.06.05.SPA.bin
show version       | configuration register      |            | 0x2102
show version       | next configuration register |            | 0x2102
show version       | release type                |            | RELEASE SOFTWARE
show boot          | boot variable               | 1          | flash:c8000be-universalk9.17.06.05.SPA.bin
show boot          | next boot variable          | 1          | flash:c8000be-universalk9.17.06.05.SPA.bin
show running-config | running boot command       | 1          | boot system flash:c8000be-universalk9.17.06.05.SPA.bin
show startup-config | startup boot command       | 1          | boot system flash:c8000be-universalk9.17.06.05.SPA.bin
show file systems  | file system                 | flash:     | disk
dir flash:         | file                        | flash:c8000be-universalk9.17.06.05.SPA.bin | 97794040
verify /md5 flash:c8000be-universalk9.17.06.05.SPA.bin | image digest | flash:c8000be-universalk9.17.06.05.SPA.bin | md5:0123456789abcdef0123456789abcdef
`

// upgraded is what moves when the router gets the new image; the old one stays.
func upgraded(version, name string, size string, digest string) []edit {
	return []edit{
		set(facts.RunningVersion, "", version), set(facts.ComponentVersion, "IOS XE", version),
		set(facts.RunningImage, "", "flash:/"+name),
		set(facts.BootVariable, "1", "flash:"+name), set(facts.NextBootVariable, "1", "flash:"+name),
		set(facts.RunningBootCommand, "1", "boot system flash:"+name), set(facts.StartupBootCommand, "1", "boot system flash:"+name),
		add("dir flash:", facts.File, "flash:"+name, size),
		add("verify /md5 flash:"+name, facts.ImageDigest, "flash:"+name, digest),
	}
}

func TestScopedImages(t *testing.T) {
	const (
		name  = "c8000be-universalk9.17.09.04a.SPA.bin"
		right = "md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	)
	image := baseline.ApprovedImage{Name: name, Size: 110000000, Version: "17.9.4a", Digests: []string{right, "sha512:" + strings.Repeat("b", 128)}}
	rollOut := baseline.ImageApproval{Number: 4, Scope: baseline.Scope{Role: "edge"}, Images: []baseline.ApprovedImage{image}, Provenance: baseline.VendorSigned,
		From: now.AddDate(0, 0, -3), Until: now.AddDate(0, 0, 3), By: "jo", At: now.AddDate(0, 0, -5), Reason: "roll-out"}
	with := func(change func(*baseline.ImageApproval)) baseline.ImageApproval {
		a := rollOut
		change(&a)
		return a
	}
	whole := upgraded("17.9.4a", name, "110000000", right)
	software := []string{"NDI-ST-01", "NDI-ST-02", "NDI-RN-01", "NDI-VR-01", "NDI-VR-02", "NDI-BC-04", "NDI-ST-07", "NDI-ST-06"}
	for _, test := range []struct {
		name     string
		visit    row
		approval baseline.ImageApproval
		want     map[string]Verdict // of the controls that do not PASS
	}{
		{"the old image, with its own approval", row{}, rollOut, nil},
		{"the new image", row{observed: whole}, rollOut, nil},
		{"the new image, the old one gone", row{observed: append(slices.Clone(whole), drop(facts.File, "flash:c8000be-universalk9.17.06.05.SPA.bin"), drop(facts.ImageDigest, "flash:c8000be-universalk9.17.06.05.SPA.bin"))}, rollOut, nil},
		{"the new image lies there", row{observed: []edit{add("dir flash:", facts.File, "flash:"+name, "110000000")}}, rollOut, nil},
		{"the new image lies there, with another size", row{observed: []edit{add("dir flash:", facts.File, "flash:"+name, "110000001")}}, rollOut, map[string]Verdict{"NDI-ST-06": Fail}},
		{"back to the old one", row{previous: whole}, rollOut, nil},
		{"back to the old one after the roll-out", row{previous: whole}, with(func(a *baseline.ImageApproval) { a.Until = now }), map[string]Verdict{"NDI-VR-02": Fail}},
		{"the new image with another digest", row{observed: upgraded("17.9.4a", name, "110000000", "md5:cccccccccccccccccccccccccccccccc")}, rollOut, map[string]Verdict{"NDI-ST-02": Fail}},
		{"the new image with another size", row{observed: upgraded("17.9.4a", name, "110000009", right)}, rollOut, map[string]Verdict{"NDI-ST-01": Fail}},
		{"a third version", row{observed: upgraded("17.12.1", "c8000be-universalk9.17.12.01.SPA.bin", "1", right)}, rollOut,
			map[string]Verdict{"NDI-VR-01": Fail, "NDI-ST-02": NotAssessed, "NDI-RN-01": Fail, "NDI-BC-04": Fail, "NDI-ST-06": Fail}},
		{"not yet valid", row{observed: whole}, with(func(a *baseline.ImageApproval) { a.From = now.Add(time.Minute) }), map[string]Verdict{"NDI-VR-01": Fail, "NDI-ST-02": NotAssessed, "NDI-RN-01": Fail, "NDI-BC-04": Fail, "NDI-ST-06": Fail}},
		{"for others", row{observed: whole}, with(func(a *baseline.ImageApproval) { a.Scope.Role = "core" }), map[string]Verdict{"NDI-VR-01": Fail, "NDI-ST-02": NotAssessed, "NDI-RN-01": Fail, "NDI-BC-04": Fail, "NDI-ST-06": Fail}},
		{"one approver where two are asked for", row{observed: whole}, with(func(a *baseline.ImageApproval) { a.TwoApprovers = true }), map[string]Verdict{"NDI-VR-01": Fail, "NDI-ST-02": NotAssessed, "NDI-RN-01": Fail, "NDI-BC-04": Fail, "NDI-ST-06": Fail}},
		{"two approvers", row{observed: whole}, with(func(a *baseline.ImageApproval) {
			a.TwoApprovers, a.Confirmed = true, &baseline.Confirmation{By: "ada"}
		}), nil},
		{"nothing of its own, the right image", row{unapproved: true, observed: whole}, rollOut,
			map[string]Verdict{"NDI-ST-06": NotAssessed, "NDI-ST-07": Fail}},
		{"nothing of its own, another image", row{unapproved: true}, rollOut,
			map[string]Verdict{"NDI-VR-01": Fail, "NDI-VR-02": Fail, "NDI-RN-01": Fail, "NDI-ST-01": Fail, "NDI-ST-02": NotAssessed, "NDI-BC-04": NotAssessed, "NDI-ST-06": NotAssessed}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := test.visit.build(t, router)
			c.Member = baseline.Member{Device: "core1", Platform: "cisco_ios", Role: "edge"}
			c.Decisions.Images = []baseline.ImageApproval{test.approval}
			profile, _ := BuiltInProfile("core")
			found := Judge(c, profile)
			got := verdicts(found)
			for _, control := range software {
				want := Pass
				if v, ok := test.want[control]; ok {
					want = v
				}
				if got[control] != want {
					t.Errorf("%s: %s, want %s", control, got[control], want)
					for _, f := range found {
						if f.Control == control {
							t.Logf("    %s %s %s", f.Verdict, f.Reason, f.Message)
						}
					}
				}
			}
		})
	}
}

// TestScopedImageProvenance holds that software is compared with the approval of images, and the rest with the device's own.
func TestScopedImageProvenance(t *testing.T) {
	c := row{observed: upgraded("17.9.4a", "new.bin", "5", "md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")}.build(t, router)
	c.Decisions.Images = []baseline.ImageApproval{{Number: 1, Provenance: baseline.OwnImage, At: now, By: "jo", Reason: "x",
		Images: []baseline.ApprovedImage{{Name: "new.bin", Size: 5, Version: "17.9.4a", Digests: []string{"md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}}}}
	profile, _ := BuiltInProfile("core")
	seen := 0
	for _, f := range Judge(c, profile) {
		if f.Expected == nil || f.Verdict != Pass {
			continue
		}
		switch f.Control {
		case "NDI-ST-02", "NDI-VR-01":
			seen++
			if f.Expected.Provenance != baseline.OwnImage || !strings.Contains(f.Message, "equal to what was approved on 2026-11-24 (own-image)") {
				t.Errorf("%s: %s, %s", f.Control, f.Expected.Provenance, f.Message)
			}
		case "NDI-BC-03":
			seen++
			if f.Expected.Provenance != baseline.FirstSeen {
				t.Errorf("%s: %s", f.Control, f.Expected.Provenance)
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d of 3 controls passed", seen)
	}
}

func TestPolicies(t *testing.T) {
	for _, test := range []struct {
		name   string
		policy baseline.Policy
		want   Verdict
		says   string
	}{
		{"new enough", baseline.Policy{Minimum: "17.6.5"}, Pass, ""},
		{"too old", baseline.Policy{Minimum: "17.9.4a"}, Fail, `runs "17.6.5", older than the least version "17.9.4a" (policy 0 for "all"`},
		{"forbidden", baseline.Policy{Forbidden: []string{"17.6.5"}}, Fail, "which is forbidden"},
		{"forbidden by a pattern", baseline.Policy{Forbidden: []string{"16.*", "17.6.*"}}, Fail, "which is forbidden"},
		{"another one is forbidden", baseline.Policy{Forbidden: []string{"17.6.6"}}, Pass, ""},
		{"ended", baseline.Policy{Minimum: "17.9.4a", Ended: &baseline.Ending{}}, Pass, ""},
		{"for others", baseline.Policy{Minimum: "17.9.4a", Scope: baseline.Scope{Site: "lon"}}, Pass, ""},
		{"without an order", baseline.Policy{Minimum: "gibberish"}, NotAssessed, "no order"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := row{}.build(t, router)
			c.Decisions.Policies = []baseline.Policy{test.policy}
			profile, _ := BuiltInProfile("core")
			found := Judge(c, profile)
			if got := verdicts(found)["NDI-VR-01"]; got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if !slices.ContainsFunc(found, func(f Finding) bool { return f.Control == "NDI-VR-01" && strings.Contains(f.Message, test.says) }) {
				t.Errorf("no message says %q", test.says)
			}
		})
	}
}
