package compare

import (
	"strings"
	"testing"
	"time"

	"trueboot/baseline"
	"trueboot/facts"
)

const routerFile = "flash:c8000be-universalk9.17.06.05.SPA.bin"

func TestWrongDigestRefused(t *testing.T) {
	const command = "verify /md5 " + routerFile + " 00000000000000000000000000000000"
	try(t, wrongDigestRefused, router, []row{
		{name: "refused", unapproved: true, observed: []edit{add(command, facts.DigestChallenge, routerFile, "refused")}, want: []string{"PASS E0"}, says: "does not confirm everything"},
		{name: "accepted", observed: []edit{add(command, facts.DigestChallenge, routerFile, "accepted")}, want: []string{"FAIL! critical " + routerFile}, says: `answered "accepted" to a random digest`},
		{name: "not asked", observed: []edit{unanswered(command, facts.Timeout, "", routerFile, facts.DigestChallenge)}, want: []string{"NOT-ASSESSED timeout"}},
		{name: "nothing to ask with", want: []string{"NOT-ASSESSED platform-has-none"}},
	})
}

func TestDigestsTogether(t *testing.T) {
	const weak = "md5:0123456789abcdef0123456789abcdef"
	sha := "sha512:" + strings.Repeat("ab", 64)
	other := "sha512:" + strings.Repeat("cd", 64)
	both := add("verify /sha512 "+routerFile, facts.ImageDigest, routerFile, sha)
	image := baseline.KnownImage{Name: "c8000be-universalk9.17.06.05.SPA.bin", Digests: []string{weak, sha}, Provenance: baseline.VendorSigned, Source: "source 1"}
	md5Only, clash := image, image
	md5Only.Digests, clash.Digests = []string{weak}, []string{weak, other}
	try(t, digestsTogether, router, []row{
		{name: "both of one image", unapproved: true, observed: []edit{both}, known: []baseline.KnownImage{image}, want: []string{"PASS E0"}, says: "2 digests belong together"},
		{name: "the MD5 of an image and another SHA-512", observed: []edit{both}, known: []baseline.KnownImage{clash}, want: []string{"FAIL! critical " + routerFile}, says: "no file has both"},
		{name: "one is known", observed: []edit{both}, known: []baseline.KnownImage{md5Only}, want: []string{"NOT-ASSESSED no-baseline"}, says: "do not know both"},
		{name: "nothing was imported", observed: []edit{both}, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "one algorithm", known: []baseline.KnownImage{image}, want: []string{"NOT-ASSESSED platform-has-none"}, says: "nothing to hold it against"},
		{name: "no digest", observed: []edit{unanswered("verify /md5 "+routerFile, facts.NoPrivilege, "", "", facts.ImageDigest)}, want: []string{"NOT-ASSESSED no-privilege"}},
	})
}

func TestKnownContent(t *testing.T) {
	const conf, digest = "flash:packages.conf", "md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	shown := func(size, digest string) []edit {
		return []edit{
			add("more "+conf, facts.ContentSize, conf, size), add("more "+conf, facts.ContentDigest, conf, digest),
			add("dir flash:", facts.File, conf, "1271"),
		}
	}
	with := func(edits []edit, more ...edit) []edit { return append(edits, more...) }
	computed := add("verify /md5 "+conf, facts.ImageDigest, conf, digest)
	try(t, knownContent, router, []row{
		{name: "equal", unapproved: true, observed: with(shown("1271", digest), computed), want: []string{"PASS E0"}, says: `1 digest of "flash:packages.conf" as computed here`},
		{name: "another digest", observed: with(shown("1271", "md5:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), computed), want: []string{"FAIL! critical " + conf}, says: "the device computes"},
		{name: "another length", observed: with(shown("1270", "md5:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"), computed), want: []string{"NOT-ASSESSED not-comparable " + conf}, says: "not the file, byte for byte"},
		{name: "not hashed", observed: with(shown("1271", digest), unanswered("verify /md5 "+conf, facts.Timeout, "", conf, facts.ImageDigest)), want: []string{"NOT-ASSESSED timeout " + conf}},
		{name: "in another algorithm", observed: with(shown("1271", "sha1:bb"), computed), want: []string{"NOT-ASSESSED not-comparable"}},
		{name: "nothing displayed", want: []string{"NOT-ASSESSED platform-has-none"}},
		{name: "refused", observed: []edit{unanswered("more "+conf, facts.NoPrivilege, "", "", facts.ContentDigest)}, want: []string{"NOT-ASSESSED no-privilege"}},
	})
}

func TestHashSpeed(t *testing.T) {
	const command = "verify /md5 " + routerFile
	took := func(d time.Duration) edit {
		return func(s *facts.Set) {
			for i := range s.Answers {
				if s.Answers[i].Command == command {
					s.Answers[i].Elapsed = d
					return
				}
			}
			s.Answers = append(s.Answers, facts.Answer{Command: command, Elapsed: d})
		}
	}
	small := set(facts.File, routerFile, "9000000")
	try(t, hashSpeed, router, []row{
		{name: "as long as before", unapproved: true, observed: []edit{took(80 * time.Second)}, previous: []edit{took(90 * time.Second)}, want: []string{"PASS E0"}, says: "at most 1.2 MB a second"},
		{name: "slower", observed: []edit{took(200 * time.Second)}, previous: []edit{took(90 * time.Second)}, want: []string{"PASS E0"}},
		{name: "at once", observed: []edit{took(2 * time.Second)}, previous: []edit{took(90 * time.Second)}, want: []string{"FAIL medium " + routerFile}, says: "(97794040 bytes) in 2s; at the visit of 2026-11-23 01:00 UTC it took 1m30s"},
		{name: "it took no time before", observed: []edit{took(time.Millisecond)}, previous: []edit{took(time.Second)}, want: []string{"NOT-ASSESSED not-comparable"}},
		{name: "a small file", observed: []edit{took(time.Millisecond), small}, previous: []edit{took(9 * time.Second), small}, want: []string{"NOT-ASSESSED not-comparable"}},
		{name: "the first visit", observed: []edit{took(time.Millisecond)}, want: []string{"NOT-ASSESSED no-baseline"}},
		{name: "without times", observed: []edit{took(0)}, previous: []edit{took(9 * time.Second)}, want: []string{"NOT-ASSESSED not-comparable"}},
	})
}
