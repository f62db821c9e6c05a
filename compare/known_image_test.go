package compare

import (
	"strings"
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

// TestKnownImages goes through what a digest can say of a file. In the stack's visit the base package has the digests that begin with
// 3333, the other package those with 4444.
func TestKnownImages(t *testing.T) {
	const (
		conf = "flash:packages.conf"
		base = "flash:cat9k-rpbase.17.09.04a.SPA.pkg"
		web  = "flash:cat9k-webui.17.09.04a.SPA.pkg"
	)
	digits := func(d string) string { return strings.Repeat(d, 32) }
	image := func(name string, digests ...string) baseline.KnownImage {
		return baseline.KnownImage{Name: name, Digests: digests, Title: "Cisco", Provenance: baseline.VendorSigned, Source: "source 1", Since: approvedAt}
	}
	genuineBase := image("cat9k-rpbase.17.09.04a.SPA.pkg", "md5:"+digits("5"), "sha512:"+digits("3"))
	withdrawn := genuineBase
	withdrawn.Withdrawn = true
	size := func(n int64, i baseline.KnownImage) baseline.KnownImage { i.Size = n; return i }
	old := image("cat9k-rpbase.16.12.05.SPA.pkg", "sha512:"+digits("3"))

	t.Run("digest", func(t *testing.T) {
		ok := func(path string) string { return "PASS E0 " + path }
		try(t, imageDigest, stack, []row{
			{name: "genuine", known: []baseline.KnownImage{genuineBase}, want: []string{ok(conf), ok(base), ok(web)}, says: `which is "cat9k-rpbase.17.09.04a.SPA.pkg" (Cisco; vendor-signed, source 1)`},
			{name: "genuine, nothing approved", unapproved: true, known: []baseline.KnownImage{genuineBase}, want: []string{ok(base), "NOT-ASSESSED no-baseline " + conf}, says: "neither approved nor known"},
			{name: "known to nobody, nothing approved", unapproved: true, known: []baseline.KnownImage{image("other.bin", "md5:"+digits("7"))}, want: []string{"NOT-ASSESSED no-baseline"}},
			{name: "another digest than the known one, though it was approved", known: []baseline.KnownImage{image("cat9k-rpbase.17.09.04a.SPA.pkg", "sha512:"+digits("8"))},
				want: []string{ok(conf), "FAIL critical " + base, ok(web)}, says: "it is not that image"},
			{name: "another digest than the known one, nothing approved", unapproved: true, known: []baseline.KnownImage{image("CAT9K-rpbase.17.09.04a.SPA.pkg", "sha512:"+digits("8"))},
				want: []string{"FAIL critical " + base, "NOT-ASSESSED no-baseline " + conf}},
			{name: "one of two sources agrees", known: []baseline.KnownImage{image("cat9k-rpbase.17.09.04a.SPA.pkg", "sha512:"+digits("8")), genuineBase}, want: []string{ok(conf), ok(base), ok(web)}},
			{name: "a name without a version is that of many", known: []baseline.KnownImage{image("packages.conf", "sha512:"+digits("8"))}, want: []string{ok(conf), ok(base), ok(web)}},
			{name: "no algorithm in common", known: []baseline.KnownImage{image("cat9k-rpbase.17.09.04a.SPA.pkg", "sha1:"+digits("8"))}, want: []string{ok(conf), ok(base), ok(web)}, says: "unchanged since"},
			{name: "renamed", known: []baseline.KnownImage{old}, want: []string{ok(conf), ok(base), ok(web)}, says: "under another name"},
			{name: "the MD5 of one image and the SHA-512 of another", known: []baseline.KnownImage{genuineBase}, observed: []edit{add("verify /md5 base", facts.ImageDigest, base, "md5:"+digits("6"))},
				want: []string{ok(conf), "FAIL! critical " + base, ok(web)}, says: "no file has both"},
			{name: "changed, to something genuine", known: []baseline.KnownImage{image("cat9k-rpbase.17.09.04a.SPA.pkg", "sha512:"+digits("9"))}, observed: []edit{set(facts.ImageDigest, base, "sha512:"+digits("9"))},
				want: []string{ok(conf), "FAIL critical " + base, ok(web)}, says: "approved on 2026-11-20"},
		})
	})
	t.Run("MD5 alone", func(t *testing.T) {
		findings := row{known: []baseline.KnownImage{image("cat9k-webui.17.09.04a.SPA.pkg", "md5:"+digits("4"))}}.judge(t, stack)
		noted := false
		for _, f := range findings {
			if f.Control == imageDigest.Control && f.Subject == web {
				noted = strings.HasPrefix(f.ResidualRisk, "MD5 only") && f.Expected.Provenance == baseline.VendorSigned
			}
		}
		if !noted {
			t.Error("nobody says that only the MD5 is known")
		}
	})
	t.Run("coherence", func(t *testing.T) {
		const file = "flash:/cat9k_iosxe.17.09.04a.SPA.bin"
		hashed := []edit{add("verify /sha512 "+file, facts.ImageDigest, file, "sha512:"+digits("7"))}
		try(t, versionCoherence, stack, []row{
			{name: "older under the name of a newer", observed: hashed, known: []baseline.KnownImage{image("cat9k_iosxe.16.12.05.SPA.bin", "sha512:"+digits("7"))},
				want: []string{"FAIL! critical " + file}, says: `it says "17.09.04a" and is "16.12.05", which is older`},
			{name: "the same version under another name", observed: hashed, known: []baseline.KnownImage{image("another.17.09.04a.SPA.bin", "sha512:"+digits("7"))}, want: []string{"PASS E0"}},
		})
	})
	t.Run("withdrawn", func(t *testing.T) {
		try(t, supersededImage, stack, []row{
			{name: "by digest", known: []baseline.KnownImage{withdrawn}, want: []string{"FAIL medium " + base}, says: "its vendor has withdrawn"},
			{name: "not withdrawn", known: []baseline.KnownImage{genuineBase}, want: []string{"PASS E0"}},
			{name: "by name and size", known: []baseline.KnownImage{size(500000000, withdrawn)}, observed: []edit{drop(facts.ImageDigest, "*")}, want: []string{"FAIL medium flash:/cat9k-rpbase.17.09.04a.SPA.pkg"}, says: "no digest does"},
			{name: "the name alone", known: []baseline.KnownImage{size(7, withdrawn)}, observed: []edit{drop(facts.ImageDigest, "*")}, want: []string{"PASS E0"}},
		})
	})
	t.Run("size", func(t *testing.T) {
		ok := []string{"PASS E0 " + conf, "PASS E0 " + base, "PASS E0 " + web}
		try(t, approvedImagePresent, stack, []row{
			{name: "right", known: []baseline.KnownImage{size(500000000, genuineBase)}, want: ok},
			{name: "unknown", known: []baseline.KnownImage{genuineBase}, want: ok},
			{name: "another", known: []baseline.KnownImage{size(500000001, genuineBase)}, want: append([]string{"FAIL critical flash:/cat9k-rpbase.17.09.04a.SPA.pkg"}, ok...), says: "which has 500000001"},
		})
	})
}
