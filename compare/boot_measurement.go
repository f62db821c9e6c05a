package compare

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trueboot/baseline"
	"trueboot/facts"
)

var bootMeasurement = Rule{
	Control:  "NDI-BC-08",
	Name:     "boot-measurement",
	Title:    "Boot measurements attested against vendor Known-Good Values",
	Pillar:   "H/F",
	Severity: Critical,
	ATTACK:   []string{"T1542.004", "T1601.001"},
	Guidance: []string{iosXEForensics, ndiMethodology},
	Checks: `The trust anchor's signature over our nonce and its registers holds under the key of the device's identity certificate; that certificate leads to a root that you supplied and bears the
		chassis' serial number; the registers follow from the measurements; and each measurement is a known one of the vendor's list, or the approved one. PCR0 is made of the first stage and
		the boot loader, PCR8 of the packages in the order in which they were measured.`,
	Evidence: "show platform integrity sign nonce N and show platform sudi certificate sign nonce N on IOS XE; --trust-anchors names the roots.",
	Attacker: `Shows measurements of another device, or earlier ones of this: the nonce and the serial number stop both. What was patched in memory after the boot is not in these
		measurements.`,
	Next: "Treat the device as booted from something else than the vendor's software: take it out of service, and keep its flash.",
	Manual: `Save Cisco's root certificates from its PKI page in one PEM file and name it with --trust-anchors. A chain that leads over a certificate signed with SHA-1 is not followed: put
		the intermediate one (ACT2 SUDI CA) into the file as well.`,
	check: checkBootMeasurement,
}

const bootedOnly = "What was changed in memory after the boot does not show in these measurements."

func checkBootMeasurement(j *judgement) []Finding {
	measured := j.observed.all(facts.BootMeasurement)
	signatures := j.observed.all(facts.AttestationSignature)
	if len(measured) == 0 && len(signatures) == 0 {
		return []Finding{j.unstated("", facts.Fact{Kind: facts.BootMeasurement})}
	}
	if len(signatures) == 0 {
		f := notAssessed("", facts.ParseIncomplete, fmt.Sprintf("%s without a signature: the running system could state whatever it wants", count(len(measured), "measurement")))
		if g, ok := j.observed.gap(facts.AttestationSignature, "", ""); ok {
			f.Reason, f.Message = g.Reason, f.Message+"; "+explain(g)
		}
		return []Finding{f}
	}
	if unread := j.unread(facts.BootMeasurement, facts.PlatformRegister, facts.AttestationSignature, facts.AttestationKey); len(unread) > 0 {
		return unread
	}
	found, key := j.identityKey()
	if key == nil {
		return found
	}
	if err := j.attested(signatures[0], key); err != nil {
		return append(found, e3(contradicting(failed("signature", err.Error(), signatures[0]))))
	}
	found = append(found, j.registers(measured)...)
	if len(found) > 0 {
		return found
	}
	var good []facts.Fact
	vendor := true
	for _, f := range measured {
		known := j.Known.Digest(baseline.Measured + f.Value)
		approved := slices.ContainsFunc(j.approved.find(facts.BootMeasurement, f.Subject), func(a facts.Fact) bool { return a.Value == f.Value })
		before, had := j.approved.first(facts.BootMeasurement, f.Subject)
		named := j.Known.Named(f.Subject)
		switch {
		case len(known) > 0:
			good = append(good, f)
		case len(named) > 0 && slices.ContainsFunc(named[0].Digests, func(d string) bool { return algorithmOf(d) == algorithmOf(baseline.Measured+f.Value) }):
			found = append(found, e3(expected(named[0], algorithmOf(baseline.Measured+f.Value), failed(f.Subject, fmt.Sprintf("%s was booted with %s, and is not %s", quote(f.Subject), short(f.Value), knownAs(named[0])), f))))
		case approved:
			vendor = false
			good = append(good, f)
		case had:
			found = append(found, e3(j.against(before.Value, failed(f.Subject, fmt.Sprintf("%s was booted with %s; %s: %s", quote(f.Subject), short(f.Value), j.approvedOn(), short(before.Value)), f))))
		default:
			found = append(found, notAssessed(f.Subject, facts.NoBaseline, fmt.Sprintf("%s was booted with %s, signed and measured by the trust anchor; no list and no approval knows it", quote(f.Subject), short(f.Value))))
		}
	}
	if len(found) > 0 {
		return found
	}
	message := fmt.Sprintf("%s, signed over our nonce by the trust anchor of this chassis, all known", count(len(good), "measurement"))
	if !vendor {
		message = fmt.Sprintf("%s, signed over our nonce by the trust anchor of this chassis, known or as approved", count(len(good), "measurement"))
	}
	f := e3(ruled("known measurements", passed("", message, good...)))
	f.ResidualRisk = bootedOnly
	return []Finding{f}
}

// e3 is a finding that rests on the trust anchor's signature.
func e3(f Finding) Finding {
	f.Tier = facts.E3
	return f
}

// identityKey checks the certificate of the device's identity and returns its key; without one, the findings say why.
func (j *judgement) identityKey() ([]Finding, *rsa.PublicKey) {
	stated := j.observed.all(facts.AttestationKey)
	var chain [][]byte
	for _, f := range stated {
		der, err := base64.StdEncoding.DecodeString(f.Value)
		if err != nil {
			return []Finding{notAssessed("certificate", facts.ParseIncomplete, fmt.Sprintf("certificate %s can't be read: %s", f.Subject, quote(err.Error())))}, nil
		}
		chain = append(chain, der)
	}
	switch {
	case len(chain) == 0:
		return []Finding{j.unstated("certificate", facts.Fact{Kind: facts.AttestationKey})}, nil
	case j.Identify == nil:
		f := notAssessed("certificate", facts.NoBaseline, "no root certificates were given to check the device's identity with")
		f.Next = "Save the vendor's roots in a PEM file and name it with --trust-anchors."
		return []Finding{f}, nil
	}
	serial, key, err := j.Identify(chain, j.Observed.Time)
	switch {
	case errors.Is(err, baseline.ErrNoIdentity):
		return []Finding{notAssessed("certificate", facts.ParseIncomplete, quote(err.Error()))}, nil
	case err != nil:
		return []Finding{e3(contradicting(failed("certificate", "the certificate of the device's identity can't be trusted: "+quote(err.Error()), stated...)))}, nil
	}
	var serials []string
	for _, f := range j.observed.all(facts.SerialNumber) {
		serials = append(serials, f.Value)
	}
	switch {
	case len(serials) == 0:
		return []Finding{j.unstated("certificate", facts.Fact{Kind: facts.SerialNumber})}, nil
	case !slices.Contains(serials, serial):
		message := fmt.Sprintf("the identity is that of chassis %s, and the device states %s: it answers with another device's measurements", quote(serial), quoteList(serials))
		return []Finding{e3(ruled(serial, contradicting(failed("certificate", message, stated...))))}, nil
	}
	return nil, key
}

// attested checks the signature: RSA with PKCS #1 v1.5 and SHA-256 over the nonce (64 bits), the version of the signature (32 bits), PCR0
// and PCR8 (ndi.md, NDI-BC-08).
func (j *judgement) attested(signature facts.Fact, key *rsa.PublicKey) error {
	raw, err := hex.DecodeString(signature.Value)
	if err != nil {
		return fmt.Errorf("the signature can't be read: %w", err)
	}
	version, err := strconv.ParseUint(signature.Subject, 10, 32)
	if err != nil {
		return fmt.Errorf("the signature is of no version that is known: %s", quote(signature.Subject))
	}
	nonce, stated := j.observed.first(facts.AttestationNonce, "")
	number, err := strconv.ParseUint(nonce.Value, 10, 64)
	if !stated || err != nil {
		return errors.New("the question held no nonce")
	}
	signed := binary.BigEndian.AppendUint64(nil, number)
	signed = binary.BigEndian.AppendUint32(signed, uint32(version))
	for _, name := range []string{"PCR0", "PCR8"} {
		register, ok := j.observed.first(facts.PlatformRegister, name)
		value, err := hex.DecodeString(register.Value)
		if !ok || err != nil || len(value) != sha256.Size {
			return fmt.Errorf("%s was not stated", name)
		}
		signed = append(signed, value...)
	}
	sum := sha256.Sum256(signed)
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw); err != nil {
		return errors.New("the signature does not hold over our nonce and the registers: it is an earlier one, another device's, or made up")
	}
	return nil
}

// registers compares the signed registers with what follows from the measurements.
func (j *judgement) registers(measured []facts.Fact) []Finding {
	var boot, system []facts.Fact
	for _, name := range []string{"boot 0", "boot loader"} {
		if i := slices.IndexFunc(measured, func(f facts.Fact) bool { return f.Subject == name }); i >= 0 {
			boot = append(boot, measured[i])
		}
	}
	for _, f := range measured {
		if f.Subject != "boot 0" && f.Subject != "boot loader" {
			system = append(system, f)
		}
	}
	var found []Finding
	for _, r := range []struct {
		name string
		of   []facts.Fact
		want int
	}{{"PCR0", boot, 2}, {"PCR8", system, 1}} {
		register, _ := j.observed.first(facts.PlatformRegister, r.name)
		if len(r.of) < r.want {
			found = append(found, notAssessed(r.name, facts.ParseIncomplete, fmt.Sprintf("%s can't be computed: %s of what it is made of was stated", r.name, count(len(r.of), "measurement"))))
			continue
		}
		if !extendsTo(register.Value, r.of) {
			message := fmt.Sprintf("%s is %s, which does not follow from the measurements that the device shows: those are not what it booted", r.name, short("sha256:"+register.Value))
			found = append(found, e3(contradicting(failed(r.name, message, register))))
		}
	}
	return found
}

// extendsTo reports whether the register is what the measurements make of it: starting from zeros, each extends it by the SHA-256 of its
// digest. Both readings of that, the digest's bytes and its printed digits, are tried: a register that either makes was made of these measurements.
func extendsTo(register string, measured []facts.Fact) bool {
	for _, bytesOf := range []func(digest string) []byte{
		func(digest string) []byte { raw, _ := hex.DecodeString(digest); return raw },
		func(digest string) []byte { return []byte(strings.ToUpper(digest)) },
	} {
		value := make([]byte, sha256.Size)
		for _, f := range measured {
			_, digest, _ := strings.Cut(f.Value, ":")
			m := sha256.Sum256(bytesOf(digest))
			next := sha256.Sum256(append(value, m[:]...))
			value = next[:]
		}
		if hex.EncodeToString(value) == register {
			return true
		}
	}
	return false
}
