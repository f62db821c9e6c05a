package compare

import (
	"strings"
	"testing"

	"trueboot/baseline"
	"trueboot/facts"
)

func TestImageSignature(t *testing.T) {
	const command = "verify " + routerFile
	signed := func(value string) edit { return add(command, facts.Signature, routerFile, value) }
	published := add(command, facts.PublishedDigest, routerFile, "md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
	image := func(digest string) []baseline.KnownImage {
		return []baseline.KnownImage{{Name: fileName(routerFile), Digests: []string{digest}, Provenance: baseline.VendorSigned, Source: "source 1"}}
	}
	// The name of the router's image says its version in the way of the tests' platform.
	try(t, imageSignature, router, []row{
		{name: "good", unapproved: true, observed: []edit{signed("verified")}, want: []string{"PASS E0"}, says: "finds the signature of 1 file good"},
		{name: "bad", observed: []edit{signed("failed")}, want: []string{"FAIL! critical " + routerFile}},
		{name: "stripped", approved: []edit{signed("verified")}, observed: []edit{signed("absent")}, want: []string{"FAIL critical " + routerFile}, says: "it was signed when it was approved"},
		{name: "never signed", approved: []edit{signed("absent")}, observed: []edit{signed("absent")}, want: []string{"NOT-ASSESSED platform-has-none " + routerFile}},
		{name: "unsigned, nothing approved", unapproved: true, observed: []edit{signed("absent")}, want: []string{"NOT-ASSESSED no-baseline " + routerFile}},
		{name: "no longer stated", approved: []edit{signed("verified")}, observed: []edit{unanswered(command, facts.Timeout, "", routerFile, facts.Signature)}, want: []string{"NOT-ASSESSED timeout " + routerFile}},
		{name: "carries the published digest of the list", observed: []edit{signed("verified"), published}, known: image("md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), want: []string{"PASS E0"}},
		{name: "carries another one", observed: []edit{signed("verified"), published}, known: image("md5:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), want: []string{"FAIL critical " + routerFile}, says: "published digest"},
		{name: "the platform has none", want: []string{"NOT-ASSESSED platform-has-none"}},
	})
}

func TestRunningSignature(t *testing.T) {
	const command = "show software authenticity running"
	stated := func(kind facts.Kind, value string) edit { return add(command, kind, "running", value) }
	production := []edit{stated(facts.SignedImageType, "Production"), stated(facts.Signer, "CN=CiscoSystems"), stated(facts.CertificateSerial, "642D13A4")}
	with := func(edits ...edit) []edit { return append(append([]edit{}, production...), edits...) }
	special := []edit{stated(facts.SignedImageType, "Special"), stated(facts.Signer, "CN=CiscoSystems"), stated(facts.CertificateSerial, "642D13A4")}
	serial := func(value string) edit {
		return add("show software authenticity file "+routerFile, facts.CertificateSerial, routerFile, value)
	}
	const pkg = "isr4300-rpbase.17.06.05.SPA.pkg"
	runs := func(sum string) edit {
		return add("show version running", facts.RunningPackageDigest, pkg, "sha1:"+strings.Repeat(sum, 40))
	}
	list := []baseline.KnownImage{{Name: pkg, Digests: []string{"sha1:" + strings.Repeat("a", 40)}, Provenance: baseline.VendorSigned, Source: "source 1"}}
	try(t, runningSignature, router, []row{
		{name: "as approved", approved: production, observed: production, want: []string{"PASS E0"}, says: "3 statements"},
		{name: "another type", approved: production, observed: special, want: []string{"FAIL high running"}, says: `is "Special"`},
		{name: "not stated any more", approved: production, observed: []edit{unanswered(command, facts.UnsupportedCommand, "", "", signedKinds...)},
			want: []string{"NOT-ASSESSED unsupported-command running", "NOT-ASSESSED unsupported-command running", "NOT-ASSESSED unsupported-command running"}},
		{name: "nothing approved", unapproved: true, observed: production, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "the certificate of the file that booted", approved: with(serial("642D13A4")), observed: with(serial("642D13A4")), want: []string{"PASS E0"}},
		{name: "another certificate than that of the file that booted", approved: production, observed: with(serial("11111111")), want: []string{"FAIL! high running"}, says: "which booted"},
		{name: "the signature does not hold", unapproved: true, observed: with(stated(facts.Signature, "failed")), want: []string{"FAIL! critical running", "NOT-ASSESSED no-baseline"}},
		{name: "a running package as known", approved: []edit{runs("a")}, observed: []edit{runs("a")}, known: list, want: []string{"PASS E0"}},
		{name: "a running package that is not the known one", approved: []edit{runs("b")}, observed: []edit{runs("b")}, known: list, want: []string{"FAIL critical " + pkg}, says: "is not"},
		{name: "a running package that changed", approved: []edit{runs("a")}, observed: []edit{runs("b")}, want: []string{"FAIL high " + pkg}},
		{name: "another version", approved: production, observed: []edit{stated(facts.SignedImageType, "Production"), stated(facts.CertificateSerial, "11111111"), set(facts.RunningVersion, "", "17.9.4a")},
			want: []string{"NOT-ASSESSED not-comparable running"}, says: "another version runs"},
		{name: "another version, of a special type", approved: production, observed: []edit{stated(facts.SignedImageType, "Special"), set(facts.RunningVersion, "", "17.9.4a")},
			want: []string{"FAIL high running"}},
		{name: "the platform has none", want: []string{"NOT-ASSESSED platform-has-none running"}},
	})
}

func TestProvisioningFile(t *testing.T) {
	const conf, base = "flash:packages.conf", "flash:packages.conf boot rp 0 0 rp_boot"
	known := func(bundle string, webui string) []baseline.KnownImage {
		return []baseline.KnownImage{
			{Name: "cat9k-rpbase.17.09.04a.SPA.pkg", Bundle: bundle, Provenance: baseline.VendorSigned, Digests: []string{rpbase(t)}},
			{Name: "cat9k-webui.17.09.04a.SPA.pkg", Bundle: webui, Provenance: baseline.VendorSigned, Digests: []string{"md5:44444444444444444444444444444444"}},
		}
	}
	try(t, provisioningFile, stack, []row{
		{name: "as approved", want: []string{"PASS E0"}, says: "2 lines of"},
		{name: "one older package", observed: []edit{set(facts.PackageFile, base, "cat9k-rpbase.17.06.03.SPA.pkg")},
			want: []string{"FAIL high " + base, "FAIL high " + conf, "FAIL high " + base}, says: "packages of 2 versions"},
		{name: "a package elsewhere", observed: []edit{set(facts.PackageFile, base, "../usb0:x.pkg")}, want: []string{"FAIL high " + base, "FAIL high " + base}, says: "does not lie beside it"},
		{name: "a line more", observed: []edit{add("more "+conf, facts.PackageFile, conf+" iso rp 0 0 rp_x", "cat9k-webui.17.09.04a.SPA.pkg")}, want: []string{"FAIL high " + conf + " iso rp 0 0 rp_x"}, says: "no such line"},
		{name: "a line less", observed: []edit{drop(facts.PackageFile, base)}, want: []string{"FAIL high " + base}, says: "no longer has its line"},
		{name: "nothing approved", unapproved: true, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "packages of one bundle", known: known("a.bin", "a.bin"), want: []string{"PASS E0"}},
		{name: "packages of two bundles", known: known("a.bin", "b.bin"), want: []string{"FAIL high " + conf}, says: "packages of 2 bundles"},
		{name: "refused", observed: []edit{unanswered("more "+conf, facts.NoPrivilege, "", "", facts.PackageFile)}, want: []string{"NOT-ASSESSED no-privilege"}},
	})
}

// rpbase is the digest of the package in the stack.
func rpbase(t *testing.T) string {
	t.Helper()
	for _, f := range visited(t, stack, now).Facts {
		if f.Kind == facts.ImageDigest && strings.HasSuffix(f.Subject, "cat9k-rpbase.17.09.04a.SPA.pkg") {
			return f.Value
		}
	}
	t.Fatal("the stack has no such package")
	return ""
}
