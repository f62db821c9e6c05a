package compare

import (
	"strings"
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func TestImageDigest(t *testing.T) {
	const (
		conf = "flash:packages.conf"
		base = "flash:cat9k-rpbase.17.09.04a.SPA.pkg"
		web  = "flash:cat9k-webui.17.09.04a.SPA.pkg"
	)
	digest, embedded, computed, challenge := facts.ImageDigest, facts.EmbeddedDigest, facts.ComputedDigest, facts.DigestChallenge
	others := strings.Repeat("9", 32)
	ok := func(path string) string { return "PASS E0 " + path }
	setOfPackages := []edit{
		add("file list", facts.RunningImage, "packages", "/packages/sets/active"), add("file list", facts.File, "/packages/sets/active", "512"), add("file list", facts.FilePermissions, "/packages/sets/active", "drwxr-xr-x"),
	}
	noImage := []edit{drop(facts.RunningImage, "*"), drop(facts.BootVariable, "*"), drop(facts.NextBootVariable, "*"), drop(digest, "*")}
	try(t, imageDigest, stack, []row{
		{name: "equal, built separately", want: []string{ok(conf), ok(base), ok(web)}, says: "unchanged since 2026-11-20"},
		{name: "fact missing", observed: []edit{drop(digest, base)}, want: []string{ok(conf), "NOT-ASSESSED parse-incomplete " + base, ok(web)}, says: `the reply to "verify /sha512 flash:cat9k-rpbase" held it`},
		{name: "refused", observed: []edit{unanswered("verify /sha512 flash:cat9k-rpbase", facts.Timeout, "no byte for 10m", base, digest)},
			want: []string{ok(conf), "NOT-ASSESSED timeout " + base, ok(web)}},
		{name: "unreachable", observed: []edit{unreachable(facts.HostKeyUnknown)}, want: []string{"NOT-ASSESSED host-key-unknown " + conf}},
		{name: "no baseline", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "no baseline, and the platform computes none", unapproved: true,
			observed: []edit{drop(digest, "*"), drop(challenge, "*"), gapped(facts.Gap{Reason: facts.PlatformHasNone, Kinds: []facts.Kind{digest}})},
			want:     []string{"NOT-ASSESSED platform-has-none"}},
		{name: "the platform computes none", approved: []edit{drop(digest, "*"), drop(challenge, "*"), drop(embedded, "*"), drop(computed, "*")},
			observed: []edit{drop(digest, "*"), drop(challenge, "*"), drop(embedded, "*"), drop(computed, "*"), gapped(facts.Gap{Reason: facts.PlatformHasNone, Kinds: []facts.Kind{digest}})},
			want:     []string{"NOT-ASSESSED platform-has-none " + conf}},
		{name: "hashing was refused at both visits", approved: []edit{drop(digest, conf), drop(challenge, conf)},
			observed: []edit{unanswered("verify /sha512 flash:packages.conf", facts.NoPrivilege, "", conf, digest), drop(digest, conf), drop(challenge, conf)},
			want:     []string{"NOT-ASSESSED no-privilege " + conf, ok(base), ok(web)}},
		{name: "the approval holds no digest of the running image", approved: []edit{drop(digest, conf)}, want: []string{"NOT-ASSESSED no-baseline " + conf, ok(base), ok(web)}},
		{name: "a part that runs is a directory", approved: setOfPackages, observed: setOfPackages, want: []string{ok(conf), "NOT-ASSESSED platform-has-none /packages/sets/active", ok(base), ok(web)}, says: "is a directory"},
		{name: "what was approved as a file is a directory", observed: []edit{drop(digest, base), add("dir", facts.FilePermissions, base, "drwx")}, want: []string{ok(conf), "NOT-ASSESSED parse-incomplete " + base, ok(web)}},
		{name: "the approval names no image", approved: noImage, want: []string{"NOT-ASSESSED no-baseline " + conf}, says: "no digest of the running image"},
		{name: "neither names an image", approved: noImage, observed: noImage[:3], want: []string{"NOT-ASSESSED no-baseline"}},

		{name: "patched", observed: []edit{set(digest, base, "sha512:"+others)}, want: []string{ok(conf), "FAIL critical " + base, ok(web)},
			says: `the device computes "sha512:99999999999999999"… of "flash:cat9k-rpbase.17.09.04a.SPA.pkg"; approved on 2026-11-20: "sha512:33333333333333333"…`},
		{name: "one algorithm differs", observed: []edit{drop(digest, conf), add("verify /md5 flash:packages.conf NONCE", digest, conf, "md5:0f58a02f3d3f1e1be8f509d2e5b58fb8"),
			add("verify /sha512 flash:packages.conf", digest, conf, "sha512:"+others)},
			want: []string{"FAIL critical " + conf, ok(base), ok(web)}},
		{name: "the stronger algorithm is withheld", observed: []edit{drop(digest, conf), add("verify /md5 flash:packages.conf NONCE", digest, conf, "md5:0f58a02f3d3f1e1be8f509d2e5b58fb8")},
			want: []string{"NOT-ASSESSED parse-incomplete " + conf, ok(base), ok(web)}},
		{name: "the device has learnt a stronger algorithm", observed: []edit{add("verify /sha512 flash:cat9k-webui", digest, web, "sha512:"+others)}, want: []string{ok(conf), ok(base), ok(web)}},
		{name: "no algorithm in common", approved: []edit{set(digest, web, "sha1:"+others)}, want: []string{ok(conf), ok(base), "NOT-ASSESSED not-comparable " + web}},
		{name: "capital letters", observed: []edit{set(digest, web, "MD5:"+strings.Repeat("4", 32))}, want: []string{ok(conf), ok(base), ok(web)}},
		{name: "a digest without an algorithm", observed: []edit{set(digest, web, strings.Repeat("4", 32))}, want: []string{ok(conf), ok(base), "NOT-ASSESSED parse-incomplete " + web}},
		{name: "the path in another spelling", observed: []edit{rename(web, "flash-1:/cat9k-webui.17.09.04a.SPA.pkg")}, want: []string{ok(conf), ok(base), ok(web)}},

		{name: "confirms a digest that is wrong", observed: []edit{set(challenge, conf, "accepted")}, want: []string{"FAIL! critical " + conf, ok(conf), ok(base), ok(web)},
			says: "it confirms digests that are wrong"},
		{name: "confirms a digest that is wrong, no baseline", unapproved: true, observed: []edit{set(challenge, conf, "accepted")},
			want: []string{"FAIL! critical " + conf, "NOT-ASSESSED no-baseline"}},
		{name: "the challenge is withheld", observed: []edit{drop(challenge, conf)}, want: []string{"NOT-ASSESSED parse-incomplete " + conf, ok(base), ok(web)}},
		{name: "embedded and computed digest differ", unapproved: true, observed: []edit{set(computed, base, "sha512:"+others)},
			want: []string{"FAIL! critical " + base, "NOT-ASSESSED no-baseline"}, says: "carries digest"},
		{name: "the computed digest is withheld", observed: []edit{drop(computed, base)}, want: []string{ok(conf), "NOT-ASSESSED parse-incomplete " + base, ok(web)}},
		{name: "another digest is written into the image", observed: []edit{set(embedded, base, "sha512:"+others), set(computed, base, "sha512:"+others)},
			want: []string{ok(conf), "FAIL critical " + base, ok(web)}, says: "the embedded digest of"},
		{name: "one algorithm of the embedded digest is withheld", approved: []edit{add("verify flash:cat9k-rpbase", embedded, base, "sha1:77")},
			want: []string{ok(conf), "NOT-ASSESSED parse-incomplete " + base, ok(web)}},
		{name: "two digests of one file", unapproved: true, observed: []edit{add("verify /md5 flash:cat9k-webui again", digest, web, "md5:"+others)},
			want: []string{"FAIL! critical " + web, "NOT-ASSESSED no-baseline"}, says: "the device computes two digests"},
		{name: "the published digest is another", unapproved: true, observed: []edit{add("verify flash:cat9k-webui", facts.PublishedDigest, web, "md5:"+others)},
			want: []string{"FAIL! critical " + web, "NOT-ASSESSED no-baseline"}, says: "as the published digest"},
		{name: "the published digest is the same", observed: []edit{add("verify flash:cat9k-webui", facts.PublishedDigest, web, "md5:"+strings.Repeat("4", 32))}, want: []string{ok(conf), ok(base), ok(web)}},

		{name: "the running image is no file that can be hashed", approved: []edit{drop(digest, conf), drop(challenge, conf)}, observed: []edit{drop(digest, conf), drop(challenge, conf),
			gapped(facts.Gap{Command: "file checksum {file}", Reason: facts.PlatformHasNone, Kinds: []facts.Kind{digest}})},
			want: []string{"NOT-ASSESSED platform-has-none " + conf, ok(base), ok(web)}},
		{name: "gone from the device", observed: []edit{drop(digest, web), drop(facts.File, "flash:/cat9k-webui.17.09.04a.SPA.pkg")},
			want: []string{ok(conf), ok(base), "NOT-ASSESSED nothing-to-ask-for " + web}, says: "is not on the device"},
		{name: "another image runs, with the approved bytes", observed: bundle(), want: []string{
			"NOT-ASSESSED nothing-to-ask-for " + conf, ok(base), ok(web), "NOT-ASSESSED no-baseline flash:cat9k_iosxe.17.09.04a.SPA.bin"},
			says: `its bytes are those approved as "flash:packages.conf"`},
		{name: "another image runs", observed: []edit{set(facts.RunningImage, "", "flash:x.bin")}, want: []string{
			ok(conf), ok(base), ok(web), "NOT-ASSESSED no-baseline flash:x.bin"}},
		{name: "booted from a server", observed: []edit{set(facts.RunningImage, "", "tftp://10.1.1.1/x.bin")}, want: []string{ok(conf), ok(base), ok(web)}},
		{name: "from the vendor's signed list", provenance: baseline.VendorSigned, want: []string{ok(conf), ok(base), ok(web)}, says: "equal to what was approved on 2026-11-20 (vendor-signed)"},
	})
}

// TestImageDigestRemarks holds that MD5 alone is said to be weak, and that nothing first seen is called genuine.
func TestImageDigestRemarks(t *testing.T) {
	for _, f := range (row{}).judge(t, stack) {
		if f.Control != imageDigest.Control {
			continue
		}
		if weak := f.Subject == "flash:cat9k-webui.17.09.04a.SPA.pkg"; weak != strings.Contains(f.ResidualRisk, "MD5 only") {
			t.Errorf("%s: residual risk %q", f.Subject, f.ResidualRisk)
		}
		if f.Expected == nil || f.Expected.Provenance != baseline.FirstSeen || !f.Expected.Since.Equal(seenAt) {
			t.Errorf("%s: expected %+v", f.Subject, f.Expected)
		}
	}
}
