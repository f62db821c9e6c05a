package compare

import (
	"strings"
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func TestOffBoxDigest(t *testing.T) {
	const same = "md5:0123456789abcdef0123456789abcdef"
	sha := "sha512:" + strings.Repeat("ab", 64)
	fetched := func(digests ...string) []edit {
		var all []edit
		for _, d := range digests {
			all = append(all, func(s *facts.Set) {
				s.Facts = append(s.Facts, facts.Fact{Kind: facts.PulledDigest, Subject: routerFile, Value: d, Command: "sftp " + routerFile, Tier: facts.E2})
			})
		}
		return all
	}
	image := baseline.KnownImage{Name: "c8000be-universalk9.17.06.05.SPA.bin", Digests: []string{sha}, Provenance: baseline.VendorSigned, Source: "source 1"}
	other, renamed := image, image
	other.Digests = []string{"sha512:" + strings.Repeat("cd", 64)}
	renamed.Name = "c8000be-universalk9.17.03.01.SPA.bin"
	refused := func(reason facts.Reason, detail string) edit {
		return gapped(facts.Gap{Command: "fetch", Reason: reason, Detail: detail, Kinds: []facts.Kind{facts.PulledDigest}})
	}
	try(t, offBoxDigest, router, []row{
		{name: "as computed and as approved", observed: fetched(same, sha), want: []string{"PASS E2 " + routerFile}, says: "as it was fetched, as the device computes it, unchanged since"},
		{name: "as computed and known", unapproved: true, observed: fetched(same, sha), known: []baseline.KnownImage{image}, want: []string{"PASS E2 " + routerFile}, says: "which is"},
		{name: "under another name", unapproved: true, observed: fetched(same, sha), known: []baseline.KnownImage{renamed}, want: []string{"PASS E2 " + routerFile}, says: "under another name"},
		{name: "of the name of another image", observed: fetched(same, sha), known: []baseline.KnownImage{other}, want: []string{"FAIL critical " + routerFile}, says: "it is not that image"},
		{name: "not as computed", observed: fetched("md5:ffffffffffffffffffffffffffffffff", sha), want: []string{"FAIL! critical " + routerFile}, says: "it lies in one of the two"},
		{name: "not as approved", approved: []edit{set(facts.ImageDigest, routerFile, "md5:ffffffffffffffffffffffffffffffff")}, observed: fetched(same, sha), want: []string{"FAIL critical " + routerFile}, says: "approved on"},
		{name: "nothing to compare with", unapproved: true, observed: fetched(same, sha), want: []string{"NOT-ASSESSED no-baseline " + routerFile}},
		{name: "no digest", observed: fetched("nonsense"), want: []string{"NOT-ASSESSED parse-incomplete " + routerFile}},
		{name: "no server", observed: []edit{refused(facts.WouldModify, "it would with the line ip scp server enable")}, want: []string{"NOT-ASSESSED would-modify"}, says: "ip scp server enable"},
		{name: "not asked for", want: []string{"NOT-ASSESSED not-collected"}, says: "--off-box"},
		{name: "unreachable", observed: []edit{unreachable(facts.Unreachable)}, want: []string{"NOT-ASSESSED unreachable"}},
	})
}
