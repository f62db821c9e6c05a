package session

import (
	"net"
	"slices"

	"golang.org/x/crypto/ssh"

	"trueboot/collectors"
	"trueboot/facts"
)

// hostKeys decides whether the key that a host shows is the host's. Files in the format of known_hosts come
// first, then what was pinned; a host that neither names is pinned, unless that is switched off.
type hostKeys struct {
	files *knownHosts
	pins  *pins // nil where nothing is pinned
}

// A host is a device or a jump host as host keys see it.
type host struct {
	name, port string
	through    string // jump host; the same private address may be another device behind another one
	legacy     bool
}

// pinName is the host as the file of pins spells it. The host's own address in known_hosts files stays the
// same behind a jump host, as with OpenSSH.
func (h host) pinName() string {
	name := hostName(h.name, h.port)
	if h.through != "" {
		name += "@" + h.through
	}
	return name
}

func (k *hostKeys) known(h host) []knownKey {
	found := k.files.keys(h.name, h.port)
	if !slices.ContainsFunc(found, func(k knownKey) bool { return !k.authority }) && k.pins != nil {
		found = append(found, k.pins.known(h.pinName())...)
	}
	return found
}

// algorithms lists the host key algorithms to ask for, those of known keys first: a device with several keys then
// shows the one that can be checked. All others follow, so that a key of another type is seen and reported.
func (k *hostKeys) algorithms(h host) []string {
	var first []string
	for _, key := range k.known(h) {
		if key.authority {
			first = append(first, certificateAlgorithms...)
		} else {
			first = append(first, algorithmsOfKey(key.keyType())...)
		}
	}
	allowed := hostKeyAlgorithms(h.legacy)
	var ordered []string
	for _, a := range slices.Concat(first, allowed) {
		usable := slices.Contains(allowed, a) || slices.Contains(certificateAlgorithms, a)
		if usable && !slices.Contains(ordered, a) {
			ordered = append(ordered, a)
		}
	}
	return ordered
}

// check returns nil when the key is the host's. Its address is as it was dialled, for the names in
// a certificate.
func (k *hostKeys) check(h host, key ssh.PublicKey) *collectors.Failure {
	if cert, ok := key.(*ssh.Certificate); ok {
		return k.checkCertificate(h, cert)
	}
	shown := ssh.FingerprintSHA256(key)
	if revoked, ok := k.files.revoked[string(key.Marshal())]; ok {
		return failed(facts.HostKeyChanged, "the host key %s %s is revoked (%s); nobody logged in", key.Type(), shown, revoked.place())
	}
	known := slices.DeleteFunc(k.known(h), func(k knownKey) bool { return k.authority })
	if len(known) == 0 {
		if k.pins == nil {
			return failed(facts.HostKeyUnknown, "the host key is not known, and new keys are not trusted: %s %s; nobody logged in. Compare it with the device's console, then add it to a known_hosts file", key.Type(), shown)
		}
		var err error
		if known, err = k.pins.pin(h.pinName(), key); err != nil {
			return failed(facts.HostKeyUnknown, "the host key %s %s is new and can't be kept, so nobody logged in: %w", key.Type(), shown, err)
		}
	}
	isKey := func(k knownKey) bool { return k.wire == string(key.Marshal()) }
	if slices.ContainsFunc(known, isKey) {
		return nil
	}
	// Lines with hashed names cost too much to look at where another line names the host, but nobody is alarmed before.
	if more := k.files.hashedKeys(h.name, h.port); slices.ContainsFunc(more, func(k knownKey) bool { return !k.authority && isKey(k) }) {
		return nil
	}
	expected := known[0]
	for _, k := range known {
		if k.keyType() == key.Type() {
			expected = k
			break
		}
	}
	return failed(facts.HostKeyChanged, "the host key changed: known is %s %s (%s), shown was %s %s; nobody logged in. If the change is explained, remove that line; if not, take it for an attack",
		expected.keyType(), expected.fingerprint(), expected.place(), key.Type(), shown)
}

func (k *hostKeys) checkCertificate(h host, cert *ssh.Certificate) *collectors.Failure {
	checker := ssh.CertChecker{
		IsHostAuthority: func(authority ssh.PublicKey, _ string) bool {
			return slices.ContainsFunc(k.known(h), func(k knownKey) bool {
				return k.authority && k.wire == string(authority.Marshal())
			})
		},
		IsRevoked: func(cert *ssh.Certificate) bool {
			_, key := k.files.revoked[string(cert.Key.Marshal())]
			_, authority := k.files.revoked[string(cert.SignatureKey.Marshal())]
			return key || authority
		},
	}
	if err := checker.CheckHostKey(net.JoinHostPort(h.name, h.port), nil, cert); err != nil {
		return failed(facts.HostKeyChanged, "the host certificate is not accepted: %w; nobody logged in", err)
	}
	return nil
}
