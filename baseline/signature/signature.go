// Package signature makes and checks the signatures of OpenSSH, as "ssh-keygen -Y sign" and "ssh-keygen -Y verify" do (SSHSIG, file
// PROTOCOL.sshsig of OpenSSH). A baseline is signed with a key that its keeper has for SSH anyway, and anybody can check it without trueboot.
package signature

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"

	"golang.org/x/crypto/ssh"
)

// Namespace keeps a signature of a baseline from counting for anything else.
const Namespace = "trueboot-baseline"

const (
	magic   = "SSHSIG"
	armour  = "SSH SIGNATURE"
	version = 1
	most    = 64 << 10 // bytes of an armoured signature
)

// ErrNotSigned means that a signature does not hold for the message.
var ErrNotSigned = errors.New("the signature does not hold")

// The parts of a signature that follow the magic, and of what is signed, in the encoding of RFC 4251.
type (
	blob struct {
		Version                            uint32
		Key                                []byte
		Namespace, Reserved, HashAlgorithm string
		Signature                          []byte
	}
	signed struct {
		Namespace, Reserved, HashAlgorithm string
		Hash                               []byte
	}
)

// hashes are those that OpenSSH allows.
var hashes = map[string]func() hash.Hash{"sha512": sha512.New, "sha256": sha256.New}

// A Key signs. It is a key in a file, or one that an agent holds.
type Key = ssh.Signer

// toSign is what the key signs.
func toSign(namespace, algorithm string, hash []byte) []byte {
	return append([]byte(magic), ssh.Marshal(signed{Namespace: namespace, HashAlgorithm: algorithm, Hash: hash})...)
}

// Sign signs a message and returns the armoured signature.
func Sign(key Key, namespace string, message []byte) ([]byte, error) {
	sum := sha512.Sum512(message)
	return SignHash(key, namespace, sum[:])
}

// SignHash signs a message of which the SHA-512 is at hand, as of a long file that has passed.
func SignHash(key Key, namespace string, sha512 []byte) (armoured []byte, err error) {
	data := toSign(namespace, "sha512", sha512)
	var s *ssh.Signature
	if key.PublicKey().Type() == ssh.KeyAlgoRSA { // by itself it would sign with SHA-1
		signer, ok := key.(ssh.AlgorithmSigner)
		if !ok {
			return nil, errors.New("the RSA key can't sign with SHA-512")
		}
		s, err = signer.SignWithAlgorithm(rand.Reader, data, ssh.KeyAlgoRSASHA512)
	} else {
		s, err = key.Sign(rand.Reader, data)
	}
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	text := ssh.Marshal(blob{Version: version, Key: key.PublicKey().Marshal(), Namespace: namespace, HashAlgorithm: "sha512", Signature: ssh.Marshal(s)})
	return pem.EncodeToMemory(&pem.Block{Type: armour, Bytes: append([]byte(magic), text...)}), nil
}

// Verify checks an armoured signature of a message and returns the key that made it. It does not say whose key that is. The error
// wraps ErrNotSigned where the signature is well formed and does not hold.
func Verify(armoured []byte, namespace string, message []byte) (ssh.PublicKey, error) {
	if len(armoured) > most {
		return nil, fmt.Errorf("a signature of %d bytes, where %d are the most", len(armoured), most)
	}
	block, rest := pem.Decode(armoured)
	if block == nil || block.Type != armour || len(block.Headers) > 0 || len(bytes.TrimSpace(rest)) > 0 {
		return nil, fmt.Errorf("not a signature as ssh-keygen -Y sign makes it (-----BEGIN %s-----)", armour)
	}
	text, ok := bytes.CutPrefix(block.Bytes, []byte(magic))
	var b blob
	if !ok || ssh.Unmarshal(text, &b) != nil || b.Version != version {
		return nil, fmt.Errorf("a signature of another form than version %d of SSHSIG", version)
	}
	if b.Namespace != namespace {
		return nil, fmt.Errorf("%w: it was made for %q and not for %q", ErrNotSigned, b.Namespace, namespace)
	}
	key, err := ssh.ParsePublicKey(b.Key)
	if err != nil {
		return nil, fmt.Errorf("the signature's key: %w", err)
	}
	if _, ok := key.(*ssh.Certificate); ok {
		return nil, errors.New("the signature was made with a certificate: sign with the key itself, which allowed signers name")
	}
	var s ssh.Signature
	if err := ssh.Unmarshal(b.Signature, &s); err != nil {
		return nil, fmt.Errorf("the signature's value: %w", err)
	}
	if s.Format == ssh.KeyAlgoRSA || s.Format == "ssh-dss" {
		return nil, fmt.Errorf("%w: it uses SHA-1 (%s)", ErrNotSigned, s.Format)
	}
	make, ok := hashes[b.HashAlgorithm]
	if !ok {
		return nil, fmt.Errorf("hash %q is not one of those that a signature may have", b.HashAlgorithm)
	}
	h := make()
	h.Write(message)
	data := toSign(namespace, b.HashAlgorithm, h.Sum(nil))
	if err := key.Verify(data, &s); err != nil {
		return nil, fmt.Errorf("%w: what was signed is not what is there now", ErrNotSigned)
	}
	return key, nil
}

// Fingerprint names a key as ssh-keygen -l does.
func Fingerprint(key ssh.PublicKey) string { return ssh.FingerprintSHA256(key) }
